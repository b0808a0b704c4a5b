"""When a service line is staffed, and where a limit of minutes begins to run (SLA-01, SLA-03, SLA-D02)."""

from __future__ import annotations

from datetime import datetime, time

from shared.kernel.instant import CST, ONE_DAY
from shared.kernel.value import value


@value
class ServiceHours:
    """Daily opening hours [opens, closes) in Asia/Shanghai, public holidays included; no hours mean round the clock."""

    opens: time | None = None
    closes: time | None = None

    @property
    def round_the_clock(self) -> bool:
        """7*24."""
        return self.opens is None or self.closes is None

    def open_at(self, at: datetime) -> bool:
        """Whether someone answers at this instant; the closing instant itself is outside (SLA-03)."""
        if self.opens is None or self.closes is None:
            return True
        return self.opens <= at.astimezone(CST).time() < self.closes

    def next_open(self, at: datetime) -> datetime:
        """The instant itself within the hours, else the next opening."""
        local = at.astimezone(CST)
        if self.opens is None or self.open_at(local):
            return local
        opening = datetime.combine(local.date(), self.opens, CST)
        return opening if local < opening else opening + ONE_DAY


ROUND_THE_CLOCK = ServiceHours()
