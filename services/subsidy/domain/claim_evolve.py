"""How facts change a claim: total, and never refusing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from services.subsidy.domain import claim_facts as said
from services.subsidy.domain import clock_facts as clocks
from services.subsidy.domain import money_facts as money
from services.subsidy.domain.claim_state import ClaimState, Clock, Line, Question, Round
from services.subsidy.domain.claimed import Expense
from shared.kernel.aggregate import Aggregate


def _submitted(state: ClaimState, fact: said.ClaimSubmitted) -> ClaimState:
    lines = {one.line: Line(one) for one in fact.claimed.lines}
    return replace(
        state,
        status="submitted" if state.status == "unknown" else state.status,
        member_ref=fact.member_ref,
        vendor=fact.vendor,
        applied_at=fact.applied_at,
        claimed=fact.claimed,
        lines=lines,
    )


def _granted(state: ClaimState, fact: said.ClaimGranted) -> ClaimState:
    return replace(state, grant=fact)


def _opened(state: ClaimState, _: said.ClaimOpened) -> ClaimState:
    return replace(state, status="open")


def _barred(state: ClaimState, _: said.ClaimBarred) -> ClaimState:
    return replace(state, status="barred")


def _closed(state: ClaimState, fact: said.ClaimClosed) -> ClaimState:
    return replace(state, status="closed", outcome=fact.outcome)


def _withdrawal_kept(state: ClaimState, fact: said.WithdrawalKept) -> ClaimState:
    return replace(state, withdrawals=(*state.withdrawals, fact.record))


def _answered(state: ClaimState, fact: said.RecordApplied | said.RecordRefused) -> ClaimState:
    return replace(state, records=state.records | {fact.record})


def _visit_awaited(state: ClaimState, fact: said.VisitAwaited) -> ClaimState:
    return replace(state, visits_until=fact.until)


def _feedback(state: ClaimState, fact: said.FeedbackGiven) -> ClaimState:
    return replace(state, feedback_at=fact.at)


def _member_awaited(state: ClaimState, fact: said.MemberAwaited) -> ClaimState:
    return replace(state, member_since=fact.since, member_for=fact.waiting_for)


def _member_heard(state: ClaimState, _: said.MemberHeard) -> ClaimState:
    return replace(state, member_since=None)


def _papers_asked(state: ClaimState, fact: said.PapersAsked) -> ClaimState:
    return replace(state, waits={**state.waits, **{(p.line, p.document): fact for p in fact.papers}})


def _papers_reminded(state: ClaimState, fact: said.PapersReminded) -> ClaimState:
    return replace(state, reminded=state.reminded | {fact.expires_at})


def _papers_limit_reached(state: ClaimState, fact: said.PapersLimitReached) -> ClaimState:
    return replace(state, limits_reached=state.limits_reached | {fact.due_at})


def _papers_given(state: ClaimState, fact: said.PapersGiven) -> ClaimState:
    if state.claimed is None:
        return state
    late = {voucher.line: voucher for voucher in fact.vouchers}

    def completed(expense: Expense) -> Expense:
        voucher = late.get(expense.line)
        if voucher is None or state.lines[expense.line].standing != "open":
            return expense
        return replace(
            expense,
            invoice=voucher.invoice or expense.invoice,
            payment_proof=voucher.payment_proof or expense.payment_proof,
        )

    claimed = replace(
        state.claimed,
        account=fact.account or state.claimed.account,
        residence_proof=fact.residence_proof or state.claimed.residence_proof,
        treatment_proof=state.claimed.treatment_proof + fact.treatment_proof,
        lines=tuple(completed(one) for one in state.claimed.lines),
    )
    lines = {one.line: replace(state.lines[one.line], expense=one) for one in claimed.lines}
    return replace(state, claimed=claimed, lines=lines)


def _papers_settled(state: ClaimState, fact: said.PapersSettled) -> ClaimState:
    gone = {(paper.line, paper.document) for paper in fact.papers}
    return replace(state, waits={key: wait for key, wait in state.waits.items() if key not in gone})


def _end(state: ClaimState, lines: Mapping[int, said.LineEnding], reason: str, at: datetime) -> dict[int, Line]:
    ended = {
        number: replace(state.lines[number], standing=how, reason=reason, ended_at=at)
        for number, how in lines.items()
        if number in state.lines
    }
    return {**state.lines, **ended}


def _approved(state: ClaimState, fact: said.SubsidyApproved) -> ClaimState:
    lines = dict(state.lines)
    for one in fact.lines:
        standing: said.LineEnding = "approved" if one.payable_fen else "capped"
        ended_at = None if one.payable_fen else fact.at
        lines[one.line] = replace(
            lines[one.line], standing=standing, payable_fen=one.payable_fen, round=fact.round, ended_at=ended_at
        )
    numbers = tuple(one.line for one in fact.lines if one.payable_fen)
    this = Round(fact.policy_ref, fact.limit_fen, fact.pool, fact.year, numbers, fact.payable_fen)
    return replace(state, lines=lines, rounds={**state.rounds, fact.round: this}, pool=fact.pool)


def _lines_refused(state: ClaimState, fact: said.LinesRefused) -> ClaimState:
    return replace(state, lines=_end(state, {one.line: "refused" for one in fact.lines}, "REFUSED", fact.at))


def _lines_expired(state: ClaimState, fact: said.LinesExpired) -> ClaimState:
    return replace(state, lines=_end(state, dict.fromkeys(fact.lines, "expired"), "SUPPLEMENT_EXPIRED", fact.at))


def _lines_closed(state: ClaimState, fact: said.LinesClosed) -> ClaimState:
    lines = _end(state, dict.fromkeys(fact.lines, "closed"), fact.reason, fact.at)
    stopped = {
        n: replace(one, stopped=True) if set(one.lines) & set(fact.lines) else one for n, one in state.rounds.items()
    }
    return replace(state, lines=lines, rounds=stopped)


def _review_opened(state: ClaimState, fact: money.ReviewOpened) -> ClaimState:
    return replace(state, questions={**state.questions, fact.review_id: Question(fact, due_at=fact.due_at)})


def _answer(state: ClaimState, review_id: str, standing: Literal["grant", "refuse", "moot"]) -> ClaimState:
    question = replace(state.questions[review_id], standing=standing)
    return replace(state, questions={**state.questions, review_id: question})


def _review_settled(state: ClaimState, fact: money.ReviewSettled) -> ClaimState:
    opened = state.questions[fact.review_id].opened
    state = _answer(state, fact.review_id, fact.decision)
    if opened.kind not in ("claim", "line"):
        return state
    if fact.decision == "refuse":
        return replace(state, refused={**state.refused, opened.line: opened.reasons})
    yes = {(opened.line, asked.rule, asked.reason or "") for asked in opened.reasons}
    amounts = {**state.amounts_fen, opened.line: fact.amount_fen} if fact.amount_fen is not None else state.amounts_fen
    return replace(state, granted=state.granted | yes, pool=fact.pool or state.pool, amounts_fen=amounts)


def _review_overdue(state: ClaimState, fact: money.ReviewOverdue) -> ClaimState:
    question = replace(state.questions[fact.review_id], due_at=fact.next_due_at)
    return replace(state, questions={**state.questions, fact.review_id: question})


def _review_mooted(state: ClaimState, fact: money.ReviewMooted) -> ClaimState:
    return _answer(state, fact.review_id, "moot")


def _paid(state: ClaimState, fact: money.SubsidyPaid) -> ClaimState:
    rounds = dict(state.rounds)
    for part in fact.rounds:
        rounds[part.round] = replace(rounds[part.round], paid_fen=rounds[part.round].paid_fen + part.amount_fen)
    lines = _end(state, dict.fromkeys(fact.lines, "paid"), "PAID", fact.paid_at)
    return replace(state, rounds=rounds, lines=lines, paid_fen=state.paid_fen + fact.amount_fen)


def _suspended(state: ClaimState, fact: money.MoneySuspended) -> ClaimState:
    return replace(state, suspense_fen={**state.suspense_fen, fact.payment_key: fact.amount_fen})


def _suspense_settled(state: ClaimState, fact: money.SuspenseSettled) -> ClaimState:
    left = {key: amount for key, amount in state.suspense_fen.items() if key != fact.payment_key}
    return replace(state, suspense_fen=left)


def _payment_awaited(state: ClaimState, fact: money.PaymentAwaited) -> ClaimState:
    return replace(state, payment_until=fact.until)


def _set_clock(state: ClaimState, n: int, **changes: Any) -> ClaimState:
    return replace(state, clocks={**state.clocks, n: replace(state.clocks[n], **changes)})


def _clock_started(state: ClaimState, fact: clocks.ClockStarted) -> ClaimState:
    lines = dict(state.lines)
    for number in fact.lines:
        lines[number] = replace(lines[number], complete_at=fact.started_at)
    return replace(state, lines=lines, clocks={**state.clocks, fact.n: Clock(fact, fact.due_at, fact.pauses)})


def _clock_paused(state: ClaimState, fact: clocks.ClockPaused) -> ClaimState:
    return _set_clock(state, fact.n, since=fact.since)


def _clock_resumed(state: ClaimState, fact: clocks.ClockResumed) -> ClaimState:
    pauses = (*state.clocks[fact.n].pauses, (fact.since, fact.until))
    return _set_clock(state, fact.n, since=None, pauses=pauses, due_at=fact.due_at, standing="running", nearing=False)


def _clock_nearing(state: ClaimState, fact: clocks.ClockNearing) -> ClaimState:
    return _set_clock(state, fact.n, nearing=True)


def _clock_asked(state: ClaimState, fact: clocks.ClockAsked) -> ClaimState:
    return _set_clock(state, fact.n, standing="asked")


def _clock_stopped(state: ClaimState, fact: clocks.ClockStopped) -> ClaimState:
    return _set_clock(state, fact.n, standing="stopped", since=None)


def _clock_overrun(state: ClaimState, fact: clocks.ClockOverrun) -> ClaimState:
    return _set_clock(state, fact.n, standing="overrun", since=None)


_BY_FACT: dict[type, Callable[[ClaimState, Any], ClaimState]] = {
    said.ClaimSubmitted: _submitted,
    said.ClaimGranted: _granted,
    said.ClaimOpened: _opened,
    said.ClaimBarred: _barred,
    said.ClaimClosed: _closed,
    said.WithdrawalKept: _withdrawal_kept,
    said.RecordApplied: _answered,
    said.RecordRefused: _answered,
    said.VisitAwaited: _visit_awaited,
    said.FeedbackGiven: _feedback,
    said.MemberAwaited: _member_awaited,
    said.MemberHeard: _member_heard,
    said.PapersAsked: _papers_asked,
    said.PapersReminded: _papers_reminded,
    said.PapersLimitReached: _papers_limit_reached,
    said.PapersGiven: _papers_given,
    said.PapersSettled: _papers_settled,
    said.SubsidyApproved: _approved,
    said.LinesRefused: _lines_refused,
    said.LinesExpired: _lines_expired,
    said.LinesClosed: _lines_closed,
    money.ReviewOpened: _review_opened,
    money.ReviewSettled: _review_settled,
    money.ReviewMooted: _review_mooted,
    money.ReviewOverdue: _review_overdue,
    money.SubsidyPaid: _paid,
    money.MoneySuspended: _suspended,
    money.SuspenseSettled: _suspense_settled,
    money.PaymentAwaited: _payment_awaited,
    clocks.ClockStarted: _clock_started,
    clocks.ClockPaused: _clock_paused,
    clocks.ClockResumed: _clock_resumed,
    clocks.ClockNearing: _clock_nearing,
    clocks.ClockAsked: _clock_asked,
    clocks.ClockStopped: _clock_stopped,
    clocks.ClockOverrun: _clock_overrun,
}


def evolve(state: ClaimState, fact: Any) -> ClaimState:
    """The claim after one fact; what it does not know changes nothing."""
    change = _BY_FACT.get(type(fact))
    return change(state, fact) if change else state


CLAIM: Aggregate[ClaimState] = Aggregate("claim", ClaimState, evolve)
