"""How a parked message is kept: the record or the timer itself, as it came, so that replay is the same message."""

from __future__ import annotations

import msgspec

from shared.event_store.commit import ArmedTimer
from shared.messaging.codec import Record


class _Frozen(msgspec.Struct, frozen=True):
    record: Record | None = None
    timer: ArmedTimer | None = None


_decode = msgspec.msgpack.Decoder(_Frozen).decode
_encode = msgspec.msgpack.Encoder().encode


def freeze_record(record: Record) -> bytes:
    """The bytes to park a record as."""
    return _encode(_Frozen(record=record))


def freeze_timer(timer: ArmedTimer) -> bytes:
    """The bytes to park a timer as."""
    return _encode(_Frozen(timer=timer))


def thaw_record(frozen: bytes) -> Record:
    """ValueError where a timer was frozen."""
    record = _decode(frozen).record
    if record is None:
        raise ValueError("a timer, not a record")
    return record


def thaw_timer(frozen: bytes) -> ArmedTimer | None:
    """The timer, or None where a record was frozen."""
    return _decode(frozen).timer
