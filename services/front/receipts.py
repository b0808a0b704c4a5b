"""What became of a vendor's records: the receipts that come back, beside the records that were sent."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from aiokafka import TopicPartition
from rich.table import Table

from services.front.bus import ends_of, reader
from services.front.letters import Letter
from services.front.settings import FrontSettings
from shared.contracts.outside import receipts_topic
from shared.contracts.receipts import ReceiptGiven
from shared.messaging.codec import Unreadable, read_envelope
from shared.runtime.topics import PARTITIONS

_DEFINITE = {"applied", "refused", "duplicate", "quarantined"}


@dataclass(slots=True)
class Sent:
    """Where a letter lies now, and the receipts that came for it."""

    letter: Letter
    place: str
    receipts: list[ReceiptGiven]

    @property
    def settled(self) -> bool:
        return any(r.stage in _DEFINITE for r in self.receipts)


class Listening:
    """Hears a vendor's receipts from now on."""

    def __init__(self, settings: FrontSettings, vendor: str) -> None:
        self._settings, self._vendor = settings, vendor
        self._from: dict[int, int] = {}

    async def begin(self) -> None:
        """Remember where the receipts end now, before anything is sent."""
        topic = receipts_topic(self._vendor)
        ends = await ends_of(self._settings.bootstrap, {topic: PARTITIONS})
        self._from = {p: end for (_, p), (_, end) in ends.items()}

    async def hear(self, sent: Sequence[Sent], seconds: float) -> None:
        """Collect receipts until each letter has its last one, or the time is over."""
        by_record: dict[str, list[Sent]] = {}
        for one in sent:
            if one.letter.record is not None:
                by_record.setdefault(one.letter.record, []).append(one)
        by_place = {one.place: one for one in sent}
        until = time.monotonic() + seconds
        async with reader(self._settings.bootstrap) as consumer:
            consumer.assign([TopicPartition(receipts_topic(self._vendor), p) for p in self._from])
            for partition, offset in self._from.items():
                consumer.seek(TopicPartition(receipts_topic(self._vendor), partition), offset)
            while time.monotonic() < until and not all(one.settled for one in sent):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        self._take(record.value, by_record, by_place)

    @staticmethod
    def _take(value: bytes | None, by_record: Mapping[str, list[Sent]], by_place: Mapping[str, Sent]) -> None:
        try:
            receipt = ReceiptGiven.model_validate_json(bytes(read_envelope(value).data))
        except (Unreadable, ValueError, msgspec.MsgspecError):
            return
        at_place = by_place.get(receipt.place or "")
        for one in [at_place] if at_place is not None else by_record.get(receipt.record or "", ()):
            if receipt not in one.receipts:
                one.receipts.append(receipt)


def receipts_table(sent: Sequence[Sent], limit: int) -> Table:
    """What became of each letter; those that were not applied first."""
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("line", "record", "case", "first", "then", "why"):
        table.add_column(heading)
    for one in sorted(sent, key=_how_well)[:limit]:
        stages = [r.stage for r in one.receipts]
        first = next((s for s in stages if s not in ("applied", "refused")), "–")
        then = next((s for s in stages if s in ("applied", "refused")), "")
        why = " ".join(
            part
            for r in one.receipts
            for part in (r.reason, r.rule, r.pointer, *map("=".join, r.remedy.items()))
            if part
        )
        style = {"refused": "red", "applied": "green"}.get(then, "yellow" if first != "received" else "")
        case = next((r.case for r in one.receipts if r.case), "")
        table.add_row(
            str(one.letter.line),
            one.letter.record or one.place,
            case,
            first,
            f"[{style}]{then}[/]" if style else then,
            why,
        )
    return table


def _how_well(one: Sent) -> tuple[bool, int]:
    return (any(r.stage == "applied" for r in one.receipts), one.letter.line)


def tally_of(sent: Sequence[Sent]) -> str:
    """How many records came to which stage."""
    last = Counter(next((r.stage for r in reversed(one.receipts)), "no receipt yet") for one in sent)
    return ", ".join(f"{count} {stage}" for stage, count in sorted(last.items()))
