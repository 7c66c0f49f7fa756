"""What is written when a job is done: one Translation event, the summary, the job's end. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from conversation import events
from conversation.events import Translation
from conversation.receipt import Detected, Receipt
from store.append import Append, Guard, Update
from store.jobs import Claim
from translation.job import Job
from translation.language import Part, exact
from translation.memory.choose import Remembered
from translation.request import Done, Failed, Outcome, Request, Same, Unavailable

UNKNOWN = "und"  # BCP 47: a language that nobody knows
MOST_DELIVERIES = 2  # a job that two workers have died of is not tried a third time
PREVIEW = 120  # characters of the last translation that the list of conversations shows


@dataclass(frozen=True)
class Task:
    """One claimed job on its way through a worker."""

    claim: Claim
    claimed: float  # the worker's clock in seconds, when it was claimed
    job: Job | None  # None: what lay in the queue is no job
    source: str = UNKNOWN
    target: str | None = None
    detected: Detected | None = None
    ends: bool = True  # its outcome finishes the job; False: another task of the same job does, after this one
    when: Guard | None = None  # its outcome counts only where that holds
    parts: tuple[Part, ...] = ()  # of a message in several languages
    variant: str | None = None  # what the visitor writes, to the letter: "pt-BR" has its own terms
    remembered: tuple[Remembered, ...] = ()  # what the translation memory holds for it
    scope: frozenset[str] = frozenset()  # the part of the shop that it is about
    pending: bool = False  # an earlier outcome for the same message may still be on its way: forestall it

    @property
    def request(self) -> Request | None:
        """What to ask the pipeline; None where the outcome is settled without it."""
        if self.job is None or self.target is None or self.claim.deliveries > MOST_DELIVERIES:
            return None
        if self.job.kind != "translate":
            return None
        source, target = exact(self.source, self.variant), exact(self.target, self.variant)
        return Request(self.job.text, source, target, self.remembered, self.parts, scope=self.scope)

    @property
    def settled(self) -> Outcome:
        """The outcome of a task without a request."""
        if self.claim.deliveries > MOST_DELIVERIES:
            return Failed("worker-died")
        return Failed("not-understood") if self.job is None else Unavailable("no-language")


def forestall(task: Task) -> Append | None:
    """What has to be stored before the outcome of a ``pending`` task: from then on the earlier one is a repeat."""
    return Append(task.claim.conversation, once=_once(task.claim.seq)) if task.pending else None


def _once(seq: int, target: str = "", revision: int = 0) -> str:
    return f"t:{seq}:{target}:{revision}"


def write(task: Task, outcome: Outcome, now: float) -> Append:
    """The append that ends a task. ``now``: the worker's clock in seconds.

    However often and by however many workers a job is finished, its outcome is stored once.
    """
    job, claim = task.job, task.claim
    if job is not None and job.kind != "translate":  # all that it led to is stored by now
        return Append(claim.conversation, done=claim.ref)
    receipt = Receipt(detected=task.detected) if task.detected else None
    text: str | None = None
    reason: str | None = None
    status: Literal["done", "same", "unavailable", "failed"]
    match outcome:
        case Done():
            status, text = "done", outcome.text
            ms = round((now - task.claimed) * 1000, 1)
            receipt = msgspec.structs.replace(outcome.receipt, detected=task.detected, ms=ms)
        case Same():
            status = "same"
        case Unavailable():
            status, reason = "unavailable", outcome.reason
        case Failed():
            status, reason = "failed", outcome.reason
    event = Translation(claim.seq, task.source, task.target or UNKNOWN, status, text, reason, receipt)
    updates: tuple[Update, ...] = ()
    if text and job is not None and job.role == "visitor":
        updates = (Update("set", "last_translation", text[:PREVIEW], when=Guard("last_seq", str(claim.seq))),)
    wanted, revision = (job.target or "", job.revision) if job is not None else ("", 0)
    return Append(
        claim.conversation,
        events.encode(event),
        once=_once(claim.seq, wanted, revision),
        updates=updates,
        done=claim.ref if task.ends else None,
        when=task.when,
    )
