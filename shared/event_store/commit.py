"""One commit: everything that a batch of messages causes, and the ways in which it can fail to be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.kernel.value import value


@dataclass(slots=True)
class PartitionRead:
    """How far a partition was read in this batch, from where, and what became of its records."""

    topic: str
    partition: int
    read: int
    next: int
    topic_id: str
    accepted: int = 0
    duplicate: int = 0
    quarantined: int = 0
    parked: int = 0
    ignored: int = 0


@value
class InboxMark:
    """A message that takes effect now, once: ``(source, event_id)`` with the hash of what it said."""

    source: str
    event_id: UUID
    hash: bytes
    outcome: str
    at: datetime


@value
class ParkedMessage:
    """A message that waits: a poison one, or one behind it in the same case."""

    subject: str
    message_id: UUID
    source: str
    message: bytes
    kind: str
    reason: str
    at: datetime
    seq: int = 0


@value
class Row:
    """One fact as stored."""

    stream: str
    version: int
    name: str
    state: bytes
    event_id: UUID
    cause: UUID
    correlation: UUID
    subject: str
    key: str
    at: datetime
    position: int = 0


@value
class ArmedTimer:
    """A durable deadline. ``ends`` (topic/partition → offset) must have been read before it may fire."""

    id: UUID
    stream: str
    name: str
    due_at: datetime
    note: str
    subject: str
    key: str
    correlation: UUID
    ends: Mapping[str, int] | None = None


@dataclass(slots=True)
class Commit:
    """All of it commits, or none."""

    reads: list[PartitionRead] = field(default_factory=list)
    inbox: list[InboxMark] = field(default_factory=list)
    fired: list[tuple[UUID, datetime]] = field(default_factory=list)
    expect: dict[str, int] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    replayed: list[int] = field(default_factory=list)
    park: list[ParkedMessage] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    timers: list[ArmedTimer] = field(default_factory=list)


class Race(Exception):
    """Somebody else was first: load again, decide again."""

    def __init__(self, what: str, detail: str = "") -> None:
        super().__init__(f"{what}: {detail}" if detail else what)
        self.what = what
        self.detail = detail


class PositionMoved(Race):
    """Another process read this partition on: go back to the stored position."""


class SeenBefore(Race):
    """A message of the batch has taken effect already."""


class CaseParked(Race):
    """A case of the batch has a parked message: queue behind it."""


class CaseFree(Race):
    """What a message queued behind has been replayed meanwhile: it need not wait."""


class StoreUnavailable(Exception):
    """The database can't answer now: wait, nothing is lost."""


class BadRow(Exception):
    """The database refuses what a message caused: the message itself is at fault."""


class Store(Protocol):
    """The stored facts of one service, and everything that commits with them."""

    async def append(self, commit: Commit) -> int | None:
        """Commit; the last global position drawn. Raises Race, StoreUnavailable or BadRow; then nothing has happened."""
        ...

    async def load(self, streams: Sequence[str]) -> dict[str, list[Row]]:
        """The rows of these streams, each in version order; absent streams are absent."""
        ...

    async def seen(self, ids: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], bytes]:
        """Of these messages, the ones in the inbox, with their hashes."""
        ...

    async def positions(self) -> dict[tuple[str, int], tuple[int, str]]:
        """(topic, partition) → (next offset to read, topic id)."""
        ...

    async def open_position(self, topic: str, partition: int, first: int, topic_id: str) -> None:
        """Say from where a partition is read for the first time; says nothing where that was said before."""
        ...

    async def parked_subjects(self) -> set[str]: ...

    async def parked_of(self, subject: str) -> list[ParkedMessage]: ...

    async def due_timers(self, limit: int) -> list[ArmedTimer]:
        """Unfired timers whose time has come by the store's clock and whose ends have been read, by (due_at, id)."""
        ...

    async def read_after(self, position: int, limit: int) -> list[Row]:
        """Rows in the order of their global position."""
        ...

    async def ids_after(self, position: int, limit: int) -> list[tuple[int, UUID]]:
        """The same rows as (position, event id): enough for who still has what they say."""
        ...

    async def published(self) -> int: ...

    async def set_published(self, position: int) -> None: ...
