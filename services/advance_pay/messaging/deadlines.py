"""Which deadlines a fact arms. None is cancelled: one whose clock has stopped or moved fires into nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import clock_facts as k
from services.advance_pay.domain import suspense
from shared.event_store.stored import Stored
from shared.kernel.instant import ONE_DAY, in_china
from shared.messaging.wiring import Timer

CLOCK, NEAR, REMINDER, REVIEW = "clock", "clock-near", "reminder", "review"


def timers(stored: Stored) -> Sequence[Timer]:
    """The timers of one fact. What fires before the limit carries it in its note: ``clock|due_at``."""
    fact = stored.fact
    if isinstance(fact, k.ClockStarted):
        due_at = fact.deadline.due_at
        early = [(NEAR, due_at - ONE_DAY)] if fact.out == "breach" else []
        if fact.remind_at is not None:
            early.append((REMINDER, fact.remind_at))
        note = f"{fact.clock}|{due_at.isoformat()}"
        return (*(Timer(n, at, note) for n, at in early if at > stored.at), Timer(CLOCK, due_at, fact.clock))
    if isinstance(fact, k.ClockMoved):
        return (Timer(CLOCK, fact.deadline.due_at, fact.clock),)
    if isinstance(fact, f.ReviewAsked | suspense.MoneyTakenIn):
        return (Timer(REVIEW, fact.due_at, fact.review_id),)
    if isinstance(fact, f.ReviewOverdue | suspense.MoneyOverdue):
        return (Timer(REVIEW, fact.next_due_at, fact.review_id),)
    return ()


def early(note: str) -> tuple[str, datetime]:
    """The clock and the limit that such a note names."""
    clock, _, due_at = note.partition("|")
    return clock, in_china(datetime.fromisoformat(due_at))
