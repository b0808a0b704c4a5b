"""3, 4 and 11: versions without gaps, one order for every reader, and streams that can be replayed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.front.invariants.ground import Finding, Ground, aggregate_of
from shared.event_store.commit import Row
from shared.messaging.codec import Unreadable, read_envelope
from shared.messaging.wiring import Wiring, topic_of

_GAPS = """
SELECT originator_id, count(*), min(originator_version), max(originator_version), count(DISTINCT originator_version)
FROM "{s}".stored_events GROUP BY originator_id
HAVING min(originator_version) <> 1 OR max(originator_version) <> count(*) OR count(DISTINCT originator_version) <> count(*)
"""
_STREAMS = 'SELECT count(DISTINCT originator_id) FROM "{s}".stored_events'
_FINAL = """
SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = to_regclass('"{s}".stored_events')
AND t.tgname = 'stored_events_are_final' AND t.tgenabled IN ('O', 'A')
"""
_POSITIONS_TWICE = 'SELECT notification_id FROM "{s}".stored_events GROUP BY notification_id HAVING count(*) > 1'
_BACKWARDS = """
SELECT originator_id, originator_version FROM (
    SELECT originator_id, originator_version, notification_id,
           lag(notification_id) OVER (PARTITION BY originator_id ORDER BY originator_version) AS before
    FROM "{s}".stored_events) AS e
WHERE before >= notification_id
"""


async def versions_have_no_gaps(ground: Ground) -> Finding:
    """Streams have versions 1..n, and the store still refuses every change."""
    found = Finding()
    for service in ground.wirings:
        found.checked += int(await ground.value(_STREAMS.format(s=service)))
        for stream, count, low, high, distinct in await ground.fetch(_GAPS.format(s=service)):
            found.violation(f"{service}: {stream} has {count} facts, {distinct} versions from {low} to {high}")
        final = await ground.value(_FINAL.format(s=service))
        found.expect(final == 1, f"{service}: nothing keeps stored events from being changed")
    return found


async def every_reader_sees_one_order(ground: Ground) -> Finding:
    """Positions are unique and rise with the versions of each stream; so do the events on the topic."""
    found = Finding()
    for service in ground.wirings:
        found.checked += int(await ground.value(f'SELECT count(*) FROM "{service}".stored_events'))
        for (position,) in await ground.fetch(_POSITIONS_TWICE.format(s=service)):
            found.violation(f"{service}: position {position} was drawn twice")
        for stream, version in await ground.fetch(_BACKWARDS.format(s=service)):
            found.violation(f"{service}: {stream} version {version} lies before the one it follows")
        published, head = await ground.published(service), await ground.head(service)
        found.expect(published <= head, f"{service}: published to {published}, beyond the last position {head}")
        if ground.bootstrap is not None:
            await _order_on_the_topic(ground, service, found)
    if ground.bootstrap is None:
        found.notes.append("without Kafka: the order on the topics was not read")
    return found


async def _order_on_the_topic(ground: Ground, service: str, found: Finding) -> None:
    """Of one key, an event that is new never lies behind a later one; what was sent twice may follow."""
    last: dict[tuple[int, bytes], int] = {}
    seen: set[bytes] = set()
    async for record in ground.records(topic_of(service)):
        try:
            envelope = read_envelope(record.value)
        except Unreadable:
            found.violation(f"{topic_of(service)}/{record.partition} offset {record.offset} is no event of ours")
            continue
        if envelope.id.bytes in seen:
            continue
        seen.add(envelope.id.bytes)
        where = (record.partition, record.key or b"")
        found.expect(
            envelope.position >= last.get(where, 0),
            f"{topic_of(service)}/{record.partition} offset {record.offset}: position {envelope.position} comes too late",
        )
        last[where] = max(last.get(where, 0), envelope.position)


async def replaying_gives_the_state(ground: Ground) -> Finding:
    """Every fact can be read, and says the same when written again; folding is total and the same every time."""
    found = Finding()
    for service, wiring in ground.wirings.items():
        together: list[Row] = []
        async for row in ground.rows(service, "stream"):
            if together and together[0].stream != row.stream:
                _replay(wiring, together, found)
                together = []
            together.append(row)
        if together:
            _replay(wiring, together, found)
    return found


def _replay(wiring: Wiring, rows: Sequence[Row], found: Finding) -> None:
    stream = rows[0].stream
    found.checked += len(rows)
    kind = aggregate_of(wiring, stream)
    if kind is None:
        found.violation(f"{wiring.name}: nobody knows what {stream} is")
        return
    try:
        facts = [wiring.facts.decode(row.name, row.state) for row in rows]
        again = [wiring.facts.decode(wiring.facts.name_of(f), wiring.facts.encode(f)) for f in facts]
    except (KeyError, ValueError) as error:
        found.violation(f"{wiring.name}: {stream} holds a fact that can't be read ({type(error).__name__})")
        return
    if again != facts:
        found.violation(f"{wiring.name}: {stream} holds a fact that says something else when written again")
    half = len(facts) // 2
    try:
        whole: Any = kind.fold(facts)
        parts: Any = kind.fold(again[half:], kind.fold(again[:half]))
        same = whole == kind.fold(facts) == parts
    except Exception as error:
        found.violation(f"{wiring.name}: {stream} can't be folded ({type(error).__name__})")
        return
    if not same:
        found.violation(f"{wiring.name}: {stream} folds to another state the second time")
