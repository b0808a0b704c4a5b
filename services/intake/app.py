"""Intake, put together: one wiring for the process, the tests and every tool; and its door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.intake.domain.facts import FACTS
from services.intake.domain.feed import FEED
from services.intake.domain.record import RECORD, UNIQUE_CALL, UNIQUE_CASE, UNIQUE_PAYMENT
from services.intake.domain.request import REQUEST
from services.intake.messaging.deadlines import timers
from services.intake.messaging.door import OuterDoor
from services.intake.messaging.gate import DEFAULT_TOLERANCE
from services.intake.messaging.inbound import (
    CONTRACTS,
    ON_TIMER,
    handlers,
    when_quarantined_says_so,
    when_repeated_says_so,
)
from services.intake.messaging.outbound import outbound
from shared.calendar import Calendar
from shared.contracts.outside import OUTSIDE
from shared.event_store.stored import FactBook
from shared.handbook.model import Editions
from shared.messaging.door import InnerDoor
from shared.messaging.wiring import Wiring, topic_of
from shared.privacy.vault import Vault

INSIDE = tuple(topic_of(service) for service in ("entitlement", "scheduling", "advance_pay", "subsidy"))
HEARS = (*(topic.name for topic in OUTSIDE), *INSIDE)


def wire(terms: Editions, calendar: Calendar) -> Wiring:
    """The service. It hears every outside topic (through its door) and those of the other services."""
    return Wiring(
        name="intake",
        hears=HEARS,
        contracts=CONTRACTS,
        handlers=handlers(terms, calendar),
        on_timer=ON_TIMER,
        facts=FactBook(FACTS),
        aggregates=(REQUEST, FEED, RECORD, UNIQUE_CASE, UNIQUE_CALL, UNIQUE_PAYMENT),
        outbound=outbound(terms),
        timers=timers,
        on_duplicate=when_repeated_says_so,
        on_quarantine=when_quarantined_says_so,
    )


def open_door(vault: Vault, terms: Editions, wiring: Wiring, tolerance: timedelta = DEFAULT_TOLERANCE) -> OuterDoor:
    """The door of this service over a vault; records of our own topics pass on inside it.

    An event of another service may be called as an outsider's record is (VisitAttended): inside, only what this
    service hears of the others counts.
    """
    heard_inside = {type_: handler for type_, handler in wiring.handlers.items() if type_ in wiring.contracts}
    return OuterDoor(vault, terms, InnerDoor(replace(wiring, handlers=heard_inside)), tolerance)
