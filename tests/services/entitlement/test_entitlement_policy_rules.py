"""Rules of catalog, membership, force and term, each at its boundary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.handbook.loader import load_editions
from shared.handbook.model import Editions
from tests.services.entitlement.entitlement_brought import confirmed, hospital, stay, wish
from tests.services.entitlement.entitlement_house import (
    MEMBER,
    POLICY_A,
    POLICY_B,
    House,
    edition_of,
    editions,
    f_a,
    f_b,
    on,
)


def test_CAT_01_a_policy_of_a_is_served_under_catalog_a() -> None:
    f_a().ask("2026-04-10").then_granted().then_passes("CAT-01", catalog="A", edition="A-v1")


def test_CAT_01_a_policy_of_a_is_not_served_under_another_catalog() -> None:
    asked = f_a().ask("2026-04-10", product="B", policy_ref=POLICY_A)
    asked.then_refused("CAT-01", "WRONG_CATALOG", product="B")


def test_CAT_02_a_policy_of_b_is_served_under_catalog_b() -> None:
    answer = f_b().ask("2026-04-10").then_granted()
    answer.then_passes("CAT-02", catalog="B")
    assert "202501-DG-01" in (edition_of("B").printed_edition or "") + answer.granted.edition
    refused = f_b().ask("2026-04-10", product="A", policy_ref=POLICY_B)
    refused.then_refused("CAT-02", "WRONG_CATALOG", product="A")


def test_CAT_03_catalog_a_holds_four_lines() -> None:
    assert {s.line for s in edition_of("A").services.values()} == {"GREEN", "TELEDOC", "ADVANCE", "DENTAL"}
    f_a().ask("2026-04-10").then_passes("CAT-03")
    f_a().ask("2026-04-10", "SO").then_refused("CAT-03", "NOT_IN_CATALOG", products=["B"])


def test_CAT_04_green_of_a_has_ten_items_and_the_escort() -> None:
    green = {code for code, s in edition_of("A").services.items() if s.line == "GREEN"}
    assert len(green) == 11
    f_a().ask("2026-04-10").then_passes("CAT-04")
    f_a().ask("2026-04-10", "SO").then_refused("CAT-04", "NOT_IN_CATALOG")


def test_CAT_05_catalog_b_holds_green_and_advance() -> None:
    f_b().ask("2026-04-10").then_passes("CAT-05")
    f_b().ask("2026-04-10", "TELEDOC").then_refused("CAT-05", "NOT_IN_CATALOG", products=["A"])


def test_CAT_06_green_of_b_has_nine_headings() -> None:
    f_b().ask("2026-04-10").then_passes("CAT-06")
    f_b().ask("2026-04-10", "SO_DOM").then_refused("CAT-06", "NOT_IN_CATALOG", products=["A"])


def test_CAT_11_without_a_snapshot_the_vendor_confirms_the_network() -> None:
    answer = f_a().ask("2026-04-10", outpatient=wish(designated_hospital=hospital())).then_granted()
    answer.then_passes("CAT-11", network="NETWORK_UNKNOWN", confirms="hengyu")


@pytest.mark.parametrize("house", [f_a, f_b])
def test_CAT_D03_what_has_no_row_of_its_own_is_not_in_the_catalog(house: Any) -> None:
    house().ask("2026-04-10", "UNLISTED").then_refused("CAT-D03", "NOT_IN_CATALOG")


def test_a_listed_service_that_nobody_performs_goes_to_a_person() -> None:
    house = f_a()
    answer = house.ask("2026-04-10", "EXAM")
    answer.then_review("CAT-11", "NO_PERFORMER", "operations")
    house.review(f"{answer.request_id}-E1", "grant", "2026-04-11")
    assert house.answers()[-1] == ("refused", "NO_PERFORMER")
    assert answer.phase == "review"


def test_NOT_11_a_person_not_on_that_policys_list_is_no_member() -> None:
    house = f_a()
    house.issue("A", policy="p-other", member="m-2")
    house.ask("2026-04-10", policy_ref="p-other").then_refused("NOT-11", "NOT_A_MEMBER")


def test_NOT_12_a_service_that_the_new_edition_dropped_is_withdrawn() -> None:
    old = edition_of("A")
    until = on("2026-07-01T00:00")
    kept = {code: s for code, s in old.services.items() if code != "SO_GLOBAL"}
    new = replace(old, id="A-v2", services=kept, valid_from=until)
    terms = Editions({old.id: replace(old, valid_until=until), new.id: new})
    house = f_a(terms, performed=frozenset({"OUTP", "SO_GLOBAL"}))
    house.ask("2026-06-30T23:59", "SO_GLOBAL").then_granted()
    house.ask("2026-07-01T00:00", "SO_GLOBAL").then_refused("NOT-12", "SERVICE_WITHDRAWN")


def test_NOT_18_the_seven_cases_bind_advance_only() -> None:
    f_b().ask("2026-11-02", diagnosis=confirmed("2026-10-01")).then_granted().then_passes("NOT-18")


def test_ENT_01_in_force_or_not_in_a() -> None:
    house = f_a().suspend("2026-05-01T00:00", policy=POLICY_A)
    house.ask("2026-05-02").then_refused("ENT-01", "POLICY_NOT_IN_FORCE")
    f_a().ask("2026-02-28T23:59").then_refused("ENT-01", "POLICY_NOT_IN_FORCE", earliest="2026-03-01T00:00:00+08:00")
    f_a().ask("2026-04-10").then_passes("ENT-01")


@pytest.mark.parametrize(
    ("bought", "served"), [("2024-01-08T00:00:00+08:00", True), ("2024-01-07T23:59:59+08:00", False)]
)
def test_ENT_02_bought_on_or_after_the_cutoff(bought: Any, served: Any) -> None:
    house = House().issue(
        "B", "2024-02-01", "2027-02-01", agreed_until="2027-01-31", purchased=bought, at=on("2024-01-09")
    )
    answer = house.ask("2026-04-10", documents=[], diagnosis=confirmed("2026-04-01"))
    if served:
        answer.then_granted().then_passes("ENT-02")
    else:
        answer.then_refused("ENT-02", "PURCHASE_BEFORE_CUTOFF")


def test_ENT_02_a_renewal_bought_late_enough_suffices() -> None:
    house = House().issue("B", "2023-06-01", purchased="2023-05-30T10:00:00+08:00", at=on("2023-05-30"))
    house.renew("2024-06-01", "2025-06-01", policy=POLICY_B, at="2024-05-20")
    house.ask("2024-08-01", diagnosis=confirmed("2024-07-01")).then_granted().then_passes("ENT-02")


def test_ENT_03_a_suspended_policy_of_b_is_not_in_force() -> None:
    f_b().suspend("2026-05-01T00:00").ask("2026-05-02").then_refused(
        "ENT-03", "POLICY_NOT_IN_FORCE", needs="REINSTATEMENT"
    )
    f_b().suspend("2026-05-01T00:00", at="2026-04-01").ask("2026-04-30T23:59").then_granted().then_passes("ENT-03")


def test_ENT_04_no_requirement_is_printed_and_the_receipt_says_so() -> None:
    f_b().ask("2026-04-10").then_granted().then_passes("ENT-04", table_requirement="NONE_PRINTED")
    required = f_b(editions("B", table_requirement="PREMIUM_TIER"))
    required.ask("2026-04-10").then_review("ENT-04", "TABLE_REQUIREMENT", "insurer")


def test_ENT_12_the_year_of_a_ends_with_its_last_minute() -> None:
    f_a().ask("2027-02-28T23:59").then_granted().then_passes("ENT-12")
    f_a().ask("2027-03-01T00:00").then_refused("ENT-12", "SERVICE_EXPIRED", needs="RENEWAL")


def test_ENT_13_a_renewal_of_a_extends_without_enrolment() -> None:
    house = f_a().renew("2027-03-01", "2028-02-29")
    answer = house.ask("2027-03-01T00:00").then_granted().then_passes("ENT-13")
    assert (answer.granted.year.ordinal, answer.granted.year.starts_on.isoformat()) == (2, "2027-03-01")


def test_ENT_14_the_year_of_b_ends_with_its_last_minute() -> None:
    f_b().ask("2027-02-10T23:59").then_granted().then_passes("ENT-14")
    f_b().ask("2027-02-11T00:00").then_refused("ENT-14", "SERVICE_EXPIRED")


@pytest.mark.parametrize("product", ["A", "B"])
def test_ENT_15_an_agreed_term_overrides_the_year_its_last_day_included(product: Any) -> None:
    def agreed() -> House:
        return House().issue(product, "2026-03-01", agreed_until="2027-05-31")

    agreed().ask("2027-05-01").then_granted().then_passes("ENT-15", term="AGREEMENT_OVERRIDE")
    agreed().ask("2027-05-31T23:59").then_granted()
    agreed().ask("2027-06-01T00:00").then_not_refused("LAPSE").then_refused("ENT-91", "SERVICE_EXPIRED")


def test_ENT_16_a_lapse_terminates() -> None:
    house = f_a().lapse("2026-06-10T00:00")
    answer = house.ask("2026-06-10T09:00").then_refused("ENT-16", "SERVICE_TERMINATED")
    assert answer.line("ENT-16", "refuse").facts["reason"] == "LAPSE"
    f_a().lapse("2026-06-10T00:00", at="2026-05-01").ask("2026-06-09T23:59").then_granted().then_passes("ENT-16")


def test_ENT_17_a_sum_reduced_below_the_standard_terminates_exactly_at_it_not() -> None:
    terms = editions("A", sum_insured_standard_fen=50_000_000)
    low = f_a(terms).endorse(49_999_999, "2026-07-01T00:00").ask("2026-07-01")
    assert (
        low.then_refused("ENT-17", "SERVICE_TERMINATED").line("ENT-17", "refuse").facts["reason"]
        == "SUM_INSURED_REDUCED"
    )
    f_a(terms).endorse(50_000_000, "2026-07-01T00:00").ask("2026-07-01").then_granted().then_passes("ENT-17")


def test_ENT_17_without_a_printed_standard_a_reduction_terminates_nothing() -> None:
    answer = f_a().endorse(1, "2026-07-01T00:00").ask("2026-07-01").then_granted()
    answer.then_passes("ENT-17", sum_insured_standard="NONE_PRINTED")
    assert answer.granted.sum_insured_fen == 1


def test_ENT_17_a_sum_that_never_met_the_standard_was_not_reduced() -> None:
    terms = editions("A", sum_insured_standard_fen=50_000_000)
    House(terms).issue("A", sum_fen=40_000_000).ask("2026-07-01").then_granted()


def test_ENT_91_outside_the_term_the_count_is_worth_nothing() -> None:
    f_a().ask("2027-03-01T00:00").then_refused("ENT-91", "SERVICE_EXPIRED")
    f_b().ask("2027-02-11T00:00").then_refused("ENT-91", "SERVICE_EXPIRED")


def test_ENT_D15_a_renewal_of_b_is_granted_by_the_switch() -> None:
    renewed = f_b().renew("2027-02-11", "2028-02-11", policy=POLICY_B)
    answer = renewed.ask("2027-02-11T00:00").then_granted().then_passes("ENT-D15", renewal_grant="GRANT")
    assert answer.granted.year.ordinal == 2
    withheld = f_b(editions("B", renewal_grant="WITHHOLD")).renew("2027-02-11", "2028-02-11", policy=POLICY_B)
    withheld.ask("2027-02-11T00:00").then_refused("ENT-D15", "SERVICE_EXPIRED")


def test_ENT_D11_a_lapse_between_request_and_decision_closes_it() -> None:
    house = f_a()
    waiting = house.ask("2026-06-09T23:00", diagnosis=confirmed("2026-06-01", match="broader"))
    house.lapse("2026-06-10T00:00")
    house.review(f"{waiting.request_id}-E1", "grant", "2026-06-10T09:00")
    waiting.then_refused("ENT-D11", "SERVICE_TERMINATED")


def test_ENT_D16_an_expiry_between_request_and_decision_closes_it() -> None:
    house = f_a()
    waiting = house.ask("2027-02-27", diagnosis=confirmed("2027-02-01", match="broader"))
    house.review(f"{waiting.request_id}-E1", "grant", "2027-03-01T00:00")
    waiting.then_refused("ENT-D16", "SERVICE_EXPIRED")


def test_ENT_D21_who_leaves_the_group_is_served_until_that_instant() -> None:
    gone = f_a().leave("2026-12-01T00:00", at="2026-11-20")
    gone.ask("2026-11-30T23:59").then_granted().then_passes("ENT-D21")
    refused = f_a().leave("2026-12-01T00:00").ask("2026-12-01").then_refused("ENT-D21", "SERVICE_TERMINATED")
    assert refused.line("ENT-D21", "refuse").facts["reason"] == "LEFT_GROUP"


def test_ENT_D21_the_policy_goes_on_for_the_others() -> None:
    house = f_a().join(POLICY_A, "2026-03-01", member="m-2")
    house.leave("2026-12-01T00:00")
    house.ask("2026-12-02", member="m-2").then_granted()


def test_all_reasons_are_collected_not_only_the_first() -> None:
    answer = f_a().ask("2026-03-10", diagnosis=None, outpatient=wish(visit_type="reproductive"))
    reasons = {why for _, why in answer.said("refuse")}
    assert reasons >= {"WAITING_PERIOD", "COOLING_OFF", "NO_LISTED_DISEASE", "NOT_STARTABLE", "VISIT_TYPE_EXCLUDED"}
    assert answer.denied.edition == "A-v1"


def test_a_product_without_a_handbook_serves_nobody() -> None:
    house = House(Editions({e.id: e for e in load_editions().by_id.values() if e.product == "B"}))
    house.issue("A").ask("2026-04-10").then_refused("NOT-11", "PRODUCT_NOT_SERVED")
    assert house.allowance().grants == {}


def test_an_advance_is_held_to_its_own_rules() -> None:
    answer = f_a().ask("2026-05-05", "ADVANCE", advance=stay(), member=MEMBER)
    answer.then_granted()
    assert not {"ENT-05", "ENT-11", "ENT-28", "ENT-91"} & {a.rule for a in answer.receipt}
