"""Fact → published events, or silence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from services.entitlement.domain.allowance_facts import CoverEndTold, LimitExceeded
from services.entitlement.domain.answers import RecordApplied, RecordRefused
from services.entitlement.domain.cover_facts import CoverIssued, CoverRenewed, ForceChanged, SumInsuredChanged
from services.entitlement.domain.eligibility_facts import (
    Denied,
    Granted,
    PapersAsked,
    PapersLimitReached,
    Reassessed,
    ReviewCalled,
    ReviewSettled,
    WaitStarted,
    Withdrawn,
)
from services.entitlement.domain.member import MemberJoined, MemberLeft
from shared.contracts.base import AskedRule
from shared.contracts.entitlement import (
    CoverEnded,
    EligibilityDenied,
    EligibilityGranted,
    EligibilityReassessed,
    EligibilityWithdrawn,
    OverLimitRecognised,
)
from shared.contracts.messaging import ClockDue, OutcomeTold, RecordAnswered, ReviewClosed, ReviewOpened
from shared.event_store.stored import Stored
from shared.kernel.law import Asked
from shared.messaging.wiring import Publication

_TAKEN = (
    WaitStarted,
    CoverIssued,
    CoverRenewed,
    ForceChanged,
    SumInsuredChanged,
    MemberJoined,
    MemberLeft,
    RecordApplied,
)
_OF_REQUEST = ("request_id", "service", "vendor", "member_ref")


def outbound(stored: Stored) -> Sequence[Publication]:
    """What one fact says to the others."""
    fact = stored.fact
    if isinstance(fact, Granted):
        return _granted(stored, fact)
    if isinstance(fact, _TAKEN):
        return [_answer(stored)]
    match fact:
        case Denied():
            return _denied(stored, fact)
        case PapersAsked():
            return _papers(stored, fact)
        case PapersLimitReached():
            due = ClockDue(request_id=fact.request_id, clock=fact.clock, due_at=fact.due_at)
            return [_said("ClockDue.v1", due, fact.request_id, fact.member_ref)]
        case RecordRefused():
            return [_answer(stored, fact)]
        case CoverEndTold() | LimitExceeded():
            return [_of_year(stored, fact)]
    return _of_review(stored)


def _granted(stored: Stored, fact: Granted) -> list[Publication]:
    filed = fact.filed.application
    event = EligibilityGranted.model_validate(
        {
            **{name: filed[name] for name in _OF_REQUEST},
            "product": fact.product,
            "edition": fact.edition,
            "calendar": fact.calendar,
            "policy_ref": fact.policy_ref,
            "birth_date": fact.birth_date,
            "year": {"ordinal": fact.year, "starts_on": fact.year_starts_on, "ends_on": fact.year_ends_on},
            "sum_insured_fen": fact.sum_insured_fen,
            "held": fact.held,
            "receipt": _raw(fact.receipt),
            "application": filed,
        },
        strict=False,
    )  # one pass for the whole event: this is the hot path
    said = _said("EligibilityGranted.v1", event, event.request_id, event.member_ref)
    return [said, _answer(stored)] if fact.answers else [said]


def _denied(stored: Stored, fact: Denied) -> list[Publication]:
    filed = fact.filed.application
    event = EligibilityDenied.model_validate(
        {
            **{name: filed[name] for name in _OF_REQUEST},
            "product": fact.product,
            "edition": fact.edition,
            "receipt": _raw(fact.receipt),
        },
        strict=False,
    )
    said = _said("EligibilityDenied.v1", event, event.request_id, event.member_ref)
    return [said, _answer(stored)] if fact.answers else [said]


def _papers(stored: Stored, fact: PapersAsked) -> list[Publication]:
    """The vendor learns which paper the request waits for, and until when."""
    filed = fact.filed.application
    missing = tuple(a for a in fact.receipt if a.outcome == "refuse")
    told = OutcomeTold(
        request_id=filed["request_id"],
        vendor=filed["vendor"],
        service=filed["service"],
        outcome="WAITING_DOCUMENT",
        reasons=lines(missing),
        details={"documents": [a.remedy["document"] for a in missing], "until": fact.until.isoformat()},
    )
    said = _said("OutcomeTold.v1", told, filed["request_id"], filed["member_ref"])
    return [said, _answer(stored)] if fact.answers else [said]


def _of_year(stored: Stored, fact: CoverEndTold | LimitExceeded) -> Publication:
    member_ref = stored.stream.split("/")[1]
    if isinstance(fact, CoverEndTold):
        ended = CoverEnded(request_id=fact.request_id, reason=fact.reason)
        return _said("CoverEnded.v1", ended, fact.request_id, member_ref)
    over = OverLimitRecognised.model_validate(
        {"request_id": fact.request_id, "service": fact.service, "used": fact.used, "limit": fact.limit}
    )
    return _said("OverLimitRecognised.v1", over, fact.request_id, member_ref)


def _of_review(stored: Stored) -> Sequence[Publication]:
    request_id = stored.stream.partition("/")[2]
    match stored.fact:
        case ReviewCalled() as called:
            opened = ReviewOpened(
                review_id=called.review_id,
                request_id=request_id,
                owner=called.owner,
                reasons=lines(tuple(a for a in called.receipt if a.outcome == "review")),
                due_at=called.due_at,
            )
            said = _said("ReviewOpened.v1", opened, request_id, called.member_ref)
            return [said, _answer(stored)] if called.answers else [said]
        case ReviewSettled() as settled:
            closed = ReviewClosed(
                review_id=settled.review_id,
                request_id=request_id,
                decision=settled.decision,
                reason=settled.reason,
                actor=settled.actor,
            )
            return [_said("ReviewClosed.v1", closed, request_id, settled.member_ref), _answer(stored)]
        case Withdrawn() as withdrawn:
            return _withdrawn(stored, withdrawn, request_id)
        case Reassessed() as again:
            event = EligibilityReassessed(request_id=request_id, verdict=again.verdict, receipt=lines(again.receipt))
            return [_said("EligibilityReassessed.v1", event, request_id, again.member_ref)]
    return ()


def _withdrawn(stored: Stored, fact: Withdrawn, request_id: str) -> list[Publication]:
    event = EligibilityWithdrawn.model_validate(
        {"request_id": request_id, "service": fact.service, "vendor": fact.vendor}
    )
    moot = [
        ReviewClosed(review_id=r, request_id=request_id, decision="refuse", reason="WITHDRAWN", actor="member")
        for r in fact.moot
    ]
    return [
        _said("EligibilityWithdrawn.v1", event, request_id, fact.member_ref),
        *(_said("ReviewClosed.v1", closed, request_id, fact.member_ref) for closed in moot),
        _answer(stored),
    ]


def _said(type_: str, event: object, request_id: str, member_ref: str) -> Publication:
    """A request's event travels under its request and its member, whatever brought it about."""
    return Publication(type_, event, subject=request_id, key=member_ref)  # type: ignore[arg-type]


def _answer(stored: Stored, refused: RecordRefused | None = None) -> Publication:
    cause = str(stored.correlation)
    if refused is None:
        return Publication("RecordAnswered.v1", RecordAnswered(cause=cause, answer="applied"))
    answer = RecordAnswered(
        cause=cause, answer="refused", reason=refused.reason, rule=refused.rule, pointer=refused.pointer
    )
    return Publication("RecordAnswered.v1", answer)


def _raw(receipt: tuple[Asked, ...]) -> list[object]:
    """A receipt for one validation of a whole event; the many lines that only say "passed" are made once."""
    return [
        _passed(a.rule)
        if a.outcome == "pass" and not a.facts
        else {"rule": a.rule, "outcome": a.outcome, "reason": a.reason, "facts": a.facts, "remedy": a.remedy}
        for a in receipt
    ]


@cache
def _passed(rule: str) -> AskedRule:
    return AskedRule(rule=rule, outcome="pass")


def lines(receipt: tuple[Asked, ...]) -> list[AskedRule]:
    """A receipt in the published language."""
    return [AskedRule.model_validate(line) for line in _raw(receipt)]
