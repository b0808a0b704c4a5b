"""Reading facts of any service: the rules that were asked, deadlines with their proof, postings; whatever they are in."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib import import_module
from typing import Any
from uuid import UUID

from shared.handbook import Edition
from shared.kernel.instant import in_china
from shared.kernel.law import Asked, Rule
from shared.ledger import Posting
from shared.runtime.topics import SERVICES

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ASKED = frozenset({"rule", "outcome"})
# Named in the head of the story, or plumbing that only machines follow.
_QUIET = frozenset(
    {"request_id", "member_ref", "record", "cause", "case", "call", "first", "application", "filed", "answers"}
)


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """One rule of a receipt. ``of``: the part it was asked of (``line 2``)."""

    asked: Asked
    of: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A deadline: which clock, until when, and each day on the way."""

    clock: str
    due_at: datetime
    days: tuple[tuple[str, bool, str], ...]
    rule: str | None = None
    basis: str | None = None
    provisional: bool = False


def title_of(fact: object) -> str:
    """The name of a fact as words: ``EligibilityGranted`` → ``Eligibility granted``."""
    words = _WORD.sub(" ", type(fact).__name__).split()
    return " ".join([words[0], *(w.lower() for w in words[1:])])


def meaning_of(fact: object) -> str:
    """What a fact says, from the first sentence of its docstring; nothing where that speaks of a single field."""
    doc = (type(fact).__doc__ or "").strip().partition("\n")[0]
    if doc.startswith((f"{type(fact).__name__}(", "``")):
        return ""
    return doc.partition(". ")[0].replace("``", "").rstrip(".")


def rules_in(fact: object) -> list[RuleSaid]:
    """Every rule that was asked, wherever in the fact it is written down."""
    return [RuleSaid(asked, of) for asked, of in _asked(fact, "")]


def _asked(value: object, of: str) -> Iterator[tuple[Asked, str]]:
    if isinstance(value, Asked):
        yield value, of
    elif isinstance(value, Mapping) and value.keys() >= _ASKED:
        yield (
            Asked(
                value["rule"],
                value["outcome"],
                value.get("reason"),
                value.get("facts") or {},
                value.get("remedy") or {},
            ),
            of,
        )
    elif isinstance(value, Mapping):
        for name, one in value.items():
            if name not in ("application", "facts"):
                yield from _asked(one, of)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for one in value:
            yield from _asked(one, of)
    elif is_dataclass(value):
        line = getattr(value, "line", None)
        inside = f"line {line}" if isinstance(line, int) and line else of
        for name in fields(value):
            yield from _asked(getattr(value, name.name), inside)


def deadlines_in(fact: object) -> list[Counted]:
    """Every deadline with a proof, however the service writes its proofs."""
    return list(_deadlines(fact, fact))


def _deadlines(value: object, fact: object) -> Iterator[Counted]:
    proof, due_at = getattr(value, "proof", None), getattr(value, "due_at", None)
    if proof and isinstance(due_at, datetime):
        yield Counted(
            str(getattr(value, "clock", None) or getattr(fact, "clock", None) or "deadline"),
            in_china(due_at),
            tuple(_day(one) for one in proof),
            getattr(value, "rule", None) or getattr(fact, "rule", None),
            getattr(value, "basis", None) or getattr(fact, "basis", None),
            bool(getattr(value, "provisional", False)),
        )
    elif is_dataclass(value):
        for name in fields(value):
            yield from _deadlines(getattr(value, name.name), fact)
    elif isinstance(value, tuple | list):
        for one in value:
            if is_dataclass(one):
                yield from _deadlines(one, fact)


def _day(one: Any) -> tuple[str, bool, str]:
    if isinstance(one, str):
        day, counted, why = one.split(" ", 2)
        return day, counted == "counted", why
    if isinstance(one, tuple | list):
        return one[0].isoformat() if isinstance(one[0], date) else str(one[0]), bool(one[1]), str(one[2])
    return one.day.isoformat(), one.counted, one.why


def postings_in(fact: object) -> list[Posting]:
    """The postings of a fact."""
    if not is_dataclass(fact):
        return []
    found = [getattr(fact, f.name) for f in fields(fact)]
    return [one for one in found if isinstance(one, Posting)]


def plain_of(fact: object) -> dict[str, Any]:
    """The fact's own simple fields, without plumbing and without what is told elsewhere."""
    if not is_dataclass(fact):
        return {}
    said = {f.name: getattr(fact, f.name) for f in fields(fact) if f.name not in _QUIET}
    for name, value in said.items():
        if isinstance(value, Mapping):
            said[name] = {k: v for k, v in value.items() if k not in _QUIET and _simple(v)}
    return {name: value for name, value in said.items() if _simple(value)}


def _simple(value: object) -> bool:
    if value is None or value in ("", ()):
        return False
    if isinstance(value, str | int | bool | date | UUID):
        return True
    if isinstance(value, tuple | list):
        return len(value) <= 12 and all(isinstance(one, str | int | date) for one in value)
    if isinstance(value, Mapping):
        return 0 < len(value) <= 12 and all(_simple(one) or one in (None, "") for one in value.values())
    return False


def as_json(value: object) -> Any:
    """Any value of a fact as JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): as_json(v) for k, v in value.items()}
    if isinstance(value, datetime):
        return in_china(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(as_json(one) for one in value)
    if isinstance(value, tuple | list):
        return [as_json(one) for one in value]
    return str(value) if isinstance(value, UUID) else value


@lru_cache(maxsize=1)
def statements() -> Mapping[str, str]:
    """Rule id → the rule in words, from the law of every service."""
    found: dict[str, str] = {}
    for service in SERVICES:
        package = import_module(f"services.{service}.domain")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for value in vars(import_module(module.name)).values():
                for one in value if isinstance(value, tuple | list) else (value,):
                    if isinstance(one, Rule):
                        found.setdefault(one.id, one.statement)
    return found


def clauses_of(edition: Edition | None, rule: str) -> list[dict[str, str]]:
    """Where the edition says it: section and words."""
    if edition is None:
        return []
    return [{"section": c.section, "quote": c.quote, "basis": c.basis} for c in edition.clauses_of(rule)]
