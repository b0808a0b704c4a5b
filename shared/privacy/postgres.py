"""The vault in PostgreSQL: one round trip a batch, everything sealed before it leaves the process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from shared.privacy.crypto import Cipher, Sealed
from shared.privacy.postgres_keeping import PostgresKeeping
from shared.privacy.references import References
from shared.privacy.vault import (
    AccountSeen,
    Batch,
    CaseKnown,
    Member,
    NoteSeen,
    PersonSeen,
    RawKept,
    RecordSeen,
    Taken,
    Told,
    merged,
    pack,
    unpack_account,
    unpack_address,
    unpack_particulars,
)

Pool = asyncpg.Pool

_TAKE_IN = f"SELECT * FROM vault.take_in({', '.join(f'${n}' for n in range(1, 28))})"
_TELL = """
WITH members AS (
    SELECT member_ref, blind_index, key_id, wrapped_key, ciphertext FROM vault.persons WHERE member_ref = ANY ($1)
), written AS (
    INSERT INTO vault.disclosures (member_ref, told) SELECT member_ref, $4 FROM members
)
SELECT 'm' AS kind, member_ref AS ref, blind_index, key_id, wrapped_key, ciphertext, NULL::uuid AS cause FROM members
UNION ALL
SELECT 'a', account_ref, blind_index, key_id, wrapped_key, ciphertext, NULL FROM vault.accounts
    WHERE account_ref = ANY ($2)
UNION ALL
SELECT 'r', NULL, NULL, NULL, NULL, sealed, cause FROM vault.records WHERE cause = ANY ($3)
"""
_KEEP_ACCOUNTS = """
INSERT INTO vault.accounts (account_ref, blind_index, member_ref, key_id, wrapped_key, ciphertext)
    SELECT a.ref, a.blind, a.member, a.key_id, a.wrapped, a.cipher
    FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::bytea[], $6::bytea[])
        AS a(ref, blind, member, key_id, wrapped, cipher)
    JOIN vault.persons p ON p.member_ref = a.member
    ON CONFLICT DO NOTHING
"""
_KEEP_NOTES = """
INSERT INTO vault.notes (cause, member_ref, key_id, wrapped_key, ciphertext)
    SELECT n.cause, n.member, n.key_id, n.wrapped, n.cipher
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[])
        AS n(cause, member, key_id, wrapped, cipher)
    JOIN vault.persons p ON p.member_ref = n.member
    ON CONFLICT DO NOTHING
"""
CACHE_SIZE = 50_000


def schema() -> str:
    """The SQL that makes the vault; running it again changes nothing."""
    return Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")


class PostgresVault(PostgresKeeping):
    """See `Vault`. ``pool`` is the vault's own connection; raises asyncpg's errors where it cannot answer now.

    The cache remembers what was saved of whom (a keyed hash), so that a known person is not sealed again. It is only
    believed: where a person is gone, the batch is sent once more with everything sealed.
    """

    def __init__(self, pool: Pool, cipher: Cipher, references: References, cache_size: int = CACHE_SIZE) -> None:
        super().__init__(pool, cipher)
        self._references = references
        self._cache_size = cache_size
        self._saved: OrderedDict[bytes, bytes] = OrderedDict()

    def blind(self, kind: str, *parts: str) -> bytes:
        """See `Vault.blind`."""
        return self._cipher.blind(kind, *parts)

    def fingerprint(self, said: bytes) -> bytes:
        """See `Vault.fingerprint`."""
        return self._cipher.fingerprint(said)

    async def take_in(self, batch: Batch) -> Taken:
        """See `Vault.take_in`."""
        named = [(self.blind("person", p.particulars.id_type, p.particulars.id_number), p) for p in batch.persons]
        indexes = [index for index, _ in named]
        persons = merged(named)
        policies = [self.blind("policy", number) for number in batch.policies]
        rows = await self._call(batch, persons, indexes, policies, self._saved)
        members = _members(rows)
        if len(members) < len(persons):  # the cache believed in someone who was erased
            rows = await self._call(batch, persons, indexes, policies, {})
            members = _members(rows)
        for index, seen in persons.items():
            self._remember(index, self._words(seen))
        refs = {row["index"]: row["name"] for row in rows if row["kind"] == "p"}
        return Taken(
            [members[index] for index in indexes],
            [refs[index] for index in policies],
            {row["id"]: CaseKnown(row["name"], row["more"]) for row in rows if row["kind"] == "c"},
            {row["name"]: row["more"] for row in rows if row["kind"] == "q"},
            {row["id"]: row["index"] for row in rows if row["kind"] == "r"},
        )

    def _forget(self, index: bytes | None) -> None:
        self._saved.pop(index or b"", None)

    def _words(self, seen: PersonSeen) -> bytes:
        return self._cipher.fingerprint(pack(seen.particulars))

    def _remember(self, index: bytes, words: bytes) -> None:
        self._saved[index] = words
        self._saved.move_to_end(index)
        while len(self._saved) > self._cache_size:
            self._saved.popitem(last=False)

    async def _call(
        self,
        batch: Batch,
        persons: Mapping[bytes, PersonSeen],
        indexes: Sequence[bytes],
        policies: Sequence[bytes],
        saved: Mapping[bytes, bytes],
    ) -> list[Any]:
        arguments = (
            *self._person_columns(persons, saved),
            *_columns(sorted((index, self._references.new("policy", index)) for index in set(policies)), 2),
            *_columns(sorted((c.case_key, c.request_id, indexes[c.person]) for c in _first_cases(batch)), 3),
            batch.asked_cases,
            batch.asked_requests,
            *self._record_columns(batch.records),
            *self._raw_columns(batch.raws),
        )
        rows: list[Any] = await self._pool.fetch(_TAKE_IN, *arguments)
        return rows

    def _person_columns(self, persons: Mapping[bytes, PersonSeen], saved: Mapping[bytes, bytes]) -> list[list[Any]]:
        rows: list[tuple[Any, ...]] = []
        for index in sorted(persons):
            seen = persons[index]
            known = saved.get(index)
            if known is not None and (not seen.authoritative or known == self._words(seen)):
                rows.append((index, "", seen.by, False, None, None, None))
                continue
            sealed = self._cipher.seal(pack(seen.particulars), index.hex())
            ref = self._references.new("member", index)
            rows.append((index, ref, seen.by, seen.authoritative, sealed.key_id, sealed.wrapped_key, sealed.ciphertext))
        return _columns(rows, 7)

    def _record_columns(self, records: Sequence[RecordSeen]) -> list[list[Any]]:
        first: dict[UUID, RecordSeen] = {}
        for record in records:
            first.setdefault(record.cause, record)
        rows = [
            (cause, r.hash, self._cipher.seal_plainly(pack(r.address), str(cause)), r.at)
            for cause, r in sorted(first.items())
        ]
        return _columns(rows, 4)

    def _raw_columns(self, raws: Sequence[RawKept]) -> list[list[Any]]:
        seal = self._cipher.seal_plainly
        rows = [
            (
                raw.id, raw.topic, raw.partition, raw.offset, raw.reason, raw.pointer,
                seal(raw.raw, str(raw.id)), seal(raw.headers, f"{raw.id}/headers"), raw.at,
            )
            for raw in sorted({r.id: r for r in raws}.values(), key=lambda r: r.id)
        ]  # fmt: skip
        return _columns(rows, 9)

    async def keep(self, accounts: Sequence[AccountSeen], notes: Sequence[NoteSeen]) -> list[str]:
        """See `Vault.keep`."""
        if not accounts and not notes:
            return []
        async with self._pool.acquire() as connection, connection.transaction():
            if notes:
                await connection.execute(_KEEP_NOTES, *_columns([self._note_row(n) for n in notes], 5))
            if not accounts:
                return []
            rows = [self._account_row(a) for a in accounts]
            await connection.execute(_KEEP_ACCOUNTS, *_columns(sorted(rows, key=lambda r: (r[2], r[1])), 6))
            kept = await connection.fetch(
                "SELECT member_ref, blind_index, account_ref FROM vault.accounts WHERE member_ref = ANY ($1)",
                [a.member_ref for a in accounts],
            )
        refs = {(row["member_ref"], row["blind_index"]): row["account_ref"] for row in kept}
        return [refs.get((row[2], row[1]), row[0]) for row in rows]

    def _account_row(self, seen: AccountSeen) -> tuple[Any, ...]:
        a = seen.account
        index = self.blind("account", seen.member_ref, a.name, a.bank, a.number, a.holder)
        sealed = self._cipher.seal(pack(a), index.hex())
        ref = self._references.new("account", index)
        return ref, index, seen.member_ref, sealed.key_id, sealed.wrapped_key, sealed.ciphertext

    def _note_row(self, note: NoteSeen) -> tuple[Any, ...]:
        sealed = self._cipher.seal(note.text.encode(), str(note.cause))
        return note.cause, note.member_ref, sealed.key_id, sealed.wrapped_key, sealed.ciphertext

    async def tell(self, members: Sequence[str], accounts: Sequence[str], records: Sequence[UUID], to: str) -> Told:
        """See `Vault.tell`."""
        told = Told()
        for row in await self._pool.fetch(_TELL, list(set(members)), list(set(accounts)), list(set(records)), to):
            if row["kind"] == "r":
                packed = self._cipher.open_plainly(row["ciphertext"], str(row["cause"]))
                told.addresses[row["cause"]] = unpack_address(packed)
                continue
            sealed = Sealed(row["key_id"], row["wrapped_key"], row["ciphertext"])
            packed = self._cipher.open(sealed, row["blind_index"].hex())
            if row["kind"] == "m":
                told.members[row["ref"]] = unpack_particulars(packed)
            else:
                told.accounts[row["ref"]] = unpack_account(packed)
        return told


def _members(rows: Sequence[Any]) -> dict[bytes, Member]:
    return {row["index"]: Member(row["name"], row["id"]) for row in rows if row["kind"] == "m"}


def _first_cases(batch: Batch) -> list[Any]:
    first: dict[UUID, Any] = {}
    for case in batch.cases:
        first.setdefault(case.case_key, case)
    return list(first.values())


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows as columns: what ``unnest`` wants."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
