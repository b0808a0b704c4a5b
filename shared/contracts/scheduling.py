"""What scheduling says on ``greenlane.scheduling.events.v1`` beside the common words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from shared.contracts.base import AskedRule, CityCode, Code, Event, Fen, Product, Ref, Service

Basis = Literal["hard", "average", "promised_unqualified", "typical", "operating"]
Accompaniment = Literal["BUNDLED", "OFFERED", "DECLINED", "NONE"]


class AppointmentArranged(Event):
    """A slot is confirmed (one of the five); said again where a disrupted visit has its new slot (``arrangement`` 2, 3, …)."""

    request_id: str
    member_ref: Ref
    product: Product
    edition: str
    service: Service
    hospital_code: Ref
    hospital_city: CityCode
    department: Code
    visit_type: str
    expert_rank: str
    selected_by: Literal["member", "recommended"]
    slot_at: datetime
    visit_on: date
    arranged_at: datetime
    arrangement: int
    accompaniment: Accompaniment
    receipt: list[AskedRule]


class AppointmentVoided(Event):
    """The confirmed visit will not take place then. ``final`` False: another slot is being looked for (SCH-04)."""

    request_id: str
    member_ref: Ref
    cause: Code
    slot_at: datetime
    final: bool


class Cost(Event):
    """Who pays a fee that arose at the hospital (SCH-03, SCH-23, SCH-D09)."""

    rule: str
    payer: Literal["CLIENT"]
    amount_fen: Fen


class VisitClosed(Event):
    """The visit is over: the member was seen on ``attended_on``, or did not come (then it is None)."""

    request_id: str
    member_ref: Ref
    product: Product
    outcome: Literal["ATTENDED", "CLIENT_NO_SHOW"]
    hospital_code: Ref
    hospital_city: CityCode
    visit_on: date
    attended_on: date | None = None
    accompanied: bool = False
    accompanied_minutes: int | None = None
    owed_minutes: int | None = None
    costs: tuple[Cost, ...] = ()


class ClockNeared(Event):
    """A hard limit is near: its last day has begun and nothing has stopped it yet."""

    request_id: str
    clock: str
    rule: str
    due_at: datetime


class ClockStopped(Event):
    """A clock's deed was done. Working days gross and net of waits (SLA-D03); averages are judged over them (SLA-D05)."""

    request_id: str
    product: Product
    service: Service
    clock: str
    step: str
    rule: str
    basis: Basis
    started_at: datetime
    stopped_at: datetime
    due_at: datetime
    met: bool
    gross_working_days: int
    net_working_days: int


class ClockWarned(Event):
    """An average or a usual time was passed by one case: an alert, never a breach (SLA-06, SLA-07, SLA-D05)."""

    request_id: str
    clock: str
    rule: str
    basis: Basis
    due_at: datetime


class ClockExtended(Event):
    """The usual time was passed for a printed reason (SCH-28): neither warned nor breached."""

    request_id: str
    clock: str
    rule: str
    reason: Code
    due_at: datetime


class DutyMissed(Event):
    """A duty was not done: D1_CALL_MISSED (SCH-12) or ACCOMPANIMENT_MISSED (SCH-14)."""

    request_id: str
    duty: Code
    rule: str
    due_at: datetime


class MemberWaited(Event):
    """The vendor waits for the member from ``since`` on, or did until ``until`` (SLA-D03, INT-38)."""

    request_id: str
    waiting_for: str
    since: datetime
    until: datetime | None = None


class VisitConfirmed(Event):
    """The member was called before the visit (SCH-12, SCH-13, SCH-D08)."""

    request_id: str
    called_at: datetime
    met: bool


class ReviewOverdue(Event):
    """No person has decided in time; the review stays open and is asked about again at ``next_due_at``."""

    review_id: str
    request_id: str
    owner: str
    due_at: datetime
    next_due_at: datetime
