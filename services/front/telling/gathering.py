"""Everything that was stored of one case, in every service, in the order in which one thing led to another."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from services.front.exits import Exit, Told
from services.front.invariants.ground import stored_of
from shared.event_store.commit import Row
from shared.event_store.stored import Stored
from shared.kernel.ids import timer_id
from shared.kernel.value import value
from shared.messaging.codec import write
from shared.messaging.wiring import Publication, Wiring

_ROW = "originator_id, originator_version, topic, state, event_id, cause, correlation, subject, bus_key, at, notification_id"
_FACTS = """
SELECT {row} FROM "{s}".stored_events WHERE subject = $1 OR originator_id = ANY($2) ORDER BY notification_id
"""
_TIMERS = """
SELECT name, due_at, note, stream FROM "{s}".timers WHERE fired_at IS NULL AND (subject = $1 OR stream = ANY($2))
ORDER BY due_at, id
"""
_PARKED = "SELECT kind, reason, at, source FROM \"{s}\".parked WHERE state = 'parked' AND subject = $1 ORDER BY seq"
_FIND = """
SELECT DISTINCT substring(originator_id FROM 9) FROM "intake".stored_events
WHERE originator_version = 1 AND originator_id LIKE $1 LIMIT 3
"""
_EXACT = 36  # characters of a whole id


@dataclass(slots=True)
class Part:
    """One fact of the case, what it said to others, and the ids of the events and timers that it brought about."""

    service: str
    stored: Stored
    said: Sequence[Publication] = ()
    brings: frozenset[UUID] = frozenset()


@dataclass(slots=True)
class Case:
    """One case, whole. ``waiting``: timers that will still fire; ``parked``: messages that wait."""

    request_id: str
    parts: list[Part] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    parked: list[dict[str, Any]] = field(default_factory=list)


async def find_request(connection: asyncpg.Connection, said: str) -> str:
    """The request's id from its beginning. Raises Told where none or several begin so."""
    prefix = said.strip().lower().removeprefix("request/")
    if not prefix or set(prefix) - set("0123456789abcdef-"):
        raise Told(Exit.USAGE, f"{said} is no request id and no beginning of one")
    pattern = f"request/{prefix}" if len(prefix) == _EXACT else f"request/{prefix}%"
    found = [row[0] for row in await connection.fetch(_FIND, pattern)]
    if not found:
        raise Told(Exit.NO, f"no request is called {said}")
    if len(found) > 1:
        raise Told(Exit.NO, f"several requests begin with {said}: {', '.join(sorted(found))} …")
    return str(found[0])


async def gather(connection: asyncpg.Connection, wirings: Mapping[str, Wiring], request_id: str) -> Case:
    """Every fact whose case this is, or that lies in one of its streams."""
    case = Case(request_id)
    parts: list[Part] = []
    for service, wiring in wirings.items():
        streams = [a.stream(request_id) for a in wiring.aggregates]
        for record in await connection.fetch(_FACTS.format(s=service, row=_ROW), request_id, streams):
            parts.append(_part(service, wiring, Row(*record)))
        for timer in await connection.fetch(_TIMERS.format(s=service), request_id, streams):
            case.waiting.append({"service": service, **dict(timer)})
        for waits in await connection.fetch(_PARKED.format(s=service), request_id):
            case.parked.append({"service": service, **dict(waits)})
    case.parts = in_order(parts, list(wirings))
    case.waiting.sort(key=lambda t: t["due_at"])
    return case


@value
class Unreadable:
    """A fact that this release can't read."""

    name: str


def _part(service: str, wiring: Wiring, row: Row) -> Part:
    """One fact with what it brought about. A story is told of a broken case too: what can't be read says so."""
    try:
        stored = stored_of(row, wiring.facts.decode(row.name, row.state))
        outgoing = write(f"greenlane/{service}", wiring.topic, stored, list(wiring.outbound(stored)))
        timers = [timer_id(stored.event_id, n) for n, _ in enumerate(wiring.timers(stored))]
    except (KeyError, ValueError):
        return Part(service, stored_of(row, Unreadable(row.name)))
    said = tuple(one.publication for one in outgoing)
    return Part(service, stored, said, frozenset([*timers, *(one.event_id for one in outgoing)]))


def in_order(parts: Sequence[Part], services: Sequence[str]) -> list[Part]:
    """By instant, but never an effect before its cause, nor two facts of one service out of their stored order.

    All that one record causes bears the instant of that record, so that instants alone would not tell the order.
    """
    rank = {service: n for n, service in enumerate(services)}
    born: dict[UUID, int] = {}
    for n, part in enumerate(parts):
        born.update(dict.fromkeys(part.brings, n))
    after: dict[int, list[int]] = {n: [] for n in range(len(parts))}
    waits_for = [0] * len(parts)
    last: dict[str, int] = {}
    for n in sorted(range(len(parts)), key=lambda i: parts[i].stored.position):
        part = parts[n]
        before = {born.get(part.stored.cause), last.get(part.service)} - {None, n}
        for one in before:
            assert one is not None
            after[one].append(n)
            waits_for[n] += 1
        last[part.service] = n
    ready = [_key(parts[n], rank, n) for n in range(len(parts)) if not waits_for[n]]
    heapq.heapify(ready)
    told: list[Part] = []
    while ready:
        n = heapq.heappop(ready)[-1]
        told.append(parts[n])
        for one in after[n]:
            waits_for[one] -= 1
            if not waits_for[one]:
                heapq.heappush(ready, _key(parts[one], rank, one))
    return told


def _key(part: Part, rank: Mapping[str, int], n: int) -> tuple[Any, ...]:
    return part.stored.at, rank[part.service], part.stored.position, n
