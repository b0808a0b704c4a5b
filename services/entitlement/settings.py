"""How this service is operated: numbers of ours, none of the handbook's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.entitlement.application.ground import PERFORMED


@dataclass(frozen=True, slots=True)
class Settings:
    """``wait_for_unknown``: how long a member or policy may be unknown before a person looks."""

    wait_for_unknown: timedelta = timedelta(hours=2)
    review_working_days: int = 5
    members_a_step: int = 50
    performed: frozenset[str] = PERFORMED
