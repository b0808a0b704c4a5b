"""Money and people: payments that match an approval, money that matches none, and what persons decide.

``received = paid + in suspense + to be returned``; a report that money moved is never refused.
"""

from __future__ import annotations

from datetime import datetime

from services.subsidy.domain import claim_commands as do
from services.subsidy.domain.claim_facts import LinesClosed, RecordApplied, RecordRefused
from services.subsidy.domain.draft import Draft
from services.subsidy.domain.money_facts import (
    MoneySuspended,
    PaidRound,
    PaymentAwaited,
    ReviewOpened,
    ReviewSettled,
    SubsidyPaid,
    SuspenseSettled,
)
from services.subsidy.domain.trip import POOL_IS_NAMED_BY_A_PERSON
from shared.kernel.law import Asked

# -- payments --------------------------------------------------------------------------------------------------------


def report(draft: Draft, command: do.ReportPayment) -> None:
    """Paid where it is exactly what is approved and unpaid: one round, or all of them; else suspense and review."""
    draft.say(RecordApplied(command.record))
    if command.seen_fen == command.amount_fen:  # the same payment, reported again
        return
    matched = [n for n, one in sorted(draft.state.rounds.items()) if one.unpaid_fen == command.amount_fen]
    if command.seen_fen is not None or not command.amount_fen:
        _suspend(draft, command, "PAYMENT_NUMBER_REUSED" if command.seen_fen is not None else "NOTHING_PAID")
    elif matched:
        _pay(draft, command.payment_key, command.amount_fen, min(command.paid_at, draft.at), matched[:1])
    elif command.amount_fen == draft.state.unpaid_fen:
        _pay(draft, command.payment_key, command.amount_fen, min(command.paid_at, draft.at), None)
    elif draft.state.status == "unknown":
        _suspend(draft, command, "UNKNOWN_CLAIM")
    else:
        _suspend(draft, command, "AMOUNT_DIFFERS" if draft.state.unpaid_fen else "NOTHING_APPROVED")


def _pay(draft: Draft, payment_key: str, amount_fen: int, paid_at: datetime, only: list[int] | None) -> None:
    """Pay rounds, the oldest first; the lines of a round that is paid whole are done."""
    parts: list[PaidRound] = []
    lines: list[int] = []
    left = amount_fen
    for n, one in sorted(draft.state.rounds.items()):
        part = min(left, one.unpaid_fen)
        if part == 0 or (only is not None and n not in only):
            continue
        parts.append(PaidRound(n, part, one.paid_fen))
        if part == one.unpaid_fen:
            lines.extend(one.lines)
        left -= part
    vendor = draft.state.vendor
    draft.say(SubsidyPaid(draft.case_id, vendor, payment_key, amount_fen, tuple(parts), tuple(lines), paid_at))


def _suspend(draft: Draft, command: do.ReportPayment, reason: str) -> None:
    # a number that is used again keeps its first entry: the second one gets a name of its own
    key = command.payment_key if command.seen_fen is None else f"{command.payment_key}:{command.record}"
    draft.say(MoneySuspended(draft.case_id, key, command.amount_fen, reason))
    facts = {"amount_fen": command.amount_fen, "unpaid_fen": draft.state.unpaid_fen}
    draft.ask_person("suspense", "finance", [Asked("SUB-D03", "review", reason, facts)], payment_key=key)


# -- persons ---------------------------------------------------------------------------------------------------------


def settle_review(draft: Draft, command: do.SettleReview) -> None:
    """A person's answer settles just the reasons that were asked."""
    question = draft.state.questions.get(command.review_id)
    if question is None or question.standing != "open":
        reason = "UNKNOWN_REVIEW" if question is None else "REVIEW_NOT_OPEN"
        draft.say(RecordRefused(command.record, reason, None, "/data/review_id"))
        return
    opened = question.opened
    if (wrong := _incomplete(draft, command, opened)) is not None:
        draft.say(wrong)
        return
    draft.say(
        RecordApplied(command.record),
        ReviewSettled(
            command.review_id, draft.case_id, command.decision, command.reason, command.actor, command.role,
            command.amount_fen, command.pool,
        ),
    )  # fmt: skip
    if opened.kind == "suspense":
        _settle_suspense(draft, command, opened)
    elif opened.kind == "payment":
        _settle_missing_payment(draft, command)


def _incomplete(draft: Draft, command: do.SettleReview, opened: ReviewOpened) -> RecordRefused | None:
    """A decision of another role, without the pool it must name (SUB-D02), or with an amount that it can't name."""
    if command.role != opened.owner:
        return RecordRefused(command.record, "ROLE_NOT_ALLOWED", None, "/data/actor/role")
    asks_pool = any(one.reason in POOL_IS_NAMED_BY_A_PERSON for one in opened.reasons)
    if command.decision == "grant" and asks_pool and command.pool is None:
        return RecordRefused(command.record, "POOL_NOT_NAMED", "SUB-D02", "/data/pool")
    if command.amount_fen is None:
        return None
    line = draft.state.lines.get(opened.line)
    if line is None or command.amount_fen > line.expense.amount_fen:
        return RecordRefused(command.record, "AMOUNT_NOT_POSSIBLE", "SUB-D03", "/data/amount")
    return None


def _settle_suspense(draft: Draft, command: do.SettleReview, opened: ReviewOpened) -> None:
    """Granted: it counts as far as approved money is unpaid; what is more, and all of it if refused, is returned."""
    key = opened.payment_key or ""
    amount_fen = draft.state.suspense_fen.get(key, 0)
    applied_fen = min(amount_fen, draft.state.unpaid_fen) if command.decision == "grant" else 0
    draft.say(SuspenseSettled(draft.case_id, key, applied_fen, amount_fen - applied_fen))
    if applied_fen:
        _pay(draft, key, applied_fen, draft.at, None)


def _settle_missing_payment(draft: Draft, command: do.SettleReview) -> None:
    """Granted: the payment is still to come; refused: it will not, and what was held is free again."""
    if command.decision == "grant":
        draft.say(PaymentAwaited(draft.case_id, draft.review_due_at()))
        return
    lines = tuple(n for n, line in sorted(draft.state.lines.items()) if line.standing == "approved")
    draft.say(LinesClosed(draft.case_id, draft.state.vendor, lines, "PAYMENT_STOPPED", None, draft.at))
