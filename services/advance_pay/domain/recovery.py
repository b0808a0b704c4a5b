"""What is owed back: demanded, received, in excess, written off."""

from __future__ import annotations

from collections.abc import Sequence

from services.advance_pay.domain import accounts, clocks
from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain.closing import finish_if_clear
from services.advance_pay.domain.draft import Draft
from shared.kernel.law import Asked


def demand(draft: Draft, reason: str, reasons: Sequence[Asked] = ()) -> None:
    """All that is still outstanding becomes due from the member, some days from the notice (ADV-14, ADV-D03)."""
    left = draft.state.book.balance(accounts.ADVANCED.code)
    if left == 0:
        return
    draft.post(accounts.demand(draft.state.next_posting, left))
    clocks.drop(draft, "OPS-CLAIM", "OPS-DISCHARGE")
    _start_refund_clock(draft)
    due_at = draft.state.clocks[clocks.REFUND].deadline.due_at
    total = draft.state.refund_due_fen
    draft.say(m.RefundDemanded("member", total, reason, due_at, draft.state.outstanding_fen))
    draft.tell("REFUND_DEMANDED", reasons, amount_fen=total, reason=reason, due_at=due_at.isoformat())


def _start_refund_clock(draft: Draft) -> None:
    days = draft.terms.parameters.refund_due_days
    clocks.start_days(draft, clocks.REFUND, "ADV-D03", "overdue", days)


def demand_from_vendor(draft: Draft, posting_id: str, amount_fen: int, reason: str) -> None:
    """What nobody approved and nobody will approve is the vendor's to return."""
    draft.post(accounts.vendor_demand(draft.state.next_posting, amount_fen))
    draft.say(m.SuspenseCleared("paid", amount_fen, posting_id, "VENDOR_DUE"))
    days = draft.terms.operating.vendor_refund_days
    clocks.start_days(draft, clocks.VENDOR_REFUND, "ADV-D03", "overdue", days)
    due_at = draft.state.clocks[clocks.VENDOR_REFUND].deadline.due_at
    total = draft.state.vendor_due_fen
    draft.say(m.RefundDemanded("vendor", total, reason, due_at, draft.state.outstanding_fen))
    draft.tell("VENDOR_REFUND_DEMANDED", (), amount_fen=total, reason=reason, due_at=due_at.isoformat())


def suspend_received(draft: Draft, amount_fen: int, reason: str, rule: str) -> None:
    """Money came that nobody owes: kept apart until a person says whose it is."""
    posting = draft.post(accounts.unexplained(draft.state.next_posting, amount_fen))
    draft.say(m.SuspenseRaised("received", amount_fen, reason, posting))
    asked = Asked(rule, "review", reason, {"amount_fen": amount_fen})
    draft.review("suspense_received", "finance", (asked,), amount_fen=amount_fen, posting=posting)
    draft.tell(reason, (asked,), amount_fen=amount_fen)


def receive_money(draft: Draft, command: c.ReceiveMoney) -> None:
    """First what the member was asked for, then what the vendor owes, then what is not yet due; the rest is excess."""
    if not command.owed or command.receipt_used:
        reason = "RECEIPT_NUMBER_USED" if command.receipt_used else "PURPOSE_UNKNOWN"
        suspend_received(draft, command.amount_fen, reason, "ADV-D03")
        return
    s = draft.state
    from_due = min(command.amount_fen, s.refund_due_fen)
    from_vendor = min(command.amount_fen - from_due, s.vendor_due_fen)
    rest = command.amount_fen - from_due - from_vendor
    from_advanced = min(rest, s.book.balance(accounts.ADVANCED.code))
    if from_due + from_advanced:
        draft.post(accounts.refund(draft.state.next_posting, from_due, from_advanced))
        left = draft.state.outstanding_fen
        draft.say(m.RefundSettled("member", from_due + from_advanced, left, left))
    if from_vendor:
        draft.post(accounts.vendor_refund(draft.state.next_posting, from_vendor))
        owed = draft.state.vendor_due_fen
        draft.say(m.RefundSettled("vendor", from_vendor, owed, draft.state.outstanding_fen))
    if rest > from_advanced:
        suspend_received(draft, rest - from_advanced, "REFUND_TOO_LARGE", "ADV-D03")
    settle_clocks(draft)


def write_off(draft: Draft, command: c.WriteOff) -> None:
    """Finance gives up an amount: the member's debt first, then the vendor's."""
    give_up(draft, command.amount_fen, command.reason, command.actor)
    settle_clocks(draft)


def give_up(draft: Draft, amount_fen: int, reason: str, actor: str) -> None:
    """Post a write-off of so much, in the order due, not yet due, the vendor's."""
    s = draft.state
    from_due = min(amount_fen, s.refund_due_fen)
    from_advanced = min(amount_fen - from_due, s.book.balance(accounts.ADVANCED.code))
    from_vendor = min(amount_fen - from_due - from_advanced, s.vendor_due_fen)
    if from_due + from_advanced:
        draft.post(accounts.write_off(draft.state.next_posting, from_due, from_advanced))
        left = draft.state.outstanding_fen
        draft.say(m.AdvanceWrittenOff("member", from_due + from_advanced, reason, actor, left))
    if from_vendor:
        give_up_vendor(draft, from_vendor, reason, actor)


def give_up_vendor(draft: Draft, amount_fen: int, reason: str, actor: str) -> None:
    """Post a write-off of what the vendor owes."""
    draft.post(accounts.vendor_write_off(draft.state.next_posting, amount_fen))
    draft.say(m.AdvanceWrittenOff("vendor", amount_fen, reason, actor, draft.state.outstanding_fen))


def settle_clocks(draft: Draft) -> None:
    """Refund clocks of debts that are gone stop; the case finishes where nothing is owed."""
    if draft.state.refund_due_fen == 0:
        clocks.stop(draft, clocks.REFUND)
    if draft.state.vendor_due_fen == 0:
        clocks.stop(draft, clocks.VENDOR_REFUND)
    for review in list(draft.state.reviews.values()):
        gone = _debt_of(draft, review.clock) == 0
        if review.kind == "refund_overdue" and gone:
            draft.settle_review(review.review_id, "refuse", "REFUNDED")
    finish_if_clear(draft)


def _debt_of(draft: Draft, clock: str | None) -> int:
    return draft.state.vendor_due_fen if clock == clocks.VENDOR_REFUND else draft.state.refund_due_fen


def refund_overdue(draft: Draft, clock_id: str, rule: str) -> None:
    """The refund's time is over: said, and before finance (ADV-D03)."""
    clock = draft.state.clocks[clock_id]
    vendor = clock_id == clocks.VENDOR_REFUND
    owed = _debt_of(draft, clock_id)
    draft.say(m.RefundOverdue("vendor" if vendor else "member", owed, clock.deadline.due_at))
    asked = Asked(rule, "review", "REFUND_OVERDUE", {"amount_fen": owed})
    draft.review("refund_overdue", "finance", (asked,), amount_fen=owed, clock=clock_id)


def decide_overdue(draft: Draft, command: c.DecideReview, review: f.ReviewAsked) -> None:
    """Granted: the debtor gets the same time again. Refused: what is left is written off."""
    vendor = review.clock == clocks.VENDOR_REFUND
    if command.decision == "refuse":
        if vendor:
            give_up_vendor(draft, draft.state.vendor_due_fen, command.reason, command.actor)
        else:
            give_up(draft, draft.state.refund_due_fen, command.reason, command.actor)
        settle_clocks(draft)
    elif vendor:
        days = draft.terms.operating.vendor_refund_days
        clocks.start_days(draft, clocks.VENDOR_REFUND, "ADV-D03", "overdue", days)
    else:
        _start_refund_clock(draft)
