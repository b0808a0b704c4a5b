"""Deadlines with their proof: which days were counted, which were not, and why (SLA-D01, SLA-D02, SLA-D03)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from shared.calendar.days import Calendar
from shared.calendar.hours import ServiceHours
from shared.kernel.instant import CST, ONE_DAY, end_of, start_of
from shared.kernel.value import value

Unit = Literal["working_day", "natural_day", "week", "hour", "half_hour", "minute"]
UNITS: tuple[Unit, ...] = ("working_day", "natural_day", "week", "hour", "half_hour", "minute")
DAY_UNITS = frozenset({"working_day", "natural_day", "week"})
CLOCK_TIME = "clock-time"  # minutes need no calendar
MINUTES = {"minute": 1, "half_hour": 30, "hour": 60}

# A member wait: from the instant the member was asked to the instant of the receipt.
Pause = tuple[datetime, datetime]


@value
class ProofDay:
    """One day before a deadline: counted or not, and why: ``start_day``, ``holiday:国庆节``, ``member_wait``."""

    day: date
    counted: bool
    why: str


@value
class Deadline:
    """When something is due, and the proof. ``provisional``: some day lies beyond the announced calendar.

    A limit of days ends at 24:00 of its last day (``due_at`` = 00:00 of the next one, itself too late); a limit of
    minutes or hours is met at its very end. ``waited_units`` whole days, or minutes, were waits for the member.
    """

    due_at: datetime
    proof: tuple[ProofDay, ...]
    provisional: bool
    calendar: str
    start_at: datetime
    amount: int
    unit: Unit
    waited_units: int = 0

    def met(self, at: datetime) -> bool:
        """Whether a deed at this instant was in time."""
        return at < self.due_at if self.unit in DAY_UNITS else at <= self.due_at

    @property
    def last_day(self) -> date:
        """The last day on which the deed is in time."""
        return (self.due_at.astimezone(CST) - timedelta(microseconds=1)).date()


def deadline(
    start: datetime | date,
    amount: int,
    unit: Unit,
    calendar: Calendar,
    hours: ServiceHours | None = None,
    pauses: Iterable[Pause] = (),
) -> Deadline:
    """The deadline of ``amount`` units after ``start`` (an aware instant, or a day meaning its 00:00).

    The start day is not counted (SLA-D01); minutes and hours run from the next opening of ``hours`` (SLA-D02);
    finished waits for the member move it (SLA-D03). Raises ValueError for an amount below one or an unknown unit.
    """
    started = start.astimezone(CST) if isinstance(start, datetime) else start_of(start)
    if unit in DAY_UNITS:
        due_at, proof, provisional = _days(calendar, started.date(), amount, unit, 0, None)
        plain = Deadline(due_at, proof, provisional, calendar.version, started, amount, unit)
    else:
        plain = _minutes(started, amount, unit, calendar.version, hours)
    return extend(plain, pauses, calendar) if pauses else plain


def half_hour(start: datetime, hours: ServiceHours | None = None) -> Deadline:
    """Half an hour from the request, or from the next opening of the line (SLA-31, SLA-37, SLA-56, SLA-D02)."""
    return _minutes(start.astimezone(CST), 1, "half_hour", CLOCK_TIME, hours)


def extend(plain: Deadline, pauses: Iterable[Pause], calendar: Calendar) -> Deadline:
    """The same deadline net of waits for the member (SLA-D03). ``plain`` is the deadline without any wait.

    Limits of days move by the whole days waited (24 hours; for working days only hours on working days count), limits
    of minutes by the wait itself. What was waited before the clock started or after the deadline moves nothing.
    """
    moved = plain
    waits: list[Pause] = []
    for begun, ended in _merged(pauses, plain.start_at):
        if begun >= moved.due_at:
            break
        waits.append((begun, ended))
        moved = _moved(plain, tuple(waits), calendar)
    return moved


def _moved(plain: Deadline, waits: tuple[Pause, ...], calendar: Calendar) -> Deadline:
    if plain.unit in DAY_UNITS:
        waited = sum((_countable(begun, ended, plain.unit, calendar) for begun, ended in waits), timedelta())
        whole = waited // ONE_DAY
        if not whole:
            return plain
        due_at, proof, provisional = _days(
            calendar, plain.start_at.date(), plain.amount, plain.unit, whole, waits[0][0].date()
        )
    else:
        opened = plain.due_at - timedelta(minutes=plain.amount * MINUTES[plain.unit])
        waited = sum((max(ended - max(begun, opened), timedelta()) for begun, ended in waits), timedelta())
        whole, due_at, proof = waited // timedelta(minutes=1), plain.due_at + waited, plain.proof
        provisional = plain.provisional
    return Deadline(
        due_at, proof, provisional, plain.calendar, plain.start_at, plain.amount, plain.unit, waited_units=whole
    )


def _minutes(started: datetime, amount: int, unit: Unit, calendar: str, hours: ServiceHours | None) -> Deadline:
    if amount < 1 or unit not in MINUTES:
        raise ValueError(f"no limit of {amount} {unit}")
    opened = hours.next_open(started) if hours else started
    why = "within_hours" if opened == started else f"hours_open_at:{opened.isoformat()}"
    proof = (ProofDay(opened.date(), True, why),)
    due_at = opened + timedelta(minutes=amount * MINUTES[unit])
    return Deadline(due_at, proof, False, calendar, started, amount, unit)


@lru_cache(maxsize=65536)
def _days(
    calendar: Calendar, start: date, amount: int, unit: Unit, waited: int, waited_from: date | None
) -> tuple[datetime, tuple[ProofDay, ...], bool]:
    """Count days after ``start``; the first ``waited`` countable days from ``waited_from`` on are the member's."""
    if amount < 1:
        raise ValueError(f"no limit of {amount} {unit}")
    left = amount * 7 if unit == "week" else amount
    proof = [ProofDay(start, False, "start_day")]
    day, provisional = start, not calendar.covers(start) and unit == "working_day"
    while left:
        day += ONE_DAY
        if unit == "working_day":
            counted, why = calendar.is_working_day(day), calendar.why(day)
            provisional = provisional or not calendar.covers(day)
        else:
            counted, why = True, "natural_day"
        if counted and waited and waited_from is not None and day >= waited_from:
            waited, counted, why = waited - 1, False, "member_wait"
        left -= counted
        proof.append(ProofDay(day, counted, why))
    return end_of(day), tuple(proof), provisional


def _merged(pauses: Iterable[Pause], start: datetime) -> list[Pause]:
    """Waits after the start, in order, overlapping ones as one."""
    merged: list[Pause] = []
    for begun, ended in sorted((max(a, start).astimezone(CST), b.astimezone(CST)) for a, b in pauses if b > start):
        if merged and begun <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ended, merged[-1][1]))
        elif ended > begun:
            merged.append((begun, ended))
    return merged


def _countable(begun: datetime, ended: datetime, unit: Unit, calendar: Calendar) -> timedelta:
    """How much of a wait lies on days that the limit counts."""
    if unit != "working_day":
        return ended - begun
    waited, day = timedelta(), begun.date()
    while (midnight := datetime.combine(day, time.min, CST)) < ended:
        if calendar.is_working_day(day):
            waited += min(ended, midnight + ONE_DAY) - max(begun, midnight)
        day += ONE_DAY
    return waited


def before_day(visit: datetime, calendar: Calendar) -> Deadline:
    """Due by 24:00 of the day before a visit (SCH-12)."""
    local = visit.astimezone(CST)
    day = local.date() - ONE_DAY
    proof = (ProofDay(day, True, "day_before"),)
    return Deadline(start_of(local.date()), proof, False, calendar.version, local, 1, "natural_day")


def minutes_before(visit: datetime, minutes: int, calendar: Calendar) -> Deadline:
    """Due so many minutes before an appointment."""
    local = visit.astimezone(CST)
    due_at = local - timedelta(minutes=minutes)
    proof = (ProofDay(due_at.date(), True, "minutes_before"),)
    return Deadline(due_at, proof, False, calendar.version, local, minutes, "minute")


def same_day(visit: datetime, calendar: Calendar) -> Deadline:
    """Due by 24:00 of the day itself."""
    local = visit.astimezone(CST)
    proof = (ProofDay(local.date(), True, "same_day"),)
    return Deadline(end_of(local.date()), proof, False, calendar.version, local, 1, "natural_day")


def next_time(start: datetime, clock_time: time, calendar: Calendar) -> Deadline:
    """Due at the next occurrence of a time of day (a call of the night: 11:00 of the coming morning)."""
    local = start.astimezone(CST)
    due_at = datetime.combine(local.date(), clock_time, CST)
    if due_at <= local:
        due_at += ONE_DAY
    proof = (ProofDay(due_at.date(), True, "clock_time"),)
    return Deadline(due_at, proof, False, calendar.version, local, 1, "natural_day")  # before it: not at it
