"""Ends without a visit (INT-02, 15, 40, ENT-D04, D11, D16), withdrawals around the grant, and notices of the work order."""

from __future__ import annotations

import pytest

from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from tests.services.scheduling.scheduling_kit import Case, asked_rules, at, none, one, refusal


@pytest.mark.parametrize(("product", "rule"), [("A", "INT-02"), ("B", "INT-15")], ids=["INT_02", "INT_15"])
def test_a_service_that_cannot_be_started_touches_no_count(product: str, rule: str) -> None:
    case = Case(product).grant()
    facts = case.do(c.ReportNotStartable(case.record(), at("2026-04-10T15:00"), "NO_LISTED_DISEASE"))
    finished = one(f.EngagementFinished, facts)
    assert (finished.outcome, finished.note, case.quota()) == ("NOT_STARTABLE", "NO_LISTED_DISEASE", ["release"])
    assert rule in asked_rules(finished.reasons)


def test_a_booked_service_has_started() -> None:
    case = Case("A").arranged()
    facts = case.do(c.ReportNotStartable(case.record(), at("2026-04-16T15:00"), "NO_LISTED_DISEASE"))
    assert refusal(facts)[0] == "ALREADY_ARRANGED"


def test_INT_40_a_member_may_decline_to_give_records_without_penalty() -> None:
    case = Case("B").grant()
    facts = case.do(c.DeclineRecords(case.record(), at("2026-04-10T15:00")))
    finished = one(f.EngagementFinished, facts)
    assert (finished.outcome, case.quota()) == ("MEMBER_DECLINED_DATA", ["release"])
    assert asked_rules(finished.reasons) == ["INT-40"]


def test_declined_records_release_in_A_by_the_matrix() -> None:
    case = Case("A").grant()
    case.do(c.DeclineRecords(case.record(), at("2026-04-10T15:00")))
    assert (case.outcome, one(f.QuotaMoved, case.facts).rule) == ("MEMBER_DECLINED_DATA", "ENT-D04")


def end_cover(case: Case, reason: str, when: str = "2026-06-10T00:00") -> list[object]:
    return case.do(c.EndCover(reason, at(when)))


def test_ENT_D11_on_a_lapse_what_is_not_confirmed_is_closed() -> None:
    case = Case("A").grant()
    finished = one(f.EngagementFinished, end_cover(case, "LAPSE"))
    assert (finished.outcome, case.quota()) == ("SERVICE_TERMINATED", ["release"])
    assert asked_rules(finished.reasons) == ["ENT-D11"]


def test_ENT_D11_on_a_lapse_a_confirmed_visit_is_kept() -> None:
    case = Case("A", "2026-06-05T10:00").grant()
    case.propose("2026-06-08T10:00", "2026-06-18T09:00")
    assert one(f.CoverEndKept, end_cover(case, "LAPSE")).rule == "ENT-D11"
    assert end_cover(case, "LAPSE") == []
    case.attend("2026-06-18T18:00", "2026-06-18")
    assert (case.outcome, case.state.quota) == ("ATTENDED", "consumed")


def test_ENT_D11_a_confirmed_visit_that_is_being_moved_is_kept() -> None:
    case = Case("B").arranged()
    case.disrupt("2026-04-19T10:00")
    one(f.CoverEndKept, end_cover(case, "LAPSE", "2026-04-20T00:00"))
    assert case.state.status == "rescheduling"


def test_ENT_D16_on_expiry_the_booked_visit_is_kept_and_the_rest_closed() -> None:
    kept = Case("A", "2027-02-19T10:00").grant()
    kept.propose("2027-02-22T10:00", "2027-03-03T09:00")
    assert one(f.CoverEndKept, end_cover(kept, "SERVICE_EXPIRED", "2027-03-01T00:00")).rule == "ENT-D16"
    closed = Case("A", "2027-02-26T10:00").grant()
    assert (
        one(f.EngagementFinished, end_cover(closed, "SERVICE_EXPIRED", "2027-03-01T00:00")).outcome == "SERVICE_EXPIRED"
    )


def test_ENT_D11_a_slot_that_waits_for_a_person_is_not_confirmed() -> None:
    case = Case("A").grant()
    case.propose("2026-04-10T11:00", "2026-04-20T09:00", military=True)
    facts = end_cover(case, "LAPSE", "2026-04-13T00:00")
    assert case.outcome == "SERVICE_TERMINATED"
    assert one(f.ReviewClosed, facts).actor == "system"


@pytest.mark.parametrize(("product", "cause"), [("A", "WITHDRAWN_BEFORE_CONSUME"), ("B", "CANCELLED_BEFORE_VISIT_DAY")])
def test_ENT_D04_a_withdrawal_before_the_booking_releases(product: str, cause: str) -> None:
    case = Case(product).grant()
    moved = one(f.QuotaMoved, case.withdraw("2026-04-11T10:00"))
    assert (moved.action, moved.cause, moved.rule, case.outcome) == ("release", cause, "ENT-D04", "CANCELLED")


def test_a_withdrawal_heard_before_the_grant_cancels_on_the_grant_and_is_answered_then() -> None:
    case = Case("A").open()
    (remembered,) = case.withdraw("2026-04-10T10:01")
    assert remembered == f.WithdrawalRemembered("record-1")
    again = case.withdraw("2026-04-10T10:02")
    assert none(f.RecordApplied, again)
    case.grant("2026-04-10T10:00")
    assert not one(f.EngagementGranted, case.facts).ordered
    assert one(f.RecordApplied, case.facts).record == "record-1"
    assert one(f.RecordRefused, case.facts).reason == "ALREADY_WITHDRAWN"
    assert (case.outcome, case.quota()) == ("CANCELLED", ["release"])


def test_a_withdrawal_of_what_was_never_granted_is_left_to_entitlement() -> None:
    case = Case("A").open()
    case.do(c.Dismiss("DENIED"))
    assert case.withdraw("2026-04-11T10:00") == []
    assert refusal(case.contact("2026-04-11T10:00"))[0] == "NOT_GRANTED"


def test_raced_a_withdrawal_and_a_slot_the_first_one_wins() -> None:
    withdrawn = Case("A").grant()
    withdrawn.withdraw("2026-04-10T11:00")
    assert refusal(withdrawn.propose("2026-04-10T11:00", "2026-04-20T09:00"))[0] == "CASE_CLOSED"
    booked = Case("A").grant()
    booked.propose("2026-04-10T11:00", "2026-04-20T09:00")
    assert refusal(booked.withdraw("2026-04-10T11:00"))[0] == "NON_CANCELLABLE"


def test_a_first_response_is_applied_in_every_state_and_papers_before_and_after_the_grant() -> None:
    case = Case("A").open()
    one(f.RecordApplied, case.do(c.TakePapers(case.record(), at("2026-04-10T10:10"))))
    one(f.RecordApplied, case.contact("2026-04-10T10:20", "first_response"))
    case.grant()
    one(f.RecordApplied, case.do(c.TakePapers(case.record(), at("2026-04-10T11:05"))))
    case.withdraw("2026-04-10T12:00")
    one(f.RecordApplied, case.contact("2026-04-10T12:20", "first_response"))


def test_what_is_said_of_a_case_of_another_service_is_left_alone() -> None:
    case = Case("A")
    assert case.contact("2026-04-10T10:20") == []
    assert case.withdraw("2026-04-10T10:20") == []
    assert end_cover(case, "LAPSE") == []


NOTICES = {
    "A": ["INT-37", "INT-38", "INT-44", "SCH-01", "SCH-02", "SCH-23", "NOT-04", "NOT-06", "NOT-09", "NOT-10"],
    "B": ["INT-38", "INT-40", "INT-44", "SCH-D09", "NOT-04", "NOT-09", "NOT-10", "NOT-16", "NOT-17"],
}


@pytest.mark.parametrize(
    ("product", "rule"),
    [(product, rule) for product, rules in NOTICES.items() for rule in rules],
    ids=[f"{product}_{rule.replace('-', '_')}" for product, rules in NOTICES.items() for rule in rules],
)
def test_the_work_order_tells_what_the_member_must_hear(product: str, rule: str) -> None:
    assert rule in one(f.EngagementGranted, Case(product).grant().facts).notices


@pytest.mark.parametrize("product", ["A", "B"])
def test_the_work_order_tells_nothing_that_the_edition_does_not_print(product: str) -> None:
    assert set(one(f.EngagementGranted, Case(product).grant().facts).notices) == set(NOTICES[product])
