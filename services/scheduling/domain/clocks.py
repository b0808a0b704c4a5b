"""Clocks: started with their proof, paused for the member, run out only when nothing was heard.

A timer only asks (ClockAsked → ClockDue); NothingHeard lets the clock run out. Late evidence proves the delay itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import engagement_facts as f
from services.scheduling.domain.draft import Draft
from services.scheduling.domain.engagement_state import PAUSABLE, Engagement
from services.scheduling.domain.terms import Terms
from shared.calendar import Calendar, Deadline, Pause
from shared.handbook.model import Edition
from shared.kernel.instant import ONE_DAY, day_of, start_of
from shared.kernel.law import Asked

SILENCE = "OPS-SILENCE"
VISIT_OUTCOME = "OPS-VISIT-OUTCOME"
DAY_UNITS = frozenset({"working_day", "natural_day", "week"})
STARTS_ON_GRANT = "papers_complete_and_accepted"


def printed(terms: Terms, clock_id: str, start: datetime, waits: Iterable[Pause] = ()) -> t.Clock:
    """A clock that the edition prints, started at an instant, net of finished waits (SLA-D01, SLA-D03)."""
    edition = terms.edition
    if edition is None:
        raise LookupError("no edition before the grant")
    row = edition.clock(clock_id)
    waited = tuple(waits)
    if row.unit in DAY_UNITS and not waited:
        k = _plain(edition, clock_id, day_of(start), terms.calendar)
        return t.Clock(k.clock, k.step, k.basis, k.rule, start, k.due_at, k.proof, k.near_at, k.provisional)
    return _clock(edition, clock_id, start, row.due(start, terms.calendar, waited))


@lru_cache(maxsize=4096)
def _plain(edition: Edition, clock_id: str, day: date, calendar: Calendar) -> t.Clock:
    start = start_of(day)
    return _clock(edition, clock_id, start, edition.clock(clock_id).due(start, calendar))


def _clock(edition: Edition, clock_id: str, start: datetime, due: Deadline) -> t.Clock:
    row = edition.clock(clock_id)
    last_day = due.due_at - ONE_DAY
    near_at = last_day if row.basis == "hard" and row.unit in DAY_UNITS and day_of(last_day) > day_of(start) else None
    proof = tuple((p.day, p.counted, p.why) for p in due.proof)
    rule = row.rules[0] if row.rules else row.id
    return t.Clock(
        row.id, row.step, row.basis, rule, start, due.due_at, proof, near_at, due.provisional, due.waited_units
    )


def start_of_clock(terms: Terms, clock_id: str, received_at: datetime, granted_at: datetime) -> datetime:
    """Where a printed clock starts: with the request, or in B with the grant and its papers."""
    starts_late = terms.edition is not None and terms.edition.clock(clock_id).start == STARTS_ON_GRANT
    return granted_at if starts_late else received_at


def watch(clock: str, step: str, start: datetime, due_at: datetime) -> t.Clock:
    """An operating limit of the house: it brings the case before a person."""
    return t.Clock(clock, step, "operating", "OPERATING", start, due_at)


def watch_silence(draft: Draft) -> None:
    """Where nothing else is sure to wake an open case, this does; counted from the grant while that lies ahead."""
    s, terms = draft.state, draft.terms
    if s.status not in ("arranging", "rescheduling") or s.open_clock("silence") is not None:
        return
    days = terms.limits.silence_working_days
    due_at = terms.working_days(s.granted_at or draft.at, days)
    if due_at <= draft.at or s.status == "rescheduling":
        due_at = terms.working_days(draft.at, days)
    draft.say(t.ClocksStarted((watch(SILENCE, "silence", draft.at, due_at),)))


def stop(draft: Draft, step: str, at: datetime | None = None) -> None:
    """The deed of a step was done, now or ``at``: in time, or late, which the deed itself proves."""
    running = next((r for r in draft.state.clocks.values() if r.clock.step == step and r.mark != "stopped"), None)
    if running is None:
        return
    clock, done_at = _net(draft, running.clock), at or draft.at
    met = done_at < clock.due_at
    if running.open and not met:
        judge(draft, clock)
    gross = draft.terms.calendar.working_days_between(day_of(clock.start_at), day_of(done_at))
    draft.say(
        t.ClockStopped(
            draft.state.product or "",
            clock.clock,
            clock.step,
            clock.rule,
            clock.basis,
            clock.start_at,
            done_at,
            clock.due_at,
            met,
            gross,
            max(gross - clock.waited_days, 0),
        )
    )


def _net(draft: Draft, clock: t.Clock) -> t.Clock:
    """The clock as it stands now, a wait still going on included."""
    if draft.state.paused(clock) and draft.state.waiting_since is not None:
        waits = (*draft.state.waits, (draft.state.waiting_since, draft.at))
        return printed(draft.terms, clock.clock, clock.start_at, waits)
    return clock


def judge(draft: Draft, clock: t.Clock) -> None:
    """A printed clock has run out: a breach, or only a warning where the print says average or usual (SLA-62)."""
    if clock.basis in ("hard", "promised_unqualified"):
        draft.say(t.ClockBreached(clock.clock, clock.rule, clock.basis, clock.due_at))
    elif draft.state.hard_to_coordinate:
        draft.say(t.ClockExtended(clock.clock, "SCH-28", "HARD_TO_COORDINATE", clock.due_at))
    else:
        draft.say(t.ClockWarned(clock.clock, clock.rule, clock.basis, clock.due_at))


def judge_overdue(draft: Draft) -> None:
    """Before a case ends: limits that passed before now, with all that was said before them already read."""
    for running in list(draft.state.clocks.values()):
        clock = running.clock
        if running.open and clock.step in PAUSABLE and clock.due_at <= draft.at and not draft.state.paused(clock):
            judge(draft, clock)


def resumed(draft: Draft, since: datetime) -> tuple[t.Clock, ...]:
    """Every paused clock with its new limit; all are armed again, since a timer may have fired into the wait."""
    waits = (*draft.state.waits, (since, draft.at))
    clocks = []
    for running in draft.state.clocks.values():
        if running.open and running.clock.step in PAUSABLE:
            clock = printed(draft.terms, running.clock.clock, running.clock.start_at, waits)
            passed = running.clock.near_at is None or clock.near_at is None or clock.near_at <= draft.at
            clocks.append(replace(clock, near_at=None) if passed else clock)
    return tuple(clocks)


def asked(state: Engagement, clock_ids: Iterable[str], due_at: datetime) -> list[t.ClockAsked]:
    """Whose time has come: still open, not moved, not paused."""
    due = (state.clocks.get(c) for c in clock_ids)
    return [
        t.ClockAsked(r.clock.clock, due_at)
        for r in due
        if r is not None and r.mark == "running" and r.clock.due_at == due_at and not state.paused(r.clock)
    ]


def run_out(draft: Draft, clock: t.Clock) -> None:
    """Nothing was heard: what that means for each kind of clock."""
    if clock.step == "confirmation_call":
        draft.say(t.DutyMissed("D1_CALL_MISSED", clock.rule, clock.due_at, clock.clock))
    elif clock.step == "visit_outcome":
        draft.say(t.ClockRanOut(clock.clock, clock.due_at))
        _look(draft, "visit_outcome", "VISIT_OUTCOME_UNKNOWN")
    elif clock.step == "silence":
        draft.say(t.ClockRanOut(clock.clock, clock.due_at))
        _look(draft, "silence", _silence_of(draft.state))
    else:
        judge(draft, clock)
        if clock.step == "complete":
            watch_silence(draft)


def _silence_of(state: Engagement) -> str:
    if state.waiting_since is not None:
        return "MEMBER_SILENT"
    return "NOT_ARRANGED" if state.heard else "VENDOR_SILENT"


def _look(draft: Draft, kind: f.ReviewKind, reason: str) -> None:
    # A review that is open already has its own timer, and settles the case or starts the watch again.
    if draft.state.review is None:
        draft.review(kind, [Asked("OPERATING", "review", reason)])
