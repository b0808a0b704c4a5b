"""The first-response clock: half an hour from the request, within the hours of the line (SLA-31, SLA-37, SLA-56)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.intake.domain.request_facts import ResponseClockStarted, ResponseMissed
from shared.calendar import Calendar
from shared.calendar.deadlines import DAY_UNITS
from shared.handbook.model import Edition
from shared.kernel.value import value

STEP = "first_response"
BREACHING = ("hard", "promised_unqualified")  # an average or typical limit never breaches by a single case


@value
class Clock:
    """A running (or stopped) first-response clock."""

    id: str
    rule: str
    basis: str
    edition: str
    started_at: datetime
    due_at: datetime
    inclusive: bool
    calendar: str
    proof: tuple[str, ...]
    running: bool = True

    @classmethod
    def of(cls, fact: ResponseClockStarted) -> Clock:
        """The clock that a fact started."""
        return cls(
            fact.clock, fact.rule, fact.basis, fact.edition, fact.started_at, fact.due_at, fact.inclusive, fact.calendar,
            fact.proof,
        )  # fmt: skip

    def met(self, at: datetime) -> bool:
        """Whether a contact at this instant is in time."""
        return at <= self.due_at if self.inclusive else at < self.due_at


def response_clock(edition: Edition | None, service: str, at: datetime, calendar: Calendar) -> Clock | None:
    """The clock of a request received at an instant; None where the edition prints no limit (A prints none for GREEN)."""
    if edition is None:
        return None
    printed = edition.clocks(service, STEP)
    if not printed:
        return None
    terms = printed[0]
    deadline = terms.due(at, calendar)
    return Clock(
        terms.id, terms.rules[0] if terms.rules else terms.id, terms.basis, edition.id, at, deadline.due_at,
        deadline.unit not in DAY_UNITS, deadline.calendar,
        tuple(f"{d.day.isoformat()} {'counted' if d.counted else 'free'} {d.why}" for d in deadline.proof),
    )  # fmt: skip


def started(clock: Clock) -> ResponseClockStarted:
    """The fact that starts it."""
    return ResponseClockStarted(
        clock.id, clock.rule, clock.basis, clock.edition, clock.started_at, clock.due_at, clock.inclusive,
        clock.calendar, clock.proof,
    )  # fmt: skip


def late(clock: Clock, member_ref: str) -> list[Any]:
    """The breach that a contact after the limit proves by itself."""
    return [ResponseMissed(clock.id, clock.rule, clock.basis, clock.due_at, member_ref)]
