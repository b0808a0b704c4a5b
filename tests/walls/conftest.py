"""Both stores, the same promises: every test of the walls runs on the twin in memory and on real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from shared.event_store.commit import Store
from shared.event_store.memory import MemoryStore
from shared.event_store.postgres import RECORDING_CLOCK, PostgresStore, migrate, open_pool
from shared.messaging.engine import Engine
from shared.messaging.wiring import Wiring
from shared.runtime.clock import make_recording_clock, move_recording_clock
from tests.walls import toy

LATER = toy.NOON + timedelta(hours=2)


class Parts:
    """A store and a clock that a test moves."""

    def __init__(self, store: Store, move: Callable[[datetime], Awaitable[None]]) -> None:
        self.store, self.move = store, move

    async def engine(self, wiring: Wiring | None = None) -> Engine:
        engine = Engine(wiring or toy.wire(), self.store)
        for partition in range(2):
            await engine.store.open_position(toy.TOPIC, partition, 0, "topic-1")
        await engine.resume()
        return engine


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def parts(request: pytest.FixtureRequest) -> AsyncIterator[Parts]:
    if request.param == "memory":
        now = [toy.NOON]

        async def move(at: datetime) -> None:
            now[0] = at

        yield Parts(MemoryStore(lambda: now[0]), move)
        return
    dsn: str = request.getfixturevalue("dsn")
    await make_recording_clock(dsn, toy.NOON)
    await migrate(dsn, "toy")
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "TRUNCATE toy.stored_events, toy.positions, toy.inbox, toy.timers, toy.parked RESTART IDENTITY;"
        "UPDATE toy.relay SET published = 0, holder = NULL, until = NULL"
    )
    await connection.execute("UPDATE greenlane_clock.clock SET at = $1", toy.NOON)
    pool = await open_pool(dsn, "toy")

    async def move_row(at: datetime) -> None:
        await move_recording_clock(connection, at)

    yield Parts(PostgresStore(pool, clock=RECORDING_CLOCK), move_row)
    await pool.close()
    await connection.close()
