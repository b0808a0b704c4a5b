"""The store in PostgreSQL: one function, one round trip, one transaction (schema.sql)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any
from uuid import UUID

import asyncpg

from shared.event_store.commit import (
    ArmedTimer,
    BadRow,
    CaseFree,
    CaseParked,
    Commit,
    ParkedMessage,
    PositionMoved,
    Race,
    Row,
    SeenBefore,
    StoreUnavailable,
)

_RACES: dict[str, type[Race]] = {
    "GL001": PositionMoved, "GL002": SeenBefore, "GL003": Race, "GL004": Race, "GL005": CaseParked, "GL006": Race,
    "GL007": CaseFree,
    "23505": Race, "40001": Race, "40P01": Race,
}  # fmt: skip
_UNAVAILABLE_CLASSES = ("08", "53", "57", "58")
_UNAVAILABLE_CODES = {"25006", "25P03", "55P03"}
_APPEND = f"SELECT append({', '.join(f'${n}' for n in range(1, 48))})"
_ROW = "originator_id, originator_version, topic, state, event_id, cause, correlation, subject, bus_key, at, notification_id"
_TIMER = "id, stream, name, due_at, note, subject, bus_key, correlation, ends"
# InternalClientError: a connection that breaks in the middle of an answer leaves the driver in a state it calls impossible.
DRIVER_ERRORS = (
    asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError,
)  # fmt: skip
RECORDING_CLOCK = "(SELECT at FROM greenlane_clock.clock)"


def judged(error: BaseException) -> Exception:
    """An error of the driver as one of the three kinds: Race, StoreUnavailable, BadRow."""
    code = getattr(error, "sqlstate", None)
    if code is None:
        return StoreUnavailable(type(error).__name__)
    if code in _RACES:
        return _RACES[code](str(getattr(error, "message", code)), str(getattr(error, "detail", "") or ""))
    if code[:2] in _UNAVAILABLE_CLASSES or code in _UNAVAILABLE_CODES:
        return StoreUnavailable(f"{code} {type(error).__name__}")
    return BadRow(f"{code} {type(error).__name__}")


@asynccontextmanager
async def _told_apart() -> AsyncIterator[None]:
    try:
        yield
    except DRIVER_ERRORS as error:
        # A DataError of the driver's own encoder has no SQLSTATE, but it is the message's fault, not the network's.
        if isinstance(error, asyncpg.DataError):
            raise BadRow(type(error).__name__) from error
        raise judged(error) from error


async def open_pool(dsn: str, schema: str, *, size: int = 4, command_timeout_s: float = 30) -> asyncpg.Pool:
    """Connections of one service. Time-outs are the connection's: inside a function they do not bind the running call."""
    settings = {
        "search_path": schema,
        "statement_timeout": "30s",
        "lock_timeout": "15s",
        "idle_in_transaction_session_timeout": "30s",
        "application_name": f"greenlane-{schema}",
        "jit": "off",
    }
    return await asyncpg.create_pool(
        dsn, min_size=1, max_size=size, command_timeout=command_timeout_s, server_settings=settings
    )


async def migrate(dsn: str, schema: str) -> None:
    """Make or bring up to date the schema of one service, idempotently, one at a time."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext('greenlane migrate'))")
            await connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
            await connection.execute(f'SET LOCAL search_path TO "{schema}"')
            await connection.execute(files("shared.event_store").joinpath("schema.sql").read_text("utf-8"))
    finally:
        await connection.close()


class PostgresStore:
    """A `Store`. ``clock`` is the SQL that says what time it is: ``now()``, or the recording's."""

    def __init__(self, pool: asyncpg.Pool, *, clock: str = "now()") -> None:
        self.pool = pool
        self._due = (
            f"SELECT {_TIMER} FROM timers t WHERE fired_at IS NULL AND due_at <= {clock} AND (ends IS NULL OR NOT EXISTS ("
            "SELECT 1 FROM jsonb_each_text(ends) AS e(k, v) LEFT JOIN positions p ON p.topic || '/' || p.partition = e.k "
            "WHERE coalesce(p.next, 0) < e.v::bigint)) ORDER BY due_at, id LIMIT $1"
        )

    async def append(self, commit: Commit) -> int | None:
        async with _told_apart():
            last: int | None = await self.pool.fetchval(_APPEND, *_arrays(commit))
            return last

    async def load(self, streams: Sequence[str]) -> dict[str, list[Row]]:
        query = (
            f"SELECT {_ROW} FROM stored_events WHERE originator_id = ANY($1) ORDER BY originator_id, originator_version"
        )
        async with _told_apart():
            found: dict[str, list[Row]] = {}
            for record in await self.pool.fetch(query, list(streams)):
                found.setdefault(record[0], []).append(Row(*record))
            return found

    async def seen(self, ids: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], bytes]:
        query = (
            "SELECT i.source, i.event_id, i.hash FROM inbox i JOIN unnest($1::text[], $2::uuid[]) AS a(s, e) "
            "ON i.source = a.s AND i.event_id = a.e"
        )
        async with _told_apart():
            rows = await self.pool.fetch(query, [s for s, _ in ids], [e for _, e in ids])
            return {(r[0], r[1]): r[2] for r in rows}

    async def positions(self) -> dict[tuple[str, int], tuple[int, str]]:
        async with _told_apart():
            rows = await self.pool.fetch("SELECT topic, partition, next, topic_id FROM positions")
            return {(r[0], r[1]): (r[2], r[3]) for r in rows}

    async def open_position(self, topic: str, partition: int, first: int, topic_id: str) -> None:
        query = (
            "INSERT INTO positions (topic, partition, next, first, topic_id) VALUES ($1, $2, $3, $3, $4) "
            "ON CONFLICT DO NOTHING"
        )
        async with _told_apart():
            await self.pool.execute(query, topic, partition, first, topic_id)

    async def parked_subjects(self) -> set[str]:
        async with _told_apart():
            rows = await self.pool.fetch("SELECT DISTINCT subject FROM parked WHERE state = 'parked'")
            return {r[0] for r in rows}

    async def parked_of(self, subject: str) -> list[ParkedMessage]:
        query = (
            "SELECT subject, message_id, source, message, kind, reason, at, seq FROM parked "
            "WHERE state = 'parked' AND subject = $1 ORDER BY seq"
        )
        async with _told_apart():
            return [ParkedMessage(*r) for r in await self.pool.fetch(query, subject)]

    async def due_timers(self, limit: int) -> list[ArmedTimer]:
        async with _told_apart():
            rows = await self.pool.fetch(self._due, limit)
            return [ArmedTimer(*(*r[:8], json.loads(r[8]) if r[8] else None)) for r in rows]

    async def read_after(self, position: int, limit: int) -> list[Row]:
        query = f"SELECT {_ROW} FROM stored_events WHERE notification_id > $1 ORDER BY notification_id LIMIT $2"
        async with _told_apart():
            return [Row(*r) for r in await self.pool.fetch(query, position, limit)]

    async def ids_after(self, position: int, limit: int) -> list[tuple[int, UUID]]:
        query = (
            "SELECT notification_id, event_id FROM stored_events WHERE notification_id > $1 "
            "ORDER BY notification_id LIMIT $2"
        )
        async with _told_apart():
            return [(r[0], r[1]) for r in await self.pool.fetch(query, position, limit)]

    async def head(self) -> int:
        """The last global position that was committed."""
        async with _told_apart():
            return int(await self.pool.fetchval("SELECT coalesce(max(notification_id), 0) FROM stored_events"))

    async def published(self) -> int:
        async with _told_apart():
            return int(await self.pool.fetchval("SELECT published FROM relay"))

    async def set_published(self, position: int) -> None:
        async with _told_apart():
            await self.pool.execute("UPDATE relay SET published = greatest(published, $1)", position)

    async def lead(self, holder: str, seconds: float) -> bool:
        """Be, or stay, the one process that publishes and fires timers, for so long by the database's own clock."""
        query = (
            "UPDATE relay SET holder = $1, until = clock_timestamp() + make_interval(secs => $2) "
            "WHERE holder = $1 OR holder IS NULL OR until < clock_timestamp() RETURNING true"
        )
        async with _told_apart():
            return bool(await self.pool.fetchval(query, holder, seconds))

    async def step_down(self, holder: str) -> None:
        async with _told_apart():
            await self.pool.execute("UPDATE relay SET holder = NULL, until = NULL WHERE holder = $1", holder)


def _arrays(c: Commit) -> list[list[Any]]:
    """A commit as the 47 arrays of append(), each kind in sorted key order: two orders are a deadlock."""
    reads = sorted(c.reads, key=lambda r: (r.topic, r.partition))
    inbox = sorted(c.inbox, key=lambda m: (m.source, m.event_id))
    fired = sorted(c.fired)
    expect = sorted(c.expect.items())
    k, e, t = c.park, c.events, c.timers
    return [
        [r.topic for r in reads], [r.partition for r in reads], [r.read for r in reads], [r.next for r in reads],
        [r.topic_id for r in reads], [r.accepted for r in reads], [r.duplicate for r in reads],
        [r.quarantined for r in reads], [r.parked for r in reads], [r.ignored for r in reads],
        [m.source for m in inbox], [m.event_id for m in inbox], [m.hash for m in inbox], [m.outcome for m in inbox],
        [m.at for m in inbox],
        [f[0] for f in fired], [f[1] for f in fired],
        [x[0] for x in expect], [x[1] for x in expect],
        sorted(c.free),
        sorted(c.replayed),
        [p.subject for p in k], [p.message_id for p in k], [p.source for p in k], [p.message for p in k],
        [p.kind for p in k], [p.reason for p in k], [p.at for p in k],
        [r.stream for r in e], [r.version for r in e], [r.name for r in e], [r.state for r in e], [r.event_id for r in e],
        [r.cause for r in e], [r.correlation for r in e], [r.subject for r in e], [r.key for r in e], [r.at for r in e],
        [r.id for r in t], [r.stream for r in t], [r.name for r in t], [r.due_at for r in t], [r.note for r in t],
        [r.subject for r in t], [r.key for r in t], [r.correlation for r in t],
        [json.dumps(dict(r.ends)) if r.ends is not None else None for r in t],
    ]  # fmt: skip
