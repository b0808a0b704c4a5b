"""Fetch the engagement and the terms it was granted under, ask the law, record what it says."""

from __future__ import annotations

from functools import lru_cache

from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain.engagement import ENGAGEMENT, Engagement, decide
from services.scheduling.domain.terms import SERVICE, Limits, Terms
from shared.calendar import Calendar
from shared.handbook.model import Edition, Editions
from shared.messaging.wiring import Desk


class House:
    """The handbooks, the calendar and the house's own limits, as terms of a case."""

    def __init__(self, editions: Editions, calendar: Calendar, limits: Limits) -> None:
        self._editions = editions
        self._of = lru_cache(maxsize=64)(lambda edition: Terms(calendar, edition, limits))

    def of(self, state: Engagement) -> Terms:
        """The terms of a case: those it was granted under; before, those of the product as it was on the day."""
        if state.edition is not None:
            return self.granted_under(state.edition)
        edition: Edition | None = None
        if state.product is not None and state.received_at is not None:
            edition = self._editions.current(state.product, state.received_at)
        return self._of(edition if edition is not None and edition.offers(SERVICE) else None)

    def granted_under(self, edition_id: str) -> Terms:
        """The terms of an edition. Raises UnknownEdition: then the message is parked, not decided without terms."""
        return self._of(self._editions.get(edition_id))


def open_engagement(desk: Desk, house: House, command: c.Open) -> None:
    """An application for OUTP came in: a stream of its own, so that what is said of it finds its case."""
    stream = ENGAGEMENT.stream(command.request_id)
    state = desk.new(ENGAGEMENT, stream)
    _record(desk, stream, decide(command, state, house.of(state)))


def grant(desk: Desk, house: House, command: c.Grant) -> None:
    """Entitlement said yes, under the edition that the command names."""
    stream = ENGAGEMENT.stream(command.request_id)
    state = desk.load(ENGAGEMENT, stream)
    _record(desk, stream, decide(command, state, house.granted_under(command.edition)))


def act(desk: Desk, house: House, request_id: str, command: c.Command) -> None:
    """Anything else that is said of a request, or that its own timers ask."""
    stream = ENGAGEMENT.stream(request_id)
    state = desk.load(ENGAGEMENT, stream)
    _record(desk, stream, decide(command, state, house.of(state)))


def _record(desk: Desk, stream: str, facts: list[object]) -> None:
    if facts:
        desk.record(ENGAGEMENT, stream, *facts)
