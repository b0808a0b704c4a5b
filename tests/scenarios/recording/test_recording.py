"""The recording is what its generator tells, and every record of it stands at the gate as it is meant to."""

from __future__ import annotations

import base64
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from examples import make
from examples.outcomes import CLOSED, REFUSALS
from examples.story import PROGRAMME
from services.intake.messaging.gate import Accepted, Quarantined, read
from shared.handbook.services import resolve_service
from shared.kernel.ids import named
from shared.kernel.instant import to_epoch_ms
from shared.messaging.codec import Record

EXAMPLES = Path(make.__file__).parent


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (EXAMPLES / "day.ndjson").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((EXAMPLES / "expected.yaml").read_text("utf-8"))
    return loaded


def record_of(line: dict[str, Any]) -> Record:
    raw = base64.b64decode(line["base64"]) if "base64" in line else json.dumps(line["value"]).encode()
    key = None if line["key"] is None else line["key"].encode()
    headers = tuple((name, value.encode()) for name, value in line["headers"].items())
    return Record(line["topic"], 0, 0, key, raw, headers, to_epoch_ms(datetime.fromisoformat(line["at"])))


def test_the_committed_files_are_what_the_generator_writes() -> None:
    for name, text in make.files().items():
        assert (EXAMPLES / name).read_text("utf-8") == text, f"{name}: run `python -m examples.make`"


def test_telling_it_twice_tells_the_same() -> None:
    assert make.files() == make.files()


def test_records_are_in_the_order_of_the_brokers_time(lines: list[dict[str, Any]]) -> None:
    times = [datetime.fromisoformat(line["at"]) for line in lines]
    assert times == sorted(times)
    assert {time.utcoffset().total_seconds() for time in times if (time.utcoffset())} == {8 * 3600}  # type: ignore[union-attr]


def test_records_of_one_key_never_share_an_instant(lines: list[dict[str, Any]]) -> None:
    seen = Counter((line["topic"], line["key"], line["at"]) for line in lines)
    assert [where for where, n in seen.items() if n > 1] == []


def test_the_gate_takes_every_record_but_those_meant_to_stay_outside(
    lines: list[dict[str, Any]], expected: dict[str, Any]
) -> None:
    answers = [read(record_of(line)) for line in lines]
    shut = Counter(one.reason.value for one in answers if isinstance(one, Quarantined))
    meant = dict(expected["totals"]["quarantined"])
    reused = meant.pop("ID_REUSED")
    assert shut == meant
    ids: dict[tuple[str, str], set[bytes]] = {}
    taken = [one for one in answers if isinstance(one, Accepted)]
    for one in taken:
        ids.setdefault((one.topic.source, one.record_id), set()).add(one.canonical)
    assert sum(len(said) - 1 for said in ids.values()) == reused
    assert len(taken) - len(ids) - reused == expected["totals"]["duplicates"]


def test_every_application_is_expected_under_the_request_that_follows_from_its_record(
    lines: list[dict[str, Any]], expected: dict[str, Any]
) -> None:
    requests: dict[str, str] = {}
    for line in lines:
        value = line.get("value", {})
        if value.get("type") == "ServiceRequested.v1" and isinstance(read(record_of(line)), Accepted):
            requests.setdefault(value["subject"], str(named("request", value["source"], value["id"])))
    assert {ref: case["request_id"] for ref, case in expected["cases"].items()} == requests
    assert len(requests) >= 320


def test_INT_D04_every_application_but_the_wrong_channels_goes_to_the_vendor_of_its_service(
    lines: list[dict[str, Any]], expected: dict[str, Any]
) -> None:
    for line in lines:
        value = line.get("value", {})
        case = expected["cases"].get(value.get("subject"))
        if case is None or value["type"] != "ServiceRequested.v1":
            continue
        right = "youjia" if resolve_service(value["data"]["service"]) == "ADVANCE" else "hengyu"
        assert (value["source"] == right) == (case["verdict"] != "not_opened"), value["subject"]


def test_what_names_a_request_names_one_of_ours(lines: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    known = {case["request_id"] for case in expected["cases"].values()}
    for line in lines:
        said = line.get("value", {}).get("data", {})
        named_request = said.get("request") or said.get("advance")
        if isinstance(named_request, str):
            assert named_request in known


def test_every_case_but_those_never_opened_is_closed_in_the_end(expected: dict[str, Any]) -> None:
    for ref, case in expected["cases"].items():
        assert (case["closed"] is None) == (case["verdict"] == "not_opened"), ref
        assert case["closed"] is None or case["closed"] in CLOSED.values()
        assert set(case.get("refusals", {})) <= set(REFUSALS)


def test_ADV_D03_every_advance_that_is_settled_balances(expected: dict[str, Any]) -> None:
    for ref, case in expected["cases"].items():
        money = case.get("money_yuan", {})
        if "returned" in money:
            gone = money["returned"] + money["offset"] + money["refunded"] + money["written_off"]
            assert money["advanced"] == gone + money["outstanding"], ref


def test_SUB_D03_what_is_approved_is_the_sum_of_its_lines(expected: dict[str, Any]) -> None:
    for ref, case in expected["cases"].items():
        if "lines" in case:
            lines = [said.split() for said in case["lines"].values()]
            assert case["money_yuan"]["approved"] == sum(int(said[1]) for said in lines if said[0] == "approved"), ref


def test_every_scenario_is_told_under_a_name_of_its_own() -> None:
    names = [name for name, _, _ in PROGRAMME]
    assert len(names) == len(set(names))


def test_SCH_14_whoever_is_seen_has_company_but_for_those_who_decline_it_and_the_two_left_alone(
    lines: list[dict[str, Any]], expected: dict[str, Any]
) -> None:
    said = [line["value"] for line in lines if "value" in line and line["topic"] == "vendor.hengyu.in.events.v1"]
    declined = {one["subject"] for one in said if one["type"] == "AccompanimentDeclined.v1"}
    left_alone = {ref for ref, case in expected["cases"].items() if "ACCOMPANIMENT_MISSED" in case.get("duties", ())}
    seen = [one for one in said if one["type"] == "VisitAttended.v1"]
    assert {one["subject"] for one in seen if not one["data"].get("accompanied")} == declined | left_alone
    assert all(one["data"].get("accompanied_minutes", 0) <= 240 for one in seen)
    assert len(left_alone) == expected["totals"]["duties_missed"]["ACCOMPANIMENT_MISSED"] == 2
