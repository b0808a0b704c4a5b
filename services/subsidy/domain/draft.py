"""What one command is about to say: facts in order, the claim as it would be after them, and the terms it is judged by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from services.subsidy.domain.claim_evolve import CLAIM
from services.subsidy.domain.claim_state import ClaimState
from services.subsidy.domain.claimed import Claimed
from services.subsidy.domain.money_facts import Owner, ReviewKind, ReviewOpened
from shared.calendar import Calendar, deadline
from shared.handbook.model import Edition, Editions
from shared.kernel.law import Asked
from shared.kernel.value import value


@value
class Law:
    """The editions and the calendar, and what the operator sets: days for a review, how long a visit is waited for."""

    terms: Editions
    calendar: Calendar
    review_working_days: int = 5
    visit_wait: timedelta = timedelta(hours=1)


class Draft:
    """Collects the facts of one decision."""

    def __init__(self, state: ClaimState, law: Law, at: datetime, case_id: str) -> None:
        self.state = state
        self.law = law
        self.at = at
        self.case_id = case_id
        self.facts: list[Any] = []

    def say(self, *facts: Any) -> None:
        """Say facts; what follows sees the claim after them."""
        self.facts.extend(facts)
        self.state = CLAIM.fold(facts, self.state)

    @property
    def edition(self) -> Edition:
        """The edition of the case. Raises ValueError before a grant."""
        if self.state.grant is None:
            raise ValueError(f"{self.case_id}: nothing was granted")
        return self.law.terms.get(self.state.grant.edition)

    @property
    def claimed(self) -> Claimed:
        """The claim as it stands. Raises ValueError before it was submitted."""
        if self.state.claimed is None:
            raise ValueError(f"{self.case_id}: nothing was submitted")
        return self.state.claimed

    def review_due_at(self) -> datetime:
        """By when a person should have decided."""
        return deadline(self.at, self.law.review_working_days, "working_day", self.law.calendar).due_at

    def ask_person(
        self, kind: ReviewKind, owner: Owner, reasons: Iterable[Asked], line: int = 0, payment_key: str | None = None
    ) -> None:
        """Bring it before a person: ``<case>-B<n>``."""
        review_id = f"{self.case_id}-B{len(self.state.questions) + 1}"
        due_at = self.review_due_at()
        self.say(ReviewOpened(review_id, self.case_id, kind, line, owner, tuple(reasons), due_at, payment_key))
