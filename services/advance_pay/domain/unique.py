"""``unique/receipt/{key}`` and ``unique/payment/{key}``: a number is used once, across all cases."""

from __future__ import annotations

from typing import Any

from shared.kernel.aggregate import Aggregate
from shared.kernel.ids import named
from shared.kernel.value import value


@value
class Claimed:
    """A number was used, by this message."""

    kind: str
    by: str


@value
class Use:
    """Who used a number, if anyone did."""

    by: str | None = None


def evolve(state: Use, fact: Any) -> Use:
    """The first use stands."""
    return Use(fact.by) if isinstance(fact, Claimed) and state.by is None else state


UNIQUE: Aggregate[Use] = Aggregate("unique", Use, evolve)


def receipt_key(vendor: str, number: str) -> str:
    """The key of a vendor's receipt number; the number itself goes nowhere."""
    return str(named("receipt", vendor, number))
