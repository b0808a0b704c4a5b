"""What this service hears, one handler a promise. Cases of other services are known by having no engagement: left alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from services.scheduling.application.engaging import House, act, grant, open_engagement
from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain.terms import SERVICE
from services.scheduling.messaging.deadlines import BETWEEN
from shared.contracts import entitlement as said_by_entitlement
from shared.contracts import intake as said_by_intake
from shared.contracts import vendor
from shared.messaging.wiring import Desk, Handler, Message, TimerFired


def when_request_is_submitted_open(house: House, message: Message[said_by_intake.RequestSubmitted], desk: Desk) -> None:
    """An application for OUTP: open its engagement."""
    event = message.data
    if event.service == SERVICE:
        open_engagement(desk, house, c.Open(event.request_id, event.vendor, event.product, message.at))


def when_eligibility_is_granted_order(
    house: House, message: Message[said_by_entitlement.EligibilityGranted], desk: Desk
) -> None:
    """Entitlement said yes: order the work, start the clocks."""
    event = message.data
    if event.service != SERVICE:
        return
    wish = event.application.outpatient
    hospital = wish.designated_hospital if wish else None
    grant(
        desk, house,
        c.Grant(
            event.request_id, event.vendor, event.product, event.edition, event.calendar, event.member_ref, event.held,
            message.at, hospital.code if hospital else None, wish.department if wish else None,
            wish.names_expert if wish else False,
            tuple(x.reason for x in event.receipt if x.reason and (x.outcome == "review" or "reviewed_by" in x.facts)),
        ),
    )  # fmt: skip


def when_eligibility_is_denied_dismiss(
    house: House, message: Message[said_by_entitlement.EligibilityDenied], desk: Desk
) -> None:
    """Entitlement said no: nothing is to be arranged."""
    if message.data.service == SERVICE:
        act(desk, house, message.data.request_id, c.Dismiss("DENIED"))


def when_eligibility_is_withdrawn_dismiss(
    house: House, message: Message[said_by_entitlement.EligibilityWithdrawn], desk: Desk
) -> None:
    """Withdrawn before anything was granted."""
    if message.data.service == SERVICE:
        act(desk, house, message.data.request_id, c.Dismiss("WITHDRAWN"))


def when_cover_has_ended_keep_or_close(
    house: House, message: Message[said_by_entitlement.CoverEnded], desk: Desk
) -> None:
    """The cover ended: a confirmed visit is kept, the rest is closed."""
    act(desk, house, message.data.request_id, c.EndCover(message.data.reason, message.at))


def when_nothing_was_heard_conclude(house: House, message: Message[said_by_intake.NothingHeard], desk: Desk) -> None:
    """No evidence stopped the clock that asked: it has run out."""
    command = c.ConcludeNothingHeard(message.data.clock, message.data.due_at, message.at)
    act(desk, house, message.subject, command)


def when_review_is_decided_settle(house: House, message: Message[said_by_intake.ReviewDecided], desk: Desk) -> None:
    """A person decided one of our reviews; ids of other services carry another letter."""
    event = message.data
    if not event.review_id.startswith(f"{event.request_id}-S"):
        return
    act(
        desk, house, event.request_id,
        c.DecideReview(
            str(message.correlation), message.at, event.review_id, event.decision, event.reason, event.actor, event.role
        ),
    )  # fmt: skip


def when_vendor_speaks_take(
    command: Callable[[Any, str, Any], c.Saying], house: House, message: Message[Any], desk: Desk
) -> None:
    """A record of the vendor's on a case of ours: take it and answer it."""
    act(desk, house, message.subject, command(message.data, str(message.correlation), message.at))


def _propose(said: vendor.AppointmentProposed, record: str, at: Any) -> c.Saying:
    h = said.hospital
    return c.Propose(
        record, at, h.code, h.city_code, said.department, said.expert_rank, said.slot_at, said.network_confirmed,
        h.grade, h.ownership, h.military, h.privately_run_unit, h.vip_or_international, said.visit_type,
        said.expert_source, said.selected_by,
    )  # fmt: skip


def _attend(said: vendor.VisitAttended, record: str, at: Any) -> c.Saying:
    fees = said.hospital_fees.fen if said.hospital_fees else None
    return c.Attend(record, at, said.attended_on, said.accompanied, said.accompanied_minutes, fees)


def _miss(said: vendor.VisitMissed, record: str, at: Any) -> c.Saying:
    return c.Miss(record, at, said.registration_fee.fen if said.registration_fee else None)


SAYINGS: dict[type[Any], Callable[[Any, str, Any], c.Saying]] = {
    vendor.ContactReported: lambda said, record, at: c.HearContact(record, at, said.stage),
    vendor.MemberWaitStarted: lambda said, record, at: c.StartWait(record, at, said.waiting_for),
    vendor.MemberWaitEnded: lambda _, record, at: c.EndWait(record, at),
    said_by_intake.PapersSubmitted: lambda _, record, at: c.TakePapers(record, at),
    vendor.NotStartableReported: lambda said, record, at: c.ReportNotStartable(record, at, said.reason),
    vendor.DataDeclined: lambda _, record, at: c.DeclineRecords(record, at),
    vendor.WithdrawalRequested: lambda _, record, at: c.Withdraw(record, at),
    vendor.AppointmentProposed: _propose,
    vendor.ConfirmationCallReported: lambda said, record, at: c.ReportCall(record, at, said.id_reminder),
    vendor.AccompanimentDeclined: lambda _, record, at: c.DeclineCompany(record, at),
    vendor.HardToCoordinateReported: lambda _, record, at: c.ReportHardToCoordinate(record, at),
    vendor.VisitAttended: _attend,
    vendor.VisitMissed: _miss,
    vendor.VisitDisrupted: lambda said, record, at: c.Disrupt(record, at, said.cause),
    vendor.SlotDeclined: lambda _, record, at: c.DeclineSlot(record, at),
}
EVENTS: dict[type[Any], Callable[[House, Message[Any], Desk], None]] = {
    said_by_intake.RequestSubmitted: when_request_is_submitted_open,
    said_by_entitlement.EligibilityGranted: when_eligibility_is_granted_order,
    said_by_entitlement.EligibilityDenied: when_eligibility_is_denied_dismiss,
    said_by_entitlement.EligibilityWithdrawn: when_eligibility_is_withdrawn_dismiss,
    said_by_entitlement.CoverEnded: when_cover_has_ended_keep_or_close,
    said_by_intake.NothingHeard: when_nothing_was_heard_conclude,
    said_by_intake.ReviewDecided: when_review_is_decided_settle,
}
CONTRACTS: dict[str, type[Any]] = {f"{model.__name__}.v1": model for model in (*EVENTS, *SAYINGS)}


def handlers(house: House) -> dict[str, Handler]:
    """Every type that is heard, with the handler that keeps its promise."""
    heard: dict[str, Handler] = {f"{m.__name__}.v1": partial(handler, house) for m, handler in EVENTS.items()}
    for model, command in SAYINGS.items():
        heard[f"{model.__name__}.v1"] = partial(when_vendor_speaks_take, command, house)
    return heard


# -- timers ----------------------------------------------------------------------------------------------------------


def when_a_limit_has_come_ask(house: House, message: Message[TimerFired], desk: Desk) -> None:
    """Ask whether anything was heard before these clocks' limit."""
    fired = message.data
    act(desk, house, message.subject, c.AskClocks(tuple(fired.note.split(BETWEEN)), fired.due_at))


def when_a_limit_is_near_say_so(house: House, message: Message[TimerFired], desk: Desk) -> None:
    """The last day of a hard limit has begun."""
    act(desk, house, message.subject, c.NearClock(message.data.note, message.data.due_at))


def when_a_review_is_due_remind(house: House, message: Message[TimerFired], desk: Desk) -> None:
    """No person has decided yet."""
    act(desk, house, message.subject, c.RemindReview(message.data.note, message.data.due_at))


def on_timer(house: House) -> dict[str, Handler]:
    """Every timer that `deadlines` arms."""
    return {
        "clock": partial(when_a_limit_has_come_ask, house),
        "near": partial(when_a_limit_is_near_say_so, house),
        "review": partial(when_a_review_is_due_remind, house),
    }
