"""13: no personal data outside the places that the pipeline names. The canary: persons whom we know, looked for everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

import msgspec

from services.front.invariants.ground import Finding, Ground
from services.front.invariants.needles import Needles
from shared.calendar import china_calendar
from shared.privacy.crypto import Cipher, Sealed, Unopenable
from shared.privacy.vault import unpack_account, unpack_particulars
from shared.runtime.topics import TOPICS

_TABLES = {
    "stored_events": "concat_ws(' ', originator_id, subject, bus_key), state",
    "timers": "concat_ws(' ', stream, subject, bus_key, note), ''::bytea",
    "inbox": "concat_ws(' ', source, outcome), ''::bytea",
    "parked": "concat_ws(' ', subject, source, reason), message",
}
# The records that name policies; only their hashes are in the vault.
_POLICY_TOPICS = ("core.policies.v1", "core.claims.v1", "vendor.hengyu.in.events.v1", "vendor.youjia.in.events.v1")


async def persons_are_nowhere_else(ground: Ground) -> Finding:
    """Names, identity numbers, phones, accounts and policy numbers are in no table and on no topic but those for them."""
    found = Finding()
    if ground.cipher is None or not await ground.has("vault.persons"):
        found.skipped = "without the vault's keys nobody is known"
        return found
    calendar = china_calendar()
    needles = Needles(frozenset({*calendar.off.values(), *calendar.makeup.values()}))
    await _persons(ground, ground.cipher, needles, found)
    if ground.bootstrap is not None:
        await _where_they_belong(ground, needles, found)
    for service in ground.wirings:
        for table, text in _TABLES.items():
            await _table(ground, service, table, text, needles, found)
    for topic in [t for t in TOPICS.values() if not t.persons] if ground.bootstrap is not None else ():
        async for record in ground.records(topic.name):
            said = b" ".join(part for part in (record.key, record.value, *_flat(record.headers)) if part)
            where = f"{topic.name}/{record.partition} offset {record.offset}"
            found.expect(not needles.within(said.decode("utf-8", "replace")), f"{where} names a person")
    if needles.unfindable:
        found.notes.append(f"{needles.unfindable} words are too short to be looked for")
    if ground.bootstrap is None:
        found.notes.append("without Kafka: the topics were not read, and policy numbers are not known")
    return found


def _flat(headers: Iterable[tuple[str, bytes | None]]) -> list[bytes]:
    return [value for _, value in headers if value]


async def _persons(ground: Ground, cipher: Cipher, needles: Needles, found: Finding) -> None:
    """Everyone in the vault; who does not open is a violation, since the vault must be readable by its own keys."""
    known = 0
    query = "SELECT member_ref, blind_index, key_id, wrapped_key, ciphertext FROM vault.persons"
    async for ref, blind, *sealed in _cursor(ground, query):
        try:
            person = unpack_particulars(cipher.open(Sealed(*sealed), blind.hex()))
        except Unopenable:
            found.violation(f"vault: {ref} does not open with these keys")
            continue
        known += 1
        for word in (person.name, person.id_number, person.phone):
            if word:
                needles.add(word)
    query = "SELECT account_ref, blind_index, key_id, wrapped_key, ciphertext FROM vault.accounts"
    async for ref, blind, *sealed in _cursor(ground, query):
        try:
            account = unpack_account(cipher.open(Sealed(*sealed), blind.hex()))
        except Unopenable:
            found.violation(f"vault: {ref} does not open with these keys")
            continue
        needles.add(account.name)
        needles.add(account.number)
    found.notes.append(f"{known} persons are known, {len(needles)} words of theirs are looked for")


async def _cursor(ground: Ground, query: str) -> AsyncIterator[Any]:
    async for row in ground.connection.cursor(query, prefetch=1_000):
        yield row


async def _where_they_belong(ground: Ground, needles: Needles, found: Finding) -> None:
    """The control: on the topics of those who send persons they are found; and the policy numbers are learnt there."""
    met = records = 0
    for topic in _POLICY_TOPICS:
        async for record in ground.records(topic):
            records += 1
            text = (record.value or b"").decode("utf-8", "replace")
            met += bool(needles.within(text))
            for number in _policy_numbers(record.value or b""):
                needles.add(number)
    found.notes.append(f"persons are found on {met} of {records} inbound records, where they belong")
    if records and not met and len(needles):
        found.violation("the canary is not even found on the inbound topics: the search itself is blind")


def _policy_numbers(value: bytes) -> list[str]:
    try:
        said = msgspec.json.decode(value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return []
    inner = said.get("data") if isinstance(said, dict) else None
    number = inner.get("policy_number") if isinstance(inner, dict) else None
    return [number] if isinstance(number, str) else []


async def _table(ground: Ground, service: str, table: str, text: str, needles: Needles, found: Finding) -> None:
    row_id = {"stored_events": "notification_id::text", "parked": "seq::text", "timers": "id::text"}.get(
        table, "event_id::text"
    )
    query = f'SELECT {row_id}, {text} FROM "{service}".{table}'
    async for where, said, more in _cursor(ground, query):
        whole = f"{said} {bytes(more).decode('utf-8', 'replace')}"
        found.expect(not needles.within(whole), f"{service}.{table} {where} names a person")
