"""What advance_pay says on ``greenlane.advance_pay.events.v1``, beside the words that every service shares.

Subject = request id, key = member_ref; of a member-year's liability and of money without a case: see each event.
``outstanding_fen`` is what the case owes after the event; amounts are never negative.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from shared.contracts.base import AskedRule, Code, Event, Fen, Ref

Debtor = Literal["member", "vendor"]


class AdvanceOpened(Event):
    """A granted case waits for its papers."""

    request_id: str
    product: str
    edition: str
    year: int
    deposit_fen: Fen | None = None


class DocumentsCompleted(Event):
    """Guided, and all papers are here (ADV-D01): the pre-review may begin."""

    request_id: str


class SupplementReminded(Event):
    """Papers are missing some days before the case is closed for it (ADV-D08)."""

    request_id: str
    missing: list[Code]


class PreReviewDecided(Event):
    """Approved up to ``amount_fen``, or rejected (0). It binds no claim (ADV-13, ADV-24)."""

    request_id: str
    decision: Literal["approved", "rejected"]
    amount_fen: Fen
    receipt: list[AskedRule]


class ClientInformed(Event):
    """The member is told, with reasons and notices (ADV-08, ADV-25, ADV-D07)."""

    request_id: str
    outcome: Code
    reasons: list[AskedRule]
    notices: list[Code]


class AgreementRecorded(Event):
    """The on-site agreement; ``complete`` where it secures offset and refund (ADV-09, ADV-21, ADV-D04)."""

    request_id: str
    complete: bool


class DepositAdvanced(Event):
    """The deposit of a stay was advanced (one of the five). ``advanced_fen`` is the case's total."""

    request_id: str
    amount_fen: Fen
    advanced_fen: Fen
    outstanding_fen: Fen
    paid_at: datetime | None = None


class SuspenseCleared(Event):
    """A person said what money in suspense is."""

    request_id: str | None = None
    direction: Literal["paid", "received"]
    amount_fen: Fen
    became: Literal["ADVANCED", "VENDOR_DUE", "HANDED_BACK", "UNCLAIMED"]


class DischargeNoted(Event):
    """The day on which the stay ends, as the member said."""

    request_id: str
    discharge_on: date


class AdvanceSettled(Event):
    """Settled at the hospital: bill, deposit and what was returned (ADV-11, ADV-22)."""

    request_id: str
    bill_fen: Fen
    deposit_fen: Fen
    returned_fen: Fen
    net_fen: Fen
    outstanding_fen: Fen
    originals: Literal["paper", "electronic_accepted", "none"]


class ClaimFileCompiled(Event):
    """All papers of the claim are here (ADV-12, ADV-23)."""

    request_id: str


class ClaimFileSent(Event):
    """The claim file went to the insurer (SLA-36)."""

    request_id: str


class ClaimOffset(Event):
    """A claim paid back what was advanced (one of the five); ``payout_fen`` is the member's (ADV-01)."""

    request_id: str
    claim_key: str
    payable_fen: Fen
    offset_fen: Fen
    payout_fen: Fen
    outstanding_fen: Fen


class RefundDemanded(Event):
    """``amount_fen`` is all that the debtor owes from now on, due by ``due_at`` (ADV-14, ADV-D03)."""

    request_id: str
    debtor: Debtor
    amount_fen: Fen
    reason: Code
    due_at: datetime
    outstanding_fen: Fen


class RefundOverdue(Event):
    """A refund was not paid in time (ADV-D03)."""

    request_id: str
    debtor: Debtor
    amount_fen: Fen
    due_at: datetime


class RefundSettled(Event):
    """Money came back; ``left_fen`` is what this debtor still owes."""

    request_id: str
    debtor: Debtor
    amount_fen: Fen
    left_fen: Fen
    outstanding_fen: Fen


class AdvanceWrittenOff(Event):
    """Finance gave an amount up."""

    request_id: str
    debtor: Debtor
    amount_fen: Fen
    reason: Code
    actor: Ref
    outstanding_fen: Fen


class AdvanceClosed(Event):
    """Closed without an advance; the hold on the member-year is released."""

    request_id: str
    outcome: Code
    without_prejudice: bool


class LedgerEntry(Event):
    """A debit is positive, a credit negative."""

    account: str
    fen: int


class LedgerPosted(Event):
    """Entries that sum to zero. ``case`` = request id, or the payment's key where there is no case."""

    case: str
    posting: str
    step: Code
    entries: list[LedgerEntry]
    reverses: str | None = None


class LiabilityChanged(Event):
    """What is left of a member-year: insured − paid − held. Subject as of the message that changed it."""

    member_ref: Ref
    year: int
    what: Literal["INSURED", "HELD", "RELEASED", "CLAIMED", "EXCEEDED"]
    amount_fen: Fen
    request_id: str | None = None


class AdvanceClockEnded(Event):
    """A clock that the house keeps has stopped, or a printed one has lost its object; else `scheduling.ClockStopped`."""

    request_id: str
    clock: str


class AdvanceClockStarted(Event):
    """A clock runs (or moved) towards ``due_at``; ``provisional`` beyond the announced calendar."""

    request_id: str
    clock: str
    rule: str | None = None
    due_at: datetime
    provisional: bool
