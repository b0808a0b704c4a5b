"""Scheduling 安排 as one object: the process, the tests and every tool run it from here."""

from __future__ import annotations

from services.scheduling.application.engaging import House
from services.scheduling.domain.engagement import ENGAGEMENT
from services.scheduling.domain.facts import FACTS
from services.scheduling.domain.terms import Limits
from services.scheduling.messaging.deadlines import timers
from services.scheduling.messaging.inbound import CONTRACTS, handlers, on_timer
from services.scheduling.messaging.outbound import outbound
from shared.calendar import Calendar
from shared.event_store.stored import FactBook
from shared.handbook.model import Editions
from shared.messaging.wiring import Wiring, topic_of

NAME = "scheduling"


def wire(terms: Editions, calendar: Calendar, limits: Limits | None = None) -> Wiring:
    """The service under these handbooks and this calendar."""
    house = House(terms, calendar, limits or Limits())
    return Wiring(
        name=NAME,
        hears=(topic_of("intake"), topic_of("entitlement")),
        contracts=CONTRACTS,
        handlers=handlers(house),
        on_timer=on_timer(house),
        facts=FactBook(FACTS),
        aggregates=(ENGAGEMENT,),
        outbound=outbound,
        timers=timers,
    )
