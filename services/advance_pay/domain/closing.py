"""How a case ends: closed without an advance, or finished when nothing is owed (ADV-D03)."""

from __future__ import annotations

from collections.abc import Sequence

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import clocks
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain.draft import Draft
from shared.kernel.law import Asked

MONEY_REVIEWS = ("suspense_paid", "suspense_received")


def close(
    draft: Draft, outcome: str, reasons: Sequence[Asked] = (), *, told: bool = False, prejudice: bool = True
) -> None:
    """Close without an advance: clocks and questions lose their object; money in suspense keeps its own."""
    for clock in list(draft.state.clocks.values()):
        if clock.clock != clocks.VENDOR_REFUND:
            clocks.drop(draft, clock.step)
    drop_reviews(draft, outcome)
    draft.say(f.CaseClosed(outcome, without_prejudice=not prejudice))
    if not told:
        draft.tell(outcome, reasons)
    for kept in draft.state.kept_claims:
        draft.say(m.ClaimOffset(kept.claim_key, kept.payable_fen, 0, kept.payable_fen, draft.state.outstanding_fen))
    finish_if_clear(draft)


def drop_reviews(draft: Draft, reason: str, *kinds: str) -> None:
    """Reviews that have lost their object end by themselves; those about money never do."""
    for review in list(draft.state.reviews.values()):
        if review.kind not in MONEY_REVIEWS and (not kinds or review.kind in kinds):
            draft.settle_review(review.review_id, "refuse", reason)


def finish_if_clear(draft: Draft, *, given_up: bool = False) -> None:
    """The balance must be zero before a case is finished; then it is, once. ``given_up``: nobody waits for the rest."""
    s = draft.state
    if s.finished or not s.clear:
        return
    if s.phase == "closed" and s.outcome:
        draft.say(f.CaseFinished(s.outcome))
        return
    followed_up = s.adjudicated or s.file_sent or s.returned_fen >= s.advanced_fen
    if given_up or s.phase == "refunding" or (s.phase == "settled" and followed_up):
        clocks.drop(draft)
        drop_reviews(draft, "SETTLED")
        draft.say(f.CaseFinished("SETTLED"))
        draft.tell("SETTLED", (), advanced_fen=s.advanced_fen, offset_fen=s.offset_fen, refunded_fen=s.refunded_fen)
