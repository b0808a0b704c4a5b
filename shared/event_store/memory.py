"""The store in memory: the same promises in one process, for tests and the simulator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shared.event_store.commit import (
    ArmedTimer,
    CaseFree,
    CaseParked,
    Commit,
    ParkedMessage,
    PartitionRead,
    PositionMoved,
    Race,
    Row,
    SeenBefore,
)


class MemoryStore:
    """A `Store`; ``now`` is its clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.rows: list[Row] = []
        self._streams: dict[str, list[Row]] = {}
        self._inbox: dict[tuple[str, UUID], bytes] = {}
        self.timers: dict[UUID, ArmedTimer] = {}
        self.fired: dict[UUID, datetime] = {}
        self._waiting: dict[int, ParkedMessage] = {}
        self._seq = 0
        self.reads: dict[tuple[str, int], PartitionRead] = {}
        self._published = 0

    async def append(self, commit: Commit) -> int | None:
        self._refuse(commit)
        for read in commit.reads:
            held = self.reads[read.topic, read.partition]
            held.next = read.next
            for what in ("accepted", "duplicate", "quarantined", "parked", "ignored"):
                setattr(held, what, getattr(held, what) + getattr(read, what))
        self._inbox.update({(m.source, m.event_id): m.hash for m in commit.inbox})
        for timer_id, at in commit.fired:
            self.fired[timer_id] = at
        for seq in commit.replayed:
            del self._waiting[seq]
        for message in commit.park:
            self._seq += 1
            self._waiting[self._seq] = replace(message, seq=self._seq)
        self.timers.update({t.id: t for t in commit.timers})
        for row in commit.events:
            kept = replace(row, position=len(self.rows) + 1)
            self.rows.append(kept)
            self._streams.setdefault(row.stream, []).append(kept)
        return len(self.rows) if commit.events else None

    def _refuse(self, commit: Commit) -> None:
        for read in commit.reads:
            held = self.reads.get((read.topic, read.partition))
            if held is None or held.next != read.read or held.topic_id != read.topic_id:
                raise PositionMoved("position moved", f"{read.topic}/{read.partition}")
        if any((m.source, m.event_id) in self._inbox for m in commit.inbox):
            raise SeenBefore("seen before")
        if any(timer_id in self.fired or timer_id not in self.timers for timer_id, _ in commit.fired):
            raise Race("timer fired before")
        moved = [s for s, v in commit.expect.items() if len(self._streams.get(s, ())) != v]
        if moved:
            raise Race("version moved", " ".join(moved))
        if any(seq not in self._waiting for seq in commit.replayed):
            raise Race("replayed before")
        left = {m.subject for seq, m in self._waiting.items() if seq not in commit.replayed}
        if left & commit.free:
            raise CaseParked("case is parked", " ".join(sorted(left & commit.free)))
        self._refuse_followers(commit, left)
        self._refuse_versions(commit)

    def _refuse_followers(self, commit: Commit, left: set[str]) -> None:
        poisoned = left | {m.subject for m in commit.park if m.kind == "poison"}
        free = {m.subject for m in commit.park if m.kind == "follower"} - poisoned
        if free:
            raise CaseFree("case is free again", " ".join(sorted(free)))

    def _refuse_versions(self, commit: Commit) -> None:
        heads: dict[str, int] = {}
        for row in commit.events:
            head = heads.get(row.stream, len(self._streams.get(row.stream, ())))
            if row.version != head + 1:
                raise Race("version taken", row.stream)
            heads[row.stream] = row.version

    async def load(self, streams: Sequence[str]) -> dict[str, list[Row]]:
        return {s: list(self._streams[s]) for s in streams if s in self._streams}

    async def seen(self, ids: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], bytes]:
        return {i: self._inbox[i] for i in ids if i in self._inbox}

    async def positions(self) -> dict[tuple[str, int], tuple[int, str]]:
        return {where: (r.next, r.topic_id) for where, r in self.reads.items()}

    async def open_position(self, topic: str, partition: int, first: int, topic_id: str) -> None:
        self.reads.setdefault((topic, partition), PartitionRead(topic, partition, first, first, topic_id))

    async def parked_subjects(self) -> set[str]:
        return {m.subject for m in self._waiting.values()}

    async def parked_of(self, subject: str) -> list[ParkedMessage]:
        return [m for _, m in sorted(self._waiting.items()) if m.subject == subject]

    async def due_timers(self, limit: int) -> list[ArmedTimer]:
        now = self._now()
        due = [t for t in self.timers.values() if t.id not in self.fired and t.due_at <= now and self._read(t)]
        return sorted(due, key=lambda t: (t.due_at, t.id))[:limit]

    def _read(self, timer: ArmedTimer) -> bool:
        for where, end in (timer.ends or {}).items():
            topic, _, partition = where.rpartition("/")
            held = self.reads.get((topic, int(partition)))
            if (held.next if held else 0) < end:
                return False
        return True

    async def read_after(self, position: int, limit: int) -> list[Row]:
        return self.rows[position : position + limit]

    async def ids_after(self, position: int, limit: int) -> list[tuple[int, UUID]]:
        return [(row.position, row.event_id) for row in self.rows[position : position + limit]]

    async def published(self) -> int:
        return self._published

    async def set_published(self, position: int) -> None:
        self._published = max(self._published, position)
