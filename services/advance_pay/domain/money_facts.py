"""The facts of ``advance/{request_id}`` about the decision and the money, each amount in whole fen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from services.advance_pay.domain.advance_facts import Of
from shared.kernel.law import Asked
from shared.kernel.value import value
from shared.ledger import Posting


@value
class PreReviewFound(Of):
    """What the vendor's pre-review reported."""

    within_liability: str
    liability_estimate_fen: int | None
    undisclosed_history: bool
    policy_exclusion: bool
    in_network: bool | None
    originals_promised: bool


@value
class PreReviewDecided(Of):
    """Approved up to an amount, or rejected. It binds no claim (ADV-13, ADV-24)."""

    decision: Literal["approved", "rejected"]
    amount_fen: int
    receipt: tuple[Asked, ...]


@value
class AgreementRecorded(Of):
    """``complete``: it secures offset and refund (ADV-09, ADV-21, ADV-D04)."""

    offset_clause: bool
    refund_clause: bool
    complete: bool


@value
class Posted(Of):
    """Entries of the ledger."""

    posting: Posting


@value
class DepositAdvanced(Of):
    """One of the five. ``advanced_fen`` is the total of the case."""

    amount_fen: int
    receipt_key: str
    advanced_fen: int
    outstanding_fen: int
    paid_at: datetime | None = None


@value
class SuspenseRaised(Of):
    """Money that nobody approved, or that nobody owes."""

    direction: Literal["paid", "received"]
    amount_fen: int
    reason: str
    posting: str


@value
class SuspenseCleared(Of):
    """Money left suspense: what it became."""

    direction: Literal["paid", "received"]
    amount_fen: int
    posting: str
    became: str


@value
class DischargeNoted(Of):
    """The day on which the stay ends."""

    discharge_on: date


@value
class AdvanceSettled(Of):
    """Settled at the hospital: bill, deposit and difference (ADV-11, ADV-22)."""

    bill_fen: int
    deposit_fen: int
    returned_fen: int
    net_fen: int
    outstanding_fen: int
    originals: str


@value
class ClaimFileCompiled(Of):
    """All papers of the claim are here (ADV-12, ADV-23)."""


@value
class ClaimFileSent(Of):
    """The claim file was posted."""


@value
class ClaimKept(Of):
    """Adjudicated before the stay was settled: applied when it is."""

    claim_key: str
    payable_fen: int


@value
class ClaimOffset(Of):
    """One of the five: what of the claim paid the advance back, and what goes to the member."""

    claim_key: str
    payable_fen: int
    offset_fen: int
    payout_fen: int
    outstanding_fen: int


@value
class RefundDemanded(Of):
    """``amount_fen`` is all that ``debtor`` owes from now on."""

    debtor: Literal["member", "vendor"]
    amount_fen: int
    reason: str
    due_at: datetime
    outstanding_fen: int


@value
class RefundOverdue(Of):
    """A refund was not paid in time (ADV-D03)."""

    debtor: Literal["member", "vendor"]
    amount_fen: int
    due_at: datetime


@value
class RefundSettled(Of):
    """Money came back; ``left_fen`` is what the debtor still owes."""

    debtor: Literal["member", "vendor"]
    amount_fen: int
    left_fen: int
    outstanding_fen: int


@value
class AdvanceWrittenOff(Of):
    """Finance gave an amount up."""

    debtor: Literal["member", "vendor"]
    amount_fen: int
    reason: str
    actor: str
    outstanding_fen: int
