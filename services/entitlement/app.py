"""The wiring of entitlement: one object from which the process, the tests and every tool run it."""

from __future__ import annotations

from services.entitlement.application.ground import Ground
from services.entitlement.domain.allowance import ALLOWANCE
from services.entitlement.domain.cover import COVER
from services.entitlement.domain.eligibility import ELIGIBILITY
from services.entitlement.domain.facts import FACTS
from services.entitlement.domain.member import MEMBER
from services.entitlement.messaging.deadlines import timers
from services.entitlement.messaging.inbound import CONTRACTS, handlers, on_timer
from services.entitlement.messaging.outbound import outbound
from services.entitlement.settings import Settings
from shared.calendar import Calendar
from shared.event_store.stored import FactBook
from shared.handbook.model import Editions
from shared.messaging.wiring import Wiring, topic_of

HEARS = tuple(topic_of(service) for service in ("intake", "scheduling", "advance_pay", "subsidy"))


def wire(terms: Editions, calendar: Calendar, settings: Settings | None = None) -> Wiring:
    """Entitlement, ready to run."""
    chosen = settings or Settings()
    ground = Ground(
        terms,
        calendar,
        chosen.wait_for_unknown,
        chosen.wait_for_papers_days,
        chosen.review_working_days,
        chosen.members_a_step,
        chosen.performed,
        chosen.left_to_performers,
    )
    return Wiring(
        name="entitlement",
        hears=HEARS,
        contracts=CONTRACTS,
        handlers=handlers(ground),
        on_timer=on_timer(ground),
        facts=FactBook(FACTS),
        aggregates=(COVER, MEMBER, ALLOWANCE, ELIGIBILITY),
        outbound=outbound,
        timers=timers(ground.members_a_step),
    )
