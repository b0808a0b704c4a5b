"""What happened to an engagement: plain values, codes and references only, stored for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from services.scheduling.domain.clock_facts import Clock
from shared.kernel.law import Asked
from shared.kernel.value import value

Owner = Literal["medical_reviewer", "operations", "finance", "insurer"]
QuotaAction = Literal["consume", "release", "restore"]
ReviewKind = Literal["proposal", "late_cancellation", "no_show", "visit_outcome", "silence"]


@value
class Appointment:
    """Where, when and with what rank of expert."""

    hospital: str
    city: str
    department: str
    visit_type: str
    expert_rank: str
    selected_by: Literal["member", "recommended"]
    slot_at: datetime


@value
class CostAllocated:
    """Who pays a fee of the hospital's, by which rule."""

    rule: str
    payer: Literal["CLIENT"]
    amount_fen: int


@value
class EngagementOpened:
    """An application for OUTP came in."""

    request_id: str
    vendor: str
    product: str | None
    received_at: datetime


@value
class EngagementGranted:
    """``ordered`` False: a withdrawal was there before the grant, so that no work is ordered."""

    request_id: str
    vendor: str
    product: str
    edition: str
    calendar: str
    member_ref: str
    held: bool
    ordered: bool
    received_at: datetime
    granted_at: datetime
    accompaniment: Literal["BUNDLED", "OFFERED", "NONE"]
    clocks: tuple[Clock, ...]
    notices: tuple[str, ...]
    hospital: str | None = None
    department: str | None = None
    expert_wish: str | None = None
    settled: tuple[str, ...] = ()


@value
class EngagementDismissed:
    """Nothing was granted: denied, or withdrawn before."""

    outcome: str


@value
class WithdrawalRemembered:
    """Heard before the grant; ``record`` is answered when the grant comes, by entitlement where none comes."""

    record: str


@value
class FeedbackRemembered:
    """Feedback was given before the grant."""

    at: datetime


@value
class RecordApplied:
    """An outside record has taken effect."""

    record: str


@value
class RecordRefused:
    """``reasons``: every rule that refused, where a law was asked."""

    record: str
    reason: str
    rule: str | None = None
    pointer: str | None = None
    reasons: tuple[Asked, ...] = ()


@value
class HospitalHardToCoordinate:
    """The vendor says so; the usual time may be extended."""

    rule: str


@value
class AppointmentArranged:
    """A slot is confirmed; ``arrangement`` counts them, ``receipt`` says by which rules."""

    member_ref: str
    product: str
    edition: str
    appointment: Appointment
    arranged_at: datetime
    arrangement: int
    accompaniment: Literal["BUNDLED", "OFFERED", "DECLINED", "NONE"]
    vendor: str
    clocks: tuple[Clock, ...]
    notices: tuple[str, ...]
    receipt: tuple[Asked, ...]


@value
class AppointmentVoided:
    """``final`` False: another slot is being looked for."""

    member_ref: str
    cause: str
    slot_at: datetime
    final: bool


@value
class QuotaMoved:
    """What becomes of the held count."""

    action: QuotaAction
    cause: str
    rule: str


@value
class VisitConfirmed:
    """The member was called; ``met``: in time."""

    called_at: datetime
    met: bool


@value
class AccompanimentDeclined:
    """The member wants no company."""


@value
class VisitClosed:
    """The member was seen on ``attended_on``, or did not come."""

    member_ref: str
    product: str
    outcome: Literal["ATTENDED", "CLIENT_NO_SHOW"]
    hospital: str
    city: str
    visit_on: date
    costs: tuple[CostAllocated, ...]
    attended_on: date | None = None
    accompanied: bool = False
    accompanied_minutes: int | None = None
    owed_minutes: int | None = None


@value
class ReviewOpened:
    """``kind``: what the decision is about; ``proposal``: the slot that waits for it."""

    review_id: str
    kind: ReviewKind
    owner: Owner
    reasons: tuple[Asked, ...]
    due_at: datetime
    proposal: Appointment | None = None


@value
class ReviewClosed:
    """``actor`` "system": what happened meanwhile has left nothing to decide."""

    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str


@value
class ReviewOverdue:
    """No person has decided in time; asked again at ``next_due_at``."""

    review_id: str
    owner: Owner
    due_at: datetime
    next_due_at: datetime


@value
class CoverEndKept:
    """The cover ended after the visit was confirmed: the visit is kept (ENT-D11, ENT-D16)."""

    reason: str
    rule: str


@value
class OutcomeSaid:
    """What the vendor is told of its case while it goes on."""

    vendor: str
    outcome: str
    reasons: tuple[Asked, ...] = ()


@value
class EngagementFinished:
    """The last word of this service on the request."""

    vendor: str
    outcome: str
    note: str = ""
    reasons: tuple[Asked, ...] = ()
