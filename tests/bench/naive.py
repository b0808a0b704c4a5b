"""The baseline: FastStream as in its documentation. One message, one transaction, publish what it caused, acknowledge.

The same law, door, vault, receipts and durability as ours: the handlers are the services' own, every message is marked in
the inbox in the transaction of its facts, and what it causes is acknowledged by Kafka before the transaction commits, so that
a crash delivers again and loses nothing.

Tuned for it: uvloop, prepared statements, streams believed new are not read first, only topics on which somebody speaks are
heard, no linger (each event is awaited), FastStream's consumers between partitions (its manual acknowledgement allows them
with one topic a subscriber). Tried on a busy machine of two cores, applications a second: 1 worker a topic 15, 4 workers 48
to 57, 8 workers did not finish 400 in two minutes (dozens of consumers join three groups). 4 is what runs.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import uvloop
from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from services.front.settings import read_settings
from services.front.wirings import extras_of, wiring_of
from shared.event_store.commit import Row
from shared.event_store.stored import Stored
from shared.kernel.ids import named, timer_id
from shared.messaging.codec import Outgoing, Record, write
from shared.messaging.desk import BatchDesk, Missing, StateCache, Work
from shared.messaging.door import Door, InnerDoor
from shared.messaging.wiring import Handler, Message, Wiring
from shared.relay.relay import Enrich
from shared.runtime.process import Extras
from tests.bench.workload import APPLICATIONS, POLICIES

WORKERS = int(os.environ.get("GREENLANE_NAIVE_WORKERS", "4"))
# What nobody speaks on in this run is not heard: a consumer each would only cost the baseline.
SPOKEN = (POLICIES, APPLICATIONS, *(f"greenlane.{s}.events.v1" for s in ("intake", "entitlement", "scheduling")))
_SELECT = (
    "SELECT originator_id, originator_version, topic, state, event_id, cause, correlation, subject, bus_key, at, "
    "notification_id FROM stored_events WHERE originator_id = ANY($1) ORDER BY originator_id, originator_version"
)
_INBOX = (
    "INSERT INTO inbox (source, event_id, hash, outcome, at) VALUES ($1, $2, $3, 'applied', $4) "
    "ON CONFLICT DO NOTHING RETURNING 1"
)
_EVENT = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state, event_id, cause, correlation, subject, "
    "bus_key, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING notification_id"
)
_TIMER = (
    "INSERT INTO timers (id, stream, name, due_at, note, subject, bus_key, correlation) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
)


@dataclass
class Naive:
    """One service, one message at a time."""

    wiring: Wiring
    pool: asyncpg.Pool
    broker: KafkaBroker
    door: Door
    enrich: Enrich | None

    async def take(self, message: KafkaMessage) -> None:
        raw: ConsumerRecord[bytes, bytes] = message.raw_message  # type: ignore[assignment]
        record = Record(raw.topic, raw.partition, raw.offset, raw.key, raw.value, tuple(raw.headers), raw.timestamp)
        arrived = (await self.door.open([record]))[0]
        m = arrived.message
        if m is None:
            return
        try:
            await self._in_one_transaction(record, m, arrived.hash, trust_new=True)
        except asyncpg.UniqueViolationError:  # a stream that was believed new, or another worker was first: look
            await self._in_one_transaction(record, m, arrived.hash, trust_new=False)

    async def _in_one_transaction(self, record: Record, m: Message[Any], said: bytes, *, trust_new: bool) -> None:
        async with self.pool.acquire() as connection, connection.transaction():
            work = Work(StateCache(64), trust_new)
            if await connection.fetchval(_INBOX, m.source, m.id, said, m.at) is not None:
                await self._settle(connection, m, self.wiring.handlers[m.type], work)
            elif self.wiring.on_duplicate is not None:
                again = named("repeat", record.topic, str(record.partition), str(record.offset))
                await self._settle(connection, replace(m, id=again), self.wiring.on_duplicate, work)

    async def _settle(self, connection: Any, message: Message[Any], handler: Handler, work: Work) -> None:
        while True:
            desk = BatchDesk(work, message, self.wiring)
            try:
                handler(message, desk)
                break
            except Missing as missing:
                rows = await connection.fetch(_SELECT, list(missing.streams))
                for stream in missing.streams:
                    work.loaded[stream] = [Row(*r) for r in rows if r[0] == stream]
        await self._store(connection, desk.said)

    async def _store(self, connection: Any, said: Sequence[Stored]) -> None:
        book = self.wiring.facts
        outgoing: list[tuple[Outgoing, int]] = []
        for s in said:
            position = await connection.fetchval(
                _EVENT, s.stream, s.version, book.name_of(s.fact), book.encode(s.fact), s.event_id, s.cause, s.correlation,
                s.subject, s.key, s.at,
            )  # fmt: skip
            for n, t in enumerate(self.wiring.timers(s)):
                await connection.execute(
                    _TIMER, timer_id(s.event_id, n), s.stream, t.name, t.due_at, t.note, s.subject, s.key, s.correlation
                )
            publications = list(self.wiring.outbound(s))
            for one in write(f"greenlane/{self.wiring.name}", self.wiring.topic, s, publications):
                outgoing.append((one, position))
        if self.enrich is not None and outgoing:
            events = [(o.topic, o.key, value) for o, value in await self.enrich(outgoing)]
        else:
            events = [(o.topic, o.key, o.value(position)) for o, position in outgoing]
        for topic, key, value in events:
            await self.broker.publish(value, topic, key=key or None)


async def serve(service: str) -> None:
    """Run one naive service until SIGTERM."""
    settings = read_settings()
    editions = settings.read_editions()
    wiring = wiring_of(service, editions)
    make = extras_of(service, settings, editions, wiring)
    extras = await make() if make is not None else Extras()
    pool = await asyncpg.create_pool(
        settings.dsn, min_size=WORKERS, max_size=WORKERS * 4, server_settings={"search_path": service, "jit": "off"}
    )
    broker = KafkaBroker(
        settings.bootstrap, apply_types=False, allow_auto_create_topics=False, logger=None, acks="all",
        enable_idempotence=True, linger_ms=0,
    )  # fmt: skip
    naive = Naive(wiring, pool, broker, extras.door or InnerDoor(wiring), extras.enrich)
    for topic in wiring.hears:
        if topic in SPOKEN:
            subscriber = broker.subscriber(
                topic, group_id=f"naive-{service}", auto_offset_reset="earliest", ack_policy=AckPolicy.NACK_ON_ERROR,
                no_reply=True, max_workers=WORKERS, decoder=_raw,
            )  # fmt: skip
            subscriber(naive.take)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await broker.start()
    await stop.wait()
    await broker.stop()


async def _raw(message: KafkaMessage) -> Any:
    return message


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
