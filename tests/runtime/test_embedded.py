"""The real parts start, keep what they hold, and end with us."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil
import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import TopicPartition
from confluent_kafka.admin import AdminClient

from shared.runtime.embedded import EmbeddedKafka, EmbeddedPostgres, Parts, PartsSettings, PartUnavailable, parts
from shared.runtime.topics import TOPICS, TopicMismatch, check_topics, provision_topics, topic_ids

pytestmark = [pytest.mark.parts, pytest.mark.timeout(120)]
ROOT = Path(__file__).parents[2]
OWN = PartsSettings(kafka=None, postgres=None, data_dir=None)


async def send(bootstrap: str, topic: str, value: bytes, timestamp_ms: int | None = None) -> int:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        sent = await producer.send_and_wait(topic, value, partition=0, timestamp_ms=timestamp_ms)
    finally:
        await producer.stop()
    return int(sent.timestamp)


async def first_record(bootstrap: str, topic: str) -> tuple[bytes, int]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, 0)])
        record = await asyncio.wait_for(consumer.getone(), 20)
    finally:
        await consumer.stop()
    assert record.value is not None
    return record.value, record.timestamp


def eventually(holds: Callable[[], bool], within_s: float = 25) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


async def test_both_parts_answer_and_topics_are_made_once() -> None:
    async with parts(OWN) as both:
        made = await provision_topics(both.bootstrap_servers, "live")
        again = await provision_topics(both.bootstrap_servers, "live")
        assert set(made.created) == set(TOPICS)
        assert not made.existing
        assert not again.created
        assert again.ids == made.ids
        assert await check_topics(both.bootstrap_servers, "live") == []

        # an inbound record is dated by the broker, whatever its sender claims
        await send(both.bootstrap_servers, "vendor.hengyu.in.events.v1", b"hello", timestamp_ms=1)
        value, at_ms = await first_record(both.bootstrap_servers, "vendor.hengyu.in.events.v1")
        assert value == b"hello"
        assert at_ms > 1_000_000_000_000

        with pytest.raises(TopicMismatch, match=r"message\.timestamp\.type is LogAppendTime, must be CreateTime"):
            await provision_topics(both.bootstrap_servers, "recording")
        assert await check_topics(both.bootstrap_servers, "recording")

        assert both.postgres is not None
        for dsn in (both.dsn, both.postgres.dsn_tcp):
            connection = await asyncpg.connect(dsn)
            assert await connection.fetchval("SHOW fsync") == "on"
            assert str(await connection.fetchval("SHOW server_version")).startswith("18")
            await connection.close()
            with psycopg.connect(dsn) as other:
                assert other.execute("SELECT 1").fetchone() == (1,)


async def test_recorded_records_keep_their_old_dates_and_a_topic_made_again_is_known_by_its_id() -> None:
    async with EmbeddedKafka() as kafka:
        made = await provision_topics(kafka.bootstrap_servers, "recording")
        long_ago = 946_684_800_000
        await send(kafka.bootstrap_servers, "core.policies.v1", b"old", timestamp_ms=long_ago)
        assert await first_record(kafka.bootstrap_servers, "core.policies.v1") == (b"old", long_ago)

        admin = AdminClient({"bootstrap.servers": kafka.bootstrap_servers})
        await asyncio.wrap_future(admin.delete_topics(["core.claims.v1"])["core.claims.v1"])
        assert eventually(lambda: "core.claims.v1" not in admin.list_topics(timeout=5).topics)
        missing = await check_topics(kafka.bootstrap_servers, "recording")
        assert [(wrong.topic, wrong.setting, wrong.found) for wrong in missing] == [
            ("core.claims.v1", "partitions", "0")
        ]
        assert (await provision_topics(kafka.bootstrap_servers, "recording")).created == ("core.claims.v1",)
        ids = await topic_ids(kafka.bootstrap_servers)
        assert [name for name in ids if ids[name] != made.ids[name]] == ["core.claims.v1"]


async def test_two_of_each_run_side_by_side() -> None:
    async with parts(OWN) as one, parts(OWN) as two:
        assert one.bootstrap_servers != two.bootstrap_servers
        assert one.dsn != two.dsn
        for both in (one, two):
            connection = await asyncpg.connect(both.dsn)
            await connection.execute("CREATE TABLE only_here (n int)")
            await connection.close()


async def test_data_and_ports_survive_a_stop_a_kill_and_another_start(tmp_path: Path) -> None:
    folder = data_folder(tmp_path)
    settings = PartsSettings(kafka=None, postgres=None, data_dir=folder)
    async with parts(settings) as both:
        assert both.kafka is not None
        assert both.postgres is not None
        where = both.bootstrap_servers, both.dsn
        await provision_topics(both.bootstrap_servers, "live")
        await send(both.bootstrap_servers, "core.payments.v1", b"kept")
        connection = await asyncpg.connect(both.dsn)
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        await both.postgres.kill()
        await both.postgres.start()
        await both.kafka.kill()
        await both.kafka.start()
        with pytest.raises(PartUnavailable, match="another process uses"):
            await parts(settings).__aenter__()
    async with parts(settings) as both:
        assert (both.bootstrap_servers, both.dsn) == where
        assert (await first_record(both.bootstrap_servers, "core.payments.v1"))[0] == b"kept"
        connection = await asyncpg.connect(both.dsn)
        assert await connection.fetchval("SELECT n FROM kept") == 42
        await connection.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["kill -9", "SIGTERM"])
def test_nothing_is_left_when_we_are_killed(how: signal.Signals) -> None:
    program = (
        "import asyncio, json\n"
        "from shared.runtime.embedded import PartsSettings, parts\n"
        "async def main():\n"
        "    async with parts(PartsSettings(kafka=None, postgres=None, data_dir=None)) as p:\n"
        "        homes = [str(p.kafka.log.parent), str(p.postgres.log.parent)]\n"
        "        print(json.dumps([[p.kafka.pid, p.postgres.pid], homes]), flush=True)\n"
        "        await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    ours = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert ours.stdout is not None
    with ours, ours.stdout:
        pids, homes = json.loads(ours.stdout.readline())
        assert all(psutil.pid_exists(pid) for pid in pids)
        ours.send_signal(how)
        ours.wait(20)
        assert eventually(lambda: not any(psutil.pid_exists(pid) for pid in pids))
        assert eventually(lambda: not any(Path(home).exists() for home in homes))


async def test_a_stopped_part_leaves_no_folder() -> None:
    async with EmbeddedPostgres() as postgres:
        home = postgres.log.parent
        assert home.exists()
    assert not home.exists()


async def test_an_outside_part_that_does_not_answer_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLANE_POSTGRES", "postgresql://nobody:secret-word@127.0.0.1:1/none")
    outside = Parts()
    assert outside.postgres is None
    with pytest.raises(PartUnavailable) as caught:
        await outside.__aenter__()
    said = str(caught.value)
    assert said.startswith("PostgreSQL is not available: ")
    assert "\n" not in said
    assert "secret-word" not in said


def data_folder(tmp_path: Path) -> Path:
    """A folder that PostgreSQL's user can walk to, also where we are root (pytest's own are for their owner alone)."""
    if os.geteuid() == 0:
        for folder in (tmp_path, *tmp_path.parents):
            if folder.name.startswith("pytest-") or folder == tmp_path or folder.parent.name.startswith("pytest-"):
                folder.chmod(folder.stat().st_mode | 0o011)
    return tmp_path / "kept"
