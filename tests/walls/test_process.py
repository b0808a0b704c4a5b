"""One service as a process on real Kafka and PostgreSQL: it reads, settles, publishes; two share; wrong settings are refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.event_store.postgres import migrate
from shared.runtime.clock import make_recording_clock
from shared.runtime.process import Process, ProcessSettings, WrongSettings
from shared.runtime.topics import provision_topics, topic_ids
from tests.walls import toy

HEARS = "greenlane.intake.events.v1"


@pytest_asyncio.fixture
async def settings(dsn: str, bootstrap: str) -> AsyncIterator[ProcessSettings]:
    await provision_topics(bootstrap, "recording")
    await make_recording_clock(dsn, toy.NOON)
    connection = await asyncpg.connect(dsn)
    for name in ("subsidy", "scheduling"):
        await migrate(dsn, name)
    yield ProcessSettings(bootstrap, dsn, "recording", session_timeout_ms=3_000)
    for name in ("subsidy", "scheduling"):
        await connection.execute(f"DROP SCHEMA {name} CASCADE")
    await connection.close()


def process(settings: ProcessSettings, name: str = "subsidy") -> Process:
    """The toy under the name of a service of ours: its topic exists. A test of its own name each: topics stay."""
    return Process(replace(toy.wire(), name=name, hears=(HEARS,)), settings)


async def running(one: Process) -> asyncio.Task[None]:
    await one.start()

    async def all_of_it() -> None:
        await asyncio.gather(
            one.read_forever(), one.lead_forever(), one.fire_forever(), one.relay.run(lambda: one.leading)
        )

    return asyncio.create_task(all_of_it())


async def ask_all(bootstrap: str, first: int, count: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True)
    await producer.start()
    for n in range(first, first + count):
        record = toy.ask(n, 0, f"h{n % 50}")
        await producer.send(HEARS, record.value, key=record.key)
    await producer.stop()


async def published(bootstrap: str, topic: str = "greenlane.subsidy.events.v1") -> list[str]:
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
    await reader.start()
    parts = [TopicPartition(topic, p) for p in range(12)]
    reader.assign(parts)
    ends = await reader.end_offsets(parts)
    for tp in parts:
        reader.seek(tp, 0)
    found: list[str] = []
    while len(found) < sum(ends.values()):
        for records in (await reader.getmany(timeout_ms=500)).values():
            found += [json.loads(r.value or b"")["id"] for r in records]
    await reader.stop()
    return found


async def settle(one: Process, accepted: int) -> None:
    async with asyncio.timeout(30):
        while await one.store.pool.fetchval("SELECT coalesce(sum(accepted + duplicate), 0) FROM positions") < accepted:
            await asyncio.sleep(0.05)
        while await one.store.head() != await one.store.published():
            await asyncio.sleep(0.05)


async def test_a_process_settles_and_publishes_each_fact_once_and_a_second_shares_the_work(
    settings: ProcessSettings,
) -> None:
    before = set(await published(settings.bootstrap))
    first = process(settings)
    task = await running(first)
    await ask_all(settings.bootstrap, 0, 400)
    second = process(settings)
    other = await running(second)
    await ask_all(settings.bootstrap, 400, 400)
    await settle(first, 800)
    given = await first.store.pool.fetchval("SELECT count(*) FROM stored_events WHERE topic = 'Given.v1'")
    assert given == 250
    ids = [i for i in await published(settings.bootstrap) if i not in before]
    assert len(ids) == len(set(ids)) == 250
    for running_task, one in ((task, first), (other, second)):
        running_task.cancel()
        await asyncio.gather(running_task, return_exceptions=True)
        await one.close()


async def test_a_process_refuses_a_topic_made_anew_and_an_older_database(settings: ProcessSettings) -> None:
    one = process(settings, "scheduling")
    task = await running(one)
    await ask_all(settings.bootstrap, 1_000, 20)
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await one.inlet.commit(one.engine.positions)
    await one.store.pool.execute("UPDATE positions SET topic_id = 'another'")
    with pytest.raises(WrongSettings, match="made anew"):
        await process(settings, "scheduling").start()
    ids = await topic_ids(settings.bootstrap)
    await one.store.pool.execute("UPDATE positions SET topic_id = $1, next = 0", ids[HEARS])
    with pytest.raises(WrongSettings, match="older database"):
        await process(settings, "scheduling").start()
    await one.close()


async def test_a_process_refuses_to_start_under_another_clock_and_without_its_schema(settings: ProcessSettings) -> None:
    with pytest.raises(WrongSettings, match=r"message\.timestamp\.type"):
        await process(replace(settings, clock="live")).start()
    unprovisioned = Process(replace(toy.wire(), name="nobody", hears=(HEARS,)), settings)
    with pytest.raises(WrongSettings, match="provision"):
        await unprovisioned.start()
