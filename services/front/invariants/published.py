"""5: published ids = committed ids that have something to publish."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

import msgspec

from services.front.invariants.ground import Finding, Ground
from shared.messaging.codec import write
from shared.messaging.wiring import topic_of
from shared.runtime.topics import TOPICS


class _Head(msgspec.Struct):
    """All that is asked of an event here."""

    id: str
    source: str = ""
    position: int = 0


_head = msgspec.json.Decoder(_Head).decode


async def published_is_what_was_committed(ground: Ground) -> Finding:
    """Each topic that we write holds exactly the ids of what was committed for it, however often each."""
    found = Finding()
    if ground.bootstrap is None:
        found.skipped = "no Kafka named"
        return found
    expected: dict[str, set[bytes]] = defaultdict(set)
    due: dict[str, set[bytes]] = defaultdict(set)
    all_ids: set[bytes] = set()  # an id means one event, whoever speaks: it is the cause of what others make of it
    for service in ground.wirings:
        await _committed(ground, service, expected, due, all_ids, found)
    spoken = [topic_of(s) for s in ground.wirings]
    for topic in sorted({*expected, *spoken, *(t for t in TOPICS if ".out." in t or ".notices." in t)}):
        if topic not in TOPICS:
            found.violation(f"events were committed for {topic}, which is no topic")
            continue
        await _compare(ground, topic, expected[topic], due[topic], found)
    return found


async def _committed(
    ground: Ground,
    service: str,
    expected: dict[str, set[bytes]],
    due: dict[str, set[bytes]],
    all_ids: set[bytes],
    found: Finding,
) -> None:
    wiring, published = ground.wirings[service], await ground.published(service)
    async for stored in ground.facts(service):
        try:
            outgoing = write(f"greenlane/{service}", wiring.topic, stored, list(wiring.outbound(stored)))
        except Exception as error:
            found.violation(
                f"{service}: {stored.stream} version {stored.version} can't be published ({type(error).__name__})"
            )
            continue
        for one in outgoing:
            event_id = one.event_id.bytes
            found.expect(event_id not in all_ids, f"{one.topic}: two events are published under the id {one.event_id}")
            all_ids.add(event_id)
            expected[one.topic].add(event_id)
            if stored.position <= published:
                due[one.topic].add(event_id)


async def _compare(ground: Ground, topic: str, expected: set[bytes], due: set[bytes], found: Finding) -> None:
    gone = any(first > 0 for (t, _), (first, _) in (await ground.ends()).items() if t == topic)
    heads = {f"greenlane/{s}": await ground.head(s) for s in ground.wirings}
    seen: set[bytes] = set()
    sent = 0
    async for record in ground.records(topic):
        sent += 1
        where = f"{topic}/{record.partition} offset {record.offset}"
        try:
            head = _head(record.value or b"")
            event_id = UUID(head.id).bytes
        except (msgspec.MsgspecError, ValueError):
            found.violation(f"{where} is no event of ours")
            continue
        seen.add(event_id)
        later = head.position > heads.get(head.source, 0) if head.position else not ground.quiet
        if event_id not in expected and not later:
            found.violation(f"{where}: {head.id} was never committed")
    missing = due - seen
    if gone:
        found.notes.append(f"{topic}: its oldest records are past their time, so what is missing can't be told")
    else:
        for event_id in sorted(missing):
            found.violation(f"{topic}: {UUID(bytes=event_id)} was committed and passed by the relay, but is not there")
    if sent > len(seen):
        found.notes.append(f"{topic}: {sent - len(seen)} of {sent} records repeat an id")
