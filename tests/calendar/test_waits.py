"""Waits for the member move what the vendor owes (SLA-D03)."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import Pause, ServiceHours, china_calendar, deadline, extend
from shared.kernel.instant import CST, end_of

CHINA = china_calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CST)


def end(day: str) -> datetime:
    return end_of(date.fromisoformat(day))


def wait(begun: str, ended: str) -> Pause:
    return at(begun), at(ended)


FEEDBACK = deadline(at("2026-04-10T10:00"), 2, "working_day", CHINA)
DOCUMENTS = deadline(at("2026-05-05T10:30"), 1, "natural_day", CHINA)


def test_SLA_D03_a_wait_of_one_full_working_day_moves_the_feedback_by_one_day() -> None:
    assert FEEDBACK.due_at == end("2026-04-14")
    moved = extend(FEEDBACK, [wait("2026-04-13T00:00", "2026-04-14T00:00")], CHINA)
    assert (moved.due_at, moved.waited_units) == (end("2026-04-15"), 1)
    assert [(day.day.day, day.why) for day in moved.proof if day.why == "member_wait"] == [(13, "member_wait")]
    assert [day.day.day for day in moved.proof if day.counted] == [14, 15]


def test_SLA_D03_a_working_day_is_waited_from_one_forenoon_to_the_next() -> None:
    assert extend(FEEDBACK, [wait("2026-04-13T09:00", "2026-04-14T09:00")], CHINA).due_at == end("2026-04-15")


def test_SLA_D03_less_than_a_day_moves_nothing() -> None:
    assert extend(FEEDBACK, [wait("2026-04-13T09:00", "2026-04-14T08:59")], CHINA) == FEEDBACK


def test_SLA_D03_two_half_days_make_one() -> None:
    halves = [wait("2026-04-13T00:00", "2026-04-13T12:00"), wait("2026-04-14T00:00", "2026-04-14T12:00")]
    assert extend(FEEDBACK, halves, CHINA).due_at == end("2026-04-15")


def test_SLA_D03_a_weekend_of_waiting_moves_no_limit_of_working_days() -> None:
    assert extend(FEEDBACK, [wait("2026-04-11T00:00", "2026-04-13T00:00")], CHINA) == FEEDBACK


def test_SLA_D03_waits_that_overlap_are_counted_once() -> None:
    twice = [wait("2026-04-13T00:00", "2026-04-14T00:00"), wait("2026-04-13T06:00", "2026-04-14T00:00")]
    assert extend(FEEDBACK, twice, CHINA).waited_units == 1


def test_SLA_D03_a_wait_after_the_deadline_revives_nothing() -> None:
    assert extend(FEEDBACK, [wait("2026-04-15T00:00", "2026-04-20T00:00")], CHINA) == FEEDBACK


def test_SLA_D03_a_wait_before_the_clock_started_counts_from_its_start() -> None:
    assert extend(FEEDBACK, [wait("2026-04-01T00:00", "2026-04-10T11:00")], CHINA) == FEEDBACK


def test_SLA_32_papers_two_days_late_through_the_member_move_the_vendor_by_one_full_day() -> None:
    assert DOCUMENTS.due_at == end("2026-05-06")
    moved = extend(DOCUMENTS, [wait("2026-05-05T11:00", "2026-05-07T09:00")], CHINA)
    assert moved.due_at == end("2026-05-07")
    assert moved.met(at("2026-05-07T17:00"))
    assert not moved.met(at("2026-05-08T09:00"))


def test_SLA_32_without_a_checklist_there_was_no_wait() -> None:
    assert not DOCUMENTS.met(at("2026-05-07T09:00"))


def test_SLA_D03_minutes_move_by_the_wait_itself() -> None:
    call = deadline(at("2026-05-05T08:00"), 1, "half_hour", CHINA, ServiceHours(time(9), time(21)))
    moved = extend(call, [wait("2026-05-05T08:30", "2026-05-05T09:10")], CHINA)
    assert (moved.due_at, moved.waited_units) == (at("2026-05-05T09:40"), 10)
    assert moved.met(at("2026-05-05T09:40"))


def test_SLA_D03_waits_can_be_told_with_the_deadline() -> None:
    pauses = [wait("2026-04-13T00:00", "2026-04-14T00:00")]
    assert deadline(at("2026-04-10T10:00"), 2, "working_day", CHINA, None, pauses).due_at == end("2026-04-15")


@given(
    waits=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 200)), max_size=6),
    unit=st.sampled_from(["working_day", "natural_day", "hour"]),
)
def test_SLA_D03_waiting_never_makes_anything_due_earlier_and_order_does_not_matter(
    waits: list[tuple[int, int]], unit: str
) -> None:
    start = at("2026-04-10T10:00")
    plain = deadline(start, 3, unit, CHINA)  # type: ignore[arg-type]
    pauses = [(start + timedelta(hours=a), start + timedelta(hours=a + length)) for a, length in waits]
    moved = extend(plain, pauses, CHINA)
    assert moved.due_at >= plain.due_at
    assert moved == extend(plain, reversed(pauses), CHINA)
