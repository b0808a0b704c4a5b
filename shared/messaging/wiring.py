"""What one service is, said once: what it hears, which handler keeps which promise, what its facts arm and publish.

The real process, the tests and every tool run a service from this one object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel

from shared.event_store.stored import FactBook, Stored
from shared.kernel.aggregate import Aggregate
from shared.kernel.value import value

T = TypeVar("T")
S = TypeVar("S")


@value
class Message(Generic[T]):
    """One message as a handler sees it. ``id`` is the cause of whatever it brings about; ``at`` the instant of the command."""

    id: UUID
    source: str
    type: str
    subject: str
    key: str
    at: datetime
    correlation: UUID
    data: T


@value
class TimerFired:
    """The data of a timer's message: the stream that armed it and what it said then."""

    stream: str
    name: str
    due_at: datetime
    note: str = ""


class Desk(Protocol):
    """Where a handler works: it loads states, asks the law, and records facts. Nothing is said until all of it commits."""

    @property
    def at(self) -> datetime: ...

    @property
    def cause(self) -> UUID: ...

    @property
    def message(self) -> Message[Any]: ...

    def need(self, *streams: str) -> None:
        """Say which streams will be loaded, so that they are read in one go. Optional; only saves time."""
        ...

    def load(self, kind: Aggregate[S], stream: str) -> S:
        """The state of a stream, with what this handler recorded so far. Its version is checked at commit."""
        ...

    def new(self, kind: Aggregate[S], stream: str) -> S:
        """The first state of a stream believed not to exist: saves a read; where it does exist, the commit decides again."""
        ...

    def record(self, kind: Aggregate[S], stream: str, *facts: object) -> S:
        """Say facts in a stream, in order; the state after them. Subject and key are the message's."""
        ...


@value
class Timer:
    """A durable deadline derived from a fact.

    ``asks``: do not fire before everything is read that lay in the topics this service hears when the fact was said. It means
    something only to intake, which hears the outside; others ask intake, by ClockDue.
    """

    name: str
    due_at: datetime
    note: str = ""
    asks: bool = False


@value
class Publication:
    """One event to publish. ``topic`` None = the service's own. ``needs`` names what only the last moment adds."""

    type: str
    data: BaseModel
    topic: str | None = None
    key: str | None = None
    subject: str | None = None
    needs: tuple[str, ...] = ()


Handler = Callable[[Message[Any], Desk], None]
Outbound = Callable[[Stored], Sequence[Publication]]
Timers = Callable[[Stored], Sequence[Timer]]


@dataclass(frozen=True)
class Wiring:
    """One service."""

    name: str
    hears: Sequence[str]
    contracts: Mapping[str, type[BaseModel]]
    handlers: Mapping[str, Handler]
    on_timer: Mapping[str, Handler]
    facts: FactBook
    aggregates: Sequence[Aggregate[Any]]
    outbound: Outbound
    timers: Timers
    on_duplicate: Handler | None = None
    on_quarantine: Handler | None = None

    @property
    def topic(self) -> str:
        """The topic on which this service speaks."""
        return topic_of(self.name)


def topic_of(service: str) -> str:
    """The topic of a service's own events."""
    return f"greenlane.{service}.events.v1"
