"""The `stored_events` table is the eventsourcing library's: its recorder reads what we append, and we read what it inserts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence

import asyncpg
import pytest
import pytest_asyncio
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from shared.event_store.commit import Commit, Race, Row
from shared.event_store.postgres import PostgresStore, migrate, open_pool
from shared.event_store.stored import FactBook
from shared.kernel.ids import named
from tests.walls.toy import HOUSE, NOON, Closed, Given

SCHEMA = "borrowed"
STREAM = HOUSE.stream("h1")
BOOK = FactBook((Given, Closed))
FACTS = (Given("h1", 1, NOON), Given("h1", 2, NOON), Closed(1))


def appended(facts: Sequence[object], stream: str = STREAM) -> Commit:
    """Facts as the engine appends them."""
    rows = []
    for version, fact in enumerate(facts, 1):
        event_id = named("interop", stream, str(version))
        rows.append(
            Row(stream, version, BOOK.name_of(fact), BOOK.encode(fact), event_id, event_id, event_id, "h1", "h1", NOON)
        )
    return Commit(events=rows)


def inserted(facts: Sequence[object], stream: str = STREAM, after: int = 0) -> list[StoredEvent]:
    """Facts as the library's mapper would hand them to its recorder."""
    return [StoredEvent(stream, v, BOOK.name_of(f), BOOK.encode(f)) for v, f in enumerate(facts, after + 1)]


@pytest_asyncio.fixture
async def ours(dsn: str) -> AsyncIterator[PostgresStore]:
    await migrate(dsn, SCHEMA)
    pool = await open_pool(dsn, SCHEMA)
    yield PostgresStore(pool)
    await pool.close()
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    await connection.close()


@pytest.fixture
def theirs(ours: PostgresStore, dsn: str) -> Iterator[PostgresApplicationRecorder]:
    """Their recorder over our schema: it finds the table and adds only a composite type and a function of its own."""
    where = conninfo_to_dict(dsn)
    with PostgresDatastore(
        dbname=str(where["dbname"]), host=str(where["host"]), port=str(where["port"]), user=str(where["user"]),
        password=str(where["password"]), schema=SCHEMA, originator_id_type="text", pool_size=4,
    ) as datastore:  # fmt: skip
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        yield recorder


async def test_their_recorder_selects_the_events_of_a_stream_that_we_appended(
    ours: PostgresStore, theirs: PostgresApplicationRecorder
) -> None:
    await ours.append(appended(FACTS))
    found = await asyncio.to_thread(theirs.select_events, STREAM)
    assert [(e.originator_id, e.originator_version) for e in found] == [(STREAM, 1), (STREAM, 2), (STREAM, 3)]
    assert tuple(BOOK.decode(e.topic, e.state) for e in found) == FACTS
    last = await asyncio.to_thread(lambda: theirs.select_events(STREAM, gt=1, lte=3, desc=True, limit=1))
    assert [e.originator_version for e in last] == [3]
    assert await asyncio.to_thread(theirs.select_events, "house/nobody") == []


async def test_their_recorder_follows_our_global_positions(
    ours: PostgresStore, theirs: PostgresApplicationRecorder
) -> None:
    assert await asyncio.to_thread(theirs.max_notification_id) is None
    await ours.append(appended(FACTS))
    last = await ours.append(appended((Closed(7),), HOUSE.stream("h2")))
    assert await asyncio.to_thread(theirs.max_notification_id) == last
    notifications = await asyncio.to_thread(lambda: theirs.select_notifications(start=1, limit=10))
    positions = [row.position for row in await ours.read_after(0, 10)]
    assert [n.id for n in notifications] == positions
    assert [n.topic for n in notifications] == ["Given.v1", "Given.v1", "Closed.v1", "Closed.v1"]
    closed = await asyncio.to_thread(lambda: theirs.select_notifications(start=1, limit=10, topics=["Closed.v1"]))
    assert [n.id for n in closed] == positions[2:]


async def test_we_load_the_events_that_their_recorder_inserted(
    ours: PostgresStore, theirs: PostgresApplicationRecorder
) -> None:
    drawn = await asyncio.to_thread(theirs.insert_events, inserted(FACTS))
    rows = (await ours.load([STREAM]))[STREAM]
    assert [(r.version, r.position) for r in rows] == list(zip((1, 2, 3), drawn or (), strict=True))
    assert tuple(BOOK.decode(r.name, r.state) for r in rows) == FACTS
    assert HOUSE.fold(BOOK.decode(r.name, r.state) for r in rows).given == 2
    assert [r.position for r in await ours.read_after(rows[0].position, 10)] == [r.position for r in rows[1:]]
    assert await ours.head() == rows[-1].position


async def test_a_version_is_taken_once_whoever_takes_it(
    ours: PostgresStore, theirs: PostgresApplicationRecorder
) -> None:
    await ours.append(appended(FACTS))
    with pytest.raises(IntegrityError):
        await asyncio.to_thread(theirs.insert_events, inserted((Closed(9),), after=2))
    await asyncio.to_thread(theirs.insert_events, inserted((Closed(9),), after=3))
    with pytest.raises(Race):
        await ours.append(Commit(expect={STREAM: 3}))
    await ours.append(Commit(expect={STREAM: 4}))


async def test_a_reader_by_position_misses_nothing_while_both_write(
    ours: PostgresStore, theirs: PostgresApplicationRecorder
) -> None:
    each = 25

    async def we(writer: int) -> None:
        for n in range(each):
            await ours.append(appended((Closed(n),), HOUSE.stream(f"ours-{writer}-{n}")))

    async def they(writer: int) -> None:
        for n in range(each):
            await asyncio.to_thread(theirs.insert_events, inserted((Closed(n),), HOUSE.stream(f"theirs-{writer}-{n}")))

    seen: list[int] = []

    async def read_on() -> None:
        seen.extend([row.position for row in await ours.read_after(seen[-1] if seen else 0, 1_000)])

    writing = asyncio.gather(we(1), we(2), they(1), they(2))
    while not writing.done():
        await read_on()
    await writing
    await read_on()
    assert len(seen) == len(set(seen)) == 4 * each and seen == sorted(seen)
