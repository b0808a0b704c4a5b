"""The clocks of a claim (SLA-23, SLA-24, SLA-46, SLA-47): limits, pauses and bases are the edition's.

The feedback clock runs from the application. A completion clock runs from the instant at which the papers of its lines
are complete until each of them is paid or refused (AMB-39); lines that become complete together share one.
A clock's timer only asks; it runs out when nothing was heard, or when the deed itself shows that it came late.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.subsidy.domain.claim_state import Clock
from services.subsidy.domain.clock_facts import (
    ClockAsked,
    ClockDay,
    ClockNearing,
    ClockOverrun,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockStep,
    ClockStopped,
)
from services.subsidy.domain.draft import Draft
from services.subsidy.domain.trip import SERVICE
from shared.calendar import Deadline, Pause
from shared.kernel.instant import day_of

WARNING = timedelta(days=1)


def begin(
    draft: Draft, step: ClockStep, started_at: datetime, lines: Iterable[int] = (), pauses: tuple[Pause, ...] = ()
) -> None:
    """Start the clock that the edition prints for a step; nothing where it prints none."""
    for terms in draft.edition.clocks(SERVICE, step)[:1]:
        limit = terms.due(started_at, draft.law.calendar, pauses)
        n = len(draft.state.clocks) + 1
        draft.say(
            ClockStarted(
                draft.case_id, n, terms.id, step, terms.rules[0], terms.basis, started_at, limit.due_at,
                tuple(lines), pauses, _proof(limit), limit.provisional,
            )
        )  # fmt: skip


def keep_pauses(draft: Draft) -> None:
    """Pause what waits for the member, resume what no longer does (SLA-D03, INT-38)."""
    papers = any(line == 0 for line, _ in draft.state.waits)
    for n, clock in sorted(draft.state.clocks.items()):
        waits = draft.state.member_since is not None or (papers and clock.started.step == "feedback")
        if not clock.open:
            continue
        if waits and clock.since is None and draft.at < clock.due_at:
            draft.say(ClockPaused(n, draft.at))
        elif not waits and clock.since is not None:
            limit = _limit(draft, clock, draft.at)
            draft.say(
                ClockResumed(
                    draft.case_id, n, clock.started.clock, clock.started.basis, clock.since, draft.at, limit.due_at,
                    _proof(limit), limit.provisional,
                )
            )  # fmt: skip


def done(draft: Draft, n: int, at: datetime) -> None:
    """The deed was done: in time, or late as the deed itself shows."""
    clock = draft.state.clocks[n]
    if clock.standing == "stopped":
        return
    limit = _limit(draft, clock, at)
    if clock.open and not limit.met(at):
        _overrun(draft, n, clock, limit.due_at)
    _stop(draft, n, clock, limit, at, moot=False)


def drop(draft: Draft, n: int) -> None:
    """There is nothing left to do: no verdict."""
    clock = draft.state.clocks[n]
    if clock.standing != "stopped":
        _stop(draft, n, clock, _limit(draft, clock, draft.at), draft.at, moot=True)


def near(draft: Draft, n: int, due_at: datetime) -> None:
    """A day is left; nothing where the clock has stopped, moved or is paused."""
    clock = draft.state.clocks.get(n)
    if clock is None or clock.due_at != due_at or clock.standing != "running" or clock.since is not None:
        return
    if not clock.nearing:
        draft.say(ClockNearing(draft.case_id, n, clock.started.clock, clock.started.rule, due_at))


def ask(draft: Draft, n: int, due_at: datetime) -> None:
    """The limit has come; nothing where the clock has stopped, moved or is paused."""
    clock = draft.state.clocks.get(n)
    if clock is not None and clock.due_at == due_at and clock.standing == "running" and clock.since is None:
        draft.say(ClockAsked(draft.case_id, n, clock.started.clock, due_at))


def unheard(draft: Draft, clock_id: str, due_at: datetime) -> None:
    """Everything before the limit was read: what still runs has run out."""
    for n, clock in sorted(draft.state.clocks.items()):
        asked = clock.standing == "asked" and clock.since is None
        if asked and clock.started.clock == clock_id and clock.due_at == due_at:
            _overrun(draft, n, clock, due_at)


def settle(draft: Draft) -> None:
    """Completion clocks whose lines have all ended stop at the last of them; expired and closed lines give no verdict."""
    for n, clock in sorted(draft.state.clocks.items()):
        if clock.standing == "stopped" or clock.started.step != "complete":
            continue
        lines = [draft.state.lines[number] for number in clock.started.lines]
        if not all(line.ended for line in lines):
            continue
        deeds = [line.ended_at for line in lines if line.standing in ("paid", "refused", "capped")]
        if deeds:
            done(draft, n, max(at for at in deeds if at is not None))
        else:
            drop(draft, n)


def _limit(draft: Draft, clock: Clock, at: datetime) -> Deadline:
    pauses = clock.pauses if clock.since is None else (*clock.pauses, (clock.since, max(clock.since, at)))
    terms = draft.edition.clock(clock.started.clock)
    return terms.due(clock.started.started_at, draft.law.calendar, pauses)


def _stop(draft: Draft, n: int, clock: Clock, limit: Deadline, at: datetime, *, moot: bool) -> None:
    started, grant = clock.started, draft.state.grant
    gross = draft.law.calendar.working_days_between(day_of(started.started_at), day_of(max(at, started.started_at)))
    draft.say(
        ClockStopped(
            draft.case_id, grant.product if grant else "", n, started.clock, started.step, started.rule, started.basis,
            started.started_at, limit.due_at, at, limit.met(at) and clock.standing != "overrun", moot,
            gross, max(0, gross - limit.waited_units),
        )
    )  # fmt: skip


def _overrun(draft: Draft, n: int, clock: Clock, due_at: datetime) -> None:
    started = clock.started
    draft.say(ClockOverrun(draft.case_id, n, started.clock, started.rule, started.basis, due_at))


def _proof(limit: Deadline) -> tuple[ClockDay, ...]:
    return tuple(ClockDay(one.day, one.counted, one.why) for one in limit.proof)
