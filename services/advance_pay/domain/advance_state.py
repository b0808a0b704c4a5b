"""The state of one advance, and what each fact makes of it. Total and pure: it never refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from services.advance_pay.domain import accounts
from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import clock_facts as k
from services.advance_pay.domain import money_facts as m
from shared.calendar import Deadline, Pause
from shared.kernel.law import Asked
from shared.kernel.value import value
from shared.ledger import EMPTY, Book


@value
class RunningClock:
    """A clock that has been started and not stopped."""

    clock: str
    step: str
    rule: str
    basis: str
    out: k.Out
    plain: Deadline
    deadline: Deadline
    asked: bool = False
    ran_out: bool = False


@value
class KeptClaim:
    """A claim that waits for the stay to be settled."""

    claim_key: str
    payable_fen: int


@value
class AdvanceState:
    """``phase``: absent → submitted → collecting → reviewing → deciding → approved → tracking → settled → refunding → closed."""

    phase: str = "absent"
    member_ref: str = ""
    vendor: str = ""
    product: str = ""
    edition: str = ""
    year: int = 0
    sum_insured_fen: int = 0
    cause: str = "illness"
    stay: f.Stay | None = None
    diagnosis: f.DiagnosisSeen | None = None
    settled_reasons: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    withdrawal: f.WithdrawalRemembered | None = None
    contacted_at: datetime | None = None
    guided: bool = False
    kinds: frozenset[str] = frozenset()
    finding: m.PreReviewFound | None = None
    approved_fen: int = 0
    decided: str | None = None
    agreement: m.AgreementRecorded | None = None
    clocks: dict[str, RunningClock] = field(default_factory=dict)
    waiting_for: str | None = None
    waiting_since: datetime | None = None
    waits: tuple[Pause, ...] = ()
    reviews: dict[str, f.ReviewAsked] = field(default_factory=dict)
    reviews_opened: int = 0
    book: Book = EMPTY
    advanced_fen: int = 0
    returned_fen: int = 0
    offset_fen: int = 0
    refunded_fen: int = 0
    written_off_fen: int = 0
    discharged: bool = False
    discharge_noted: bool = False
    originals: str = ""
    file_compiled: bool = False
    file_sent: bool = False
    adjudicated: bool = False
    kept_claims: tuple[KeptClaim, ...] = ()
    claims: frozenset[str] = frozenset()
    outcome: str | None = None
    finished: bool = False

    @property
    def granted(self) -> bool:
        return bool(self.edition)

    @property
    def outstanding_fen(self) -> int:
        """What the member's case still owes: the sum of the two accounts, never stored."""
        return self.book.balance(accounts.ADVANCED.code) + self.refund_due_fen

    @property
    def refund_due_fen(self) -> int:
        return self.book.balance(accounts.REFUND_DUE.code)

    @property
    def vendor_due_fen(self) -> int:
        return self.book.balance(accounts.VENDOR_DUE.code)

    @property
    def suspended(self) -> bool:
        """Whether money lies in suspense."""
        paid, received = accounts.SUSPENSE_PAID.code, accounts.SUSPENSE_RECEIVED.code
        return bool(self.book.balance(paid) or self.book.balance(received))

    @property
    def money_moved(self) -> bool:
        return bool(self.book.postings)

    @property
    def clear(self) -> bool:
        """Nothing owed to anyone, nothing unexplained (ADV-D03)."""
        return not (self.outstanding_fen or self.vendor_due_fen or self.suspended)

    @property
    def next_posting(self) -> str:
        return f"p{len(self.book.postings) + 1}"

    def clock_of(self, step: str) -> RunningClock | None:
        return next((c for c in self.clocks.values() if c.step == step), None)

    def reviewing_reasons(self) -> frozenset[str]:
        asked: tuple[Asked, ...] = tuple(a for r in self.reviews.values() for a in r.reasons)
        return frozenset(a.reason for a in asked if a.reason)


Evolve = Callable[[AdvanceState, Any], AdvanceState]


def _requested(s: AdvanceState, e: f.AdvanceRequested) -> AdvanceState:
    phase = "submitted" if s.phase == "absent" else s.phase
    return replace(s, phase=phase, member_ref=e.member_ref, vendor=e.vendor, kinds=s.kinds | set(e.kinds))


def _granted(s: AdvanceState, e: f.AdvanceGranted) -> AdvanceState:
    return replace(
        s, phase="collecting", member_ref=e.member_ref, vendor=e.vendor, product=e.product, edition=e.edition,
        year=e.year, sum_insured_fen=e.sum_insured_fen, cause=e.cause, stay=e.stay, diagnosis=e.diagnosis,
        kinds=s.kinds | set(e.kinds), settled_reasons=frozenset(e.settled_reasons),
    )  # fmt: skip


def _not_granted(s: AdvanceState, e: f.AdvanceNotGranted) -> AdvanceState:
    return replace(s, phase="closed", outcome=e.outcome, finished=True)


def _closed(s: AdvanceState, e: f.CaseClosed) -> AdvanceState:
    decided = None if s.decided == "approved" else s.decided
    return replace(s, phase="closed", outcome=e.outcome, approved_fen=0, decided=decided)


def _finished(s: AdvanceState, e: f.CaseFinished) -> AdvanceState:
    return replace(s, phase="closed", outcome=e.outcome, finished=True)


def _seen(s: AdvanceState, e: f.RecordApplied | f.RecordRefused) -> AdvanceState:
    return replace(s, seen=s.seen | {e.cause})


def _remembered(s: AdvanceState, e: f.WithdrawalRemembered) -> AdvanceState:
    return replace(s, withdrawal=e, seen=s.seen | {e.cause})


def _clock(s: AdvanceState, e: k.ClockStarted) -> AdvanceState:
    one = RunningClock(e.clock, e.step, e.rule, e.basis, e.out, e.deadline, e.deadline)
    return replace(s, clocks={**s.clocks, e.clock: one})


def _change(s: AdvanceState, clock: str, **changes: Any) -> AdvanceState:
    if clock not in s.clocks:
        return s
    return replace(s, clocks={**s.clocks, clock: replace(s.clocks[clock], **changes)})


def _stopped(s: AdvanceState, e: k.ClockStopped | k.ClockDropped) -> AdvanceState:
    return replace(s, clocks={k: c for k, c in s.clocks.items() if k != e.clock})


def _review(s: AdvanceState, e: f.ReviewAsked) -> AdvanceState:
    phase = "deciding" if e.kind == "pre_review" else s.phase
    return replace(s, phase=phase, reviews={**s.reviews, e.review_id: e}, reviews_opened=s.reviews_opened + 1)


def _review_settled(s: AdvanceState, e: f.ReviewSettled) -> AdvanceState:
    return replace(s, reviews={k: r for k, r in s.reviews.items() if k != e.review_id})


def _decided(s: AdvanceState, e: m.PreReviewDecided) -> AdvanceState:
    if e.decision == "approved":
        return replace(s, phase="approved", decided=e.decision, approved_fen=e.amount_fen)
    return replace(s, decided=e.decision)


def _advanced(s: AdvanceState, e: m.DepositAdvanced) -> AdvanceState:
    after = "settled" if s.discharged else "tracking"
    phase = "refunding" if s.phase == "refunding" else after
    return replace(s, phase=phase, advanced_fen=s.advanced_fen + e.amount_fen)


def _settled(s: AdvanceState, e: m.AdvanceSettled) -> AdvanceState:
    phase = "refunding" if s.phase == "refunding" else "settled"
    return replace(s, phase=phase, discharged=True, originals=e.originals, returned_fen=s.returned_fen + e.returned_fen)


def _kept(s: AdvanceState, e: m.ClaimKept) -> AdvanceState:
    kept = (*s.kept_claims, KeptClaim(e.claim_key, e.payable_fen))
    return replace(s, kept_claims=kept, claims=s.claims | {e.claim_key})


def _offset(s: AdvanceState, e: m.ClaimOffset) -> AdvanceState:
    kept = tuple(c for c in s.kept_claims if c.claim_key != e.claim_key)
    return replace(
        s, adjudicated=True, kept_claims=kept, claims=s.claims | {e.claim_key}, offset_fen=s.offset_fen + e.offset_fen
    )


def _demanded(s: AdvanceState, e: m.RefundDemanded) -> AdvanceState:
    return replace(s, phase="refunding") if e.debtor == "member" else s


def _refunded(s: AdvanceState, e: m.RefundSettled) -> AdvanceState:
    return replace(s, refunded_fen=s.refunded_fen + e.amount_fen) if e.debtor == "member" else s


def _written_off(s: AdvanceState, e: m.AdvanceWrittenOff) -> AdvanceState:
    return replace(s, written_off_fen=s.written_off_fen + e.amount_fen) if e.debtor == "member" else s


_EVOLVE: dict[type, Evolve] = {
    f.AdvanceRequested: _requested,
    f.AdvanceGranted: _granted,
    f.AdvanceNotGranted: _not_granted,
    f.CaseClosed: _closed,
    f.CaseFinished: _finished,
    f.RecordApplied: _seen,
    f.RecordRefused: _seen,
    f.WithdrawalRemembered: _remembered,
    f.ContactRecorded: lambda s, e: replace(s, contacted_at=s.contacted_at or e.at),
    f.GuidanceRecorded: lambda s, e: replace(s, guided=True),
    f.PapersReceived: lambda s, e: replace(s, kinds=s.kinds | set(e.kinds)),
    f.DocumentsCompleted: lambda s, e: replace(s, phase="reviewing"),
    k.MemberWaitBegan: lambda s, e: replace(s, waiting_for=e.waiting_for, waiting_since=e.at),
    k.MemberWaitOver: lambda s, e: replace(
        s, waiting_for=None, waiting_since=None, waits=(*s.waits, (e.begun_at, e.ended_at))
    ),
    k.ClockStarted: _clock,
    k.ClockMoved: lambda s, e: _change(s, e.clock, deadline=e.deadline, asked=False),
    k.ClockStopped: _stopped,
    k.ClockDropped: _stopped,
    k.ClockAsked: lambda s, e: _change(s, e.clock, asked=True),
    k.ClockRanOut: lambda s, e: _change(s, e.clock, ran_out=True),
    f.ReviewAsked: _review,
    f.ReviewSettled: _review_settled,
    m.PreReviewFound: lambda s, e: replace(s, finding=e),
    m.PreReviewDecided: _decided,
    m.AgreementRecorded: lambda s, e: replace(s, agreement=e),
    m.Posted: lambda s, e: replace(s, book=s.book.add(e.posting)),
    m.DepositAdvanced: _advanced,
    m.DischargeNoted: lambda s, e: replace(s, discharge_noted=True),
    m.AdvanceSettled: _settled,
    m.ClaimFileCompiled: lambda s, e: replace(s, file_compiled=True),
    m.ClaimFileSent: lambda s, e: replace(s, file_sent=True),
    m.ClaimKept: _kept,
    m.ClaimOffset: _offset,
    m.RefundDemanded: _demanded,
    m.RefundSettled: _refunded,
    m.AdvanceWrittenOff: _written_off,
}


def evolve(state: AdvanceState, fact: Any) -> AdvanceState:
    """The state after one more fact; facts that only say something outside leave it as it is."""
    change = _EVOLVE.get(type(fact))
    return change(state, fact) if change else state
