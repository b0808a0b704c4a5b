"""What the law needs to know beside the case: the edition, the calendar and the operating times of the house."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Final

from shared.calendar import Calendar, Deadline, deadline
from shared.handbook.model import ClockTerms, Edition, Parameters
from shared.kernel.value import value

SERVICE: Final = "ADVANCE"


@value
class OperatingTerms:
    """Times that no handbook prints: they only bring a case before a person (natural days unless said)."""

    review_working_days: int = 5
    pre_review_silence_days: int = 5
    payment_silence_days: int = 10
    discharge_silence_days: int = 90
    claim_silence_days: int = 60
    vendor_refund_days: int = 15


@value
class Terms:
    """``edition`` is None until the case was granted."""

    calendar: Calendar
    edition: Edition | None = None
    operating: OperatingTerms = field(default_factory=OperatingTerms)

    @property
    def parameters(self) -> Parameters:
        """The product's parameters; ValueError before the grant."""
        if self.edition is None:
            raise ValueError("no edition before the grant")
        return self.edition.parameters

    @property
    def rules(self) -> frozenset[str]:
        """The rules that the edition prints for the service: all that is asked is asked because it is among them."""
        return frozenset(self.edition.service(SERVICE).rules) if self.edition else frozenset()

    def clock(self, step: str) -> ClockTerms | None:
        """The clock that the edition sets for a step, or None where it sets none (B prints no time for the mail)."""
        if self.edition is None:
            return None
        found = self.edition.clocks(SERVICE, step)
        return found[0] if found else None

    def natural_days(self, start: datetime, days: int) -> Deadline:
        """24:00 of the n-th day after the start day."""
        return deadline(start, days, "natural_day", self.calendar)

    def review_due_at(self, start: datetime) -> datetime:
        """When a person should have decided."""
        return deadline(start, self.operating.review_working_days, "working_day", self.calendar).due_at
