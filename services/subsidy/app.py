"""The subsidy service as one object."""

from __future__ import annotations

from datetime import timedelta

from services.subsidy.domain.caps import CAPS
from services.subsidy.domain.claim_evolve import CLAIM
from services.subsidy.domain.draft import Law
from services.subsidy.domain.facts import FACTS
from services.subsidy.domain.once import UNIQUE
from services.subsidy.domain.visit import VISIT
from services.subsidy.messaging.deadlines import timers
from services.subsidy.messaging.inbound import CONTRACTS, handlers, on_timer
from services.subsidy.messaging.outbound import outbound
from shared.calendar import Calendar
from shared.event_store.stored import FactBook
from shared.handbook.model import Editions
from shared.messaging.wiring import Wiring, topic_of

HEARS = ("intake", "entitlement", "scheduling")


def wire(
    terms: Editions,
    calendar: Calendar,
    review_working_days: int = 5,
    visit_wait: timedelta = timedelta(hours=1),
) -> Wiring:
    """The service under these terms. ``visit_wait``: how long a claim waits for a visit it names before a person looks."""
    law = Law(terms, calendar, review_working_days, visit_wait)
    return Wiring(
        name="subsidy",
        hears=tuple(topic_of(name) for name in HEARS),
        contracts=CONTRACTS,
        handlers=handlers(law),
        on_timer=on_timer(law),
        facts=FactBook(FACTS),
        aggregates=(CLAIM, CAPS, VISIT, UNIQUE),
        outbound=outbound(terms),
        timers=timers,
    )
