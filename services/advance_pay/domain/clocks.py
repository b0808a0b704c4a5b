"""Clocks: started with a proof, paused while the member is waited for, run out only when nothing was heard.

A clock's timer asks (ClockAsked → ClockDue); only NothingHeard lets it run out. Evidence stops it, and shows itself
whether it came in time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from services.advance_pay.domain import clock_facts as k
from services.advance_pay.domain.advance_state import RunningClock
from services.advance_pay.domain.draft import Draft
from shared.calendar import Deadline, Pause, extend
from shared.handbook.model import ClockTerms
from shared.kernel.instant import day_of, start_of

SUPPLEMENT = "ADV-D08"
REFUND = "ADV-D03"
VENDOR_REFUND = "OPS-VENDOR-REFUND"
# Judged by breach; anything softer than these bases only warns.
BREACHING = frozenset({"hard", "promised_unqualified"})


def start_printed(draft: Draft, step: str, start: datetime) -> None:
    """Start the clock that the edition prints for a step; nothing where it prints none or it runs already.

    documents (SLA-32, SLA-57), pre_review (SLA-33, SLA-58), pay (SLA-34, SLA-59), discharge (SLA-35, SLA-60), mail (SLA-36).
    """
    terms = draft.terms.clock(step)
    if terms is None or draft.state.clock_of(step):
        return
    due = terms.due(start, draft.terms.calendar)
    draft.say(k.ClockStarted(terms.id, step, first_rule(terms), terms.basis, "breach", due))
    _apply_waits(draft, draft.state.clocks[terms.id])


def first_rule(terms: ClockTerms) -> str:
    """The rule that a breach names."""
    return terms.rules[0] if terms.rules else terms.id


def start_days(draft: Draft, clock: str, rule: str, out: k.Out, days: int, remind_before: int | None = None) -> None:
    """Start (or start again) a clock of whole natural days that the house keeps."""
    due = draft.terms.natural_days(draft.at, days)
    remind_at = None
    if remind_before is not None:
        remind_at = start_of(due.last_day - timedelta(days=remind_before))
    draft.say(k.ClockStarted(clock, clock, rule, "hard", out, due, remind_at))


def start_silence(draft: Draft, clock: str, days: int) -> None:
    """An operating clock: silence brings the case before a person, so that no open case is without a timer."""
    start_days(draft, clock, "ADV-34", "review", days)


def stop(draft: Draft, step: str, at: datetime | None = None) -> None:
    """The deed of a step was done at this instant: in time, or a breach that the evidence itself shows."""
    clock = draft.state.clock_of(step)
    if clock is None:
        return
    done_at = at or draft.at
    deadline = _net(draft, clock, done_at)
    met = deadline.met(done_at)
    if not met and not clock.ran_out and clock.out == "breach":
        _run_out(draft, clock, deadline)
    gross, net = _working_days(draft, clock.plain.start_at, done_at)
    draft.say(
        k.ClockStopped(
            clock.clock,
            clock.step,
            clock.rule,
            clock.basis,
            clock.out == "breach",
            draft.state.product,
            met,
            clock.plain.start_at,
            done_at,
            deadline.due_at,
            gross,
            net,
        )
    )


def _working_days(draft: Draft, start: datetime, end: datetime) -> tuple[int, int]:
    calendar = draft.terms.calendar
    gross = calendar.working_days_between(day_of(start), day_of(end))
    waits = [(max(begun, start), min(ended, end)) for begun, ended in _waits(draft, end)]
    waited = sum(calendar.working_days_between(day_of(a), day_of(b)) for a, b in waits if a < b)
    return gross, max(gross - waited, 0)


def drop(draft: Draft, *steps: str) -> None:
    """Clocks that have lost their object stop without a verdict."""
    for clock in list(draft.state.clocks.values()):
        if clock.step in steps or not steps:
            draft.say(k.ClockDropped(clock.clock))


def ask(draft: Draft, clock_id: str, due_at: datetime) -> None:
    """Its timer fired: ask whether anything was heard, unless it stopped, moved, or the member is waited for."""
    clock = draft.state.clocks.get(clock_id)
    if clock is None or clock.asked or clock.ran_out or clock.deadline.due_at != due_at:
        return
    waiting = draft.state.waiting_since
    if clock.out == "breach" and waiting is not None and waiting < due_at:
        return
    draft.say(k.ClockAsked(clock_id, due_at))


def near(draft: Draft, clock_id: str, due_at: datetime) -> None:
    """The last day of a printed limit has begun and nothing has stopped it."""
    clock = draft.state.clocks.get(clock_id)
    if clock is None or clock.ran_out or clock.deadline.due_at != due_at or draft.state.waiting_since is not None:
        return
    draft.say(k.ClockNearing(clock_id, clock.rule, due_at))


def unheard(draft: Draft, clock_id: str, due_at: datetime) -> RunningClock | None:
    """Nothing was heard: the clock that has now run out, or None where it stopped, moved or ran out before."""
    clock = draft.state.clocks.get(clock_id)
    if clock is None or not clock.asked or clock.ran_out or clock.deadline.due_at != due_at:
        return None
    _run_out(draft, clock, clock.deadline)
    return clock


def wait_begins(draft: Draft, waiting_for: str) -> None:
    """The vendor waits for the member from now on (SLA-D03)."""
    draft.say(k.MemberWaitBegan(waiting_for, draft.at))


def wait_ends(draft: Draft) -> None:
    """The member's answer came: clocks of the vendor move by the whole days waited."""
    begun = draft.state.waiting_since
    if begun is None:
        return
    draft.say(k.MemberWaitOver(draft.state.waiting_for or "", begun, draft.at))
    for clock in list(draft.state.clocks.values()):
        _apply_waits(draft, clock)


def _apply_waits(draft: Draft, clock: RunningClock) -> None:
    if clock.out != "breach" or clock.ran_out:
        return
    moved = extend(clock.plain, draft.state.waits, draft.terms.calendar)
    # a timer that fired into the wait has gone: moving to the same instant arms it again
    if moved.due_at != clock.deadline.due_at or clock.deadline.due_at <= draft.at:
        draft.say(k.ClockMoved(clock.clock, moved))


def _net(draft: Draft, clock: RunningClock, done_at: datetime) -> Deadline:
    waits = _waits(draft, done_at)
    if clock.out != "breach" or not waits:
        return clock.deadline
    return extend(clock.plain, waits, draft.terms.calendar)


def _waits(draft: Draft, until: datetime) -> tuple[Pause, ...]:
    since = draft.state.waiting_since
    return draft.state.waits if since is None else (*draft.state.waits, (since, until))


def _run_out(draft: Draft, clock: RunningClock, deadline: Deadline) -> None:
    warns = clock.out == "breach" and clock.basis not in BREACHING
    draft.say(k.ClockRanOut(clock.clock, clock.rule, clock.basis, deadline.due_at, clock.out, warns))
