"""Ground for the commands' tests: the schemas of the house on the real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from services.front import deeds
from shared.event_store.postgres import migrate
from shared.privacy.postgres import schema as vault_schema
from shared.runtime.clock import make_recording_clock
from tests.front.ground import HOUSE, NOON, Plot


@pytest_asyncio.fixture
async def plot(dsn: str) -> AsyncIterator[Plot]:
    """An empty house."""
    await make_recording_clock(dsn, NOON)
    for service in HOUSE:
        await migrate(dsn, service)
    connection = await asyncpg.connect(dsn)
    await connection.execute(vault_schema())
    await connection.execute(deeds.SCHEMA)
    ground = Plot(dsn, connection)
    await ground.clear()
    yield ground
    await ground.clear()
    await connection.close()
