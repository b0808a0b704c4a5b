"""Which deadlines a fact arms. None is cancelled: one whose clock has stopped or moved fires into nothing."""

from __future__ import annotations

from collections.abc import Sequence

from services.advance_pay.domain import advance_facts as f
from shared.event_store.stored import Stored
from shared.messaging.wiring import Timer

CLOCK, REMINDER, REVIEW = "clock", "reminder", "review"


def timers(stored: Stored) -> Sequence[Timer]:
    """The timers of one fact; a reminder's note is ``clock|due_at``, since it fires before the limit."""
    fact = stored.fact
    if isinstance(fact, f.ClockStarted):
        limit = Timer(CLOCK, fact.deadline.due_at, fact.clock)
        if fact.remind_at is None or fact.remind_at <= stored.at:
            return (limit,)
        note = f"{fact.clock}|{fact.deadline.due_at.isoformat()}"
        return (Timer(REMINDER, fact.remind_at, note), limit)
    if isinstance(fact, f.ClockMoved):
        return (Timer(CLOCK, fact.deadline.due_at, fact.clock),)
    if isinstance(fact, f.ReviewAsked):
        return (Timer(REVIEW, fact.due_at, fact.review_id),)
    return ()
