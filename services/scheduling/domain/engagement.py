"""One arranged clinic visit, from the application to its end: what each command makes of each state.

The laws live beside this page, one list a moment: ``granting_rules``, ``appointment_rules``, ``visit_rules``, ``case_rules``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.scheduling.domain import (
    appointment_rules,
    appointments,
    case_rules,
    case_words,
    clocks,
    ending,
    granting_rules,
    visit_rules,
    visits,
)
from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from services.scheduling.domain.case_rules import BEFORE_ACCEPTANCE, ENDING
from services.scheduling.domain.draft import UNANSWERED, Draft, Refused, refused, said
from services.scheduling.domain.engagement_state import ENGAGEMENT, Engagement, evolve
from services.scheduling.domain.terms import Terms
from shared.kernel.instant import day_of
from shared.kernel.law import Rule, ask

__all__ = ["ENGAGEMENT", "RULES", "Engagement", "decide", "evolve"]

RULES: tuple[Rule[Any], ...] = (
    *granting_rules.RULES,
    *appointment_rules.RULES,
    *visit_rules.RULES,
    *case_rules.RULES,
)


def decide(command: c.Command, state: Engagement, terms: Terms) -> list[Any]:
    """The facts that a command adds; none where it was taken before, or where the case is not ours."""
    if isinstance(command, c.Saying):
        return _take(command, state, terms)
    return _INSIDE[type(command)](command, state, terms)


# -- what the house itself says --------------------------------------------------------------------------------------


def _open(command: c.Open, state: Engagement, _: Terms) -> list[Any]:
    if state.status != "unknown":
        return []
    return [f.EngagementOpened(command.request_id, command.vendor, command.product, command.at)]


def _grant(command: c.Grant, state: Engagement, terms: Terms) -> list[Any]:
    if state.status not in ("unknown", "submitted") or terms.edition is None:
        return []
    received_at = min(state.received_at or command.at, command.at)
    plan = granting_rules.grant_plan(terms.edition, command.names_expert)
    ordered = not state.withdrawals
    started = _granted_clocks(plan.clocks, terms, received_at, command.at) if ordered else ()
    granted = f.EngagementGranted(
        command.request_id, command.vendor, command.product, command.edition, command.calendar, command.member_ref,
        command.held, ordered, received_at, command.at, plan.accompaniment, started, plan.notices,
        command.hospital, command.department, plan.expert_wish, command.settled,
    )  # fmt: skip
    watched = any(clock.step == "complete" for clock in started)
    if ordered and watched and state.feedback_at is None and state.waiting_since is None:
        return [granted]  # nearly every request
    draft = Draft(state, terms, command.at)
    draft.say(granted)
    if not ordered:
        return _withdrawn_before(draft, state.withdrawals)
    if state.feedback_at is not None:
        clocks.stop(draft, "feedback", state.feedback_at)
    if state.waiting_since is not None or not watched:
        clocks.watch_silence(draft)
    return draft.facts


def _withdrawn_before(draft: Draft, withdrawals: tuple[str, ...]) -> list[Any]:
    case = visit_rules.Withdrawing(day_of(draft.at), None, draft.terms)
    visits.cancel(draft, ask(visit_rules.WITHDRAWING, case))
    first, *again = withdrawals
    return [*draft.facts, f.RecordApplied(first), *(f.RecordRefused(r, "ALREADY_WITHDRAWN") for r in again)]


def _granted_clocks(
    clock_ids: tuple[str, ...], terms: Terms, received_at: datetime, granted_at: datetime
) -> tuple[t.Clock, ...]:
    waits = ((received_at, granted_at),) if received_at < granted_at else ()
    return tuple(
        clocks.printed(terms, i, clocks.start_of_clock(terms, i, received_at, granted_at), waits) for i in clock_ids
    )


def _dismiss(command: c.Dismiss, state: Engagement, _: Terms) -> list[Any]:
    return [f.EngagementDismissed(command.outcome)] if state.status == "submitted" else []


def _end_cover(command: c.EndCover, state: Engagement, terms: Terms) -> list[Any]:
    if state.status not in ("arranging", "arranged", "rescheduling") or state.cover_ended is not None:
        return []
    draft = Draft(state, terms, command.at)
    case = case_rules.Ending("cover_ended", terms, confirmed=state.arrangements > 0, cover=command.reason)
    receipt = ask(ENDING, case)
    rule = receipt.asked[0].rule if receipt.asked else "ENT-D11"
    if said(receipt, "kept"):
        draft.say(f.CoverEndKept(command.reason, rule))
    else:
        draft.release("SERVICE_ENDED_UNBOOKED", rule)
        ending.finish(draft, said(receipt, "outcome") or "SERVICE_TERMINATED", receipt.asked, command.reason)
    return draft.facts


def _ask_clocks(command: c.AskClocks, state: Engagement, _: Terms) -> list[Any]:
    return [] if state.status == "closed" else [*clocks.asked(state, command.clocks, command.due_at)]


def _near_clock(command: c.NearClock, state: Engagement, _: Terms) -> list[Any]:
    running = state.clocks.get(command.clock)
    if state.status == "closed" or running is None or not running.open or state.paused(running.clock):
        return []
    clock = running.clock
    return [t.ClockNeared(clock.clock, clock.rule, clock.due_at)] if clock.near_at == command.near_at else []


def _conclude(command: c.ConcludeNothingHeard, state: Engagement, terms: Terms) -> list[Any]:
    running = state.clocks.get(command.clock)
    if state.status == "closed" or running is None or running.mark != "asked":
        return []
    if running.clock.due_at != command.due_at or state.paused(running.clock):
        return []
    draft = Draft(state, terms, command.at)
    clocks.run_out(draft, running.clock)
    return draft.facts


def _remind_review(command: c.RemindReview, state: Engagement, terms: Terms) -> list[Any]:
    review = state.review
    if review is None or review.review_id != command.review_id or review.due_at != command.due_at:
        return []
    after = terms.working_days(command.due_at, terms.limits.review_working_days)
    return [f.ReviewOverdue(review.review_id, review.owner, command.due_at, after)]


_INSIDE: dict[type, Callable[[Any, Engagement, Terms], list[Any]]] = {
    c.Open: _open,
    c.Grant: _grant,
    c.Dismiss: _dismiss,
    c.EndCover: _end_cover,
    c.AskClocks: _ask_clocks,
    c.NearClock: _near_clock,
    c.ConcludeNothingHeard: _conclude,
    c.RemindReview: _remind_review,
}

# -- what outsiders say: each record is answered once ----------------------------------------------------------------


def _take(command: c.Saying, state: Engagement, terms: Terms) -> list[Any]:
    if command.record in state.seen or command.record in state.withdrawals:
        return []
    if state.status == "unknown" and not isinstance(command, c.DecideReview):
        return []
    draft = Draft(state, terms, command.at)
    answer = _gate(command, draft) or _OUTSIDE[type(command)](draft, command)
    if answer is UNANSWERED:
        return draft.facts
    if answer is None:
        return [*draft.facts, f.RecordApplied(command.record)]
    return [f.RecordRefused(command.record, answer.reason, answer.rule, answer.pointer, answer.reasons)]


LIVE = frozenset({"arranging", "arranged", "rescheduling"})
BOOKING = frozenset({"arranging", "rescheduling"})
ALWAYS = LIVE | {"unknown", "submitted", "dismissed", "closed"}
# In which states a saying makes sense; elsewhere it is refused.
ACCEPTED: dict[type, frozenset[str]] = {
    c.HearContact: LIVE | {"submitted"},
    c.StartWait: LIVE | {"submitted"},
    c.EndWait: LIVE | {"submitted"},
    c.TakePapers: LIVE | {"submitted"},
    c.ReportNotStartable: frozenset({"arranging"}),
    c.DeclineRecords: BOOKING,
    c.Withdraw: ALWAYS,
    c.Propose: BOOKING,
    c.ReportCall: frozenset({"arranged"}),
    c.DeclineCompany: LIVE,
    c.ReportHardToCoordinate: BOOKING,
    c.Attend: frozenset({"arranged"}),
    c.Miss: frozenset({"arranged"}),
    c.Disrupt: frozenset({"arranged"}),
    c.DeclineSlot: frozenset({"rescheduling"}),
    c.DecideReview: ALWAYS,
}


def _gate(command: c.Saying, draft: Draft) -> Refused | None:
    status = draft.state.status
    first_response = isinstance(command, c.HearContact) and command.stage == "first_response"
    if status in ACCEPTED[type(command)] or first_response:
        return None
    if status == "submitted":
        return refused(ask(BEFORE_ACCEPTANCE, case_rules.BeforeAcceptance(draft.terms)))
    if status in ("closed", "dismissed"):
        return Refused("CASE_CLOSED" if status == "closed" else "NOT_GRANTED")
    if isinstance(command, c.DeclineSlot):
        return Refused("NOT_RESCHEDULING")
    return Refused("ALREADY_ARRANGED" if status == "arranged" else "NOT_ARRANGED")


_OUTSIDE: dict[type, Callable[[Draft, Any], Refused | None]] = {
    c.HearContact: case_words.hear_contact,
    c.StartWait: case_words.start_wait,
    c.EndWait: case_words.end_wait,
    c.TakePapers: case_words.take_papers,
    c.ReportNotStartable: case_words.not_startable,
    c.DeclineRecords: case_words.decline_records,
    c.Withdraw: case_words.withdraw,
    c.Propose: appointments.propose,
    c.ReportCall: visits.report_call,
    c.DeclineCompany: visits.decline_company,
    c.ReportHardToCoordinate: case_words.hard_to_coordinate,
    c.Attend: visits.attend,
    c.Miss: visits.miss,
    c.Disrupt: visits.disrupt,
    c.DeclineSlot: visits.decline_slot,
    c.DecideReview: ending.decide_review,
}
