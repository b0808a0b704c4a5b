"""What one command is about to say: facts in order, and the state as it would be after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain.advance_state import AdvanceState, evolve
from services.advance_pay.domain.terms import Terms
from shared.kernel.law import Asked
from shared.ledger import Posting

OWNERS: dict[str, f.Owner] = {
    "LIABILITY_UNCLEAR": "insurer",
    "DISEASE_ONLY_IN_CONTRACT": "insurer",
    "DISEASE_NAME_UNCLEAR": "medical_reviewer",
    "HOSPITAL_STATUS": "operations",
    "CITY_SCOPE": "operations",
}


class Draft:
    """Collects the facts of one decision. ``terms`` and ``at`` are those of the command."""

    def __init__(self, state: AdvanceState, terms: Terms, at: datetime, request_id: str) -> None:
        self.state = state
        self.terms = terms
        self.at = at
        self.request_id = request_id
        self.facts: list[Any] = []

    def say(self, *facts: Any) -> None:
        """Say facts, stamped with whose case it is."""
        for fact in facts:
            whose = {
                "member_ref": fact.member_ref or self.state.member_ref,
                "vendor": fact.vendor or self.state.vendor,
            }
            stamped = replace(fact, **whose)
            self.state = evolve(self.state, stamped)
            self.facts.append(stamped)

    def post(self, posting: Posting | None) -> str:
        """Put a posting into the book; its id."""
        if posting is None:
            return ""
        self.say(m.Posted(posting))
        return posting.id

    def tell(self, outcome: str, reasons: Sequence[Asked] = (), **details: object) -> None:
        """Tell the vendor what became of its case."""
        self.say(f.OutcomeSaid(outcome, tuple(reasons), details))

    def review(
        self,
        kind: f.ReviewKind,
        owner: f.Owner,
        reasons: Sequence[Asked],
        *,
        amount_fen: int = 0,
        posting: str | None = None,
        receipt_key: str | None = None,
        clock: str | None = None,
    ) -> str:
        """Bring it before a person; the review's id."""
        review_id = f"{self.request_id}-A{self.state.reviews_opened + 1}"
        due_at = self.terms.review_due_at(self.at)
        self.say(
            f.ReviewAsked(
                review_id,
                kind,
                owner,
                tuple(reasons),
                self.at,
                due_at,
                amount_fen=amount_fen,
                posting=posting,
                receipt_key=receipt_key,
                clock=clock,
            )
        )
        return review_id

    def settle_review(
        self, review_id: str, decision: Literal["grant", "refuse"], reason: str, actor: str = "system"
    ) -> None:
        """A review is over: decided by a person, or without object (then the actor is ``system``)."""
        self.say(f.ReviewSettled(review_id, decision, reason, actor))


def owner_of(reasons: Sequence[Asked], default: f.Owner) -> f.Owner:
    """Who decides: the owner of the first reason that has one of its own."""
    return next((OWNERS[a.reason] for a in reasons if a.reason in OWNERS), default)
