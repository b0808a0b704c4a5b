"""The internal envelope: CloudEvents 1.0, structured JSON. Data are parsed only where somebody wants them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel

from shared.event_store.stored import Stored
from shared.kernel.ids import event_id
from shared.kernel.instant import in_china
from shared.kernel.value import value
from shared.messaging.wiring import Message, Publication

EVENT_BYTES_MAX = 900_000  # below the broker's 1 MiB, envelope and headers included


@value
class Record:
    """One record as it lies in Kafka."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp_ms: int


class Envelope(msgspec.Struct, frozen=True):
    """What travels around an event of ours."""

    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    correlationid: UUID
    data: msgspec.Raw
    causationid: UUID | None = None
    streamversion: int = 0
    position: int = 0


_decode = msgspec.json.Decoder(Envelope).decode


class Unreadable(Exception):
    """An event on one of our own topics that is not in our language."""


def read_envelope(value: bytes | None) -> Envelope:
    """The envelope; Unreadable where it is none."""
    if value is None:
        raise Unreadable("NO_VALUE")
    try:
        return _decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable("NOT_AN_EVENT") from error


def said_hash(type_: str, subject: str, data: bytes) -> bytes:
    """The hash that tells the same id with other content: canonical type, subject and data."""
    return blake2b(b"\x1f".join((type_.encode(), subject.encode(), data)), digest_size=16).digest()


def read_message(
    envelope: Envelope, key: bytes | None, contracts: Mapping[str, type[BaseModel]]
) -> tuple[Message[Any], bytes]:
    """The message and its hash; Unreadable where the data do not keep the contract."""
    raw = bytes(envelope.data)
    try:
        data = contracts[envelope.type].model_validate_json(raw)
    except ValueError as error:
        raise Unreadable(f"NOT_{envelope.type.upper()}") from error
    message = Message(
        id=envelope.id,
        source=envelope.source,
        type=envelope.type,
        subject=envelope.subject,
        key=(key or b"").decode("utf-8", "replace"),
        at=in_china(envelope.time),
        correlation=envelope.correlationid,
        data=data,
    )
    return message, said_hash(envelope.type, envelope.subject, raw)


@value
class Outgoing:
    """One event ready to be sent but for its place in the store, which only the commit draws.

    ``placed``: it says its place. What goes outside does not: a position would tell one vendor how busy the other is.
    """

    topic: str
    key: bytes
    event_id: UUID
    head: bytes
    tail: bytes
    publication: Publication
    placed: bool = True

    def value(self, position: int) -> bytes:
        place = b',"position":%d' % position if self.placed else b""
        return self.head + place + self.tail


class _Head(msgspec.Struct, frozen=True):
    """What stands before the data; encoded in one go, since every event pays for it."""

    specversion: str
    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    correlationid: UUID
    causationid: UUID
    streamversion: int | msgspec.UnsetType


_encode = msgspec.json.Encoder().encode


def _head(source: str, stored: Stored, said_as: UUID, type_: str, subject: str, placed: bool) -> bytes:
    head = _Head(
        "1.0", said_as, source, type_, subject, in_china(stored.at), "application/json", stored.correlation, stored.cause,
        stored.version if placed else msgspec.UNSET,
    )  # fmt: skip
    return _encode(head)[:-1]


def write(source: str, own_topic: str, stored: Stored, publications: list[Publication]) -> list[Outgoing]:
    """The events of one fact, encoded; ValueError for one that is too large to be published."""
    outgoing = []
    for n, one in enumerate(publications):
        said_as = event_id(stored.event_id, n)
        tail = b',"data":' + one.data.model_dump_json(exclude_none=True).encode() + b"}"
        if len(tail) > EVENT_BYTES_MAX:
            raise ValueError(f"{one.type} of {len(tail)} bytes can't be published")
        subject = one.subject if one.subject is not None else stored.subject
        key = one.key if one.key is not None else stored.key
        placed = one.topic is None
        head = _head(source, stored, said_as, one.type, subject, placed)
        outgoing.append(Outgoing(one.topic or own_topic, key.encode(), said_as, head, tail, one, placed))
    return outgoing
