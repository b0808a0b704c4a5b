"""What is said in ``eligibility/{request_id}``: from the submission to the decision, and everything a person added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from services.entitlement.domain.answers import RecordApplied, RecordRefused
from shared.kernel.law import Asked
from shared.kernel.value import value

Owner = Literal["medical_reviewer", "operations", "finance", "insurer"]
ReviewKind = Literal["decision", "unknown", "conflict", "reassessment"]


@value
class Filed:
    """The application as it was published to us, and its instant: kept, since it is decided again and handed on."""

    application: dict[str, Any]
    at: datetime


@value
class WaitStarted:
    """The member or the policy is not known yet: topics have no order among themselves."""

    filed: Filed
    reason: str
    ask_again_at: tuple[datetime, ...]


@value
class PapersAsked:
    """A paper is missing and nothing else stands against the request (ENT-D14): it waits for the member until then."""

    filed: Filed
    receipt: tuple[Asked, ...]
    until: datetime
    answers: bool


@value
class PapersLimitReached:
    """The limit of a missing paper has come: was it heard of before?"""

    request_id: str
    member_ref: str
    clock: str
    due_at: datetime


@value
class Granted:
    """Yes. ``answers``: said by the very record, so that it answers it."""

    filed: Filed
    product: str
    edition: str
    calendar: str
    policy_ref: str
    birth_date: date
    year: int
    year_starts_on: date
    year_ends_on: date
    sum_insured_fen: int
    held: bool
    receipt: tuple[Asked, ...]
    answers: bool


@value
class Denied:
    """No, with all reasons."""

    filed: Filed
    product: str | None
    edition: str | None
    receipt: tuple[Asked, ...]
    answers: bool


@value
class ReviewCalled:
    """A person must decide. ``receipt``: everything asked; its reviews are the reasons."""

    review_id: str
    kind: ReviewKind
    owner: Owner
    receipt: tuple[Asked, ...]
    due_at: datetime
    member_ref: str
    answers: bool
    filed: Filed | None = None
    action: str | None = None


@value
class ReviewSettled:
    """A person decided, with reason and staff number."""

    cause: str
    member_ref: str
    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str
    role: str


@value
class ReviewRanLate:
    """The person's time is over; the review stays open."""

    review_id: str


@value
class Withdrawn:
    """The member withdrew before anything was granted. ``moot``: reviews that nobody needs to decide any more."""

    cause: str
    member_ref: str
    service: str
    vendor: str
    moot: tuple[str, ...]


@value
class Reassessed:
    """What the decision would be on what is known now; it stands (pipeline: decisions are never edited)."""

    member_ref: str
    verdict: str
    receipt: tuple[Asked, ...]


Fact = (
    WaitStarted
    | PapersAsked
    | PapersLimitReached
    | Granted
    | Denied
    | ReviewCalled
    | ReviewSettled
    | ReviewRanLate
    | Withdrawn
    | Reassessed
    | RecordApplied
    | RecordRefused
)
