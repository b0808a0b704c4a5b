"""The gate: total, strict, silent about what was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.messaging.gate import Accepted, Quarantined, read
from shared.messaging.codec import Record
from shared.messaging.gate_reasons import GateReason
from tests.intake.house import IN, TEN, WANG

TOPIC = IN["hengyu"]
SENT_MS = round(TEN.timestamp() * 1000)
GOOD: dict[str, Any] = {
    "specversion": "1.0", "id": "evt-1", "source": "hengyu", "type": "ServiceRequested.v1", "subject": "HY-1",
    "time": TEN.isoformat(),
    "data": {"service": "OUTP", "channel": {"hotline": "400-967-6500", "call_id": "c"}, "person": WANG},
}  # fmt: skip


def record(event: object = None, **changes: Any) -> Record:
    fields: dict[str, Any] = {
        "topic": TOPIC, "partition": 0, "offset": 0, "key": b"HY-1", "headers": (), "timestamp_ms": SENT_MS,
        "value": json.dumps(GOOD if event is None else event).encode(),
    }  # fmt: skip
    return Record(**{**fields, **changes})


def refused(one: Record) -> tuple[str, str]:
    outside = read(one)
    assert isinstance(outside, Quarantined), outside
    return outside.reason, outside.pointer


def test_a_good_record_is_accepted_with_and_without_a_source() -> None:
    accepted = read(record())
    assert isinstance(accepted, Accepted)
    assert (accepted.record_id, accepted.subject, accepted.at) == ("evt-1", "HY-1", TEN)
    assert isinstance(read(record({k: v for k, v in GOOD.items() if k != "source"})), Accepted)


def test_the_hash_is_over_what_is_said_and_not_over_how_it_is_written() -> None:
    one, two = read(record()), read(record(value=json.dumps(GOOD, indent=3, sort_keys=True).encode()))
    assert isinstance(one, Accepted)
    assert isinstance(two, Accepted)
    assert one.canonical == two.canonical


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"topic": "elsewhere"}, "UNKNOWN_TOPIC"),
        ({"timestamp_ms": -1}, "TIMESTAMP_OUT_OF_RANGE"),
        ({"timestamp_ms": 2**62}, "TIMESTAMP_OUT_OF_RANGE"),
        ({"headers": (("a", None),)}, "HEADER_VALUE_MISSING"),
        ({"headers": (("a", b"\xff"),)}, "HEADER_NOT_UTF8"),
        ({"headers": (("", b"a"),)}, "HEADER_NAME_INVALID"),
        ({"headers": (("a\x00", b"a"),)}, "HEADER_NAME_INVALID"),
        ({"headers": (("a", b"x" * 9000),)}, "HEADER_TOO_LARGE"),
        ({"headers": tuple(("a", b"b") for _ in range(33))}, "TOO_MANY_HEADERS"),
        ({"headers": (("Content-Type", b"text/plain"),)}, "CONTENT_TYPE_INVALID"),
        ({"key": None}, "KEY_MISSING"),
        ({"key": b"\xff"}, "KEY_NOT_UTF8"),
        ({"key": b"HY-2"}, "KEY_NOT_SUBJECT"),
        ({"value": None}, "EMPTY"),
        ({"value": b"[]"}, "NOT_AN_OBJECT"),
    ],
)
def test_what_surrounds_a_record_is_checked(changes: dict[str, Any], reason: str) -> None:
    assert refused(record(**changes))[0] == reason


def test_a_content_type_that_says_json_is_welcome() -> None:
    for said in (b"application/json", b"application/cloudevents+json; charset=utf-8"):
        assert isinstance(read(record(headers=(("content-type", said),))), Accepted)


@pytest.mark.parametrize(
    ("changes", "reason", "pointer"),
    [
        ({"specversion": "0.3"}, "ENVELOPE_INVALID", "/specversion"),
        ({"id": ""}, "ENVELOPE_INVALID", "/id"),
        ({"id": "x" * 129}, "ENVELOPE_INVALID", "/id"),
        ({"id": "a b"}, "ENVELOPE_INVALID", "/id"),
        ({"id": 7}, "ENVELOPE_INVALID", "/id"),
        ({"subject": None}, "ENVELOPE_INVALID", "/subject"),
        ({"time": "2026-05-05"}, "ENVELOPE_INVALID", "/time"),
        ({"time": "2026-05-05T10:00:00"}, "ENVELOPE_INVALID", "/time"),
        ({"time": 1_777_946_400}, "ENVELOPE_INVALID", "/time"),
        ({"time": "1777946400"}, "ENVELOPE_INVALID", "/time"),
        ({"time": "0001-01-01T00:00:00Z"}, "ENVELOPE_INVALID", "/time"),
        ({"datacontenttype": "text/xml"}, "ENVELOPE_INVALID", "/datacontenttype"),
        ({"data_base64": "e30="}, "ENVELOPE_INVALID", ""),
        ({"王小明": 1}, "ENVELOPE_INVALID", ""),
        ({"traceparent": {"a": 1}}, "ENVELOPE_INVALID", ""),
        ({"source": "youjia"}, "SOURCE_NOT_THE_TOPICS", "/source"),
        ({"type": "Unheard.v1"}, "UNKNOWN_TYPE", "/type"),
        ({"type": "PolicyIssued.v1"}, "UNKNOWN_TYPE", "/type"),
        ({"data": None}, "CONTRACT_INVALID", "/data"),
        ({"data": []}, "CONTRACT_INVALID", "/data"),
        ({"data": {**GOOD["data"], "王小明": 1}}, "CONTRACT_INVALID", "/data"),
        ({"data": {**GOOD["data"], "service": 7}}, "CONTRACT_INVALID", "/data/service"),
        (
            {"data": {**GOOD["data"], "person": {**WANG, "id_number": "x"}}},
            "CONTRACT_INVALID",
            "/data/person/id_number",
        ),
        ({"data": {**GOOD["data"], "documents": [1]}}, "CONTRACT_INVALID", "/data/documents/0"),
    ],
)
def test_an_envelope_or_contract_that_is_not_kept_is_named_by_a_pointer_alone(
    changes: dict[str, Any], reason: str, pointer: str
) -> None:
    assert refused(record({**GOOD, **changes})) == (reason, pointer)


def test_extensions_named_as_cloudevents_says_are_welcome() -> None:
    assert isinstance(read(record({**GOOD, "traceparent": "00-ab-cd-01", "sequence": 3})), Accepted)


def test_the_subject_of_a_core_record_is_the_number_that_its_data_name() -> None:
    event = {
        **GOOD, "source": "core-policies", "type": "PolicyLapsed.v1", "subject": "P-0001",
        "data": {"policy_number": "P-0002", "lapsed_at": TEN.isoformat()},
    }  # fmt: skip
    assert refused(record(event, topic="core.policies.v1")) == ("SUBJECT_NOT_OF_DATA", "/subject")


def test_what_stays_outside_is_still_answered_by_its_own_name_where_that_can_be_read() -> None:
    outside = read(record({**GOOD, "data": {}}))
    assert isinstance(outside, Quarantined)
    assert (outside.record_id, outside.subject) == ("evt-1", "HY-1")


_leaf = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
_json = st.recursive(
    _leaf, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([TOPIC, "core.policies.v1", "operations.commands.v1", "nowhere"]),
    st.none() | st.binary(max_size=40),
    st.none() | st.binary(max_size=200) | _json.map(lambda v: json.dumps(v).encode()),
    st.lists(st.tuples(st.text(max_size=5), st.none() | st.binary(max_size=5)), max_size=3),
    st.integers(-(2**63), 2**63 - 1),
)
def test_the_gate_never_raises(
    topic: str, key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]], at: int
) -> None:
    outside = read(Record(topic, 0, 0, key, value, tuple(headers), at))
    assert isinstance(outside, Accepted | Quarantined)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*GOOD, *(f"data.{name}" for name in GOOD["data"])]), _json)
def test_the_gate_never_raises_on_a_good_record_with_one_thing_changed(place: str, value: Any) -> None:
    event = json.loads(json.dumps(GOOD))
    holder = event["data"] if place.startswith("data.") else event
    holder[place.removeprefix("data.")] = value
    outside = read(record(event))
    assert isinstance(outside, Accepted) or outside.reason in set(GateReason)
