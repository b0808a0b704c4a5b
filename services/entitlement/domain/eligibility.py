"""``eligibility/{request_id}``: the decision of one request: waiting, in review, granted, denied or withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from services.entitlement.domain.answers import RecordApplied, RecordRefused
from services.entitlement.domain.eligibility_commands import (
    AskPapers,
    CallReview,
    Command,
    Decide,
    MarkLate,
    Reassess,
    SettleReview,
    Wait,
    Withdraw,
)
from services.entitlement.domain.eligibility_facts import (
    Denied,
    Fact,
    Filed,
    Granted,
    Owner,
    PapersAsked,
    PapersLimitReached,
    Reassessed,
    ReviewCalled,
    ReviewKind,
    ReviewRanLate,
    ReviewSettled,
    WaitStarted,
    Withdrawn,
)
from services.entitlement.domain.law import RULES, owner_of
from shared.kernel.aggregate import Aggregate
from shared.kernel.law import Asked, Receipt
from shared.kernel.value import value

PAPERS = "ENT-D14"  # the clock of a missing paper, by its rule
Phase = Literal["new", "waiting", "papers", "review", "granted", "denied", "withdrawn"]

# -- state ------------------------------------------------------------------------------------------------------------


@value
class OpenReview:
    """One review. ``reasons``: what it answers, as (rule, reason); ``owner``: the one role that decides it."""

    kind: ReviewKind
    reasons: tuple[tuple[str, str], ...]
    receipt: tuple[Asked, ...] = ()
    action: str | None = None
    settled: bool = False
    late: bool = False
    owner: Owner = "operations"


@value
class Eligibility:
    """One request. ``answered``: what persons have answered with yes, as (rule, reason, actor)."""

    phase: Phase = "new"
    filed: Filed | None = None
    product: str | None = None
    edition: str | None = None
    policy_ref: str | None = None
    year: int | None = None
    held: bool = False
    reviews: tuple[tuple[str, OpenReview], ...] = ()
    answered: tuple[tuple[str, str, str], ...] = ()
    verdict: str | None = None
    seen: tuple[str, ...] = ()
    papers_until: datetime | None = None
    papers_limit_reached: bool = False

    @property
    def application(self) -> dict[str, Any]:
        """The application as published to us."""
        return {} if self.filed is None else self.filed.application

    @property
    def request_id(self) -> str:
        return str(self.application.get("request_id", ""))

    @property
    def member_ref(self) -> str:
        return str(self.application.get("member_ref", ""))

    def review(self, review_id: str) -> OpenReview | None:
        """A review by its id."""
        return dict(self.reviews).get(review_id)


__all__ = ["ELIGIBILITY", "RULES", "Eligibility", "OpenReview", "decide", "evolve", "next_review_id", "no_say"]

# -- the law ----------------------------------------------------------------------------------------------------------


def next_review_id(state: Eligibility, request_id: str) -> str:
    """Reviews of a request are numbered as they are opened."""
    return f"{request_id}-E{len(state.reviews) + 1}"


def decide(command: Command, state: Eligibility) -> list[Fact]:
    """The facts a command brings about; none where they were said before."""
    match command:
        case Decide():
            return _decide(command, state)
        case Wait():
            started = WaitStarted(command.filed, command.reason, command.ask_again_at)
            return [started] if state.phase == "new" else []
        case CallReview():
            if any(not r.settled and (r.kind, r.action) == (command.kind, command.action) for _, r in state.reviews):
                return []
            return [_review(state, command.kind, command.receipt, command.due_at, action=command.action)]
        case SettleReview():
            return _settle(command, state)
        case MarkLate() | AskPapers():
            return _time_passes(command, state)
        case Withdraw():
            return _withdraw(command, state)
        case Reassess():
            return _reassess(command, state)


def _time_passes(command: MarkLate | AskPapers, state: Eligibility) -> list[Fact]:
    if isinstance(command, AskPapers):
        waits = state.phase == "papers" and state.papers_until == command.due_at and not state.papers_limit_reached
        return [PapersLimitReached(state.request_id, state.member_ref, PAPERS, command.due_at)] if waits else []
    review = state.review(command.review_id)
    late = review is not None and not review.settled and not review.late
    return [ReviewRanLate(command.review_id)] if late else []


def _decide(command: Decide, state: Eligibility) -> list[Fact]:
    if state.phase not in ("new", "waiting", "papers", "review"):
        return []
    ruling, asked = command.ruling, command.ruling.receipt.asked
    verdict = ruling.receipt.verdict
    if verdict == "refuse":
        if command.papers_until is not None and all(no.reason == "WAITING_DOCUMENT" for no in ruling.receipt.refusals):
            asked_before = state.phase == "papers"
            return [] if asked_before else [PapersAsked(command.filed, asked, command.papers_until, command.answers)]
        return [Denied(command.filed, ruling.product, ruling.edition, asked, command.answers)]
    if verdict == "review":
        reasons = _reasons(ruling.receipt)
        if any(not r.settled and set(reasons) <= set(r.reasons) for _, r in state.reviews):
            return []
        kind: ReviewKind = (
            "unknown" if {"MEMBER_UNKNOWN", "POLICY_UNKNOWN"} & {why for _, why in reasons} else "decision"
        )
        return [
            _review(state, kind, ruling.receipt, command.review_due_at, answers=command.answers, filed=command.filed)
        ]
    if ruling.product is None or ruling.edition is None or ruling.policy_ref is None or ruling.year is None:
        return []
    if ruling.birth_date is None:
        return []
    return [
        Granted(
            command.filed, ruling.product, ruling.edition, command.calendar, ruling.policy_ref, ruling.birth_date,
            *ruling.year, ruling.sum_insured_fen, ruling.limit is not None, asked, command.answers,
        )
    ]  # fmt: skip


def _reasons(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    return tuple((a.rule, a.reason or "") for a in receipt.reviews)


def _review(
    state: Eligibility,
    kind: ReviewKind,
    receipt: Receipt,
    due_at: datetime,
    *,
    answers: bool = False,
    filed: Filed | None = None,
    action: str | None = None,
) -> ReviewCalled:
    request_id = state.request_id or str(filed.application["request_id"] if filed is not None else "")
    review_id = next_review_id(state, request_id)
    member_ref = state.member_ref or str(filed.application["member_ref"] if filed is not None else "")
    return ReviewCalled(review_id, kind, owner_of(receipt), receipt.asked, due_at, member_ref, answers, filed, action)


def no_say(command: SettleReview, review: OpenReview | None) -> RecordRefused | None:
    """Why this person decides nothing here: no such review, none that is open, or not the owner's role."""
    if review is None:
        return RecordRefused(command.cause, "UNKNOWN_REVIEW", None, "/data/review_id")
    if review.settled:
        return RecordRefused(command.cause, "REVIEW_NOT_OPEN", None, "/data/review_id")
    if command.role != review.owner:
        return RecordRefused(command.cause, "ROLE_NOT_ALLOWED", None, "/data/actor/role")
    return None


def _settle(command: SettleReview, state: Eligibility) -> list[Fact]:
    if command.cause in state.seen:
        return []
    review = state.review(command.review_id)
    refused = no_say(command, review)
    if refused is not None or review is None:
        return [] if refused is None else [refused]
    return [
        ReviewSettled(
            command.cause,
            state.member_ref,
            command.review_id,
            command.decision,
            command.reason,
            command.actor,
            command.role,
        ),
        *_consequence(command, review, state),
    ]


def _consequence(command: SettleReview, review: OpenReview, state: Eligibility) -> list[Fact]:
    """What a "refuse" comes to at once; a "grant" of a decision is decided anew by the caller."""
    if command.decision == "grant" or state.filed is None:
        return []
    if review.kind in ("decision", "unknown") and state.phase == "review":
        refused = tuple(
            Asked(a.rule, "refuse", command.reason, {**a.facts, "reviewed": a.reason, "reviewed_by": command.actor})
            if a.outcome == "review" else a
            for a in review.receipt
        )  # fmt: skip
        return [Denied(state.filed, state.product, state.edition, refused, False)]
    return []


def _withdraw(command: Withdraw, state: Eligibility) -> list[Fact]:
    if command.cause in state.seen or state.phase == "granted":
        return []  # after a grant the performer answers
    if state.phase in ("denied", "withdrawn"):
        reason = "ALREADY_DENIED" if state.phase == "denied" else "ALREADY_WITHDRAWN"
        return [RecordRefused(command.cause, reason, "INT-03", "/subject")]
    moot = tuple(review_id for review_id, r in state.reviews if not r.settled)
    return [Withdrawn(command.cause, state.member_ref, command.service, command.vendor, moot)]


def _reassess(command: Reassess, state: Eligibility) -> list[Fact]:
    verdict = command.receipt.verdict
    if state.phase not in ("granted", "denied") or verdict == state.verdict:
        return []
    facts: list[Fact] = [Reassessed(state.member_ref, verdict, command.receipt.asked)]
    waiting = any(r.kind == "reassessment" and not r.settled for _, r in state.reviews)
    if state.phase == "granted" and verdict != "pass" and not waiting:
        facts.append(_review(state, "reassessment", command.receipt, command.due_at))
    return facts


def evolve(state: Eligibility, fact: Fact) -> Eligibility:
    """The request after a fact."""
    match fact:
        case WaitStarted():
            return replace(state, phase="waiting", filed=fact.filed)
        case PapersAsked():
            return replace(state, phase="papers", filed=fact.filed, papers_until=fact.until, papers_limit_reached=False)
        case PapersLimitReached():
            return replace(state, papers_limit_reached=True)
        case Granted() | Denied():
            return _decided(state, fact)
        case ReviewCalled() | ReviewSettled() | ReviewRanLate():
            return _reviewed(state, fact)
        case Withdrawn():
            for review_id in fact.moot:
                state = _with_review(state, review_id, settled=True)
            return replace(state, phase="withdrawn", seen=(*state.seen, fact.cause))
        case Reassessed():
            return replace(state, verdict=fact.verdict)
        case RecordApplied() | RecordRefused():
            return replace(state, seen=(*state.seen, fact.cause))


def _reviewed(state: Eligibility, fact: ReviewCalled | ReviewSettled | ReviewRanLate) -> Eligibility:
    if isinstance(fact, ReviewCalled):
        return _called(state, fact)
    if isinstance(fact, ReviewSettled):
        return _settled(state, fact)
    return _with_review(state, fact.review_id, late=True)


def _decided(state: Eligibility, fact: Granted | Denied) -> Eligibility:
    granted = fact if isinstance(fact, Granted) else None
    return Eligibility(
        phase="granted" if granted else "denied",
        filed=fact.filed,
        product=fact.product,
        edition=fact.edition,
        policy_ref=granted.policy_ref if granted else state.policy_ref,
        year=granted.year if granted else state.year,
        held=granted is not None and granted.held,
        reviews=state.reviews,
        answered=state.answered,
        verdict="pass" if granted else "refuse",
        seen=state.seen,
    )


def _called(state: Eligibility, fact: ReviewCalled) -> Eligibility:
    called = OpenReview(fact.kind, _reasons(Receipt(fact.receipt)), fact.receipt, fact.action, owner=fact.owner)
    phase: Phase = "review" if fact.kind in ("decision", "unknown") else state.phase
    return replace(
        state, phase=phase, filed=fact.filed or state.filed, reviews=(*state.reviews, (fact.review_id, called))
    )


def _settled(state: Eligibility, fact: ReviewSettled) -> Eligibility:
    review = state.review(fact.review_id)
    if review is None:
        return state
    state = replace(_with_review(state, fact.review_id, settled=True), seen=(*state.seen, fact.cause))
    if fact.decision == "refuse":
        return state
    return replace(state, answered=(*state.answered, *((*why, fact.actor) for why in review.reasons)))


def _with_review(state: Eligibility, review_id: str, **changes: bool) -> Eligibility:
    reviews = tuple((i, replace(r, **changes) if i == review_id else r) for i, r in state.reviews)  # type: ignore[arg-type]
    return replace(state, reviews=reviews)


ELIGIBILITY = Aggregate("eligibility", Eligibility, evolve)
