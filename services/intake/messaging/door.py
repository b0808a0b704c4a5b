"""The door: raw records in, messages out. Persons go to the vault in a transaction of its own, before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson

from services.intake.domain.record import Quarantine
from services.intake.messaging.gate import DEFAULT_TOLERANCE, Accepted, Quarantined, read
from services.intake.messaging.inbound import QUARANTINED
from services.intake.messaging.translation import Slip, Translator, account_of, want
from shared.contracts.outside import OUTSIDE
from shared.handbook.model import Editions
from shared.kernel.ids import named
from shared.messaging.codec import Record
from shared.messaging.door import Arrived, InnerDoor
from shared.messaging.gate_reasons import GateReason
from shared.messaging.wiring import Message
from shared.privacy.vault import AccountSeen, Address, Batch, NoteSeen, RawKept, RecordSeen, Taken, Vault


class OuterDoor:
    """The only door to the outside. Idempotent: the same records open to the same messages, again and again.

    Raises the vault's errors where it cannot answer now; then nothing has happened that a second try would repeat.
    """

    topics: frozenset[str] = frozenset(t.name for t in OUTSIDE)

    def __init__(
        self, vault: Vault, terms: Editions, inner: InnerDoor | None = None, tolerance: timedelta = DEFAULT_TOLERANCE
    ) -> None:
        self._vault = vault
        self._inner = inner
        self._tolerance = tolerance
        self._translator = Translator(terms, vault.blind)

    async def open(self, records: Sequence[Record]) -> list[Arrived]:
        """One `Arrived` a record, in order: a command of the domain, or a `Quarantine`; our own topics pass inside."""
        if self._inner is None:
            return await self._outer(records)
        outer = [r for r in records if r.topic in self.topics]
        opened = iter(await self._outer(outer)) if outer else iter(())
        return [next(opened) if r.topic in self.topics else self._inner.one(r) for r in records]

    async def _outer(self, records: Sequence[Record]) -> list[Arrived]:
        gated = [read(record, self._tolerance) for record in records]
        batch = Batch()
        slips = [self._slip(record, one, batch) for record, one in zip(records, gated, strict=True)]
        taken = await self._vault.take_in(batch)
        await self._keep_secrets([slip for slip in slips if slip is not None], taken)
        opened: list[Arrived] = []
        reused = Batch()
        for record, one, slip in zip(records, gated, slips, strict=True):
            if slip is None:
                assert isinstance(one, Quarantined)
                opened.append(_outside(record, one))
            elif taken.first_hashes[slip.cause] != slip.hash:
                again = _reused(slip)
                _keep_raw(record, again, reused)
                opened.append(_outside(record, again))
            else:
                opened.append(self._message(record, slip, taken))
        if reused.raws:
            await self._vault.take_in(reused)
        return opened

    def _slip(self, record: Record, one: Accepted | Quarantined, batch: Batch) -> Slip | None:
        if isinstance(one, Quarantined):
            _keep_raw(record, one, batch)
            return None
        said = b"\x1f".join((one.type.encode(), one.subject.encode(), one.canonical))
        return want(one, batch, self._vault.blind, self._vault.fingerprint(said))

    async def _keep_secrets(self, slips: Sequence[Slip], taken: Taken) -> None:
        """Accounts and notes, once their members are known: a second round trip, where there are any."""
        with_account = [s for s in slips if s.account is not None]
        notes = [NoteSeen(s.cause, member, s.note) for s in slips if s.note is not None and (member := s.member(taken))]
        if not with_account and not notes:
            return
        accounts = [AccountSeen(account_of(s.account), s.member(taken) or "") for s in with_account if s.account]
        for slip, ref in zip(with_account, await self._vault.keep(accounts, notes), strict=True):
            slip.account_ref = ref

    def _message(self, record: Record, slip: Slip, taken: Taken) -> Arrived:
        command, subject, key = self._translator.translate(slip, taken)
        accepted = slip.accepted
        message: Message[Any] = Message(
            slip.cause, accepted.topic.source, accepted.type, subject, key, accepted.at, slip.cause, command
        )
        return Arrived(record, message, slip.hash)


def _reused(slip: Slip) -> Quarantined:
    a = slip.accepted
    return Quarantined(GateReason.ID_REUSED, a.at, "/id", a.topic, a.record_id, a.subject)


def _place(record: Record) -> str:
    return f"{record.topic}/{record.partition}/{record.offset}"


def _keep_raw(record: Record, one: Quarantined, batch: Batch) -> None:
    place = _place(record)
    kept_as = named("quarantine", place)
    headers = orjson.dumps([[name, None if value is None else value.hex()] for name, value in record.headers])
    source = record.topic if one.topic is None else one.topic.source
    address = Address(source, one.record_id, one.subject)
    raw = RawKept(
        kept_as, record.topic, record.partition, record.offset, one.reason, one.pointer, record.value or b"", headers,
        one.at,
    )  # fmt: skip
    batch.raws.append(raw)
    batch.records.append(RecordSeen(kept_as, b"", address, one.at))


def _outside(record: Record, one: Quarantined) -> Arrived:
    """A quarantined record as a message: its id is that of its place, so that it takes nobody else's."""
    place = _place(record)
    kept_as = named("quarantine", place)
    source = record.topic if one.topic is None else one.topic.source
    vendor = None if one.topic is None else one.topic.vendor
    said = Quarantine(source, vendor, str(kept_as), place, one.reason, one.pointer)
    message: Message[Any] = Message(
        kept_as, source, QUARANTINED, f"record/{place}", f"record/{place}", one.at, kept_as, said
    )
    return Arrived(record, message, b"", quarantined=True)
