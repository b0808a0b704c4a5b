"""Instants and days in China's one time zone.

An *instant* is an aware ``datetime``; a *day* is a ``date`` in Asia/Shanghai (+08:00, no daylight saving time since 1991).
``T24:00`` of a day is the first instant of the next one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

CST = timezone(timedelta(hours=8), "+08:00")

ONE_DAY = timedelta(days=1)


def in_china(at: datetime) -> datetime:
    """The same instant, said in Asia/Shanghai."""
    return at.astimezone(CST)


def day_of(at: datetime) -> date:
    """The Chinese calendar day in which an instant lies."""
    return at.astimezone(CST).date()


def start_of(day: date) -> datetime:
    """00:00 of a day."""
    return datetime.combine(day, time.min, CST)


def end_of(day: date) -> datetime:
    """24:00 of a day: the first instant that no longer belongs to it."""
    return start_of(day) + ONE_DAY


def from_epoch_ms(milliseconds: int) -> datetime:
    """A broker's timestamp as an instant."""
    return datetime.fromtimestamp(milliseconds / 1000, CST)


def to_epoch_ms(at: datetime) -> int:
    """An instant as a broker's timestamp (whole milliseconds)."""
    return round(at.timestamp() * 1000)


def utc_text(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds: sorts as text the way instants sort."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def anniversary(day: date, years: int) -> date:
    """The day ``years`` later; 29 February becomes 1 March in a common year (ENT-D03, Civil Code art. 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def completed_years(born: date, on: date) -> int:
    """Completed years of age on a day (ENT-D03, ENT-D05)."""
    years = on.year - born.year
    return years if anniversary(born, years) <= on else years - 1
