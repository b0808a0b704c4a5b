"""An aggregate is a state that facts have made, and nothing else: ``evolve`` is total, pure and never refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from shared.kernel.value import value

S = TypeVar("S")


@value
class Aggregate(Generic[S]):
    """What a kind of stream is: its prefix (``allowance``), its first state and how facts change it."""

    prefix: str
    initial: Callable[[], S]
    evolve: Callable[[S, Any], S]

    def stream(self, *key: object) -> str:
        """The name of one stream of this kind: ``allowance/{member_ref}/{year}``."""
        return "/".join((self.prefix, *map(str, key)))

    def fold(self, facts: Iterable[Any], state: S | None = None) -> S:
        """The state after these facts."""
        now = self.initial() if state is None else state
        for fact in facts:
            now = self.evolve(now, fact)
        return now
