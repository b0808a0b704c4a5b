"""What people decided about a claim, and what became of its money."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from services.subsidy.domain.claimed import Pool
from shared.kernel.law import Asked
from shared.kernel.value import value

ReviewKind = Literal["claim", "line", "payment", "suspense"]
Owner = Literal["operations", "finance"]

# -- reviews ----------------------------------------------------------------------------------------------------------


@value
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


@value
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


@value
class ReviewMooted:
    """What the review was about has ended by itself."""

    review_id: str
    request_id: str


@value
class ReviewOverdue:
    """Its time is over; the review stays open and is asked about again."""

    review_id: str
    request_id: str
    owner: Owner
    due_at: datetime
    next_due_at: datetime


# -- money ------------------------------------------------------------------------------------------------------------


@value
class PaidRound:
    """How much of a payment went to which round."""

    round: int
    amount_fen: int
    paid_before_fen: int


@value
class SubsidyPaid:
    """Approved money was paid."""

    request_id: str
    vendor: str
    payment_key: str
    amount_fen: int
    rounds: tuple[PaidRound, ...]
    lines: tuple[int, ...]
    paid_at: datetime


@value
class MoneySuspended:
    """Money that nobody approved, or another amount: in suspense, and in review."""

    case_id: str
    payment_key: str
    amount_fen: int
    reason: str


@value
class SuspenseSettled:
    """What a person made of suspended money: so much counts as paid, the rest is to be returned."""

    case_id: str
    payment_key: str
    applied_fen: int
    returned_fen: int


@value
class PaymentAwaited:
    """Finance says that the payment is still to come: looked at again at ``until``."""

    request_id: str
    until: datetime
