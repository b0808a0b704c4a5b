"""Plays a recording on real parts: time is the recording's, weeks pass in minutes, and each run comes out the same.

A step sends records until the next one concerns somebody already in the step or lies past the earliest armed timer; then the
player waits for quiet, moves everyone's clock to the earlier of next record and next timer, and waits for quiet again.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.kernel.ids import named
from shared.kernel.instant import in_china, to_epoch_ms
from shared.kernel.value import value
from shared.runtime.clock import move_recording_clock, recording_time
from shared.runtime.topics import SERVICES, TOPICS

STALL_S = 90.0
READ_S = 0.01


class BadRecording(Exception):
    """A line of a recording can't be played: file, line and why."""

    def __init__(self, file: Path, line: int, why: str) -> None:
        super().__init__(f"{file}:{line}: {why}")


class Stalled(Exception):
    """Quiet does not come; says who is not done."""


@value
class Line:
    """One record of a recording."""

    at: datetime
    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    said: Mapping[str, Any] = field(default_factory=dict)


def read_recording(files: Iterable[Path]) -> list[Line]:
    """All lines of these files in the order of their instants; BadRecording names the first that can't be read."""
    lines: list[Line] = []
    for file in files:
        with file.open(encoding="utf-8") as source:
            for number, text in enumerate(source, 1):
                if text.strip():
                    try:
                        lines.append(_line(json.loads(text)))
                    except (ValueError, KeyError, TypeError) as error:
                        raise BadRecording(file, number, f"{type(error).__name__}: {error}") from error
    return sorted(lines, key=lambda line: line.at)  # stable: lines of one instant stay in file order


def _line(raw: Mapping[str, Any]) -> Line:
    at = datetime.fromisoformat(raw["at"])
    if at.tzinfo is None:
        raise ValueError("`at` has no offset")
    topic, key = str(raw["topic"]), raw.get("key")
    if topic not in TOPICS:
        raise ValueError(f"no topic {topic}")
    said: Mapping[str, Any] = {}
    if "base64" in raw:
        value: bytes | None = base64.b64decode(raw["base64"], validate=True)
    elif raw["value"] is None:
        value = None
    else:
        value = json.dumps(raw["value"], ensure_ascii=False, separators=(",", ":")).encode()
        said = raw["value"] if isinstance(raw["value"], dict) else {}
    headers = tuple((str(k), str(v).encode()) for k, v in dict(raw.get("headers") or {}).items())
    return Line(at, topic, None if key is None else str(key).encode(), value, headers, said)


class Cast:
    """Who a record concerns: the persons and policies that must not stand twice in one step."""

    def __init__(self) -> None:
        self._of_case: dict[str, str] = {}

    def concerns(self, line: Line) -> frozenset[str]:
        """Names of whom this line is about; a line of nobody known stands alone with its key."""
        data = line.said.get("data")
        data = data if isinstance(data, dict) else {}
        source = line.topic.split(".")[1]
        subject = str(line.said.get("subject"))
        found: set[str] = set()
        person = data.get("person")
        if isinstance(person, dict):
            who = f"person/{person.get('id_number')}"
            found.add(who)
            if line.topic.startswith("vendor."):
                self._of_case.setdefault(f"{source}/{subject}", who)
                self._of_case.setdefault(str(named("request", source, str(line.said.get("id")))), who)
        if number := data.get("policy_number"):
            found.add(f"policy/{number}")
        for case in (f"{source}/{subject}", str(data.get("request")), str(data.get("advance"))):
            if case in self._of_case:
                found.add(self._of_case[case])
        return frozenset(found or {f"key/{line.topic}/{line.key!r}"})


@dataclass(slots=True)
class Progress:
    """How far the play is, for whoever watches."""

    sent: int = 0
    total: int = 0
    steps: int = 0
    now: datetime | None = None


class Player:
    """Sends a recording and moves the clock."""

    def __init__(self, dsn: str, bootstrap: str, *, watch: Callable[[Progress], None] = lambda _: None) -> None:
        self._dsn, self._bootstrap, self._watch = dsn, bootstrap, watch
        self.progress = Progress()
        self._cast = Cast()

    async def __aenter__(self) -> Player:
        self._db = await asyncpg.connect(self._dsn)
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap, enable_idempotence=True, acks="all", linger_ms=0
        )
        await self._producer.start()
        self._ends = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, enable_auto_commit=False)
        await self._ends.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()
        await self._ends.stop()
        await self._db.close()

    async def play(self, lines: Sequence[Line], until: datetime | None = None) -> None:
        """Play to the last record, and on through every timer up to ``until``."""
        self.progress.total = len(lines)
        at = 0
        await self.quiet()
        while True:
            timer = await self._next_timer()
            upcoming = lines[at].at if at < len(lines) else None
            if upcoming is None and (timer is None or (until is not None and timer > until)):
                return
            if upcoming is not None and (timer is None or upcoming <= timer):
                at = await self._send_step(lines, at, timer)
            else:
                assert timer is not None
                await self._move(timer)
            await self.quiet()
            self.progress.steps += 1
            self._watch(self.progress)

    async def _send_step(self, lines: Sequence[Line], at: int, timer: datetime | None) -> int:
        inside: set[str] = set()
        step: list[Line] = []
        while at < len(lines) and len(step) < 500:
            line = lines[at]
            who = self._cast.concerns(line)
            if who & inside or (timer is not None and line.at > timer):
                break
            inside |= who
            step.append(line)
            at += 1
        await self._move(step[0].at)
        waiting = [
            await self._producer.send(
                line.topic, line.value, key=line.key, headers=list(line.headers), timestamp_ms=to_epoch_ms(line.at)
            )
            for line in step
        ]
        await asyncio.gather(*waiting)
        self.progress.sent = at
        return at

    async def _move(self, at: datetime) -> None:
        await move_recording_clock(self._db, at)
        self.progress.now = in_china(at)

    async def _next_timer(self) -> datetime | None:
        query = " UNION ALL ".join(
            f'SELECT min(due_at) AS due FROM "{s}".timers WHERE fired_at IS NULL' for s in SERVICES
        )
        found: datetime | None = await self._db.fetchval(f"SELECT min(due) FROM ({query}) AS t")
        return found

    # -- quiet ---------------------------------------------------------------------------------------------------

    async def quiet(self) -> None:
        """Wait for two identical readings in a row in which nobody has anything left to do."""
        since, before, seen = time.monotonic(), None, None
        while True:
            reading = await self._reading()
            if (
                reading.busy is None
                and before is not None
                and before.busy is None
                and before.figures == reading.figures
            ):
                return
            if seen != reading.figures:
                since, seen = time.monotonic(), reading.figures
            if time.monotonic() - since > STALL_S:
                raise Stalled(f"nothing moves for {STALL_S:.0f} s: {reading.busy}")
            before = reading
            await asyncio.sleep(READ_S if reading.busy else 0)

    async def _reading(self) -> Reading:
        figures: list[tuple[Any, ...]] = []
        busy: str | None = None
        now = await recording_time(self._db)
        query = " UNION ALL ".join(  # names of our own schemas, no input
            f"SELECT '{s}', (SELECT published FROM \"{s}\".relay), "
            f'(SELECT coalesce(max(notification_id), 0) FROM "{s}".stored_events), '
            f'(SELECT count(*) FROM "{s}".timers WHERE fired_at IS NULL AND due_at <= $1), '
            f"(SELECT coalesce(json_object_agg(topic || '/' || partition, next), '{{}}') FROM \"{s}\".positions)::text"
            for s in SERVICES
        )
        positions: dict[str, dict[str, int]] = {}
        for service, published, head, due, read in await self._db.fetch(query, now):
            figures.append((service, published, head, due, read))
            positions[service] = json.loads(read)
            if published != head:
                busy = f"{service} has published {published} of {head}"
            elif due:
                busy = f"{service} has {due} timers due at {in_china(now).isoformat()}"
        if busy is None:
            busy = await self._unread(positions)
        return Reading(tuple(figures), busy)

    async def _unread(self, positions: Mapping[str, Mapping[str, int]]) -> str | None:
        heard = {where for read in positions.values() for where in read}
        wanted = [TopicPartition(w.rpartition("/")[0], int(w.rpartition("/")[2])) for w in heard]
        ends = {f"{tp.topic}/{tp.partition}": end for tp, end in (await self._ends.end_offsets(wanted)).items()}
        for service in SERVICES:
            if not positions[service]:
                return f"{service} has not opened its positions"
            for where, at in positions[service].items():
                if at < ends[where]:
                    return f"{service} has read {where} to {at} of {ends[where]}"
        return None


@value
class Reading:
    """One look at everyone: the figures, and who is not done."""

    figures: tuple[tuple[Any, ...], ...]
    busy: str | None
