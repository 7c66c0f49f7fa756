"""What /metrics tells. Labels never carry anything about a person: only roles, statuses, languages, codes."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One registry a gateway, so that tests can run several in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.sockets = Gauge("dragoman_sockets", "Open sockets", ["role"], registry=self.registry)
        self.messages = Counter("dragoman_messages", "Messages stored", ["role"], registry=self.registry)
        self.corrections = Counter("dragoman_corrections", "Translations corrected by agents", registry=self.registry)
        self.refused = Counter("dragoman_refused", "Frames refused", ["code"], registry=self.registry)
        self.cut_off = Counter("dragoman_slow_readers_cut", "Sockets cut off", registry=self.registry)
        self.append_seconds = Histogram(
            "dragoman_append_seconds", "From a frame to its acknowledgement", buckets=_SECONDS, registry=self.registry
        )
        self.outcomes = Counter(
            "dragoman_translations", "Outcomes seen on the feed", ["status", "target"], registry=self.registry
        )
        self.translation_seconds = Histogram(
            "dragoman_translation_seconds",
            "From a stored message to its stored outcome",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.store_up = Gauge("dragoman_store_up", "1 while the store answers", registry=self.registry)
        self.workers = Gauge("dragoman_workers", "Translation workers alive", registry=self.registry)
        self.oldest_job_seconds = Gauge(
            "dragoman_oldest_job_seconds", "How long the oldest open job has waited", registry=self.registry
        )
        self.feed_gaps = Counter(
            "dragoman_feed_gaps", "Times that this gateway fell behind the feed", registry=self.registry
        )

    def page(self) -> bytes:
        return generate_latest(self.registry)
