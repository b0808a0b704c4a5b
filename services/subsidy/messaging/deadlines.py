"""Which deadlines a fact arms. A note says what the timer is about; the instant travels in it where it differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.subsidy.domain.claim_facts import PapersAsked, VisitAwaited
from services.subsidy.domain.clock_facts import ClockBasis, ClockResumed, ClockStarted
from services.subsidy.domain.clocks import WARNING
from services.subsidy.domain.money_facts import PaymentAwaited, ReviewOpened, ReviewOverdue
from shared.event_store.stored import Stored
from shared.messaging.wiring import Timer


def timers(stored: Stored) -> Sequence[Timer]:
    """The timers of one fact."""
    fact = stored.fact
    if isinstance(fact, VisitAwaited):
        return (Timer("visit", fact.until),)
    if isinstance(fact, PapersAsked):
        note = fact.expires_at.isoformat()
        return (
            Timer("supplement-reminder", fact.remind_at, note),
            Timer("supplement", fact.expires_at, note),
        )
    if isinstance(fact, ReviewOpened):
        return (Timer("review", fact.due_at, fact.review_id),)
    if isinstance(fact, ReviewOverdue):
        return (Timer("review", fact.next_due_at, fact.review_id),)
    if isinstance(fact, PaymentAwaited):
        return (Timer("payment", fact.until),)
    if isinstance(fact, ClockStarted):
        return _of_clock(fact.n, fact.due_at, fact.started_at, fact.basis)
    if isinstance(fact, ClockResumed):
        return _of_clock(fact.n, fact.due_at, fact.until, fact.basis)
    return ()


def _of_clock(n: int, due_at: datetime, since: datetime, basis: ClockBasis) -> Sequence[Timer]:
    note = f"{n}@{due_at.isoformat()}"
    limit = Timer("clock", due_at, note)
    if basis != "hard" or due_at - since <= WARNING + timedelta(hours=1):
        return (limit,)
    return (Timer("clock-warning", due_at - WARNING, note), limit)


def instant(note: str) -> datetime:
    """The instant that a note carries."""
    return datetime.fromisoformat(note)


def clock(note: str) -> tuple[int, datetime]:
    """The number and the limit of the clock that a note names."""
    n, _, due_at = note.partition("@")
    return int(n), datetime.fromisoformat(due_at)
