"""A list of cities in which a service is given (annex 2, REF-04, REF-05, REF-D01)."""

from __future__ import annotations

from shared.kernel.value import value


@value
class ListedCity:
    """One printed entry. ``alone``: a county-level city that stands for itself; ``review_prefixes``: doubtful area."""

    raw: str
    name: str
    code: str
    alone: bool
    review_prefixes: tuple[str, ...]
    note: str | None


@value
class CityNetwork:
    """The printed entries and the sets that answer for them."""

    name: str
    entries: tuple[ListedCity, ...]
    prefectures: frozenset[str]
    alone: frozenset[str]
    review_prefixes: tuple[str, ...]
    printed_total: int | None
