"""What became of the clocks of a claim: ``n`` numbers them, since one limit may run for several lines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from shared.kernel.value import value

ClockBasis = Literal["hard", "average", "promised_unqualified", "typical"]
ClockStep = Literal["feedback", "complete"]


@value
class ClockDay:
    """One day of a deadline's proof."""

    day: date
    counted: bool
    why: str


@value
class ClockStarted:
    """A clock runs; ``n`` numbers the clocks of the claim, ``lines`` of a completion clock end it."""

    request_id: str
    n: int
    clock: str
    step: ClockStep
    rule: str
    basis: ClockBasis
    started_at: datetime
    due_at: datetime
    lines: tuple[int, ...]
    pauses: tuple[tuple[datetime, datetime], ...]
    proof: tuple[ClockDay, ...]
    provisional: bool


@value
class ClockPaused:
    """The member is waited for (SLA-D03)."""

    n: int
    since: datetime


@value
class ClockResumed:
    """The wait is over: a new limit."""

    request_id: str
    n: int
    clock: str
    basis: ClockBasis
    since: datetime
    until: datetime
    due_at: datetime
    proof: tuple[ClockDay, ...]
    provisional: bool


@value
class ClockNearing:
    """A day is left of a hard limit."""

    request_id: str
    n: int
    clock: str
    rule: str
    due_at: datetime


@value
class ClockAsked:
    """The limit has come: did anyone hear of the deed?"""

    request_id: str
    n: int
    clock: str
    due_at: datetime


@value
class ClockStopped:
    """The deed was done, in time (``met``) or not; ``moot``: there is nothing left to do, and no verdict.

    Working days gross, and net of waits for the member (SLA-D03): an average is judged over them (SLA-D05).
    """

    request_id: str
    product: str
    n: int
    clock: str
    step: ClockStep
    rule: str
    basis: ClockBasis
    started_at: datetime
    due_at: datetime
    at: datetime
    met: bool
    moot: bool
    gross_working_days: int
    net_working_days: int


@value
class ClockOverrun:
    """The limit is over. ``hard`` and ``promised_unqualified`` breach; an average or typical one only warns."""

    request_id: str
    n: int
    clock: str
    rule: str
    basis: ClockBasis
    due_at: datetime
