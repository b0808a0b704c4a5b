"""The desk of a batch: what its messages have said so far lies over what is known, and nothing is said until it commits."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from shared.event_store.commit import Row
from shared.event_store.stored import Stored
from shared.kernel.aggregate import Aggregate
from shared.kernel.ids import fact_id
from shared.messaging.codec import Outgoing
from shared.messaging.wiring import Message, Wiring

S = TypeVar("S")
FACTS_PER_MESSAGE_MAX = 5_000


class Missing(BaseException):
    """Streams that must be read before the law can be asked. Not an Exception: no handler may swallow it."""

    def __init__(self, *streams: str) -> None:
        super().__init__(*streams)
        self.streams = streams


class StateCache:
    """States of streams with their versions, the least used dropped first. A stale one is harmless: versions are checked."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: OrderedDict[str, tuple[Any, int]] = OrderedDict()

    def get(self, stream: str) -> tuple[Any, int] | None:
        found = self._known.get(stream)
        if found is not None:
            self._known.move_to_end(stream)
        return found

    def put(self, stream: str, state: Any, version: int) -> None:
        self._known[stream] = (state, version)
        self._known.move_to_end(stream)
        while len(self._known) > self._size:
            self._known.popitem(last=False)

    def drop(self, *streams: str) -> None:
        for stream in streams:
            self._known.pop(stream, None)

    def clear(self) -> None:
        self._known.clear()

    def __len__(self) -> int:
        return len(self._known)


@dataclass(slots=True)
class Work:
    """What a batch has read and said so far."""

    cache: StateCache
    trust_new: bool = True
    loaded: dict[str, list[Row]] = field(default_factory=dict)
    slots: dict[str, tuple[Any, int]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    expect: dict[str, int] = field(default_factory=dict)
    stored: list[Stored] = field(default_factory=list)
    outgoing: dict[UUID, list[Outgoing]] = field(default_factory=dict)


class BatchDesk:
    """The `Desk` of one message in a batch. ``settle`` adds what was said to the batch; without it nothing happened."""

    def __init__(self, work: Work, message: Message[Any], wiring: Wiring) -> None:
        self._work = work
        self._book = wiring.facts
        self._speaker = wiring.name
        self._message = message
        self._mine: dict[str, tuple[Any, int]] = {}
        self._reads: dict[str, int] = {}
        self._said: list[Stored] = []

    @property
    def at(self) -> datetime:
        return self._message.at

    @property
    def cause(self) -> UUID:
        return self._message.id

    @property
    def message(self) -> Message[Any]:
        return self._message

    def _known(self, kind: Aggregate[Any], stream: str) -> tuple[Any, int] | None:
        found = self._mine.get(stream) or self._work.slots.get(stream)
        if found is not None:
            return found
        rows = self._work.loaded.get(stream)
        if rows is not None:
            found = (kind.fold(self._book.decode(r.name, r.state) for r in rows), len(rows))
            self._work.cache.put(stream, *found)
            del self._work.loaded[stream]
        else:
            found = self._work.cache.get(stream)
        if found is not None and stream not in self._work.slots:
            self._reads[stream] = found[1]
        return found

    def need(self, *streams: str) -> None:
        """Say at once which streams will be loaded: one read instead of several."""
        missing = [s for s in streams if not self._has(s)]
        if missing:
            raise Missing(*missing)

    def _has(self, stream: str) -> bool:
        w = self._work
        return stream in self._mine or stream in w.slots or stream in w.loaded or w.cache.get(stream) is not None

    def load(self, kind: Aggregate[S], stream: str) -> S:
        found = self._known(kind, stream)
        if found is None:
            raise Missing(stream)
        state: S = found[0]
        return state

    def new(self, kind: Aggregate[S], stream: str) -> S:
        found = self._known(kind, stream)
        if found is None:
            if not self._work.trust_new:
                raise Missing(stream)
            self._reads[stream] = 0
            found = self._mine[stream] = (kind.initial(), 0)
        state: S = found[0]
        return state

    def record(self, kind: Aggregate[S], stream: str, *facts: object) -> S:
        found = self._known(kind, stream)
        if found is None:
            raise Missing(stream)
        state, version = found
        for fact in facts:
            state = kind.evolve(state, fact)
            version += 1
            event_id = fact_id(self._message.id, self._speaker, len(self._said))
            m = self._message
            self._said.append(Stored(stream, version, fact, event_id, m.id, m.correlation, m.subject, m.key, m.at))
        if len(self._said) > FACTS_PER_MESSAGE_MAX:
            raise ValueError(f"one message says more than {FACTS_PER_MESSAGE_MAX} facts")
        self._mine[stream] = (state, version)
        result: S = state
        return result

    @property
    def said(self) -> list[Stored]:
        return self._said

    def settle(self) -> None:
        """What was read and said becomes part of the batch."""
        work = self._work
        for stored in self._said:
            work.written.add(stored.stream)
        for stream, version in self._reads.items():
            work.expect.setdefault(stream, version)
        work.slots.update(self._mine)
        work.stored.extend(self._said)
