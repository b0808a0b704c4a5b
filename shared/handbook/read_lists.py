"""From the data to the lists of an edition: diseases, cities, clauses. Holes are noted, never raised."""

from __future__ import annotations

import re

from shared.handbook.fields import Fields
from shared.handbook.network import CityNetwork, ListedCity
from shared.handbook.sickness import BorderlineFinding, Disease, DiseaseList
from shared.handbook.terms import Clause


def read_diseases(file: Fields) -> DiseaseList:
    """Annex 1 with its aliases."""
    by_code = {}
    for code, row in file.part("diseases").parts():
        number = re.fullmatch(r"[A-Z]+-(\d+)", code)
        if number is None:
            row.hole("WRONG_VALUE", "", "a disease's code is letters, a dash and its printed number (REF-D02)")
        by_code[code] = Disease(
            code=code,
            number=int(number[1]) if number else 0,
            name=row.text("name"),
            operation=row.flag("operation", False),
            aliases=row.texts("aliases", ()),
            broader=row.texts("broader", ()),
        )
        row.close()
    borderline = []
    for row in file.rows("borderline", ()):
        pattern = row.maybe_text("pattern")
        operations_only = row.flag("operations_only", False)
        borderline.append(BorderlineFinding(row.text("finding"), row.texts("about", ()), pattern, operations_only))
        _compiles(row, pattern or "")
        row.close()
    diseases = DiseaseList(
        by_code=by_code,
        review_tokens=file.texts("review_tokens", ()),
        borderline=tuple(borderline),
        definitions_source=file.maybe_text("definitions_source"),
    )
    file.maybe_text("annex")
    file.close()
    return diseases


def _compiles(row: Fields, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        row.hole("WRONG_VALUE", "pattern", f"{pattern!r} is no regular expression: {error}")


def read_network(file: Fields, product: str) -> CityNetwork:
    """A printed list of cities, as the product's edition prints it."""
    entries: list[ListedCity] = []
    for group in file.rows("groups"):
        entries += [_city(row, product) for row in group.rows("entries")]
        for name in ("name", "header", "header_in"):
            group.raw(name, None)
        group.close()
    totals = file.part("printed_total", {})
    printed = totals.maybe_whole(product)
    if len(entries) != file.whole("entries_total"):
        file.hole("CONFLICT", "entries_total", f"{len(entries)} entries are listed")
    file.raw("constraint", None)
    alone = frozenset(city.code for city in entries if city.alone)
    prefectures = frozenset(city.code for city in entries if not city.alone and city.code.endswith("00"))
    doubtful = tuple(prefix for city in entries for prefix in city.review_prefixes)
    network = CityNetwork(file.text("name"), tuple(entries), prefectures, alone, doubtful, printed)
    file.close()
    return network


def _city(row: Fields, product: str) -> ListedCity:
    code = row.text("code")
    if not re.fullmatch(r"[1-9]\d{5}", code):
        row.hole("WRONG_VALUE", "code", f"{code!r} is no GB/T 2260 code")
    elsewhere = row.part("raw_in", {})
    raw = row.text("raw")
    city = ListedCity(
        raw=elsewhere.text(product) if elsewhere.has(product) else raw,
        name=row.text("name"),
        code=code,
        alone=row.flag("alone", False),
        review_prefixes=row.texts("review_prefixes", ()),
        note=row.maybe_text("note"),
    )
    row.close()
    return city


def read_clauses(file: Fields) -> dict[str, tuple[Clause, ...]]:
    """Rule id → the clauses it rests on."""
    clauses = {}
    for rule, row in file.parts():
        if not re.fullmatch(r"[A-Z]{3}-D?\d\d", rule):
            row.hole("WRONG_VALUE", "", "is no rule id")
        clauses[rule] = row.clauses(basis=row.choice("basis", ("text", "inferred"), "text"))
        row.close()
    return clauses
