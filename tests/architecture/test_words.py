"""Names say what a thing is; and nothing committed leads out of the repository."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, committed, python_files, tree

EMPTY_WORDS = {"manager", "managers", "helper", "helpers", "util", "utils", "impl"}
EMPTY_MODULES = EMPTY_WORDS | {"common", "misc", "stuff", "data", "info"}
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")

# Written in pieces, so that this file does not mention what it forbids.
ELSEWHERE = re.compile(
    "|".join(
        "".join(pieces)
        for pieces in (
            (r"(?<![\w.])/wo", r"rk/(?!\d)"),
            (r"/tmp/bu", r"ild\b"),
            (r"(?<![\w.])/ro", r"ot/"),
            (r"(?<!\w)\.lib", r"rary\b"),
            (r"\.\./sha", r"red/(?:rules|handbooks|design)"),
            (r"\b(?:pipeline|house|stack|anchors)(?:\.md)? ", r"§"),
            (r"py", r"pi\.(?:org|python|tuna)"),
            (r"files\.python", r"hosted"),
            (r"(?:repo1?|central)\.ma", r"ven\."),
            (r"/mav", r"en2\b"),
            (r"registry\.(?:np", r"mjs|yarn", r"pkg)"),
            (r"proxy\.gol", r"ang\.org"),
            (r"crates", r"\.io/api"),
            (r"\bmirr", r"ors?\.\w+\.\w+"),
        )
    )
)
_READ = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".ndjson", ".txt", ".lock", ".sql", ".sh", ".svg", ".html", ".css",
         ".js", ".cfg", ".ini", ""}  # fmt: skip


def names(module: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, name) of everything that a module names."""
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def words(name: str) -> set[str]:
    """The words of an identifier, in small letters."""
    return {word.lower() for part in name.split("_") for word in _WORDS.findall(part)}


@pytest.mark.parametrize("path", python_files("services", "shared", "examples", "tests"))
def test_no_name_is_empty_of_meaning(path: str) -> None:
    assert [f"{line}: {name}" for line, name in names(tree(path)) if words(name) & EMPTY_WORDS] == []
    assert not {Path(path).stem, *Path(path).parts[:-1]} & EMPTY_MODULES


def test_nothing_committed_names_a_place_outside_or_a_registry() -> None:
    wrong = []
    for path in committed():
        if Path(path).suffix not in _READ:
            continue
        for number, line in enumerate((ROOT / path).read_text("utf-8", "replace").splitlines(), 1):
            if found := ELSEWHERE.search(line):
                wrong.append(f"{path}:{number} {found[0]}")
    assert wrong == []


def test_nothing_is_left_to_do() -> None:
    left = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b|Not" + "ImplementedError")
    wrong = [
        f"{path}:{number}"
        for path in python_files("services", "shared", "examples", "tests")
        for number, line in enumerate((ROOT / path).read_text("utf-8").splitlines(), 1)
        if left.search(line)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", [p for p in committed() if p.endswith(".md")])
def test_every_link_of_a_page_leads_somewhere(path: str) -> None:
    page = re.sub(r"```.*?```|`[^`\n]*`", "", (ROOT / path).read_text("utf-8"), flags=re.DOTALL)
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)|<img[^>]* src=\"([^\"]+)\"", page):
        where = (target[0] or target[1]).partition("#")[0]
        if where and not re.match(r"[a-z]+:", where) and not ((ROOT / path).parent / where).exists():
            missing.append(where)
    assert missing == []


def test_the_glossary_names_what_the_code_names() -> None:
    code = "\n".join((ROOT / path).read_text("utf-8") for path in python_files("services", "shared"))
    page = (ROOT / "shared/docs/glossary.md").read_text("utf-8")
    named = {name for line in page.splitlines() if line.startswith("| ") for name in re.findall(r"`([^`]+)`", line)}
    files = {Path(path).name for path in python_files("services", "shared")}
    readings = {name for name in named if name.startswith("AMB-")}
    assert (
        sorted(
            name
            for name in named - files - readings
            if not re.search(rf"(?<!\w){re.escape(name)}|{re.escape(name)}\b", code)
        )
        == []
    )


def test_the_glossary_has_one_line_a_word() -> None:
    page = (ROOT / "shared/docs/glossary.md").read_text("utf-8")
    english = [line.split("|")[2].strip() for line in page.splitlines() if line.startswith("| ") and "中文" not in line]
    # two things may share a word in English where each line says which of them it is
    assert sorted({word for word in english if english.count(word) > 1} - {"member", "line"}) == []
