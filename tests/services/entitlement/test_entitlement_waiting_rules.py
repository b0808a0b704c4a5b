"""Rules of waiting periods, cooling-off, accidents, gaps, joiners and policy years, each at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.entitlement.entitlement_brought import confirmed, stay
from tests.services.entitlement.entitlement_house import POLICY_A, POLICY_B, House, editions, f_a, f_b, on

WAIVED_A = editions("A", waiting_waived_for_accident=True)
WAIVED_B = editions("B", waiting_waived_for_accident=True)
FROM_31_MARCH = "2026-03-31T00:00:00+08:00"


def test_ENT_01_waits_until_the_last_minute_of_the_waiting_period() -> None:
    f_a().ask("2026-03-30T23:59").then_refused("ENT-01", "WAITING_PERIOD", earliest=FROM_31_MARCH)
    f_a().ask("2026-03-31T00:00").then_granted()
    accident = f_a(WAIVED_A).ask("2026-03-10T09:00", "ADVANCE", cause="accident", advance=stay())
    accident.then_granted().then_not_refused("WAITING_PERIOD")


def test_ENT_05_green_waits_for_the_cooling_off_even_after_an_accident() -> None:
    early = f_a(WAIVED_A).ask("2026-03-15T23:59", cause="accident")
    early.then_refused("ENT-05", "COOLING_OFF", earliest="2026-03-16T00:00:00+08:00")
    f_a(WAIVED_A).ask("2026-03-16T00:00", cause="accident").then_granted().then_passes("ENT-05")


def test_ENT_06_an_advance_of_a_waits_and_an_accident_may_not() -> None:
    f_a().ask("2026-03-30T23:59", "ADVANCE", advance=stay()).then_refused("ENT-06", "WAITING_PERIOD")
    f_a().ask("2026-03-31T00:00", "ADVANCE", advance=stay()).then_granted().then_passes("ENT-06")
    f_a(WAIVED_A).ask("2026-03-20", "ADVANCE", cause="accident", advance=stay()).then_granted()


def test_ENT_07_the_waiting_of_green_is_read_from_the_product() -> None:
    f_a().ask("2026-04-10").then_passes("ENT-07", waiting_ends_on="2026-03-30")
    f_a(editions("A", waiting_days=60)).ask("2026-05-10").then_passes("ENT-07", waiting_ends_on="2026-04-29")


def test_ENT_08_green_of_b_waits() -> None:
    f_b().ask("2026-03-12T23:59").then_refused("ENT-08", "WAITING_PERIOD", earliest="2026-03-13T00:00:00+08:00")
    f_b().ask("2026-03-13T00:00").then_granted().then_passes("ENT-08")
    f_b(WAIVED_B).ask("2026-02-20", cause="accident").then_granted()


def test_ENT_09_an_advance_of_b_waits() -> None:
    ill = confirmed("2026-02-20")
    f_b().ask("2026-03-10", "ADVANCE", diagnosis=ill, advance=stay()).then_refused("ENT-09", "WAITING_PERIOD")
    f_b().ask("2026-03-13T00:00", "ADVANCE", diagnosis=ill, advance=stay()).then_granted().then_passes("ENT-09")
    hurt = f_b(WAIVED_B).ask("2026-03-10", "ADVANCE", cause="accident", diagnosis=ill, advance=stay())
    hurt.then_granted()


def test_ENT_10_every_line_waits_as_long_as_the_contract() -> None:
    f_a().ask("2026-03-20").then_passes("ENT-10", waiting_ends_on="2026-03-30")
    f_b().ask("2026-03-01").then_passes("ENT-10", waiting_ends_on="2026-03-12")


def test_ADV_29_the_date_of_the_application_decides() -> None:
    ill = confirmed("2026-03-01")
    f_b().ask("2026-03-12T23:59", "ADVANCE", diagnosis=ill, advance=stay()).then_refused("ADV-29", "WAITING_PERIOD")
    f_b().ask("2026-03-13T09:00", "ADVANCE", diagnosis=ill, advance=stay()).then_granted().then_passes("ADV-29")
    hurt = f_b(WAIVED_B).ask(
        "2026-02-20", "ADVANCE", cause="accident", diagnosis=confirmed("2026-02-18"), advance=stay()
    )
    hurt.then_granted().then_passes("ADV-29")


def test_ENT_D08_green_starts_at_the_later_end() -> None:
    f_a().ask("2026-04-10").then_passes("ENT-D08", service_start=FROM_31_MARCH)
    early = f_a().ask("2026-03-16T00:00")
    early.then_refused("ENT-D08", "BEFORE_SERVICE_START", earliest=FROM_31_MARCH).then_not_refused("COOLING_OFF")
    hurt = f_a(WAIVED_A).ask("2026-03-16T00:00", cause="accident")
    hurt.then_passes("ENT-D08", service_start="2026-03-16T00:00:00+08:00")


def test_ENT_D10_an_accident_waits_only_where_the_contract_says_so() -> None:
    f_b(WAIVED_B).ask("2026-02-11T00:00", cause="accident", documents=[]).then_passes("ENT-D10", waived_for="ACCIDENT")
    f_b(WAIVED_B).ask("2026-03-12T23:59", cause="illness").then_refused("ENT-08", "WAITING_PERIOD")
    f_b().ask("2026-03-12T23:59", cause="accident").then_refused("ENT-08", "WAITING_PERIOD")


def test_ENT_D10_accident_or_illness_in_doubt_is_for_a_person() -> None:
    house = f_b(WAIVED_B)
    answer = house.ask("2026-03-12T23:59", cause="unclear")
    answer.then_review("ENT-D10", "ACCIDENT_UNCLEAR", "insurer").then_not_refused("WAITING_PERIOD")
    house.review(f"{answer.request_id}-E1", "grant", "2026-03-16T09:00")
    answer.then_granted()


def test_ENT_D17_a_renewal_after_a_gap_waits_anew() -> None:
    def gap() -> House:
        return f_b().renew("2027-03-20", "2028-03-20", policy=POLICY_B, at="2027-03-15")

    gap().ask("2027-04-18T23:59", diagnosis=confirmed("2027-04-01")).then_refused("ENT-D17", "WAITING_PERIOD")
    late = gap().ask("2027-04-19T00:00", diagnosis=confirmed("2027-04-18")).then_granted()
    late.then_passes("ENT-D17", continuous_from="2027-03-20")


def test_ENT_D17_within_the_allowed_gap_the_cover_is_continuous() -> None:
    house = f_b(editions("B", continuous_cover_max_gap_days=60))
    house.renew("2027-03-20", "2028-03-20", policy=POLICY_B, at="2027-03-15")
    house.ask("2027-03-20T00:00", diagnosis=confirmed("2027-03-18")).then_granted().then_passes("ENT-D17")


def test_ENT_D17_a_reinstatement_waits_anew_and_refills_nothing() -> None:
    house = f_a()
    house.settle(house.ask("2026-04-10").request_id, "consume", "BOOKED", "2026-04-12")
    house.lapse("2026-06-10T00:00").reinstate("2026-07-01T00:00")
    early = house.ask("2026-07-30T23:59", diagnosis=confirmed("2026-07-20"))
    early.then_refused("ENT-D17", "WAITING_PERIOD")
    late = house.ask("2026-07-31T00:00").then_refused("ENT-28", "QUOTA_EXHAUSTED")
    late.then_not_refused("WAITING_PERIOD")
    mild = (
        f_a(editions("A", reinstatement_restarts_waiting=False)).lapse("2026-06-10T00:00").reinstate("2026-07-01T00:00")
    )
    mild.ask("2026-07-02").then_granted()


def test_ENT_D20_a_joiner_waits_from_the_own_cover_start_with_the_full_count() -> None:
    def joined() -> House:
        return House().issue("A", member="m-0").join(POLICY_A, "2026-09-01", at=on("2026-08-30"))

    joined().ask("2026-09-30T23:59").then_refused("ENT-D20", "WAITING_PERIOD", earliest="2026-10-01T00:00:00+08:00")
    answer = joined().ask("2026-10-01T00:00").then_granted().then_passes("ENT-D20", joined_on="2026-09-01")
    assert answer.granted.year.ends_on.isoformat() == "2027-03-01"


@pytest.mark.parametrize(
    ("asked", "ordinal", "starts", "ends"),
    [("2025-02-28T23:59", 1, "2024-02-29", "2025-03-01"), ("2025-03-01T00:00", 2, "2025-03-01", "2026-03-01")],
)
def test_ENT_D03_a_leap_day_policy_changes_year_on_the_first_of_march(
    asked: Any, ordinal: Any, starts: Any, ends: Any
) -> None:
    house = House().issue("A", "2024-02-29", "2025-03-01", at=on("2024-02-20"))
    house.renew("2025-03-01", "2026-03-01", at="2025-02-01")
    answer = house.ask(asked, diagnosis=confirmed("2025-01-10")).then_granted()
    answer.then_passes("ENT-D03", year=ordinal, starts_on=starts, ends_on=ends)


def test_ENT_D03_a_new_policy_year_has_a_fresh_count() -> None:
    house = f_a().renew("2027-03-01", "2028-03-01")
    house.ask("2026-05-10").then_granted()
    assert house.ask("2027-03-01T00:00").then_granted().granted.year.ordinal == 2
