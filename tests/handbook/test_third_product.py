"""A product is data alone; what is wrong with the data is said whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shared.calendar import china_calendar
from shared.handbook import HandbookError, load_editions
from shared.handbook.diseases import match_disease
from shared.handbook.lint import clause_coverage, lint
from shared.kernel.instant import CST, end_of

Data = dict[str, dict[str, Any]]
Publish = Callable[..., Path]


def refused(folder: Path, allow_demo: bool = True) -> list[tuple[str, str, str]]:
    """The holes of a folder: code, file and field."""
    with pytest.raises(HandbookError) as caught:
        load_editions([folder], allow_demo)
    return [(hole.code, hole.file, hole.field) for hole in caught.value.holes]


def test_a_third_product_is_served_from_a_folder_outside_the_package(product_c: Data, publish: Publish) -> None:
    editions = load_editions([publish(product_c)])
    assert editions.products == ("A", "B", "C")
    c = editions.current("C", datetime(2026, 4, 10, tzinfo=CST))
    assert c is not None
    quota = c.service("OUTP").quota
    assert quota is not None
    assert quota.limit == 2
    assert not c.offers("SUBSIDY")
    assert c.parameters.waiting_days == 90
    assert not c.parameters.demo
    assert c.parameters.pre_existing == "review"
    (feedback,) = c.clocks("OUTP", "feedback")
    start = datetime(2026, 4, 10, 10, tzinfo=CST)
    assert feedback.due(start, china_calendar()).due_at == end_of(datetime(2026, 4, 15, tzinfo=CST).date())
    assert match_disease(c, "某重疾").code == "C-01"
    with pytest.raises(KeyError):
        _ = c.subsidy


def test_ENT_D01_every_missing_parameter_is_named_at_once(product_c: Data, publish: Publish) -> None:
    del product_c["parameters.yaml"]["waiting_days"]
    product_c["parameters.yaml"]["sum_insured_standard"]["value"] = None
    product_c["services.yaml"]["OUTP"]["cooling_off"] = True
    assert refused(publish(product_c)) == [
        ("CONFIG_MISSING", "C/parameters.yaml", "cooling_off_days"),
        ("CONFIG_MISSING", "C/parameters.yaml", "sum_insured_standard"),
        ("CONFIG_MISSING", "C/parameters.yaml", "waiting_days"),
    ]


def test_ENT_D01_none_printed_is_an_answer(product_c: Data, publish: Publish) -> None:
    c = load_editions([publish(product_c)]).get("C-v1")
    assert c.parameters.sum_insured_standard_fen is None
    assert c.parameters.cooling_off_days is None


def test_ENT_D01_production_refuses_every_demonstration_value(tmp_path: Path) -> None:
    holes = refused(tmp_path, allow_demo=False)
    assert {code for code, _, _ in holes} == {"CONFIG_DEMO"}
    assert len(holes) == 9
    assert ("CONFIG_DEMO", "A/parameters.yaml", "cooling_off_days") in holes


def test_ENT_D01_production_brings_the_product_s_own_values_as_data(publish: Publish, tmp_path: Path) -> None:
    own = {"waiting_days": 60, "waiting_period_waived_for_accident": True, "sum_insured_standard": 100_000_00}
    mail = {"subsidy_mailbox": "papers@example.invalid"}
    for folder, edition, values in (
        ("a", "A-v1", own | mail | {"cooling_off_days": 20}),
        ("b", "B-202501-DG-01", own | mail),
    ):
        rows: Data = {name: {"value": value, "basis": "contract"} for name, value in values.items()}
        publish({"parameters.yaml": {"edition": edition, **rows}}, folder)
    editions = load_editions([tmp_path], allow_demo=False)
    a = editions.get("A-v1")
    assert (a.parameters.waiting_days, a.parameters.cooling_off_days) == (60, 20)
    assert a.parameters.waiting_waived_for_accident
    assert a.parameters.sum_insured_standard_fen == 10_000_000
    assert a.parameters.voucher_days_before == 3
    assert not a.parameters.demo
    assert a.parameter_sources["waiting_days"].origin == "contract"


def test_values_for_an_edition_that_is_not_there_are_a_hole(publish: Publish) -> None:
    root = publish({"parameters.yaml": {"edition": "Z-v1"}}, "z")
    assert refused(root) == [("CONFLICT", "parameters.yaml", "edition")]


def broken(data: Data, path: str, value: object) -> Data:
    """The same data with one field changed (or, for the text ``-``, taken away)."""
    file, *fields, last = path.split("/")
    rows: Any = data[file]
    for field in fields:
        rows = rows[field]
    if value == "-":
        del rows[last]
    else:
        rows[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "code", "field"),
    [
        ("quotas.yaml/counted/OUTP/limit", "two", "WRONG_VALUE", "counted.OUTP.limit"),
        ("quotas.yaml/counted/OUTP/limit", 0, "WRONG_VALUE", "counted.OUTP.limit"),
        ("quotas.yaml/counted/OUTP/limit", True, "WRONG_VALUE", "counted.OUTP.limit"),
        ("quotas.yaml/counted/OUTP/consume_at", "never", "WRONG_VALUE", "counted.OUTP.consume_at"),
        ("quotas.yaml/counted/OUTP/review_causes", ["refused"], "CONFLICT", "counted.OUTP.release_causes"),
        ("quotas.yaml/counted/OUTP/clause", "-", "FIELD_MISSING", "counted.OUTP.clause"),
        ("quotas.yaml/unlimited", {"OUTP": {}}, "CONFLICT", "unlimited.OUTP"),
        ("quotas.yaml/counted", {}, "FIELD_MISSING", "OUTP"),
        ("services.yaml/OUTP/vendor", "nobody", "CONFLICT", "OUTP.vendor"),
        ("services.yaml/OUTP/hours", {"opens": "21:00", "closes": "09:00"}, "WRONG_VALUE", "OUTP.hours"),
        ("services.yaml/OUTP/color", "green", "UNKNOWN_FIELD", "OUTP.color"),
        ("services.yaml/OUTP/rules", ["ENT-28", "ENT-99"], "FIELD_MISSING", "ENT-99"),
        ("clocks.yaml/C-OUTP-FEEDBACK/unit", "moon", "WRONG_VALUE", "C-OUTP-FEEDBACK.unit"),
        ("clocks.yaml/C-OUTP-FEEDBACK/services", ["EXAM"], "CONFLICT", "C-OUTP-FEEDBACK.services"),
        ("clocks.yaml/C-OUTP-FEEDBACK/clauses", [], "WRONG_VALUE", "C-OUTP-FEEDBACK.clauses"),
        ("parameters.yaml/waiting_days/value", -1, "WRONG_VALUE", "waiting_days"),
        ("parameters.yaml/wating_days", {"value": 1}, "UNKNOWN_FIELD", "wating_days"),
        ("diseases.yaml/diseases", {"30": {"name": "重疾一种"}}, "WRONG_VALUE", "diseases.30"),
        ("edition.yaml/valid_from", "2026-01-01T00:00", "WRONG_VALUE", "valid_from"),
        ("edition.yaml/name", "", "WRONG_VALUE", "name"),
        ("clauses.yaml/the rule", {"clauses": [{"section": "一", "quote": "x"}]}, "WRONG_VALUE", "the rule"),
    ],
)
def test_each_mistake_is_said_with_its_file_and_field(
    product_c: Data, publish: Publish, path: str, value: object, code: str, field: str
) -> None:
    holes = refused(publish(broken(product_c, path, value)))
    assert (code, field) in [(c, f) for c, _, f in holes]


def test_a_missing_file_and_a_file_that_is_no_yaml_are_holes_too(product_c: Data, publish: Publish) -> None:
    del product_c["clocks.yaml"]
    root = publish(product_c)
    (root / "C" / "diseases.yaml").write_text("diseases: [", encoding="utf-8")
    assert {("FILE_MISSING", "C/clocks.yaml", ""), ("WRONG_VALUE", "C/diseases.yaml", "")} <= set(refused(root))
    assert refused(root / "nowhere")[0][0] == "FILE_MISSING"


def test_NOT_12_two_editions_of_a_product_follow_one_another(product_c: Data, publish: Publish) -> None:
    publish(broken(product_c, "edition.yaml/valid_until", "2026-07-01T00:00:00+08:00"), "c1")
    product_c["edition.yaml"] |= {"id": "C-v2", "valid_from": "2026-07-01T00:00:00+08:00", "valid_until": None}
    editions = load_editions([publish(product_c, "c2")])
    june, july = datetime(2026, 6, 30, 23, 59, tzinfo=CST), datetime(2026, 7, 1, tzinfo=CST)
    assert [e.id for e in (editions.current("C", june), editions.current("C", july)) if e] == ["C-v1", "C-v2"]


def test_NOT_12_two_editions_at_the_same_time_are_a_conflict(product_c: Data, publish: Publish) -> None:
    publish(product_c, "c1")
    product_c["edition.yaml"]["id"] = "C-v2"
    assert refused(publish(product_c, "c2")) == [("CONFLICT", "edition.yaml", "valid_from")]


def test_lint_proves_the_text_and_finds_what_is_not_in_it(product_c: Data, publish: Publish, text_of_c: str) -> None:
    product_c["diseases.yaml"]["diseases"]["C-01"]["name"] = "重疾两种"
    c = load_editions([publish(product_c)]).get("C-v1")
    assert [(hole.code, hole.field) for hole in lint(c, text_of_c)] == [
        ("NOT_VERBATIM", "diseases.C-01.name"),
        ("SHA256_DIFFERS", "text_sha256"),
    ]


def test_clause_coverage_names_the_lines_nobody_cites(product_c: Data, publish: Publish, text_of_c: str) -> None:
    c = load_editions([publish(product_c)]).get("C-v1")
    coverage = clause_coverage(c, text_of_c + "\n无人引用的一行\n")
    assert coverage.uncited == ((6, "无人引用的一行"),)
    assert (coverage.lines, coverage.cited, coverage.share) == (5, 4, 0.8)


def test_the_holes_are_values_a_machine_can_list(product_c: Data, publish: Publish) -> None:
    del product_c["parameters.yaml"]["waiting_days"]
    with pytest.raises(HandbookError) as caught:
        load_editions([publish(product_c)])
    assert caught.value.as_rows()[0]["field"] == "waiting_days"
    assert "CONFIG_MISSING" in str(caught.value)
