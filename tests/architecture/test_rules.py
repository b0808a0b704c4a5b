"""A rule has one id everywhere: in the editions, in the code, in the charter's table and in the name of its test."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from shared.handbook import load_editions
from tests.architecture.source import ROOT, SERVICES, python_files, text

RULE = re.compile(r"\b(?:CAT|INT|ENT|SCH|SLA|ADV|SUB|NOT|REF)-D?\d{2,3}\b")
READING = re.compile(r"\bAMB-\d{2,3}\b")
WITHOUT_CODE = "shared/docs/rules_without_code.md"
READINGS = "shared/docs/readings.md"
# Charters that keep rules: the services', and the floors' that decide anything.
CHARTERS = (
    *(f"services/{service}/README.md" for service in SERVICES),
    *(f"shared/{floor}/README.md" for floor in ("handbook", "calendar", "privacy", "contracts", "messaging")),
)
PERFORMED = ("OUTP", "ADVANCE", "SUBSIDY")


@dataclass(frozen=True, slots=True)
class Kept:
    """One row of a charter's table: rules, where they are kept, and the tests that prove them."""

    charter: str
    rules: tuple[str, ...]
    where: str
    tests: tuple[str, ...]


@cache
def rules_of_the_editions() -> frozenset[str]:
    """Every rule id that an edition has clauses for."""
    found: set[str] = set()
    for file in (ROOT / "shared/handbook/editions").glob("*/clauses.yaml"):
        found.update(yaml.safe_load(file.read_text("utf-8")))
    return frozenset(found)


def tables(page: str) -> Iterator[list[dict[str, str]]]:
    """The tables of a page as rows by the first words of their columns."""
    for block in re.findall(r"(?:^\|.*\|[ ]*\n?)+", page, re.MULTILINE):
        lines = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in block.strip().splitlines()]
        if len(lines) > 2 and all(re.fullmatch(r":?-+:?", cell) for cell in lines[1]):
            columns = [cell.partition(" ")[0] for cell in lines[0]]
            yield [dict(zip(columns, line, strict=False)) for line in lines[2:]]


@cache
def kept() -> tuple[Kept, ...]:
    """Every row of every charter's table of rules."""
    rows = []
    for charter in CHARTERS:
        if not (ROOT / charter).is_file():
            continue
        for table in tables(text(charter)):
            if {"Rule", "Test"} <= set(table[0]):
                rows += [
                    Kept(
                        charter,
                        tuple(RULE.findall(row["Rule"])),
                        row.get("Where", row.get("Function", "")),
                        tuple(re.findall(r"\btest_\w+", row.get("Test", ""))),
                    )
                    for row in table
                ]
    return tuple(rows)


@cache
def named_tests() -> Mapping[str, str]:
    """Every test function's name with its file."""
    found = {}
    for path in python_files("tests"):
        for name in re.findall(r"^\s*(?:async )?def (test_\w+)", text(path), re.MULTILINE):
            found[name] = path
    return found


@cache
def code() -> str:
    """All code, and all data of the calendar and of the editions but their clauses."""
    data = (p for p in (ROOT / "shared").rglob("*.yaml") if p.name != "clauses.yaml")
    return "\n".join((*map(text, python_files("services", "shared")), *(p.read_text("utf-8") for p in data)))


@cache
def names_of_the_code() -> frozenset[str]:
    """Functions, classes, and what stands at the beginning of a line or of a block."""
    return frozenset(re.findall(r"^\s*(?:async )?(?:def |class )?(\w+)", code(), re.MULTILINE))


@cache
def rules_of_the_code() -> frozenset[str]:
    return frozenset(RULE.findall(code()))


@cache
def not_here() -> frozenset[str]:
    """Rules that a page says nobody keeps (yet), with ``INT-05..INT-13`` written out."""
    found: set[str] = set()
    for page in (WITHOUT_CODE, *CHARTERS):
        if (ROOT / page).is_file():
            for table in tables(text(page)):
                if "Rule" in table[0] and "Test" not in table[0]:
                    found.update(rule for row in table for rule in written_out(row["Rule"]))
    return frozenset(found)


def written_out(cell: str) -> set[str]:
    """The rules of a cell."""
    found = set(RULE.findall(cell))
    for context, first, last in re.findall(r"([A-Z]{3}-D?)(\d{2})\.\.(?:[A-Z]{3}-D?)?(\d{2})", cell):
        found.update(f"{context}{n:02d}" for n in range(int(first), int(last) + 1))
    return found & rules_of_the_editions()


def test_every_rule_id_of_the_code_is_one_of_the_handbooks() -> None:
    unknown = {
        f"{path}: {rule}"
        for path in python_files("services", "shared", "examples")
        for rule in RULE.findall(text(path))
        if rule not in rules_of_the_editions()
    }
    assert unknown == set()


def test_every_rule_id_in_the_name_of_a_test_is_one_of_the_handbooks() -> None:
    named = {name: name.replace("_", "-") for name in named_tests()}
    unknown = {
        name: rule
        for name, dashed in named.items()
        for rule in RULE.findall(dashed)
        if rule not in rules_of_the_editions()
    }
    assert unknown == {}


def test_every_reading_that_the_code_names_is_on_the_page_of_readings() -> None:
    known = set(READING.findall(text(READINGS)))
    unknown = {
        f"{path}: {reading}"
        for path in python_files("services", "shared", "examples", "tests")
        for reading in READING.findall(text(path))
        if reading not in known
    }
    assert unknown == set()


@pytest.mark.parametrize("row", kept(), ids=lambda row: f"{Path(row.charter).parent.name}:{'+'.join(row.rules)}")
def test_a_charter_s_row_names_rules_of_the_code_and_tests_that_exist(row: Kept) -> None:
    assert row.rules, "a row of rules without a rule"
    assert set(row.rules) <= rules_of_the_editions()
    assert set(row.rules) <= rules_of_the_code(), "rules that no code names"
    functions = [name.removesuffix(".py").rpartition(".")[2] for name in re.findall(r"`([\w.]+)`", row.where)]
    assert set(functions) <= names_of_the_code(), "no such function"
    assert row.tests, "a rule without a test"
    assert [test for test in row.tests if test not in named_tests()] == [], "no such test"


@pytest.mark.parametrize("service", SERVICES)
def test_every_rule_of_a_service_s_law_is_in_its_charter(service: str) -> None:
    listed = {rule for row in kept() if row.charter == f"services/{service}/README.md" for rule in row.rules}
    law = "\n".join(map(text, python_files(f"services/{service}/domain")))
    asked = set(re.findall(r'@rule\(\s*"([A-Z]+-D?\d+)"', law))
    assert asked - listed == set(), "rules that are asked and not in the charter's table"


@pytest.mark.parametrize("service", PERFORMED)
def test_every_rule_of_a_performed_service_is_kept_or_known_not_to_be(service: str) -> None:
    touching = {
        rule
        for edition in load_editions(allow_demo=True).by_id.values()
        if edition.offers(service)
        for rule in edition.service(service).rules
    }
    listed = {rule for row in kept() for rule in row.rules}
    assert sorted(touching - listed - not_here()) == []


def test_no_rule_is_said_to_have_no_code_and_has_some() -> None:
    listed = {rule for row in kept() for rule in row.rules}
    assert set(RULE.findall(text(WITHOUT_CODE))) & listed == set()
