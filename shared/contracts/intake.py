"""What intake says on ``greenlane.intake.events.v1``: the outside world, persons and policies replaced by references.

What a vendor says of a case is published under the very type it was sent as (`shared.contracts.vendor`), subject =
request id, key = member_ref; only the models below differ from what came in. The same holds for staff commands
(`shared.contracts.operations`). Receipt numbers are keyed hashes of the vendor's own, equal for equal numbers.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.base import CityCode, Code, DocumentRef, Event, Fen, Product, Ref, Service, Vendor
from shared.contracts.vendor import AdvanceNeed, LineNo, OutpatientWish


class Finding(Event):
    """What one product's list makes of the diagnosis (REF-D04): listed → code; none → no; anything else → review."""

    product: Product
    match: Literal["listed", "broader", "unclear", "borderline", "none"]
    code: str | None = None


class DiagnosisSaid(Event):
    """The diagnosis without its words."""

    findings: list[Finding]
    complication_of: list[Finding] = []
    status: Literal["suspected", "confirmed"]
    diagnosed_on: date | None = None
    suspected_on: date | None = None
    finding: Literal["none", "carcinoma_in_situ", "tnm_stage_1", "operation_only_indicated"] = "none"
    meets_definition: bool | None = None
    named_in_contract: bool = False


class AccountSaid(Event):
    """An account whose particulars are in the vault."""

    account_ref: Ref
    holder: Literal["patient", "guardian", "other"]


class CareSaid(Event):
    """One piece of care; ``request_id`` where the vendor's case reference is known to us."""

    kind: Literal["outpatient", "exam", "inpatient"]
    request_id: str | None = None
    case_known: bool = False
    starts_on: date
    ends_on: date
    hospital_city: CityCode


class InvoiceSaid(Event):
    """An invoice by a key that is the same for the same number; how its title and tax id compare with the designated ones."""

    invoice_key: str
    kind: Literal["personal", "titled", "fixed_amount", "medical"]
    title: Literal["designated", "other", "absent"]
    tax_id: Literal["designated", "other", "absent"]


class ExpenseLineSaid(Event):
    """One expense line."""

    line: LineNo
    item: Code
    amount_fen: Fen
    person: Literal["patient", "companion"]
    incurred_on: date
    city: CityCode | None = None
    fare_class: Code | None = None
    invoice: InvoiceSaid | None = None
    payment_proof: DocumentRef | None = None


class SubsidyClaimSaid(Event):
    """The claim of an out-of-town subsidy."""

    hukou_city: CityCode
    residence_city: CityCode | None = None
    residence_proof: DocumentRef | None = None
    patient_is_minor: bool = False
    care: list[CareSaid]
    treatment_proof: list[DocumentRef] = []
    account: AccountSaid | None = None
    lines: list[ExpenseLineSaid]


class RequestSubmitted(Event):
    """An application was accepted at the door and routed (one of the five). ``received_at`` is the envelope's ``time``."""

    request_id: str
    service: Service
    vendor: Vendor
    hotline: str
    member_ref: Ref
    member_known: bool
    policy_ref: Ref | None = None
    product: Product | None = None
    cause: Literal["illness", "accident", "unclear"]
    diagnosis: DiagnosisSaid | None = None
    documents: list[DocumentRef] = []
    outpatient: OutpatientWish | None = None
    advance: AdvanceNeed | None = None
    subsidy: SubsidyClaimSaid | None = None


class LineVoucherSaid(Event):
    """The late voucher of one line."""

    line: LineNo
    invoice: InvoiceSaid | None = None
    payment_proof: DocumentRef | None = None


class PapersSubmitted(Event):
    """DocumentsSubmitted without its secrets."""

    documents: list[DocumentRef] = []
    account: AccountSaid | None = None
    residence_proof: DocumentRef | None = None
    treatment_proof: list[DocumentRef] = []
    vouchers: list[LineVoucherSaid] = []


class PolicyIssued(Event):
    """A policy by reference; subject and key = policy_ref. The other policy events carry the fields of their record likewise."""

    policy_ref: Ref
    product: Product
    purchased_at: datetime
    issued_at: datetime
    effective_on: date
    ends_on: date
    sum_insured_fen: Fen
    agreement_ends_on: date | None = None


class PolicyRenewed(Event):
    """The next term of a policy."""

    policy_ref: Ref
    purchased_at: datetime
    effective_on: date
    ends_on: date
    sum_insured_fen: Fen


class PolicyLapsed(Event):
    """The contract lapsed."""

    policy_ref: Ref
    lapsed_at: datetime


class PolicySuspended(Event):
    """Not in force for the time being."""

    policy_ref: Ref
    suspended_at: datetime


class PolicyReinstated(Event):
    """In force again."""

    policy_ref: Ref
    reinstated_at: datetime


class SumInsuredChanged(Event):
    """An endorsement changed the sum insured."""

    policy_ref: Ref
    sum_insured_fen: Fen
    effective_at: datetime


class MemberJoined(Event):
    """Subject and key = member_ref."""

    member_ref: Ref
    policy_ref: Ref
    birth_date: date
    sex: Literal["F", "M"]
    covered_from: date


class MemberLeft(Event):
    """Subject and key = member_ref."""

    member_ref: Ref
    policy_ref: Ref
    left_at: datetime


class ClaimAdjudicated(Event):
    """Key = member_ref; subject = the advance's request id where one is named, else member_ref."""

    claim_key: str
    member_ref: Ref
    policy_ref: Ref
    policy_year: int
    payable_fen: Fen
    request_id: str | None = None


class PaymentReported(Event):
    """Subject = the request id where known, else the payment's own key; key likewise."""

    payment_key: str
    purpose: Literal["subsidy", "refund", "deposit", "other"]
    request_id: str | None = None
    amount_fen: Fen
    paid_at: datetime


class ReviewDecided(Event):
    """A person's decision, its note in the vault. Subject = request id."""

    review_id: str
    request_id: str
    actor: str
    role: str
    decision: Literal["grant", "refuse"]
    reason: Code
    amount_fen: Fen | None = None
    pool: Literal["in_province", "out_of_province"] | None = None


class WriteOffOrdered(Event):
    """Finance gives up what is outstanding on an advance. Subject = request id, key = member_ref."""

    request_id: str
    actor: str
    role: str
    amount_fen: Fen
    reason: Code


class NothingHeard(Event):
    """Every record that came before ClockDue has been read, and none of this case is waiting: the clock may breach."""

    clock: str
    due_at: datetime


class ClockBreached(Event):
    """A clock ran out (also said by the performers). ``basis`` as in the edition."""

    request_id: str
    clock: str
    rule: str
    basis: Literal["hard", "average", "promised_unqualified", "typical"]
    due_at: datetime


class RequestClosed(Event):
    """The last word on a request: what became of it and who said so."""

    request_id: str
    outcome: Code
    said_by: str
    note: Annotated[str, Field(pattern=r"^[A-Z_]{0,64}$")] = ""
