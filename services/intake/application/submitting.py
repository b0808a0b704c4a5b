"""An application: routed, told apart from its repetitions, opened."""

from __future__ import annotations

from dataclasses import replace

from services.intake.domain.catalogue import Router
from services.intake.domain.record import (
    RECORD,
    UNIQUE_CALL,
    UNIQUE_CASE,
    CallTaken,
    RecordRefused,
    ReferenceTaken,
)
from services.intake.domain.request import REQUEST, Request, Submit, decide_submit
from services.intake.domain.request_facts import RequestRepeated, Submitted
from services.intake.domain.response_clock import response_clock
from shared.calendar import Calendar
from shared.contracts.vendor import ALL_CASES
from shared.handbook.model import Editions
from shared.messaging.wiring import Desk


def submit(command: Submit, desk: Desk, terms: Editions, calendar: Calendar, router: Router) -> None:
    """Open the request, or say why not. A second application within its call opens nothing (INT-D01)."""
    call = desk.new(UNIQUE_CALL, UNIQUE_CALL.stream(command.call))
    case = desk.new(UNIQUE_CASE, UNIQUE_CASE.stream(command.case))
    mine = REQUEST.stream(command.request_id)
    stream = mine if call.request_id is None else REQUEST.stream(call.request_id)
    state: Request = desk.new(REQUEST, mine) if stream == mine else desk.load(REQUEST, stream)
    route = router(command.service, command.product, command.source, command.hotline, desk.at)
    edition = terms.current(command.product, desk.at) if command.product is not None else None
    clock = response_clock(edition, command.service, desk.at, calendar) if command.service in ALL_CASES else None
    for fact in decide_submit(command, state, route, call.request_id, case.request_id, clock):
        if isinstance(fact, RecordRefused):
            refuse(fact, desk)
            continue
        if isinstance(fact, Submitted):
            desk.record(REQUEST, stream, replace(fact, edition=edition.id if edition is not None else None))
            desk.record(UNIQUE_CALL, UNIQUE_CALL.stream(command.call), CallTaken(command.request_id))
            desk.record(UNIQUE_CASE, UNIQUE_CASE.stream(command.case), ReferenceTaken(command.request_id))
            continue
        desk.record(REQUEST, stream, fact)
        if isinstance(fact, RequestRepeated) and case.request_id is None and call.request_id is not None:
            desk.record(UNIQUE_CASE, UNIQUE_CASE.stream(command.case), ReferenceTaken(call.request_id))


def refuse(fact: RecordRefused, desk: Desk) -> None:
    """Record a refusal in the record's own stream, once."""
    stream = RECORD.stream(fact.source, fact.record)
    if not desk.new(RECORD, stream).refused:
        desk.record(RECORD, stream, fact)
