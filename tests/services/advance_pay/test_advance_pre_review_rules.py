"""The pre-review, rule by rule, at its boundary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain import pre_review as law
from shared.contracts import intake
from shared.contracts.base import AskedRule
from tests.services.advance_pay.advance_desk import EDITIONS, House, at, pre_review

NOW = at("2026-05-06 10:00")
FOUND = m.PreReviewFound("yes", None, False, False, True, True)
HOSPITAL = f.StayHospital("h-1", "330100", "2A", "public")
STAY = f.Stay(HOSPITAL, NOW.date(), 2_000_000)
LISTED = f.DiagnosisSeen("confirmed", "listed", "B-003")
CASE = law.PreReviewCase(FOUND, STAY, LISTED, "covered", 10_000_000, 0, 10_000_000, None, frozenset())


def judge(product: str, **changes: Any) -> dict[str, str]:
    """Reason → outcome of everything that is not a pass."""
    found = replace(FOUND, **{k: v for k, v in changes.items() if k in FOUND.__dataclass_fields__})
    hospital = replace(HOSPITAL, **{k: v for k, v in changes.items() if k in HOSPITAL.__dataclass_fields__})
    rest = {k: v for k, v in changes.items() if k in CASE.__dataclass_fields__}
    case = replace(CASE, **{"finding": found, "stay": replace(STAY, hospital=hospital), **rest})
    edition = EDITIONS.current(product, NOW)
    assert edition is not None
    receipt = law.judge(case, frozenset(edition.service("ADVANCE").rules))
    return {f"{a.rule} {a.reason}": a.outcome for a in receipt.asked if a.outcome != "pass"}


def test_ADV_04_a_stay_outside_liability_is_rejected_and_no_payment_is_possible() -> None:
    assert judge("A") == {}
    assert judge("A", within_liability="no") == {"ADV-04 NOT_LIABLE": "refuse"}
    assert judge("A", within_liability="unclear") == {"ADV-04 LIABILITY_UNCLEAR": "review"}
    h = House()
    h.collected(NOW)
    h.hear(pre_review(within_liability="no"), NOW)
    assert h.said("PreReviewDecided")[-1].decision == "rejected"
    assert h.case().phase == "closed"
    assert not [w for w in h.said("WorkOrderIssued") if w.action == "SIGN_AND_PAY"]


def test_ADV_17_liability_and_network_must_both_be_given() -> None:
    assert judge("B") == {}
    assert judge("B", in_network=False) == {"ADV-17 OUT_OF_NETWORK": "refuse"}
    assert judge("B", within_liability="no") == {"ADV-17 NOT_LIABLE": "refuse"}
    assert judge("B", in_network=None) == {"ADV-17 NETWORK_UNKNOWN": "review"}


def test_ADV_15_only_public_hospitals_of_grade_two_in_listed_cities() -> None:
    assert judge("A", grade="2C") == {}
    assert judge("A", grade="1A") == {"ADV-15 GRADE_BELOW_TWO": "refuse"}
    assert judge("A", grade="3A", ownership="private") == {"ADV-15 NOT_PUBLIC": "refuse"}
    assert judge("A", city="not_covered") == {"ADV-15 CITY_NOT_COVERED": "refuse"}


def test_ADV_15_the_city_comes_from_the_list_of_the_edition() -> None:
    for city, outcome in (("330100", "approved"), ("530400", "rejected")):  # 杭州, 玉溪
        h = House()
        h.collected(NOW, hospital={"city_code": city})
        h.hear(pre_review(), NOW)
        assert h.said("PreReviewDecided")[-1].decision == outcome


def test_ADV_31_a_grade_or_location_off_the_list_is_rejected_in_b() -> None:
    assert judge("B", grade="1A") == {"ADV-31 HOSPITAL_NOT_LISTED": "refuse"}
    assert judge("B", city="not_covered") == {
        "ADV-31 HOSPITAL_NOT_LISTED": "refuse",
        "ADV-33 CITY_NOT_COVERED": "refuse",
    }


def test_ADV_33_the_network_is_one_of_public_hospitals() -> None:
    assert judge("B", grade="2B") == {}
    assert judge("B", ownership="private") == {"ADV-33 NOT_PUBLIC": "refuse"}


@pytest.mark.parametrize("product", ["A", "B"])
@pytest.mark.parametrize(
    "special",
    [
        {"military": True},
        {"privately_run_unit": True},
        {"vip_or_international": True},
        {"grade": None},
        {"ownership": None},
    ],
)
def test_REF_D03_a_special_or_unknown_hospital_is_reviewed_never_refused(product: str, special: dict[str, Any]) -> None:
    assert judge(product, **special) == {"REF-D03 HOSPITAL_STATUS": "review"}
    assert judge(product, **special, settled_reasons=frozenset({"HOSPITAL_STATUS"})) == {}


@pytest.mark.parametrize("product", ["A", "B"])
def test_REF_D01_a_doubtful_city_is_reviewed(product: str) -> None:
    assert judge(product, city="review") == {"REF-D01 CITY_SCOPE": "review"}


def test_ADV_26_an_undisclosed_condition_is_rejected_in_b() -> None:
    assert judge("B", undisclosed_history=True) == {"ADV-26 NON_DISCLOSURE": "refuse"}


def test_ADV_27_a_listed_disease_must_be_confirmed_and_one_of_the_contract_alone_is_reviewed() -> None:
    pending = replace(LISTED, status="suspected")
    assert judge("B", diagnosis=pending) == {"ADV-27 DISEASE_NOT_CONFIRMED": "refuse"}
    assert judge("B", diagnosis=None) == {"ADV-27 DISEASE_NOT_CONFIRMED": "refuse"}
    other = f.DiagnosisSeen("confirmed", "none")
    assert judge("B", diagnosis=other) == {"ADV-27 DISEASE_NOT_CONFIRMED": "refuse"}
    contract = replace(other, named_in_contract=True)
    assert judge("B", diagnosis=contract) == {"ADV-27 DISEASE_ONLY_IN_CONTRACT": "review"}
    assert judge("B", diagnosis=contract, settled_reasons=frozenset({"DISEASE_ONLY_IN_CONTRACT"})) == {}
    assert judge("B", diagnosis=replace(other, match="broader")) == {"ADV-27 DISEASE_NAME_UNCLEAR": "review"}


def test_ADV_28_a_fully_paid_sum_insured_is_exhausted_and_a_cent_is_not() -> None:
    gone = judge("B", paid_fen=10_000_000, remaining_fen=0)
    assert gone == {"ADV-28 SUM_INSURED_EXHAUSTED": "refuse", "ADV-D02 SUM_INSURED_EXHAUSTED": "refuse"}
    assert judge("B", paid_fen=9_999_999, remaining_fen=1) == {}


def test_ADV_30_an_exclusion_of_the_policy_is_rejected_in_b() -> None:
    assert judge("B", policy_exclusion=True) == {"ADV-30 POLICY_EXCLUSION": "refuse"}


def test_ADV_32_originals_that_go_elsewhere_are_rejected_in_b() -> None:
    assert judge("B", originals_promised=False) == {"ADV-32 NO_ORIGINAL_INVOICE": "refuse"}


def test_all_reasons_are_collected_not_only_the_first() -> None:
    many = judge("B", undisclosed_history=True, policy_exclusion=True, originals_promised=False, in_network=False)
    assert len(many) == 4


def test_ADV_D05_a_does_not_copy_the_seven_exclusions_of_b() -> None:
    assert (
        judge(
            "A", diagnosis=f.DiagnosisSeen("suspected", "none"), undisclosed_history=True, policy_exclusion=True,
            originals_promised=False, in_network=None,
        )
        == {}
    )  # fmt: skip


def test_ADV_D05_what_the_pre_review_found_stays_on_the_receipt() -> None:
    edition = EDITIONS.current("A", NOW)
    assert edition is not None
    lines = law.judge(CASE, frozenset(edition.service("ADVANCE").rules)).asked
    assert [a.facts for a in lines if a.rule == "ADV-D05"] == [
        {"undisclosed_history": False, "policy_exclusion": False, "originals_promised": True}
    ]


def test_ADV_D02_the_amount_is_the_least_of_deposit_estimate_and_what_remains() -> None:
    h = House()
    h.collected(NOW, deposit=5_000_000, sum_insured=3_000_000)
    h.hear(pre_review(), NOW)
    assert h.case().approved_fen == 3_000_000
    assert h.year().holds == {"r-1": 3_000_000}
    other = House()
    other.collected(NOW, deposit=5_000_000)
    other.hear(pre_review(estimate=1_234_567), NOW)
    assert other.case().approved_fen == 1_234_567


def test_ADV_D02_nothing_to_advance_is_refused_and_what_others_hold_is_reviewed() -> None:
    assert judge("A", liability_estimate_fen=0) == {"ADV-D02 NOTHING_TO_ADVANCE": "refuse"}
    assert judge("A", remaining_fen=0) == {"ADV-D02 LIABILITY_HELD_BY_OTHERS": "review"}
    assert judge("A", stay=None) == {"ADV-D02 DEPOSIT_UNKNOWN": "review", "REF-D03 HOSPITAL_STATUS": "review"}


def test_ADV_D02_above_the_limit_a_second_person_approves() -> None:
    assert judge("A", second_approval_above_fen=2_000_000) == {}
    assert judge("A", second_approval_above_fen=1_999_999) == {"ADV-D02 SECOND_APPROVAL": "review"}


@pytest.mark.parametrize("product", ["A", "B"])
def test_ADV_08_ADV_D07_ADV_25_a_rejection_is_told_with_reasons_and_the_right_to_claim(product: str) -> None:
    h = House()
    h.collected(NOW, product=product)
    h.hear(pre_review(within_liability="no"), NOW)
    told = h.said("ClientInformed")
    assert [a.reason for a in told[0].reasons] == ["NOT_LIABLE"]
    assert told[0].notices == ["REASONS", "RIGHT_TO_CLAIM", "NOT_THE_CLAIM_DECISION"]
    assert [e.outcome for e in h.said("RequestFinished")] == ["REJECTED"]
    assert h.told()[-1] == "PRE_REVIEW_REJECTED"


def test_ADV_24_a_rejection_leaves_the_claim_to_be_assessed_on_its_own() -> None:
    h = House()
    h.collected(NOW, product="B")
    h.hear(pre_review(within_liability="no"), NOW)
    h.adjudicate(at("2026-06-01 10:00"), 700_000)
    assert "NOT_THE_CLAIM_DECISION" in h.said("ClientInformed")[0].notices
    assert h.year().paid_fen == 700_000
    offset = h.said("ClaimOffset")[-1]
    assert (offset.offset_fen, offset.payout_fen) == (0, 700_000)


@pytest.mark.parametrize("product", ["A", "B"])
def test_ADV_07_ADV_20_conditions_met_the_flow_continues(product: str) -> None:
    h = House()
    h.approved(at("2026-05-06 09:00"), product=product)
    assert h.case().phase == "approved"
    assert [w.action for w in h.said("WorkOrderIssued")] == ["COLLECT_DOCUMENTS", "SIGN_AND_PAY"]


def test_a_review_of_the_pre_review_is_granted_within_the_limits_or_refused() -> None:
    h = House()
    h.collected(NOW, sum_insured=1_500_000)
    h.hear(pre_review(within_liability="unclear"), NOW)
    assert h.case().phase == "deciding"
    assert h.said("ReviewOpened")[0].owner == "insurer"
    h.decide(NOW, "r-1-A1", amount=9_000_000)
    assert h.case().approved_fen == 1_500_000
    other = House()
    other.collected(NOW)
    other.hear(pre_review(within_liability="unclear"), NOW)
    other.decide(NOW, "r-1-A1", "refuse", reason="NOT_COVERED")
    assert other.case().outcome == "REJECTED"
    assert other.said("ClientInformed")[0].reasons[0].reason == "NOT_COVERED"


def test_a_question_answered_with_the_grant_is_not_asked_again() -> None:
    h = House()
    receipt = [AskedRule(rule="REF-D03", outcome="review", reason="HOSPITAL_STATUS")]
    h.submit(NOW, hospital={"military": True})
    h.grant(NOW, receipt=receipt, hospital={"military": True})
    h.hear(intake.PapersSubmitted(), NOW)
    assert h.case().settled_reasons == {"HOSPITAL_STATUS"}
