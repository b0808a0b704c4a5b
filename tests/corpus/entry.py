"""One entry of the corpus: a record as it lies in Kafka, and the reason for which the gate must keep it out."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.kernel.instant import to_epoch_ms
from shared.messaging.codec import Record
from tests.corpus.good import AT, TOPICS, Json, good, sender_of, text_of

AT_MS = to_epoch_ms(datetime.fromisoformat(AT))
CONTENT_TYPE: tuple[str, bytes | None] = ("content-type", b"application/cloudevents+json")


@dataclass(frozen=True)
class Long:
    """Bytes too many to be written out: head, then a piece many times over, then tail."""

    head: bytes
    piece: bytes
    times: int
    tail: bytes

    def all(self) -> bytes:
        return self.head + self.piece * self.times + self.tail


Bytes = bytes | Long | None


@dataclass(frozen=True)
class Entry:
    name: str
    reason: str
    topic: str
    key: bytes | None
    value: Bytes
    headers: tuple[tuple[str, bytes | None], ...] = (CONTENT_TYPE,)
    pointer: str | None = None
    timestamp_ms: int = AT_MS

    @property
    def record(self) -> Record:
        value = self.value.all() if isinstance(self.value, Long) else self.value
        return Record(self.topic, 0, 0, self.key, value, self.headers, self.timestamp_ms)

    def line(self) -> str:
        """One line of the corpus."""
        said: dict[str, Any] = {"name": self.name, "reason": self.reason, "topic": self.topic, "key": _text(self.key)}
        said["headers"] = [[name, _text(value)] for name, value in self.headers]
        if isinstance(self.value, Long):
            v = self.value
            said["long"] = {"head": _text(v.head), "piece": _text(v.piece), "times": v.times, "tail": _text(v.tail)}
        else:
            said["value"] = _text(self.value)
        if self.pointer is not None:
            said["pointer"] = self.pointer
        if self.timestamp_ms != AT_MS:
            said["timestamp_ms"] = self.timestamp_ms
        return json.dumps(said, ensure_ascii=True, separators=(",", ":"))


def read_line(line: str) -> Entry:
    said = json.loads(line)
    value: Bytes
    if "long" in said:
        v = said["long"]
        value = Long(_bytes(v["head"]) or b"", _bytes(v["piece"]) or b"", v["times"], _bytes(v["tail"]) or b"")
    else:
        value = _bytes(said["value"])
    return Entry(
        said["name"], said["reason"], said["topic"], _bytes(said["key"]), value,
        tuple((name, _bytes(one)) for name, one in said["headers"]), said.get("pointer"), said.get("timestamp_ms", AT_MS),
    )  # fmt: skip


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def entry(name: str, reason: str, record: Json, sender: str | None = None, pointer: str | None = None) -> Entry:
    """A JSON record that is wrong in one place; its key is its subject, as a good sender would have it."""
    who = sender or sender_of(str(record.get("type", "ServiceRequested.v1")).removesuffix(".v1"))
    subject = record.get("subject")
    key = subject.encode() if isinstance(subject, str) else b"CASE-0001"
    return Entry(name, reason, TOPICS[who], key, text_of(record), pointer=pointer)


def raw(name: str, reason: str, value: Bytes, sender: str = "hengyu") -> Entry:
    """Bytes that are no good record."""
    return Entry(name, reason, TOPICS[sender], b"CASE-0001", value)


def good_entry(topic: str) -> Entry:
    """A good record of a topic."""
    who = next(name for name, one in TOPICS.items() if one == topic)
    types = {"hengyu": "ServiceRequested", "youjia": "DepositPaid", "core-policies": "PolicyIssued"}
    types |= {"core-claims": "ClaimAdjudicated", "core-payments": "PaymentReported", "operations": "ReviewDecided"}
    return entry("good", "", good(types[who], who), who)
