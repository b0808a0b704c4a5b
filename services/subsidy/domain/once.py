"""What may be used once: an invoice number by a line, a payment number by a payment (``unique/{kind}/{key}``)."""

from __future__ import annotations

from typing import Any

from shared.kernel.aggregate import Aggregate
from shared.kernel.value import value

# -- facts -----------------------------------------------------------------------------------------------------------


@value
class InvoiceUsed:
    """An approved line used the invoice (SUB-D03)."""

    request_id: str
    line: int


@value
class InvoiceFreed:
    """The line will not be paid after all: its invoice may be used again."""

    request_id: str
    line: int


@value
class PaymentSeen:
    """A payment number was reported."""

    case_id: str
    amount_fen: int


# -- state -----------------------------------------------------------------------------------------------------------


@value
class OnceState:
    """Who holds the key; ``amount_fen`` of a payment."""

    holder: str | None = None
    amount_fen: int = 0


def holder(request_id: str, line: int) -> str:
    """How a line is named where it holds an invoice."""
    return f"{request_id}:{line}"


# -- decide ----------------------------------------------------------------------------------------------------------


def use(state: OnceState, request_id: str, line: int) -> list[object]:
    """Take an invoice for a line; nothing where the line holds it. ValueError where another one does."""
    mine = holder(request_id, line)
    if state.holder not in (None, mine):
        raise ValueError(f"{mine}: the invoice is used by {state.holder}")
    return [] if state.holder == mine else [InvoiceUsed(request_id, line)]


def free(state: OnceState, request_id: str, line: int) -> list[object]:
    """Give an invoice back; nothing where the line does not hold it."""
    return [InvoiceFreed(request_id, line)] if state.holder == holder(request_id, line) else []


def see(state: OnceState, case_id: str, amount_fen: int) -> list[object]:
    """Remember a payment number."""
    return [] if state.holder is not None else [PaymentSeen(case_id, amount_fen)]


# -- evolve ----------------------------------------------------------------------------------------------------------


def evolve(state: OnceState, fact: Any) -> OnceState:
    """The key after one fact."""
    if isinstance(fact, InvoiceUsed):
        return OnceState(holder(fact.request_id, fact.line))
    if isinstance(fact, InvoiceFreed):
        return OnceState()
    if isinstance(fact, PaymentSeen):
        return OnceState(fact.case_id, fact.amount_fen)
    return state


UNIQUE: Aggregate[OnceState] = Aggregate("unique", OnceState, evolve)
