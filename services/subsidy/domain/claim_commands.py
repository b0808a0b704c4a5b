"""What may be asked of a claim. ``record`` names the outside record that asks; it is answered exactly once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.subsidy.domain.claimed import Account, Claimed, Pool, Voucher
from services.subsidy.domain.trip import CoverYear
from shared.kernel.value import value


@value
class Submit:
    """The application, as the door let it in."""

    member_ref: str
    vendor: str
    claimed: Claimed


@value
class Grant:
    """Entitlement said yes; the edition and calendar the case keeps."""

    edition: str
    calendar: str
    product: str
    policy_ref: str
    year: CoverYear


@value
class Bar:
    """Entitlement said no, or the member withdrew before it said anything."""

    reason: str


@value
class GivePapers:
    """Late papers of the claim and of single lines."""

    record: str
    account: Account | None = None
    residence_proof: str | None = None
    treatment_proof: tuple[str, ...] = ()
    vouchers: tuple[Voucher, ...] = ()


@value
class ReportContact:
    """The vendor reached the member."""

    record: str
    stage: Literal["first_response", "feedback"]


@value
class StartWait:
    """The vendor waits for the member."""

    record: str
    waiting_for: Literal["documents", "consent", "contact"]


@value
class EndWait:
    """The member answered."""

    record: str


@value
class Withdraw:
    """The member no longer wants the subsidy."""

    record: str


@value
class Close:
    """The claim can't go on: the member declines data (INT-40), or the specialist can't start it (INT-02)."""

    record: str
    reason: str
    rule: str


@value
class SettleReview:
    """A person's answer."""

    record: str
    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str
    role: str
    amount_fen: int | None = None
    pool: Pool | None = None


@value
class ReportPayment:
    """Money moved. ``seen_fen``: the amount under which this payment number is already known."""

    record: str
    case_id: str
    payment_key: str
    amount_fen: int
    paid_at: datetime
    seen_fen: int | None = None

    def seen_as(self, amount_fen: int | None) -> ReportPayment:
        """The same report, knowing under which amount its number was seen before."""
        return replace(self, seen_fen=amount_fen)


@value
class LookAgain:
    """A wait is over: for a visit, or for a payment."""


@value
class Remind:
    """The papers of one asking are still missing and soon too late."""

    expires_at: datetime


@value
class AskPapers:
    """The limit of the papers of one asking has come."""

    expires_at: datetime


@value
class AskClock:
    """A clock's limit has come."""

    n: int
    due_at: datetime


@value
class NearClock:
    """A clock's limit is a day away."""

    n: int
    due_at: datetime


@value
class HearNothing:
    """Intake has read everything that came before the limit."""

    clock: str
    due_at: datetime


@value
class OverrunReview:
    """A review was not answered in its time."""

    review_id: str
    due_at: datetime


Command = (
    Submit | Grant | Bar | GivePapers | ReportContact | StartWait | EndWait | Withdraw | Close | SettleReview
    | ReportPayment | LookAgain | Remind | AskPapers | AskClock | NearClock | HearNothing | OverrunReview
)  # fmt: skip
