"""What people decided about a claim, and what became of its money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.subsidy.domain.claimed import Pool
from shared.kernel.law import Asked

ReviewKind = Literal["claim", "line", "payment", "suspense"]
Owner = Literal["operations", "finance"]

# -- reviews ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReviewOpened:
    """A person must decide."""

    review_id: str
    request_id: str
    kind: ReviewKind
    line: int
    owner: Owner
    reasons: tuple[Asked, ...]
    due_at: datetime
    payment_key: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewSettled:
    """A person decided."""

    review_id: str
    request_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str
    role: str
    amount_fen: int | None
    pool: Pool | None


@dataclass(frozen=True, slots=True)
class ReviewMooted:
    """What the review was about has ended by itself."""

    review_id: str
    request_id: str


@dataclass(frozen=True, slots=True)
class ReviewOverdue:
    """Its time is over; the review stays open and is asked about again."""

    review_id: str
    request_id: str
    owner: Owner
    due_at: datetime
    next_due_at: datetime


# -- money ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaidRound:
    """How much of a payment went to which round."""

    round: int
    amount_fen: int
    paid_before_fen: int


@dataclass(frozen=True, slots=True)
class SubsidyPaid:
    """Approved money was paid."""

    request_id: str
    vendor: str
    payment_key: str
    amount_fen: int
    rounds: tuple[PaidRound, ...]
    lines: tuple[int, ...]
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class MoneySuspended:
    """Money that nobody approved, or another amount: in suspense, and in review."""

    case_id: str
    payment_key: str
    amount_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class SuspenseSettled:
    """What a person made of suspended money: so much counts as paid, the rest is to be returned."""

    case_id: str
    payment_key: str
    applied_fen: int
    returned_fen: int


@dataclass(frozen=True, slots=True)
class PaymentAwaited:
    """Finance says that the payment is still to come: looked at again at ``until``."""

    request_id: str
    until: datetime
