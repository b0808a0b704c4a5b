"""The facts of ``advance/{request_id}`` about time: clocks, and waits for the member."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from services.advance_pay.domain.advance_facts import Of
from shared.calendar import Deadline
from shared.kernel.value import value

Out = Literal["breach", "close", "review", "overdue"]


@value
class MemberWaitBegan(Of):
    """The vendor waits for the member (SLA-D03)."""

    waiting_for: str
    at: datetime


@value
class MemberWaitOver(Of):
    """A wait for the member, from and to."""

    waiting_for: str
    begun_at: datetime
    ended_at: datetime


@value
class ClockStarted(Of):
    """``out`` says what its running out does; ``deadline`` is the plain one, with its proof."""

    clock: str
    step: str
    rule: str
    basis: str
    out: Out
    deadline: Deadline
    remind_at: datetime | None = None


@value
class ClockMoved(Of):
    """The deadline net of waits for the member (SLA-D03)."""

    clock: str
    deadline: Deadline


@value
class ClockStopped(Of):
    """The deed was done, in time or late; working days gross and net of waits for the member (SLA-D03).

    ``printed``: a clock of the handbook, else one that the house keeps.
    """

    clock: str
    step: str
    rule: str
    basis: str
    printed: bool
    product: str
    met: bool
    started_at: datetime
    stopped_at: datetime
    due_at: datetime
    gross_working_days: int
    net_working_days: int


@value
class ClockDropped(Of):
    """A clock lost its object: neither met nor missed."""

    clock: str


@value
class ClockNearing(Of):
    """The last day of a printed limit has begun."""

    clock: str
    rule: str
    due_at: datetime


@value
class ClockAsked(Of):
    """A clock's limit has come: was anything heard?"""

    clock: str
    due_at: datetime


@value
class ClockRanOut(Of):
    """Nothing was heard before the limit. ``warns``: an average or usual time, hence no breach."""

    clock: str
    rule: str
    basis: str
    due_at: datetime
    out: Out = "breach"
    warns: bool = False
