"""Rules of the trigger: listed diseases, evidence, bars, definitions; and the trigger of an advance."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.intake import Finding
from tests.services.entitlement.entitlement_brought import claim, confirmed, paper, stay, suspected
from tests.services.entitlement.entitlement_house import editions, f_a, f_b, on


def only(product: str, code: str) -> list[Finding]:
    """Listed in one product and not in the other."""
    other = "A" if product == "B" else "B"
    return [Finding(product=product, match="listed", code=code), Finding(product=other, match="none")]


def test_INT_02_records_that_show_no_listed_disease_start_nothing() -> None:
    house = f_a()
    house.ask("2026-04-10", diagnosis=None).then_refused("INT-02", "NOT_STARTABLE")
    assert house.allowance().grants == {}
    f_a().ask("2026-04-10").then_passes("INT-02")


def test_INT_15_records_insufficient_even_for_a_suspicion_start_nothing() -> None:
    f_b().ask("2026-04-10", diagnosis=suspected(match="none")).then_refused("INT-15", "NOT_STARTABLE")
    f_b().ask("2026-04-10").then_passes("INT-15")


def test_ENT_18_suspicion_of_a_specified_disease_triggers_a_common_cold_does_not() -> None:
    f_a().ask("2026-04-10", diagnosis=suspected("09")).then_granted().then_passes("ENT-18")
    f_a().ask("2026-04-10", diagnosis=suspected(match="none")).then_refused("ENT-18", "NO_LISTED_DISEASE")


def test_ENT_19_a_disease_of_bs_list_alone_is_none_of_as_forty() -> None:
    asthma = suspected(findings=only("B", "B-104"))
    f_a().ask("2026-04-10", diagnosis=asthma).then_refused("ENT-19", "NO_LISTED_DISEASE", products=["B"])
    f_a().ask("2026-04-10").then_passes("ENT-19", disease="A-01")


def test_ENT_20_suspicion_of_a_listed_major_disease_triggers() -> None:
    f_b().ask("2026-04-10", diagnosis=suspected(findings=only("B", "B-104"))).then_granted().then_passes("ENT-20")
    f_b().ask("2026-04-10", diagnosis=None).then_refused("ENT-20", "NO_LISTED_DISEASE")


def test_ENT_21_the_printed_list_governs() -> None:
    f_b().ask("2026-04-10", diagnosis=suspected(findings=only("B", "B-093"))).then_passes("ENT-21", disease="B-093")
    f_b().ask("2026-04-10", diagnosis=suspected(match="none")).then_refused("ENT-21", "NO_LISTED_DISEASE")


def test_ENT_21_a_confirmed_disease_that_only_the_contract_names_goes_to_the_insurer_for_an_advance() -> None:
    ill = confirmed("2026-05-01", match="none", named_in_contract=True)
    f_b().ask("2026-05-05", "ADVANCE", diagnosis=ill, advance=stay()).then_review(
        "ENT-21", "DISEASE_ONLY_IN_CONTRACT", "insurer"
    )
    f_b().ask("2026-05-05", diagnosis=ill).then_refused("ENT-21", "NO_LISTED_DISEASE")


def test_ENT_22_a_name_without_its_definition_is_for_medical_review() -> None:
    ill = confirmed("2026-04-05", code="57", meets_definition=False)
    f_b().ask("2026-04-10", diagnosis=ill).then_review("ENT-22", "NOT_MET_DEFINITION", "medical_reviewer")
    f_b().ask("2026-04-10", diagnosis=confirmed(meets_definition=True)).then_granted().then_passes("ENT-22")


def test_ENT_23_suspicion_suffices_for_each_item_of_a() -> None:
    f_a().ask("2026-04-10", diagnosis=suspected("16")).then_granted().then_passes("ENT-23")
    f_a().ask("2026-04-10", diagnosis=suspected(match="none")).then_refused("ENT-23", "NO_LISTED_DISEASE")


def test_ENT_92_suspicion_suffices_for_each_item_of_b() -> None:
    f_b().ask("2026-04-10", diagnosis=suspected("02")).then_granted().then_passes("ENT-92")
    f_b().ask("2026-04-10", diagnosis=suspected(match="none")).then_refused("ENT-92", "NO_LISTED_DISEASE")


@pytest.mark.parametrize(
    ("match", "reason"), [("broader", "DISEASE_NAME_BROADER"), ("unclear", "DISEASE_NAME_UNCLEAR")]
)
def test_REF_D04_a_broader_or_unclear_name_is_for_medical_review(match: Any, reason: Any) -> None:
    answer = f_a().ask("2026-04-10", diagnosis=confirmed(match=match))
    answer.then_review("REF-D04", reason, "medical_reviewer").then_not_refused("NO_LISTED_DISEASE")
    f_a().ask("2026-04-10").then_passes("REF-D04")


def test_REF_D04_a_product_that_nobody_matched_is_not_a_no() -> None:
    elsewhere = suspected(findings=[Finding(product="B", match="none")])
    f_a().ask("2026-04-10", diagnosis=elsewhere).then_review("REF-D04", "DISEASE_NAME_UNCLEAR")


def test_ENT_D18_a_borderline_finding_is_for_medical_review() -> None:
    f_a().ask("2026-04-10", diagnosis=confirmed(match="borderline")).then_review("ENT-D18", "BORDERLINE_FINDING")
    in_situ = confirmed(finding="carcinoma_in_situ")
    f_a().ask("2026-04-10", diagnosis=in_situ).then_review("ENT-D18", "BORDERLINE_FINDING", "medical_reviewer")
    f_a().ask("2026-04-10", diagnosis=confirmed()).then_granted()


def test_ENT_D14_a_self_description_waits_for_its_document() -> None:
    house = f_a()
    answer = house.ask("2026-04-10", documents=[])
    answer.then_refused("ENT-D14", "WAITING_DOCUMENT", document="SUSPICION_EVIDENCE")
    assert answer.phase == "papers"
    (told,) = house.events("OutcomeTold")
    assert (told.outcome, told.details["documents"]) == ("WAITING_DOCUMENT", ["SUSPICION_EVIDENCE"])


@pytest.mark.parametrize(
    "documents",
    [[paper(issued=None)], [paper("SELF_DESCRIPTION")], [paper(issued="2026-04-11")], [paper("DEPOSIT_NOTICE")]],
    ids=["undated", "self-description", "of tomorrow", "no medical paper"],
)
def test_ENT_D14_not_every_paper_shows_a_suspicion(documents: Any) -> None:
    f_b().ask("2026-04-10", documents=documents).then_refused("ENT-D14", "WAITING_DOCUMENT")


def test_ENT_D14_a_document_of_the_day_itself_suffices() -> None:
    f_a().ask("2026-04-10", documents=[paper("IMAGING_REPORT", "2026-04-10")]).then_granted().then_passes("ENT-D14")


@pytest.mark.parametrize(("day", "barred"), [("2026-03-01", True), ("2026-03-30", True), ("2026-03-31", False)])
def test_ENT_11_diagnosed_inside_the_waiting_period(day: Any, barred: Any) -> None:
    answer = f_a().ask("2026-06-01", diagnosis=confirmed(day))
    if barred:
        answer.then_refused("ENT-11", "DIAGNOSED_IN_WAITING")
    else:
        answer.then_granted().then_passes("ENT-11")


def test_ENT_11_a_diagnosis_without_a_date_takes_that_of_its_paper_or_goes_to_a_person() -> None:
    f_a().ask("2026-06-01", diagnosis=confirmed(None), documents=[paper(issued="2026-03-20")]).then_refused(
        "ENT-11", "DIAGNOSED_IN_WAITING"
    )
    f_a().ask("2026-06-01", diagnosis=confirmed(None), documents=[]).then_review("ENT-11", "DIAGNOSIS_UNDATED")


def test_ENT_D09_the_disease_and_its_complications_stay_barred_others_stay_usable() -> None:
    house = f_a()
    house.ask("2026-06-01", diagnosis=confirmed("2026-03-20", "01")).then_refused("ENT-11", "DIAGNOSED_IN_WAITING")
    house.ask("2026-07-01", diagnosis=suspected("01")).then_refused("ENT-D09", "DIAGNOSED_IN_WAITING")
    of_it = suspected("06", complication_of=[Finding(product="A", match="listed", code="A-01")])
    house.ask("2026-07-02", diagnosis=of_it).then_refused("ENT-D09", "DIAGNOSED_IN_WAITING")
    house.ask("2026-08-01", diagnosis=suspected("06", "2026-07-30")).then_granted().then_passes("ENT-D09")


def test_ENT_D09_barred_over_renewals_but_not_into_a_new_cover() -> None:
    house = f_a().renew("2027-03-01", "2028-03-01", at="2026-03-02")
    house.ask("2026-06-01", diagnosis=confirmed("2026-03-20")).then_refused("ENT-11", "DIAGNOSED_IN_WAITING")
    house.ask("2027-04-01", diagnosis=suspected()).then_refused("ENT-D09", "DIAGNOSED_IN_WAITING")
    house.lapse("2027-05-01T00:00").reinstate("2027-06-01T00:00")
    house.ask("2027-08-01", diagnosis=suspected()).then_granted()


def test_ENT_D09_suspected_in_waiting_and_confirmed_later_is_for_medical_review() -> None:
    ill = confirmed("2026-04-02", suspected_on=on("2026-03-25").date())
    f_a().ask("2026-04-10", diagnosis=ill).then_review("ENT-D09", "SUSPECTED_IN_WAITING", "medical_reviewer")


def test_ENT_D09_an_accident_whose_waiting_is_waived_bars_nothing() -> None:
    waived = editions("A", waiting_waived_for_accident=True)
    f_a(waived).ask("2026-06-01", cause="accident", diagnosis=confirmed("2026-03-20")).then_granted()


def test_ENT_D19_confirmed_before_the_cover_began_is_what_the_parameter_says() -> None:
    before = confirmed("2025-11-20")
    f_a().ask("2026-04-10", diagnosis=before).then_review("ENT-D19", "PRE_EXISTING_DIAGNOSIS", "medical_reviewer")
    f_b().ask("2026-04-10", diagnosis=confirmed("2026-02-10")).then_review("ENT-D19", "PRE_EXISTING_DIAGNOSIS")
    refuse, grant = editions("A", pre_existing="refuse"), editions("A", pre_existing="grant")
    f_a(refuse).ask("2026-04-10", diagnosis=before).then_refused("ENT-D19", "PRE_EXISTING_DIAGNOSIS")
    f_a(grant).ask("2026-04-10", diagnosis=before).then_granted().then_passes("ENT-D19")
    f_b().ask("2026-04-10", diagnosis=confirmed("2026-02-11")).then_granted()


def test_ADV_02_illness_or_accident_that_needs_a_hospital() -> None:
    hurt = f_a().ask("2026-05-05", "ADVANCE", cause="accident", diagnosis=None, advance=stay())
    hurt.then_granted().then_passes("ADV-02")
    f_a().ask("2026-05-05", "ADVANCE", diagnosis=None).then_refused("ADV-02", "NO_HOSPITAL_STAY")


def test_ADV_03_no_list_of_diseases_is_checked_for_an_advance_of_a() -> None:
    pneumonia = confirmed("2026-05-04", match="none")
    answer = f_a().ask("2026-05-05", "ADVANCE", diagnosis=pneumonia, advance=stay()).then_granted()
    answer.then_passes("ADV-03", disease_list="NOT_CHECKED")


def test_ADV_16_an_advance_of_b_needs_a_confirmed_disease() -> None:
    f_b().ask("2026-05-05", "ADVANCE", diagnosis=suspected("03"), advance=stay()).then_refused(
        "ADV-16", "NOT_CONFIRMED", document="DIAGNOSIS_CERTIFICATE"
    )
    f_b().ask("2026-05-05", "ADVANCE", diagnosis=confirmed(code="03"), advance=stay()).then_granted().then_passes(
        "ADV-16"
    )


def test_a_claim_without_a_diagnosis_rests_on_the_care_it_names() -> None:
    answer = f_a().ask(
        "2026-05-12", "SUBSIDY", diagnosis=None, documents=[], subsidy=claim(("2026-05-10", "2026-05-10"))
    )
    answer.then_granted()
    assert "ENT-18" not in {a.rule for a in answer.receipt}
