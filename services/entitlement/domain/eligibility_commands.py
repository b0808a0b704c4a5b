"""What may be asked of ``eligibility/{request_id}``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from services.entitlement.domain.eligibility_facts import Filed, ReviewKind
from services.entitlement.domain.member import BarDisease
from shared.kernel.law import Receipt
from shared.kernel.value import value


@value
class Wait:
    """The member or the policy is not known yet."""

    filed: Filed
    reason: str
    ask_again_at: tuple[datetime, ...]


@value
class Ruling:
    """What the law says of the request under one policy (or, refused by all, under none)."""

    receipt: Receipt
    product: str | None = None
    edition: str | None = None
    policy_ref: str | None = None
    birth_date: date | None = None
    year: tuple[int, date, date] | None = None
    sum_insured_fen: int = 0
    limit: int | None = None
    bar: BarDisease | None = None


@value
class Decide:
    """Say the ruling. ``answers``: by the very record of the submission; ``papers_until``: how long a paper is awaited."""

    filed: Filed
    ruling: Ruling
    calendar: str
    review_due_at: datetime
    papers_until: datetime | None
    answers: bool


@value
class CallReview:
    """Ask a person about something other than the decision itself."""

    kind: ReviewKind
    receipt: Receipt
    due_at: datetime
    action: str | None = None


@value
class SettleReview:
    """A person's answer."""

    cause: str
    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str
    role: str


@value
class MarkLate:
    """The time of a review is over."""

    review_id: str


@value
class AskPapers:
    """The limit of the missing paper has come."""

    due_at: datetime


@value
class Withdraw:
    """The member no longer wants the service."""

    cause: str
    service: str
    vendor: str


@value
class Reassess:
    """The law was asked again after a backdated record."""

    receipt: Receipt
    due_at: datetime


Command = Wait | Decide | CallReview | SettleReview | MarkLate | AskPapers | Withdraw | Reassess
