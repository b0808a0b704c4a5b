"""Deciding a batch: ask the handlers in order, load what they lack, and make one commit of what they say."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from shared.event_store.commit import ArmedTimer, Commit, InboxMark, ParkedMessage, PartitionRead, Row, Store
from shared.event_store.stored import Stored
from shared.kernel.ids import timer_id
from shared.messaging.codec import Outgoing, write
from shared.messaging.desk import BatchDesk, Missing, Work
from shared.messaging.items import Item
from shared.messaging.parking import freeze_record, freeze_timer
from shared.messaging.wiring import Message, Wiring

log = logging.getLogger("greenlane.engine")

Ends = Callable[[], Awaitable[Mapping[str, int]]]
Positions = Mapping[tuple[str, int], tuple[int, str]]


class Deciding:
    """Turns items into a `Commit`. ``ends`` answers how far the inbound topics reach now, for timers that ask."""

    def __init__(self, wiring: Wiring, store: Store, ends: Ends | None, seal: Callable[[bytes], bytes]) -> None:
        self._wiring, self._store, self._ends, self._seal = wiring, store, ends, seal
        self._source = f"greenlane/{wiring.name}"

    async def decide(self, items: Sequence[Item], work: Work, parked: set[str], positions: Positions) -> Commit:
        """Everything that these items cause. ``parked``: cases with a message that waits; theirs wait behind it."""
        commit = Commit()
        waiting = await self._ask_all(items, work, parked, commit)
        commit.reads = _reads(items, positions)
        commit.free = {i.message.subject for i in items if i.runs and i.seq is None} - waiting - {""}
        commit.expect = {s: v for s, v in work.expect.items() if s not in work.written}
        commit.events = [self._row(stored) for stored in work.stored]
        commit.timers = await self._armed(work.stored)
        return commit

    async def _ask_all(self, items: Sequence[Item], work: Work, parked: set[str], commit: Commit) -> set[str]:
        """Ask each in its turn; the cases of which something waits now."""
        waiting: set[str] = set()
        for n, item in enumerate(items):
            item.counted = item.kind
            if not item.runs:
                continue
            subject = item.message.subject
            behind = item.seq is None and subject in parked
            if item.park is None and not behind and subject not in waiting:
                item_error = await self._run(item, items[n + 1 :], work)
                if item_error is None:
                    self._accept(item, commit)
                    continue
                self._park(item, commit, "poison", item_error)
            elif item.park is not None:
                self._park(item, commit, "poison", item.park)
            else:
                self._park(item, commit, "follower", "behind a parked message of its case")
            waiting.add(subject)
        return waiting

    async def _run(self, item: Item, later: Sequence[Item], work: Work) -> str | None:
        """Run one handler until all it needs is loaded; the reason it must be parked for, if any."""
        while True:
            desk = BatchDesk(work, item.message, self._wiring)
            try:
                self._handler(item)(item.message, desk)
                outgoing = self._publishable(desk.said)
                desk.settle()
                work.outgoing.update(outgoing)
                return None
            except Missing as missing:
                alike = [i for i in later if i.kind == item.kind and i.message.type == item.message.type]
                await self._load({*missing.streams, *self._foresee(alike, work)}, work)
            except Exception as error:
                log.exception("a message is parked", extra={"type": item.message.type})
                return f"{type(error).__name__} in {item.message.type}"

    def _handler(self, item: Item) -> Callable[[Message[Any], Any], None]:
        if item.timer is not None:
            return self._wiring.on_timer[item.timer.name]
        if item.kind == "duplicate" and self._wiring.on_duplicate is not None:
            return self._wiring.on_duplicate
        if item.kind == "quarantined" and self._wiring.on_quarantine is not None:
            return self._wiring.on_quarantine
        return self._wiring.handlers[item.message.type]

    def _foresee(self, later: Sequence[Item], work: Work) -> set[str]:
        """What the rest of the batch will miss, so that one read serves all of it. Asked of those like the one that missed:
        to run the others twice would cost more than their read.
        """
        missing: set[str] = set()
        for item in later:
            if item.runs and item.park is None:
                try:
                    self._handler(item)(item.message, BatchDesk(work, item.message, self._wiring))
                except Missing as more:
                    missing.update(more.streams)
                except Exception:  # noqa: S112 - its own turn will tell, and park it
                    continue
        return missing

    async def _load(self, streams: set[str], work: Work) -> None:
        found = await self._store.load(sorted(streams))
        for stream in streams:
            work.loaded[stream] = found.get(stream, [])

    def _publishable(self, said: Iterable[Stored]) -> dict[UUID, list[Outgoing]]:
        """What can't be published must not commit: the mapping and its size check come first."""
        return {
            stored.event_id: write(self._source, self._wiring.topic, stored, list(self._wiring.outbound(stored)))
            for stored in said
        }

    def _row(self, stored: Stored) -> Row:
        book = self._wiring.facts
        return Row(
            stored.stream, stored.version, book.name_of(stored.fact), book.encode(stored.fact), stored.event_id,
            stored.cause, stored.correlation, stored.subject, stored.key, stored.at,
        )  # fmt: skip

    async def _armed(self, said: Iterable[Stored]) -> list[ArmedTimer]:
        """The timers of these facts. One that asks remembers what must have been read before it may fire."""
        timers = [
            ArmedTimer(
                timer_id(stored.event_id, n), stored.stream, timer.name, timer.due_at, timer.note,
                stored.subject, stored.key, stored.correlation, {} if timer.asks else None,
            )
            for stored in said
            for n, timer in enumerate(self._wiring.timers(stored))
        ]  # fmt: skip
        if self._ends is None or all(t.ends is None for t in timers):
            return timers
        ends = {w: end for w, end in (await self._ends()).items() if w.rpartition("/")[0] in self._wiring.hears}
        return [replace(t, ends=ends) if t.ends is not None else t for t in timers]

    def _accept(self, item: Item, commit: Commit) -> None:
        m = item.message
        if item.seq is not None:
            commit.replayed.append(item.seq)
        elif item.timer is not None:
            commit.fired.append((item.timer.id, m.at))
        elif item.kind == "accepted":
            commit.inbox.append(InboxMark(m.source, m.id, item.hash, "applied", m.at))

    def _park(self, item: Item, commit: Commit, kind: str, reason: str) -> None:
        m = item.message
        if item.seq is not None:  # it was parked before and stays so, with those behind it
            return
        if item.timer is not None:
            frozen = freeze_timer(item.timer)
            commit.fired.append((item.timer.id, m.at))
        else:
            assert item.record is not None
            frozen = freeze_record(item.record)
            if item.kind == "accepted":
                commit.inbox.append(InboxMark(m.source, m.id, item.hash, "parked", m.at))
        item.counted = "parked"
        commit.park.append(ParkedMessage(m.subject, m.id, m.source, self._seal(frozen), kind, reason, m.at))


def _reads(items: Iterable[Item], positions: Positions) -> list[PartitionRead]:
    """How far each partition was read, and what became of its records."""
    reads: dict[tuple[str, int], PartitionRead] = {}
    for item in items:
        r = item.record
        if r is None or item.seq is not None:
            continue
        read = reads.get((r.topic, r.partition))
        if read is None:
            at, topic_id = positions[r.topic, r.partition]
            read = reads[r.topic, r.partition] = PartitionRead(r.topic, r.partition, at, at, topic_id)
        read.next = r.offset + 1
        setattr(read, item.counted, getattr(read, item.counted) + 1)
    return list(reads.values())
