"""Where a place lies: GB/T 2260 codes, prefectures, provinces, and the cities of the advance (REF-D01, SUB-D07)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from shared.handbook.model import Edition
from shared.kernel.value import value

FORMER = Path(__file__).parent / "networks" / "former_divisions.yaml"
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
Coverage = Literal["covered", "not_covered", "review"]


@value
class FormerDivisions:
    """Codes that are no longer in use and where their area belongs now."""

    prefectures: dict[str, str]
    split: dict[str, tuple[str, ...]]
    counties: dict[str, str]


def is_code(code: str) -> bool:
    """Whether this looks like a GB/T 2260 code of a province, city or county."""
    return len(code) == 6 and code.isascii() and code.isdigit() and code[0] != "0"


def prefecture_of(code: str) -> str:
    """The prefecture-level city of a place (SUB-D07). Raises ValueError for what is no code.

    A municipality is one city; a county-level city governed by its province directly (xx90xx) is its own; codes
    out of use answer with today's city. A dissolved prefecture that was split among several stays itself.
    """
    if not is_code(code):
        raise ValueError(f"{code!r} is no GB/T 2260 code")
    former = former_divisions()
    if (now := former.counties.get(code) or former.prefectures.get(code[:4])) is not None:
        return now
    if code[:2] in MUNICIPALITIES:
        return code[:2] + "0000"
    return code if code[2:4] == "90" else code[:4] + "00"


def province_of(code: str) -> str:
    """The province, municipality or autonomous region of a place. Raises ValueError for what is no code."""
    return prefecture_of(code)[:2] + "0000"


def same_city(a: str, b: str) -> bool:
    """Whether two places belong to one city, as the subsidy compares them (SUB-08, SUB-D07)."""
    return prefecture_of(a) == prefecture_of(b)


def same_province(a: str, b: str) -> bool:
    """Whether two places belong to one province: the pool of the subsidy (SUB-D02)."""
    return province_of(a) == province_of(b)


@lru_cache(maxsize=16384)
def advance_city(edition: Edition, city_code: str) -> Coverage:
    """Whether the city of a hospital is in the edition's list for the advance (ADV-15, ADV-33, REF-D01).

    ``city_code`` is the county where it is known, else the city. An edition without a list covers every city.
    """
    network = edition.advance_cities
    if network is None:
        return "covered"
    if not is_code(city_code):
        return "review"
    if city_code in network.alone:
        return "covered"
    if city_code.startswith(network.review_prefixes or ("-",)):
        return "review"
    # dissolved prefectures: listed with all their successors, or a person looks
    cities = former_divisions().split.get(city_code[:4], ()) if city_code.endswith("00") else ()
    listed = {city in network.prefectures for city in cities or (prefecture_of(city_code),)}
    if len(listed) == 2:
        return "review"
    if True in listed:
        return "covered"
    county_unknown = city_code.endswith("00") and any(code[:4] == city_code[:4] for code in network.alone)
    return "review" if county_unknown or prefecture_of(city_code) in network.alone else "not_covered"


@lru_cache(maxsize=1)
def former_divisions() -> FormerDivisions:
    """The codes out of use, read once."""
    rows = yaml.load(FORMER.read_bytes(), yaml.CSafeLoader)
    return FormerDivisions(
        prefectures=dict(rows["prefectures"]),
        split={old: tuple(now) for old, now in rows["split"].items()},
        counties={old: now for now, codes in rows["counties"].items() for old in codes.split()},
    )
