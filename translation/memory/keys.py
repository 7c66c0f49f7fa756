"""The memory's key names. They share a hash tag, so that one script may touch all of them on a cluster.

<prefix>:{memory}:meta                         hash  ``version`` (raised by each change), ``form`` (of the digests), and
                                                     for each direction ``pairs:``, ``forms:``, ``edited:``, ``said:``
<prefix>:{memory}:<direction>:<shard>          hash  digest of a form > its variants as MessagePack
<prefix>:{memory}:corrections                    stream  agents' corrections, newest last: c (as JSON)
<prefix>:{memory}:stage:<token>:<direction>:<shard>  the same as it will be, while a large import is under way

A direction, such as ``en-pt``, is spread over SHARDS hashes: copying one of a million pairs' holds the store up for
some milliseconds.
"""

from __future__ import annotations

SHARDS = 64  # stored data depends on it


class MemoryKeys:
    """Key names for one prefix."""

    def __init__(self, prefix: str = "dragoman") -> None:
        self._base = f"{prefix}:{{memory}}:"
        self.meta = self._base + "meta"
        self.corrections = self._base + "corrections"

    def shard(self, direction: str, digest: bytes) -> str:
        """The hash that holds a digest's variants."""
        return f"{self._base}{direction}:{digest[0] % SHARDS}"

    def shards(self, direction: str) -> list[str]:
        return [f"{self._base}{direction}:{number}" for number in range(SHARDS)]

    def stage(self, token: str, shard: str) -> str:
        """Where the successor of a shard is made."""
        return f"{self._base}stage:{token}:{shard.removeprefix(self._base)}"
