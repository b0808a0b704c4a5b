"""What may be asked of an engagement. ``record`` names the outside record that must be answered; ``at`` is its instant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from shared.kernel.value import value


@value
class Open:
    """An application for OUTP came in."""

    request_id: str
    vendor: str
    product: str | None
    at: datetime


@value
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


@value
class Dismiss:
    """Nothing was granted: denied, or withdrawn before any decision."""

    outcome: str


@value
class EndCover:
    """The cover behind the grant ended."""

    reason: str
    at: datetime


@value
class AskClocks:
    """The timer of these clocks fired."""

    clocks: tuple[str, ...]
    due_at: datetime


@value
class NearClock:
    """The last day of a hard limit has begun."""

    clock: str
    near_at: datetime


@value
class ConcludeNothingHeard:
    """Everything said before has been read, and nothing of it stopped this clock."""

    clock: str
    due_at: datetime
    at: datetime


@value
class RemindReview:
    """The timer of a review fired."""

    review_id: str
    due_at: datetime


@value
class Saying:
    """What an outside record says of a case: answered exactly once."""

    record: str
    at: datetime


@value
class HearContact(Saying):
    """The member was contacted: a first response, or feedback with a plan."""

    stage: Literal["first_response", "feedback"]


@value
class StartWait(Saying):
    """The vendor waits for the member from now on."""

    waiting_for: str


@value
class EndWait(Saying):
    """The member's answer came."""


@value
class TakePapers(Saying):
    """Papers of the case came in."""


@value
class ReportNotStartable(Saying):
    """The specialist found that the service cannot be started."""

    reason: str


@value
class DeclineRecords(Saying):
    """The member declines to give records."""


@value
class Withdraw(Saying):
    """The member no longer wants the service, or cancels the visit."""


@value
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


@value
class ReportCall(Saying):
    """The member was called before the visit."""

    id_reminder: bool


@value
class DeclineCompany(Saying):
    """The member wants no company at the visit."""


@value
class ReportHardToCoordinate(Saying):
    """The hospital is hard to coordinate."""


@value
class Attend(Saying):
    """The member was seen."""

    attended_on: date
    accompanied: bool = False
    accompanied_minutes: int | None = None
    hospital_fees_fen: int | None = None


@value
class Miss(Saying):
    """The member did not come, or too late."""

    registration_fee_fen: int | None = None


@value
class Disrupt(Saying):
    """The confirmed visit cannot be given."""

    cause: str


@value
class DeclineSlot(Saying):
    """No new slot was found, or the member declines it."""


@value
class DecideReview(Saying):
    """A person decided a review."""

    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str
    role: str


Command = Open | Grant | Dismiss | EndCover | AskClocks | NearClock | ConcludeNothingHeard | RemindReview | Saying
