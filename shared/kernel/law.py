"""How a law is written: rules that pass, refuse or ask for a person, and the receipt of having asked them.

A rule is a named function in a ``RULES`` list. It looks at one *case* (whatever the aggregate hands it) and answers
``None`` where it does not apply, ``Pass``, ``Refusal`` or ``Review``. All rules are asked; all reasons are collected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from typing import Any, Generic, Literal, TypeVar

from shared.kernel.value import value

Facts = dict[str, Any]  # JSON values only: text, whole numbers, booleans, null, lists and objects of these
Kind = Literal["decide", "route", "quota", "clock", "money", "duty", "show", "data"]
Outcome = Literal["pass", "refuse", "review"]
C = TypeVar("C")


@value
class Pass:
    """The rule applies and is met; the facts it looked at."""

    facts: Facts = field(default_factory=dict)


@value
class Refusal:
    """A "no": the rule, a stable reason code, the facts looked at and, where one exists, what would turn it to yes."""

    rule: str
    reason: str
    facts: Facts = field(default_factory=dict)
    remedy: Facts = field(default_factory=dict)


@value
class Review:
    """Neither yes nor no: a named person decides."""

    rule: str
    reason: str
    facts: Facts = field(default_factory=dict)


Answer = Pass | Refusal | Review | None


@value
class Rule(Generic[C]):
    """One rule of the handbooks: its id, its kind and the function that asks it."""

    id: str
    kind: Kind
    check: Callable[[C], Answer]

    @property
    def statement(self) -> str:
        """The rule in words: the first line of its docstring."""
        return (self.check.__doc__ or "").strip().split("\n")[0]


def rule(rule_id: str, kind: Kind = "decide") -> Callable[[Callable[[C], Answer]], Rule[C]]:
    """Make a rule of a function: ``@rule("ENT-28", "quota")``."""
    return lambda check: Rule(rule_id, kind, check)


@value
class Asked:
    """One line of a receipt: the rule that was asked, what it said, on which facts."""

    rule: str
    outcome: Outcome
    reason: str | None = None
    facts: Facts = field(default_factory=dict)
    remedy: Facts = field(default_factory=dict)


@value
class Receipt:
    """Every rule that applied, in the order asked."""

    asked: tuple[Asked, ...] = ()

    @property
    def refusals(self) -> tuple[Asked, ...]:
        return tuple(a for a in self.asked if a.outcome == "refuse")

    @property
    def reviews(self) -> tuple[Asked, ...]:
        return tuple(a for a in self.asked if a.outcome == "review")

    @property
    def verdict(self) -> Outcome:
        """A refusal outweighs a review: a person cannot grant what a clause refuses."""
        if self.refusals:
            return "refuse"
        return "review" if self.reviews else "pass"

    def __add__(self, other: Receipt) -> Receipt:
        return Receipt(self.asked + other.asked)


# Ids switched off by `make prove-rules`, and by nothing else.
DISABLED: set[str] = set()


def ask(rules: Sequence[Rule[C]] | Iterable[Rule[C]], case: C) -> Receipt:
    """Ask every rule of a law about one case and keep what each said."""
    lines: list[Asked] = []
    for one in rules:
        answer = None if one.id in DISABLED else one.check(case)
        if answer is None:
            continue
        if isinstance(answer, Pass):
            lines.append(Asked(one.id, "pass", None, answer.facts))
        elif isinstance(answer, Refusal):
            lines.append(Asked(answer.rule, "refuse", answer.reason, answer.facts, answer.remedy))
        else:
            lines.append(Asked(answer.rule, "review", answer.reason, answer.facts))
    return Receipt(tuple(lines))
