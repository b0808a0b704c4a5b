"""Read models of advance_pay: stored facts in, rows out. Pure, so that a rebuild from zero gives the same rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.advance_pay.domain import accounts
from services.advance_pay.domain.advance import ADVANCE
from services.advance_pay.domain.advance_state import AdvanceState
from services.advance_pay.domain.liability import LiabilityState
from shared.event_store.stored import Stored

Row = dict[str, Any]


def case_row(request_id: str, state: AdvanceState) -> Row:
    """One case: where it stands and the equation of its money (ADV-D03)."""
    return {
        "request_id": request_id,
        "member_ref": state.member_ref,
        "product": state.product,
        "phase": state.phase,
        "outcome": state.outcome,
        "approved_fen": state.approved_fen,
        "advanced_fen": state.advanced_fen,
        "returned_fen": state.returned_fen,
        "offset_fen": state.offset_fen,
        "refunded_fen": state.refunded_fen,
        "written_off_fen": state.written_off_fen,
        "outstanding_fen": state.outstanding_fen,
        "refund_due_fen": state.refund_due_fen,
        "vendor_due_fen": state.vendor_due_fen,
        "clocks": sorted((c.deadline.due_at, c.clock) for c in state.clocks.values() if not c.ran_out),
        "reviews": sorted(state.reviews),
    }


def ledger_rows(state: AdvanceState) -> list[Row]:
    """The balances of one case in the order of the chart, with the names that people read."""
    balances = state.book.balances()
    return [
        {"account": a.code, "title": a.title, "fen": balances[a.code]} for a in accounts.CHART if balances.get(a.code)
    ]


def exposure(states: Iterable[AdvanceState]) -> Row:
    """What the house has out: with hospitals, due from members, due from vendors, unexplained."""
    total = dict.fromkeys(("advanced", "refund_due", "vendor_due", "suspense_paid", "suspense_received"), 0)
    for state in states:
        for account in total:
            total[account] += state.book.balance(account)
    return {f"{account}_fen": fen for account, fen in total.items()}


def year_row(member_ref: str, year: int, state: LiabilityState) -> Row:
    """What is left of a member-year."""
    return {
        "member_ref": member_ref,
        "year": year,
        "sum_insured_fen": state.sum_insured_fen,
        "paid_fen": state.paid_fen,
        "held_fen": state.held_fen,
        "remaining_fen": state.remaining_fen,
        "exceeded": state.exceeded,
    }


def cases(stored: Iterable[Stored]) -> list[Row]:
    """Every case of a store, folded from its facts."""
    states: dict[str, AdvanceState] = {}
    for one in stored:
        kind, _, request_id = one.stream.partition("/")
        if kind == ADVANCE.prefix:
            states[request_id] = ADVANCE.evolve(states.get(request_id, ADVANCE.initial()), one.fact)
    return [case_row(request_id, state) for request_id, state in states.items()]
