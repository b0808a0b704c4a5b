"""What stands between raw records and handlers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.messaging.codec import Record, Unreadable, read_envelope, read_message
from shared.messaging.wiring import Message, Wiring


@dataclass(slots=True)
class Arrived:
    """One record after the door: a message to handle, a quarantined one to answer, or nothing of interest."""

    record: Record
    message: Message[Any] | None = None
    hash: bytes = b""
    quarantined: bool = False
    unreadable: str | None = None


class Door(Protocol):
    """What stands between raw records and handlers."""

    async def open(self, records: Sequence[Record]) -> list[Arrived]:
        """One `Arrived` a record, in order. Raises only where the answer could not be had now."""
        ...


class InnerDoor:
    """The door between services of ours: everything here is in our language already."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def open(self, records: Sequence[Record]) -> list[Arrived]:
        return [self.one(r) for r in records]

    def one(self, record: Record) -> Arrived:
        try:
            envelope = read_envelope(record.value)
            if envelope.type not in self._wiring.handlers:
                return Arrived(record)
            message, digest = read_message(envelope, record.key, self._wiring.contracts)
            return Arrived(record, message, digest)
        except Unreadable as why:
            return Arrived(record, unreadable=str(why))
