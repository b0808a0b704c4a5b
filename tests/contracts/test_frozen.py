"""What outsiders were given never changes: schemas are frozen, and an example of each keeps its schema and its gate."""

from __future__ import annotations

import json

import jsonschema
import pytest

from services.intake.messaging.gate import Accepted, Quarantined, read
from shared.contracts.envelope import OutsideEnvelope
from shared.contracts.freeze import SCHEMAS, current, example_of, written
from shared.contracts.outside import OUTSIDE, OUTSIDE_BY_NAME
from shared.messaging.codec import Record

INBOUND = sorted({type_ for topic in OUTSIDE for type_ in topic.contracts})
TOPIC_OF_SOURCE = {topic.source: topic.name for topic in OUTSIDE}
SENT_MS = 1_775_786_400_000


def example(type_: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(example_of(type_).read_text(encoding="utf-8"))
    return found


def record_of(event: dict[str, object]) -> Record:
    topic = TOPIC_OF_SOURCE[str(event["source"])]
    value = json.dumps(event, ensure_ascii=False).encode()
    return Record(topic, 0, 0, str(event["subject"]).encode(), value, (), SENT_MS)


def test_a_frozen_schema_is_what_the_models_say_and_none_is_missing() -> None:
    for path, schema in current().items():
        assert path.exists(), f"python -m shared.contracts.freeze has not frozen {path.name}"
        assert path.read_text(encoding="utf-8") == written(schema), f"{path.name} changed: make a new version instead"


def test_no_schema_lies_around_that_no_model_says() -> None:
    assert {p for p in SCHEMAS.rglob("*.json") if p.parent.name != "examples"} == set(current())


@pytest.mark.parametrize("type_", INBOUND)
def test_every_inbound_contract_has_an_example_that_keeps_its_schema_and_passes_the_gate(type_: str) -> None:
    event = example(type_)
    schema = json.loads((SCHEMAS / "inbound" / f"{type_}.json").read_text(encoding="utf-8"))
    jsonschema.validate(event, schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    accepted = read(record_of(event))
    assert isinstance(accepted, Accepted), accepted
    assert accepted.type == type_


@pytest.mark.parametrize("type_", INBOUND)
def test_an_unknown_member_is_refused_by_schema_and_gate_alike(type_: str) -> None:
    event = example(type_)
    event["data"] = {**event["data"], "surprise": 1}  # type: ignore[dict-item]
    schema = json.loads((SCHEMAS / "inbound" / f"{type_}.json").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(event, schema)
    outside = read(record_of(event))
    assert isinstance(outside, Quarantined)
    assert (outside.reason, outside.pointer) == ("CONTRACT_INVALID", "/data")


def test_every_topic_has_one_speaker_and_its_types_have_one_name() -> None:
    assert len(OUTSIDE_BY_NAME) == len(OUTSIDE) == len({t.source for t in OUTSIDE})
    assert all(
        contract.__name__ == type_.removesuffix(".v1") for t in OUTSIDE for type_, contract in t.contracts.items()
    )
    assert set(OutsideEnvelope.model_fields) >= {"specversion", "id", "source", "type", "subject", "time"}
