"""The clocks of an engagement (SLA-05..07, 38, 39, 62, D01, D03, D05, SCH-28, INT-38): asked, answered, paused, extended."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from services.scheduling.views import clock_rows, completion_averages, engagement_row
from shared.contracts.scheduling import ClockStopped
from tests.services.scheduling.scheduling_kit import EDITIONS, Case, at, none, one, refusal


def test_SLA_05_no_feedback_by_the_end_of_the_second_working_day_is_a_breach() -> None:
    case = Case("A", "2026-04-10T10:00").grant()
    assert case.due("A-OUTP-FEEDBACK") == at("2026-04-14T24:00")
    breach = one(t.ClockBreached, case.silence("A-OUTP-FEEDBACK"))
    assert (breach.rule, breach.basis) == ("SLA-05", "hard")


def test_SLA_05_feedback_in_the_last_minute_is_in_time_and_a_minute_later_is_not() -> None:
    case = Case("A").grant()
    assert one(t.ClockStopped, case.contact("2026-04-14T23:59")).met
    late = Case("A").grant()
    facts = late.contact("2026-04-15T00:00")
    assert not one(t.ClockStopped, facts).met
    assert one(t.ClockBreached, facts).clock == "A-OUTP-FEEDBACK"


def test_SLA_38_feedback_is_due_across_the_holiday_in_B() -> None:
    case = Case("B", "2026-09-24T10:00").grant()
    assert case.due("B-OUTP-FEEDBACK") == at("2026-09-29T24:00")
    assert one(t.ClockBreached, case.silence("B-OUTP-FEEDBACK")).rule == "SLA-38"


def test_SLA_D01_the_start_day_and_holidays_are_not_counted_and_the_proof_says_why() -> None:
    case = Case("A", "2026-09-30T10:00").grant()
    clock = case.state.clocks["A-OUTP-FEEDBACK"].clock
    assert clock.due_at == at("2026-10-09T24:00")
    assert clock.proof[0] == (date(2026, 9, 30), False, "start_day")
    assert [day for day, counted, _ in clock.proof if counted] == [date(2026, 10, 8), date(2026, 10, 9)]
    assert all(
        why.startswith("holiday:") for day, counted, why in clock.proof if date(2026, 10, 1) <= day < date(2026, 10, 8)
    )


def test_SLA_06_an_average_passed_by_one_case_warns_and_does_not_breach() -> None:
    case = Case("A").grant()
    facts = case.silence("A-OUTP-COMPLETE")
    assert (one(t.ClockWarned, facts).rule, one(t.ClockWarned, facts).basis) == ("SLA-06", "average")
    assert none(t.ClockBreached, facts)


def test_SLA_39_the_average_of_B_runs_from_the_grant() -> None:
    case = Case("B", "2026-04-10T10:00").open().grant("2026-04-13T10:00")
    assert case.due("B-OUTP-COMPLETE") == at("2026-04-22T24:00")
    assert one(t.ClockWarned, case.silence("B-OUTP-COMPLETE")).rule == "SLA-39"


def test_SLA_07_usually_within_seven_working_days() -> None:
    case = Case("A", "2026-09-24T10:00").grant()
    assert case.due("A-OUTP-TYPICAL") == at("2026-10-12T24:00")
    assert one(t.ClockWarned, case.silence("A-OUTP-TYPICAL")).basis == "typical"
    assert "A-OUTP-TYPICAL" not in Case("B").grant().state.clocks


def test_SCH_28_a_hospital_hard_to_coordinate_extends_and_is_not_warned_of() -> None:
    case = Case("A").grant()
    one(f.HospitalHardToCoordinate, case.do(c.ReportHardToCoordinate(case.record(), at("2026-04-13T10:00"))))
    extended = one(t.ClockExtended, case.silence("A-OUTP-TYPICAL"))
    assert (extended.rule, extended.reason) == ("SCH-28", "HARD_TO_COORDINATE")
    assert none(t.ClockWarned, case.facts)


def test_SCH_28_is_not_printed_in_B() -> None:
    case = Case("B").grant()
    facts = case.do(c.ReportHardToCoordinate(case.record(), at("2026-04-13T10:00")))
    assert refusal(facts)[:2] == ("EXTENSION_NOT_PRINTED", "SCH-28")


def test_SLA_62_every_clock_says_on_what_basis_it_is_judged() -> None:
    for product, bases in (("A", {"hard", "average", "typical"}), ("B", {"hard", "average"})):
        clocks = one(f.EngagementGranted, Case(product).grant().facts).clocks
        assert {clock.basis for clock in clocks} == bases


def test_SLA_D03_a_full_working_day_of_waiting_for_the_member_moves_the_limit_by_one() -> None:
    case = Case("A").grant()
    case.wait("2026-04-13T09:00", "2026-04-14T09:00")
    clock = case.state.clocks["A-OUTP-FEEDBACK"].clock
    assert (clock.due_at, clock.waited_days) == (at("2026-04-15T24:00"), 1)
    stopped = one(t.ClockStopped, case.contact("2026-04-15T20:00"))
    assert (stopped.met, stopped.gross_working_days, stopped.net_working_days) == (True, 3, 2)


def test_SLA_D03_a_clock_that_waits_is_not_asked_and_not_breached() -> None:
    case = Case("A").grant()
    case.wait("2026-04-13T09:00")
    due_at = case.due("A-OUTP-FEEDBACK")
    assert case.do(c.AskClocks(("A-OUTP-FEEDBACK",), due_at)) == []
    assert one(t.ClockStopped, case.contact("2026-04-20T09:00")).met


def test_SLA_D03_a_wait_that_begins_after_the_limit_heals_nothing() -> None:
    case = Case("A").grant()
    case.wait("2026-04-15T09:00")
    assert one(t.ClockBreached, case.silence("A-OUTP-FEEDBACK")).clock == "A-OUTP-FEEDBACK"


def test_raced_a_wait_heard_while_the_clock_asks_stops_the_breach() -> None:
    case = Case("A").grant()
    due_at = case.due("A-OUTP-FEEDBACK")
    assert case.do(c.AskClocks(("A-OUTP-FEEDBACK",), due_at))
    case.wait("2026-04-14T20:00")
    assert case.do(c.ConcludeNothingHeard("A-OUTP-FEEDBACK", due_at, due_at)) == []


def test_raced_feedback_heard_while_the_clock_asks_stops_the_breach() -> None:
    case = Case("A").grant()
    due_at = case.due("A-OUTP-FEEDBACK")
    assert case.do(c.AskClocks(("A-OUTP-FEEDBACK",), due_at))
    assert case.do(c.AskClocks(("A-OUTP-FEEDBACK",), due_at)) == []
    case.contact("2026-04-14T23:00")
    assert case.do(c.ConcludeNothingHeard("A-OUTP-FEEDBACK", due_at, due_at)) == []


def test_nothing_breaches_without_having_been_asked_nor_twice() -> None:
    case = Case("A").grant()
    due_at = case.due("A-OUTP-FEEDBACK")
    assert case.do(c.ConcludeNothingHeard("A-OUTP-FEEDBACK", due_at, due_at)) == []
    case.silence("A-OUTP-FEEDBACK")
    assert case.do(c.ConcludeNothingHeard("A-OUTP-FEEDBACK", due_at, due_at)) == []
    assert none(t.ClockBreached, case.contact("2026-04-16T10:00"))


def test_INT_38_the_request_waits_for_the_member_once_at_a_time() -> None:
    case = Case("A").grant()
    case.wait("2026-04-13T09:00")
    assert engagement_row(case.state)["standing"] == "WAITING_MEMBER"
    assert refusal(case.wait("2026-04-13T10:00"))[:2] == ("ALREADY_WAITING", "INT-38")
    case.do(c.EndWait(case.record(), at("2026-04-13T11:00")))
    assert refusal(case.do(c.EndWait(case.record(), at("2026-04-13T12:00"))))[0] == "NOT_WAITING"


def test_what_the_decision_took_is_not_the_vendors_delay() -> None:
    case = Case("A", "2026-04-10T10:00").open().grant("2026-04-14T10:00")
    assert case.due("A-OUTP-FEEDBACK") == at("2026-04-16T24:00")
    assert Case("A").open().grant("2026-04-10T18:00").due("A-OUTP-FEEDBACK") == at("2026-04-14T24:00")


def test_feedback_given_before_the_grant_counts() -> None:
    case = Case("A").open()
    case.contact("2026-04-10T11:00")
    case.grant("2026-04-10T12:00")
    assert one(t.ClockStopped, case.facts).met
    assert case.silence("A-OUTP-FEEDBACK") == []


def test_an_appointment_stops_every_clock_of_the_booking() -> None:
    case = Case("A").arranged("2026-04-14T10:00")
    stopped = [fact for fact in case.facts if isinstance(fact, t.ClockStopped)]
    assert [(s.step, s.met, s.net_working_days) for s in stopped] == [
        ("feedback", True, 2), ("complete", True, 2), ("visit_arranged", True, 2),
    ]  # fmt: skip


def test_the_last_day_of_a_hard_limit_is_said_once() -> None:
    case = Case("A").grant()
    near = c.NearClock("A-OUTP-FEEDBACK", at("2026-04-14T00:00"))
    assert one(t.ClockNeared, case.do(near)).due_at == at("2026-04-14T24:00")
    assert case.do(near) == []
    met = Case("A").grant()
    met.contact("2026-04-13T10:00")
    assert met.do(near) == []


def test_a_vendor_that_is_never_heard_goes_to_a_person() -> None:
    case = Case("A").grant()
    case.silence("A-OUTP-FEEDBACK")
    case.silence("A-OUTP-COMPLETE")
    assert case.due("OPS-SILENCE") == at("2026-05-12T24:00")  # 20 working days from the grant
    review = one(f.ReviewOpened, case.silence("OPS-SILENCE"))
    assert review.reasons[0].reason == "VENDOR_SILENT"
    case.review("refuse", "2026-05-13T10:00")
    assert (case.outcome, case.quota()) == ("VENDOR_FAILURE", ["release"])


def test_a_silent_vendor_that_a_person_lets_go_on_is_watched_again() -> None:
    case = Case("A").grant()
    case.contact("2026-04-13T10:00")
    case.silence("A-OUTP-COMPLETE")
    assert one(f.ReviewOpened, case.silence("OPS-SILENCE")).reasons[0].reason == "NOT_ARRANGED"
    case.review("grant", "2026-05-13T10:00")
    assert case.due("OPS-SILENCE") > at("2026-05-13T10:00")
    assert case.state.clocks["OPS-SILENCE"].open


def test_a_member_that_is_waited_for_without_end_goes_to_a_person() -> None:
    case = Case("A").grant()
    case.wait("2026-04-13T09:00")
    assert one(f.ReviewOpened, case.silence("OPS-SILENCE")).reasons[0].reason == "MEMBER_SILENT"


def stop(days: int, month: str = "2026-10", clock: str = "A-OUTP-COMPLETE", product: str = "A") -> ClockStopped:
    when = datetime.fromisoformat(f"{month}-15T10:00:00+08:00")
    return ClockStopped(
        request_id=f"r-{days}", product=product, service="OUTP", clock=clock, step="complete", rule="SLA-06",
        basis="average", started_at=when, stopped_at=when, due_at=when, met=days <= 7, gross_working_days=days,
        net_working_days=days,
    )  # fmt: skip


def averages(stops: list[ClockStopped], month: str, product: str) -> dict[str, object]:
    (row,) = [r for r in completion_averages(stops, EDITIONS, month) if r["product"] == product]
    return row


def test_SLA_06_a_mean_of_six_and_a_half_is_met_and_the_nine_day_case_is_an_alert() -> None:
    row = averages([stop(4), stop(6), stop(9), stop(7)], "2026-10", "A")
    assert (row["mean_working_days"], row["met"], row["over"]) == (6.5, True, ["r-9"])


def test_SLA_39_a_mean_of_seven_point_two_is_missed() -> None:
    stops = [stop(d, clock="B-OUTP-COMPLETE", product="B") for d in (7, 7, 7, 7, 8)]
    row = averages(stops, "2026-10", "B")
    assert (row["mean_working_days"], row["met"]) == (7.2, False)


def test_SLA_D05_a_month_without_cases_is_not_failed() -> None:
    row = averages([stop(9)], "2026-08", "A")
    assert (row["cases"], row["met"]) == (0, None)


def test_a_clock_shows_its_proof_and_its_pause() -> None:
    case = Case("A").grant()
    case.wait("2026-04-13T09:00")
    row = next(r for r in clock_rows(case.state) if r["clock"] == "A-OUTP-FEEDBACK")
    assert row["mark"] == "paused"
    assert row["proof"][0] == {"day": date(2026, 4, 10), "counted": False, "why": "start_day"}


@pytest.mark.parametrize("product", ["A", "B"])
def test_a_grant_twice_adds_nothing(product: str) -> None:
    case = Case(product).grant()
    before = list(case.facts)
    case.grant()
    case.open()
    assert case.facts == before
