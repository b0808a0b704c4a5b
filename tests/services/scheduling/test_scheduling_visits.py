"""The visit: called, seen, missed, cancelled, disturbed (SCH-01..04, 12..14, 17, 23, 28, D01, D02, D06, D08..D10, INT-37)."""

from __future__ import annotations

import pytest

from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from tests.services.scheduling.scheduling_kit import Case, asked_rules, at, none, one, refusal

CALL = {"A": "A-CONFIRM-D1", "B": "B-CONFIRM-D1"}


def call(case: Case, when: str, reminder: bool = True) -> list[object]:
    return case.do(c.ReportCall(case.record(), at(when), reminder))


def test_SCH_01_a_booked_visit_cannot_be_cancelled_in_A() -> None:
    case = Case("A").arranged()
    assert refusal(case.withdraw("2026-04-16T10:00"))[:2] == ("NON_CANCELLABLE", "SCH-01")
    assert case.state.status == "arranged"


def test_SCH_02_a_client_whose_number_has_passed_is_a_no_show() -> None:
    case = Case("A").arranged()
    facts = case.miss("2026-04-20T10:20")
    finished = one(f.EngagementFinished, facts)
    assert finished.outcome == "CLIENT_NO_SHOW"
    assert "SCH-02" in asked_rules(finished.reasons)


def test_nobody_is_missed_before_the_slot() -> None:
    case = Case("A").arranged()
    assert refusal(case.miss("2026-04-20T08:59"))[0] == "VISIT_NOT_DUE"
    assert case.miss("2026-04-20T09:00")


def test_SCH_03_a_registration_fee_that_arose_is_the_clients() -> None:
    (cost,) = one(f.VisitClosed, Case("A").arranged().miss(fee=30_000)).costs
    assert (cost.rule, cost.payer, cost.amount_fen) == ("SCH-03", "CLIENT", 30_000)
    assert one(f.VisitClosed, Case("A").arranged().miss()).costs == ()


def test_SCH_04_a_suspended_clinic_is_moved_to_another_time() -> None:
    case = Case("A").arranged()
    facts = case.disrupt("2026-04-19T10:00")
    told = one(f.OutcomeSaid, facts)
    assert (told.outcome, case.state.status) == ("RESCHEDULING", "rescheduling")
    assert "SCH-04" in asked_rules(told.reasons)
    assert one(f.AppointmentVoided, facts).final is False


def test_SCH_12_no_call_by_the_end_of_the_day_before_is_an_alert() -> None:
    case = Case("A").arranged()
    assert case.due(CALL["A"]) == at("2026-04-19T24:00")
    facts = case.silence(CALL["A"])
    assert (one(t.DutyMissed, facts).duty, one(t.DutyMissed, facts).rule) == ("D1_CALL_MISSED", "SCH-12")
    assert none(t.ClockBreached, facts)


def test_SCH_12_a_call_on_the_day_before_meets_the_duty_and_an_earlier_one_does_not() -> None:
    case = Case("B").arranged()
    assert refusal(call(case, "2026-04-18T23:59"))[:2] == ("CALL_TOO_EARLY", "SCH-12")
    assert one(f.VisitConfirmed, call(case, "2026-04-19T00:00")).met
    assert case.silence(CALL["B"]) == []


def test_SCH_12_a_late_call_shows_itself_that_the_duty_was_missed() -> None:
    case = Case("A").arranged()
    facts = call(case, "2026-04-20T07:00")
    assert one(t.DutyMissed, facts).duty == "D1_CALL_MISSED"
    assert not one(f.VisitConfirmed, facts).met


def test_SCH_13_a_call_without_the_reminder_of_papers_is_refused() -> None:
    case = Case("A").arranged()
    assert refusal(call(case, "2026-04-19T10:00", reminder=False)) == (
        "ID_REMINDER_MISSING", "SCH-13", "/data/id_reminder",
    )  # fmt: skip
    assert not case.state.confirmed


def test_SCH_D08_booked_the_evening_before_the_call_is_made_at_once() -> None:
    case = Case("B").arranged("2026-04-19T22:00", "2026-04-20T08:00")
    assert case.due(CALL["B"]) == at("2026-04-20T08:00")
    assert one(f.VisitConfirmed, call(case, "2026-04-19T22:10")).met


def test_SCH_D08_booked_on_the_day_itself_too_and_unheard_it_is_missed() -> None:
    case = Case("A").arranged("2026-04-20T07:00", "2026-04-20T09:00")
    assert one(t.DutyMissed, case.silence(CALL["A"])).rule == "SCH-D08"


def test_ENT_41_the_escort_is_bundled_in_A() -> None:
    assert one(f.EngagementGranted, Case("A").grant().facts).accompaniment == "BUNDLED"


def test_SCH_D10_company_is_offered_in_B_and_may_be_declined() -> None:
    case = Case("B").arranged()
    assert one(f.EngagementGranted, case.facts).accompaniment == "OFFERED"
    one(f.AccompanimentDeclined, case.do(c.DeclineCompany(case.record(), at("2026-04-17T10:00"))))
    assert (case.state.accompaniment, case.state.status) == ("DECLINED", "arranged")
    assert none(f.AccompanimentDeclined, case.do(c.DeclineCompany(case.record(), at("2026-04-17T11:00"))))
    assert none(t.DutyMissed, case.attend(accompanied=False))


def test_SCH_14_a_member_left_alone_is_a_missed_duty() -> None:
    missed = one(t.DutyMissed, Case("A").arranged().attend(accompanied=False))
    assert (missed.duty, missed.rule) == ("ACCOMPANIMENT_MISSED", "SCH-14")
    assert none(t.DutyMissed, Case("A").arranged().attend(accompanied=True))


def test_SCH_17_more_than_four_hours_of_escort_are_not_owed() -> None:
    for minutes, owed in ((240, 240), (241, 240), (90, 90)):
        closed = one(f.VisitClosed, Case("A").arranged().attend(accompanied_minutes=minutes))
        assert (closed.accompanied_minutes, closed.owed_minutes) == (minutes, owed)
    assert one(f.VisitClosed, Case("B").arranged().attend(accompanied_minutes=241)).owed_minutes is None


@pytest.mark.parametrize(("product", "rule"), [("A", "SCH-23"), ("B", "SCH-D09")], ids=["SCH_23", "SCH_D09"])
def test_hospital_fees_are_the_clients(product: str, rule: str) -> None:
    (cost,) = one(f.VisitClosed, Case(product).arranged().attend(hospital_fees_fen=5_000)).costs
    assert (cost.rule, cost.payer, cost.amount_fen) == (rule, "CLIENT", 5_000)


def test_SCH_D09_a_fee_of_a_missed_visit_is_the_clients_in_B_too() -> None:
    (cost,) = one(f.VisitClosed, Case("B").arranged().miss(fee=30_000)).costs
    assert cost.rule == "SCH-D09"


def test_SCH_D01_a_no_show_in_A_has_used_the_count() -> None:
    case = Case("A").arranged()
    case.miss()
    assert (case.quota(), case.state.quota, case.outcome) == (["consume"], "consumed", "CLIENT_NO_SHOW")


def test_SCH_D02_the_same_count_moves_to_the_new_slot() -> None:
    case = Case("A").arranged()
    case.disrupt("2026-04-19T10:00")
    assert (case.quota(), case.state.quota) == (["consume", "restore"], "held")
    case.arranged("2026-04-20T10:00", "2026-04-27T09:00")
    case.attend("2026-04-27T18:00", "2026-04-27")
    assert (case.quota(), case.state.quota, case.outcome) == (["consume", "restore", "consume"], "consumed", "ATTENDED")


def test_SCH_D02_a_declined_new_slot_releases_the_count() -> None:
    case = Case("A").arranged()
    case.disrupt("2026-04-19T10:00")
    facts = case.do(c.DeclineSlot(case.record(), at("2026-04-20T10:00")))
    moved = one(f.QuotaMoved, facts)
    assert (moved.action, moved.cause, moved.rule) == ("release", "HOSPITAL_OR_EXPERT_FAILURE", "SCH-D02")
    assert case.outcome == "SLOT_DECLINED"


def test_a_slot_is_declined_only_while_a_new_one_is_looked_for() -> None:
    case = Case("A").arranged()
    assert refusal(case.do(c.DeclineSlot(case.record(), at("2026-04-20T10:00"))))[0] == "NOT_RESCHEDULING"


@pytest.mark.parametrize(
    "cause", ["hospital_reason", "epidemic", "natural_disaster", "force_majeure", "vendor_failure"]
)
def test_a_disruption_in_B_leaves_the_count_held(cause: str) -> None:
    case = Case("B").arranged()
    case.disrupt("2026-04-19T10:00", cause)
    assert (case.state.status, case.quota()) == ("rescheduling", [])
    case.arranged("2026-04-20T10:00", "2026-04-27T09:00")
    case.attend("2026-04-27T18:00", "2026-04-27")
    assert case.quota() == ["consume"]


def test_SCH_D06_a_cancellation_until_the_end_of_the_day_before_is_free_in_B() -> None:
    case = Case("B").arranged()
    case.withdraw("2026-04-19T23:59")
    assert (case.outcome, case.quota()) == ("CANCELLED", ["release"])
    assert one(f.QuotaMoved, case.facts).rule == "SCH-D06"


@pytest.mark.parametrize(("decision", "action"), [("grant", "release"), ("refuse", "consume")])
def test_SCH_D06_a_cancellation_on_the_visit_day_goes_to_a_person(decision: str, action: str) -> None:
    case = Case("B").arranged()
    review = one(f.ReviewOpened, case.withdraw("2026-04-20T07:00"))
    assert [a.reason for a in review.reasons] == ["LATE_CANCELLATION"]
    assert case.quota() == []
    assert refusal(case.withdraw("2026-04-20T07:30"))[0] == "REVIEW_PENDING"
    case.review(decision, "2026-04-21T10:00")
    assert (case.quota(), case.outcome) == ([action], "CANCELLED")


@pytest.mark.parametrize(("decision", "action"), [("grant", "release"), ("refuse", "consume")])
def test_SCH_D06_a_no_show_in_B_goes_to_a_person(decision: str, action: str) -> None:
    case = Case("B").arranged()
    review = one(f.ReviewOpened, case.miss())
    assert [(a.rule, a.reason) for a in review.reasons] == [("SCH-D06", "NO_SHOW")]
    assert refusal(case.miss("2026-04-20T11:00"))[0] == "REVIEW_PENDING"
    case.review(decision, "2026-04-21T10:00")
    assert (case.quota(), case.outcome) == ([action], "CLIENT_NO_SHOW")


def test_raced_a_member_seen_after_all_leaves_no_no_show_to_decide() -> None:
    case = Case("B").arranged()
    case.miss()
    facts = case.attend()
    assert one(f.ReviewClosed, facts).reason == "ATTENDED"
    assert (case.quota(), case.outcome) == (["consume"], "ATTENDED")


def test_INT_37_a_void_duplicate_releases_the_hold_in_A() -> None:
    case = Case("A").arranged()
    facts = case.disrupt("2026-04-16T10:00", "duplicate_booking")
    assert case.outcome == "VOID_DUPLICATE"
    assert [(q.action, q.cause) for q in facts if isinstance(q, f.QuotaMoved)] == [
        ("restore", "VOID_DUPLICATE"), ("release", "VOID_DUPLICATE"),
    ]  # fmt: skip
    assert one(f.AppointmentVoided, facts).final


def test_INT_37_is_not_printed_in_B_where_another_slot_is_looked_for() -> None:
    case = Case("B").arranged()
    case.disrupt("2026-04-16T10:00", "duplicate_booking")
    assert case.state.status == "rescheduling"


def test_a_visit_is_attended_on_its_day_and_not_before() -> None:
    case = Case("A").arranged()
    assert refusal(case.attend("2026-04-19T18:00"))[0] == "VISIT_NOT_DUE"
    assert refusal(case.attend(on="2026-04-21"))[2] == "/data/attended_on"
    assert one(f.EngagementFinished, case.attend()).outcome == "ATTENDED"


def test_what_is_not_arranged_is_not_attended_missed_or_disturbed() -> None:
    case = Case("A").grant()
    for facts in (case.attend(), case.miss(), case.disrupt("2026-04-12T10:00"), call(case, "2026-04-12T10:00")):
        assert refusal(facts)[0] == "NOT_ARRANGED"


def test_a_closed_engagement_stays_closed() -> None:
    case = Case("A").arranged()
    case.attend()
    for facts in (
        case.attend(), case.miss(), case.disrupt("2026-04-21T10:00"), case.withdraw("2026-04-21T10:00"),
        case.propose("2026-04-21T10:00", "2026-04-29T10:00"), case.wait("2026-04-21T10:00"),
    ):  # fmt: skip
        assert refusal(facts)[0] == "CASE_CLOSED"
    assert (case.quota(), case.outcome) == (["consume"], "ATTENDED")


def test_the_same_word_on_a_visit_twice_adds_nothing() -> None:
    for say in (
        lambda case: c.Attend("r", at("2026-04-20T18:00"), at("2026-04-20T00:00").date()),
        lambda case: c.Miss("r", at("2026-04-20T18:00")),
        lambda case: c.Disrupt("r", at("2026-04-19T18:00"), "expert_suspended"),
        lambda case: c.Withdraw("r", at("2026-04-19T18:00")),
        lambda case: c.ReportCall("r", at("2026-04-19T18:00"), True),
        lambda case: c.DeclineCompany("r", at("2026-04-19T18:00")),
    ):
        for product in ("A", "B"):
            case = Case(product).arranged()
            assert case.do(say(case))
            assert case.do(say(case)) == []


def test_a_visit_nobody_speaks_of_goes_to_a_person_five_working_days_later() -> None:
    case = Case("B").arranged()
    review = one(f.ReviewOpened, case.silence("OPS-VISIT-OUTCOME"))
    assert case.due("OPS-VISIT-OUTCOME") == at("2026-04-27T24:00")
    assert review.reasons[0].reason == "VISIT_OUTCOME_UNKNOWN"
    case.review("grant", "2026-04-29T10:00")
    assert (case.outcome, case.quota()) == ("ATTENDED", ["consume"])


@pytest.mark.parametrize(("product", "quota"), [("A", ["consume", "restore", "release"]), ("B", ["release"])])
def test_a_visit_that_a_person_finds_was_not_held_costs_no_count(product: str, quota: list[str]) -> None:
    case = Case(product).arranged()
    case.silence("OPS-VISIT-OUTCOME")
    case.review("refuse", "2026-04-29T10:00")
    assert (case.outcome, case.quota()) == ("VISIT_NOT_HELD", quota)
