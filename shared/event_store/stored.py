"""What is stored: a fact with where and why it was said, and the book of names under which facts are stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from shared.kernel.value import value


@value
class Stored:
    """One fact in its stream. ``at`` is the instant of the command; ``subject`` the case; ``key`` the bus key."""

    stream: str
    version: int
    fact: Any
    event_id: UUID
    cause: UUID
    correlation: UUID
    subject: str
    key: str
    at: datetime
    position: int = 0


class FactBook:
    """Stored name ↔ class, append only, with a codec. Facts are frozen dataclasses of plain values."""

    def __init__(self, *groups: Iterable[type]) -> None:
        self._encoder = msgspec.json.Encoder()
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {}
        self._names: dict[type, str] = {}
        for group in groups:
            for fact in group:
                self._add(fact)

    def _add(self, fact: type) -> None:
        name = f"{fact.__name__}.v{getattr(fact, 'VERSION', 1)}"
        if name in self._decoders:
            raise ValueError(f"two facts are stored as {name}")
        self._names[fact] = name
        self._decoders[name] = msgspec.json.Decoder(fact)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._decoders)

    def name_of(self, fact: Any) -> str:
        """The stored name of a fact; KeyError where its class is not in the book."""
        return self._names[type(fact)]

    def encode(self, fact: Any) -> bytes:
        return self._encoder.encode(fact)

    def decode(self, name: str, state: bytes) -> Any:
        """The fact; KeyError for an unknown name."""
        return self._decoders[name].decode(state)
