"""What is said of a case by its vendor, and what core systems and people of ours say."""

from __future__ import annotations

from services.intake.application.submitting import refuse
from services.intake.domain.feed import DECISIONS_ON_REQUESTS, FEED, Hear, decide_hear
from services.intake.domain.record import (
    RECORD,
    UNIQUE_CASE,
    UNIQUE_PAYMENT,
    PaymentTaken,
    Quarantine,
    RecordQuarantined,
    RecordRefused,
    RecordRepeated,
)
from services.intake.domain.request import REQUEST, Request, Say, decide_say
from shared.messaging.wiring import Desk


def say(command: Say, desk: Desk) -> None:
    """Pass on what a vendor says of a case of its own; refuse the rest, alike for unknown and for others' cases."""
    stream = "" if command.believed is None else REQUEST.stream(command.believed)
    state = desk.load(REQUEST, stream) if stream else Request()
    if command.case not in state.cases:  # the door only believed; the unique stream knows
        known = desk.load(UNIQUE_CASE, UNIQUE_CASE.stream(command.case)).request_id
        stream = "" if known is None else REQUEST.stream(known)
        state = desk.load(REQUEST, stream) if stream else Request()
    for fact in decide_say(command, state, desk.at):
        if isinstance(fact, RecordRefused):
            refuse(fact, desk)
        else:
            desk.record(REQUEST, stream, fact)


def hear(command: Hear, desk: Desk) -> None:
    """Pass on a feed's record; refuse a decision on what nobody asked."""
    stream = FEED.stream(command.source, command.key)
    request = None
    if command.type in DECISIONS_ON_REQUESTS and command.request_id is not None:
        request = desk.load(REQUEST, REQUEST.stream(command.request_id))
    payment = None if command.payment_key is None else UNIQUE_PAYMENT.stream(command.payment_key)
    known = payment is not None and desk.load(UNIQUE_PAYMENT, payment).request_id is not None
    for fact in decide_hear(command, desk.load(FEED, stream), request, known):
        if isinstance(fact, RecordRefused):
            refuse(fact, desk)
            continue
        desk.record(FEED, stream, fact)
        if payment is not None and not known:
            desk.record(UNIQUE_PAYMENT, payment, PaymentTaken(command.subject))


def repeat(source: str, vendor: str | None, record: str, type_: str, desk: Desk) -> None:
    """The same record once more: only its sender hears of it."""
    stream = RECORD.stream(source, record)
    desk.load(RECORD, stream)
    desk.record(RECORD, stream, RecordRepeated(source, vendor, record, type_))


def quarantine(command: Quarantine, desk: Desk) -> None:
    """A record stands outside: in a stream named by its place."""
    stream = RECORD.stream(*command.place.split("/"))
    desk.load(RECORD, stream)
    desk.record(
        RECORD,
        stream,
        RecordQuarantined(command.source, command.vendor, command.id, command.place, command.reason, command.pointer),
    )
