"""What the two editions say, by rule."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from shared.handbook import Edition, Editions, UnknownEdition, load_editions, loader
from shared.kernel.instant import CST
from shared.kernel.money import yuan

APRIL = datetime(2026, 4, 10, 10, tzinfo=CST)
GREEN = ("CASE", "OUTP", "INP", "SURG", "EXAM", "ESCORT", "PROTON", "PSYCH", "SUBSIDY")


def test_CAT_01_CAT_02_a_product_is_served_under_its_own_edition(editions: Editions) -> None:
    assert editions.products == ("A", "B")
    current_a, current_b = editions.current("A", APRIL), editions.current("B", APRIL)
    assert current_a is not None
    assert current_a.name == "中宏宏悦万家感恩版团体医疗保险"
    assert current_b is not None
    assert current_b.printed_edition == "网宏e保百万医疗保障加强版-202501-DG-01"
    assert editions.current("Z", APRIL) is None
    with pytest.raises(UnknownEdition):
        editions.get("Z-v1")


def test_CAT_03_CAT_04_the_services_of_A(a: Edition) -> None:
    assert {s.line for s in a.services.values()} == {"GREEN", "TELEDOC", "ADVANCE", "DENTAL"}
    assert {s.code for s in a.services.values() if s.line == "GREEN"} == {*GREEN, "SO_GLOBAL", "SO_DOM"}
    assert not a.offers("SO")


def test_CAT_05_CAT_06_the_services_of_B(b: Edition) -> None:
    assert {s.line for s in b.services.values()} == {"GREEN", "ADVANCE"}
    assert {s.code for s in b.services.values() if s.line == "GREEN"} == {*GREEN, "SO"}
    assert not b.offers("TELEDOC")
    assert not b.offers("DENTAL")


def test_CAT_07_CAT_09_REF_09_REF_10_each_line_has_its_vendor_and_hotline(a: Edition, b: Edition) -> None:
    for edition in (a, b):
        assert {s.vendor for s in edition.services.values() if s.line == "GREEN"} == {"hengyu"}
        advance = edition.service("ADVANCE")
        assert (advance.vendor, advance.hotline) == ("youjia", "400-819-6660")
        assert edition.service("OUTP").hotline == "400-967-6500"
        assert edition.vendors["hengyu"].tax_id == "91310112MA1GBAW551"
        assert edition.vendors["youjia"].tax_id is None
    assert a.insurer_hotline == b.insurer_hotline == "95383"


@pytest.mark.parametrize(
    ("edition", "service", "limit"),
    [
        ("A-v1", "OUTP", 1), ("A-v1", "INP", 1), ("A-v1", "EXAM", 3), ("A-v1", "PSYCH", 6), ("A-v1", "DENTAL", 1),
        ("B-202501-DG-01", "OUTP", 1), ("B-202501-DG-01", "EXAM", 3), ("B-202501-DG-01", "SO", 1),
    ],
)  # fmt: skip
def test_ENT_28_and_its_sisters_the_yearly_counts(editions: Editions, edition: str, service: str, limit: int) -> None:
    quota = editions.get(edition).service(service).quota
    assert quota is not None
    assert quota.limit == limit


def test_ENT_36_ENT_38_ENT_40_ENT_D02_no_count_means_unlimited(a: Edition, b: Edition) -> None:
    for edition in (a, b):
        assert all(edition.service(code).quota is None for code in ("SUBSIDY", "ADVANCE", "CASE", "ESCORT"))


def test_ENT_D04_A_consumes_at_the_booking_and_B_at_the_visit(a: Edition, b: Edition) -> None:
    of_a, of_b = a.service("OUTP").quota, b.service("OUTP").quota
    assert of_a is not None
    assert of_b is not None
    assert (of_a.consume_at, of_b.consume_at) == ("booking_confirmed", "visit_attended")
    assert of_a.consume_causes == {"client_cancellation", "client_no_show"}
    assert of_b.review_causes == {"cancelled_on_visit_day", "client_no_show"}
    assert "vendor_failure" in of_a.release_causes & of_b.release_causes


def test_ENT_02_ENT_12_ENT_13_ENT_14_what_the_books_print_of_the_term(a: Edition, b: Edition) -> None:
    assert a.parameters.purchase_cutoff is None
    assert b.parameters.purchase_cutoff == datetime(2024, 1, 8, tzinfo=CST)
    assert a.parameters.term_months == b.parameters.term_months == 12
    assert a.parameters.renewal_automatic
    assert not b.parameters.renewal_automatic
    assert b.parameters.renewal_grant == "GRANT"


def test_ENT_04_the_requirement_of_B_s_table_is_not_printed(b: Edition) -> None:
    assert b.parameters.table_requirement is None


def test_ENT_05_only_GREEN_of_A_waits_for_the_cooling_off(a: Edition, b: Edition) -> None:
    assert {s.line for s in a.services.values() if s.cooling_off} == {"GREEN"}
    assert not any(s.cooling_off for s in b.services.values())


def test_ADV_03_ADV_16_A_advances_for_any_disease_and_B_for_a_confirmed_one(a: Edition, b: Edition) -> None:
    assert not a.service("ADVANCE").needs_listed_disease
    assert b.service("ADVANCE").needs_listed_disease
    assert not b.service("ADVANCE").suspicion_suffices
    assert all(s.suspicion_suffices for s in b.services.values() if s.line == "GREEN")


def test_ENT_51_ENT_53_an_expert_of_a_3A_hospital_whom_nobody_chooses(a: Edition, b: Edition) -> None:
    for edition in (a, b):
        hospital = edition.service("OUTP").hospital
        assert hospital is not None
        assert (hospital.grade_min, hospital.expert_rank_min) == ("3A", "associate_chief")
        assert not hospital.expert_selectable
        assert hospital.network == "snapshot_or_vendor"
        assert hospital.ownership is None


def test_ENT_51_A_recommends_public_hospitals_and_reviews_a_private_one_the_member_names(
    a: Edition, b: Edition
) -> None:
    of_a, of_b = a.service("OUTP").hospital, b.service("OUTP").hospital
    assert of_a is not None
    assert of_b is not None
    assert (of_a.recommended_ownership, of_a.private_if_member_designates) == ("public", "review")
    assert (of_b.recommended_ownership, of_b.private_if_member_designates) == (None, None)
    assert of_a.special_review
    assert not of_b.special_review


def test_ENT_55_the_visits_A_excludes(a: Edition, b: Edition) -> None:
    excluded = {"antenatal", "delivery", "emergency", "dental_cosmetic", "reproductive"}
    assert set(a.service("OUTP").excluded_visits) == excluded
    assert b.service("OUTP").excluded_visits == ()


def test_ADV_15_ADV_33_the_advance_wants_public_hospitals_of_grade_two(a: Edition, b: Edition) -> None:
    for edition in (a, b):
        hospital = edition.service("ADVANCE").hospital
        assert hospital is not None
        assert (hospital.grade_min, hospital.ownership, hospital.network) == ("2", "public", "city_list")
        assert hospital.special_review


def test_SUB_11_SUB_12_the_caps_in_fen(a: Edition, b: Edition) -> None:
    for edition in (a, b):
        assert edition.subsidy.cap_in_province_fen == yuan(2000)
        assert edition.subsidy.cap_out_of_province_fen == yuan(5000)
        assert edition.subsidy.window_working_days == 10


def test_SUB_13_to_SUB_24_the_items_and_their_vouchers(a: Edition, b: Edition) -> None:
    for edition in (a, b):
        items = edition.subsidy.items
        assert {code: item.voucher for code, item in items.items()} == {
            "TRAIN": "PERSONAL_INVOICE",
            "AIR": "PERSONAL_INVOICE",
            "FUEL": "TITLED_OR_FIXED",
            "TOLL": "TITLED_OR_FIXED",
            "PARKING": "TITLED_OR_FIXED",
            "TAXI": "TITLED_OR_FIXED",
            "LODGING": "TITLED_LOCAL",
            "AMBULANCE_120": "MEDICAL_INVOICE",
        }
        assert "FIRST_CLASS" not in (items["TRAIN"].fare_classes_allowed or ())
        assert items["AIR"].fare_classes_allowed == ("ECONOMY",)
        assert {c for c, i in items.items() if i.at_place_of_treatment} == {"PARKING", "TAXI", "LODGING"}
        assert {c for c, i in items.items() if i.fixed_amount_ok} == {"FUEL", "TOLL", "PARKING", "TAXI"}
        assert {c for c, i in items.items() if not i.titled} == {"TRAIN", "AIR", "AMBULANCE_120"}


def test_SUB_01_SUB_02_SUB_25_where_the_books_differ(a: Edition, b: Edition) -> None:
    assert (a.subsidy.linked_visit, b.subsidy.linked_visit) == ("required", "expected")
    assert (a.subsidy.account_of_others, b.subsidy.account_of_others) == ("review", "wait")
    assert b.subsidy.account_of_a_minors_guardian == "review"


def test_SUB_31_the_designated_title_and_tax_id(a: Edition, b: Edition) -> None:
    for edition in (a, b):
        assert (edition.subsidy.title, edition.subsidy.tax_id) == ("上海恒予健康管理咨询有限公司", "91310112MA1GBAW551")


def test_REF_01_REF_02_forty_diseases_and_a_hundred_and_twenty_six(a: Edition, b: Edition) -> None:
    assert len(a.diseases.by_code) == 40
    assert a.diseases.by_code["A-40"].name == "原发性硬化性胆管炎"
    assert len(b.diseases.by_code) == 126
    assert b.diseases.by_code["B-080"].name == "严重获得性或继发性肺泡蛋白质沉积症"
    assert b.diseases.by_code["B-104"].name == "严重哮喘"
    assert [d.number for d in b.diseases.by_code.values()] == list(range(1, 127))


def test_REF_04_REF_05_both_books_list_the_same_319_cities(a: Edition, b: Edition) -> None:
    assert a.advance_cities is not None
    assert b.advance_cities is not None
    assert len(a.advance_cities.entries) == 319
    assert (a.advance_cities.printed_total, b.advance_cities.printed_total) == (319, None)
    assert {c.code for c in a.advance_cities.entries} == {c.code for c in b.advance_cities.entries}
    differing = [(x.raw, y.raw) for x, y in zip(a.advance_cities.entries, b.advance_cities.entries, strict=True)
                 if x.raw != y.raw]  # fmt: skip
    assert differing == [("安庆市", "郎[安庆市")]


def test_ENT_D01_the_demonstration_values_are_marked(a: Edition, b: Edition) -> None:
    assert a.parameters.demo
    assert b.parameters.demo
    demo = {name for name, source in a.parameter_sources.items() if source.origin == "demo"}
    assert demo == {
        "waiting_days", "waiting_period_waived_for_accident", "cooling_off_days", "sum_insured_standard",
        "subsidy_mailbox",
    }  # fmt: skip
    assert b.parameters.cooling_off_days is None
    assert b.parameters.sum_insured_standard_fen is None


def test_every_rule_a_service_follows_cites_its_clause(editions: Editions) -> None:
    for edition in editions.by_id.values():
        for service in edition.services.values():
            assert [rule for rule in service.rules if not edition.clauses_of(rule)] == []


def test_SCH_01_SCH_D06_what_binds_one_product_only_is_said_in_the_rules_of_its_service(a: Edition, b: Edition) -> None:
    assert a.service("OUTP").follows("SCH-01")
    assert not b.service("OUTP").follows("SCH-01")
    assert b.service("OUTP").follows("SCH-D06")
    assert a.clauses_of("SCH-01")[0].basis == "text"
    assert b.clauses_of("SCH-D06")[0].basis == "inferred"


def test_loading_is_fast_and_done_once() -> None:
    assert load_editions() is load_editions()
    best = float("inf")
    for _ in range(3):
        loader._load.cache_clear()
        begun = time.perf_counter()
        load_editions()
        best = min(best, time.perf_counter() - begun)
    assert best < 0.5
