"""How this service reads a receipt: a "no", a paper that is missing, a visit not yet known, or a person's question.

A missing paper is a refusal with a remedy: what would turn it to yes is named in it, and the line or claim waits for
that instead of ending.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from shared.kernel.law import Asked, Receipt, Refusal

WAITING_DOCUMENT: Final = "WAITING_DOCUMENT"
WAITING_CLAIM: Final = "WAITING_CLAIM_PAPERS"
WAITING_VISIT: Final = "WAITING_VISIT"
_WAITS = frozenset({WAITING_DOCUMENT, WAITING_CLAIM, WAITING_VISIT})


def missing(rule: str, document: str) -> Refusal:
    """The paper that this rule asks for is not there: ``WAITING_DOCUMENT(document)``."""
    return Refusal(rule, WAITING_DOCUMENT, {"document": document}, {"document": document})


def refusals(receipt: Receipt) -> tuple[Asked, ...]:
    """What no paper and no patience can turn to yes."""
    return tuple(a for a in receipt.refusals if a.reason not in _WAITS)


def papers(receipt: Receipt) -> tuple[Asked, ...]:
    """The papers that are missing."""
    return tuple(a for a in receipt.refusals if a.reason == WAITING_DOCUMENT)


def waits(receipt: Receipt) -> tuple[Asked, ...]:
    """Everything waited for, papers included."""
    return tuple(a for a in receipt.refusals if a.reason in _WAITS)


def document(asked: Asked) -> str:
    """Which paper a line of a receipt waits for."""
    return str(asked.remedy["document"])


def unsettled(receipt: Receipt, line: int, granted: Iterable[tuple[int, str, str]]) -> tuple[Asked, ...]:
    """The questions that no person has answered with yes yet; ``line`` 0 is the claim itself."""
    yes = frozenset(granted)
    return tuple(a for a in receipt.reviews if (line, a.rule, a.reason or "") not in yes)
