"""Persons decide what no rule may: apply their answer, and ask the law again with it."""

from __future__ import annotations

from services.entitlement.application.ground import Ground
from services.entitlement.application.judging import Unknown, rule_on
from services.entitlement.application.submitting import question_of, say
from services.entitlement.domain import allowance, eligibility
from services.entitlement.domain.allowance import ALLOWANCE, CorrectCount, TellEnd
from services.entitlement.domain.allowance_facts import Action
from services.entitlement.domain.answers import RecordRefused
from services.entitlement.domain.eligibility import ELIGIBILITY, Eligibility, OpenReview
from services.entitlement.domain.eligibility_commands import MarkLate, SettleReview
from shared.messaging.wiring import Desk

_ACTIONS: dict[str, Action] = {"consume": "consume", "release": "release", "restore": "restore"}


def is_ours(review_id: str) -> bool:
    """Whether this service opened the review (``<request_id>-E<n>``)."""
    return review_id.rpartition("-")[2].startswith("E")


def settle_review(ground: Ground, desk: Desk, request_id: str, command: SettleReview) -> None:
    """Apply a person's decision; reasons and staff number stay with the case."""
    stream = ELIGIBILITY.stream(request_id)
    state = desk.load(ELIGIBILITY, stream)
    review = state.review(command.review_id)
    if command.cause in state.seen:
        return
    may = eligibility.no_say(command, review) is None
    if may and review is not None and (no := _cannot(ground, desk, command, review, state)):
        desk.record(ELIGIBILITY, stream, RecordRefused(command.cause, no, None, "/data/decision"))
        return
    facts = eligibility.decide(command, state)
    state = desk.record(ELIGIBILITY, stream, *facts)
    if may and review is not None:
        _follow(ground, desk, command, review, state)


def mark_late(desk: Desk, request_id: str, review_id: str) -> None:
    """A review is overdue: it says so and stays open."""
    stream = ELIGIBILITY.stream(request_id)
    state = desk.load(ELIGIBILITY, stream)
    desk.record(ELIGIBILITY, stream, *eligibility.decide(MarkLate(review_id), state))


def _cannot(ground: Ground, desk: Desk, command: SettleReview, review: OpenReview, state: Eligibility) -> str | None:
    """Why a "grant" can't be carried out: nobody performs it, or there is still no member or policy to grant under."""
    if command.decision == "refuse":
        return None
    if any(reason == "NO_PERFORMER" for _, reason in review.reasons):
        return "NO_PERFORMER"
    if review.kind == "unknown":
        ruling = rule_on(ground, desk, question_of(state, desk, final=True))
        return ruling.reason if isinstance(ruling, Unknown) else None
    return None


def _follow(ground: Ground, desk: Desk, command: SettleReview, review: OpenReview, state: Eligibility) -> None:
    granted = command.decision == "grant"
    if review.kind in ("decision", "unknown"):
        if granted and state.phase == "review" and state.filed is not None:
            ruling = rule_on(ground, desk, question_of(state, desk, final=True))
            if not isinstance(ruling, Unknown):
                say(ground, desk, state, state.filed, ruling, answers=False)
    elif state.year is not None:
        stream = ALLOWANCE.stream(state.member_ref, state.year)
        year = desk.load(ALLOWANCE, stream)
        if review.kind == "conflict" and granted and review.action is not None:
            desk.record(
                ALLOWANCE, stream, *allowance.decide(CorrectCount(state.request_id, _ACTIONS[review.action]), year)
            )
        elif review.kind == "reassessment" and not granted:
            desk.record(ALLOWANCE, stream, *allowance.decide(TellEnd(state.request_id, command.reason), year))
