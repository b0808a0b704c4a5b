"""What happened to the limits of an engagement, and to the waits that pause them."""

from __future__ import annotations

from datetime import date, datetime

from shared.kernel.value import value


@value
class Clock:
    """A limit that runs. ``proof``: (day, counted, why) for every day on the way; ``near_at``: start of its last day."""

    clock: str
    step: str
    basis: str
    rule: str
    start_at: datetime
    due_at: datetime
    proof: tuple[tuple[date, bool, str], ...] = ()
    near_at: datetime | None = None
    provisional: bool = False
    waited_days: int = 0


@value
class ClocksStarted:
    """Limits that begin to run."""

    clocks: tuple[Clock, ...]


@value
class ClockNeared:
    """The last day of a hard limit has begun."""

    clock: str
    rule: str
    due_at: datetime


@value
class ClockAsked:
    """A limit has come: was anything heard before it?"""

    clock: str
    due_at: datetime


@value
class ClockStopped:
    """The deed was done. Working days gross, and net of waits for the member (SLA-D03)."""

    product: str
    clock: str
    step: str
    rule: str
    basis: str
    started_at: datetime
    stopped_at: datetime
    due_at: datetime
    met: bool
    gross_working_days: int
    net_working_days: int


@value
class ClockBreached:
    """Nothing was heard: a hard or promised limit is broken."""

    clock: str
    rule: str
    basis: str
    due_at: datetime


@value
class ClockWarned:
    """An average or usual time was passed by this case: an alert, no breach."""

    clock: str
    rule: str
    basis: str
    due_at: datetime


@value
class ClockExtended:
    """The usual time was passed for a printed reason (SCH-28)."""

    clock: str
    rule: str
    reason: str
    due_at: datetime


@value
class ClockRanOut:
    """An operating limit of the house ran out: a person looks."""

    clock: str
    due_at: datetime


@value
class DutyMissed:
    """A duty was not done in time."""

    duty: str
    rule: str
    due_at: datetime
    clock: str | None = None


@value
class WaitStarted:
    """The vendor waits for the member."""

    waiting_for: str
    since: datetime


@value
class WaitEnded:
    """``clocks``: the paused ones with their new limits (SLA-D03)."""

    waiting_for: str
    since: datetime
    until: datetime
    clocks: tuple[Clock, ...]
