"""9: a timer fires at most once and never early; recomputed from the facts, the timers are the same."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.front.invariants.ground import Finding, Ground
from shared.kernel.ids import timer_id

_EARLY = """
SELECT id, name, due_at, fired_at FROM "{s}".timers
WHERE fired_at IS NOT NULL AND (fired_at < due_at OR due_at > $1)
"""
_UNFIRED = """
SELECT t.id, t.name, count(*) FROM "{s}".timers t JOIN "{s}".stored_events e ON e.cause = t.id
WHERE t.fired_at IS NULL GROUP BY t.id, t.name
"""
_TOO_SOON = """
SELECT t.id, t.name FROM "{s}".timers t JOIN "{s}".stored_events e ON e.cause = t.id WHERE e.at < t.due_at
"""
_OVERDUE = 'SELECT count(*) FROM "{s}".timers WHERE fired_at IS NULL AND due_at <= $1 AND ends IS NULL'
_TIMERS = """
SELECT id, stream, name, due_at, note, subject, bus_key, correlation, ends IS NOT NULL AS asks
FROM "{s}".timers WHERE id = ANY($1)
"""
BATCH = 1_000

_Timer = tuple[Any, ...]


async def timers_follow_from_facts(ground: Ground) -> Finding:
    """What is stored is what the facts arm, no more and no less; what fired, fired when it was due."""
    found = Finding()
    now = await ground.now()
    for service in ground.wirings:
        stored = int(await ground.value(f'SELECT count(*) FROM "{service}".timers'))
        armed = await _recomputed(ground, service, found)
        found.expect(armed == stored, f"{service}: {stored} timers are stored, the facts arm {armed}")
        for timer, name, due_at, fired_at in await ground.fetch(_EARLY.format(s=service), now):
            found.violation(
                f"{service}: {name} {timer}, due {due_at.isoformat()}, fired early ({fired_at.isoformat()})"
            )
        for timer, name, count in await ground.fetch(_UNFIRED.format(s=service)):
            found.violation(f"{service}: {name} {timer} has caused {count} facts and has not fired")
        for timer, name in await ground.fetch(_TOO_SOON.format(s=service)):
            found.violation(f"{service}: facts of {name} {timer} lie before it was due")
        if ground.quiet:
            overdue = await ground.value(_OVERDUE.format(s=service), now)
            found.expect(overdue == 0, f"{service}: {overdue} timers are overdue and nothing is under way")
    return found


async def _recomputed(ground: Ground, service: str, found: Finding) -> int:
    """Compare what the facts arm with the table, batch by batch; how many they arm."""
    wiring = ground.wirings[service]
    armed, batch = 0, dict[UUID, _Timer]()
    async for stored in ground.facts(service):
        try:
            timers = wiring.timers(stored)
        except Exception as error:
            found.violation(
                f"{service}: {stored.stream} version {stored.version} arms nothing ({type(error).__name__})"
            )
            continue
        for n, timer in enumerate(timers):
            batch[timer_id(stored.event_id, n)] = (
                stored.stream, timer.name, timer.due_at, timer.note, stored.subject, stored.key, stored.correlation,
                timer.asks,
            )  # fmt: skip
        if len(batch) >= BATCH:
            armed += len(batch)
            await _compare(ground, service, batch, found)
            batch = {}
    await _compare(ground, service, batch, found)
    return armed + len(batch)


async def _compare(ground: Ground, service: str, expected: dict[UUID, _Timer], found: Finding) -> None:
    stored = {row[0]: tuple(row)[1:] for row in await ground.fetch(_TIMERS.format(s=service), list(expected))}
    for timer, said in expected.items():
        found.checked += 1
        if timer not in stored:
            found.violation(f"{service}: {said[1]} of {said[0]}, due {said[2].isoformat()}, is not stored")
        elif stored[timer] != said:
            found.violation(f"{service}: {said[1]} of {said[0]} is stored otherwise than its fact arms it")
