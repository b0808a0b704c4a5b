"""The relay: the only one that publishes, one per schema, in the order of the global position.

It stops at the first record that is not acknowledged, makes a new producer and goes on from there. A record may be sent
twice, under the same id; it is never skipped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.event_store.commit import Row, Store
from shared.event_store.stored import Stored
from shared.messaging.codec import Outgoing, write
from shared.messaging.engine import Engine

log = logging.getLogger("greenlane.relay")

BATCH = 1_000
SEND_TIMEOUT_S = 20.0
BUSY_S, IDLE_S = 0.005, 0.05

Enrich = Callable[[Sequence[tuple[Outgoing, int]]], Awaitable[list[tuple[Outgoing, bytes]]]]


class Outlet(Protocol):
    """Where events go: Kafka, or its twin in memory."""

    async def send(self, events: Sequence[tuple[str, bytes, bytes]]) -> None:
        """Send (topic, key, value) in order; returns when all are acknowledged, raises where one is not."""
        ...


class KafkaOutlet:
    """An idempotent producer that is made anew after a failure."""

    def __init__(self, bootstrap: str, client_id: str) -> None:
        self._bootstrap, self._client_id = bootstrap, client_id
        self._producer: AIOKafkaProducer | None = None

    async def _ready(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap, client_id=self._client_id, enable_idempotence=True, acks="all",
                linger_ms=0, max_batch_size=131_072, max_request_size=1_048_576, request_timeout_ms=15_000,
            )  # fmt: skip
            await producer.start()
            self._producer = producer
        return self._producer

    async def send(self, events: Sequence[tuple[str, bytes, bytes]]) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):  # idempotent sends never time out by themselves
                producer = await self._ready()
                sent = [
                    await producer.send_batch(b, topic, partition=n) for topic, n, b in await _batches(producer, events)
                ]
                await asyncio.gather(*sent)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                async with asyncio.timeout(2):
                    await producer.stop()
            except (KafkaError, TimeoutError) as error:
                log.info("a producer was dropped", extra={"error": type(error).__name__})


@lru_cache(maxsize=8_192)
def _hash(key: bytes) -> int:
    """Where a key belongs, as Kafka's own clients reckon; in Python it costs as much as encoding the event."""
    return int(murmur2(key)) & 0x7FFFFFFF


async def _batches(
    producer: AIOKafkaProducer, events: Sequence[tuple[str, bytes, bytes]]
) -> list[tuple[str, int, BatchBuilder]]:
    """Batches filled by hand, each partition in order: sending record by record costs several times as much."""
    counts = {topic: len(await producer.partitions_for(topic)) for topic in {topic for topic, _, _ in events}}
    open_: dict[tuple[str, int], BatchBuilder] = {}
    batches: list[tuple[str, int, BatchBuilder]] = []
    for topic, key, value in events:
        partition = _hash(key) % counts[topic]
        batch = open_.get((topic, partition))
        if batch is None or batch.append(timestamp=None, key=key or None, value=value) is None:
            batch = open_[topic, partition] = producer.create_batch()
            batches.append((topic, partition, batch))
            if batch.append(timestamp=None, key=key or None, value=value) is None:
                raise ValueError(f"an event of {len(value)} bytes fits in no batch")
    return batches


class Relay:
    """Reads what was committed and publishes it."""

    def __init__(self, engine: Engine, store: Store, outlet: Outlet, enrich: Enrich | None = None) -> None:
        self._engine, self._store, self._outlet, self._enrich = engine, store, outlet, enrich
        self._published: int | None = None

    async def step(self) -> int:
        """Publish what is there, at most one batch; how many facts were passed."""
        if self._published is None:
            self._published = await self._store.published()
        passed = await self._store.ids_after(self._published, BATCH)
        if not passed:
            return 0
        ready = self._engine.outgoing
        if all(event_id in ready for _, event_id in passed):  # said by this very process: nothing to read back
            await self._send([(one, position) for position, event_id in passed for one in ready[event_id]])
        else:
            await self._publish(await self._store.read_after(self._published, len(passed)))
        self._published = passed[-1][0]
        await self._store.set_published(self._published)
        for _, event_id in passed:
            ready.pop(event_id, None)
        return len(passed)

    async def _publish(self, rows: Sequence[Row]) -> None:
        await self._send([(one, row.position) for row in rows for one in self._outgoing(row)])

    async def _send(self, placed: Sequence[tuple[Outgoing, int]]) -> None:
        if not placed:
            return
        if self._enrich is not None:
            events = [(o.topic, o.key, value) for o, value in await self._enrich(placed)]
        else:
            events = [(o.topic, o.key, o.value(position)) for o, position in placed]
        await self._outlet.send(events)

    def _outgoing(self, row: Row) -> list[Outgoing]:
        ready = self._engine.outgoing.get(row.event_id)
        if ready is not None:
            return ready
        wiring = self._engine.wiring
        fact = wiring.facts.decode(row.name, row.state)
        stored = Stored(
            row.stream, row.version, fact, row.event_id, row.cause, row.correlation, row.subject, row.key, row.at,
            row.position,
        )  # fmt: skip
        return write(f"greenlane/{wiring.name}", wiring.topic, stored, list(wiring.outbound(stored)))

    async def republish(self, first: int, last: int) -> int:
        """Publish a range of positions again, by hand; ids are the same, so readers see duplicates."""
        at, sent = first - 1, 0
        while at < last:
            rows = [r for r in await self._store.read_after(at, BATCH) if r.position <= last]
            if not rows:
                break
            await self._publish(rows)
            at, sent = rows[-1].position, sent + len(rows)
        return sent

    async def run(self, leading: Callable[[], bool] = lambda: True) -> None:
        """Publish while leading, until cancelled; a failure is waited out, nothing is skipped."""
        pause = BUSY_S
        while True:
            if not leading():
                self._published = None
                await asyncio.sleep(IDLE_S)
                continue
            try:
                passed = await self.step()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("the relay waits", extra={"error": f"{type(error).__name__}: {error}"[:200]})
                self._published = None
                await asyncio.sleep(0.5)
                continue
            if passed:
                pause = BUSY_S
                continue
            self._engine.committed.clear()
            try:
                async with asyncio.timeout(pause):
                    await self._engine.committed.wait()
            except TimeoutError:
                pause = min(pause * 2, IDLE_S)
