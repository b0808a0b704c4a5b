"""What has no case: refused, repeated and quarantined records, in ``record/{source}/{cause}``; and what is used once."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from shared.kernel.aggregate import Aggregate
from shared.kernel.value import value


@value
class RecordRefused:
    """Intake itself refuses a record. ``vendor`` None: its sender gets no receipts (core and staff)."""

    source: str
    vendor: str | None
    record: str
    type: str
    reason: str
    rule: str | None = None
    pointer: str | None = None
    remedy: dict[str, str] = field(default_factory=dict)


@value
class RecordRepeated:
    """The same record came again: answered, without effect."""

    source: str
    vendor: str | None
    record: str
    type: str


@value
class RecordQuarantined:
    """A record that says nothing, or reuses an id. ``id`` finds its raw bytes; ``place`` is where it lies."""

    source: str
    vendor: str | None
    id: str
    place: str
    reason: str
    pointer: str = ""


@value
class Quarantine:
    """The command: a record stands outside the gate."""

    source: str
    vendor: str | None
    id: str
    place: str
    reason: str
    pointer: str = ""


@value
class RecordState:
    """Whether the record was refused, and how often it came again."""

    refused: bool = False
    repeated: int = 0


def evolve(state: RecordState, fact: Any) -> RecordState:
    """The state after a fact."""
    match fact:
        case RecordRefused():
            return RecordState(refused=True, repeated=state.repeated)
        case RecordRepeated():
            return RecordState(state.refused, state.repeated + 1)
    return state


RECORD: Aggregate[RecordState] = Aggregate("record", RecordState, evolve)


@value
class ReferenceTaken:
    """A vendor's case reference stands for a request."""

    request_id: str


@value
class CallTaken:
    """A call asked for a service (INT-D01)."""

    request_id: str


@value
class PaymentTaken:
    """A payment was published under its key: where it has no case, its review is named after it."""

    request_id: str


@value
class Once:
    """What a unique key stands for, if anything."""

    request_id: str | None = None


def taken(state: Once, fact: Any) -> Once:
    """The first fact counts."""
    return state if state.request_id is not None else Once(fact.request_id)


UNIQUE_CASE: Aggregate[Once] = Aggregate("unique/case", Once, taken)
UNIQUE_CALL: Aggregate[Once] = Aggregate("unique/call", Once, taken)
UNIQUE_PAYMENT: Aggregate[Once] = Aggregate("unique/payment", Once, taken)
RECORD_FACTS = (RecordRefused, RecordRepeated, RecordQuarantined, ReferenceTaken, CallTaken, PaymentTaken)
