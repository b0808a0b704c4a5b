"""The gate: what an outside record says, or why it says nothing. A pure, total function; it never raises.

The first thing wrong is the reason; the pointer names its place and never repeats anything that was sent: not a value,
and not the name of a member that the contract does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from pydantic import ValidationError

from shared.contracts.base import Inbound
from shared.contracts.envelope import OutsideEnvelope
from shared.contracts.outside import OUTSIDE_BY_NAME, OutsideTopic
from shared.kernel.instant import from_epoch_ms, in_china
from shared.messaging.codec import Record
from shared.messaging.gate_reasons import GateReason
from shared.messaging.strict_json import Malformed, parse

HEADERS_MAX = 32
HEADER_NAME_MAX = 128
HEADER_BYTES_MAX = 8_192
CONTENT_TYPES = ("application/json", "application/cloudevents+json")
DEFAULT_TOLERANCE = timedelta(minutes=10)
_EPOCH = datetime.fromtimestamp(0, UTC)
_MS_MIN, _MS_MAX = 946_684_800_000, 7_258_089_600_000  # the years 2000 to 2199


@dataclass(frozen=True, slots=True)
class Accepted:
    """A record that says something. ``at`` is the instant of the command; ``said_at`` what the sender claims."""

    topic: OutsideTopic
    record_id: str
    type: str
    subject: str
    at: datetime
    said_at: datetime
    data: Inbound
    said: dict[str, Any]
    canonical: bytes


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that says nothing; the sender's own id and reference where they can be read, for its receipt."""

    reason: GateReason
    at: datetime
    pointer: str = ""
    topic: OutsideTopic | None = None
    record_id: str | None = None
    subject: str | None = None


class _Shut(Exception):
    def __init__(self, reason: GateReason, pointer: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.pointer = pointer


def read(record: Record, tolerance: timedelta = DEFAULT_TOLERANCE) -> Accepted | Quarantined:
    """What one record says. Total.

    ``tolerance``: how far before its append time a record's own ``time`` still counts as its instant; a time after the
    append, or further back, gives way to the append time.
    """
    topic = OUTSIDE_BY_NAME.get(record.topic)
    appended = _appended(record)
    envelope: Mapping[str, Any] = {}
    try:
        if topic is None:
            raise _Shut(GateReason.UNKNOWN_TOPIC)
        if appended is None:
            raise _Shut(GateReason.TIMESTAMP_OUT_OF_RANGE)
        _headers(record)
        key = _key(record)
        envelope = _object(record.value)
        return _accept(topic, key, envelope, appended, tolerance)
    except _Shut as shut:
        return Quarantined(
            shut.reason,
            in_china(appended or _EPOCH),
            shut.pointer,
            topic,
            _printable(envelope.get("id"), 128),
            _printable(envelope.get("subject"), 64),
        )


def _appended(record: Record) -> datetime | None:
    return from_epoch_ms(record.timestamp_ms) if _MS_MIN <= record.timestamp_ms < _MS_MAX else None


def _printable(value: object, longest: int) -> str | None:
    fits = isinstance(value, str) and 0 < len(value) <= longest and value.isascii() and value.isprintable()
    return str(value) if fits else None


def _headers(record: Record) -> None:
    if len(record.headers) > HEADERS_MAX:
        raise _Shut(GateReason.TOO_MANY_HEADERS)
    size = 0
    for name, value in record.headers:
        if not 0 < len(name) <= HEADER_NAME_MAX or not name.isprintable():
            raise _Shut(GateReason.HEADER_NAME_INVALID)
        if value is None:
            raise _Shut(GateReason.HEADER_VALUE_MISSING)
        size += len(name) + len(value)
        if size > HEADER_BYTES_MAX:
            raise _Shut(GateReason.HEADER_TOO_LARGE)
        try:
            said = value.decode("utf-8")
        except UnicodeDecodeError:
            raise _Shut(GateReason.HEADER_NOT_UTF8) from None
        if name.lower() == "content-type" and said.split(";")[0].strip().lower() not in CONTENT_TYPES:
            raise _Shut(GateReason.CONTENT_TYPE_INVALID)


def _key(record: Record) -> str | None:
    if record.key is None:
        return None
    try:
        return record.key.decode("utf-8")
    except UnicodeDecodeError:
        raise _Shut(GateReason.KEY_NOT_UTF8) from None


def _object(value: bytes | None) -> dict[str, Any]:
    parsed = parse(value)
    if isinstance(parsed, Malformed):
        raise _Shut(parsed.reason)
    if not isinstance(parsed.value, dict):
        raise _Shut(GateReason.NOT_AN_OBJECT)
    return parsed.value


def _accept(
    topic: OutsideTopic, key: str | None, record: Mapping[str, Any], appended: datetime, tolerance: timedelta
) -> Accepted:
    said = record.get("data")
    try:
        envelope = OutsideEnvelope.model_validate({k: v for k, v in record.items() if k != "data"})
    except ValidationError as error:
        raise _Shut(GateReason.ENVELOPE_INVALID, _pointer(error, "", OutsideEnvelope.model_fields)) from None
    if envelope.source is not None and envelope.source not in topic.sources:
        raise _Shut(GateReason.SOURCE_NOT_THE_TOPICS, "/source")
    contract = topic.contracts.get(envelope.type)
    if contract is None:
        raise _Shut(GateReason.UNKNOWN_TYPE, "/type")
    if topic.vendor is not None and key != envelope.subject:
        raise _Shut(GateReason.KEY_MISSING if key is None else GateReason.KEY_NOT_SUBJECT, "/subject")
    if not isinstance(said, dict):
        raise _Shut(GateReason.CONTRACT_INVALID, "/data")
    canonical = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    try:
        data = contract.model_validate_json(canonical)
    except ValidationError as error:
        raise _Shut(GateReason.CONTRACT_INVALID, _pointer(error, "/data")) from None
    if topic.numbered is not None and said[topic.numbered] != envelope.subject:
        raise _Shut(GateReason.SUBJECT_NOT_OF_DATA, "/subject")
    at = envelope.time if appended - tolerance <= envelope.time <= appended else appended
    return Accepted(
        topic, envelope.id, envelope.type, envelope.subject, in_china(at), envelope.time, data, said, canonical
    )


def _pointer(error: ValidationError, under: str, known: Mapping[str, object] | None = None) -> str:
    """The JSON pointer of the first error. A member that no contract knows is named by what holds it."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    loc = first["loc"]
    if first["type"] == "extra_forbidden":
        loc = loc[:-1]
    if known is not None:
        loc = tuple(step for step in loc[:1] if step in known)
    return under + "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in loc)
