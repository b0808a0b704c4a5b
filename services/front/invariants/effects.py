"""2: one effect per (consumer, source, id)."""

from __future__ import annotations

from uuid import UUID

from services.front.invariants.ground import Finding, Ground
from shared.event_store.commit import Row
from shared.kernel.ids import fact_id

_TWICE = 'SELECT source, event_id FROM "{s}".inbox GROUP BY source, event_id HAVING count(*) > 1'
_OUTCOMES = """
SELECT count(*) FILTER (WHERE i.outcome = 'parked' AND NOT EXISTS (
           SELECT 1 FROM "{s}".parked p WHERE p.source = i.source AND p.message_id = i.event_id AND p.state <> 'replayed'))
           AS lost,
       count(*) FILTER (WHERE i.outcome NOT IN ('applied', 'parked')) AS odd
FROM "{s}".inbox i
"""
# What brought facts about must be a message that took effect: one of the inbox, a timer that fired, or a repeat (intake).
_BORN = """
SELECT DISTINCT e.cause FROM "{s}".stored_events e
WHERE NOT EXISTS (SELECT 1 FROM "{s}".inbox i WHERE i.event_id = e.cause AND i.outcome = 'applied')
  AND NOT EXISTS (SELECT 1 FROM "{s}".timers t WHERE t.id = e.cause AND t.fired_at IS NOT NULL)
"""


async def one_effect_a_message(ground: Ground) -> Finding:
    """No message is in the inbox twice, and the facts of each are one set: fact_id 0, 1, 2 …"""
    found = Finding()
    for service in ground.wirings:
        for source, event_id in await ground.fetch(_TWICE.format(s=service)):
            found.violation(f"{service}: {event_id} of {source} stands in the inbox twice")
        await _one_set_each(ground, service, found)
        lost, odd = (await ground.fetch(_OUTCOMES.format(s=service)))[0]
        found.expect(lost == 0, f"{service}: {lost} inbox rows say parked, but nothing is parked for them")
        found.expect(odd == 0, f"{service}: {odd} inbox rows have an outcome that is none")
        await _born_of_messages(ground, service, found)
    return found


async def _one_set_each(ground: Ground, service: str, found: Finding) -> None:
    together: list[Row] = []
    async for row in ground.rows(service, "cause"):
        if together and together[0].cause != row.cause:
            _judge(service, together, found)
            together = []
        together.append(row)
    if together:
        _judge(service, together, found)


def _judge(service: str, rows: list[Row], found: Finding) -> None:
    cause: UUID = rows[0].cause
    ids = [row.event_id for row in rows]
    found.expect(
        len(set(ids)) == len(ids) and set(ids) == {fact_id(cause, service, n) for n in range(len(ids))},
        f"{service}: {cause} took effect more than once ({len(ids)} facts, {len(set(ids))} ids)",
    )
    found.expect(
        len({row.correlation for row in rows}) == 1,
        f"{service}: the facts of {cause} name several records at their root",
    )


async def _born_of_messages(ground: Ground, service: str, found: Finding) -> None:
    wiring = ground.wirings[service]
    orphans = [row[0] for row in await ground.fetch(_BORN.format(s=service))]
    if wiring.on_duplicate is not None or wiring.on_quarantine is not None:
        # repeats and quarantined records answer under ids of their own and are no inbox rows: never more than were counted
        query = f'SELECT coalesce(sum(duplicate + quarantined + parked), 0) FROM "{service}".positions'
        answered = int(await ground.value(query))
        found.expect(
            len(orphans) <= answered,
            f"{service}: {len(orphans)} causes are not in the inbox, but only {answered} records were answered outside it",
        )
        return
    for cause in orphans:
        found.violation(f"{service}: facts of {cause}, which is neither an applied message nor a timer that fired")
    found.checked += 1
