"""What a vendor sends on its own topic ``vendor.<v>.in.events.v1``: the application and everything it says of a case.

Every record is a CloudEvents 1.0 object ``{specversion, id, source, type, subject, time, data}``; ``subject`` is the
vendor's own case reference and the record's Kafka key. ``type`` is the class name below with ``.v1``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.base import CityCode, Code, Day, DocumentRef, Hospital, Inbound, Instant, Money, Product, Ref

LineNo = Annotated[int, Field(ge=1, le=200)]


class Particulars(Inbound):
    """Who a person is. Goes to the vault at the door and nowhere else."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    id_type: Literal["resident_id", "passport", "hk_macau_permit", "taiwan_permit", "birth_certificate"]
    id_number: Annotated[str, Field(pattern=r"^[A-Z0-9]{5,20}$")]
    phone: Annotated[str, Field(pattern=r"^\+?[0-9]{5,20}$")] | None = None


class Channel(Inbound):
    """How the member asked: the hotline that was phoned and the call's id (INT-01, INT-14, INT-D01)."""

    hotline: Annotated[str, Field(pattern=r"^[0-9-]{5,20}$")]
    call_id: Ref


class Diagnosis(Inbound):
    """What the papers say, in the papers' words; the door resolves ``name`` to listed codes and keeps the words away."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    status: Literal["suspected", "confirmed"]
    diagnosed_on: Day | None = None
    suspected_on: Day | None = None
    finding: Literal["none", "carcinoma_in_situ", "tnm_stage_1", "operation_only_indicated"] = "none"
    meets_definition: bool | None = None
    named_in_contract: bool = False
    complication_of: Annotated[str, Field(max_length=120)] | None = None


class OutpatientWish(Inbound):
    """OUTP: what the member asks for (ENT-51..55)."""

    visit_type: Literal[
        "specialist", "antenatal", "delivery", "emergency", "dental_cosmetic", "reproductive"
    ] = "specialist"  # fmt: skip
    department: Code | None = None
    designated_hospital: Hospital | None = None
    names_expert: bool = False


class AdvanceNeed(Inbound):
    """ADVANCE: the stay for which a deposit is asked."""

    hospital: Hospital
    admission_on: Day
    deposit: Money


class Account(Inbound):
    """The bank account to be paid. ``holder`` stays; the rest goes to the vault (SUB-25)."""

    holder: Literal["patient", "guardian", "other"]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    bank: Annotated[str, Field(min_length=1, max_length=80)]
    number: Annotated[str, Field(pattern=r"^[0-9]{8,30}$")]


class Care(Inbound):
    """One piece of care of a trip; ``case`` is the vendor's reference of the request that arranged it."""

    kind: Literal["outpatient", "exam", "inpatient"]
    case: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    starts_on: Day
    ends_on: Day
    hospital_city: CityCode


class Invoice(Inbound):
    """An invoice; title and tax id are compared with the designated ones at the door and not kept."""

    number: Annotated[str, Field(pattern=r"^[A-Z0-9]{6,30}$")]
    kind: Literal["personal", "titled", "fixed_amount", "medical"]
    title: Annotated[str, Field(max_length=120)] | None = None
    tax_id: Annotated[str, Field(max_length=30)] | None = None


class ExpenseLine(Inbound):
    """One expense of the trip (SUB-10..24)."""

    line: LineNo
    item: Code
    amount: Money
    person: Literal["patient", "companion"] = "patient"
    incurred_on: Day
    city: CityCode | None = None
    fare_class: Code | None = None
    invoice: Invoice | None = None
    payment_proof: DocumentRef | None = None


class SubsidyClaim(Inbound):
    """SUBSIDY: the trip, its care and its expenses."""

    hukou_city: CityCode
    residence_city: CityCode | None = None
    residence_proof: DocumentRef | None = None
    patient_is_minor: bool = False
    care: Annotated[list[Care], Field(min_length=1, max_length=20)]
    treatment_proof: Annotated[list[DocumentRef], Field(max_length=20)] = []
    account: Account | None = None
    lines: Annotated[list[ExpenseLine], Field(min_length=1, max_length=200)]


class ServiceRequested(Inbound):
    """An application, as taken on the phone."""

    service: Annotated[str, Field(min_length=1, max_length=40)]
    channel: Channel
    person: Particulars
    product: Product | None = None
    policy_number: Annotated[str, Field(pattern=r"^[A-Z0-9-]{4,40}$")] | None = None
    cause: Literal["illness", "accident", "unclear"] = "illness"
    diagnosis: Diagnosis | None = None
    documents: Annotated[list[DocumentRef], Field(max_length=50)] = []
    outpatient: OutpatientWish | None = None
    advance: AdvanceNeed | None = None
    subsidy: SubsidyClaim | None = None


# -- of every case --------------------------------------------------------------------------------------------------


class ContactReported(Inbound):
    """The member was contacted: first response (SLA-31, 37, 56) or feedback with a plan (SLA-05, 23, 38, 46)."""

    stage: Literal["first_response", "feedback"]


class MemberWaitStarted(Inbound):
    """The vendor waits for the member: its clocks pause (SLA-D03, INT-38)."""

    waiting_for: Literal["documents", "consent", "contact"]


class MemberWaitEnded(Inbound):
    """The member's answer came: paused clocks resume (SLA-D03)."""


class NotStartableReported(Inbound):
    """The specialist found that the service cannot be started (INT-02, INT-15)."""

    reason: Code


class DataDeclined(Inbound):
    """The member declines to give records or an account (INT-40)."""


class WithdrawalRequested(Inbound):
    """The member no longer wants the service, or cancels the visit."""


class DocumentsSubmitted(Inbound):
    """Papers of a case came in; for SUBSIDY also accounts, proofs and vouchers of single lines."""

    documents: Annotated[list[DocumentRef], Field(max_length=50)] = []
    account: Account | None = None
    residence_proof: DocumentRef | None = None
    treatment_proof: Annotated[list[DocumentRef], Field(max_length=20)] = []
    vouchers: Annotated[list[LineVoucher], Field(max_length=200)] = []


class LineVoucher(Inbound):
    """The missing voucher of one expense line (SUB-33)."""

    line: LineNo
    invoice: Invoice | None = None
    payment_proof: DocumentRef | None = None


# -- OUTP -----------------------------------------------------------------------------------------------------------


class AppointmentProposed(Inbound):
    """A slot that the hospital has confirmed (ENT-51..54). Also the new slot after a disruption (SCH-04)."""

    hospital: Hospital
    department: Code
    visit_type: Literal[
        "specialist", "antenatal", "delivery", "emergency", "dental_cosmetic", "reproductive"
    ] = "specialist"  # fmt: skip
    expert_rank: Literal["chief", "associate_chief", "attending", "resident"]
    expert_source: Literal["adviser", "member"] = "adviser"
    selected_by: Literal["member", "recommended"] = "recommended"
    network_confirmed: bool
    slot_at: Instant


class ConfirmationCallReported(Inbound):
    """The call of the day before the visit (SCH-12, SCH-13, SCH-D08)."""

    id_reminder: bool


class AccompanimentDeclined(Inbound):
    """The member wants no company at the visit (SCH-D10)."""


class HardToCoordinateReported(Inbound):
    """The hospital is hard to coordinate: the usual time may be extended (SCH-28)."""


class VisitAttended(Inbound):
    """The member was seen; whether someone accompanied, for how long, and what was paid to the hospital."""

    attended_on: Day
    accompanied: bool = False
    accompanied_minutes: Annotated[int, Field(ge=0, le=1440)] | None = None
    hospital_fees: Money | None = None


class VisitMissed(Inbound):
    """The member did not come, or too late (SCH-02, SCH-03)."""

    registration_fee: Money | None = None


class VisitDisrupted(Inbound):
    """The confirmed visit can't be given (SCH-04, INT-37, SCH-D02)."""

    cause: Literal[
        "expert_suspended", "hospital_reason", "epidemic", "natural_disaster", "force_majeure", "vendor_failure",
        "duplicate_booking",
    ]  # fmt: skip


class SlotDeclined(Inbound):
    """No new slot was found, or the member declines it (SCH-D02)."""


# -- ADVANCE --------------------------------------------------------------------------------------------------------


class GuidanceGiven(Inbound):
    """The member was guided and has the checklist of papers (ADV-06, ADV-19)."""


class PreReviewReported(Inbound):
    """What the vendor's pre-review found (ADV-04, ADV-07, ADV-17, ADV-20, ADV-26..33)."""

    within_liability: Literal["yes", "no", "unclear"]
    liability_estimate: Money | None = None
    undisclosed_history: bool = False
    policy_exclusion: bool = False
    in_network: bool | None = None
    originals_promised: bool = True


class AgreementSigned(Inbound):
    """The on-site agreement (ADV-09, ADV-21, ADV-D04)."""

    offset_clause: bool
    refund_clause: bool


class DepositPaid(Inbound):
    """Money went to the hospital (ADV-09, ADV-21, ADV-D02)."""

    amount: Money
    receipt_number: Annotated[str, Field(pattern=r"^[A-Z0-9-]{4,40}$")]
    paid_at: Instant | None = None


class DischargeNotified(Inbound):
    """The member says when the stay ends (SLA-35, SLA-60)."""

    discharge_on: Day


class DischargeSettled(Inbound):
    """Settled at the hospital (ADV-11, ADV-22, ADV-D06)."""

    bill: Money
    returned_by_hospital: Money
    originals: Literal["paper", "electronic_accepted", "none"]
    documents: Annotated[list[DocumentRef], Field(max_length=50)] = []


class ClaimFileMailed(Inbound):
    """The claim file was sent to the insurer (ADV-12, ADV-23, SLA-36)."""


class RefundReceived(Inbound):
    """The member returned an over-advance to the vendor (ADV-14)."""

    amount: Money
    receipt_number: Annotated[str, Field(pattern=r"^[A-Z0-9-]{4,40}$")]


# A vendor's application has its own path; these say something of a case. Per type: the services of which it may be said.
GREEN_CASES = frozenset({"OUTP", "SUBSIDY"})
ALL_CASES = frozenset({"OUTP", "SUBSIDY", "ADVANCE"})
SAYINGS: dict[type[Inbound], frozenset[str]] = {
    ContactReported: ALL_CASES,
    MemberWaitStarted: ALL_CASES,
    MemberWaitEnded: ALL_CASES,
    NotStartableReported: ALL_CASES,
    DataDeclined: ALL_CASES,
    WithdrawalRequested: ALL_CASES,
    DocumentsSubmitted: ALL_CASES,
    AppointmentProposed: frozenset({"OUTP"}),
    ConfirmationCallReported: frozenset({"OUTP"}),
    AccompanimentDeclined: frozenset({"OUTP"}),
    HardToCoordinateReported: frozenset({"OUTP"}),
    VisitAttended: frozenset({"OUTP"}),
    VisitMissed: frozenset({"OUTP"}),
    VisitDisrupted: frozenset({"OUTP"}),
    SlotDeclined: frozenset({"OUTP"}),
    GuidanceGiven: frozenset({"ADVANCE"}),
    PreReviewReported: frozenset({"ADVANCE"}),
    AgreementSigned: frozenset({"ADVANCE"}),
    DepositPaid: frozenset({"ADVANCE"}),
    DischargeNotified: frozenset({"ADVANCE"}),
    DischargeSettled: frozenset({"ADVANCE"}),
    ClaimFileMailed: frozenset({"ADVANCE"}),
    RefundReceived: frozenset({"ADVANCE"}),
}
