"""The calendar of the State Council's notices, read once from ``china/<year>.yaml``."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from shared.calendar.days import Calendar

NOTICES = Path(__file__).parent / "china"


@lru_cache(maxsize=4)
def china_calendar(directory: Path = NOTICES) -> Calendar:
    """Working days of every announced year. Raises ValueError where a year is missing between two others."""
    years = [yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in sorted(directory.glob("*.yaml"))]
    numbers = [int(year["year"]) for year in years]
    if not numbers or numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise ValueError(f"{directory}: the years must follow one another without a gap, not {numbers}")
    off: dict[date, str] = {}
    makeup: dict[date, str] = {}
    for year in years:
        off |= _days_off(year)
        makeup |= {entry["day"]: str(entry["name"]) for entry in year["makeup_working_days"]}
    if both := off.keys() & makeup.keys():
        raise ValueError(f"{directory}: both a holiday and a working day: {sorted(both)}")
    return Calendar(
        version=f"cn-{numbers[0]}-{numbers[-1]}",
        first=date(numbers[0], 1, 1),
        last=date(numbers[-1], 12, 31),
        off=off,
        makeup=makeup,
        notices=tuple(str(year["notice"]) for year in years),
    )


def _days_off(year: dict[str, Any]) -> dict[date, str]:
    return {
        holiday["first"] + timedelta(days=n): str(holiday["name"])
        for holiday in year["holidays"]
        for n in range((holiday["last"] - holiday["first"]).days + 1)
    }
