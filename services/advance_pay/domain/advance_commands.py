"""What may be asked of an advance. ``cause`` is the message, ``record`` the outside record at its root.

Commands that follow no outside record (grants, timers, silence) leave both empty and repeat harmlessly by state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import money_facts as m


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Any command: whose case, when, and by which message."""

    request_id: str
    at: datetime
    cause: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase(Command):
    """An application for an advance was accepted at the door."""

    member_ref: str
    vendor: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantCase(Command):
    """Entitlement granted it."""

    granted: f.AdvanceGranted


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUngranted(Command):
    """Entitlement denied it, or answered a withdrawal itself."""

    outcome: Literal["DENIED", "WITHDRAWN"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCover(Command):
    """The cover behind the grant ended."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """The member no longer wants it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUnstarted(Command):
    """The vendor can't start it, or the member declines to give what is needed."""

    outcome: Literal["NOT_STARTABLE", "DATA_DECLINED"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact(Command):
    """The member was contacted."""

    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordGuidance(Command):
    """The member was guided and has the checklist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivePapers(Command):
    """Papers came, by kind."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginWait(Command):
    """The vendor waits for the member."""

    waiting_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWait(Command):
    """The member's answer came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """What is left of the member-year: sum insured, claims paid, holds of other advances and of this one."""

    sum_insured_fen: int
    paid_fen: int
    held_by_others_fen: int
    held_fen: int

    @property
    def remaining_fen(self) -> int:
        """What this case may still hold."""
        return self.sum_insured_fen - self.paid_fen - self.held_by_others_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPreReview(Command):
    """What the pre-review found, with what the law needs beside it."""

    found: m.PreReviewFound
    liability: Liability
    city: Literal["covered", "not_covered", "review", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAgreement(Command):
    """The on-site agreement was signed."""

    offset_clause: bool
    refund_clause: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDeposit(Command):
    """``approvable``: a vendor's report; what the payment system says of a deposit is never an approved payment."""

    amount_fen: int
    receipt_key: str
    receipt_used: bool
    paid_at: datetime | None = None
    approvable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDischarge(Command):
    """The member says when the stay ends."""

    discharge_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDischarge(Command):
    """The stay was settled at the hospital."""

    bill_fen: int
    returned_fen: int
    originals: Literal["paper", "electronic_accepted", "none"]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendClaimFile(Command):
    """The claim file was sent to the insurer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjudicateClaim(Command):
    """The insurer decided the claim of this stay."""

    claim_key: str
    payable_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveMoney(Command):
    """Money came back: from the vendor's report or from the payment system."""

    amount_fen: int
    receipt_used: bool
    owed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff(Command):
    """Finance gives up an amount."""

    amount_fen: int
    role: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideReview(Command):
    """A person decided a review; an amount counts for a pre-review only."""

    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str
    role: str
    amount_fen: int | None = None
    liability: Liability | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskClock(Command):
    """A clock's timer fired."""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnOfClock(Command):
    """The last day of a clock has begun."""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOfPapers(Command):
    """The reminder of the supplement clock fired."""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HearNothing(Command):
    """Every record before the limit was read."""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseReview(Command):
    """A review's own time is over: it stays with its owner, and says so."""

    review_id: str
