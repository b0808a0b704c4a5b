"""When something is due: the examples of the rules page."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import ROUND_THE_CLOCK, Deadline, ServiceHours, Unit, china_calendar, deadline, half_hour
from shared.calendar.deadlines import before_day, minutes_before, next_time, same_day
from shared.kernel.instant import CST, day_of, end_of, start_of

CHINA = china_calendar()
NINE_TO_NINE = ServiceHours(time(9), time(21))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CST)


def end(day: str) -> datetime:
    """24:00 of a day."""
    return end_of(date.fromisoformat(day))


def working_days(start: str, amount: int) -> Deadline:
    return deadline(at(start), amount, "working_day", CHINA)


def natural_days(start: str, amount: int) -> Deadline:
    return deadline(at(start), amount, "natural_day", CHINA)


def test_SLA_01_GREEN_answers_on_a_sunday_night_of_the_national_holiday() -> None:
    assert ROUND_THE_CLOCK.open_at(at("2026-10-04T03:00"))


def test_SLA_03_ADVANCE_answers_on_a_saturday_until_but_not_at_nine_in_the_evening() -> None:
    assert NINE_TO_NINE.open_at(at("2026-05-09T20:59"))
    assert NINE_TO_NINE.open_at(at("2026-05-09T09:00"))
    assert not NINE_TO_NINE.open_at(at("2026-05-09T21:00"))
    assert not NINE_TO_NINE.open_at(at("2026-05-09T08:59:59"))


def test_SLA_05_feedback_asked_for_on_friday_is_due_by_tuesday_midnight() -> None:
    due = working_days("2026-04-10T10:00", 2)
    assert due.due_at == end("2026-04-14")
    assert due.met(at("2026-04-14T23:59:59"))
    assert not due.met(at("2026-04-15T00:00"))


def test_SLA_07_a_visit_is_usually_arranged_within_seven_working_days() -> None:
    assert working_days("2026-09-24T10:00", 7).last_day == date(2026, 10, 12)


def test_SLA_23_subsidy_feedback_asked_for_before_labour_day_is_due_after_it() -> None:
    assert working_days("2026-04-30T10:00", 1).due_at == end("2026-05-06")


def test_SLA_24_a_claim_complete_before_mid_autumn_is_due_by_22_october() -> None:
    assert working_days("2026-09-24T10:00", 15).due_at == end("2026-10-22")


def test_SLA_31_half_an_hour_is_met_at_its_last_instant_and_breached_a_minute_later() -> None:
    due = half_hour(at("2026-05-05T10:00"), NINE_TO_NINE)
    assert due.met(at("2026-05-05T10:30"))
    assert not due.met(at("2026-05-05T10:31"))


def test_SLA_33_pre_review_of_friday_evening_papers_is_due_on_monday() -> None:
    assert working_days("2026-04-10T18:00", 1).due_at == end("2026-04-13")


def test_SLA_34_an_advance_approved_on_saturday_is_due_on_sunday() -> None:
    assert natural_days("2026-05-16T15:00", 1).due_at == end("2026-05-17")


def test_SLA_35_SLA_60_settlement_counts_from_the_later_of_notice_and_discharge() -> None:
    assert deadline(date(2026, 5, 14), 1, "natural_day", CHINA).due_at == end("2026-05-15")
    assert deadline(date(2026, 5, 16), 1, "natural_day", CHINA).due_at == end("2026-05-17")


def test_SLA_36_the_claim_file_is_mailed_within_three_natural_days() -> None:
    due = natural_days("2026-05-15T12:00", 3)
    assert due.met(at("2026-05-18T18:00"))
    assert not due.met(at("2026-05-19T00:00"))


def test_SLA_37_GREEN_of_B_answers_within_half_an_hour_even_at_night_on_a_holiday() -> None:
    due = half_hour(at("2026-10-04T03:00"))
    assert due.met(at("2026-10-04T03:30"))
    assert not due.met(at("2026-10-04T03:31"))


def test_SLA_38_feedback_asked_for_before_mid_autumn_skips_the_holiday() -> None:
    assert working_days("2026-09-24T10:00", 2).due_at == end("2026-09-29")


def test_SLA_46_feedback_asked_for_before_the_national_holiday_is_due_on_the_eighth() -> None:
    assert working_days("2026-09-30T10:00", 1).due_at == end("2026-10-08")


def test_SLA_56_a_request_ten_minutes_before_closing_runs_on_past_closing() -> None:
    assert half_hour(at("2026-05-05T20:50"), NINE_TO_NINE).due_at == at("2026-05-05T21:20")
    assert half_hour(at("2026-05-05T21:10"), NINE_TO_NINE).due_at == at("2026-05-06T09:30")


def test_SLA_57_SLA_58_SLA_59_B_counts_natural_days_where_A_counts_working_days() -> None:
    assert natural_days("2026-05-16T10:00", 1).due_at == end("2026-05-17")
    assert natural_days("2026-05-15T18:00", 1).due_at == end("2026-05-16")
    assert working_days("2026-05-15T18:00", 1).due_at == end("2026-05-18")
    assert natural_days("2026-05-16T15:00", 1).due_at == end("2026-05-17")


def test_SLA_D01_two_working_days_from_30_september_end_on_9_october_and_the_proof_says_why() -> None:
    due = working_days("2026-09-30T10:00", 2)
    assert due.due_at == end("2026-10-09")
    assert [day.why for day in due.proof] == ["start_day", *["holiday:国庆节"] * 7, "working_day", "working_day"]
    assert [day.day.day for day in due.proof if day.counted] == [8, 9]
    assert (due.calendar, due.provisional) == ("cn-2024-2026", False)


def test_SLA_D01_a_week_is_seven_natural_days() -> None:
    assert deadline(at("2026-09-30T10:00"), 2, "week", CHINA).due_at == end("2026-10-14")


def test_SLA_D01_the_day_is_the_chinese_day_whatever_the_offset_of_the_instant() -> None:
    late_in_utc = datetime.fromisoformat("2026-04-09T16:00+00:00")
    assert deadline(late_in_utc, 2, "working_day", CHINA).due_at == end("2026-04-14")


def test_SLA_D01_a_deadline_beyond_the_announced_calendar_is_provisional() -> None:
    due = working_days("2026-12-31T10:00", 2)
    assert due.provisional
    assert due.due_at == end("2027-01-04")
    assert {day.why for day in due.proof[1:]} == {"assumed_working_day", "assumed_weekend"}
    assert not natural_days("2027-06-01T10:00", 2).provisional


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-05-05T21:00:00", "2026-05-06T09:30:00"),
        ("2026-05-05T20:59:59", "2026-05-05T21:29:59"),
        ("2026-05-05T09:00:00", "2026-05-05T09:30:00"),
        ("2026-05-05T08:59:59", "2026-05-05T09:30:00"),
        ("2026-05-05T00:00:00", "2026-05-05T09:30:00"),
    ],
)
def test_SLA_D02_half_an_hour_starts_when_the_line_is_staffed(asked: str, due: str) -> None:
    assert half_hour(at(asked), NINE_TO_NINE).due_at == at(due)


def test_SUB_03_SUB_04_the_window_after_24_september_ends_on_15_october() -> None:
    window = deadline(date(2026, 9, 24), 10, "working_day", CHINA)
    assert window.met(at("2026-10-15T23:59"))
    assert not window.met(at("2026-10-16T00:00"))


def test_SUB_05_the_table_of_A_counts_ten_working_days_from_the_discharge() -> None:
    assert deadline(date(2026, 9, 24), 10, "working_day", CHINA).last_day == date(2026, 10, 15)


def test_SUB_06_SUB_07_the_window_after_2_november_ends_on_16_november() -> None:
    window = deadline(date(2026, 11, 2), 10, "working_day", CHINA)
    assert window.met(at("2026-11-16T23:59:59"))
    assert not window.met(at("2026-11-17T00:00"))


def test_SUB_D01_a_call_in_the_last_minute_of_the_tenth_working_day_is_in_time() -> None:
    assert deadline(date(2026, 9, 30), 10, "working_day", CHINA).met(at("2026-10-20T23:59"))


def test_SUB_D05_the_later_anchor_of_a_mixed_trip_decides() -> None:
    assert deadline(date(2026, 11, 2), 10, "working_day", CHINA).last_day == date(2026, 11, 16)
    assert deadline(date(2026, 11, 5), 10, "working_day", CHINA).last_day == date(2026, 11, 19)


def test_SUB_D08_ADV_D08_thirty_days_for_missing_papers_end_at_midnight() -> None:
    assert natural_days("2026-05-13T10:00", 30).due_at == end("2026-06-12")
    assert natural_days("2026-05-06T10:00", 30).due_at == end("2026-06-05")


def test_ADV_D03_a_refund_noticed_on_1_june_is_overdue_at_the_end_of_16_june() -> None:
    assert natural_days("2026-06-01T10:00", 15).due_at == end("2026-06-16")


def test_SCH_12_the_confirmation_call_is_due_before_the_day_of_the_visit() -> None:
    due = before_day(at("2026-04-20T09:00"), CHINA)
    assert due.due_at == start_of(date(2026, 4, 20))
    assert due.met(at("2026-04-19T23:59:59"))
    assert not due.met(at("2026-04-20T00:00"))


def test_limits_of_the_visit_day_and_of_the_clock_face() -> None:
    assert same_day(at("2026-04-20T09:00"), CHINA).due_at == end("2026-04-20")
    assert minutes_before(at("2026-04-20T09:00"), 30, CHINA).met(at("2026-04-20T08:30"))
    assert next_time(at("2026-04-10T22:27"), time(11), CHINA).due_at == at("2026-04-11T11:00")
    assert next_time(at("2026-04-10T02:00"), time(11), CHINA).due_at == at("2026-04-10T11:00")
    assert not next_time(at("2026-04-10T22:27"), time(11), CHINA).met(at("2026-04-11T11:00"))


@pytest.mark.parametrize(("amount", "unit"), [(0, "working_day"), (-1, "natural_day"), (0, "minute"), (1, "fortnight")])
def test_a_limit_that_makes_no_sense_is_refused(amount: int, unit: Unit) -> None:
    with pytest.raises(ValueError, match="no limit of"):
        deadline(at("2026-04-10T10:00"), amount, unit, CHINA)


INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 1), timezones=st.just(CST))  # noqa: DTZ001


@given(start=INSTANTS, later=st.timedeltas(timedelta(), timedelta(days=40)), amount=st.integers(1, 25))
def test_SLA_D01_who_starts_later_is_never_due_earlier(start: datetime, later: timedelta, amount: int) -> None:
    first, second = (deadline(s, amount, "working_day", CHINA) for s in (start, start + later))
    assert first.due_at <= second.due_at


@given(start=INSTANTS, amount=st.integers(1, 40), unit=st.sampled_from(["working_day", "natural_day"]))
def test_SLA_D01_the_proof_runs_day_by_day_and_counts_to_the_amount(start: datetime, amount: int, unit: Unit) -> None:
    due = deadline(start, amount, unit, CHINA)
    assert sum(day.counted for day in due.proof) == amount
    assert [day.day for day in due.proof] == [day_of(start) + timedelta(days=n) for n in range(len(due.proof))]
    assert due.proof[-1].counted
    assert due.proof[-1].day == due.last_day
    if unit == "working_day":
        assert CHINA.working_days_between(day_of(start), due.last_day) == amount
