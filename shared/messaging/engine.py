"""One batch through one service: open the records, ask the handlers in order, commit everything in one append.

Errors have three kinds. A *race* decides again; *infrastructure* waits, with nothing half-applied; *the message* is parked,
with every later message of its case behind it, while everyone else goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol
from uuid import UUID

from shared.event_store.commit import (
    ArmedTimer,
    BadRow,
    CaseFree,
    CaseParked,
    Commit,
    InboxMark,
    ParkedMessage,
    PartitionRead,
    PositionMoved,
    Race,
    Row,
    SeenBefore,
    Store,
    StoreUnavailable,
)
from shared.event_store.stored import Stored
from shared.kernel.ids import named, timer_id
from shared.kernel.instant import from_epoch_ms, in_china
from shared.messaging.codec import Outgoing, Record, Unreadable, read_envelope, read_message, write
from shared.messaging.desk import BatchDesk, Missing, StateCache, Work
from shared.messaging.parking import freeze_record, freeze_timer, thaw_record, thaw_timer
from shared.messaging.wiring import Message, TimerFired, Wiring

log = logging.getLogger("greenlane.engine")

TRIES_MAX = 12
RECENT_MAX = 50_000
OUTGOING_MAX = 10_000  # what the relay finds no more it reads back
Counted = Literal["accepted", "duplicate", "quarantined", "parked", "ignored"]


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


@dataclass(slots=True)
class Item:
    """One thing to settle: an arrived record, a timer that fired, or a parked message on its way back."""

    message: Message[Any]
    hash: bytes = b""
    record: Record | None = None
    timer: ArmedTimer | None = None
    seq: int | None = None
    kind: Counted = "accepted"
    counted: Counted = "accepted"
    park: str | None = None
    runs: bool = True


@dataclass(slots=True)
class Settled:
    """What a batch came to."""

    messages: int = 0
    facts: int = 0
    position: int | None = None
    counts: Counter[str] = field(default_factory=Counter)


def timer_message(service: str, timer: ArmedTimer) -> Message[TimerFired]:
    """A timer that fired, as a message: its instant is the time it was due, never the wall clock."""
    due_at = in_china(timer.due_at)
    fired = TimerFired(timer.stream, timer.name, due_at, timer.note)
    return Message(timer.id, service, f"timer:{timer.name}", timer.subject, timer.key, due_at, timer.correlation, fired)


class Engine:
    """Runs one `Wiring` against one `Store`."""

    def __init__(
        self,
        wiring: Wiring,
        store: Store,
        door: Door | None = None,
        *,
        ends: Callable[[], Awaitable[Mapping[str, int]]] | None = None,
        seal: Callable[[bytes], bytes] = bytes,
        unseal: Callable[[bytes], bytes] = bytes,
        cache_size: int = 20_000,
    ) -> None:
        self.wiring = wiring
        self.store = store
        self.door = door or InnerDoor(wiring)
        self._ends = ends
        self._seal, self._unseal = seal, unseal
        self._source = f"greenlane/{wiring.name}"
        self._cache = StateCache(cache_size)
        self._recent: OrderedDict[tuple[str, UUID], bytes] = OrderedDict()
        self.outgoing: OrderedDict[UUID, list[Outgoing]] = OrderedDict()
        self.parked: set[str] = set()
        self.positions: dict[tuple[str, int], tuple[int, str]] = {}
        self.committed = asyncio.Event()
        self._lock = asyncio.Lock()

    async def resume(self) -> None:
        """Forget what may be stale and read where we are: at the start, on assignment, after a moved position."""
        self._cache.clear()
        self._recent.clear()
        self.positions = await self.store.positions()
        self.parked = await self.store.parked_subjects()

    # -- records -------------------------------------------------------------------------------------------------

    async def handle(self, records: Sequence[Record]) -> Settled:
        """Settle a batch of records. Raises PositionMoved or StoreUnavailable, and then nothing has happened."""
        async with self._lock:
            fresh = [r for r in records if r.offset >= self.positions[r.topic, r.partition][0]]
            if not fresh:
                return Settled()
            items = [self._item(a) for a in await self.door.open(fresh)]
            self._deduplicate(items)
            return await self._settle(items)

    def _item(self, arrived: Arrived) -> Item:
        record = arrived.record
        if arrived.unreadable is not None:
            where = f"record/{record.topic}/{record.partition}/{record.offset}"
            at = from_epoch_ms(record.timestamp_ms)
            cause = named("unreadable", where)
            message: Message[Any] = Message(cause, record.topic, "unreadable", where, "", at, cause, None)
            return Item(message, b"", record, park=arrived.unreadable)
        if arrived.message is None:
            return Item(_nothing(record), b"", record, kind="ignored", runs=False)
        kind: Counted = "quarantined" if arrived.quarantined else "accepted"
        return Item(arrived.message, arrived.hash, record, kind=kind)

    def _deduplicate(self, items: Iterable[Item]) -> None:
        batch: dict[tuple[str, UUID], bytes] = {}
        for item in items:
            if item.kind != "accepted" or item.park is not None:
                continue
            identity = (item.message.source, item.message.id)
            known = batch.get(identity) or self._recent.get(identity)
            if known is None:
                batch[identity] = item.hash
            else:
                self._repeat(item, known)

    def _repeat(self, item: Item, known: bytes) -> None:
        """The same id again: a duplicate; with other content, something that must not take effect."""
        if known == item.hash or self.wiring.on_quarantine is None:
            item.kind, item.runs = "duplicate", self.wiring.on_duplicate is not None
        else:
            item.kind, item.runs = "quarantined", True
        if item.runs and item.record is not None:
            r = item.record
            again = named("repeat", r.topic, str(r.partition), str(r.offset))
            item.message = replace(item.message, id=again)

    # -- timers and parked messages ------------------------------------------------------------------------------

    async def fire(self, timers: Sequence[ArmedTimer]) -> Settled:
        """Settle timers whose time has come, in order."""
        async with self._lock:
            return await self._settle([Item(timer_message(self.wiring.name, t), timer=t) for t in timers])

    async def replay(self, subject: str) -> Settled:
        """Settle the parked messages of a case, in the order in which they came, at their original instants."""
        async with self._lock:
            items: list[Item] = []
            for waiting in await self.store.parked_of(subject):
                items.append(await self._thaw(waiting))
            self.parked.discard(subject)
            settled = await self._settle(items)
            self.parked = await self.store.parked_subjects()
            return settled

    async def _thaw(self, waiting: ParkedMessage) -> Item:
        frozen = self._unseal(waiting.message)
        timer = thaw_timer(frozen)
        if timer is not None:
            return Item(timer_message(self.wiring.name, timer), seq=waiting.seq, timer=timer)
        arrived = (await self.door.open([thaw_record(frozen)]))[0]
        if arrived.message is None:
            where = f"{waiting.subject}"
            message: Message[Any] = Message(
                waiting.message_id,
                waiting.source,
                "unreadable",
                where,
                "",
                in_china(waiting.at),
                waiting.message_id,
                None,
            )
            return Item(message, seq=waiting.seq, park=arrived.unreadable or waiting.reason, record=arrived.record)
        return Item(arrived.message, arrived.hash, arrived.record, seq=waiting.seq)

    # -- settling ------------------------------------------------------------------------------------------------

    async def _settle(self, items: list[Item]) -> Settled:
        trust_new = True
        for attempt in range(TRIES_MAX):
            work = Work(self._cache, trust_new)
            commit = await self._decide(items, work)
            try:
                position = await self.store.append(commit)
            except PositionMoved:
                raise
            except SeenBefore:
                await self._mark_seen(items)
            except CaseParked as race:
                self.parked.update(race.detail.split())
            except CaseFree as race:
                self.parked.difference_update(race.detail.split())
            except BadRow as error:
                if len(items) > 1:
                    return await self._one_by_one(items)
                log.error("a message can't be stored", extra={"reason": str(error), "type": items[0].message.type})
                self._give_up(items[0], error)
            except Race as race:
                log.info("decide again", extra={"race": race.what})
                self._cache.drop(*work.slots, *work.expect)
                trust_new = False
                if race.what.startswith("timer"):
                    await self._drop_fired(items)
                await asyncio.sleep(0.002 * attempt)
            else:
                return self._settled(items, work, commit, position)
        raise StoreUnavailable("out of tries")

    def _give_up(self, item: Item, error: BadRow) -> None:
        """Park what the database refuses; where it refuses even that, the subject is at fault: park it under its place."""
        if item.park is not None and item.record is not None:
            r = item.record
            item.message = replace(item.message, subject=f"record/{r.topic}/{r.partition}/{r.offset}")
        item.park = f"NOT_STORABLE {error}"

    async def _decide(self, items: Sequence[Item], work: Work) -> Commit:
        commit = Commit()
        waiting: set[str] = set()
        for n, item in enumerate(items):
            item.counted = item.kind
            if not item.runs:
                continue
            subject = item.message.subject
            behind = item.seq is None and subject in self.parked
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
        commit.reads = self._reads(items)
        commit.free = {i.message.subject for i in items if i.runs and i.seq is None} - waiting - {""}
        commit.expect = {s: v for s, v in work.expect.items() if s not in work.written}
        for stored in work.stored:
            commit.events.append(self._row(stored))
        commit.timers = list(self._timers(work.stored))
        if any(t.ends is not None for t in commit.timers):
            ends = await self._ends() if self._ends is not None else {}
            ends = {where: end for where, end in ends.items() if where.rpartition("/")[0] in self.wiring.hears}
            commit.timers = [replace(t, ends=ends) if t.ends is not None else t for t in commit.timers]
        return commit

    async def _run(self, item: Item, later: Sequence[Item], work: Work) -> str | None:
        """Run one handler until all it needs is loaded; the reason it must be parked for, if any."""
        while True:
            desk = BatchDesk(work, item.message, self.wiring)
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
            return self.wiring.on_timer[item.timer.name]
        if item.kind == "duplicate" and self.wiring.on_duplicate is not None:
            return self.wiring.on_duplicate
        if item.kind == "quarantined" and self.wiring.on_quarantine is not None:
            return self.wiring.on_quarantine
        return self.wiring.handlers[item.message.type]

    def _foresee(self, later: Sequence[Item], work: Work) -> set[str]:
        """What the rest of the batch will miss, so that one read serves all of it. Asked of those like the one that missed:
        to run the others twice would cost more than their read.
        """
        missing: set[str] = set()
        for item in later:
            if item.runs and item.park is None:
                try:
                    self._handler(item)(item.message, BatchDesk(work, item.message, self.wiring))
                except Missing as more:
                    missing.update(more.streams)
                except Exception:  # its own turn will tell
                    continue
        return missing

    async def _load(self, streams: set[str], work: Work) -> None:
        found = await self.store.load(sorted(streams))
        for stream in streams:
            work.loaded[stream] = found.get(stream, [])

    def _publishable(self, said: Iterable[Stored]) -> dict[UUID, list[Outgoing]]:
        """What can't be published must not commit: the mapping and its size check come first."""
        return {
            stored.event_id: write(self._source, self.wiring.topic, stored, list(self.wiring.outbound(stored)))
            for stored in said
        }

    def _row(self, stored: Stored) -> Row:
        book = self.wiring.facts
        return Row(
            stored.stream, stored.version, book.name_of(stored.fact), book.encode(stored.fact), stored.event_id,
            stored.cause, stored.correlation, stored.subject, stored.key, stored.at,
        )  # fmt: skip

    def _timers(self, said: Iterable[Stored]) -> Iterable[ArmedTimer]:
        for stored in said:
            for n, timer in enumerate(self.wiring.timers(stored)):
                yield ArmedTimer(
                    timer_id(stored.event_id, n), stored.stream, timer.name, timer.due_at, timer.note,
                    stored.subject, stored.key, stored.correlation, {} if timer.asks else None,
                )  # fmt: skip

    # -- bookkeeping ---------------------------------------------------------------------------------------------

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

    def _reads(self, items: Iterable[Item]) -> list[PartitionRead]:
        reads: dict[tuple[str, int], PartitionRead] = {}
        for item in items:
            r = item.record
            if r is None or item.seq is not None:
                continue
            read = reads.get((r.topic, r.partition))
            if read is None:
                at, topic_id = self.positions[r.topic, r.partition]
                read = reads[r.topic, r.partition] = PartitionRead(r.topic, r.partition, at, at, topic_id)
            read.next = r.offset + 1
            setattr(read, item.counted, getattr(read, item.counted) + 1)
        return list(reads.values())

    async def _mark_seen(self, items: Iterable[Item]) -> None:
        mine = [i for i in items if i.kind == "accepted" and i.record is not None and i.seq is None]
        seen = await self.store.seen([(i.message.source, i.message.id) for i in mine])
        for item in mine:
            known = seen.get((item.message.source, item.message.id))
            if known is not None:
                self._repeat(item, known)

    async def _drop_fired(self, items: list[Item]) -> None:
        """Another process fired some of these timers: only those still due stay."""
        due = {t.id for t in await self.store.due_timers(100_000)}
        items[:] = [i for i in items if i.timer is None or i.timer.id in due]

    async def _one_by_one(self, items: Sequence[Item]) -> Settled:
        total = Settled()
        for item in items:
            one = await self._settle([item])
            total.messages += one.messages
            total.facts += one.facts
            total.counts.update(one.counts)
            total.position = one.position or total.position
        return total

    def _settled(self, items: Sequence[Item], work: Work, commit: Commit, position: int | None) -> Settled:
        for stream, (state, version) in work.slots.items():
            if stream in work.written:
                self._cache.put(stream, state, version)
        for read in commit.reads:
            self.positions[read.topic, read.partition] = (read.next, read.topic_id)
        for mark in commit.inbox:
            self._recent[mark.source, mark.event_id] = mark.hash
        while len(self._recent) > RECENT_MAX:
            self._recent.popitem(last=False)
        self.parked.update(p.subject for p in commit.park)
        self.outgoing.update(work.outgoing)
        while len(self.outgoing) > OUTGOING_MAX:
            self.outgoing.popitem(last=False)
        if commit.events:
            self.committed.set()
        counts: Counter[str] = Counter(i.counted for i in items if i.record is not None)
        return Settled(len(items), len(commit.events), position, counts)


def _nothing(record: Record) -> Message[Any]:
    cause = UUID(int=0)
    return Message(cause, record.topic, "", "", "", from_epoch_ms(record.timestamp_ms), cause, None)
