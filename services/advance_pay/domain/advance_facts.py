"""The facts of ``advance/{request_id}``. Each carries the member's reference and the vendor, stamped as it is said.

One file although it is long: the facts are read as a list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from shared.calendar import Deadline
from shared.kernel.law import Asked
from shared.ledger import Posting

Owner = Literal["medical_reviewer", "operations", "finance", "insurer"]
Out = Literal["breach", "close", "review", "overdue"]
ReviewKind = Literal["pre_review", "suspense_paid", "suspense_received", "stalled", "refund_overdue"]


@dataclass(frozen=True, slots=True)
class Of:
    """Whose case it is, so that every event of a member travels under one key."""

    member_ref: str = field(default="", kw_only=True)
    vendor: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class StayHospital:
    """The hospital of the stay, as its master data say."""

    code: str
    city_code: str
    grade: str | None = None
    ownership: str | None = None
    military: bool = False
    privately_run_unit: bool = False
    vip_or_international: bool = False


@dataclass(frozen=True, slots=True)
class DiagnosisSeen:
    """What the product's disease list makes of the diagnosis."""

    status: str
    match: str
    code: str | None = None
    named_in_contract: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """The stay for which a deposit is asked."""

    hospital: StayHospital
    admission_on: date
    deposit_fen: int


# -- the case -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AdvanceRequested(Of):
    """The application is known; nothing is granted yet."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class AdvanceNotGranted(Of):
    """Entitlement denied, or the member withdrew there."""

    outcome: str


@dataclass(frozen=True, slots=True)
class WorkOrdered(Of):
    """What the vendor is to do next."""

    action: str
    details: dict[str, object]


@dataclass(frozen=True, slots=True)
class OutcomeSaid(Of):
    """What the vendor is told of its case."""

    outcome: str
    reasons: tuple[Asked, ...] = ()
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClientInformed(Of):
    """The member is told, with reasons and notices (ADV-08, ADV-25, ADV-D07)."""

    outcome: str
    reasons: tuple[Asked, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseClosed(Of):
    """Closed without an advance."""

    outcome: str
    without_prejudice: bool = False


@dataclass(frozen=True, slots=True)
class CaseFinished(Of):
    """Nothing is owed any more: the final fact."""

    outcome: str


# -- records of outsiders -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordApplied(Of):
    """A record took effect. ``cause`` is the message, ``record`` the outside record at its root."""

    cause: str
    record: str


@dataclass(frozen=True, slots=True)
class RecordRefused(Of):
    """A record could not be taken: the reason, the rule, and where in the record."""

    cause: str
    record: str
    reason: str
    rule: str
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawalRemembered(Of):
    """The member withdrew before the grant came here; entitlement answers it unless it had granted already."""

    cause: str
    record: str


# -- papers and clocks ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContactRecorded(Of):
    """The first response."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GuidanceRecorded(Of):
    """The member has the checklist; what was missing then (ADV-06, ADV-19)."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PapersReceived(Of):
    """Kinds of papers that came for the first time."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentsCompleted(Of):
    """All required papers are here and the member was guided (ADV-D01)."""


@dataclass(frozen=True, slots=True)
class SupplementReminded(Of):
    """Papers are still missing some days before the end (ADV-D08)."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberWaitBegan(Of):
    """The vendor waits for the member (SLA-D03)."""

    waiting_for: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberWaitOver(Of):
    """A wait for the member, from and to."""

    begun_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class ClockStarted(Of):
    """``out`` says what its running out does; ``deadline`` is the plain one, with its proof."""

    clock: str
    step: str
    rule: str
    basis: str
    out: Out
    deadline: Deadline
    remind_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockMoved(Of):
    """The deadline net of waits for the member (SLA-D03)."""

    clock: str
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class ClockStopped(Of):
    """The deed was done: in time or late, gross since the start, net of ``waited_units``."""

    clock: str
    met: bool
    started_at: datetime
    stopped_at: datetime
    due_at: datetime
    waited_units: int


@dataclass(frozen=True, slots=True)
class ClockAsked(Of):
    """A clock's limit has come: was anything heard?"""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ClockRanOut(Of):
    """Nothing was heard before the limit. ``warns``: an average or usual time, hence no breach."""

    clock: str
    rule: str
    basis: str
    due_at: datetime
    out: Out = "breach"
    warns: bool = False


# -- people ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ReviewOverdue(Of):
    """A person is late."""

    review_id: str


@dataclass(frozen=True, slots=True)
class ReviewSettled(Of):
    """A review is over; actor ``system`` where it lost its object."""

    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str


# -- the decision and the money -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PreReviewFound(Of):
    """What the vendor's pre-review reported."""

    within_liability: str
    liability_estimate_fen: int | None
    undisclosed_history: bool
    policy_exclusion: bool
    in_network: bool | None
    originals_promised: bool


@dataclass(frozen=True, slots=True)
class PreReviewDecided(Of):
    """Approved up to an amount, or rejected. It binds no claim (ADV-13, ADV-24)."""

    decision: Literal["approved", "rejected"]
    amount_fen: int
    receipt: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class AgreementRecorded(Of):
    """``complete``: it secures offset and refund (ADV-09, ADV-21, ADV-D04)."""

    offset_clause: bool
    refund_clause: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class Posted(Of):
    """Entries of the ledger."""

    posting: Posting


@dataclass(frozen=True, slots=True)
class DepositAdvanced(Of):
    """One of the five. ``advanced_fen`` is the total of the case."""

    amount_fen: int
    receipt_key: str
    advanced_fen: int
    outstanding_fen: int
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SuspenseRaised(Of):
    """Money that nobody approved, or that nobody owes."""

    direction: Literal["paid", "received"]
    amount_fen: int
    reason: str
    posting: str


@dataclass(frozen=True, slots=True)
class SuspenseCleared(Of):
    """Money left suspense: what it became."""

    direction: Literal["paid", "received"]
    amount_fen: int
    posting: str
    became: str


@dataclass(frozen=True, slots=True)
class DischargeNoted(Of):
    """The day on which the stay ends."""

    discharge_on: date


@dataclass(frozen=True, slots=True)
class AdvanceSettled(Of):
    """Settled at the hospital: bill, deposit and difference (ADV-11, ADV-22)."""

    bill_fen: int
    deposit_fen: int
    returned_fen: int
    net_fen: int
    outstanding_fen: int
    originals: str


@dataclass(frozen=True, slots=True)
class ClaimFileCompiled(Of):
    """All papers of the claim are here (ADV-12, ADV-23)."""


@dataclass(frozen=True, slots=True)
class ClaimFileSent(Of):
    """The claim file was posted."""


@dataclass(frozen=True, slots=True)
class ClaimKept(Of):
    """Adjudicated before the stay was settled: applied when it is."""

    claim_key: str
    payable_fen: int


@dataclass(frozen=True, slots=True)
class ClaimOffset(Of):
    """One of the five: what of the claim paid the advance back, and what goes to the member."""

    claim_key: str
    payable_fen: int
    offset_fen: int
    payout_fen: int
    outstanding_fen: int


@dataclass(frozen=True, slots=True)
class RefundDemanded(Of):
    """``amount_fen`` is all that ``debtor`` owes from now on."""

    debtor: Literal["member", "vendor"]
    amount_fen: int
    reason: str
    due_at: datetime
    outstanding_fen: int


@dataclass(frozen=True, slots=True)
class RefundOverdue(Of):
    """A refund was not paid in time (ADV-D03)."""

    debtor: Literal["member", "vendor"]
    amount_fen: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class RefundSettled(Of):
    """Money came back; ``left_fen`` is what the debtor still owes."""

    debtor: Literal["member", "vendor"]
    amount_fen: int
    left_fen: int
    outstanding_fen: int


@dataclass(frozen=True, slots=True)
class AdvanceWrittenOff(Of):
    """Finance gave an amount up."""

    debtor: Literal["member", "vendor"]
    amount_fen: int
    reason: str
    actor: str
    outstanding_fen: int
