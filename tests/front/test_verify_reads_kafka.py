"""The invariants that are bound to Kafka: what was published is what was committed, in order, to whom it belongs, of nobody."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer

from shared.event_store.stored import Stored
from shared.kernel.ids import fact_id, named
from shared.messaging.codec import Outgoing, write
from shared.runtime.embedded.kafka import EmbeddedKafka
from shared.runtime.topics import PARTITIONS, provision_topics, topic_ids
from tests.conftest import Background
from tests.front.ground import HOUSE, NOON, Plot, said
from tests.front.planted import REQUEST, answer, closed, someone, submitted

pytestmark = pytest.mark.parts
FIRST, AGAIN = "greenlane.intake.events.v1", "vendor.hengyu.out.receipts.v1"


@pytest.fixture(scope="module")
def own_bootstrap(background: Background) -> Iterator[str]:
    """A Kafka that nobody else writes to."""
    server = EmbeddedKafka()
    background.run(server.start())
    yield server.bootstrap_servers
    background.run(server.close())


class Bus:
    """Topics of this module; they are made anew for each test."""

    def __init__(self, bootstrap: str, producer: AIOKafkaProducer) -> None:
        self.bootstrap, self.producer = bootstrap, producer

    async def put(self, topic: str, key: bytes, value: bytes) -> None:
        await self.producer.send_and_wait(topic, value, key=key)

    async def relay(self, plot: Plot, service: str = "intake") -> list[tuple[Outgoing, int]]:
        """Publish everything that is stored, as the relay does; what it sent."""
        wiring = HOUSE[service]
        sent = []
        for row in await plot.sql.fetch(f'SELECT * FROM "{service}".stored_events ORDER BY notification_id'):
            fact = wiring.facts.decode(row["topic"], row["state"])
            stored = Stored(
                row["originator_id"], row["originator_version"], fact, row["event_id"], row["cause"], row["correlation"],
                row["subject"], row["bus_key"], row["at"], row["notification_id"],
            )  # fmt: skip
            for one in write(f"greenlane/{service}", wiring.topic, stored, list(wiring.outbound(stored))):
                await self.put(one.topic, one.key, one.value(stored.position))
                sent.append((one, stored.position))
        return sent


@pytest_asyncio.fixture
async def bus(own_bootstrap: str) -> AsyncIterator[Bus]:
    from confluent_kafka.admin import AdminClient

    admin = AdminClient({"bootstrap.servers": own_bootstrap, "log_level": 0})
    present = [t for t in admin.list_topics(timeout=10).topics if not t.startswith("__")]
    for gone in admin.delete_topics(present).values() if present else ():
        gone.result(30)
    await provision_topics(own_bootstrap, "recording")
    producer = AIOKafkaProducer(bootstrap_servers=own_bootstrap, enable_idempotence=True)
    await producer.start()
    yield Bus(own_bootstrap, producer)
    await producer.stop()


def heard(n: int) -> Any:
    """Something that intake publishes on its own topic."""
    return said(
        "intake", "Heard", record=str(named("r", str(n))), type="MemberLeft.v1", subject="m_1", bus_key="m_1",
        what={"member_ref": "m_1", "policy_ref": "p_1", "left_at": NOON.isoformat()},
    )  # fmt: skip


async def two_events(plot: Plot, bus: Bus) -> list[tuple[Outgoing, int]]:
    for n in range(2):
        await plot.tell("intake", f"feed/core-policies/{n}", heard(n))
    return await bus.relay(plot)


async def test_4_and_5_hold_on_what_the_relay_sends_even_twice(plot: Plot, bus: Bus) -> None:
    await two_events(plot, bus)
    await bus.relay(plot)
    await plot.holds(4, bootstrap=bus.bootstrap)
    await plot.holds(5, bootstrap=bus.bootstrap)


async def test_5_is_not_a_pass_without_kafka(plot: Plot) -> None:
    assert (await plot.ask(5)).skipped


async def test_5_sees_what_was_committed_and_is_not_there(plot: Plot, bus: Bus) -> None:
    await two_events(plot, bus)
    await plot.tell("intake", "feed/core-policies/9", heard(9))
    await plot.fails(5, "was committed and passed by the relay, but is not there", bootstrap=bus.bootstrap)


async def test_5_waits_for_what_the_relay_has_not_passed(plot: Plot, bus: Bus) -> None:
    await two_events(plot, bus)
    await plot.tell("intake", "feed/core-policies/9", heard(9))
    await plot.sql.execute("UPDATE intake.relay SET published = 2")
    await plot.holds(5, bootstrap=bus.bootstrap)


async def test_5_sees_what_was_never_committed_and_what_is_no_event(plot: Plot, bus: Bus) -> None:
    sent = await two_events(plot, bus)
    stranger = json.loads(sent[0][0].value(1)) | {"id": str(named("stranger"))}
    await bus.put(FIRST, b"m_1", json.dumps(stranger).encode())
    await bus.put(AGAIN, b"c", json.dumps({"id": str(named("other"))}).encode())
    await bus.put(AGAIN, b"c", b"nonsense")
    await plot.fails(5, f"{named('stranger')} was never committed", bootstrap=bus.bootstrap)
    await plot.fails(5, f"{named('other')} was never committed", bootstrap=bus.bootstrap)
    await plot.fails(5, "is no event of ours", bootstrap=bus.bootstrap)


async def test_5_sees_two_events_under_one_id(plot: Plot, bus: Bus) -> None:
    cause = await plot.tell("intake", "feed/core-policies/1", heard(1))
    state = HOUSE["intake"].facts.encode(heard(2))
    await plot.row("intake", "feed/core-policies/2", 1, "Heard.v1", state, cause=cause, n=0)
    await bus.relay(plot)
    await plot.fails(5, "two events are published under the id", bootstrap=bus.bootstrap)


async def test_4_sees_events_of_one_key_out_of_order(plot: Plot, bus: Bus) -> None:
    for n in range(2):
        await plot.tell("intake", f"feed/core-policies/{n}", heard(n))
    wiring = HOUSE["intake"]
    for position in (2, 1):
        stored = Stored(
            "feed/x/1", 1, heard(1), fact_id(named("x"), "intake", position), named("x"), named("x"), "m_1", "m_1", NOON
        )
        for one in write("greenlane/intake", wiring.topic, stored, list(wiring.outbound(stored))):
            await bus.put(one.topic, one.key, one.value(position))
    await plot.fails(4, "position 1 comes too late", bootstrap=bus.bootstrap)


async def test_1_sees_a_position_beyond_its_end_and_a_partition_that_nobody_reads(plot: Plot, bus: Bus) -> None:
    ids = await topic_ids(bus.bootstrap)
    for partition in range(PARTITIONS - 1):
        await plot.sql.execute(
            "INSERT INTO intake.positions (topic, partition, next, first, topic_id, accepted) VALUES ($1, $2, 0, 0, $3, 0)",
            "core.claims.v1", partition, ids["core.claims.v1"],
        )  # fmt: skip
    await plot.sql.execute("UPDATE intake.positions SET next = 5, accepted = 5 WHERE partition = 3")
    await plot.fails(1, "core.claims.v1/3 is read to 5, beyond its end 0", bootstrap=bus.bootstrap)
    await plot.fails(1, "partitions [11] of core.claims.v1 are not read at all", bootstrap=bus.bootstrap)


async def test_12_sees_another_vendors_case_on_a_topic(plot: Plot, bus: Bus) -> None:
    record = await plot.tell("intake", f"request/{REQUEST}", closed(), subject=REQUEST, source="hengyu")
    await plot.tell("intake", f"request/{REQUEST}", submitted(), answer(str(record)), subject=REQUEST)
    await plot.holds(12, bootstrap=bus.bootstrap)
    await bus.put("vendor.youjia.out.receipts.v1", b"c", json.dumps({"data": {"request_id": REQUEST}}).encode())
    await plot.fails(12, "names another vendor's case", bootstrap=bus.bootstrap)


async def test_13_finds_persons_where_they_belong_and_nowhere_else(plot: Plot, bus: Bus) -> None:
    cipher = await someone(plot)
    await two_events(plot, bus)
    policy = {"data": {"policy_number": "POL-77554433-X", "person": {"name": "欧阳明月"}}}
    await bus.put("core.policies.v1", b"k", json.dumps(policy).encode())
    await bus.put("vendor.hengyu.in.events.v1", b"k", b"\xff\x00 no text")
    await plot.holds(13, cipher=cipher, bootstrap=bus.bootstrap)
    await bus.put(AGAIN, b"c", '{"note":"欧阳明月"}'.encode())
    await bus.put("greenlane.quarantine.notices.v1", b"POL-77554433-X", b"{}")
    await bus.put("vendor.hengyu.out.orders.v1", b"c", '{"name":"欧阳明月"}'.encode())
    found = await plot.ask(13, cipher=cipher, bootstrap=bus.bootstrap)
    places = {v.rpartition(" offset ")[0].rpartition("/")[0] for v in found.violations}
    assert places == {AGAIN, "greenlane.quarantine.notices.v1"}


async def test_13_sees_that_its_own_search_is_blind(plot: Plot, bus: Bus) -> None:
    cipher = await someone(plot)
    await bus.put("core.policies.v1", b"k", b'{"data":{"person":{"name":"somebody else"}}}')
    await plot.fails(13, "the search itself is blind", cipher=cipher, bootstrap=bus.bootstrap)


async def test_a_verification_can_change_nothing(plot: Plot) -> None:
    from services.front.invariants import snapshot

    async with snapshot(plot.dsn) as connection:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("DELETE FROM intake.timers")
