"""How an engagement is over, and how its reviews are settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import clocks
from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from services.scheduling.domain.appointments import arrange
from services.scheduling.domain.draft import Draft, Refused
from shared.kernel.instant import day_of
from shared.kernel.law import Asked


def finish(draft: Draft, outcome: str, reasons: Sequence[Asked] = (), note: str = "") -> None:
    """The last word on the request."""
    clocks.judge_overdue(draft)
    draft.moot(outcome)
    draft.say(f.EngagementFinished(draft.state.vendor, outcome, note, tuple(reasons)))


def void(draft: Draft, cause: str, *, final: bool) -> None:
    """The confirmed visit will not take place then."""
    slot = draft.state.appointment
    if slot is not None:
        draft.say(f.AppointmentVoided(draft.state.member_ref, cause, slot.slot_at, final))


def decide_review(draft: Draft, command: c.DecideReview) -> Refused | None:
    """A person's decision on the review that is open."""
    review = draft.state.review
    if review is None or review.review_id != command.review_id:
        known = 1 <= _number(command.review_id, draft.state.request_id) <= draft.state.reviews
        return Refused("REVIEW_NOT_OPEN" if known else "UNKNOWN_REVIEW", pointer="/data/review_id")
    if command.role != review.owner:
        return Refused("ROLE_NOT_ALLOWED", pointer="/data/actor/role")
    draft.close_review(command.decision, command.reason, command.actor)
    _SETTLE[review.kind](draft, review, command.decision == "grant")
    return None


def _number(review_id: str, request_id: str) -> int:
    letter_and_number = review_id.removeprefix(f"{request_id}-S")
    return int(letter_and_number) if letter_and_number.isdecimal() else 0


def _proposal(draft: Draft, review: f.ReviewOpened, granted: bool) -> None:
    """Granted: arranged, unless the slot has passed meanwhile. Refused: another slot is looked for."""
    slot = review.proposal
    if granted and slot is not None and draft.at < slot.slot_at:
        arrange(draft, slot, review.reasons)
        return
    draft.tell("SLOT_PASSED" if granted else "PROPOSAL_REFUSED", review.reasons)
    clocks.watch_silence(draft)


def _late_cancellation(draft: Draft, review: f.ReviewOpened, granted: bool) -> None:
    """Granted: the count is given back. Refused: it is used."""
    _settle_count(draft, "CANCELLED_ON_VISIT_DAY", granted)
    finish(draft, "CANCELLED", review.reasons)


def _no_show(draft: Draft, review: f.ReviewOpened, granted: bool) -> None:
    """Granted: the count is given back. Refused: it is used."""
    _settle_count(draft, "CLIENT_NO_SHOW", granted)
    finish(draft, "CLIENT_NO_SHOW", review.reasons)


def _settle_count(draft: Draft, cause: str, granted: bool) -> None:
    if granted:
        draft.release(cause, "SCH-D06")
    else:
        draft.consume(cause, "SCH-D06")


def _visit_outcome(draft: Draft, review: f.ReviewOpened, granted: bool) -> None:
    """Granted: the visit took place, on its day. Refused: it did not, and costs no count."""
    slot = draft.state.appointment
    if granted and slot is not None:
        visit_on = day_of(slot.slot_at)
        draft.say(
            f.VisitClosed(
                draft.state.member_ref,
                draft.state.product or "",
                "ATTENDED",
                slot.hospital,
                slot.city,
                visit_on,
                (),
                attended_on=visit_on,
            )
        )
        draft.consume("VISIT_ATTENDED", "ENT-D04")
        finish(draft, "ATTENDED", review.reasons)
        return
    void(draft, "VISIT_NOT_HELD", final=True)
    draft.release("VENDOR_FAILURE")
    finish(draft, "VISIT_NOT_HELD", review.reasons)


def _silence(draft: Draft, review: f.ReviewOpened, granted: bool) -> None:
    """Granted: the vendor goes on, watched anew. Refused: closed, and nothing is used."""
    if granted:
        due_at = _later(draft)
        draft.say(t.ClocksStarted((clocks.watch(clocks.SILENCE, "silence", draft.at, due_at),)))
        draft.tell("GO_ON", review.reasons)
        return
    draft.release("VENDOR_FAILURE")
    finish(draft, "VENDOR_FAILURE", review.reasons)


def _later(draft: Draft) -> datetime:
    return draft.terms.working_days(draft.at, draft.terms.limits.silence_working_days)


_SETTLE = {
    "proposal": _proposal,
    "late_cancellation": _late_cancellation,
    "no_show": _no_show,
    "visit_outcome": _visit_outcome,
    "silence": _silence,
}
