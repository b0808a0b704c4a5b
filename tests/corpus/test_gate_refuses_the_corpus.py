"""Every malformed record stands outside the gate for its own reason, and leaves it as it was."""

from __future__ import annotations

from collections import Counter

import pytest

from services.intake.messaging.gate import Accepted, Quarantined, read
from shared.contracts.outside import OUTSIDE, OUTSIDE_BY_NAME
from shared.messaging.codec import Record
from shared.messaging.gate_reasons import GateReason
from tests.corpus import make
from tests.corpus.entry import Entry, entry, good_entry, read_line
from tests.corpus.good import AT, GOOD, good

ENTRIES = [
    read_line(line) for name in sorted(make.files()) for line in (make.CORPUS / name).read_text("ascii").splitlines()
]
# the reasons that a record can have without any record before it
BY_ITSELF = {reason.value for reason in GateReason} - {GateReason.ID_REUSED.value}


@pytest.mark.parametrize("malformed", ENTRIES, ids=lambda one: one.name)
def test_the_gate_keeps_it_out_for_its_reason_and_a_good_one_passes_after_it(malformed: Entry) -> None:
    shut = read(malformed.record)
    assert isinstance(shut, Quarantined)
    assert shut.reason == malformed.reason
    if malformed.pointer is not None:
        assert shut.pointer == malformed.pointer
    topic = malformed.topic if malformed.topic in OUTSIDE_BY_NAME else "vendor.hengyu.in.events.v1"
    assert isinstance(read(good_entry(topic).record), Accepted)


@pytest.mark.parametrize("malformed", ENTRIES, ids=lambda one: one.name)
def test_what_is_kept_out_says_nothing_of_what_it_held(malformed: Entry) -> None:
    shut = read(malformed.record)
    assert isinstance(shut, Quarantined)
    for secret in ("无名", "9999011990", "10000000001", "unknown_member"):
        assert secret not in f"{shut.reason} {shut.pointer}"


@pytest.mark.parametrize(("sender", "type_"), [(sender, type_) for sender, types in GOOD.items() for type_ in types])
def test_a_good_record_of_every_type_passes(sender: str, type_: str) -> None:
    passed = read(entry("good", "", good(type_), sender).record)
    assert isinstance(passed, Accepted), passed
    assert (passed.type, passed.at.isoformat()) == (f"{type_}.v1", AT)


def test_there_is_a_good_record_of_every_type_that_anyone_may_say() -> None:
    assert {f"{type_}.v1" for types in GOOD.values() for type_ in types} == {
        t for one in OUTSIDE for t in one.contracts
    }


def test_the_corpus_is_what_its_script_writes() -> None:
    for name, text in make.files().items():
        assert (make.CORPUS / name).read_text("ascii") == text, f"{name}: run `python -m tests.corpus.make`"


def test_the_corpus_is_large_and_knows_every_reason_and_every_topic() -> None:
    assert len(ENTRIES) >= 220
    assert {one.reason for one in ENTRIES} == BY_ITSELF
    assert {one.topic for one in ENTRIES} >= set(OUTSIDE_BY_NAME)
    assert [name for name, n in Counter(one.name for one in ENTRIES).items() if n > 1] == []


def test_the_gate_is_total_over_every_prefix_and_every_single_byte() -> None:
    whole = good_entry("vendor.youjia.in.events.v1").record
    value = whole.value or b""
    for cut in range(len(value)):
        assert isinstance(read(_with(whole, value[:cut])), Quarantined)
    for byte in range(256):
        assert isinstance(read(_with(whole, bytes([byte]))), Quarantined)


def _with(record: Record, value: bytes) -> Record:
    return Record(record.topic, record.partition, record.offset, record.key, value, record.headers, record.timestamp_ms)
