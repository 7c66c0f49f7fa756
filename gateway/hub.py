"""The sockets on this gateway: who follows which conversation."""

from __future__ import annotations

from collections.abc import Iterator

from gateway import frames
from gateway.connection import Connection


class Hub:
    """Knows every open connection. Plain bookkeeping: nothing here waits."""

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self.agents: set[Connection] = set()
        self._followers: dict[str, set[Connection]] = {}
        self._visitors: dict[str, int] = {}

    def add(self, connection: Connection) -> None:
        self.connections.add(connection)
        if connection.party.role == "agent":
            self.agents.add(connection)
        elif connection.party.conversation:
            self._visitors[connection.party.conversation] = self._visitors.get(connection.party.conversation, 0) + 1
            self.follow(connection, connection.party.conversation)

    def remove(self, connection: Connection) -> None:
        if connection not in self.connections:
            return
        self.connections.discard(connection)
        self.agents.discard(connection)
        for conversation in tuple(connection.following):
            self.unfollow(connection, conversation)
        own = connection.party.conversation
        if own:
            self._visitors[own] -= 1
            if not self._visitors[own]:
                del self._visitors[own]

    def follow(self, connection: Connection, conversation: str) -> None:
        connection.following.add(conversation)
        self._followers.setdefault(conversation, set()).add(connection)

    def unfollow(self, connection: Connection, conversation: str) -> None:
        connection.following.discard(conversation)
        connection.marked.pop(conversation, None)
        followers = self._followers.get(conversation)
        if followers is not None:
            followers.discard(connection)
            if not followers:
                del self._followers[conversation]

    def followers(self, conversation: str) -> Iterator[Connection]:
        """Those who follow it now; safe against changes while iterating."""
        return iter(tuple(self._followers.get(conversation, ())))

    def followed(self, conversation: str) -> bool:
        return conversation in self._followers

    def visitor_online(self, conversation: str) -> bool:
        return conversation in self._visitors

    def tell_all(self, frame: frames.ServerFrame) -> None:
        data = frames.encode(frame)
        for connection in tuple(self.connections):
            connection.write(data)
