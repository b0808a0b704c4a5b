"""What became of a claim: the case, its papers, its lines. Line 0 is the claim itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from services.subsidy.domain.claimed import Account, Claimed, Pool, Voucher
from services.subsidy.domain.trip import CoverYear
from shared.kernel.law import Asked
from shared.kernel.value import value

LineEnding = Literal["approved", "capped", "paid", "refused", "expired", "closed"]

# -- the case ---------------------------------------------------------------------------------------------------------


@value
class ClaimSubmitted:
    """The claim as said, at the instant of the application (SUB-32)."""

    member_ref: str
    vendor: str
    applied_at: datetime
    claimed: Claimed


@value
class ClaimGranted:
    """The claim may be assessed, under this edition and calendar for ever."""

    edition: str
    calendar: str
    product: str
    policy_ref: str
    year: CoverYear
    granted_at: datetime


@value
class ClaimOpened:
    """Submitted and granted: the vendor gets its work order."""

    request_id: str
    vendor: str
    edition: str
    applied_at: datetime
    anchor_on: date | None
    apply_until: datetime | None


@value
class ClaimBarred:
    """Nothing to assess: denied, or withdrawn before any grant."""

    reason: str


@value
class WithdrawalKept:
    """The member withdrew before we knew of a grant; answered on the grant."""

    record: str


@value
class RecordApplied:
    """An outside record took effect."""

    record: str


@value
class RecordRefused:
    """An outside record had no effect: why, by which rule, where in it."""

    record: str
    reason: str
    rule: str | None = None
    pointer: str | None = None


@value
class VisitAwaited:
    """The claim names visits that we do not know yet: looked at again at ``until``."""

    visits: tuple[str, ...]
    until: datetime


@value
class FeedbackGiven:
    """The vendor gave feedback with a plan (SLA-23, SLA-46)."""

    at: datetime


@value
class MemberAwaited:
    """The vendor waits for the member (INT-38, SLA-D03)."""

    request_id: str
    waiting_for: str
    since: datetime


@value
class MemberHeard:
    """The member answered."""

    request_id: str
    waiting_for: str
    since: datetime
    at: datetime


# -- papers -----------------------------------------------------------------------------------------------------------


@value
class Paper:
    """One missing paper, of a line or (0) of the claim, and the rule that asks for it."""

    line: int
    document: str
    rule: str


@value
class PapersAsked:
    """The member is asked for papers; after ``expires_at`` they are too late (SUB-D08)."""

    request_id: str
    vendor: str
    papers: tuple[Paper, ...]
    asked_at: datetime
    remind_at: datetime
    expires_at: datetime


@value
class PapersReminded:
    """The reminder before the papers expire."""

    request_id: str
    vendor: str
    papers: tuple[Paper, ...]
    expires_at: datetime


@value
class PapersLimitReached:
    """The limit of one asking has come: were they heard of before it?"""

    request_id: str
    clock: str
    due_at: datetime


@value
class PapersGiven:
    """Papers came in."""

    account: Account | None
    residence_proof: str | None
    treatment_proof: tuple[str, ...]
    vouchers: tuple[Voucher, ...]


@value
class PapersSettled:
    """These papers are no longer waited for."""

    papers: tuple[Paper, ...]


# -- lines ------------------------------------------------------------------------------------------------------------


@value
class ApprovedLine:
    """An approved line: what was claimed, what is payable under the cap, and the rules asked."""

    line: int
    claimed_fen: int
    payable_fen: int
    receipt: tuple[Asked, ...]


@value
class SubsidyApproved:
    """One round of decisions: complete lines approved together. A line with nothing payable has met the cap."""

    request_id: str
    vendor: str
    member_ref: str
    policy_ref: str
    product: str
    edition: str
    year: int
    round: int
    pool: Pool
    lines: tuple[ApprovedLine, ...]
    claimed_fen: int
    payable_fen: int
    limit_fen: int
    receipt: tuple[Asked, ...]
    at: datetime


@value
class RefusedLine:
    """A refused line with all its reasons."""

    line: int
    claimed_fen: int
    reasons: tuple[Asked, ...]


@value
class LinesRefused:
    """Lines refused together."""

    request_id: str
    vendor: str
    edition: str
    lines: tuple[RefusedLine, ...]
    at: datetime


@value
class LinesExpired:
    """Their papers never came: closed without prejudice (SUB-D08)."""

    request_id: str
    vendor: str
    lines: tuple[int, ...]
    papers: tuple[Paper, ...]
    at: datetime


@value
class LinesClosed:
    """Lines that end without a verdict: withdrawn, declined, not startable, payment stopped."""

    request_id: str
    vendor: str
    lines: tuple[int, ...]
    reason: str
    rule: str | None
    at: datetime


@value
class LineEnded:
    """How and when a line ended, and since when its papers were complete (SLA-24, SLA-47)."""

    line: int
    ending: LineEnding
    claimed_fen: int
    payable_fen: int
    complete_at: datetime | None
    ended_at: datetime


@value
class ClaimClosed:
    """Every line has ended."""

    request_id: str
    vendor: str
    product: str
    outcome: str
    claimed_fen: int
    approved_fen: int
    paid_fen: int
    lines: tuple[LineEnded, ...]
