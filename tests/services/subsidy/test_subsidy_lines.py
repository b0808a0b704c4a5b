"""The law of one line, at its boundaries: person, item, place, vouchers, title, time, invoice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts import intake
from tests.services.subsidy.subsidy_bench import HEFEI, VISIT_ON, Bench, at, care, claim, invoice, line, paper


def opened(*lines: intake.ExpenseLineSaid, **changes: Any) -> Bench:
    bench = Bench("A")
    bench.open(claim(*lines, **changes))
    return bench


def accepted(item: str, fen: int = 10_000, **changes: Any) -> bool:
    return opened(line(1, fen, item, **changes)).standing() == {1: "approved"}


def refused(item: str, **changes: Any) -> set[tuple[str, str]]:
    return opened(line(1, 10_000, item, **changes)).reasons()


def test_SUB_10_companions_costs_are_not_covered() -> None:
    bench = opened(line(1, 20_000), line(2, 20_000, person="companion"))
    assert bench.reasons() == {("SUB-10", "COMPANION_COST")}
    assert bench.all_told("SubsidyApproved")[0].payable_fen == 20_000


def test_SUB_13_second_class_only_on_the_train() -> None:
    assert accepted("TRAIN")
    assert refused("TRAIN", fare_class="FIRST_CLASS") == {("SUB-13", "SEAT_CLASS")}
    assert opened(line(1, 1, fare_class=None)).questions() == {("SUB-13", "FARE_CLASS_UNKNOWN")}


def test_SUB_14_economy_class_only_in_the_air() -> None:
    ticket = invoice("i_1")
    assert accepted("AIR", invoice=ticket)
    assert refused("AIR", invoice=ticket, fare_class="BUSINESS") == {("SUB-14", "CABIN_CLASS")}


@pytest.mark.parametrize(("rule", "item", "fen"), [("SUB-15", "FUEL", 30_000), ("SUB-16", "TOLL", 12_000)])
def test_SUB_15_SUB_16_fuel_and_toll_are_accepted(rule: str, item: str, fen: int) -> None:
    bench = opened(line(1, fen, item))
    assert bench.standing() == {1: "approved"}
    assert bench.receipt()[rule].outcome == "pass"


@pytest.mark.parametrize("item", ["TAXI", "PARKING"])
def test_SUB_17_parking_and_taxi_at_the_place_of_treatment(item: str) -> None:
    assert accepted(item, 4_500)
    assert refused(item, city=HEFEI) == {("SUB-17", "NOT_AT_PLACE_OF_TREATMENT")}
    assert opened(line(1, 4_500, item, city=None)).questions() == {("SUB-17", "PLACE_UNKNOWN")}


def test_SUB_18_lodging_at_the_place_of_treatment() -> None:
    assert accepted("LODGING", incurred_on=date(2026, 5, 9))
    assert refused("LODGING", city=HEFEI) == {("SUB-18", "NOT_AT_PLACE_OF_TREATMENT")}


def test_SUB_19_an_ambulance_counts_against_the_same_cap() -> None:
    bench = opened(line(1, 90_000, "AMBULANCE_120", invoice=invoice("i_1", "medical")))
    assert bench.caps().used_fen("p1", "out_of_province") == 90_000
    assert bench.receipt()["SUB-19"].outcome == "pass"


def test_SUB_20_unlisted_transport_goes_to_a_person_a_meal_is_refused() -> None:
    bench = opened(line(1, 8_000, "COACH"))
    assert bench.questions() == {("SUB-20", "OTHER_ITEM")}
    assert bench.standing() == {1: "open"}
    assert refused("MEAL") == {("SUB-20", "NOT_TRANSPORT_OR_LODGING")}


def test_SUB_21_a_fare_needs_the_invoice_and_the_payment_screenshot() -> None:
    assert opened(line(1, 20_000, payment_proof=None)).asked_papers() == {(1, "PAYMENT_PROOF")}
    assert opened(line(1, 20_000, invoice=None)).asked_papers() == {(1, "PERSONAL_INVOICE")}
    assert accepted("TRAIN")


def test_SUB_22_a_taxi_needs_the_designated_title_or_a_fixed_amount() -> None:
    patients = {("SUB-22", "INVOICE_TITLE")}
    assert refused("TAXI", invoice=invoice("i_1", "personal", "other")) == patients
    assert refused("TAXI", invoice=invoice("i_1", "titled", "other", "absent")) >= patients
    assert accepted("PARKING", invoice=invoice("i_1", "fixed_amount"))
    assert opened(line(1, 4_500, "TAXI", payment_proof=None)).asked_papers() == {(1, "PAYMENT_PROOF")}


def test_SUB_23_an_ambulance_needs_the_medical_invoice_and_the_screenshot() -> None:
    assert accepted("AMBULANCE_120", invoice=invoice("i_1", "medical", "other"))
    wrong = opened(line(1, 90_000, "AMBULANCE_120", invoice=invoice("i_1", "titled", "designated", "designated")))
    assert wrong.asked_papers() == {(1, "MEDICAL_INVOICE")}


def test_SUB_24_a_hotel_invoice_titled_to_the_patient_is_refused() -> None:
    assert refused("LODGING", invoice=invoice("i_1", "personal", "other")) == {("SUB-24", "INVOICE_TITLE")}
    assert accepted("LODGING")


def test_SUB_29_a_toll_invoice_of_another_company_is_refused() -> None:
    assert ("SUB-29", "INVOICE_TITLE") in refused("TOLL", invoice=invoice("i_1", "titled", "other", "other"))
    assert refused("TOLL", invoice=invoice("i_1", "titled", "absent", "absent")) == {("SUB-29", "INVOICE_TITLE")}


def test_SUB_31_title_and_tax_id_must_both_match() -> None:
    assert refused("TOLL", invoice=invoice("i_1", "titled", "designated", "other")) == {("SUB-31", "TAX_ID_MISMATCH")}
    assert accepted("TOLL")


def test_SUB_D06_who_needs_no_title() -> None:
    ambulance = opened(line(1, 90_000, "AMBULANCE_120", invoice=invoice("i_1", "medical")))
    assert ambulance.receipt()["SUB-D06"].facts == {"exempt": "MEDICAL_INVOICE"}
    assert accepted("PARKING", invoice=invoice("i_1", "fixed_amount"))
    assert refused("LODGING", invoice=invoice("i_1", "fixed_amount")) == {("SUB-D06", "INVOICE_TITLE")}


def test_SUB_27_a_voucher_outside_the_range_goes_to_a_person() -> None:
    bench = opened(line(1, 40_000, "LODGING", incurred_on=date(2026, 3, 1)))
    assert bench.questions() == {("SUB-27", "OUTSIDE_TIME_RANGE")}


@pytest.mark.parametrize(("days", "inside"), [(-3, True), (-4, False), (3, True), (4, False)])
def test_SUB_27_SUB_D04_three_natural_days_on_each_side(days: int, inside: bool) -> None:
    bench = opened(line(1, 40_000, "LODGING", incurred_on=VISIT_ON + timedelta(days=days)))
    assert bench.questions() == (set() if inside else {("SUB-27", "OUTSIDE_TIME_RANGE")})
    if inside:
        assert bench.receipt()["SUB-D04"].facts == {"days_before": 3, "days_after": 3}


def test_SUB_D04_lodging_during_a_stay_goes_to_a_person() -> None:
    stay = care(kind="inpatient", starts_on=VISIT_ON, ends_on=VISIT_ON + timedelta(days=4))
    night = line(1, 40_000, "LODGING", incurred_on=VISIT_ON + timedelta(days=1))
    last = line(2, 40_000, "LODGING", incurred_on=VISIT_ON + timedelta(days=4))
    bench = opened(night, last, care=[stay])
    assert bench.questions() == {("SUB-D04", "LODGING_DURING_STAY")}
    assert bench.standing() == {1: "open", 2: "approved"}


def test_SUB_33_a_missing_voucher_holds_its_line_only() -> None:
    bench = opened(line(1, 20_000), line(2, 4_500, "TAXI", payment_proof=None))
    assert bench.standing() == {1: "approved", 2: "open"}
    assert bench.asked_papers() == {(2, "PAYMENT_PROOF")}
    late = intake.PapersSubmitted(vouchers=[intake.LineVoucherSaid(line=2, payment_proof=paper())])
    bench.hear(late, at("2026-05-20"))
    assert bench.standing() == {1: "approved", 2: "approved"}
    assert [one.payable_fen for one in bench.all_told("SubsidyApproved")] == [20_000, 4_500]


def test_SUB_33_a_missing_account_holds_every_line_and_starts_no_completion_clock() -> None:
    bench = opened(line(1, 20_000), line(2, 4_500, "TAXI"), account=None)
    assert bench.standing() == {1: "open", 2: "open"}
    assert {clock.started.step for clock in bench.state().clocks.values()} == {"feedback"}


def test_SUB_D03_an_invoice_number_is_used_once() -> None:
    twice = opened(line(1, 20_000, invoice=invoice("same")), line(2, 20_000, invoice=invoice("same")))
    assert twice.standing() == {1: "approved", 2: "refused"}
    assert twice.reasons() == {("SUB-D03", "INVOICE_USED")}
    other = Bench("A")
    other.open(claim(line(1, 20_000, invoice=invoice("same"))))
    other.open(claim(line(1, 20_000, invoice=invoice("same"))), request="r2")
    assert other.reasons("r2") == {("SUB-D03", "INVOICE_USED")}


def test_SUB_D03_a_refused_line_does_not_use_its_invoice() -> None:
    first = line(1, 20_000, invoice=invoice("same"), person="companion")
    assert opened(first, line(2, 20_000, invoice=invoice("same"))).standing() == {1: "refused", 2: "approved"}


def test_all_reasons_against_a_line_are_said() -> None:
    bad = line(
        1, 10_000, "TAXI", person="companion", city=HEFEI, invoice=invoice("i_1", "titled", "designated", "other")
    )
    assert opened(bad).reasons() == {
        ("SUB-10", "COMPANION_COST"), ("SUB-17", "NOT_AT_PLACE_OF_TREATMENT"), ("SUB-31", "TAX_ID_MISMATCH"),
    }  # fmt: skip
