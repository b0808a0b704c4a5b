"""How this service is operated: numbers of ours, none of the handbook's."""

from __future__ import annotations

from datetime import timedelta

from services.entitlement.application.ground import PERFORMED
from shared.kernel.value import value


@value
class Settings:
    """Operating parameters of entitlement.

    Attributes:
        wait_for_unknown: how long a member or policy may be unknown before a person looks.
        wait_for_papers_days: natural days that a request waits for the one paper it lacks (ENT-D14).
        review_working_days: how long a person has for a review.
        members_a_step: how many members of a changed cover one timer looks at.
        performed: services that some service of ours performs; others of a catalog go to a person.
        left_to_performers: (service, rule) that the performer asks in its own time, and that is not asked here.
    """

    wait_for_unknown: timedelta = timedelta(hours=2)
    wait_for_papers_days: int = 30
    review_working_days: int = 5
    members_a_step: int = 50
    performed: frozenset[str] = PERFORMED
    left_to_performers: frozenset[tuple[str, str]] = frozenset()
