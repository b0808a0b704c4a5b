"""12: nothing of one vendor's reaches or changes another's."""

from __future__ import annotations

import json
import re

from services.front.invariants.ground import Finding, Ground
from shared.contracts.outside import orders_topic, receipts_topic
from shared.runtime.topics import VENDORS

_SAID_BY = """
SELECT e.originator_id, e.originator_version, e.subject, i.source FROM "{s}".stored_events e
JOIN "intake".inbox i ON i.event_id = e.correlation
WHERE i.source = ANY($1) AND e.originator_id = ANY($2)
"""
_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BATCH = 5_000


async def vendors_are_apart(ground: Ground) -> Finding:
    """Cases bear only what their own vendor said; out topics name only what is their vendor's own."""
    found = Finding()
    if "intake" not in ground.wirings:
        found.skipped = "without intake there are no vendors"
        return found
    owner = await _owners(ground)
    await _streams_by_own_vendor(ground, owner, found)
    sources = await _sources(ground)
    await _publications(ground, owner, sources, found)
    if ground.bootstrap is None:
        found.notes.append("without Kafka: what lies on the vendors' topics was not read")
        return found
    for vendor in VENDORS:
        for topic in (orders_topic(vendor), receipts_topic(vendor)):
            await _out_topic(ground, vendor, topic, owner, found)
    return found


async def _owners(ground: Ground) -> dict[str, str]:
    """Request id → vendor, as routed."""
    owner: dict[str, str] = {}
    async for stored in ground.facts("intake", "position", "Submitted"):
        owner[stored.stream.rpartition("/")[2]] = stored.fact.vendor
    return owner


async def _sources(ground: Ground) -> dict[str, str]:
    """Record (its cause, as text) → the vendor that sent it."""
    rows = await ground.fetch('SELECT event_id, source FROM "intake".inbox WHERE source = ANY($1)', list(VENDORS))
    return {str(row[0]): row[1] for row in rows}


async def _streams_by_own_vendor(ground: Ground, owner: dict[str, str], found: Finding) -> None:
    """No fact in a case's own streams has a record of another vendor at its root."""
    requests = sorted(owner)
    for service, wiring in ground.wirings.items():
        for at in range(0, len(requests), BATCH):
            streams = [a.stream(r) for r in requests[at : at + BATCH] for a in wiring.aggregates]
            for stream, version, _, source in await ground.fetch(_SAID_BY.format(s=service), list(VENDORS), streams):
                mine = owner[stream.rpartition("/")[2]]
                found.expect(source == mine, f"{service}: {stream} version {version} goes back to a record of {source}")


async def _publications(ground: Ground, owner: dict[str, str], sources: dict[str, str], found: Finding) -> None:
    """What is committed for a vendor's topics is of its own cases and its own records."""
    wiring = ground.wirings["intake"]
    async for stored in ground.facts("intake"):
        try:
            said = wiring.outbound(stored)
        except Exception:  # noqa: S112 - invariant 5 tells of facts that can't be published
            continue
        for one in said:
            if one.topic is None or not one.topic.startswith("vendor."):
                continue
            vendor, case = one.topic.split(".")[1], stored.stream.rpartition("/")[2]
            where = f"intake: {stored.stream} version {stored.version}, published to {vendor},"
            found.expect(owner.get(case, vendor) == vendor, f"{where} is of another vendor's case")
            record = str(getattr(stored.fact, "record", ""))
            found.expect(sources.get(record, vendor) == vendor, f"{where} answers another vendor's record")


async def _out_topic(ground: Ground, vendor: str, topic: str, owner: dict[str, str], found: Finding) -> None:
    """No bytes on a vendor's topic name a request that is routed to another."""
    others = {request for request, whose in owner.items() if whose != vendor}
    async for record in ground.records(topic):
        named = {request for request in _ids_in(_without_its_own_words(record.value or b"")) if request in others}
        found.expect(not named, f"{topic}/{record.partition} offset {record.offset} names another vendor's case")


def _without_its_own_words(value: bytes) -> bytes:
    """What was published but for the reference that the vendor gave itself: it may name anything, and is only told so."""
    try:
        said = json.loads(value)
        own = said["data"].pop("case", None) if said["type"] == "ReceiptGiven.v1" else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return value
    return value if own is None else json.dumps(said).encode()


def _ids_in(value: bytes) -> set[str]:
    """Everything in some bytes that looks like one of our ids."""
    return {found.decode() for found in _ID.findall(value)}
