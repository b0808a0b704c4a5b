"""What people decide, and what silence brings before them."""

from __future__ import annotations

from services.advance_pay.domain import accounts, clocks, collecting, payment, recovery, settlement
from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain.closing import close, finish_if_clear
from services.advance_pay.domain.draft import Draft
from services.advance_pay.domain.record_law import BEFORE_PAYMENT
from services.advance_pay.domain.reviewing import decide_pre_review
from shared.kernel.law import Asked
from shared.ledger import reversal

# What each silence asks a person, and after how long it is asked again.
SILENCES = {
    "OPS-PRE-REVIEW": "NO_PRE_REVIEW",
    "OPS-PAYMENT": "NO_PAYMENT",
    "OPS-DISCHARGE": "NO_DISCHARGE",
    "OPS-CLAIM": "CLAIM_PENDING",
}


def decide_review(draft: Draft, command: c.DecideReview) -> None:
    """A person of the owning role decided an open review."""
    review = draft.state.reviews[command.review_id]
    draft.settle_review(review.review_id, command.decision, command.reason, command.actor)
    if review.kind == "pre_review":
        decide_pre_review(draft, command, review)
    elif review.kind == "suspense_paid":
        _decide_paid(draft, command, review)
    elif review.kind == "suspense_received":
        _decide_received(draft, command, review)
    elif review.kind == "refund_overdue":
        recovery.decide_overdue(draft, command, review)
    else:
        _decide_stalled(draft, command, review)


def _undo(draft: Draft, review: f.ReviewAsked) -> None:
    original = draft.state.book.find(review.posting or "")
    if original is None:
        raise ValueError(f"{review.review_id}: no suspense posting")
    draft.post(reversal(original, draft.state.next_posting, "CLEAR"))


def _decide_paid(draft: Draft, command: c.DecideReview, review: f.ReviewAsked) -> None:
    """Granted, it becomes an advance like any other; refused, the vendor owes it back."""
    _undo(draft, review)
    if command.decision == "refuse":
        recovery.demand_from_vendor(draft, review.posting or "", review.amount_fen, command.reason)
        return
    draft.say(m.SuspenseCleared("paid", review.amount_fen, review.posting or "", "ADVANCED"))
    reopened = draft.state.phase in BEFORE_PAYMENT
    payment.advance(draft, review.amount_fen, review.receipt_key or "", reported_at=review.asked_at)
    if reopened:
        clocks.drop(draft, "documents", "pre_review", clocks.SUPPLEMENT, "OPS-PRE-REVIEW")
    if draft.state.phase == "refunding" or draft.state.adjudicated:
        recovery.demand(draft, "OVER_ADVANCED")
    elif draft.state.phase == "settled":
        clocks.start_silence(draft, "OPS-CLAIM", draft.terms.operating.claim_silence_days)


def _decide_received(draft: Draft, command: c.DecideReview, review: f.ReviewAsked) -> None:
    """Granted, it goes back to who sent it; refused, it stays apart as nobody's."""
    _undo(draft, review)
    fen, posting = review.amount_fen, draft.state.next_posting
    back = command.decision == "grant"
    draft.post(accounts.hand_back(posting, fen) if back else accounts.keep(posting, fen))
    draft.say(m.SuspenseCleared("received", fen, review.posting or "", "HANDED_BACK" if back else "UNCLAIMED"))
    finish_if_clear(draft)


def _decide_stalled(draft: Draft, command: c.DecideReview, review: f.ReviewAsked) -> None:
    """Granted: wait as long again. Refused: close before payment, demand everything back after it."""
    clock = review.clock or ""
    if command.decision == "grant":
        days = _days_of(draft, clock)
        if clock == clocks.SUPPLEMENT:
            clocks.start_days(draft, clock, "ADV-D08", "close", days)
        else:
            clocks.start_silence(draft, clock, days)
    elif draft.state.advanced_fen == 0:
        close(draft, "CLOSED_BY_REVIEW", (Asked("ADV-34", "refuse", command.reason),))
    else:
        settlement.offset_kept_claims(draft)
        recovery.demand(draft, command.reason)
        finish_if_clear(draft, given_up=True)


def _days_of(draft: Draft, clock: str) -> int:
    times = draft.terms.operating
    return {
        "OPS-PRE-REVIEW": times.pre_review_silence_days,
        "OPS-PAYMENT": times.payment_silence_days,
        "OPS-DISCHARGE": times.discharge_silence_days,
        "OPS-CLAIM": times.claim_silence_days,
    }.get(clock) or draft.terms.parameters.supplement_days


def hear_nothing(draft: Draft, command: c.HearNothing) -> None:
    """Every record before the limit has been read: the clock has run out."""
    clock = clocks.unheard(draft, command.clock, command.due_at)
    if clock is None or clock.out == "breach":
        return
    if clock.out == "overdue":
        recovery.refund_overdue(draft, clock.clock, clock.rule)
    elif clock.out == "close":
        collecting.supplement_expired(draft)
    else:
        asked = Asked(clock.rule, "review", SILENCES[clock.clock])
        draft.review("stalled", "operations", (asked,), clock=clock.clock)


def lapse_review(draft: Draft, command: c.LapseReview) -> None:
    """A person is late: the review stays where it is, and says so."""
    review = draft.state.reviews.get(command.review_id)
    if review is not None:
        again = draft.terms.review_due_at(draft.at)
        draft.say(f.ReviewOverdue(review.review_id, review.owner, draft.at, again))
