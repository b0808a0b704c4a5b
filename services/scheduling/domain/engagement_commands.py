"""What may be asked of an engagement. ``record`` names the outside record that must be answered; ``at`` is its instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Open:
    """An application for OUTP came in."""

    request_id: str
    vendor: str
    product: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """Entitlement said yes. ``hospital`` and ``department``: what the member designated in the application.

    ``settled``: doubts about that hospital which a person at entitlement has already answered.
    """

    request_id: str
    vendor: str
    product: str
    edition: str
    calendar: str
    member_ref: str
    held: bool
    at: datetime
    hospital: str | None = None
    department: str | None = None
    names_expert: bool = False
    settled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Nothing was granted: denied, or withdrawn before any decision."""

    outcome: str


@dataclass(frozen=True, slots=True)
class EndCover:
    """The cover behind the grant ended."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AskClocks:
    """The timer of these clocks fired."""

    clocks: tuple[str, ...]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class NearClock:
    """The last day of a hard limit has begun."""

    clock: str
    near_at: datetime


@dataclass(frozen=True, slots=True)
class ConcludeNothingHeard:
    """Everything said before has been read, and nothing of it stopped this clock."""

    clock: str
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class RemindReview:
    """The timer of a review fired."""

    review_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Saying:
    """What an outside record says of a case: answered exactly once."""

    record: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HearContact(Saying):
    """The member was contacted: a first response, or feedback with a plan."""

    stage: Literal["first_response", "feedback"]


@dataclass(frozen=True, slots=True)
class StartWait(Saying):
    """The vendor waits for the member from now on."""

    waiting_for: str


@dataclass(frozen=True, slots=True)
class EndWait(Saying):
    """The member's answer came."""


@dataclass(frozen=True, slots=True)
class TakePapers(Saying):
    """Papers of the case came in."""


@dataclass(frozen=True, slots=True)
class ReportNotStartable(Saying):
    """The specialist found that the service cannot be started."""

    reason: str


@dataclass(frozen=True, slots=True)
class DeclineRecords(Saying):
    """The member declines to give records."""


@dataclass(frozen=True, slots=True)
class Withdraw(Saying):
    """The member no longer wants the service, or cancels the visit."""


@dataclass(frozen=True, slots=True)
class Propose(Saying):
    """A slot that the hospital has confirmed; grade and ownership as in the dated master data, None where unknown."""

    hospital: str
    city: str
    department: str
    expert_rank: str
    slot_at: datetime
    network_confirmed: bool
    grade: str | None = None
    ownership: str | None = None
    military: bool = False
    privately_run_unit: bool = False
    vip_or_international: bool = False
    visit_type: str = "specialist"
    expert_source: Literal["adviser", "member"] = "adviser"
    selected_by: Literal["member", "recommended"] = "recommended"


@dataclass(frozen=True, slots=True)
class ReportCall(Saying):
    """The member was called before the visit."""

    id_reminder: bool


@dataclass(frozen=True, slots=True)
class DeclineCompany(Saying):
    """The member wants no company at the visit."""


@dataclass(frozen=True, slots=True)
class ReportHardToCoordinate(Saying):
    """The hospital is hard to coordinate."""


@dataclass(frozen=True, slots=True)
class Attend(Saying):
    """The member was seen."""

    attended_on: date
    accompanied: bool = False
    accompanied_minutes: int | None = None
    hospital_fees_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Miss(Saying):
    """The member did not come, or too late."""

    registration_fee_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Disrupt(Saying):
    """The confirmed visit cannot be given."""

    cause: str


@dataclass(frozen=True, slots=True)
class DeclineSlot(Saying):
    """No new slot was found, or the member declines it."""


@dataclass(frozen=True, slots=True)
class DecideReview(Saying):
    """A person decided a review."""

    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str
    role: str


Command = Open | Grant | Dismiss | EndCover | AskClocks | NearClock | ConcludeNothingHeard | RemindReview | Saying
