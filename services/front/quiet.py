"""Is anything under way? Two identical readings in a row, in which nobody has anything left to do."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence

import asyncpg

from services.front.bus import ends_of
from shared.runtime.clock import ClockName, sql_of
from shared.runtime.topics import TOPICS

PAUSE_S = 0.5

_READING = """
SELECT (SELECT published FROM "{s}".relay), (SELECT coalesce(max(notification_id), 0) FROM "{s}".stored_events),
       (SELECT count(*) FROM "{s}".timers WHERE fired_at IS NULL AND due_at <= {clock}),
       (SELECT coalesce(json_object_agg(topic || '/' || partition, next), '{{}}') FROM "{s}".positions)::text
"""


Figures = list[tuple[object, ...]]


async def busy_with(
    dsn: str, bootstrap: str | None, services: Sequence[str], clock: ClockName, wait_s: float
) -> tuple[str | None, Figures]:
    """Wait at most so long for quiet; None when it is, else who is not done; and the figures at that moment."""
    connection = await asyncpg.connect(dsn)
    try:
        before, until = None, time.monotonic() + wait_s
        while True:
            figures = await figures_of(connection, services, clock)
            busy = _undone(services, figures) or await _unread(bootstrap, services, figures)
            if busy is None and figures == before:
                return None, figures
            if time.monotonic() >= until:
                return busy or "figures still change", figures
            before = figures if busy is None else None
            await asyncio.sleep(PAUSE_S if busy else 0.05)
    finally:
        await connection.close()


async def figures_of(connection: asyncpg.Connection, services: Sequence[str], clock: ClockName) -> Figures:
    """A look at everyone: published, head, timers due, positions. Equal figures: nothing has happened between."""
    return [tuple(await connection.fetchrow(_READING.format(s=s, clock=sql_of(clock))) or ()) for s in services]


def _undone(services: Sequence[str], figures: Figures) -> str | None:
    for service, (published, head, due, _) in zip(services, figures, strict=True):
        if published != head:
            return f"{service} has published {published} of {head}"
        if due:
            return f"{service} has {due} timers due"
    return None


async def _unread(bootstrap: str | None, services: Sequence[str], figures: Figures) -> str | None:
    if bootstrap is None:
        return None
    read = {s: json.loads(str(f[3])) for s, f in zip(services, figures, strict=True)}
    topics = {where.rpartition("/")[0] for positions in read.values() for where in positions}
    ends = await ends_of(bootstrap, {t: TOPICS[t].partitions for t in topics if t in TOPICS})
    for service, positions in read.items():
        for where, at in positions.items():
            topic, _, partition = where.rpartition("/")
            end = ends.get((topic, int(partition)), (0, 0))[1]
            if at < end:
                return f"{service} has read {where} to {at} of {end}"
    return None
