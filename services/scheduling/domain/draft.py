"""What one command is about to say: facts in order, and the state as it would be after them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from services.scheduling.domain import engagement_facts as f
from services.scheduling.domain.engagement_state import Engagement, evolve
from services.scheduling.domain.terms import Terms
from shared.kernel.law import Asked, Receipt
from shared.kernel.value import value


@value
class Refused:
    """A saying that has no effect: why, by which rule, and where in the record."""

    reason: str
    rule: str | None = None
    pointer: str | None = None
    reasons: tuple[Asked, ...] = ()


UNANSWERED: Final = Refused("UNANSWERED")


def refused(receipt: Receipt, pointer: str | None = None) -> Refused:
    """The refusal of a law: its first reason, and all of them."""
    first = receipt.refusals[0]
    return Refused(first.reason or "REFUSED", first.rule, pointer, receipt.refusals)


def said(receipt: Receipt, name: str) -> Any:
    """The first value that a passed rule gave under this name, or None."""
    return next((line.facts[name] for line in receipt.asked if line.outcome == "pass" and name in line.facts), None)


class Draft:
    """Collects the facts of one decision taken ``at`` an instant."""

    def __init__(self, state: Engagement, terms: Terms, at: datetime) -> None:
        self.state = state
        self.terms = terms
        self.at = at
        self.facts: list[Any] = []

    def say(self, *facts: Any) -> None:
        """Say facts, in order."""
        for fact in facts:
            self.state = evolve(self.state, fact)
            self.facts.append(fact)

    def tell(self, outcome: str, reasons: Sequence[Asked] = ()) -> None:
        """Tell the vendor what became of its case while it goes on."""
        self.say(f.OutcomeSaid(self.state.vendor, outcome, tuple(reasons)))

    # -- the count (ENT-D04) ----------------------------------------------------------------------------------------

    def consume(self, cause: str, rule: str) -> None:
        """A held count is used."""
        if self.state.quota == "held":
            self.say(f.QuotaMoved("consume", cause, rule))

    def restore(self, cause: str, rule: str) -> None:
        """A used count is held again (SCH-D02)."""
        if self.state.quota == "consumed":
            self.say(f.QuotaMoved("restore", cause, rule))

    def release(self, cause: str, rule: str = "ENT-D04") -> None:
        """The count is given back, from use too: entitlement releases only what is held."""
        self.restore(cause, rule)
        if self.state.quota == "held":
            self.say(f.QuotaMoved("release", cause, rule))

    # -- reviews ----------------------------------------------------------------------------------------------------

    def review(self, kind: f.ReviewKind, reasons: Sequence[Asked], proposal: f.Appointment | None = None) -> None:
        """Bring it before a person; an older question is without object then."""
        self.moot("SUPERSEDED")
        due_at = self.terms.working_days(self.at, self.terms.limits.review_working_days)
        review_id = f"{self.state.request_id}-S{self.state.reviews + 1}"
        self.say(f.ReviewOpened(review_id, kind, "operations", tuple(reasons), due_at, proposal))
        self.tell("IN_REVIEW", reasons)

    def moot(self, why: str) -> None:
        """What happened meanwhile has left nothing to decide."""
        if self.state.review is not None:
            self.close_review("refuse", why, "system")

    def close_review(self, decision: Literal["grant", "refuse"], reason: str, actor: str) -> f.ReviewOpened:
        """The open review is over. Raises LookupError where none is open."""
        review = self.state.review
        if review is None:
            raise LookupError("no review is open")
        self.say(f.ReviewClosed(review.review_id, decision, reason, actor))
        return review
