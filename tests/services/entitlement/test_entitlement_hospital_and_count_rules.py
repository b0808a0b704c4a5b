"""Rules of the wish, of the hospital of a stay, and of counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.entitlement.entitlement_brought import claim, confirmed, hospital, paper, stay, suspected, wish
from tests.services.entitlement.entitlement_house import House, f_a, f_b


def designated(**more: Any) -> Any:
    return wish(designated_hospital=hospital(**more), department="ONCOLOGY")


@pytest.mark.parametrize("house", [f_a, f_b])
def test_ENT_51_only_tertiary_a(house: Any) -> None:
    house().ask("2026-04-10", outpatient=designated(grade="3B")).then_refused("ENT-51", "NOT_TERTIARY_A", grade="3A")
    house().ask("2026-04-10", outpatient=designated(grade="3A")).then_granted().then_passes("ENT-51")
    house().ask("2026-04-10", outpatient=designated(grade="3")).then_review("ENT-51", "HOSPITAL_STATUS")


def test_ENT_51_a_private_tertiary_a_of_the_members_choice_is_for_a_person_in_a_only() -> None:
    private = designated(ownership="private")
    f_a().ask("2026-04-10", outpatient=private).then_review("ENT-51", "PRIVATE_TERTIARY_A", "operations")
    f_b().ask("2026-04-10", outpatient=private).then_granted()


def test_ENT_51_an_unknown_grade_is_never_granted_nor_refused_in_b() -> None:
    f_b().ask("2026-04-10", outpatient=designated(grade=None)).then_review("ENT-51", "HOSPITAL_STATUS")


@pytest.mark.parametrize("house", [f_a, f_b])
def test_ENT_52_hospital_and_department_may_be_designated(house: Any) -> None:
    answer = house().ask("2026-04-10", outpatient=designated()).then_granted()
    answer.then_passes("ENT-52", hospital="H-1", department="ONCOLOGY")


@pytest.mark.parametrize("house", [f_a, f_b])
def test_ENT_53_the_wish_for_an_expert_is_dropped_and_the_request_goes_on(house: Any) -> None:
    answer = house().ask("2026-04-10", outpatient=wish(names_expert=True)).then_granted()
    answer.then_passes("ENT-53", reason="EXPERT_NOT_SELECTABLE")


@pytest.mark.parametrize("visit", ["antenatal", "delivery", "emergency", "dental_cosmetic", "reproductive"])
def test_ENT_55_excluded_visits_are_excluded_in_a_only(visit: Any) -> None:
    f_a().ask("2026-04-10", outpatient=wish(visit_type=visit)).then_refused("ENT-55", "VISIT_TYPE_EXCLUDED")
    f_b().ask("2026-04-10", outpatient=wish(visit_type=visit)).then_granted()


@pytest.mark.parametrize(
    "status",
    [
        {"military": True},
        {"privately_run_unit": True},
        {"vip_or_international": True},
        {"grade": None},
        {"ownership": None},
    ],
)
def test_REF_D03_a_doubtful_status_is_for_a_person_never_a_silent_refusal(status: Any) -> None:
    visit = f_a().ask("2026-04-10", outpatient=designated(**status))
    visit.then_review("REF-D03", "HOSPITAL_STATUS", "operations")
    advance = f_a().ask("2026-05-06", "ADVANCE", advance=stay(**status))
    advance.then_review("REF-D03", "HOSPITAL_STATUS").then_not_refused("NOT_PUBLIC")


def test_ADV_15_public_hospitals_of_grade_two_in_listed_cities() -> None:
    f_a().ask("2026-05-05", "ADVANCE", advance=stay(grade="2C", city="530400")).then_refused(
        "ADV-15", "CITY_NOT_COVERED"
    )
    f_a().ask("2026-05-05", "ADVANCE", advance=stay(ownership="private")).then_refused("ADV-15", "NOT_PUBLIC")
    f_a().ask("2026-05-05", "ADVANCE", advance=stay(grade="1A")).then_refused("ADV-15", "HOSPITAL_NOT_LISTED")
    f_a().ask("2026-05-05", "ADVANCE", advance=stay(grade="2C")).then_granted().then_passes("ADV-15")


def test_ADV_33_public_hospitals_of_grade_two_inside_the_network() -> None:
    ill = confirmed("2026-05-01")
    f_b().ask(
        "2026-05-06", "ADVANCE", diagnosis=ill, advance=stay(grade="2A", city="340800")
    ).then_granted().then_passes("ADV-33")
    f_b().ask("2026-05-06", "ADVANCE", diagnosis=ill, advance=stay(city="530400")).then_refused(
        "ADV-33", "OUT_OF_NETWORK"
    )
    f_b().ask("2026-05-06", "ADVANCE", diagnosis=ill, advance=stay(grade="1A")).then_refused(
        "ADV-33", "HOSPITAL_NOT_LISTED"
    )
    private = stay(city="340800", privately_run_unit=True)
    f_b().ask("2026-05-06", "ADVANCE", diagnosis=ill, advance=private).then_review("REF-D03", "HOSPITAL_STATUS")


def test_REF_D01_cities_are_told_apart_by_code() -> None:
    f_a().ask("2026-05-06", "ADVANCE", advance=stay(city="370116")).then_granted().then_passes("REF-D01")
    f_a().ask("2026-05-06", "ADVANCE", advance=stay(city="653101")).then_granted()
    f_a().ask("2026-05-06", "ADVANCE", advance=stay(city="653125")).then_refused("ADV-15", "CITY_NOT_COVERED")
    f_a().ask("2026-05-06", "ADVANCE", advance=stay(city="654201")).then_review("REF-D01", "CITY_SCOPE")


def test_rules_that_the_pre_review_asks_may_be_left_to_it() -> None:
    left = frozenset({("ADVANCE", rule) for rule in ("ADV-15", "REF-D01", "REF-D03")})
    f_a(None, left_to_performers=left).ask(
        "2026-05-05", "ADVANCE", advance=stay(grade="1A", city="530400")
    ).then_granted()


def test_ENT_28_one_visit_a_policy_year() -> None:
    house = f_a().renew("2027-03-01", "2028-03-01")
    house.ask("2026-05-10").then_granted().then_passes("ENT-28", used=0, limit=1)
    second = house.ask("2027-02-28T23:59").then_refused(
        "ENT-28", "QUOTA_EXHAUSTED", earliest="2027-03-01T00:00:00+08:00"
    )
    assert second.denied.receipt
    house.ask("2027-03-01T00:00").then_granted()


def test_ENT_28_in_b_too() -> None:
    house = f_b()
    house.ask("2026-05-10").then_granted()
    house.ask("2026-05-11").then_refused("ENT-28", "QUOTA_EXHAUSTED")


def test_ENT_36_claims_are_not_counted_in_a() -> None:
    house = f_a()
    for day in (1, 2, 3, 4, 5):
        care = claim((f"2026-11-0{day}", f"2026-11-0{day}"))
        house.ask(f"2026-11-{day + 10}", "SUBSIDY", diagnosis=None, subsidy=care).then_granted().then_passes("ENT-36")


def test_ENT_D02_claims_are_not_counted_in_b() -> None:
    house = f_b()
    for day in (1, 2, 3, 4):
        care = claim((f"2026-11-0{day}", f"2026-11-0{day}"))
        house.ask(f"2026-11-{day + 10}", "SUBSIDY", diagnosis=None, subsidy=care).then_granted().then_passes("ENT-D02")


@pytest.mark.parametrize(("house", "rule"), [(f_a, "ENT-38"), (f_b, "ENT-40")])
def test_ENT_38_ENT_40_advances_are_not_counted(house: Any, rule: Any) -> None:
    told: House = house()
    for day in ("2026-05-05", "2026-07-01", "2026-11-02"):
        told.ask(day, "ADVANCE", diagnosis=confirmed(), advance=stay()).then_granted().then_passes(
            rule, limit="UNLIMITED"
        )
    assert {g.phase for g in told.allowance().grants.values()} == {"uncounted"}


def test_ENT_D04_a_count_is_held_in_the_year_of_the_request() -> None:
    house = f_a().renew("2027-03-01", "2028-03-01")
    late = house.ask("2027-02-27T10:00", diagnosis=confirmed("2027-02-01", match="broader"))
    house.review(f"{late.request_id}-E1", "grant", "2027-03-01T09:00")
    late.then_granted().then_passes("ENT-D04", count="HELD")
    assert (late.granted.year.ordinal, late.granted.held) == (1, True)
    assert [g.phase for g in house.allowance(1).grants.values()] == ["held"]
    house.ask("2027-03-02").then_granted()


def test_ENT_D04_advance_and_subsidy_carry_no_count() -> None:
    answer = f_a().ask("2026-05-05", "ADVANCE", advance=stay()).then_granted().then_passes("ENT-D04", count="NONE")
    assert not answer.granted.held


def test_ENT_D11_care_given_before_the_end_may_still_be_claimed() -> None:
    house = f_a().lapse("2026-06-10T00:00")
    answer = house.ask("2026-06-12", "SUBSIDY", diagnosis=None, subsidy=claim(("2026-06-09", "2026-06-15")))
    assert answer.then_granted().granted.year.ordinal == 1
    after = house.ask("2026-06-12", "SUBSIDY", diagnosis=None, subsidy=claim(("2026-06-10", "2026-06-10")))
    after.then_refused("ENT-16", "SERVICE_TERMINATED")


def test_ENT_D11_care_at_a_kept_visit_may_still_be_claimed() -> None:
    house = f_a().lapse("2026-06-10T00:00")
    kept = claim(("2026-06-18", "2026-06-18"), request_id="r-visit")
    answer = house.ask("2026-06-20", "SUBSIDY", diagnosis=None, subsidy=kept)
    answer.then_granted().then_passes("ENT-D11", visit_kept_of="r-visit")


def test_ENT_D16_care_at_a_visit_kept_beyond_expiry_belongs_to_the_last_year() -> None:
    kept = claim(("2027-03-03", "2027-03-03"), request_id="r-visit")
    answer = f_a().ask("2027-03-05", "SUBSIDY", diagnosis=None, subsidy=kept).then_granted()
    assert answer.granted.year.ordinal == 1


def test_a_claim_is_judged_by_its_care_not_by_the_day_it_is_filed() -> None:
    in_waiting = claim(("2026-03-30", "2026-03-30"))
    f_a().ask("2026-04-05", "SUBSIDY", diagnosis=None, subsidy=in_waiting).then_refused("ENT-01", "WAITING_PERIOD")
    shown = claim(("2026-05-10", "2026-05-10"))
    f_a().ask("2026-05-12", "SUBSIDY", diagnosis=suspected(), documents=[paper()], subsidy=shown).then_granted()
