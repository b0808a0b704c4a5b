"""A file of records is read whole before anything is sent; a sender writes on its own topics only."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from services.front.letters import MAY_WRITE, Letter, read_letters
from services.front.player import BadRecording
from services.front.receipts import Sent, receipts_table, tally_of
from shared.contracts.receipts import ReceiptGiven

GOOD = {"topic": "vendor.hengyu.in.events.v1", "key": "K", "value": {"id": "r-1"}, "at": "2026-09-24T10:00:00+08:00"}


def read(*lines: Any, sender: str | None = "hengyu", dated: bool = True) -> list[Letter]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return read_letters("file.ndjson", io.StringIO(text), sender, dated=dated)


def test_a_good_line_becomes_a_letter() -> None:
    (letter,) = read(GOOD, "")
    assert (letter.key, letter.value, letter.record, letter.line) == (b"K", b'{"id":"r-1"}', "r-1", 1)


def test_bytes_that_are_no_json_and_no_value_can_be_sent() -> None:
    raw, none = read({**GOOD, "base64": "AAECAw=="}, {**GOOD, "value": None})
    assert (raw.value, raw.record) == (b"\x00\x01\x02\x03", None)
    assert none.value is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "Expecting"),
        ("[]", "not an object"),
        ({**GOOD, "topic": "vendor.youjia.in.events.v1"}, "not a topic of hengyu"),
        ({**GOOD, "topic": "greenlane.intake.events.v1"}, "not a topic of hengyu"),
        ({**GOOD, "at": "2026-09-24T10:00:00"}, "no offset"),
        ({k: v for k, v in GOOD.items() if k != "at"}, "`at` is missing"),
        ({k: v for k, v in GOOD.items() if k != "value"}, "value is missing"),
        ({**GOOD, "base64": "!"}, ""),
    ],
)
def test_a_bad_line_is_named_by_file_line_and_reason(line: Any, why: str) -> None:
    with pytest.raises(BadRecording) as bad:
        read(GOOD, line)
    assert str(bad.value).startswith("file.ndjson:2: ")
    assert why in str(bad.value)


def test_on_the_live_clock_the_broker_dates_records() -> None:
    (letter,) = read({k: v for k, v in GOOD.items() if k != "at"}, dated=False)
    assert letter.at is None


def test_each_sender_has_topics_of_its_own_and_nobody_writes_ours() -> None:
    topics = [t for allowed in MAY_WRITE.values() for t in allowed]
    assert len(topics) == len(set(topics)) == 6
    assert not any(t.startswith("greenlane.") or ".out." in t for t in topics)


def test_receipts_are_told_worst_first() -> None:
    (letter,) = read(GOOD)
    fine = Sent(
        letter, "t/0/1", [ReceiptGiven(receipt="a", stage="received"), ReceiptGiven(receipt="a", stage="applied")]
    )
    bad = Sent(letter, "t/0/2", [ReceiptGiven(receipt="b", stage="quarantined", reason="NOT_JSON")])
    table = receipts_table([fine, bad], 10)
    assert table.row_count == 2
    assert list(table.columns[3].cells) == ["quarantined", "received"]
    assert tally_of([fine, bad]) == "1 applied, 1 quarantined"
