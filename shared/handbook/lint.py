"""Proving an edition against the handbook's text, which stays outside the repository: SHA-256, quotes verbatim.

A quote may run on over the printed line's end, so line ends are taken out of the text before looking; nothing else is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from shared.handbook.errors import Hole
from shared.handbook.model import Edition
from shared.handbook.terms import Clause
from shared.kernel.value import value


@value
class Coverage:
    """How much of a text the clauses of an edition cite. ``uncited``: (line number, line) without any quote in it."""

    lines: int
    cited: int
    uncited: tuple[tuple[int, str], ...]

    @property
    def share(self) -> float:
        """Cited lines of all lines that are not empty, 0 to 1."""
        return self.cited / self.lines if self.lines else 1.0


def lint(edition: Edition, text: str) -> tuple[Hole, ...]:
    """Everything in which the edition differs from the text: none means proven.

    ``text`` is the file's bytes decoded as UTF-8 without translating line ends, so that the SHA-256 can be compared.
    """
    holes = []
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != edition.sha256:
        message = f"the edition was made from {edition.sha256}, this text is {found}"
        holes.append(Hole("SHA256_DIFFERS", "edition.yaml", "text_sha256", message))
    flat = text.replace("\r", "").replace("\n", "")
    for file, field, words in quotes(edition):
        if words not in flat:
            holes.append(Hole("NOT_VERBATIM", file, field, f"not in the text: {words}"))
    return tuple(sorted(set(holes)))


def clause_coverage(edition: Edition, text: str) -> Coverage:
    """Which lines of the text no clause of the edition cites."""
    lines = text.replace("\r", "").split("\n")
    flat = "".join(lines)
    cited = bytearray(len(flat))
    for words in {words for _, _, words in quotes(edition)}:
        at = flat.find(words)
        while at >= 0:
            cited[at : at + len(words)] = b"\x01" * len(words)
            at = flat.find(words, at + 1)
    uncited, at = [], 0
    for number, line in enumerate(lines, 1):
        if line.strip() and not any(cited[at : at + len(line)]):
            uncited.append((number, line))
        at += len(line)
    full = sum(1 for line in lines if line.strip())
    return Coverage(full, full - len(uncited), tuple(uncited))


def quotes(edition: Edition) -> Iterator[tuple[str, str, str]]:
    """Everything the edition says is printed: file, field and the words."""
    for file, field, clause in _clauses(edition):
        yield file, field, clause.quote
    yield "edition.yaml", "name", edition.name
    yield "edition.yaml", "insurer_hotline", edition.insurer_hotline
    if edition.printed_edition:
        yield "edition.yaml", "printed_edition", edition.printed_edition
    for code, vendor in edition.vendors.items():
        for field, words in (("name", vendor.name), ("hotline", vendor.hotline), ("tax_id", vendor.tax_id)):
            if words:
                yield "edition.yaml", f"vendors.{code}.{field}", words
    for code, disease in edition.diseases.by_code.items():
        yield "diseases.yaml", f"diseases.{code}.name", disease.name
    if edition.advance_cities is not None:
        for city in edition.advance_cities.entries:
            yield f"{edition.advance_cities.name}.yaml", f"{city.code}.raw", city.raw
    if edition.subsidy_terms is not None:
        yield "subsidy.yaml", "title", edition.subsidy_terms.title
        yield "subsidy.yaml", "tax_id", edition.subsidy_terms.tax_id


def _clauses(edition: Edition) -> Iterator[tuple[str, str, Clause]]:
    yield "edition.yaml", "insurer_clause", edition.insurer_clause
    for code, vendor in edition.vendors.items():
        yield from (("edition.yaml", f"vendors.{code}", clause) for clause in vendor.clauses)
    for rule, clauses in edition.clauses.items():
        yield from (("clauses.yaml", rule, clause) for clause in clauses)
    for name, source in edition.parameter_sources.items():
        yield "parameters.yaml", name, source.clause
    for code, service in edition.services.items():
        yield "services.yaml", code, service.clause
        if service.hospital is not None:
            yield "services.yaml", f"{code}.hospital", service.hospital.clause
        if service.quota is not None:
            yield "quotas.yaml", code, service.quota.clause
    for clock_id, clock in edition.clocks_by_id.items():
        yield from (("clocks.yaml", clock_id, clause) for clause in clock.clauses)
    if edition.subsidy_terms is not None:
        terms = edition.subsidy_terms
        yield from (("subsidy.yaml", "cap_clauses", clause) for clause in terms.cap_clauses)
        yield from (("subsidy.yaml", "title_clauses", clause) for clause in terms.title_clauses)
        yield from (("subsidy.yaml", f"items.{code}", item.clause) for code, item in terms.items.items())
