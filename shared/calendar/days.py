"""China's working days: the State Council's table where there is one, the plain week beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

DayKind = Literal["working_day", "makeup_working_day", "weekend", "holiday"]


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Which days are working days. Compared by identity, so that it is a cheap key of the caches on the hot path."""

    version: str
    first: date
    last: date
    off: Mapping[date, str]
    makeup: Mapping[date, str]
    notices: tuple[str, ...] = ()

    def covers(self, day: date) -> bool:
        """Whether the State Council has announced this day's year; beyond it, answers are provisional."""
        return self.first <= day <= self.last

    def kind(self, day: date) -> DayKind:
        """What kind of day it is; beyond the coverage Monday to Friday are taken for working days."""
        if day in self.off:
            return "holiday"
        if day in self.makeup:
            return "makeup_working_day"
        return "working_day" if day.weekday() < 5 else "weekend"

    def is_working_day(self, day: date) -> bool:
        """Whether work is done on this day (SLA-D01: make-up days included)."""
        return day not in self.off and (day.weekday() < 5 or day in self.makeup)

    def why(self, day: date) -> str:
        """The kind of a day with the holiday it belongs to (``holiday:国庆节``); ``assumed_…`` beyond the coverage."""
        kind = self.kind(day)
        name = self.off.get(day) or self.makeup.get(day)
        if name:
            return f"{kind}:{name}"
        return kind if self.covers(day) else f"assumed_{kind}"

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after ``a`` up to and including ``b``; negative if ``b`` is earlier."""
        return working_days_between(self, a, b)


@lru_cache(maxsize=65536)
def working_days_between(calendar: Calendar, a: date, b: date) -> int:
    """Working days after ``a`` up to and including ``b`` (the start day is not counted); negative backwards."""
    if b < a:
        return -working_days_between(calendar, b, a)
    return sum(calendar.is_working_day(a + timedelta(days=n)) for n in range(1, (b - a).days + 1))
