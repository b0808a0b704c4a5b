"""What the other services say of a request: decisions, orders, answers, limits that have come, the end."""

from __future__ import annotations

from datetime import datetime

from services.intake.domain.request import (
    REQUEST,
    decide_answer,
    decide_clock,
    decide_close,
    decide_heard_all,
    decide_inquiry,
    decide_pass_on,
    decide_response_due,
)
from services.intake.domain.request_facts import AnswerGiven, DecisionPassedOn, OrderPassedOn, OutcomePassedOn
from services.intake.domain.response_clock import response_clock
from shared.calendar import Calendar
from shared.contracts.vendor import ALL_CASES
from shared.handbook.model import Editions
from shared.kernel.law import Facts
from shared.messaging.wiring import Desk

REQUEST_ID_CHARS = 36  # a UUID as text; other subjects (a member's, a policy's) are references of another length


def decide_told(
    request_id: str, decision: str, product: str | None, edition: str | None, reasons: tuple[Facts, ...], desk: Desk
) -> None:
    """Tell the vendor what entitlement decided; a denial closes the request."""
    stream = REQUEST.stream(request_id)
    state = desk.load(REQUEST, stream)
    told = DecisionPassedOn(str(desk.cause), "", "", "", decision, product, edition, reasons)
    state = desk.record(REQUEST, stream, *decide_pass_on(state, told))
    if decision == "DENIED":
        desk.record(REQUEST, stream, *decide_close(state, "DENIED", "entitlement"))


def start_late_clock(request_id: str, edition_id: str, terms: Editions, calendar: Calendar, desk: Desk) -> None:
    """Start the first-response clock from the instant of the request, now that its product is known."""
    stream = REQUEST.stream(request_id)
    state = desk.load(REQUEST, stream)
    if state.clock is not None or state.received_at is None or state.service not in ALL_CASES:
        return
    clock = response_clock(terms.get(edition_id), state.service, state.received_at, calendar)
    desk.record(REQUEST, stream, *decide_clock(state, clock))


def order(request_id: str, action: str, details: Facts, desk: Desk) -> None:
    """Pass a work order on to the vendor of the case."""
    stream = REQUEST.stream(request_id)
    passed = OrderPassedOn(str(desk.cause), "", "", "", "", action, details)
    desk.record(REQUEST, stream, *decide_pass_on(desk.load(REQUEST, stream), passed))


def outcome_told(request_id: str, outcome: str, reasons: tuple[Facts, ...], details: Facts, desk: Desk) -> None:
    """Pass on what became of the case."""
    stream = REQUEST.stream(request_id)
    passed = OutcomePassedOn(str(desk.cause), "", "", "", outcome, None, reasons, details)
    desk.record(REQUEST, stream, *decide_pass_on(desk.load(REQUEST, stream), passed))


def answer(request_id: str, given: AnswerGiven, desk: Desk) -> None:
    """The second receipt of a vendor's record. What answers core and staff has no receipt and is left alone."""
    if len(request_id) != REQUEST_ID_CHARS:
        return
    stream = REQUEST.stream(request_id)
    desk.record(REQUEST, stream, *decide_answer(desk.load(REQUEST, stream), given))


def close(request_id: str, outcome: str, said_by: str, desk: Desk) -> None:
    """Close on the last word."""
    stream = REQUEST.stream(request_id)
    desk.record(REQUEST, stream, *decide_close(desk.load(REQUEST, stream), outcome, said_by))


def inquire(request_id: str, clock: str, due_at: datetime, desk: Desk) -> None:
    """A performer's limit has come: answer once everything inbound is read."""
    stream = REQUEST.stream(request_id)
    desk.record(REQUEST, stream, *decide_inquiry(desk.load(REQUEST, stream), clock, due_at))


def response_due(stream: str, clock: str, due_at: datetime, desk: Desk) -> None:
    """Our own limit has come: make the same inquiry."""
    desk.record(REQUEST, stream, *decide_response_due(desk.load(REQUEST, stream), clock, due_at))


def all_heard(stream: str, clock: str, due_at: datetime, desk: Desk) -> None:
    """Everything inbound is read."""
    desk.record(REQUEST, stream, *decide_heard_all(desk.load(REQUEST, stream), clock, due_at))
