"""The whole house in one process, on the twins in memory: the same wirings, engines, relay and timers, the recording's clock.

For finding out quickly what a day of records leads to; the real parts are the judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aiokafka.partitioner import DefaultPartitioner

from services.front.player import Cast, Line
from shared.event_store.memory import MemoryStore
from shared.kernel.instant import to_epoch_ms
from shared.messaging.codec import Record
from shared.messaging.engine import Engine
from shared.messaging.wiring import Wiring
from shared.relay.relay import Relay
from shared.runtime.process import INBOUND, Extras
from shared.runtime.topics import PARTITIONS
from shared.timers.firing import fire_due

ROUNDS_MAX = 10_000


class MemoryBus:
    """Topics of twelve partitions in memory, keyed as Kafka's clients key them."""

    def __init__(self, now: list[datetime]) -> None:
        self._now = now
        self._partitioner = DefaultPartitioner()
        self.logs: dict[tuple[str, int], list[Record]] = {}

    def put(
        self, topic: str, key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes], ...], at: datetime
    ) -> None:
        partitions = list(range(PARTITIONS))
        partition = 0 if key is None else self._partitioner(key, partitions, partitions)
        log = self.logs.setdefault((topic, partition), [])
        log.append(Record(topic, partition, len(log), key, value, headers, to_epoch_ms(at)))

    async def send(self, events: Sequence[tuple[str, bytes, bytes]]) -> None:
        for topic, key, value in events:
            self.put(topic, key or None, value, (), self._now[0])

    def of(self, topic: str) -> list[Record]:
        """Everything on a topic, partition by partition."""
        return [r for (t, _), log in sorted(self.logs.items()) if t == topic for r in log]


@dataclass(slots=True)
class Room:
    """One service in the box."""

    engine: Engine
    store: MemoryStore
    relay: Relay
    wiring: Wiring
    read: dict[tuple[str, int], int] = field(default_factory=dict)


class Box:
    """Five services, one bus, one clock."""

    def __init__(self, start: datetime) -> None:
        self.now = [start]
        self.bus = MemoryBus(self.now)
        self.rooms: dict[str, Room] = {}
        self._cast = Cast()

    async def add(self, wiring: Wiring, extras: Extras | None = None) -> None:
        """Put a service in."""
        extras = extras or Extras()
        store = MemoryStore(lambda: self.now[0])
        engine = Engine(wiring, store, extras.door, ends=self._ends, seal=extras.seal, unseal=extras.unseal)
        for topic in wiring.hears:
            for partition in range(PARTITIONS):
                await store.open_position(topic, partition, 0, topic)
        await engine.resume()
        self.rooms[wiring.name] = Room(engine, store, Relay(engine, store, self.bus, extras.enrich), wiring)

    async def _ends(self) -> Mapping[str, int]:
        return {f"{t}/{p}": len(log) for (t, p), log in self.bus.logs.items() if t in INBOUND}

    async def settle(self) -> None:
        """Run everyone until nobody has anything left to do."""
        for _ in range(ROUNDS_MAX):
            if not sum([await self._round(room) for room in self.rooms.values()]):
                return
        raise RuntimeError("the box does not come to rest")

    async def _round(self, room: Room) -> int:
        done = 0
        for topic in room.wiring.hears:
            for partition in range(PARTITIONS):
                log = self.bus.logs.get((topic, partition), ())
                at = room.read.get((topic, partition), 0)
                if at < len(log):
                    await room.engine.handle(log[at:])
                    room.read[topic, partition] = len(log)
                    done += len(log) - at
        done += await fire_due(room.engine, room.store)
        while passed := await room.relay.step():
            done += passed
        return done

    def _next_timer(self) -> datetime | None:
        return min(
            (t.due_at for r in self.rooms.values() for t in r.store.timers.values() if t.id not in r.store.fired),
            default=None,
        )

    async def play(self, lines: Sequence[Line], until: datetime | None = None) -> None:
        """Play a recording to its last record, and on through every timer up to ``until``."""
        at = 0
        while True:
            timer = self._next_timer()
            upcoming = lines[at].at if at < len(lines) else None
            if upcoming is None and (timer is None or (until is not None and timer > until)):
                return
            if upcoming is not None and (timer is None or upcoming <= timer):
                inside: set[str] = set()
                self.now[0] = max(self.now[0], upcoming)
                while at < len(lines):
                    who = self._cast.concerns(lines[at])
                    if who & inside or (timer is not None and lines[at].at > timer):
                        break
                    inside |= who
                    self.bus.put(lines[at].topic, lines[at].key, lines[at].value, lines[at].headers, lines[at].at)
                    at += 1
            else:
                assert timer is not None
                self.now[0] = max(self.now[0], timer)
            await self.settle()
