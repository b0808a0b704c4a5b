"""A request from submission to its decision: done, repeated, waiting, several policies, withdrawn."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.entitlement.entitlement_brought import confirmed, paper
from tests.services.entitlement.entitlement_house import MEMBER, POLICY_A, POLICY_B, House, editions, f_a, f_b, on


def both() -> House:
    """One person under A and B."""
    return f_a().issue("B")


def test_a_granted_request_holds_its_count_and_tells_its_receipt() -> None:
    house = f_a()
    answer = house.ask("2026-04-10T10:00", policy_ref=POLICY_A, product="A").then_granted()
    event = answer.granted
    assert (event.product, event.edition, event.policy_ref, event.member_ref) == ("A", "A-v1", POLICY_A, MEMBER)
    assert (event.held, event.year.ordinal, event.sum_insured_fen) == (True, 1, 100_000_000)
    assert event.application.request_id == answer.request_id
    assert len(event.receipt) == len(answer.receipt) > 15
    assert house.answers()[-1] == ("applied", None)
    (kind, _, subject, key) = next(s for s in house.said if s[0] == "EligibilityGranted.v1")
    assert (kind, subject, key) == ("EligibilityGranted.v1", answer.request_id, MEMBER)


def test_the_same_request_twice_adds_nothing() -> None:
    house = f_a()
    house.ask("2026-04-10", request="r-1")
    said, streams = len(house.said), {s: len(f) for s, f in house.streams.items()}
    house.ask("2026-04-11", request="r-1", again=True)
    house.ask("2026-04-12", request="r-1")
    assert (len(house.said), {s: len(f) for s, f in house.streams.items()}) == (said, streams)


def test_a_denied_request_is_applied_as_a_record_and_holds_nothing() -> None:
    house = f_a()
    answer = house.ask("2026-03-20").then_refused("ENT-01", "WAITING_PERIOD")
    assert house.answers()[-1] == ("applied", None)
    assert house.allowance().grants == {}
    assert answer.denied.product == "A"


def test_INT_D02_only_the_named_policys_count_is_used() -> None:
    house = both()
    house.ask("2026-04-10", policy_ref=POLICY_A).then_granted()
    house.ask("2026-04-11", policy_ref=POLICY_A).then_refused("ENT-28", "QUOTA_EXHAUSTED")
    house.ask("2026-04-12", policy_ref=POLICY_B).then_granted()


def test_INT_D02_none_named_and_several_eligible_is_for_a_person() -> None:
    house = both()
    answer = house.ask("2026-04-10").then_review("INT-D02", "POLICY_NOT_NAMED", "operations")
    assert house.allowance().grants == {}
    house.review(f"{answer.request_id}-E1", "grant", "2026-04-11")
    assert answer.granted.policy_ref == POLICY_B  # its year ends first


def test_INT_D02_none_named_and_one_still_waiting_the_other_is_charged() -> None:
    answer = both().ask("2026-03-20").then_granted()
    assert answer.granted.policy_ref == POLICY_B
    answer.then_passes("INT-D02", possible=[POLICY_B])


def test_INT_D02_none_eligible_is_refused_with_the_reasons_of_each() -> None:
    answer = both().ask("2026-03-05").then_refused("INT-D02", "NO_ELIGIBLE_POLICY")
    refused = {(a.rule, a.facts.get("policy_ref")) for a in answer.receipt if a.outcome == "refuse"}
    assert {("ENT-01", POLICY_A), ("ENT-08", POLICY_B)} <= refused
    assert answer.denied.product is None


def test_INT_D02_the_product_named_narrows_the_choice() -> None:
    assert both().ask("2026-04-10", product="A").then_granted().granted.policy_ref == POLICY_A


def test_an_unknown_policy_is_not_yet_and_never_no() -> None:
    house = House()
    answer = house.ask("2026-04-10T10:00", policy_ref=POLICY_A)
    assert answer.phase == "waiting"
    assert house.answers() == [("applied", None)]
    house.issue("A", at=on("2026-04-10T10:40"))
    house.until(on("2026-04-10T12:00"))
    answer.then_granted()
    assert house.answers().count(("applied", None)) == 3  # the request once, the policy, the member


def test_an_unknown_member_goes_to_a_person_when_waiting_was_in_vain() -> None:
    house = House()
    answer = house.ask("2026-04-10T10:00")
    house.until(on("2026-04-10T11:59"))
    assert answer.phase == "waiting"
    house.until(on("2026-04-10T12:00"))
    answer.then_review("NOT-11", "MEMBER_UNKNOWN", "operations")


def test_a_person_cant_grant_under_a_policy_that_is_still_unknown() -> None:
    house = House()
    house.join(POLICY_A, "2026-03-01")
    answer = house.ask("2026-04-10T10:00", policy_ref=POLICY_A)
    house.until(on("2026-04-10T12:00"))
    answer.then_review("INT-D02", "POLICY_UNKNOWN")
    house.review(f"{answer.request_id}-E1", "grant", "2026-04-11")
    assert house.answers()[-1] == ("refused", "POLICY_UNKNOWN")
    house.issue("A", at=on("2026-04-12"))
    house.review(f"{answer.request_id}-E1", "grant", "2026-04-13")
    answer.then_granted()


def test_a_timer_whose_reason_is_gone_records_nothing() -> None:
    house = House()
    answer = house.ask("2026-04-10T10:00")
    house.issue("A", at=on("2026-04-10T10:01"))
    house.until(on("2026-04-10T10:05"))
    answer.then_granted()
    before = len(house.said)
    house.until(on("2026-04-11"))
    assert len(house.said) == before


def test_the_missing_document_comes_and_the_request_goes_on() -> None:
    house = f_a()
    answer = house.ask("2026-04-10", documents=[])
    bring(house, answer.request_id, "2026-04-11", paper("DEPOSIT_NOTICE"))
    assert answer.phase == "papers"
    bring(house, answer.request_id, "2026-04-12", paper("PATHOLOGY_PENDING", "2026-04-12"))
    assert [d.kind for d in answer.then_granted().granted.application.documents] == ["PATHOLOGY_PENDING"]


def test_the_missing_document_never_comes() -> None:
    house = f_a()
    answer = house.ask("2026-04-10", documents=[])
    house.until(on("2026-05-10T23:59"))
    assert answer.phase == "papers"
    house.until(on("2026-05-11T00:00"))
    assert answer.then_refused("ENT-D14", "WAITING_DOCUMENT").phase == "denied"
    house.ask("2026-05-12").then_granted()


def test_an_outage_of_ours_makes_no_paper_late() -> None:
    """The limit passes before we read what was sent in time: the limit asks first, and the paper wins."""
    house = f_a()
    house.all_read = False
    answer = house.ask("2026-04-10", documents=[])
    limit = on("2026-05-11T00:00")
    house.until(limit)
    assert [(due.clock, due.due_at) for due in house.events("ClockDue", answer.request_id)] == [("ENT-D14", limit)]
    assert answer.phase == "papers"
    bring(house, answer.request_id, "2026-05-10T23:59", paper("PATHOLOGY_PENDING", "2026-05-10"))
    answer.then_granted()
    assert house.hear_nothing(answer.request_id, "ENT-D14", limit) == []


def test_silence_about_a_limit_that_has_not_come_denies_nothing() -> None:
    house = f_a()
    answer = house.ask("2026-04-10", documents=[])
    assert house.hear_nothing(answer.request_id, "ENT-D14", on("2026-05-11T00:00"), "2026-04-20") == []
    assert house.hear_nothing(answer.request_id, "A-OUTP-FEEDBACK", on("2026-05-11T00:00"), "2026-04-20") == []
    house.until(on("2026-05-12"))
    assert answer.phase == "denied"


def bring(house: House, request_id: str, at: str, document: object) -> None:
    from shared.contracts.intake import PapersSubmitted

    papers = PapersSubmitted.model_validate({"documents": [document]})
    house.hear(papers, request_id, MEMBER, on(at))


@pytest.mark.parametrize("waiting", ["unknown", "papers", "review"])
def test_a_withdrawal_before_any_grant_is_entitlements_to_answer(waiting: Any) -> None:
    house = House() if waiting == "unknown" else f_a()
    kinds: dict[str, dict[str, Any]] = {
        "papers": {"documents": []},
        "review": {"diagnosis": confirmed(match="broader")},
    }
    answer = house.ask("2026-04-10T10:00", **kinds.get(waiting, {}))
    house.withdraw(answer.request_id, "2026-04-10T10:01")
    assert answer.phase == "withdrawn"
    assert house.answers()[-1] == ("applied", None)
    assert len(house.events("EligibilityWithdrawn")) == 1
    assert [c.reason for c in house.events("ReviewClosed")] == (["WITHDRAWN"] if waiting == "review" else [])
    house.issue("A", at=on("2026-04-10T11:00"), policy="p-later")
    house.until(on("2026-07-01"))
    assert answer.phase == "withdrawn"
    assert not house.events("EligibilityGranted")


def test_a_second_withdrawal_is_refused_the_same_one_adds_nothing() -> None:
    house = House()
    answer = house.ask("2026-04-10T10:00")
    house.withdraw(answer.request_id, "2026-04-10T10:01")
    assert house.withdraw(answer.request_id, "2026-04-10T10:02", again=True) == []
    house.withdraw(answer.request_id, "2026-04-10T10:03")
    assert house.answers()[-1] == ("refused", "ALREADY_WITHDRAWN")


def test_a_withdrawal_after_a_denial_is_refused() -> None:
    house = f_a()
    answer = house.ask("2026-03-20")
    house.withdraw(answer.request_id, "2026-03-21")
    assert house.answers()[-1] == ("refused", "ALREADY_DENIED")


def test_a_withdrawal_after_the_grant_is_the_performers_to_answer() -> None:
    house = f_a()
    answer = house.ask("2026-04-10")
    assert house.withdraw(answer.request_id, "2026-04-11") == []
    assert answer.phase == "granted"


def test_a_withdrawal_of_an_unknown_request_says_nothing() -> None:
    assert f_a().withdraw("r-unknown", "2026-04-11") == []


def test_a_person_grants_and_the_law_is_asked_again_with_the_answer() -> None:
    house = f_a()
    answer = house.ask("2026-04-10", diagnosis=confirmed("2025-11-20", match="broader"))
    opened = house.events("ReviewOpened")[0]
    assert {r.reason for r in opened.reasons} == {"DISEASE_NAME_BROADER", "PRE_EXISTING_DIAGNOSIS"}
    assert opened.due_at == on("2026-04-18T00:00")  # five working days after Friday the 10th, Friday the 17th included
    house.review(f"{answer.request_id}-E1", "grant", "2026-04-13")
    answer.then_granted()
    assert answer.line("REF-D04").facts["reviewed_by"] == "staff-7"
    (closed,) = house.events("ReviewClosed")
    assert (closed.decision, closed.actor, closed.reason) == ("grant", "staff-7", "BY_THE_FILE")
    assert house.answers()[-1] == ("applied", None)


def test_a_person_cannot_grant_what_a_clause_refuses() -> None:
    house = f_a()
    first = house.ask("2026-04-10", diagnosis=confirmed(match="broader"))
    house.ask("2026-04-11").then_granted()
    house.review(f"{first.request_id}-E1", "grant", "2026-04-13")
    first.then_refused("ENT-28", "QUOTA_EXHAUSTED")


def test_a_person_refuses_and_the_denial_carries_the_persons_reason() -> None:
    house = f_a()
    answer = house.ask("2026-04-10", diagnosis=confirmed(match="broader"))
    house.review(f"{answer.request_id}-E1", "refuse", "2026-04-13", "NOT_THE_LISTED_DISEASE")
    answer.then_refused("REF-D04", "NOT_THE_LISTED_DISEASE")
    house.review(f"{answer.request_id}-E1", "refuse", "2026-04-13", "NOT_THE_LISTED_DISEASE", again=True)
    house.review(f"{answer.request_id}-E1", "grant", "2026-04-14")
    assert house.answers()[-1] == ("refused", "REVIEW_NOT_OPEN")
    house.review(f"{answer.request_id}-E9", "grant", "2026-04-14")
    assert house.answers()[-1] == ("refused", "UNKNOWN_REVIEW")


@pytest.mark.parametrize("role", ["operations", "finance", "insurer"])
def test_a_review_is_decided_by_the_role_that_owns_it(role: str) -> None:
    house = f_a()
    answer = house.ask("2026-04-10", diagnosis=confirmed(match="broader"))
    answer.then_review("REF-D04", "DISEASE_NAME_BROADER", "medical_reviewer")
    house.review(f"{answer.request_id}-E1", "grant", "2026-04-13", role=role)
    assert house.answers()[-1] == ("refused", "ROLE_NOT_ALLOWED")
    assert answer.phase == "review"
    house.review(f"{answer.request_id}-E1", "grant", "2026-04-14", role="medical_reviewer")
    answer.then_granted()


def test_a_review_that_another_service_opened_is_not_ours() -> None:
    house = f_a()
    answer = house.ask("2026-04-10")
    assert house.review(f"{answer.request_id}-S1", "grant", "2026-04-13") == []


def test_an_overdue_review_says_so_and_stays_open() -> None:
    house = f_a()
    answer = house.ask("2026-04-10", diagnosis=confirmed(match="broader"))
    house.until(on("2026-04-18T00:00"))
    assert house.facts(f"eligibility/{answer.request_id}")[-1] == "ReviewRanLate"
    assert answer.phase == "review"
    house.review(f"{answer.request_id}-E1", "grant", "2026-04-20")
    answer.then_granted()


def test_one_grant_a_request_whatever_comes() -> None:
    house = f_a(editions("A", waiting_days=10))
    answer = house.ask("2026-04-10", request="r-1", diagnosis=confirmed(match="broader"))
    house.review("r-1-E1", "grant", "2026-04-11")
    house.review("r-1-E1", "grant", "2026-04-12")
    house.ask("2026-04-13", request="r-1")
    assert len(house.events("EligibilityGranted")) == 1
    answer.then_granted()


def test_the_law_of_b_is_asked_of_a_policy_of_b() -> None:
    rules = {a.rule for a in f_b().ask("2026-04-10").then_granted().receipt}
    assert "ENT-08" in rules
    assert not rules & {"ENT-01", "ENT-05", "ENT-11", "ENT-12", "ENT-18"}
