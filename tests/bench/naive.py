"""The baseline: FastStream as in its documentation. One message, one transaction, publish what it caused, acknowledge.

The same law, door, vault, receipts and durability as ours: the handlers are the services' own, every message is marked in
the inbox in the transaction of its facts, and what it causes is acknowledged by Kafka before the transaction commits, so that
a crash delivers again and loses nothing. Tuned: uvloop, orjson-speed codecs, prepared statements, one connection a worker,
workers between partitions, no pause of FastStream's own.
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

from services.front.settings import FrontSettings
from services.front.wirings import extras_of, wiring_of
from shared.event_store.commit import Row
from shared.event_store.stored import Stored
from shared.kernel.ids import fact_id, timer_id
from shared.messaging.codec import Record, write
from shared.messaging.desk import BatchDesk, Missing, StateCache, Work
from shared.messaging.engine import Door, InnerDoor
from shared.messaging.wiring import Message, Wiring
from shared.relay.relay import Enrich

WORKERS = int(os.environ.get("GREENLANE_NAIVE_WORKERS", "4"))
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
        record = Record(
            raw.topic, raw.partition, raw.offset, raw.key, raw.value, tuple(raw.headers), raw.timestamp
        )
        arrived = (await self.door.open([record]))[0]
        if arrived.message is None:
            return
        async with self.pool.acquire() as connection, connection.transaction():
            m = arrived.message
            if await connection.fetchval(_INBOX, m.source, m.id, arrived.hash, m.at) is None:
                if self.wiring.on_duplicate is not None:
                    again = fact_id(m.id, "repeat", record.offset)
                    await self._settle(connection, replace(m, id=again), self.wiring.on_duplicate)
                return
            await self._settle(connection, m, self.wiring.handlers[m.type])

    async def _settle(self, connection: Any, message: Message[Any], handler: Any) -> None:
        work = Work(StateCache(64), trust_new=False)
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
        outgoing = []
        for s in said:
            position = await connection.fetchval(
                _EVENT, s.stream, s.version, book.name_of(s.fact), book.encode(s.fact), s.event_id, s.cause, s.correlation,
                s.subject, s.key, s.at,
            )  # fmt: skip
            for n, t in enumerate(self.wiring.timers(s)):
                await connection.execute(
                    _TIMER, timer_id(s.event_id, n), s.stream, t.name, t.due_at, t.note, s.subject, s.key, s.correlation
                )  # fmt: skip
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
    settings = FrontSettings()
    wiring = wiring_of(service, settings)
    extras = await extras_of(service, settings, wiring)
    pool = await asyncpg.create_pool(
        settings.dsn, min_size=WORKERS, max_size=WORKERS * len(wiring.hears), server_settings={"search_path": service}
    )
    broker = KafkaBroker(settings.bootstrap, apply_types=False, allow_auto_create_topics=False, logger=None)
    naive = Naive(wiring, pool, broker, extras.door or InnerDoor(wiring), extras.enrich)
    for topic in wiring.hears:
        subscriber = broker.subscriber(
            topic, group_id=f"naive-{service}", auto_offset_reset="earliest", ack_policy=AckPolicy.NACK_ON_ERROR,
            no_reply=True, max_workers=WORKERS, parser=_as_it_came, decoder=_raw,
        )  # fmt: skip
        subscriber(naive.take)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await broker.start()
    await stop.wait()
    await broker.stop()


async def _as_it_came(message: Any) -> KafkaMessage:
    return KafkaMessage(body=b"", headers={}, message_id="", raw_message=message, consumer=message.consumer)


async def _raw(message: KafkaMessage) -> Any:
    return message


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
