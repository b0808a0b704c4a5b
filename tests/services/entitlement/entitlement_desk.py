"""A desk for entitlement's handlers: what they load is what the house holds, what they record is read back from the book."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.event_store.stored import Stored
from shared.kernel.aggregate import Aggregate
from shared.kernel.ids import fact_id
from shared.messaging.wiring import Message

if TYPE_CHECKING:
    from tests.services.entitlement.entitlement_house import House


class MemoryDesk:
    """A desk over a dict of streams."""

    def __init__(self, house: House, message: Message[Any]) -> None:
        self._house, self._message = house, message
        self._mine: dict[str, Any] = {}
        self.stored: list[Stored] = []

    @property
    def at(self) -> datetime:
        return self._message.at

    @property
    def cause(self) -> UUID:
        return self._message.id

    @property
    def message(self) -> Message[Any]:
        return self._message

    def need(self, *streams: str) -> None:
        """Everything is here already."""

    def load(self, kind: Aggregate[Any], stream: str) -> Any:
        if stream not in self._mine:
            self._mine[stream] = kind.fold(s.fact for s in self._house.streams.get(stream, []))
        return self._mine[stream]

    new = load

    def record(self, kind: Aggregate[Any], stream: str, *facts: object) -> Any:
        book = self._house.wiring.facts
        state = self.load(kind, stream)
        version = len(self._house.streams.get(stream, [])) + sum(s.stream == stream for s in self.stored)
        for n, fact in enumerate(facts, 1):
            assert book.decode(book.name_of(fact), book.encode(fact)) == fact
            state = kind.evolve(state, fact)
            m = self._message
            event_id = fact_id(m.id, "entitlement", len(self.stored))
            self.stored.append(Stored(stream, version + n, fact, event_id, m.id, m.correlation, m.subject, m.key, m.at))
        self._mine[stream] = state
        return state
