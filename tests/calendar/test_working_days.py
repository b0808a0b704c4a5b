"""Which days are working days."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from shared.calendar import china_calendar

CHINA = china_calendar()
EVERY_DAY = [CHINA.first + timedelta(days=n) for n in range((CHINA.last - CHINA.first).days + 1)]


def test_SLA_D01_the_table_covers_2024_to_2026_and_cites_the_state_council() -> None:
    assert (CHINA.first, CHINA.last, CHINA.version) == (date(2024, 1, 1), date(2026, 12, 31), "cn-2024-2026")
    assert len(CHINA.notices) == 3
    assert all(notice.startswith("https://www.gov.cn/zhengce/") for notice in CHINA.notices)


def test_SLA_D01_the_table_agrees_with_an_independent_one_on_every_day() -> None:
    assert [d for d in EVERY_DAY if CHINA.is_working_day(d) != chinese_calendar.is_workday(d)] == []


@pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_SLA_D01_a_year_has_its_number_of_working_days(year: int, working_days: int) -> None:
    assert sum(CHINA.is_working_day(day) for day in EVERY_DAY if day.year == year) == working_days


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        (date(2026, 4, 10), True, "working_day"),
        (date(2026, 4, 11), False, "weekend"),
        (date(2026, 10, 1), False, "holiday:国庆节"),
        (date(2026, 9, 25), False, "holiday:中秋节"),
        (date(2026, 10, 10), True, "makeup_working_day:国庆节"),
        (date(2027, 2, 8), True, "assumed_working_day"),
        (date(2027, 2, 7), False, "assumed_weekend"),
    ],
)
def test_SLA_D01_every_day_says_what_it_is(day: date, working: bool, why: str) -> None:
    assert CHINA.is_working_day(day) is working
    assert CHINA.why(day) == why


def test_SLA_D01_the_start_day_is_not_counted_between_two_days() -> None:
    assert CHINA.working_days_between(date(2026, 9, 30), date(2026, 10, 9)) == 2
    assert CHINA.working_days_between(date(2026, 10, 9), date(2026, 9, 30)) == -2
    assert CHINA.working_days_between(date(2026, 4, 10), date(2026, 4, 10)) == 0


def test_a_table_with_a_gap_between_its_years_is_refused(tmp_path: Path) -> None:
    for year in (2024, 2026):
        rows = f"year: {year}\nnotice: https://example.invalid/{year}\nholidays: []\nmakeup_working_days: []\n"
        (tmp_path / f"{year}.yaml").write_text(rows)
    with pytest.raises(ValueError, match="without a gap"):
        china_calendar(tmp_path)


def test_a_day_cannot_be_both_a_holiday_and_a_working_day(tmp_path: Path) -> None:
    rows = (
        "year: 2030\nnotice: https://example.invalid\n"
        "holidays: [{name: 元旦, first: 2030-01-01, last: 2030-01-02}]\n"
        "makeup_working_days: [{name: 元旦, day: 2030-01-02}]\n"
    )
    (tmp_path / "2030.yaml").write_text(rows)
    with pytest.raises(ValueError, match="both a holiday and a working day"):
        china_calendar(tmp_path)
