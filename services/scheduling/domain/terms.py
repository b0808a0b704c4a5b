"""What the law needs beside the case: the edition, the calendar and the operating times of the house."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from shared.calendar import Calendar, deadline
from shared.handbook.model import ClockTerms, Edition, QuotaTerms, ServiceTerms
from shared.kernel.value import value

SERVICE: Final = "OUTP"


@value
class Limits:
    """Times that no handbook prints: they only bring a case before a person."""

    review_working_days: int = 5
    silence_working_days: int = 20
    visit_outcome_working_days: int = 5


@value
class Terms:
    """``edition`` None: not granted yet, and the application names no product that is published."""

    calendar: Calendar
    edition: Edition | None = None
    limits: Limits = Limits()

    @property
    def service(self) -> ServiceTerms:
        """The terms of OUTP. Raises LookupError where the edition does not offer it."""
        if self.edition is None:
            raise LookupError("no edition before the grant")
        return self.edition.service(SERVICE)

    @property
    def quota(self) -> QuotaTerms | None:
        """The count of OUTP; None: unlimited."""
        return self.service.quota

    def follows(self, rule: str, service: str = SERVICE) -> bool:
        """Whether the edition binds a service to a rule."""
        if self.edition is None or not self.edition.offers(service):
            return False
        terms = self.edition.service(service)
        return rule in terms.rules or (terms.hospital is not None and rule in terms.hospital.rules)

    def clock(self, step: str, service: str = SERVICE) -> ClockTerms | None:
        """The clock that the edition prints for a step, or None."""
        rows = self.edition.clocks(service, step) if self.edition else ()
        return rows[0] if rows else None

    def working_days(self, start: datetime, days: int) -> datetime:
        """24:00 of the n-th working day after the start day."""
        return deadline(start, days, "working_day", self.calendar).due_at
