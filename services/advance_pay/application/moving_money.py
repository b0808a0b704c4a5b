"""Reports of money: a number is used once, a report is never refused, and what has no case goes to suspense."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.advance_pay.application.deciding import House, advance_of, carry_out, change_liability
from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import liability as share
from services.advance_pay.domain.advance_state import AdvanceState
from services.advance_pay.domain.liability import LIABILITY
from services.advance_pay.domain.suspense import SUSPENSE, TakeIn
from services.advance_pay.domain.suspense import decide as decide_suspense
from services.advance_pay.domain.unique import UNIQUE, Claimed, receipt_key
from shared.messaging.wiring import Desk

Money = c.ReportDeposit | c.ReceiveMoney


def report_deposit(
    desk: Desk, house: House, request_id: str, record: str, amount_fen: int, number: str, paid_at: datetime | None
) -> None:
    """The vendor says that money went to the hospital."""
    state = advance_of(desk, request_id)
    key = receipt_key(state.vendor, number)
    command = c.ReportDeposit(
        request_id=request_id, at=desk.at, cause=str(desk.cause), record=record,
        amount_fen=amount_fen, receipt_key=key, receipt_used=False, paid_at=paid_at,
    )  # fmt: skip
    _book(desk, house, state, command, "receipt", key)


def receive_refund(desk: Desk, house: House, request_id: str, record: str, amount_fen: int, number: str) -> None:
    """The vendor says that the member returned money."""
    state = advance_of(desk, request_id)
    command = c.ReceiveMoney(
        request_id=request_id, at=desk.at, cause=str(desk.cause), record=record, amount_fen=amount_fen, receipt_used=False
    )  # fmt: skip
    _book(desk, house, state, command, "receipt", receipt_key(state.vendor, number))


def _book(desk: Desk, house: House, state: AdvanceState, command: Money, kind: str, key: str) -> None:
    """Claim the number in the same append; a number in use, and the law sends the money to suspense."""
    if state.phase == "absent" or command.cause in state.seen:
        return
    stream = UNIQUE.stream(kind, key)
    use = desk.load(UNIQUE, stream)
    if use.by is not None:
        command = replace(command, receipt_used=True)
    elif command.amount_fen > 0:
        desk.record(UNIQUE, stream, Claimed(kind, command.cause))
    carry_out(desk, house, command)


def take_payment(
    desk: Desk, house: House, payment_key: str, purpose: str, request_id: str | None, amount_fen: int, record: str
) -> None:
    """The payment system says that money moved (anything but a subsidy)."""
    state = advance_of(desk, request_id) if request_id else None
    direction: Literal["paid", "received"] = "paid" if purpose == "deposit" else "received"
    cause = str(desk.cause)
    if state is None or request_id is None or state.phase == "absent":
        stream = SUSPENSE.stream(payment_key)
        command = TakeIn(payment_key, direction, amount_fen, purpose, desk.at, cause, record)
        facts = decide_suspense(command, desk.load(SUSPENSE, stream), house.terms())
        desk.record(SUSPENSE, stream, *facts)
        return
    asked: Money
    if direction == "paid":
        asked = c.ReportDeposit(
            request_id=request_id, at=desk.at, cause=cause, record=record,
            amount_fen=amount_fen, receipt_key=payment_key, receipt_used=False, approvable=False,
        )  # fmt: skip
    else:
        asked = c.ReceiveMoney(
            request_id=request_id, at=desk.at, cause=cause, record=record,
            amount_fen=amount_fen, receipt_used=False, owed=purpose == "refund",
        )  # fmt: skip
    _book(desk, house, state, asked, "payment", payment_key)


def adjudicate(
    desk: Desk, house: House, claim_key: str, member_ref: str, year: int, payable_fen: int,
    request_id: str | None, record: str,
) -> None:  # fmt: skip
    """The insurer decided a claim: it takes from the year, in place of its advance's hold, and pays the advance back."""
    stream = LIABILITY.stream(member_ref, year)
    before = desk.load(LIABILITY, stream)
    cause = str(desk.cause)
    if cause in before.seen:
        return
    state = advance_of(desk, request_id) if request_id else AdvanceState()
    no = _why_not(before, state, claim_key, payable_fen, member_ref)
    desk.record(LIABILITY, stream, share.ClaimRecorded(cause, record, no))
    if no is not None or claim_key in before.claims:
        return
    ours = request_id if state.phase != "absent" else None
    change_liability(desk, share.PayClaim(claim_key, payable_fen, ours), member_ref, year)
    if ours is None:
        return
    if state.granted and state.year != year:
        change_liability(desk, share.ReleaseHold(ours, "CLAIM_OF_ANOTHER_YEAR"), member_ref, state.year)
    command = c.AdjudicateClaim(request_id=ours, at=desk.at, claim_key=claim_key, payable_fen=payable_fen)
    carry_out(desk, house, command)


def _why_not(
    year: share.LiabilityState, state: AdvanceState, claim_key: str, payable_fen: int, member_ref: str
) -> str | None:
    if state.phase != "absent" and state.member_ref != member_ref:
        return "ADVANCE_OF_ANOTHER"
    if year.claims.get(claim_key, payable_fen) != payable_fen:
        return "CLAIM_ALREADY_ADJUDICATED"
    return None
