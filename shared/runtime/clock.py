"""The two clocks. Live: the database's. Recording: a row that the player moves; everyone reads the same time from it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import asyncpg

from shared.event_store.postgres import RECORDING_CLOCK
from shared.kernel.instant import in_china

ClockName = Literal["live", "recording"]


def sql_of(clock: ClockName) -> str:
    """What time it is, in SQL."""
    return "now()" if clock == "live" else RECORDING_CLOCK


async def make_recording_clock(dsn: str, at: datetime) -> None:
    """The recording's clock, standing at an instant; an existing one is left as it is."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(
            "CREATE SCHEMA IF NOT EXISTS greenlane_clock;"
            "CREATE TABLE IF NOT EXISTS greenlane_clock.clock ("
            "one boolean PRIMARY KEY DEFAULT true CHECK (one), at timestamptz NOT NULL)"
        )
        await connection.execute("INSERT INTO greenlane_clock.clock (at) VALUES ($1) ON CONFLICT DO NOTHING", at)
    finally:
        await connection.close()


async def move_recording_clock(connection: asyncpg.Connection, at: datetime) -> None:
    """Everyone's clock moves forward to an instant; it never goes back."""
    await connection.execute("UPDATE greenlane_clock.clock SET at = greatest(at, $1)", at)


async def recording_time(connection: asyncpg.Connection) -> datetime:
    """Where the recording's clock stands."""
    return in_china(await connection.fetchval("SELECT at FROM greenlane_clock.clock"))
