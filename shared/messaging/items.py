"""What a batch settles: arrived records, timers that fired, parked messages on their way back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from shared.event_store.commit import ArmedTimer, ParkedMessage
from shared.kernel.ids import named
from shared.kernel.instant import from_epoch_ms, in_china
from shared.messaging.codec import Record
from shared.messaging.door import Arrived
from shared.messaging.wiring import Message, TimerFired

Counted = Literal["accepted", "duplicate", "quarantined", "parked", "ignored"]


@dataclass(slots=True)
class Item:
    """One thing to settle. ``kind`` is what it is, ``counted`` what became of it; ``runs``: a handler is asked."""

    message: Message[Any]
    hash: bytes = b""
    record: Record | None = None
    timer: ArmedTimer | None = None
    seq: int | None = None
    kind: Counted = "accepted"
    counted: Counted = "accepted"
    park: str | None = None
    runs: bool = True

    @property
    def identity(self) -> tuple[str, UUID]:
        """What the inbox knows it by."""
        return self.message.source, self.message.id

    def again(self, *, quarantined: bool, runs: bool) -> None:
        """The same id a second time: a message of its own, named after its place, that says no more than that."""
        self.kind, self.runs = ("quarantined" if quarantined else "duplicate"), runs
        if runs and self.record is not None:
            place = self.record.topic, str(self.record.partition), str(self.record.offset)
            self.message = replace(self.message, id=named("repeat", *place))


@dataclass(slots=True)
class Settled:
    """What a batch came to."""

    messages: int = 0
    facts: int = 0
    position: int | None = None
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, more: Settled) -> None:
        """Two batches as one."""
        self.messages += more.messages
        self.facts += more.facts
        self.counts.update(more.counts)
        self.position = more.position or self.position


def item_of(arrived: Arrived) -> Item:
    """An arrived record as something to settle."""
    record = arrived.record
    if arrived.unreadable is not None:
        where = f"record/{record.topic}/{record.partition}/{record.offset}"
        cause = named("unreadable", where)
        at = from_epoch_ms(record.timestamp_ms)
        message: Message[Any] = Message(cause, record.topic, "unreadable", where, "", at, cause, None)
        return Item(message, b"", record, park=arrived.unreadable)
    if arrived.message is None:
        return Item(_nothing(record), b"", record, kind="ignored", runs=False)
    return Item(arrived.message, arrived.hash, record, kind="quarantined" if arrived.quarantined else "accepted")


def item_of_timer(service: str, timer: ArmedTimer, seq: int | None = None) -> Item:
    """A timer that fired: its instant is the time it was due, never the wall clock."""
    due_at = in_china(timer.due_at)
    fired = TimerFired(timer.stream, timer.name, due_at, timer.note)
    message = Message(
        timer.id, service, f"timer:{timer.name}", timer.subject, timer.key, due_at, timer.correlation, fired
    )
    return Item(message, timer=timer, seq=seq)


def item_of_parked(waiting: ParkedMessage, arrived: Arrived) -> Item:
    """A parked record that was opened again; one that still can't be read stays parked."""
    if arrived.message is not None:
        return Item(arrived.message, arrived.hash, arrived.record, seq=waiting.seq)
    cause, at = waiting.message_id, in_china(waiting.at)
    message: Message[Any] = Message(cause, waiting.source, "unreadable", waiting.subject, "", at, cause, None)
    return Item(message, record=arrived.record, seq=waiting.seq, park=arrived.unreadable or waiting.reason)


def _nothing(record: Record) -> Message[Any]:
    cause = UUID(int=0)
    return Message(cause, record.topic, "", "", "", from_epoch_ms(record.timestamp_ms), cause, None)
