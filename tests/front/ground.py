"""A tiny house for planting things that must never be: real tables, real facts of the services, no processes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import asyncpg

from services.front.invariants import INVARIANTS, Finding, Ground, snapshot
from services.front.wirings import wirings
from shared.event_store.stored import Stored
from shared.handbook import load_editions
from shared.kernel.ids import fact_id, named, timer_id
from shared.kernel.instant import CST
from shared.messaging.wiring import Wiring
from shared.privacy.crypto import Cipher
from shared.privacy.keys import make_keys

NOON = datetime(2026, 9, 24, 12, 0, tzinfo=CST)
HOUSE: Mapping[str, Wiring] = wirings(load_editions(allow_demo=True))
_TABLES = "stored_events, positions, inbox, timers, parked"


class Plot:
    """Ground to plant in: writes what a service would have written, or what it never would."""

    def __init__(self, dsn: str, connection: asyncpg.Connection) -> None:
        self.dsn = dsn
        self.sql = connection
        self._cause = 0

    async def clear(self) -> None:
        """Nothing is stored, nothing was read."""
        for service in HOUSE:
            await self.sql.execute(f'ALTER TABLE "{service}".stored_events ENABLE TRIGGER ALL')
            for table in _TABLES.split(", "):
                await self.sql.execute(f'TRUNCATE "{service}".{table} RESTART IDENTITY')
            await self.sql.execute(f'UPDATE "{service}".relay SET published = 0')
        await self.sql.execute("TRUNCATE vault.persons, vault.accounts, vault.notes, vault.quarantine, vault.policies")
        await self.sql.execute("UPDATE greenlane_clock.clock SET at = $1", NOON + timedelta(days=1))

    async def tell(
        self,
        service: str,
        stream: str,
        *facts: Any,
        subject: str = "case-1",
        source: str = "greenlane/test",
        correlation: UUID | None = None,
        cause: UUID | None = None,
        arm: bool = True,
    ) -> UUID:
        """One message that took effect: its inbox row, its facts, the timers they arm; everything published."""
        wiring = HOUSE[service]
        if cause is None:
            self._cause += 1
            cause = named("planted", str(self._cause))
            await self.sql.execute(
                f'INSERT INTO "{service}".inbox (consumer, source, event_id, hash, outcome, at) '
                "VALUES ($1, $2, $3, '', 'applied', $4)", service, source, cause, NOON,
            )  # fmt: skip
            await self._count(service)
        version = await self.sql.fetchval(
            f'SELECT coalesce(max(originator_version), 0) FROM "{service}".stored_events WHERE originator_id = $1',
            stream,
        )
        done = await self.sql.fetchval(f'SELECT count(*) FROM "{service}".stored_events WHERE cause = $1', cause)
        for n, fact in enumerate(facts):
            await self.row(
                service, stream, version + n + 1, wiring.facts.name_of(fact), wiring.facts.encode(fact),
                cause=cause, n=done + n, subject=subject, correlation=correlation or cause,
            )  # fmt: skip
            if arm:
                await self._arm(
                    service,
                    stream,
                    version + n + 1,
                    fact,
                    fact_id(cause, service, done + n),
                    subject,
                    correlation or cause,
                )
        await self.sql.execute(
            f'UPDATE "{service}".relay SET published = (SELECT coalesce(max(notification_id), 0) FROM "{service}".stored_events)'
        )
        return cause

    async def row(
        self, service: str, stream: str, version: int, name: str, state: bytes, *, cause: UUID, n: int = 0,
        subject: str = "case-1", correlation: UUID | None = None,
    ) -> None:  # fmt: skip
        """One stored row, as it is told."""
        await self.sql.execute(
            f'INSERT INTO "{service}".stored_events (originator_id, originator_version, topic, state, event_id, cause, '
            "correlation, subject, bus_key, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'm_1', $9)",
            stream, version, name, state, fact_id(cause, service, n), cause, correlation or cause, subject, NOON,
        )  # fmt: skip

    async def _arm(
        self, service: str, stream: str, version: int, fact: Any, event_id: UUID, subject: str, correlation: UUID
    ) -> None:
        stored = Stored(stream, version, fact, event_id, event_id, correlation, subject, "m_1", NOON)
        for n, timer in enumerate(HOUSE[service].timers(stored)):
            await self.sql.execute(
                f'INSERT INTO "{service}".timers (id, stream, name, due_at, note, subject, bus_key, correlation, ends) '
                "VALUES ($1, $2, $3, $4, $5, $6, 'm_1', $7, $8)",
                timer_id(event_id, n), stream, timer.name, timer.due_at, timer.note, subject, correlation,
                "{}" if timer.asks else None,
            )  # fmt: skip

    async def _count(self, service: str) -> None:
        """One more record was read and accepted."""
        await self.sql.execute(
            f'INSERT INTO "{service}".positions (topic, partition, next, first, topic_id, accepted) '
            "VALUES ('planted', 0, 1, 0, 'x', 1) ON CONFLICT (topic, partition) DO UPDATE "
            "SET next = positions.next + 1, accepted = positions.accepted + 1"
        )

    async def ask(self, number: int, **more: Any) -> Finding:
        """What an invariant finds on what stands here now."""
        invariant = next(i for i in INVARIANTS if i.number == number)
        async with snapshot(self.dsn) as connection:
            settings: dict[str, Any] = {"clock": "recording", "quiet": True, **more}
            return await invariant.check(Ground(connection, HOUSE, **settings))

    async def holds(self, number: int, **more: Any) -> None:
        """Fails where an invariant is violated; looked at nothing counts as failure too."""
        found = await self.ask(number, **more)
        assert found.violated == 0, found.violations
        assert found.skipped is None
        assert found.checked > 0

    async def fails(self, number: int, words: str, **more: Any) -> None:
        """Fails where an invariant does not see what was planted."""
        found = await self.ask(number, **more)
        assert found.violated, f"invariant {number} sees nothing wrong"
        assert any(words in v for v in found.violations), found.violations


def fixed_cipher() -> Cipher:
    """A cipher with keys of its own."""
    seed = iter(range(1, 100_000))

    def entropy(size: int) -> bytes:
        return next(seed).to_bytes(4, "big") * (size // 4)

    return Cipher(make_keys(entropy), entropy)


def said(service: str, name: str, /, **fields: Any) -> Any:
    """A fact of a service by the name of its class."""
    module = import_module(f"services.{service}.domain.facts")
    return {kind.__name__: kind for kind in module.FACTS}[name](**fields)
