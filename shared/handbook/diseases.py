"""What an edition's list makes of a diagnosis in words (REF-D04, ENT-D18). Matching only; nobody is refused here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from shared.handbook.model import Edition
from shared.kernel.value import value

Match = Literal["listed", "broader", "unclear", "borderline", "none"]
DASHES = re.compile(r"[-‐‑‒–—―−－]+")
BARE_NUMBER = re.compile(r"^(NO\.?|第)?\d{1,3}(号|项)?$")
SHORTEST_CONTAINED = 3


@value
class DiseaseMatch:
    """``listed``: the code; ``broader``: wider than this code; ``unclear``, ``borderline``: a person; ``none``: no."""

    match: Match
    code: str | None = None
    finding: str | None = None


def normalised(text: str) -> str:
    """For matching only: width and case folded, blanks out, every dash one dash, 痺 as 痹, no trailing semicolon."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("痺", "痹").upper()
    return DASHES.sub("-", plain).rstrip(";")


def bare_number(text: str) -> bool:
    """Whether a diagnosis is only a number of some list: A-30 and B-030 are two diseases (REF-D02)."""
    return BARE_NUMBER.match(normalised(text)) is not None


@lru_cache(maxsize=16384)
def match_disease(edition: Edition, text: str, finding: str = "none") -> DiseaseMatch:
    """What the list makes of a diagnosis; ``finding`` is what the papers say of stage or operation, where they do.

    Order: borderline findings, then a name or alias that is equal, then texts that only contain one.
    """
    name = normalised(text)
    index = _index(edition)
    equal = index.listed.get(name) or index.broader.get(name)
    borderline = _borderline(edition, name, finding, index)
    if borderline is not None:
        return DiseaseMatch("borderline", equal, borderline)
    if name in index.listed:
        return DiseaseMatch("listed", index.listed[name])
    if name in index.broader:
        return DiseaseMatch("broader", index.broader[name])
    for known, code in index.contained:
        if known in name:
            return DiseaseMatch("unclear", code)
    if any(token in name for token in index.tokens):
        return DiseaseMatch("unclear")
    return DiseaseMatch("none")


def _borderline(edition: Edition, name: str, finding: str, index: _Index) -> str | None:
    for one in edition.diseases.borderline:
        if one.operations_only and not any(known in name for known in index.operations):
            continue
        stated = one.finding == finding or (one.pattern is not None and re.search(one.pattern, name) is not None)
        if stated and all(word in name for word in one.about):
            return one.finding
    return None


@value
class _Index:
    listed: dict[str, str]
    broader: dict[str, str]
    contained: tuple[tuple[str, str], ...]  # longest first
    operations: tuple[str, ...]
    tokens: tuple[str, ...]


@lru_cache(maxsize=64)
def _index(edition: Edition) -> _Index:
    listed: dict[str, str] = {}
    broader: dict[str, str] = {}
    operations: list[str] = []
    for disease in edition.diseases.by_code.values():
        for name in (disease.code, disease.name, *disease.aliases):
            listed.setdefault(normalised(name), disease.code)
        for name in disease.broader:
            broader.setdefault(normalised(name), disease.code)
        if disease.operation:
            operations += [normalised(name) for name in (disease.name, *disease.aliases, *disease.broader)]
    names = {name: code for table in (broader, listed) for name, code in table.items()}
    contained = sorted(_long_enough(names), key=lambda entry: (-len(entry[0]), entry))
    tokens = tuple(normalised(token) for token in edition.diseases.review_tokens)
    return _Index(listed, broader, tuple(contained), tuple(operations), tokens)


def _long_enough(names: dict[str, str]) -> Iterator[tuple[str, str]]:
    codes = set(names.values())
    return ((n, code) for n, code in names.items() if len(n) >= SHORTEST_CONTAINED and n not in codes)
