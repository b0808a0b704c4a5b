"""Which deadlines a fact arms."""

from __future__ import annotations

from collections.abc import Sequence

from services.intake.domain.request_facts import InquiryOpened, ResponseClockStarted
from shared.event_store.stored import Stored
from shared.messaging.wiring import Timer

FIRST_RESPONSE = "first-response"
INQUIRY = "inquiry"


def timers(stored: Stored) -> Sequence[Timer]:
    """A first-response limit; an inquiry, which asks: it fires once every record before it is read."""
    fact = stored.fact
    if isinstance(fact, ResponseClockStarted):
        return (Timer(FIRST_RESPONSE, fact.due_at, fact.clock),)
    if isinstance(fact, InquiryOpened):
        return (Timer(INQUIRY, fact.due_at, fact.clock, asks=True),)
    return ()
