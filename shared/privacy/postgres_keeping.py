"""How long the vault in PostgreSQL keeps what it has: wishes and erasure, retention, and bringing rows under a new key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from shared.privacy.crypto import Cipher, Sealed
from shared.privacy.keeping import FirstNamed, Kept, Old, Wish

# A wish that waits keeps its actor, reason and instant; one that was carried out begins anew.
_REMEMBER = """
INSERT INTO vault.erasures AS e (member_ref, actor, reason, at, held_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (member_ref) DO UPDATE SET held_by = excluded.held_by, erased_at = NULL,
    actor = CASE WHEN e.erased_at IS NULL THEN e.actor ELSE excluded.actor END,
    reason = CASE WHEN e.erased_at IS NULL THEN e.reason ELSE excluded.reason END,
    at = CASE WHEN e.erased_at IS NULL THEN e.at ELSE excluded.at END
"""
_WISH = "SELECT member_ref, actor, reason, at, held_by, erased_at FROM vault.erasures"
_KEPT = """
SELECT (SELECT count(*) FROM vault.persons WHERE member_ref = $1),
       (SELECT count(*) FROM vault.accounts WHERE member_ref = $1),
       (SELECT count(*) FROM vault.notes WHERE member_ref = $1),
       (SELECT count(*) FROM vault.records WHERE cause = ANY ($2))
"""
_FIRST_NAMED = """
SELECT p.member_ref, p.first_by FROM vault.persons p LEFT JOIN vault.records r ON r.cause = p.first_by
WHERE r.at IS NULL OR r.at < $1 ORDER BY p.member_ref
"""
_OLD = """
SELECT (SELECT count(*) FROM vault.records WHERE at < $1 AND NOT EXISTS (
            SELECT 1 FROM unnest($2::uuid[]) AS spared WHERE spared = cause)),
       (SELECT count(*) FROM vault.quarantine WHERE at < $1)
"""
# Rows with a data key of their own: table, key, and the name under which each is sealed.
_WRAPPED = (
    ("persons", "member_ref", "encode(blind_index, 'hex')"),
    ("accounts", "account_ref", "encode(blind_index, 'hex')"),
    ("notes", "cause", "cause::text"),
)
# Columns sealed by the active key itself, whose id leads.
_SEALED = (
    ("records", "cause", "sealed", "cause::text"),
    ("quarantine", "id", "raw", "id::text"),
    ("quarantine", "id", "headers", "id::text || '/headers'"),
)
_OTHER_KEY = "substring({column} FROM 1 FOR octet_length($1::bytea)) <> $1"


class PostgresKeeping:
    """The part of `PostgresVault` that deletes and rewraps."""

    def __init__(self, pool: asyncpg.Pool, cipher: Cipher) -> None:
        self._pool = pool
        self._cipher = cipher

    def _forget(self, index: bytes | None) -> None:
        """Stop believing that this person is here."""

    async def remember(self, wish: Wish) -> None:
        """See `Vault.remember`."""
        await self._pool.execute(_REMEMBER, wish.member_ref, wish.actor, wish.reason, wish.at, list(wish.held_by))

    async def wish_of(self, member_ref: str) -> Wish | None:
        """See `Vault.wish_of`."""
        row = await self._pool.fetchrow(f"{_WISH} WHERE member_ref = $1", member_ref)
        return None if row is None else _wish(row)

    async def wishes(self) -> list[Wish]:
        """See `Vault.wishes`."""
        rows = await self._pool.fetch(f"{_WISH} WHERE erased_at IS NULL ORDER BY at, member_ref")
        return [_wish(row) for row in rows]

    async def requests_of(self, member_ref: str) -> list[str]:
        """See `Vault.requests_of`."""
        query = "SELECT DISTINCT request_id FROM vault.cases WHERE member_ref = $1 ORDER BY request_id"
        return [row[0] for row in await self._pool.fetch(query, member_ref)]

    async def kept_of(self, member_ref: str, records: Collection[UUID] = ()) -> Kept:
        """See `Vault.kept_of`."""
        row = await self._pool.fetchrow(_KEPT, member_ref, list(records))
        return Kept(*row) if row is not None else Kept()

    async def erase(self, member_ref: str, records: Collection[UUID] = (), at: datetime | None = None) -> bool:
        """See `Vault.erase`."""
        async with self._pool.acquire() as connection, connection.transaction():
            index = await connection.fetchval(
                "DELETE FROM vault.persons WHERE member_ref = $1 RETURNING blind_index", member_ref
            )
            await connection.execute("DELETE FROM vault.records WHERE cause = ANY ($1)", list(records))
            await connection.execute(
                "UPDATE vault.erasures SET erased_at = coalesce($2::timestamptz, now()), held_by = '{}' "
                "WHERE member_ref = $1 AND erased_at IS NULL",
                member_ref,
                at,
            )
        self._forget(index)
        return index is not None

    async def first_named_before(self, at: datetime) -> list[FirstNamed]:
        """See `Vault.first_named_before`."""
        return [FirstNamed(*row) for row in await self._pool.fetch(_FIRST_NAMED, at)]

    async def old_before(self, at: datetime, sparing: Collection[UUID] = ()) -> Old:
        """See `Vault.old_before`."""
        row = await self._pool.fetchrow(_OLD, at, list(sparing))
        return Old(*row) if row is not None else Old()

    async def forget_before(self, at: datetime, sparing: Collection[UUID] = ()) -> int:
        """See `Vault.forget_before`."""
        addresses = await self._pool.execute(
            "DELETE FROM vault.records WHERE at < $1 "
            "AND NOT EXISTS (SELECT 1 FROM unnest($2::uuid[]) AS spared WHERE spared = cause)",
            at,
            list(sparing),
        )
        raws = await self._pool.execute("DELETE FROM vault.quarantine WHERE at < $1", at)
        return _count(addresses) + _count(raws)

    async def stale(self) -> dict[str, int]:
        """See `Vault.stale`."""
        found: dict[str, int] = {}
        for table, _, _ in _WRAPPED:
            query = f"SELECT count(*) FROM vault.{table} WHERE key_id <> $1"
            found[table] = await self._pool.fetchval(query, self._cipher.active)
        for table, columns in (("records", ("sealed",)), ("quarantine", ("raw", "headers"))):
            other = " OR ".join(_OTHER_KEY.format(column=column) for column in columns)
            found[table] = await self._pool.fetchval(f"SELECT count(*) FROM vault.{table} WHERE {other}", self._leading)
        return found

    @property
    def _leading(self) -> bytes:
        return self._cipher.active.encode() + b"\x00"

    async def rewrap(self, limit: int) -> int:
        """See `Vault.rewrap`."""
        done = 0
        async with self._pool.acquire() as connection, connection.transaction():
            for table, key, name in _WRAPPED:
                done += await self._wrap_anew(connection, table, key, name, limit - done)
            for table, key, column, name in _SEALED:
                done += await self._seal_anew(connection, table, key, column, name, limit - done)
        return done

    async def _wrap_anew(self, connection: Any, table: str, key: str, name: str, limit: int) -> int:
        rows = await connection.fetch(
            f"SELECT {key} AS key, {name} AS name, key_id, wrapped_key, ciphertext FROM vault.{table} "
            "WHERE key_id <> $1 LIMIT $2 FOR UPDATE SKIP LOCKED",
            self._cipher.active,
            limit,
        )
        for row in rows:
            new = self._cipher.rewrap(Sealed(row["key_id"], row["wrapped_key"], row["ciphertext"]), row["name"])
            query = f"UPDATE vault.{table} SET key_id = $2, wrapped_key = $3 WHERE {key} = $1"
            await connection.execute(query, row["key"], new.key_id, new.wrapped_key)
        return len(rows)

    async def _seal_anew(self, connection: Any, table: str, key: str, column: str, name: str, limit: int) -> int:
        rows = await connection.fetch(
            f"SELECT {key} AS key, {name} AS name, {column} AS sealed FROM vault.{table} "
            f"WHERE {_OTHER_KEY.format(column=column)} LIMIT $2 FOR UPDATE SKIP LOCKED",
            self._leading,
            limit,
        )
        for row in rows:
            new = self._cipher.seal_plainly(self._cipher.open_plainly(row["sealed"], row["name"]), row["name"])
            await connection.execute(f"UPDATE vault.{table} SET {column} = $2 WHERE {key} = $1", row["key"], new)
        return len(rows)


def _wish(row: Any) -> Wish:
    return Wish(row["member_ref"], row["actor"], row["reason"], row["at"], tuple(row["held_by"]), row["erased_at"])


def _count(status: str) -> int:
    return int(status.rsplit(maxsplit=1)[-1])
