"""The law of the claim, at its boundaries: trigger, window, out of town, the claim's own papers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.contracts import intake
from tests.services.subsidy.subsidy_bench import HEFEI, SHANGHAI, WUHU, Bench, at, care, claim, invoice, line, paper


def visited(on: date, kind: str = "outpatient", starts: date | None = None, **changes: Any) -> intake.SubsidyClaimSaid:
    """A claim for care that ended on a day, its train ticket of that day."""
    one = care(kind=kind, starts_on=starts or on, ends_on=on)
    return claim(line(1, 20_000, incurred_on=on), **({"care": [one]} | changes))


def filed(product: str, said: intake.SubsidyClaimSaid, when: Any) -> Bench:
    bench = Bench(product)
    for one in said.care:
        if one.request_id is not None:
            bench.arrange(one.request_id, one.starts_on, one.hospital_city)
    bench.open(said, when)
    return bench


# -- trigger ---------------------------------------------------------------------------------------------------------


def test_SUB_01_without_an_arranged_visit_a_claim_of_A_is_refused() -> None:
    bench = Bench("A")
    bench.open(claim(care=[care(request_id=None, case_known=False)]), visits=())
    assert bench.reasons() == {("SUB-01", "NO_GREEN_SERVICE")}
    assert bench.finished() == "REFUSED"


def test_SUB_01_with_a_visit_booked_for_that_date_it_continues() -> None:
    bench = Bench("A")
    bench.open()
    assert bench.standing() == {1: "approved"}
    assert bench.receipt()["SUB-01"].facts == {"visits": ["outp-1"]}


def test_SUB_01_a_visit_of_another_day_or_another_member_is_not_this_trips() -> None:
    other_day = Bench("A")
    other_day.arrange("outp-1", date(2026, 5, 8))
    other_day.open()
    assert other_day.questions() == {("SUB-01", "LINKED_VISIT_DIFFERS")}
    other_member = Bench("A")
    other_member.arrange("outp-1", member="m2")
    other_member.open()
    assert other_member.reasons() == {("SUB-01", "NO_GREEN_SERVICE")}


def test_SUB_01_a_visit_not_yet_known_is_waited_for_then_a_person_looks() -> None:
    bench = Bench("A")
    bench.open(visits=())
    assert bench.standing() == {1: "open"}
    assert not bench.questions()
    bench.pass_time(at("2026-05-12", "10:59"))
    assert not bench.questions()
    bench.pass_time(at("2026-05-12", "11:00"))
    assert bench.questions() == {("SUB-01", "LINKED_VISIT_UNKNOWN")}


def test_SUB_01_a_visit_that_becomes_known_in_time_lets_the_claim_continue() -> None:
    bench = Bench("A")
    bench.open(visits=())
    bench.arrange()
    bench.pass_time(at("2026-05-12", "11:00"))
    assert bench.standing() == {1: "approved"}
    assert not bench.questions()


def test_SUB_02_B_continues_with_a_linked_visit_and_asks_a_person_without() -> None:
    linked = Bench("B")
    linked.open()
    assert linked.standing() == {1: "approved"}
    unlinked = Bench("B")
    unlinked.open(claim(care=[care(kind="exam", request_id=None)]), visits=())
    assert unlinked.questions() == {("SUB-02", "NO_LINKED_GREEN_SERVICE")}
    assert unlinked.finished() is None
    unlinked.decide(1, "grant", at("2026-05-13"))
    assert unlinked.standing() == {1: "approved"}


def test_SUB_32_the_instant_of_the_call_is_the_application() -> None:
    bench = Bench("B")
    bench.open(when=at("2026-05-12", "22:00"))
    assert bench.all_told("SubsidyApplied")[0].applied_at == at("2026-05-12", "22:00")
    assert bench.receipt()["SUB-32"].facts["applied_at"] == "2026-05-12T22:00:00+08:00"


@pytest.mark.parametrize(("product", "rule"), [("A", "ENT-36"), ("B", "ENT-D02")])
def test_ENT_36_ENT_D02_the_number_of_claims_is_unlimited(product: str, rule: str) -> None:
    bench = Bench(product)
    for n in range(1, 6):
        said = claim(line(1, 10_000, invoice=invoice(f"n{n}")))
        bench.open(said, request=f"r{n}")
        bench.pay(10_000, at("2026-05-13"), f"p{n}", f"r{n}")
    assert [bench.finished(f"r{n}") for n in range(1, 6)] == ["PAID"] * 5
    assert bench.receipt()[rule].facts == {"claims_max": None}


# -- window ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "rule", "kind", "starts", "ends", "in_time", "late"),
    [
        ("A", "SUB-03", "outpatient", "2026-09-24", "2026-09-24", "2026-10-15", "2026-10-16"),
        ("A", "SUB-04", "inpatient", "2026-09-10", "2026-09-24", "2026-10-15", "2026-10-16"),
        ("B", "SUB-06", "outpatient", "2026-11-02", "2026-11-02", "2026-11-16", "2026-11-17"),
        ("B", "SUB-07", "inpatient", "2026-10-12", "2026-11-02", "2026-11-16", "2026-11-17"),
    ],
    ids=["SUB-03", "SUB-04", "SUB-06", "SUB-07"],
)
def test_SUB_03_SUB_04_SUB_06_SUB_07_the_application_is_started_in_ten_working_days(
    product: str, rule: str, kind: str, starts: str, ends: str, in_time: str, late: str
) -> None:
    said = visited(date.fromisoformat(ends), kind, date.fromisoformat(starts))
    assert not filed(product, said, at(in_time, "23:59")).reasons()
    assert filed(product, said, at(late, "00:00")).reasons() == {(rule, "LATE")}


def test_SUB_05_the_table_of_A_names_the_discharge_the_prose_governs() -> None:
    outpatient = filed("A", visited(date(2026, 9, 24)), at("2026-10-15"))
    assert outpatient.receipt()["SUB-05"].facts == {"governed_by": "SUB-03"}
    inpatient = filed("A", visited(date(2026, 9, 24), "inpatient", date(2026, 9, 10)), at("2026-10-15"))
    assert inpatient.receipt()["SUB-05"].facts == {"governed_by": "SUB-04"}


def test_SUB_D01_a_call_on_the_tenth_day_is_in_time_though_papers_follow() -> None:
    said = visited(date(2026, 9, 30), treatment_proof=[])
    bench = filed("A", said, at("2026-10-20", "23:59"))
    assert not bench.reasons()
    bench.hear(intake.PapersSubmitted(treatment_proof=[paper()]), at("2026-10-27"))
    facts = bench.receipt()["SUB-D01"].facts
    assert (facts["first_day"], facts["last_day"]) == ("2026-10-08", "2026-10-20")
    assert bench.standing() == {1: "approved"}


def test_SUB_D05_the_window_follows_the_later_care_of_the_trip() -> None:
    stay = [
        care(starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 12)),
        care(kind="inpatient", request_id=None, starts_on=date(2026, 10, 12), ends_on=date(2026, 11, 2)),
    ]
    follow_up = [*stay, care(request_id=None, starts_on=date(2026, 11, 5), ends_on=date(2026, 11, 5))]
    ticket = line(1, 20_000, incurred_on=date(2026, 11, 2))
    assert filed("B", claim(ticket, care=stay), at("2026-11-17")).reasons() == {("SUB-07", "LATE")}
    bench = filed("B", claim(ticket, care=follow_up), at("2026-11-19", "23:59"))
    assert bench.receipt()["SUB-D05"].facts == {"care": "outpatient", "anchor_on": "2026-11-05"}
    assert filed("B", claim(ticket, care=follow_up), at("2026-11-20")).reasons() == {("SUB-06", "LATE")}


# -- out of town -----------------------------------------------------------------------------------------------------


def went(hukou: str, hospital: str, residence: str | None = None, proven: bool = False) -> Bench:
    said = claim(
        line(1, 20_000),
        hukou_city=hukou,
        residence_city=residence,
        residence_proof=paper("RESIDENCE_PERMIT") if proven else None,
        care=[care(hospital_city=hospital)],
    )
    return filed("A", said, at("2026-05-12"))


def pool(bench: Bench) -> str:
    return str(bench.all_told("SubsidyApproved")[0].pool)


def test_SUB_08_the_hukou_city_is_not_the_hospitals() -> None:
    assert pool(went(HEFEI, SHANGHAI)) == "out_of_province"
    assert went(SHANGHAI, SHANGHAI).reasons() == {("SUB-08", "SAME_CITY")}


def test_SUB_09_the_trip_home_needs_a_residence_permit() -> None:
    bench = went(SHANGHAI, SHANGHAI, HEFEI)
    assert bench.asked_papers() == {(None, "RESIDENCE_PERMIT")}
    assert bench.standing() == {1: "open"}
    bench.hear(intake.PapersSubmitted(residence_proof=paper()), at("2026-05-14"))
    assert bench.standing() == {1: "approved"}


def test_SUB_D02_departure_is_the_proven_residence_and_names_the_pool() -> None:
    assert pool(went(SHANGHAI, SHANGHAI, HEFEI, proven=True)) == "out_of_province"
    assert pool(went(HEFEI, HEFEI, WUHU, proven=True)) == "in_province"
    unproven = went(HEFEI, SHANGHAI, SHANGHAI)
    assert pool(unproven) == "out_of_province"
    said = [one.facts for one in unproven.all_told("SubsidyApproved")[0].receipt if one.rule == "SUB-D02"]
    assert said == [{"departure_city": HEFEI, "pool": "out_of_province"}, {"year": 1}]


def test_SUB_D02_residence_in_the_hospitals_city_goes_to_a_person_who_names_the_pool() -> None:
    bench = went(HEFEI, SHANGHAI, SHANGHAI, proven=True)
    assert bench.questions() == {("SUB-D02", "RESIDENCE_IS_HOSPITAL_CITY")}
    bench.decide(1, "grant", at("2026-05-13"))
    assert bench.answers()[-1] == ("refused", "POOL_NOT_NAMED")
    bench.decide(1, "grant", at("2026-05-13"), pool="in_province")
    assert pool(bench) == "in_province"


def test_SUB_D02_the_caps_are_those_of_the_year_of_care() -> None:
    bench = Bench("A")
    said = visited(date(2027, 2, 26))
    bench.open(said, at("2027-03-02"), year=2)
    assert bench.caps(1).used_fen("p1", "out_of_province") == 20_000
    before = Bench("A")
    before.open(visited(date(2026, 2, 27)), at("2026-03-02"))
    assert before.questions() == {("SUB-D02", "CARE_BEFORE_COVER")}


@pytest.mark.parametrize(
    ("hukou", "hospital", "outcome"),
    [
        ("320583", "320500", "SAME_CITY"),
        ("320583", "320200", "in_province"),
        ("110119", "110108", "SAME_CITY"),
        ("429005", "421000", "in_province"),
    ],
    ids=["Kunshan-Suzhou", "Kunshan-Wuxi", "Yanqing-Haidian", "Qianjiang-Jingzhou"],
)
def test_SUB_D07_cities_are_compared_as_prefectures(hukou: str, hospital: str, outcome: str) -> None:
    bench = went(hukou, hospital)
    if outcome == "SAME_CITY":
        assert bench.reasons() == {("SUB-08", "SAME_CITY")}
    else:
        assert pool(bench) == outcome
        assert set(bench.receipt()["SUB-D07"].facts) == {"hukou", "hospitals"}


def test_SUB_D02_hospitals_of_several_pools_go_to_a_person() -> None:
    two = [care(), care(request_id=None, hospital_city=WUHU)]
    bench = filed("A", claim(line(1, 20_000), care=two), at("2026-05-12"))
    assert ("SUB-D02", "HOSPITAL_CITIES_DIFFER") in bench.questions()


# -- papers of the claim ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "holder", "minor", "asked", "question"),
    [
        ("A", "other", False, set(), {("SUB-25", "ACCOUNT_NOT_PATIENT")}),
        ("A", "guardian", True, set(), {("SUB-25", "ACCOUNT_NOT_PATIENT")}),
        ("B", "other", False, {(None, "OWN_BANK_ACCOUNT")}, set()),
        ("B", "guardian", False, {(None, "OWN_BANK_ACCOUNT")}, set()),
        ("B", "guardian", True, set(), {("SUB-25", "ACCOUNT_NOT_PATIENT")}),
        ("A", "patient", False, set(), set()),
    ],
)
def test_SUB_25_whose_account_is_paid(
    product: str, holder: str, minor: bool, asked: set[Any], question: set[Any]
) -> None:
    bench = Bench(product)
    account = intake.AccountSaid(account_ref="acc", holder=holder)  # type: ignore[arg-type]
    bench.open(claim(account=account, patient_is_minor=minor))
    assert (bench.asked_papers(), bench.questions()) == (asked, question)
    assert bench.standing() == {1: "open" if asked or question else "approved"}


def test_SUB_25_a_missing_account_is_asked_for_and_a_late_own_one_ends_the_question() -> None:
    bench = Bench("A")
    bench.open(claim(account=None))
    assert bench.asked_papers() == {(None, "BANK_ACCOUNT")}
    bench.hear(intake.PapersSubmitted(account=intake.AccountSaid(account_ref="x", holder="other")), at("2026-05-13"))
    assert bench.questions() == {("SUB-25", "ACCOUNT_NOT_PATIENT")}
    bench.hear(intake.PapersSubmitted(account=intake.AccountSaid(account_ref="y", holder="patient")), at("2026-05-14"))
    assert bench.all_told("ReviewClosed")[0].reason == "NO_LONGER_ASKED"
    assert bench.standing() == {1: "approved"}


def test_SUB_26_the_treatment_is_proven() -> None:
    bench = Bench("A")
    bench.open(claim(treatment_proof=[]))
    assert bench.asked_papers() == {(None, "TREATMENT_PROOF")}
    assert bench.standing() == {1: "open"}


def test_SUB_28_SUB_30_the_mailbox_and_the_title_are_shown_when_the_claim_opens() -> None:
    bench = Bench("A")
    bench.open()
    order = bench.all_told("WorkOrderIssued")[0]
    assert order.details["mailbox"] == "subsidy@example.invalid"
    assert order.details["invoice_tax_id"] == "91310112MA1GBAW551"
    assert order.details["hint"] == "CONTACT_BEFORE_INVOICES"
    assert bench.receipt()["SUB-28"].facts == {"shown": "SUBSIDY_MAILBOX"}
    assert bench.receipt()["SUB-30"].facts == {"hint": "CONTACT_BEFORE_INVOICES"}
