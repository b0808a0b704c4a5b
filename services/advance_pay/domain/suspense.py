"""``suspense/{payment_key}``: money for which there is no case. It is booked, and a person says whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from services.advance_pay.domain import accounts
from services.advance_pay.domain.terms import Terms
from shared.kernel.aggregate import Aggregate
from shared.kernel.law import Asked
from shared.kernel.value import value
from shared.ledger import EMPTY, Book, Posting, reversal


@value
class TakeIn:
    """The payment system reports money; ``paid``: it left, else it came."""

    payment_key: str
    direction: Literal["paid", "received"]
    amount_fen: int
    purpose: str
    at: datetime
    cause: str
    record: str


@value
class Resolve:
    """Finance decided."""

    payment_key: str
    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str
    role: str
    cause: str
    record: str


@value
class Lapse:
    """Finance is late."""

    payment_key: str
    review_id: str
    at: datetime


@value
class MoneyTakenIn:
    """Booked in suspense, under review ``review_id`` of finance."""

    cause: str
    record: str
    direction: Literal["paid", "received"]
    amount_fen: int
    posting: Posting
    review_id: str
    reasons: tuple[Asked, ...]
    due_at: datetime


@value
class MoneyResolved:
    """Reversed out of suspense: granted goes back (``received``) or is accepted (``paid``), refused is nobody's."""

    cause: str
    record: str
    review_id: str
    decision: Literal["grant", "refuse"]
    reason: str
    actor: str
    postings: tuple[Posting, ...]


@value
class MoneyOverdue:
    """Nobody has said in time whose it is: it stays in suspense, and is asked about again at ``next_due_at``."""

    review_id: str
    due_at: datetime
    next_due_at: datetime


@value
class ResolutionRefused:
    """The decision did not fit."""

    cause: str
    record: str
    reason: str


@value
class RepeatIgnored:
    """The same payment was reported again: applied, with nothing added."""

    cause: str
    record: str


@value
class SuspenseState:
    """One payment without a case."""

    taken: MoneyTakenIn | None = None
    due_at: datetime | None = None
    resolved: bool = False
    book: Book = EMPTY
    seen: frozenset[str] = frozenset()


def decide(command: TakeIn | Resolve | Lapse, state: SuspenseState, terms: Terms) -> list[Any]:
    """Book the money once; resolve it once, by finance; until then ask again and again."""
    if isinstance(command, Lapse):
        due = not state.resolved and state.due_at is not None and command.at >= state.due_at
        return [MoneyOverdue(command.review_id, command.at, terms.review_due_at(command.at))] if due else []
    if command.cause in state.seen:
        return []
    if isinstance(command, TakeIn):
        return [_take_in(command, terms)] if state.taken is None else [RepeatIgnored(command.cause, command.record)]
    if state.taken is None or state.taken.review_id != command.review_id:
        return [ResolutionRefused(command.cause, command.record, "UNKNOWN_REVIEW")]
    if state.resolved:
        return [ResolutionRefused(command.cause, command.record, "REVIEW_NOT_OPEN")]
    if command.role != "finance":
        return [ResolutionRefused(command.cause, command.record, "ROLE_NOT_ALLOWED")]
    back = reversal(state.taken.posting, "p2", "CLEAR")
    fen = state.taken.amount_fen
    if state.taken.direction == "received":
        then = accounts.hand_back("p3", fen) if command.decision == "grant" else accounts.keep("p3", fen)
    else:
        then = accounts.vendor_demand("p3", fen)
    return [
        MoneyResolved(
            command.cause,
            command.record,
            command.review_id,
            command.decision,
            command.reason,
            command.actor,
            (back, then),
        )
    ]


def _take_in(command: TakeIn, terms: Terms) -> MoneyTakenIn:
    paid = command.direction == "paid"
    posting = (accounts.unapproved if paid else accounts.unexplained)("p1", command.amount_fen)
    reason = "UNAPPROVED_PAYMENT" if paid else "CASE_UNKNOWN"
    asked = Asked("ADV-D03", "review", reason, {"amount_fen": command.amount_fen, "purpose": command.purpose})
    return MoneyTakenIn(
        command.cause, command.record, command.direction, command.amount_fen, posting, f"{command.payment_key}-A1",
        (asked,), terms.review_due_at(command.at),
    )  # fmt: skip


def evolve(state: SuspenseState, fact: Any) -> SuspenseState:
    """The state after one more fact."""
    if isinstance(fact, MoneyTakenIn):
        seen = state.seen | {fact.cause}
        return replace(state, taken=fact, due_at=fact.due_at, book=state.book.add(fact.posting), seen=seen)
    if isinstance(fact, MoneyOverdue):
        return replace(state, due_at=fact.next_due_at)
    if isinstance(fact, MoneyResolved):
        book = state.book
        for posting in fact.postings:
            book = book.add(posting)
        return replace(state, resolved=True, book=book, seen=state.seen | {fact.cause})
    if isinstance(fact, ResolutionRefused | RepeatIgnored):
        return replace(state, seen=state.seen | {fact.cause})
    return state


SUSPENSE: Aggregate[SuspenseState] = Aggregate("suspense", SuspenseState, evolve)
