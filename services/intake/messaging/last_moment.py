"""What only the last moment adds to an order or a receipt: the vendor's own words for its case, the person, the account.

Nothing of it is stored with us or seen by our own services; the vault writes down who was told of whom. Where a person
has been erased the order goes out without, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.intake.messaging.outbound import ACCOUNT, ADDRESS, PERSON
from shared.contracts.orders import AccountTold, PersonTold, WorkOrdered
from shared.contracts.receipts import ReceiptGiven
from shared.messaging.codec import Outgoing
from shared.messaging.wiring import Publication
from shared.privacy.vault import Told, Vault
from shared.relay.relay import Enrich


def at_the_last_moment(vault: Vault) -> Enrich:
    """`enrich` as the relay calls it: encoded events in, encoded events with their new keys and values out."""

    async def add(placed: Sequence[tuple[Outgoing, int]]) -> list[tuple[Outgoing, bytes]]:
        complete = await enrich([event.publication for event, _ in placed], vault)
        return [_encoded(event, position, one) for (event, position), one in zip(placed, complete, strict=True)]

    return add


def _encoded(event: Outgoing, position: int, one: Publication) -> tuple[Outgoing, bytes]:
    if not event.publication.needs:
        return event, event.value(position)
    key = event.key if one.key is None else one.key.encode()
    tail = b',"data":' + one.data.model_dump_json(exclude_none=True).encode() + b"}"
    complete = Outgoing(event.topic, key, event.event_id, event.head, tail, one, event.placed)
    return complete, complete.value(position)


async def enrich(publications: Sequence[Publication], vault: Vault) -> list[Publication]:
    """The same publications with what they need, in one round trip a vendor.

    Also the key changes to the vendor's own reference, so that a case stays in order under a name that it knows.
    Raises the vault's errors where it cannot answer now: nothing may be sent then.
    """
    wanted: dict[str, list[Publication]] = {}
    for one in publications:
        if one.needs:
            wanted.setdefault(one.topic or "", []).append(one)
    told = {topic: await _ask(vault, topic, several) for topic, several in wanted.items()}
    return [_complete(one, told[one.topic or ""]) if one.needs else one for one in publications]


async def _ask(vault: Vault, topic: str, publications: Sequence[Publication]) -> Told:
    needs = [_split(need) for one in publications for need in one.needs]
    by_kind = {kind: sorted({name for k, name in needs if k == kind}) for kind in (PERSON, ACCOUNT, ADDRESS)}
    return await vault.tell(by_kind[PERSON], by_kind[ACCOUNT], [UUID(c) for c in by_kind[ADDRESS]], topic)


def _split(need: str) -> tuple[str, str]:
    kind, _, name = need.partition(":")
    return kind, name


def _complete(one: Publication, told: Told) -> Publication:
    needs = dict(_split(need) for need in one.needs)
    address = told.addresses.get(UUID(needs[ADDRESS])) if ADDRESS in needs else None
    more: dict[str, Any] = {}
    if address is not None:
        more["case"] = address.subject
        if isinstance(one.data, ReceiptGiven):
            more["record"] = address.record_id
    if isinstance(one.data, WorkOrdered):
        more |= _particulars(needs, told)
    data = one.data.model_copy(update=more)
    key = one.key if address is None or address.subject is None else address.subject
    return Publication(one.type, data, one.topic, key, one.subject)


def _particulars(needs: Mapping[str, str], told: Told) -> dict[str, Any]:
    person = told.members.get(needs.get(PERSON, ""))
    if person is None:
        return {"particulars": "PARTICULARS_ERASED"}
    account = told.accounts.get(needs.get(ACCOUNT, ""))
    return {
        "particulars": "GIVEN",
        "person": PersonTold(name=person.name, id_type=person.id_type, id_number=person.id_number, phone=person.phone),
        "account": None
        if account is None
        else AccountTold(name=account.name, bank=account.bank, number=account.number, holder=account.holder),
    }
