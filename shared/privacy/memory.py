"""The vault's twin in memory, for tests and the simulator: the same answers, the same ciphers, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.privacy.crypto import Cipher, Sealed
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

    async def erase(self, member_ref: str) -> bool:
        """See `Vault.erase`."""
        index = next((i for i, p in self.persons.items() if p.ref == member_ref), None)
        if index is None:
            return False
        del self.persons[index]
        for ref in [r for r, (member, _, _) in self.accounts.items() if member == member_ref]:
            del self.accounts[ref]
        for cause in [c for c, (member, _) in self.notes.items() if member == member_ref]:
            del self.notes[cause]
        return True

    async def forget_before(self, at: datetime) -> int:
        """See `Vault.forget_before`."""
        old_records = [c for c, (_, _, when) in self.records.items() if when < at]
        old_raws = [i for i, (raw, _) in self.raws.items() if raw.at < at]
        for cause in old_records:
            del self.records[cause]
        for raw_id in old_raws:
            del self.raws[raw_id]
        return len(old_records) + len(old_raws)

    async def rewrap(self, limit: int) -> int:
        """See `Vault.rewrap`."""
        stale = [(i, p) for i, p in self.persons.items() if p.sealed.key_id != self.cipher.active][:limit]
        for index, person in stale:
            person.sealed = self.cipher.rewrap(person.sealed, index.hex())
        return len(stale)
