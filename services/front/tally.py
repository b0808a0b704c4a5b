"""What was said, counted: read from the published topics alone, so that it shows what others can hear."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.messaging.codec import Unreadable, read_envelope
from shared.runtime.topics import EVENTS, OUTBOUND, QUARANTINE_NOTICES, TOPICS

FIVE = ("RequestSubmitted", "EligibilityGranted", "AppointmentArranged", "DepositAdvanced", "ClaimOffset")
READ_WAIT_MS = 500


@dataclass(slots=True)
class Tally:
    """Counts of what the house said. ``refusals`` by (rule, reason), of applications, lines and records alike."""

    events: Counter[str] = field(default_factory=Counter)
    refusals: Counter[tuple[str, str]] = field(default_factory=Counter)
    record_refusals: Counter[tuple[str, str]] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    breaches: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    receipts: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    at: dict[tuple[str, int], int] = field(default_factory=dict)

    def hear(self, topic: str, type_: str, data: dict[str, Any]) -> None:
        """Count one event."""
        name = type_.removesuffix(".v1")
        if topic.endswith(".out.receipts.v1"):
            self.receipts[str(data.get("stage", data.get("status")))] += 1
        elif topic == QUARANTINE_NOTICES.name:
            self.quarantined[str(data.get("reason"))] += 1
        elif not topic.endswith(".out.orders.v1"):
            self.events[name] += 1
            self._count(name, data)

    def _count(self, name: str, data: dict[str, Any]) -> None:
        match name:
            case "EligibilityDenied":
                lines = [x for x in data.get("receipt", ()) if x["outcome"] == "refuse"]
                self.refusals.update((x["rule"], x["reason"]) for x in lines)
            case "RecordAnswered" if data["answer"] == "refused":
                self.record_refusals[str(data.get("rule")), str(data.get("reason"))] += 1
            case "RequestClosed":
                self.closed[data["outcome"]] += 1
            case "ClockBreached":
                self.breaches[data["clock"]] += 1
            case "ReviewOpened":
                self.reviews.update(x["reason"] for x in data.get("reasons", ()))

    @property
    def five(self) -> dict[str, int]:
        """The five events of the mission."""
        return {name: self.events[name] for name in FIVE}


SPOKEN = tuple(t.name for t in (*EVENTS, *OUTBOUND, QUARANTINE_NOTICES))


async def follow(bootstrap: str, tally: Tally) -> None:
    """Count everything said from the beginning on, until cancelled; ``tally.at`` says how far it is."""
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    parts = [TopicPartition(t, p) for t in SPOKEN for p in range(TOPICS[t].partitions)]
    tally.at.update({(tp.topic, tp.partition): 0 for tp in parts})
    await reader.start()
    try:
        reader.assign(parts)
        for tp in parts:
            reader.seek(tp, 0)
        while True:
            for tp, records in (await reader.getmany(timeout_ms=READ_WAIT_MS)).items():
                for record in records:
                    count(tally, tp.topic, record.value)
                tally.at[tp.topic, tp.partition] = records[-1].offset + 1
    finally:
        await reader.stop()


def count(tally: Tally, topic: str, value: bytes | None) -> None:
    """Count one record of a topic; a repeated event counts once."""
    try:
        envelope = read_envelope(value)
    except Unreadable:  # receipts and orders speak the outside's language
        raw: dict[str, Any] = msgspec.json.decode(value or b"{}")
        tally.hear(topic, str(raw.get("type")), raw.get("data", {}))
        return
    if str(envelope.id) not in tally.ids:
        tally.ids.add(str(envelope.id))
        tally.hear(topic, envelope.type, msgspec.json.decode(envelope.data))
