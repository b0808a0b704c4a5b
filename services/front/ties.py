"""What ties a person to the house: live cover, open cases, balances. Folded from the services' own streams; reads only.

Who has any of the three is restricted, not erased; each tie says in words what would end it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from services.front.invariants.ground import Ground, aggregate_of
from shared.event_store.commit import Row
from shared.event_store.stored import FactBook
from shared.kernel.instant import start_of
from shared.kernel.value import value
from shared.messaging.wiring import Wiring

STREAMS_AT_ONCE = 500
TieKind = Literal["live cover", "open case", "balance"]


@value
class Tie:
    """One thing that keeps a person from being erased. ``what`` is a reference; ``until`` what would end it."""

    kind: TieKind
    what: str
    until: str

    @property
    def code(self) -> str:
        """For the remembered wish: nothing but kind and reference."""
        return f"{self.kind}: {self.what}"


class Streams(Protocol):
    """The services' facts, to be read and never changed."""

    async def of(self, service: str, streams: Sequence[str]) -> Mapping[str, list[Row]]:
        """These streams, whole; one that does not exist is left out."""
        ...

    async def keyed(self, service: str, prefix: str, key: str) -> Mapping[str, list[Row]]:
        """Every stream of a kind in which something was said under this bus key, whole."""
        ...

    async def parked(self, subjects: Sequence[str]) -> list[str]:
        """Those of these subjects that wait behind a parked message anywhere."""
        ...

    async def records_of(self, key: str) -> list[UUID]:
        """Outside records from which something came under this bus key and under no other."""
        ...


def fold(wiring: Wiring, rows: Iterable[Row]) -> Any:
    """The state of one stream."""
    kind, book, state = None, wiring.facts, None
    for row in rows:
        if kind is None:
            kind = aggregate_of(wiring, row.stream)
            if kind is None:
                raise KeyError(row.stream)
            state = kind.initial()
        state = kind.evolve(state, _fact(book, row))
    return state


def _fact(book: FactBook, row: Row) -> Any:
    return book.decode(row.name, row.state)


@value
class House:
    """The services' streams with the wirings that fold them."""

    streams: Streams
    wirings: Mapping[str, Wiring]

    async def ties(self, member_ref: str, asked: Sequence[str], now: datetime) -> list[Tie]:
        """Everything that ties a person now. ``asked``: the requests that the door believes to be this person's."""
        covers = await self._covers(member_ref, now)
        return [*covers, *await self._cases(member_ref, asked), *await self._balances(member_ref)]

    async def were_members(self, refs: Sequence[str]) -> Mapping[str, bool]:
        """Of each person of whom entitlement has heard: whether they were ever on a policy's list."""
        found: dict[str, bool] = {}
        for begin in range(0, len(refs), STREAMS_AT_ONCE):
            names = [f"member/{ref}" for ref in refs[begin : begin + STREAMS_AT_ONCE]]
            for stream, rows in (await self.streams.of("entitlement", names)).items():
                found[stream.partition("/")[2]] = bool(fold(self.wirings["entitlement"], rows).spells)
        return found

    async def _one(self, service: str, stream: str) -> Any:
        rows = await self.streams.of(service, [stream])
        return fold(self.wirings[service], rows[stream]) if stream in rows else None

    async def _covers(self, member_ref: str, now: datetime) -> list[Tie]:
        member = await self._one("entitlement", f"member/{member_ref}")
        if member is None:
            return []
        names = [f"cover/{policy}" for policy in member.policies]
        rows = await self.streams.of("entitlement", names)
        found = []
        for policy in member.policies:
            cover = fold(self.wirings["entitlement"], rows.get(f"cover/{policy}", ()))
            spells = [spell for spell in member.spells if spell.policy_ref == policy]
            until = cover_until(cover, spells, now)
            if until is not None:
                found.append(Tie("live cover", policy, until))
        return found

    async def _cases(self, member_ref: str, asked: Sequence[str]) -> list[Tie]:
        streams = await self.streams.keyed("intake", "request", member_ref)
        found = []
        names = set(asked)
        for stream, rows in streams.items():
            request = fold(self.wirings["intake"], rows)
            if request.member_ref != member_ref:
                continue
            name = stream.partition("/")[2]
            names.add(name)
            if request.opened and not request.closed:
                found.append(Tie("open case", name, f"the end of this {request.service} request"))
        for subject in await self.streams.parked([member_ref, *sorted(names)]):
            found.append(Tie("open case", subject, f"greenlane park replay {subject}"))
        return found

    async def _balances(self, member_ref: str) -> list[Tie]:
        found = []
        for stream, rows in (await self.streams.keyed("advance_pay", "advance", member_ref)).items():
            case = fold(self.wirings["advance_pay"], rows)
            if case.member_ref == member_ref and not case.clear:
                found.append(Tie("balance", stream.partition("/")[2], _owed(case)))
        for stream, rows in (await self.streams.keyed("subsidy", "claim", member_ref)).items():
            claim = fold(self.wirings["subsidy"], rows)
            suspended = sum(claim.suspense_fen.values())
            if claim.member_ref == member_ref and (claim.unpaid_fen or suspended):
                until = f"{claim.unpaid_fen} fen of subsidy are paid, {suspended} fen in suspense resolved"
                found.append(Tie("balance", stream.partition("/")[2], until))
        return found


def cover_until(cover: Any, spells: Sequence[Any], now: datetime) -> str | None:
    """What would end this person's cover under one policy; None where it has ended.

    A suspended cover, one that begins later and one whose policy is not known yet are live: "not yet" is never "no".
    """
    open_ended = any(spell.left_at is None for spell in spells)
    left = None if open_ended else max(spell.left_at for spell in spells)
    if left is not None and left <= now:
        return None
    if cover is None or cover.product is None:
        return "the policy becomes known and ends, or the person leaves its list"
    if _lapsed(cover, now):
        return None
    ends = max(start_of(max(term.ends_on, term.serves_until)) for term in cover.terms)
    if ends <= now:
        return None
    if left is not None and left < ends:
        return f"the person leaves the list at {left.isoformat()}"
    return f"the term ends at {ends.isoformat()} without renewal; sooner if it lapses or the person leaves the list"


def _lapsed(cover: Any, now: datetime) -> bool:
    """Lapsed by now, with no reinstatement to come."""
    said = [force for at, force in cover.forces if at <= now]
    again = any(at > now and force == "reinstated" for at, force in cover.forces)
    return bool(said) and said[-1] == "lapsed" and not again


def _owed(case: Any) -> str:
    parts = []
    if case.outstanding_fen:
        parts.append(f"{case.outstanding_fen} fen are offset, repaid or written off")
    if case.vendor_due_fen:
        parts.append(f"{case.vendor_due_fen} fen come back from the vendor or are written off")
    if case.suspended:
        parts.append("the money in suspense is resolved")
    return "; ".join(parts)


_COLUMNS = "originator_id, originator_version, topic, state, event_id, cause, correlation, subject, bus_key, at, notification_id"
_OF = f'SELECT {_COLUMNS} FROM "{{s}}".stored_events WHERE originator_id = ANY ($1) ORDER BY 1, 2'
_KEYED = f"""
SELECT {_COLUMNS} FROM "{{s}}".stored_events WHERE originator_id IN (
    SELECT originator_id FROM "{{s}}".stored_events WHERE bus_key = $1 AND starts_with(originator_id, $2))
ORDER BY originator_id, originator_version
"""
_PARKED = "SELECT DISTINCT subject FROM \"{s}\".parked WHERE state = 'parked' AND subject = ANY ($1)"
_ONLY_THEIRS = """
SELECT correlation FROM intake.stored_events
WHERE correlation IN (SELECT correlation FROM intake.stored_events WHERE bus_key = $1)
GROUP BY correlation HAVING bool_and(bus_key = $1)
"""


@value
class StoredStreams:
    """`Streams` of a snapshot of the database."""

    ground: Ground

    async def of(self, service: str, streams: Sequence[str]) -> Mapping[str, list[Row]]:
        """See `Streams.of`."""
        return _by_stream(await self.ground.fetch(_OF.format(s=service), list(streams)))

    async def keyed(self, service: str, prefix: str, key: str) -> Mapping[str, list[Row]]:
        """See `Streams.keyed`."""
        return _by_stream(await self.ground.fetch(_KEYED.format(s=service), key, f"{prefix}/"))

    async def parked(self, subjects: Sequence[str]) -> list[str]:
        """See `Streams.parked`."""
        found: set[str] = set()
        for service in self.ground.wirings:
            found |= {row[0] for row in await self.ground.fetch(_PARKED.format(s=service), list(subjects))}
        return sorted(found)

    async def records_of(self, key: str) -> list[UUID]:
        """See `Streams.records_of`."""
        return [row[0] for row in await self.ground.fetch(_ONLY_THEIRS, key)]


def _by_stream(rows: Iterable[Any]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["originator_id"], []).append(Row(*row))
    return found


async def open_records(ground: Ground) -> set[UUID]:
    """The records of every open request: their addresses are needed until it is closed, however old they are."""
    found: set[UUID] = set()
    async for rows in _each_stream(ground.rows("intake", "stream")):
        if rows[0].stream.startswith("request/"):
            request = fold(ground.wirings["intake"], rows)
            if request.opened and not request.closed:
                found |= {UUID(record) for record in request.records}
    return found


async def _each_stream(rows: AsyncIterator[Row]) -> AsyncIterator[list[Row]]:
    together: list[Row] = []
    async for row in rows:
        if together and together[0].stream != row.stream:
            yield together
            together = []
        together.append(row)
    if together:
        yield together
