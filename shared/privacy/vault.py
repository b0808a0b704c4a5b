"""The vault: the one place where particulars of persons live, behind references that say nothing.

The door takes a batch in (`Vault.take_in`: one round trip, a transaction of its own, idempotent by blind index and by
cause) and gets references back; the last moment before an order leaves asks for particulars (`Vault.tell`). Erasing a
person deletes the row with its data key: what remains elsewhere is pseudonymous.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from shared.kernel.value import value
from shared.privacy.keeping import Keeping


@value
class Particulars:
    """Who a person is. Identified by document type and number; name and phone may change."""

    name: str
    id_type: str
    id_number: str
    phone: str | None = None


@value
class AccountParticulars:
    """A bank account of, or for, a person."""

    name: str
    bank: str
    number: str
    holder: str


@value
class Address:
    """How a sender calls its own record: for receipts and orders, never for events."""

    source: str
    record_id: str | None
    subject: str | None


@value
class PersonSeen:
    """A person named by an outside record. ``authoritative``: the insurer's core says so; its words replace others'."""

    particulars: Particulars
    by: UUID
    authoritative: bool = False


@value
class RecordSeen:
    """An outside record: its cause, its keyed hash, how its sender calls it."""

    cause: UUID
    hash: bytes
    address: Address
    at: datetime


@value
class CaseSeen:
    """An application: the key of (sender, reference), the request it would open and its person's place in the batch."""

    case_key: UUID
    request_id: str
    person: int


@value
class RawKept:
    """The raw bytes of a quarantined record, with where it lay and why it was refused."""

    id: UUID
    topic: str
    partition: int
    offset: int
    reason: str
    pointer: str
    raw: bytes
    headers: bytes
    at: datetime


@dataclass(slots=True)
class Batch:
    """What the door takes in at once. ``asked_cases`` and ``asked_requests`` are only looked up."""

    persons: list[PersonSeen] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    cases: list[CaseSeen] = field(default_factory=list)
    asked_cases: list[UUID] = field(default_factory=list)
    asked_requests: list[str] = field(default_factory=list)
    records: list[RecordSeen] = field(default_factory=list)
    raws: list[RawKept] = field(default_factory=list)


@value
class Member:
    """A person's reference, and the record that first named the person: known before any other one."""

    ref: str
    first_by: UUID


@value
class CaseKnown:
    """Which request a sender's case reference stands for, as first seen at the door. A hint: the streams decide."""

    request_id: str
    member_ref: str


@dataclass(slots=True)
class Taken:
    """The answers to a batch, in its order. ``first_hashes``: what each cause said when it came first."""

    members: list[Member] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    cases: dict[UUID, CaseKnown] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)
    first_hashes: dict[UUID, bytes] = field(default_factory=dict)


@value
class AccountSeen:
    """An account named by a record, with the member it is for."""

    account: AccountParticulars
    member_ref: str


@value
class NoteSeen:
    """What a person of ours wrote when deciding."""

    cause: UUID
    member_ref: str
    text: str


@dataclass(slots=True)
class Told:
    """Particulars by reference. What is missing is gone, or never was."""

    members: dict[str, Particulars] = field(default_factory=dict)
    accounts: dict[str, AccountParticulars] = field(default_factory=dict)
    addresses: dict[UUID, Address] = field(default_factory=dict)


class Vault(Keeping, Protocol):
    """The vault as the door and the relay see it. Methods raise the driver's errors where it cannot answer now."""

    async def take_in(self, batch: Batch) -> Taken:
        """Keep what is new, find what is known; all or nothing. The same batch twice changes nothing."""
        ...

    async def keep(self, accounts: Sequence[AccountSeen], notes: Sequence[NoteSeen]) -> list[str]:
        """Keep accounts and notes of members; the accounts' references, in order."""
        ...

    async def tell(self, members: Sequence[str], accounts: Sequence[str], records: Sequence[UUID], to: str) -> Told:
        """Particulars for someone: ``to`` is written down beside every member told of (INT-39)."""
        ...

    def blind(self, kind: str, *parts: str) -> bytes:
        """The keyed hash by which something is found again."""
        ...

    def fingerprint(self, said: bytes) -> bytes:
        """The keyed hash of what a record said."""
        ...


_encode = msgspec.json.encode
_particulars = msgspec.json.Decoder(Particulars).decode
_account = msgspec.json.Decoder(AccountParticulars).decode
_address = msgspec.json.Decoder(Address).decode


def pack(secret: Particulars | AccountParticulars | Address) -> bytes:
    """A secret as bytes, before it is sealed."""
    return _encode(secret)


def unpack_particulars(packed: bytes) -> Particulars:
    """The particulars that `pack` made bytes of."""
    return _particulars(packed)


def unpack_account(packed: bytes) -> AccountParticulars:
    """The account that `pack` made bytes of."""
    return _account(packed)


def unpack_address(packed: bytes) -> Address:
    """The address that `pack` made bytes of."""
    return _address(packed)


def merged(persons: Sequence[tuple[bytes, PersonSeen]]) -> Mapping[bytes, PersonSeen]:
    """One entry a person: first named by the first record of the batch, with the words that count most."""
    found: dict[bytes, PersonSeen] = {}
    for index, seen in persons:
        before = found.get(index)
        if before is None:
            found[index] = seen
        elif seen.authoritative or not before.authoritative:
            words = seen.particulars if seen.authoritative else before.particulars
            found[index] = PersonSeen(words, before.by, before.authoritative or seen.authoritative)
    return found
