"""The vault's twin in memory, for tests and the simulator: the same answers, the same ciphers, no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.privacy.crypto import Cipher, Sealed
from shared.privacy.keeping import FirstNamed, Kept, Old, Wish
from shared.privacy.references import References
from shared.privacy.vault import (
    AccountSeen,
    Batch,
    CaseKnown,
    Member,
    NoteSeen,
    PersonSeen,
    RawKept,
    Taken,
    Told,
    merged,
    pack,
    unpack_account,
    unpack_address,
    unpack_particulars,
)


@dataclass(slots=True)
class _Person:
    ref: str
    first_by: UUID
    sealed: Sealed


@dataclass(slots=True)
class MemoryVault:
    """A vault that lasts as long as the process. Sealed like the real one, so that mistakes of keys show here too."""

    cipher: Cipher
    references: References
    persons: dict[bytes, _Person] = field(default_factory=dict)
    policies: dict[bytes, str] = field(default_factory=dict)
    cases: dict[UUID, CaseKnown] = field(default_factory=dict)
    records: dict[UUID, tuple[bytes, bytes, datetime]] = field(default_factory=dict)
    raws: dict[UUID, tuple[RawKept, bytes]] = field(default_factory=dict)
    accounts: dict[str, tuple[str, bytes, Sealed]] = field(default_factory=dict)
    notes: dict[UUID, tuple[str, Sealed]] = field(default_factory=dict)
    disclosures: list[tuple[str, str]] = field(default_factory=list)
    erasures: dict[str, Wish] = field(default_factory=dict)

    def blind(self, kind: str, *parts: str) -> bytes:
        """See `Vault.blind`."""
        return self.cipher.blind(kind, *parts)

    def fingerprint(self, said: bytes) -> bytes:
        """See `Vault.fingerprint`."""
        return self.cipher.fingerprint(said)

    async def take_in(self, batch: Batch) -> Taken:
        """See `Vault.take_in`."""
        taken = Taken()
        named = [(self.blind("person", p.particulars.id_type, p.particulars.id_number), p) for p in batch.persons]
        for index, seen in merged(named).items():
            self._keep(index, seen)
        taken.members = [Member(self.persons[i].ref, self.persons[i].first_by) for i, _ in named]
        for number in batch.policies:
            index = self.blind("policy", number)
            taken.policies.append(self.policies.setdefault(index, self.references.new("policy", index)))
        for case in batch.cases:
            self.cases.setdefault(case.case_key, CaseKnown(case.request_id, taken.members[case.person].ref))
        for record in batch.records:
            sealed = self.cipher.seal_plainly(pack(record.address), str(record.cause))
            self.records.setdefault(record.cause, (record.hash, sealed, record.at))
        for raw in batch.raws:
            self.raws.setdefault(raw.id, (raw, self.cipher.seal_plainly(raw.raw, str(raw.id))))
        taken.cases = {key: self.cases[key] for key in batch.asked_cases if key in self.cases}
        if batch.asked_requests:
            of_request = {known.request_id: known.member_ref for known in self.cases.values()}
            taken.requests = {r: of_request[r] for r in batch.asked_requests if r in of_request}
        taken.first_hashes = {r.cause: self.records[r.cause][0] for r in batch.records}
        return taken

    def _keep(self, index: bytes, seen: PersonSeen) -> None:
        known = self.persons.get(index)
        if known is not None and not seen.authoritative:
            return
        sealed = self.cipher.seal(pack(seen.particulars), index.hex())
        if known is None:
            self.persons[index] = _Person(self.references.new("member", index), seen.by, sealed)
        else:
            known.sealed = sealed

    async def keep(self, accounts: Sequence[AccountSeen], notes: Sequence[NoteSeen]) -> list[str]:
        """See `Vault.keep`."""
        members = {p.ref for p in self.persons.values()}
        refs = []
        for seen in accounts:
            a = seen.account
            index = self.blind("account", seen.member_ref, a.name, a.bank, a.number, a.holder)
            known = next((ref for ref, (_, blind, _) in self.accounts.items() if blind == index), None)
            ref = known or self.references.new("account", index)
            if known is None and seen.member_ref in members:
                self.accounts[ref] = (seen.member_ref, index, self.cipher.seal(pack(a), index.hex()))
            refs.append(ref)
        for note in notes:
            if note.member_ref in members:
                self.notes.setdefault(
                    note.cause, (note.member_ref, self.cipher.seal(note.text.encode(), str(note.cause)))
                )
        return refs

    async def tell(self, members: Sequence[str], accounts: Sequence[str], records: Sequence[UUID], to: str) -> Told:
        """See `Vault.tell`."""
        told = Told()
        wanted = set(members)
        for index, person in self.persons.items():
            if person.ref in wanted:
                told.members[person.ref] = unpack_particulars(self.cipher.open(person.sealed, index.hex()))
                self.disclosures.append((person.ref, to))
        for ref in accounts:
            if ref in self.accounts:
                _, blind, sealed = self.accounts[ref]
                told.accounts[ref] = unpack_account(self.cipher.open(sealed, blind.hex()))
        for cause in records:
            if cause in self.records:
                told.addresses[cause] = unpack_address(self.cipher.open_plainly(self.records[cause][1], str(cause)))
        return told

    async def remember(self, wish: Wish) -> None:
        """See `Vault.remember`."""
        before = self.erasures.get(wish.member_ref)
        waits = before is not None and before.erased_at is None
        self.erasures[wish.member_ref] = replace(before, held_by=wish.held_by) if before and waits else wish

    async def wish_of(self, member_ref: str) -> Wish | None:
        """See `Vault.wish_of`."""
        return self.erasures.get(member_ref)

    async def wishes(self) -> list[Wish]:
        """See `Vault.wishes`."""
        waiting = [w for w in self.erasures.values() if w.erased_at is None]
        return sorted(waiting, key=lambda w: (w.at, w.member_ref))

    async def requests_of(self, member_ref: str) -> list[str]:
        """See `Vault.requests_of`."""
        return sorted({c.request_id for c in self.cases.values() if c.member_ref == member_ref})

    async def kept_of(self, member_ref: str, records: Collection[UUID] = ()) -> Kept:
        """See `Vault.kept_of`."""
        return Kept(
            sum(p.ref == member_ref for p in self.persons.values()),
            sum(member == member_ref for member, _, _ in self.accounts.values()),
            sum(member == member_ref for member, _ in self.notes.values()),
            len(self.records.keys() & set(records)),
        )

    async def erase(self, member_ref: str, records: Collection[UUID] = (), at: datetime | None = None) -> bool:
        """See `Vault.erase`."""
        for cause in self.records.keys() & set(records):
            del self.records[cause]
        wish = self.erasures.get(member_ref)
        if wish is not None and wish.erased_at is None:
            self.erasures[member_ref] = replace(wish, held_by=(), erased_at=at or wish.at)
        index = next((i for i, p in self.persons.items() if p.ref == member_ref), None)
        if index is None:
            return False
        del self.persons[index]
        for ref in [r for r, (member, _, _) in self.accounts.items() if member == member_ref]:
            del self.accounts[ref]
        for cause in [c for c, (member, _) in self.notes.items() if member == member_ref]:
            del self.notes[cause]
        return True

    async def first_named_before(self, at: datetime) -> list[FirstNamed]:
        """See `Vault.first_named_before`."""
        recent = {cause for cause, (_, _, when) in self.records.items() if when >= at}
        old = [FirstNamed(p.ref, p.first_by) for p in self.persons.values() if p.first_by not in recent]
        return sorted(old, key=lambda m: m.member_ref)

    def _old(self, at: datetime, sparing: Collection[UUID]) -> tuple[list[UUID], list[UUID]]:
        records = [c for c, (_, _, when) in self.records.items() if when < at and c not in sparing]
        return records, [i for i, (raw, _) in self.raws.items() if raw.at < at]

    async def old_before(self, at: datetime, sparing: Collection[UUID] = ()) -> Old:
        """See `Vault.old_before`."""
        records, raws = self._old(at, sparing)
        return Old(len(records), len(raws))

    async def forget_before(self, at: datetime, sparing: Collection[UUID] = ()) -> int:
        """See `Vault.forget_before`."""
        records, raws = self._old(at, sparing)
        for cause in records:
            del self.records[cause]
        for raw_id in raws:
            del self.raws[raw_id]
        return len(records) + len(raws)

    def _stale(self) -> list[tuple[str, Any]]:
        """Table and key of every row under an older key."""
        active, leading = self.cipher.active, self.cipher.active.encode() + b"\x00"
        rows: list[tuple[str, Any]] = [("persons", i) for i, p in self.persons.items() if p.sealed.key_id != active]
        rows += [("accounts", ref) for ref, (_, _, sealed) in self.accounts.items() if sealed.key_id != active]
        rows += [("notes", cause) for cause, (_, sealed) in self.notes.items() if sealed.key_id != active]
        rows += [("records", c) for c, (_, known, _) in self.records.items() if not known.startswith(leading)]
        rows += [("quarantine", i) for i, (_, raw) in self.raws.items() if not raw.startswith(leading)]
        return rows

    async def stale(self) -> dict[str, int]:
        """See `Vault.stale`."""
        counted = Counter(table for table, _ in self._stale())
        return {table: counted[table] for table in ("persons", "accounts", "notes", "records", "quarantine")}

    async def rewrap(self, limit: int) -> int:
        """See `Vault.rewrap`."""
        todo = self._stale()[:limit]
        for table, key in todo:
            self._bring(table, key)
        return len(todo)

    def _bring(self, table: str, key: Any) -> None:
        wrap = self.cipher.rewrap
        if table == "persons":
            self.persons[key].sealed = wrap(self.persons[key].sealed, key.hex())
        elif table == "accounts":
            member, index, sealed = self.accounts[key]
            self.accounts[key] = (member, index, wrap(sealed, index.hex()))
        elif table == "notes":
            member, sealed = self.notes[key]
            self.notes[key] = (member, wrap(sealed, str(key)))
        elif table == "records":
            hash_, address, at = self.records[key]
            self.records[key] = (hash_, self._again(address, str(key)), at)
        else:
            kept, raw = self.raws[key]
            self.raws[key] = (kept, self._again(raw, str(key)))

    def _again(self, sealed: bytes, name: str) -> bytes:
        return self.cipher.seal_plainly(self.cipher.open_plainly(sealed, name), name)
