"""What the service stands on: the handbooks, the calendar, its operating parameters; and the law of each service, chosen once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.entitlement.domain import law_policy
from services.entitlement.domain.case import Law
from services.entitlement.domain.eligibility import RULES
from shared.calendar import Calendar, deadline
from shared.handbook.model import Edition, Editions

# What is asked of a service that an edition does not have.
_NOT_OFFERED = frozenset({"CAT-01", "CAT-02", "CAT-03", "CAT-04", "CAT-05", "CAT-06", "CAT-D03", "NOT-11", "NOT-12"})
PERFORMED = frozenset({"OUTP", "ADVANCE", "SUBSIDY"})


@dataclass(frozen=True, eq=False)
class Ground:
    """Terms, calendar and operating parameters.

    ``performed``: services that some service of ours performs. ``left_to_performers``: (service, rule) that the
    performer asks in its own time and that is therefore not asked here.
    """

    terms: Editions
    calendar: Calendar
    wait_for_unknown: timedelta = timedelta(hours=2)
    wait_for_papers_days: int = 30
    review_working_days: int = 5
    members_a_step: int = 50
    performed: frozenset[str] = PERFORMED
    left_to_performers: frozenset[tuple[str, str]] = frozenset()
    _laws: dict[tuple[str, str], Law] = field(default_factory=dict)

    def law(self, product: str, on: datetime, service: str) -> Law | None:
        """The law of a service under the edition of the day; None for a product that no handbook covers then."""
        edition = self.terms.current(product, on)
        if edition is None:
            return None
        known = self._laws.get((edition.id, service))
        if known is None:
            known = self._laws[edition.id, service] = self._choose(edition, service, on)
        return known

    def review_due(self, at: datetime) -> datetime:
        """When a review opened now is due."""
        return deadline(at, self.review_working_days, "working_day", self.calendar).due_at

    def papers_until(self, at: datetime) -> datetime:
        """How long a missing paper is awaited: 24:00 of the last day."""
        return deadline(at, self.wait_for_papers_days, "natural_day", self.calendar).due_at

    def ask_again(self, at: datetime) -> tuple[datetime, ...]:
        """When to look again for a member or policy that is not known yet: soon, later, and for the last time."""
        return tuple(at + self.wait_for_unknown / part for part in (60, 8, 1))

    def _choose(self, edition: Edition, code: str, on: datetime) -> Law:
        service = edition.services.get(code)
        everyone = self.terms.by_id.values()
        green = any(e.services[code].line == "GREEN" for e in everyone if e.offers(code))
        offered_by = tuple(sorted(e.product for e in everyone if e.offers(code) and e.valid_at(on)))
        withdrawn = service is None and any(
            e.offers(code) for e in everyone if e.product == edition.product and _before(e, edition)
        )
        bound: Iterable[str]
        if service is not None:
            bound = [r for r in service.rules if (code, r) not in self.left_to_performers]
        else:
            bound = _NOT_OFFERED & {r for s in edition.services.values() for r in s.rules}
        ids = frozenset(bound)
        rules = tuple(r for r in (RULES if service is not None else law_policy.RULES) if r.id in ids)
        return Law(edition, code, service, rules, green, offered_by, withdrawn)


def _before(one: Edition, other: Edition) -> bool:
    """Whether an edition was in force before another."""
    if one is other or other.valid_from is None:
        return False
    return one.valid_from is None or one.valid_from < other.valid_from
