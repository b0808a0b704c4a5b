"""What an invariant stands on: one snapshot of the whole database, the topics, the wirings; nothing of it can be changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import asyncpg

from services.front.bus import ends_of, whole_topic
from shared.event_store.commit import Row
from shared.event_store.stored import Stored
from shared.kernel.aggregate import Aggregate
from shared.kernel.instant import in_china
from shared.kernel.value import value
from shared.messaging.codec import Record
from shared.messaging.wiring import Wiring
from shared.privacy.crypto import Cipher
from shared.runtime.clock import ClockName, sql_of
from shared.runtime.topics import TOPICS

Order = Literal["position", "stream", "cause"]
SHOWN_MAX = 50
PREFETCH = 1_000
_ROW = "originator_id, originator_version, topic, state, event_id, cause, correlation, subject, bus_key, at, notification_id"
_ORDERS: Mapping[Order, str] = {
    "position": "notification_id",
    "stream": "originator_id, originator_version",
    "cause": "cause, notification_id",
}


@dataclass(slots=True)
class Finding:
    """What one invariant found: how much it looked at, what is wrong (the first ones in words), what one should know.

    ``skipped`` says why it could not be asked here; it is not a pass.
    """

    checked: int = 0
    violated: int = 0
    violations: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: str | None = None

    def violation(self, words: str) -> None:
        """One more thing that is wrong. Words name streams, places and ids; never what is in them."""
        self.violated += 1
        if len(self.violations) < SHOWN_MAX:
            self.violations.append(words)

    def expect(self, holds: bool, words: str) -> None:
        """One thing looked at; wrong where it does not hold."""
        self.checked += 1
        if not holds:
            self.violation(words)


@value
class Invariant:
    """One promise of the pipeline, and how it is asked of a live store."""

    number: int
    words: str
    check: Callable[[Ground], Awaitable[Finding]]


@dataclass(slots=True)
class Ground:
    """A snapshot. ``quiet``: nothing was under way when it was taken; ``busy`` says what was, where something was."""

    connection: asyncpg.Connection
    wirings: Mapping[str, Wiring]
    bootstrap: str | None = None
    clock: ClockName = "live"
    quiet: bool = False
    cipher: Cipher | None = None
    busy: str | None = None
    must_be_quiet: bool = False
    _ends: dict[tuple[str, int], tuple[int, int]] | None = None

    async def fetch(self, query: str, *args: object) -> list[Any]:
        """Rows of the snapshot; a service's tables are named ``"service".table``."""
        return list(await self.connection.fetch(query, *args))

    async def value(self, query: str, *args: object) -> Any:
        return await self.connection.fetchval(query, *args)

    async def has(self, table: str) -> bool:
        """Whether this database has a table."""
        return bool(await self.value("SELECT to_regclass($1) IS NOT NULL", table))

    async def now(self) -> datetime:
        """What time it is by the house's clock."""
        return in_china(await self.value(f"SELECT {sql_of(self.clock)}"))

    async def published(self, service: str) -> int:
        """Up to which position a service's relay has published."""
        return int(await self.value(f'SELECT published FROM "{service}".relay'))

    async def head(self, service: str) -> int:
        """The last position of a service."""
        return int(await self.value(f'SELECT coalesce(max(notification_id), 0) FROM "{service}".stored_events'))

    async def rows(self, service: str, order: Order = "position", names: Sequence[str] = ()) -> AsyncIterator[Row]:
        """Every stored row of a service (of these stored names), streamed."""
        some = " WHERE topic = ANY($1)" if names else ""
        query = f'SELECT {_ROW} FROM "{service}".stored_events{some} ORDER BY {_ORDERS[order]}'
        async for record in self.connection.cursor(query, *([list(names)] if names else []), prefetch=PREFETCH):
            yield Row(*record)

    async def facts(self, service: str, order: Order = "position", *kinds: str) -> AsyncIterator[Stored]:
        """Every fact (of these class names) that can be read; what can't is invariant 11's to tell."""
        book = self.wirings[service].facts
        names = [n for n in book.names if n.rpartition(".")[0] in kinds] if kinds else []
        if len({n.rpartition(".")[0] for n in names}) != len(set(kinds)):
            raise KeyError(f"{service} has no facts {sorted(set(kinds) - {n.rpartition('.')[0] for n in names})}")
        async for row in self.rows(service, order, names):
            try:
                fact = book.decode(row.name, row.state)
            except (KeyError, ValueError):
                continue
            yield stored_of(row, fact)

    async def ends(self) -> dict[tuple[str, int], tuple[int, int]]:
        """(topic, partition) → (first offset kept, end)."""
        if self._ends is None:
            assert self.bootstrap is not None
            self._ends = await ends_of(self.bootstrap, {name: t.partitions for name, t in TOPICS.items()})
        return self._ends

    async def records(self, topic: str) -> AsyncIterator[Record]:
        """Everything on a topic now."""
        assert self.bootstrap is not None
        async for record in whole_topic(self.bootstrap, topic, TOPICS[topic].partitions):
            yield record


def stored_of(row: Row, fact: Any) -> Stored:
    """A row with its fact read."""
    return Stored(
        row.stream, row.version, fact, row.event_id, row.cause, row.correlation, row.subject, row.key, row.at,
        row.position,
    )  # fmt: skip


def aggregate_of(wiring: Wiring, stream: str) -> Aggregate[Any] | None:
    """What kind of stream this is: the longest prefix counts; None where the service knows none."""
    kinds = [a for a in wiring.aggregates if stream.startswith(f"{a.prefix}/")]
    return max(kinds, key=lambda a: len(a.prefix), default=None)


def kind_of(stored: Stored) -> str:
    """The class name of a fact."""
    return type(stored.fact).__name__


@asynccontextmanager
async def snapshot(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees one state of the whole database and can't change it."""
    connection = await asyncpg.connect(dsn, server_settings={"application_name": "greenlane-verify", "jit": "off"})
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection
    finally:
        await connection.close()
