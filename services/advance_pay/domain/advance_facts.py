"""The facts of ``advance/{request_id}``. Each carries the member's reference and the vendor, stamped as it is said.

Clocks are in `clock_facts`, money in `money_facts`.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import Literal

from shared.kernel.law import Asked
from shared.kernel.value import value

Owner = Literal["medical_reviewer", "operations", "finance", "insurer"]
ReviewKind = Literal["pre_review", "suspense_paid", "suspense_received", "stalled", "refund_overdue"]


@value
class Of:
    """Whose case it is, so that every event of a member travels under one key."""

    member_ref: str = field(default="", kw_only=True)
    vendor: str = field(default="", kw_only=True)


@value
class StayHospital:
    """The hospital of the stay, as its master data say."""

    code: str
    city_code: str
    grade: str | None = None
    ownership: str | None = None
    military: bool = False
    privately_run_unit: bool = False
    vip_or_international: bool = False


@value
class DiagnosisSeen:
    """What the product's disease list makes of the diagnosis."""

    status: str
    match: str
    code: str | None = None
    named_in_contract: bool = False


@value
class Stay:
    """The stay for which a deposit is asked."""

    hospital: StayHospital
    admission_on: date
    deposit_fen: int


# -- the case -------------------------------------------------------------------------------------------------------


@value
class AdvanceRequested(Of):
    """The application is known; nothing is granted yet."""

    kinds: tuple[str, ...]


@value
class AdvanceGranted(Of):
    """Entitlement said yes; ``settled_reasons`` are the review reasons that a person already answered there."""

    product: str
    edition: str
    calendar: str
    policy_ref: str
    year: int
    sum_insured_fen: int
    cause: str
    stay: Stay | None
    diagnosis: DiagnosisSeen | None
    kinds: tuple[str, ...]
    settled_reasons: tuple[str, ...] = ()


@value
class AdvanceNotGranted(Of):
    """Entitlement denied, or the member withdrew there."""

    outcome: str


@value
class WorkOrdered(Of):
    """What the vendor is to do next."""

    action: str
    details: dict[str, object]


@value
class OutcomeSaid(Of):
    """What the vendor is told of its case."""

    outcome: str
    reasons: tuple[Asked, ...] = ()
    details: dict[str, object] = field(default_factory=dict)


@value
class ClientInformed(Of):
    """The member is told, with reasons and notices (ADV-08, ADV-25, ADV-D07)."""

    outcome: str
    reasons: tuple[Asked, ...]
    notices: tuple[str, ...]


@value
class CaseClosed(Of):
    """Closed without an advance."""

    outcome: str
    without_prejudice: bool = False


@value
class CaseFinished(Of):
    """Nothing is owed any more: the final fact."""

    outcome: str


# -- records of outsiders -------------------------------------------------------------------------------------------


@value
class RecordApplied(Of):
    """A record took effect. ``cause`` is the message, ``record`` the outside record at its root."""

    cause: str
    record: str


@value
class RecordRefused(Of):
    """A record could not be taken: the reason, the rule, and where in the record."""

    cause: str
    record: str
    reason: str
    rule: str
    pointer: str | None = None


@value
class WithdrawalRemembered(Of):
    """The member withdrew before the grant came here; entitlement answers it unless it had granted already."""

    cause: str
    record: str


# -- papers --------------------------------------------------------------------------------------------------------


@value
class ContactRecorded(Of):
    """The first response."""

    at: datetime


@value
class GuidanceRecorded(Of):
    """The member has the checklist; what was missing then (ADV-06, ADV-19)."""

    missing: tuple[str, ...]


@value
class PapersReceived(Of):
    """Kinds of papers that came for the first time."""

    kinds: tuple[str, ...]


@value
class DocumentsCompleted(Of):
    """All required papers are here and the member was guided (ADV-D01)."""


@value
class SupplementReminded(Of):
    """Papers are still missing some days before the end (ADV-D08)."""

    missing: tuple[str, ...]


@value
class ReviewAsked(Of):
    """A person must decide. ``posting`` is the suspense posting in question, ``clock`` the clock that ran out."""

    review_id: str
    kind: ReviewKind
    owner: Owner
    reasons: tuple[Asked, ...]
    asked_at: datetime
    due_at: datetime
    amount_fen: int = 0
    posting: str | None = None
    receipt_key: str | None = None
    clock: str | None = None


@value
class ReviewOverdue(Of):
    """A person is late; the review stays open and is asked about again at ``next_due_at``."""

    review_id: str
    owner: Owner
    due_at: datetime
    next_due_at: datetime


@value
class ReviewSettled(Of):
    """A review is over; actor ``system`` where it lost its object."""

    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str
