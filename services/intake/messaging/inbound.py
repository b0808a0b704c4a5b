"""What intake hears: the outside through the door, and the other services. One handler, one promise."""

from __future__ import annotations

from typing import Any

from services.intake.application import following, hearing
from services.intake.application.submitting import submit
from services.intake.domain.catalogue import router
from services.intake.domain.feed import Hear
from services.intake.domain.record import Quarantine
from services.intake.domain.request import Say, Submit
from services.intake.domain.request_facts import AnswerGiven
from services.intake.messaging.deadlines import FIRST_RESPONSE, INQUIRY
from shared.calendar import Calendar
from shared.contracts.entitlement import EligibilityDenied, EligibilityGranted, EligibilityWithdrawn
from shared.contracts.messaging import ClockDue, OutcomeTold, RecordAnswered, RequestFinished, WorkOrderIssued
from shared.contracts.outside import OUTSIDE
from shared.handbook.model import Editions
from shared.messaging.gate_reasons import GateReason
from shared.messaging.wiring import Desk, Handler, Message, TimerFired

QUARANTINED = "Quarantined"
CONTRACTS = {
    f"{contract.__name__}.v1": contract
    for contract in (
        EligibilityGranted, EligibilityDenied, EligibilityWithdrawn, WorkOrderIssued, OutcomeTold, RecordAnswered,
        ClockDue, RequestFinished,
    )
}  # fmt: skip


def when_granted_tells_the_vendor(terms: Editions, calendar: Calendar) -> Handler:
    """EligibilityGranted: the vendor learns of it; a clock that waited for the product starts."""

    def when_eligibility_granted(message: Message[EligibilityGranted], desk: Desk) -> None:
        granted = message.data
        following.start_late_clock(granted.request_id, granted.edition, terms, calendar, desk)
        following.decide_told(granted.request_id, "GRANTED", granted.product, granted.edition, (), desk)

    return when_eligibility_granted


def when_denied_tells_the_vendor(message: Message[EligibilityDenied], desk: Desk) -> None:
    """EligibilityDenied: the vendor learns of all its reasons; the request is closed."""
    denied = message.data
    reasons = tuple(a.model_dump(mode="json") for a in denied.receipt if a.outcome == "refuse")
    following.decide_told(denied.request_id, "DENIED", denied.product, denied.edition, reasons, desk)


def when_withdrawn_closes(message: Message[EligibilityWithdrawn], desk: Desk) -> None:
    """EligibilityWithdrawn: the member changed their mind before anything was granted."""
    following.close(message.data.request_id, "WITHDRAWN", "entitlement", desk)


def when_work_is_ordered_passes_it_on(message: Message[WorkOrderIssued], desk: Desk) -> None:
    """WorkOrderIssued: the vendor reads it among its orders."""
    following.order(message.data.request_id, message.data.action, message.data.model_dump(mode="json")["details"], desk)


def when_an_outcome_is_told_passes_it_on(message: Message[OutcomeTold], desk: Desk) -> None:
    """OutcomeTold: the vendor reads it among its orders."""
    said = message.data.model_dump(mode="json")
    following.outcome_told(said["request_id"], said["outcome"], tuple(said["reasons"]), said["details"], desk)


def when_a_record_is_answered_gives_the_receipt(message: Message[RecordAnswered], desk: Desk) -> None:
    """RecordAnswered: the second receipt of a vendor's record."""
    said = message.data
    given = AnswerGiven("", said.cause, said.answer, said.reason, said.rule, said.pointer)
    following.answer(message.subject, given, desk)


def when_a_clock_is_due_inquires(message: Message[ClockDue], desk: Desk) -> None:
    """ClockDue: answered by NothingHeard once everything inbound is read."""
    following.inquire(message.data.request_id, message.data.clock, message.data.due_at, desk)


def when_finished_closes(message: Message[RequestFinished], desk: Desk) -> None:
    """RequestFinished: the performer's final fact closes the request."""
    following.close(message.data.request_id, message.data.outcome, message.source.rpartition("/")[2], desk)


def when_a_vendor_says_passes_it_on(message: Message[Say], desk: Desk) -> None:
    """What a vendor says of a case."""
    hearing.say(message.data, desk)


def when_a_feed_says_passes_it_on(message: Message[Hear], desk: Desk) -> None:
    """What a core system or a person of ours says."""
    hearing.hear(message.data, desk)


def when_repeated_says_so(message: Message[Any], desk: Desk) -> None:
    """The same record again (`Wiring.on_duplicate`). An event of ours that comes twice needs no answer."""
    said = message.data
    if not isinstance(said, Submit | Say | Hear):
        return
    hearing.repeat(said.source, _vendor(said), said.record, message.type, desk)


def when_quarantined_says_so(message: Message[Any], desk: Desk) -> None:
    """A record outside the gate, or an id used again with other content (`Wiring.on_quarantine`)."""
    said = message.data
    if isinstance(said, Submit | Say | Hear):
        place = f"{said.source}/{desk.cause}"
        said = Quarantine(said.source, _vendor(said), said.record, place, GateReason.ID_REUSED)
    if isinstance(said, Quarantine):
        hearing.quarantine(said, desk)


def _vendor(said: Submit | Say | Hear) -> str | None:
    return None if isinstance(said, Hear) else said.source


def when_response_is_due_inquires(message: Message[TimerFired], desk: Desk) -> None:
    """The first-response limit has come."""
    following.response_due(message.data.stream, message.data.note, message.data.due_at, desk)


def when_all_is_heard_answers(message: Message[TimerFired], desk: Desk) -> None:
    """Everything inbound is read: nothing was heard, or a clock of ours ran out."""
    following.all_heard(message.data.stream, message.data.note, message.data.due_at, desk)


def handlers(terms: Editions, calendar: Calendar) -> dict[str, Handler]:
    """Every type that intake hears, outside ones by the commands that the door makes of them."""
    over = router(terms)

    def when_requested_submits(message: Message[Submit], desk: Desk) -> None:
        """ServiceRequested: an application."""
        submit(message.data, desk, terms, calendar, over)

    outside: dict[str, Handler] = {}
    for topic in OUTSIDE:
        said = when_a_feed_says_passes_it_on if topic.vendor is None else when_a_vendor_says_passes_it_on
        outside.update(dict.fromkeys(topic.contracts, said))
    return {
        **outside,
        "ServiceRequested.v1": when_requested_submits,
        QUARANTINED: when_quarantined_says_so,
        "EligibilityGranted.v1": when_granted_tells_the_vendor(terms, calendar),
        "EligibilityDenied.v1": when_denied_tells_the_vendor,
        "EligibilityWithdrawn.v1": when_withdrawn_closes,
        "WorkOrderIssued.v1": when_work_is_ordered_passes_it_on,
        "OutcomeTold.v1": when_an_outcome_is_told_passes_it_on,
        "RecordAnswered.v1": when_a_record_is_answered_gives_the_receipt,
        "ClockDue.v1": when_a_clock_is_due_inquires,
        "RequestFinished.v1": when_finished_closes,
    }


ON_TIMER: dict[str, Handler] = {
    FIRST_RESPONSE: when_response_is_due_inquires,
    INQUIRY: when_all_is_heard_answers,
}
