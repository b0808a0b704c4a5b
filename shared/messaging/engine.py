"""One batch through one service: open the records, ask the handlers in order, commit everything in one append.

Errors have three kinds. A *race* decides again; *infrastructure* waits, with nothing half-applied; *the message* is parked,
with every later message of its case behind it, while everyone else goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from shared.event_store.commit import (
    ArmedTimer,
    BadRow,
    CaseFree,
    CaseParked,
    Commit,
    ParkedMessage,
    PositionMoved,
    Race,
    SeenBefore,
    Store,
    StoreUnavailable,
)
from shared.messaging.codec import Outgoing, Record
from shared.messaging.deciding import Deciding, Ends
from shared.messaging.desk import StateCache, Work
from shared.messaging.door import Door, InnerDoor
from shared.messaging.items import Item, Settled, item_of, item_of_parked, item_of_timer
from shared.messaging.parking import thaw_record, thaw_timer
from shared.messaging.wiring import Wiring

log = logging.getLogger("greenlane.engine")

TRIES_MAX = 12
RECENT_MAX = 50_000
OUTGOING_MAX = 10_000  # what the relay finds no more it reads back


class Engine:
    """Runs one `Wiring` against one `Store`."""

    def __init__(
        self,
        wiring: Wiring,
        store: Store,
        door: Door | None = None,
        *,
        ends: Ends | None = None,
        seal: Callable[[bytes], bytes] = bytes,
        unseal: Callable[[bytes], bytes] = bytes,
        cache_size: int = 20_000,
    ) -> None:
        self.wiring = wiring
        self.store = store
        self.door = door or InnerDoor(wiring)
        self._deciding = Deciding(wiring, store, ends, seal)
        self._unseal = unseal
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
            items = [item_of(a) for a in await self.door.open(fresh)]
            self._deduplicate(items)
            return await self._settle(items)

    def _deduplicate(self, items: Iterable[Item]) -> None:
        batch: dict[tuple[str, UUID], bytes] = {}
        for item in items:
            if item.kind != "accepted" or item.park is not None:
                continue
            known = batch.get(item.identity) or self._recent.get(item.identity)
            if known is None:
                batch[item.identity] = item.hash
            else:
                self._repeat(item, known)

    def _repeat(self, item: Item, known: bytes) -> None:
        """The same id again: a duplicate; with other content, something that must not take effect."""
        quarantined = known != item.hash and self.wiring.on_quarantine is not None
        item.again(quarantined=quarantined, runs=quarantined or self.wiring.on_duplicate is not None)

    # -- timers and parked messages ------------------------------------------------------------------------------

    async def fire(self, timers: Sequence[ArmedTimer]) -> Settled:
        """Settle timers whose time has come, in order."""
        async with self._lock:
            return await self._settle([item_of_timer(self.wiring.name, t) for t in timers])

    async def replay(self, subject: str) -> Settled:
        """Settle the parked messages of a case, in the order in which they came, at their original instants."""
        async with self._lock:
            items = [await self._thaw(waiting) for waiting in await self.store.parked_of(subject)]
            self.parked.discard(subject)
            settled = await self._settle(items)
            self.parked = await self.store.parked_subjects()
            return settled

    async def _thaw(self, waiting: ParkedMessage) -> Item:
        frozen = self._unseal(waiting.message)
        timer = thaw_timer(frozen)
        if timer is not None:
            return item_of_timer(self.wiring.name, timer, waiting.seq)
        return item_of_parked(waiting, (await self.door.open([thaw_record(frozen)]))[0])

    # -- settling ------------------------------------------------------------------------------------------------

    async def _settle(self, items: list[Item]) -> Settled:
        trust_new = True
        for attempt in range(TRIES_MAX):
            work = Work(self._cache, trust_new)
            commit = await self._deciding.decide(items, work, self.parked, self.positions)
            try:
                position = await self.store.append(commit)
            except PositionMoved:
                raise
            except BadRow as error:
                if len(items) > 1:
                    return await self._one_by_one(items)
                self._give_up(items[0], error)
            except Race as race:
                await self._lost(race, items, work)
                trust_new = False
                await asyncio.sleep(0.002 * attempt)
            else:
                return self._settled(items, work, commit, position)
        raise StoreUnavailable("out of tries")

    async def _lost(self, race: Race, items: list[Item], work: Work) -> None:
        """Somebody was quicker: learn what they did, before deciding again."""
        log.info("decide again", extra={"race": race.what})
        match race:
            case SeenBefore():
                await self._mark_seen(items)
            case CaseParked():
                self.parked.update(race.detail.split())
            case CaseFree():
                self.parked.difference_update(race.detail.split())
            case _:
                self._cache.drop(*work.slots, *work.expect)
                await self._drop_fired(items)

    def _give_up(self, item: Item, error: BadRow) -> None:
        """Park what the database refuses; where it refuses even that, the subject is at fault: park it under its place."""
        log.error("a message can't be stored", extra={"reason": str(error), "type": item.message.type})
        if item.park is not None and item.record is not None:
            r = item.record
            item.message = replace(item.message, subject=f"record/{r.topic}/{r.partition}/{r.offset}")
        item.park = f"NOT_STORABLE {error}"

    async def _mark_seen(self, items: Iterable[Item]) -> None:
        mine = [i for i in items if i.kind == "accepted" and i.record is not None and i.seq is None]
        seen = await self.store.seen([i.identity for i in mine])
        for item in mine:
            known = seen.get(item.identity)
            if known is not None:
                self._repeat(item, known)

    async def _drop_fired(self, items: list[Item]) -> None:
        """Another process fired some of these timers: only those still due stay."""
        if all(i.timer is None for i in items):
            return
        due = {t.id for t in await self.store.due_timers(100_000)}
        items[:] = [i for i in items if i.timer is None or i.timer.id in due]

    async def _one_by_one(self, items: Sequence[Item]) -> Settled:
        total = Settled()
        for item in items:
            total.add(await self._settle([item]))
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
