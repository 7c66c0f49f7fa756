"""Every key name in one place.

Keys of one partition share a hash tag (``{0}``, ``{1}`` ...), so that one script may touch all of them on a cluster.

    <prefix>:meta                    hash    settings that must not change: ``partitions``
    <prefix>:worker:<id>             string  heartbeat of a translation worker, expires by itself
    <prefix>:{p}:feed                stream  everything that happens: c, s (0: a passing signal), t, e
    <prefix>:{p}:jobs                stream  wishes for translation: c, s, t, j
    <prefix>:{p}:parked              stream  jobs for newer workers than those that read them: c, s, t, j, v
    <prefix>:{p}:recent              zset    conversation id by the time of its last event, ms
    <prefix>:{p}:log:<conversation>  stream  its events, entry id ``<seq>-0``: e, t
    <prefix>:{p}:sum:<conversation>  hash    its summary; ``seq`` and ``ts`` are kept by the append script
    <prefix>:{p}:ids:<conversation>  hash    repeat check: once-id > ``<seq> <ts>``
"""

from __future__ import annotations

from zlib import crc32

GROUP = "workers"  # the consumer group on every jobs stream


class Keys:
    """Key names for one prefix and number of partitions."""

    def __init__(self, prefix: str = "dragoman", partitions: int = 1) -> None:
        if not prefix or "{" in prefix or "}" in prefix:
            raise ValueError("the key prefix must not be empty nor contain braces")
        if not 1 <= partitions <= 1024:
            raise ValueError("partitions must be 1 to 1024")
        self.prefix = prefix
        self.partitions = partitions
        self.meta = f"{prefix}:meta"
        self._bases = [f"{prefix}:{{{p}}}:" for p in range(partitions)]

    def partition(self, conversation: str) -> int:
        """The partition of a conversation. Stable for ever: stored data depends on it."""
        return crc32(conversation.encode()) % self.partitions if self.partitions > 1 else 0

    def feed(self, partition: int) -> str:
        return self._bases[partition] + "feed"

    def jobs(self, partition: int) -> str:
        return self._bases[partition] + "jobs"

    def parked(self, partition: int) -> str:
        return self._bases[partition] + "parked"

    def recent(self, partition: int) -> str:
        return self._bases[partition] + "recent"

    def log(self, conversation: str) -> str:
        return f"{self._bases[self.partition(conversation)]}log:{conversation}"

    def summary(self, conversation: str) -> str:
        return f"{self._bases[self.partition(conversation)]}sum:{conversation}"

    def ids(self, conversation: str) -> str:
        return f"{self._bases[self.partition(conversation)]}ids:{conversation}"

    def of(self, conversation: str) -> tuple[str, str, str]:
        """Log, summary, ids: in the order that the append script takes them."""
        base = self._bases[self.partition(conversation)]
        return f"{base}log:{conversation}", f"{base}sum:{conversation}", f"{base}ids:{conversation}"

    def worker(self, worker: str) -> str:
        return f"{self.prefix}:worker:{worker}"
