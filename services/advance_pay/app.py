"""The wiring of advance_pay: what it hears, what it promises, what its facts arm and publish."""

from __future__ import annotations

from services.advance_pay.application.deciding import House
from services.advance_pay.domain.advance import ADVANCE
from services.advance_pay.domain.facts import FACTS
from services.advance_pay.domain.liability import LIABILITY
from services.advance_pay.domain.suspense import SUSPENSE
from services.advance_pay.domain.terms import OperatingTerms
from services.advance_pay.domain.unique import UNIQUE
from services.advance_pay.messaging.deadlines import timers
from services.advance_pay.messaging.inbound import CONTRACTS, handlers, timer_handlers
from services.advance_pay.messaging.outbound import outbound
from shared.calendar import Calendar
from shared.event_store.stored import FactBook
from shared.handbook.model import Editions
from shared.messaging.wiring import Wiring, topic_of

NAME = "advance_pay"


def wire(terms: Editions, calendar: Calendar, operating: OperatingTerms | None = None) -> Wiring:
    """The service as one object; ``operating`` sets the times that no handbook prints."""
    house = House(terms, calendar, operating or OperatingTerms())
    return Wiring(
        name=NAME,
        hears=(topic_of("intake"), topic_of("entitlement")),
        contracts=CONTRACTS,
        handlers=handlers(house),
        on_timer=timer_handlers(house),
        facts=FactBook(FACTS),
        aggregates=(ADVANCE, LIABILITY, UNIQUE, SUSPENSE),
        outbound=outbound,
        timers=timers,
    )
