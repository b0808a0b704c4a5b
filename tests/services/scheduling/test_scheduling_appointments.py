"""What a proposed slot must be (ENT-51..55, INT-04, INT-06, INT-17, REF-06, REF-07, REF-D03) and what a booking brings about."""

from __future__ import annotations

from typing import Any

import pytest

from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from tests.services.scheduling.scheduling_kit import Case, asked_rules, at, none, one, refusal

NEXT = ("2026-04-10T11:00", "2026-04-20T09:00")


@pytest.mark.parametrize("product", ["A", "B"])
def test_ENT_51_a_tertiary_b_hospital_is_refused(product: str) -> None:
    case = Case(product).grant()
    assert refusal(case.propose(*NEXT, grade="3B")) == ("NOT_TERTIARY_A", "ENT-51", "/data/hospital/grade")
    assert case.state.status == "arranging"
    one(f.AppointmentArranged, case.propose(*NEXT, grade="3A"))


@pytest.mark.parametrize("product", ["A", "B"])
def test_ENT_51_an_associate_chief_is_enough_and_an_attending_is_not(product: str) -> None:
    facts = Case(product).grant().propose(*NEXT, expert_rank="attending")
    assert refusal(facts) == ("BELOW_ASSOCIATE_CHIEF", "ENT-51", "/data/expert_rank")
    one(f.AppointmentArranged, Case(product).grant().propose(*NEXT, expert_rank="associate_chief"))


def test_ENT_51_a_hospital_whose_grade_nobody_knows_is_neither_accepted_nor_refused_in_B_too() -> None:
    facts = Case("B").grant().propose(*NEXT, grade=None)
    assert [(a.rule, a.reason) for a in one(f.ReviewOpened, facts).reasons] == [("ENT-51", "HOSPITAL_STATUS")]


def test_ENT_51_a_private_tertiary_a_hospital_designated_by_the_member_goes_to_a_person_in_A_only() -> None:
    case = Case("A").grant()
    facts = case.propose(*NEXT, ownership="private", selected_by="member")
    assert one(f.ReviewOpened, facts).reasons[0].reason == "PRIVATE_TERTIARY_A"
    assert case.quota() == []
    one(f.AppointmentArranged, Case("B").grant().propose(*NEXT, ownership="private", selected_by="member"))


def test_a_doubt_that_a_person_answered_before_the_grant_is_not_asked_again_for_that_hospital() -> None:
    private = {"ownership": "private", "selected_by": "member"}
    case = Case("A").grant(hospital="H1", settled=("PRIVATE_TERTIARY_A",))
    one(f.ReviewOpened, case.propose(*NEXT, hospital="H2", **private))
    one(f.AppointmentArranged, case.propose(*NEXT, hospital="H1", **private))


def test_ENT_52_what_the_member_designated_binds_a_recommendation() -> None:
    case = Case("A").grant(hospital="H1", department="ONCOLOGY")
    reason, rule, pointer = refusal(case.propose(*NEXT, hospital="H2"))
    assert (reason, rule, pointer) == ("HOSPITAL_NOT_AS_DESIGNATED", "ENT-52", "/data/hospital/code")
    assert refusal(case.propose(*NEXT, department="CARDIOLOGY"))[1] == "ENT-52"
    assert "ENT-52" in asked_rules(one(f.AppointmentArranged, case.propose(*NEXT)).receipt)


def test_ENT_52_a_designation_that_the_member_changed_is_followed() -> None:
    case = Case("A").grant(hospital="H1")
    facts = case.propose(*NEXT, hospital="H2", selected_by="member")
    assert "ENT-52" in asked_rules(one(f.AppointmentArranged, facts).receipt)


@pytest.mark.parametrize("product", ["A", "B"])
def test_ENT_53_an_expert_named_by_the_member_is_refused(product: str) -> None:
    facts = Case(product).grant().propose(*NEXT, expert_source="member")
    assert refusal(facts) == ("EXPERT_NOT_SELECTABLE", "ENT-53", "/data/expert_source")


def test_ENT_53_a_wish_for_an_expert_is_rejected_and_the_request_goes_on() -> None:
    case = Case("A").grant(names_expert=True)
    assert one(f.EngagementGranted, case.facts).expert_wish == "EXPERT_NOT_SELECTABLE"
    assert one(f.EngagementGranted, Case("A").grant().facts).expert_wish is None


def test_ENT_54_the_expert_comes_from_the_adviser() -> None:
    receipt = one(f.AppointmentArranged, Case("A").grant().propose(*NEXT)).receipt
    assert [a.facts for a in receipt if a.rule == "ENT-54"] == [{"source": "ADVISER_RECOMMENDATION"}]


@pytest.mark.parametrize("visit_type", ["antenatal", "delivery", "emergency", "dental_cosmetic", "reproductive"])
def test_ENT_55_excluded_visits_are_refused_in_A_only(visit_type: str) -> None:
    facts = Case("A").grant().propose(*NEXT, visit_type=visit_type)
    assert refusal(facts) == ("VISIT_TYPE_EXCLUDED", "ENT-55", "/data/visit_type")
    one(f.AppointmentArranged, Case("B").grant().propose(*NEXT, visit_type=visit_type))


@pytest.mark.parametrize(("product", "rule"), [("A", "INT-04"), ("B", "INT-17")], ids=["INT_04", "INT_17"])
def test_selection_source_is_the_member_or_the_recommendation(product: str, rule: str) -> None:
    for selected_by, source in (("member", "MEMBER"), ("recommended", "RECOMMENDED")):
        receipt = one(f.AppointmentArranged, Case(product).grant().propose(*NEXT, selected_by=selected_by)).receipt
        assert [a.facts for a in receipt if a.rule == rule] == [{"selection_source": source}]


def test_INT_06_a_private_hospital_is_not_recommended_in_A() -> None:
    facts = Case("A").grant().propose(*NEXT, ownership="private")
    assert refusal(facts) == ("NOT_PUBLIC", "INT-06", "/data/hospital/ownership")
    one(f.AppointmentArranged, Case("B").grant().propose(*NEXT, ownership="private"))


@pytest.mark.parametrize(("product", "rule"), [("A", "REF-06"), ("B", "REF-07")], ids=["REF_06", "REF_07"])
def test_an_unconfirmed_network_is_never_accepted(product: str, rule: str) -> None:
    facts = Case(product).grant().propose(*NEXT, network_confirmed=False)
    assert refusal(facts) == ("NETWORK_UNKNOWN", rule, "/data/network_confirmed")


@pytest.mark.parametrize(
    "doubt",
    [{"military": True}, {"privately_run_unit": True}, {"vip_or_international": True}, {"ownership": None}],
)
def test_REF_D03_a_doubtful_status_goes_to_a_person_in_A(doubt: dict[str, Any]) -> None:
    case = Case("A").grant()
    review = one(f.ReviewOpened, case.propose(*NEXT, **doubt))
    assert "REF-D03" in asked_rules(review.reasons)
    assert review.review_id.endswith("-S1")
    assert review.due_at == at("2026-04-17T24:00")
    one(f.AppointmentArranged, Case("B").grant().propose(*NEXT, **doubt))


def test_a_refusal_outweighs_a_review() -> None:
    facts = Case("A").grant().propose(*NEXT, military=True, network_confirmed=False)
    assert refusal(facts)[0] == "NETWORK_UNKNOWN"


def test_a_slot_that_is_not_in_the_future_is_refused() -> None:
    case = Case("A").grant()
    assert refusal(case.propose("2026-04-20T09:00", "2026-04-20T09:00"))[2] == "/data/slot_at"
    one(f.AppointmentArranged, case.propose("2026-04-20T08:59", "2026-04-20T09:00"))


def test_ENT_D04_a_booking_consumes_in_A_and_stays_held_in_B() -> None:
    a, b = Case("A").arranged(), Case("B").arranged()
    assert (a.quota(), a.state.quota) == (["consume"], "consumed")
    assert one(f.QuotaMoved, a.facts).cause == "BOOKING_CONFIRMED"
    assert (b.quota(), b.state.quota) == ([], "held")
    b.attend()
    assert (b.quota(), one(f.QuotaMoved, b.facts).cause) == (["consume"], "VISIT_ATTENDED")


def test_ENT_D04_what_was_not_held_is_not_settled() -> None:
    case = Case("A").grant(held=False)
    case.propose(*NEXT)
    case.attend()
    assert (case.quota(), case.outcome) == ([], "ATTENDED")


def test_SUB_30_the_confirmation_hints_at_the_invoice_title() -> None:
    assert "SUB-30" in one(f.AppointmentArranged, Case("A").arranged().facts).notices


@pytest.mark.parametrize(("product", "rule"), [("A", "INT-03"), ("B", "INT-16")], ids=["INT_03", "INT_16"])
def test_nothing_is_arranged_before_acceptance(product: str, rule: str) -> None:
    case = Case(product).open()
    assert refusal(case.propose(*NEXT))[:2] == ("STATE_NOT_ACCEPTED", rule)
    case.grant()
    one(f.RecordApplied, case.propose(*NEXT))


def test_a_second_slot_for_a_booked_visit_is_refused() -> None:
    assert refusal(Case("A").arranged().propose("2026-04-16T10:00", "2026-04-21T09:00"))[0] == "ALREADY_ARRANGED"


def test_the_same_proposal_twice_adds_nothing() -> None:
    case = Case("A").grant()
    command = c.Propose(
        "r", at("2026-04-10T11:00"), "H1", "310100", "ONCOLOGY", "chief", at("2026-04-20T09:00"), True, "3A", "public"
    )
    assert case.do(command)
    assert case.do(command) == []
    refused = c.Propose("r2", at("2026-04-10T11:00"), "H1", "310100", "ONCOLOGY", "chief", at("2026-04-20T09:00"), True)
    assert case.do(refused)
    assert case.do(refused) == []


def test_a_person_grants_a_doubtful_hospital_and_it_is_arranged() -> None:
    case = Case("A").grant()
    case.propose(*NEXT, military=True)
    facts = case.review("grant", "2026-04-13T10:00")
    assert one(f.AppointmentArranged, facts).arranged_at == at("2026-04-13T10:00")
    assert case.quota() == ["consume"]
    assert isinstance(facts[-1], f.RecordApplied)


def test_a_person_refuses_a_doubtful_hospital_and_another_slot_is_looked_for() -> None:
    case = Case("A").grant()
    case.propose(*NEXT, military=True)
    facts = case.review("refuse", "2026-04-13T10:00")
    assert one(f.OutcomeSaid, facts).outcome == "PROPOSAL_REFUSED"
    assert (case.state.status, case.state.quota) == ("arranging", "held")
    one(f.AppointmentArranged, case.propose("2026-04-13T11:00", "2026-04-21T09:00"))


def test_a_granted_slot_that_has_passed_is_not_arranged() -> None:
    case = Case("A").grant()
    case.propose("2026-04-10T11:00", "2026-04-11T09:00", military=True)
    facts = case.review("grant", "2026-04-11T09:00")
    assert one(f.OutcomeSaid, facts).outcome == "SLOT_PASSED"
    assert none(f.AppointmentArranged, facts)


def test_a_better_slot_leaves_nothing_to_decide_on_the_doubtful_one() -> None:
    case = Case("A").grant()
    case.propose(*NEXT, military=True)
    facts = case.propose("2026-04-13T11:00", "2026-04-21T09:00")
    assert one(f.ReviewClosed, facts).actor == "system"
    late = case.do(
        c.DecideReview("r9", at("2026-04-14T10:00"), f"{case.state.request_id}-S1", "grant", "OK", "s", "operations")
    )
    assert refusal(late)[0] == "REVIEW_NOT_OPEN"


def test_another_role_does_not_decide() -> None:
    case = Case("A").grant()
    case.propose(*NEXT, military=True)
    assert refusal(case.review("grant", "2026-04-13T10:00", role="finance"))[0] == "ROLE_NOT_ALLOWED"
    assert case.state.review is not None


def test_a_review_of_ours_that_never_was_is_refused() -> None:
    case = Case("A").grant()
    command = c.DecideReview(
        "r", at("2026-04-13T10:00"), f"{case.state.request_id}-S7", "grant", "OK", "s", "operations"
    )
    assert refusal(case.do(command))[0] == "UNKNOWN_REVIEW"
    assert refusal(Case("A").do(command))[0] == "UNKNOWN_REVIEW"


def test_an_overdue_review_stays_open_and_reminds_again() -> None:
    case = Case("A").grant()
    review = one(f.ReviewOpened, case.propose(*NEXT, military=True))
    overdue = one(f.ReviewOverdue, case.do(c.RemindReview(review.review_id, review.due_at)))
    assert overdue.next_due_at > review.due_at
    assert case.do(c.RemindReview(review.review_id, review.due_at)) == []
    one(f.AppointmentArranged, case.review("grant", "2026-04-18T10:00"))
    assert case.do(c.RemindReview(review.review_id, overdue.next_due_at)) == []
