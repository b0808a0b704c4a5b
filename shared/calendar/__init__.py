"""China's working time: working days, service hours, deadlines with their proof."""

from shared.calendar.china_calendar import china_calendar
from shared.calendar.days import Calendar, working_days_between
from shared.calendar.deadlines import Deadline, Pause, ProofDay, Unit, deadline, extend, half_hour
from shared.calendar.hours import ROUND_THE_CLOCK, ServiceHours

__all__ = [
    "ROUND_THE_CLOCK",
    "Calendar",
    "Deadline",
    "Pause",
    "ProofDay",
    "ServiceHours",
    "Unit",
    "china_calendar",
    "deadline",
    "extend",
    "half_hour",
    "working_days_between",
]
