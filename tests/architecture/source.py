"""The repository's own source as the architecture tests read it: by path and by syntax tree, never by importing it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("intake", "entitlement", "scheduling", "advance_pay", "subsidy")
_NOT_OURS = {".venv", ".git", "__pycache__", "build", "node_modules"}


@cache
def python_files(*under: str) -> tuple[str, ...]:
    """Paths (from the root, with ``/``) of the Python files below these folders, sorted."""
    found = [p for folder in under for p in (ROOT / folder).rglob("*.py") if not _NOT_OURS & set(p.parts)]
    return tuple(sorted(p.relative_to(ROOT).as_posix() for p in found))


@cache
def text(path: str) -> str:
    """A file's text."""
    return (ROOT / path).read_text("utf-8")


@cache
def tree(path: str) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(text(path), path)


def imported(module: ast.Module) -> dict[str, str]:
    """Local name → dotted name of what it was imported from, wherever in the module the import stands."""
    names: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for one in node.names:
                names[one.asname or one.name.partition(".")[0]] = one.name if one.asname else one.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                names[one.asname or one.name] = f"{node.module}.{one.name}"
    return names


def modules_of(module: ast.Module) -> set[str]:
    """Dotted names of the modules that are imported."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found.update(one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def uses(module: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything imported that is used, called or merely handed on."""
    names = imported(module)
    inner: set[int] = set()
    for node in ast.walk(module):
        if id(node) in inner or not isinstance(node, ast.Attribute | ast.Name):
            continue
        parts: list[str] = []
        at: ast.expr = node
        while isinstance(at, ast.Attribute):
            parts.append(at.attr)
            at = at.value
            inner.add(id(at))
        if isinstance(at, ast.Name) and at.id in names:
            yield node.lineno, ".".join((names[at.id], *reversed(parts)))


@cache
def committed() -> tuple[str, ...]:
    """Every path that git knows or would take in; where there is no git, every file."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT, capture_output=True, check=True,
        ).stdout.decode().split("\0")  # fmt: skip
        found = [p for p in listed if p and (ROOT / p).is_file()]
    except (OSError, subprocess.CalledProcessError):
        found = [
            p.relative_to(ROOT).as_posix()
            for p in ROOT.rglob("*")
            if p.is_file()
            and not any(part in _NOT_OURS or part.startswith(".") for part in p.relative_to(ROOT).parts[:-1])
        ]
    return tuple(sorted(found))
