"""Fact → what is published of it, or silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import engagement_facts as f
from services.scheduling.domain.terms import SERVICE
from shared.contracts import intake, messaging, scheduling
from shared.contracts.base import AskedRule
from shared.event_store.stored import Stored
from shared.kernel.instant import day_of
from shared.kernel.law import Asked
from shared.messaging.wiring import Publication


def _said(model: BaseModel) -> Publication:
    return Publication(f"{type(model).__name__}.v1", model)


def _receipt(lines: Iterable[Asked]) -> list[AskedRule]:
    return [AskedRule(rule=a.rule, outcome=a.outcome, reason=a.reason, facts=a.facts, remedy=a.remedy) for a in lines]


def _told(
    stored: Stored, vendor: str, outcome: str, reasons: Iterable[Asked] = (), details: dict[str, object] | None = None
) -> Publication:
    return _said(
        messaging.OutcomeTold.model_validate({
            "request_id": stored.subject, "vendor": vendor, "service": SERVICE, "outcome": outcome,
            "reasons": _receipt(reasons), "details": details or {},
        })
    )  # fmt: skip


def _ordered(stored: Stored, e: f.EngagementGranted) -> Sequence[Publication]:
    if not e.ordered:
        return ()
    details: dict[str, object] = {
        "edition": e.edition,
        "calendar": e.calendar,
        "accompaniment": e.accompaniment,
        "clocks": [
            {"clock": k.clock, "basis": k.basis, "rule": k.rule, "due_at": k.due_at.isoformat()} for k in e.clocks
        ],
        "notices": list(e.notices),
    }
    wishes = {"hospital": e.hospital, "department": e.department, "expert_wish": e.expert_wish}
    details |= {name: wish for name, wish in wishes.items() if wish is not None}
    order = {
        "request_id": e.request_id, "vendor": e.vendor, "service": SERVICE, "action": "ARRANGE_OUTPATIENT",
        "details": details,
    }  # fmt: skip
    return (_said(messaging.WorkOrderIssued.model_validate(order)),)


def _arranged(stored: Stored, e: f.AppointmentArranged) -> Sequence[Publication]:
    slot = e.appointment
    arranged = scheduling.AppointmentArranged(
        request_id=stored.subject, member_ref=e.member_ref, product=e.product, edition=e.edition, service=SERVICE,
        hospital_code=slot.hospital, hospital_city=slot.city, department=slot.department, visit_type=slot.visit_type,
        expert_rank=slot.expert_rank, selected_by=slot.selected_by, slot_at=slot.slot_at, visit_on=day_of(slot.slot_at),
        arranged_at=e.arranged_at, arrangement=e.arrangement, accompaniment=e.accompaniment,
        receipt=_receipt(e.receipt),
    )  # fmt: skip
    call = next((k for k in e.clocks if k.step == "confirmation_call"), None)
    details: dict[str, object] = {
        "slot_at": slot.slot_at.isoformat(),
        "hospital": slot.hospital,
        "department": slot.department,
        "accompaniment": e.accompaniment,
        "notices": list(e.notices),
    }
    if call is not None:
        details["confirmation_call_due_at"] = call.due_at.isoformat()
    return (_said(arranged), _told(stored, e.vendor, "ARRANGED", details=details))


def _closed_visit(stored: Stored, e: f.VisitClosed) -> Sequence[Publication]:
    costs = tuple(scheduling.Cost(rule=x.rule, payer=x.payer, amount_fen=x.amount_fen) for x in e.costs)
    event = scheduling.VisitClosed(
        request_id=stored.subject, member_ref=e.member_ref, product=e.product, outcome=e.outcome,
        hospital_code=e.hospital, hospital_city=e.city, visit_on=e.visit_on, attended_on=e.attended_on,
        accompanied=e.accompanied, accompanied_minutes=e.accompanied_minutes, owed_minutes=e.owed_minutes, costs=costs,
    )  # fmt: skip
    return (_said(event),)


def _finished(stored: Stored, e: f.EngagementFinished) -> Sequence[Publication]:
    details: dict[str, object] = {"note": e.note} if e.note else {}
    finished = messaging.RequestFinished(request_id=stored.subject, service=SERVICE, outcome=e.outcome)
    return (_said(finished), _told(stored, e.vendor, e.outcome, e.reasons, details))


def _refused(_: Stored, e: f.RecordRefused) -> Sequence[Publication]:
    answer = messaging.RecordAnswered(cause=e.record, answer="refused", reason=e.reason, rule=e.rule, pointer=e.pointer)
    return (_said(answer),)


def _review_opened(stored: Stored, e: f.ReviewOpened) -> Sequence[Publication]:
    event = messaging.ReviewOpened(
        review_id=e.review_id, request_id=stored.subject, owner=e.owner, reasons=_receipt(e.reasons), due_at=e.due_at
    )
    return (_said(event),)


def _same(model: type[BaseModel], **more: object) -> Callable[[Stored, Any], Sequence[Publication]]:
    """The event says what the fact says, and whose request it is."""
    names = [name for name in model.model_fields if name != "request_id" and name not in more]

    def publish(stored: Stored, fact: Any) -> Sequence[Publication]:
        values = {name: getattr(fact, name) for name in names if hasattr(fact, name)}
        return (_said(model.model_validate({"request_id": stored.subject, **values, **more})),)

    return publish


_PUBLISHED: dict[type, Callable[[Stored, Any], Sequence[Publication]]] = {
    f.EngagementGranted: _ordered,
    f.RecordApplied: lambda _, e: (_said(messaging.RecordAnswered(cause=e.record, answer="applied")),),
    f.RecordRefused: _refused,
    t.ClockNeared: _same(scheduling.ClockNeared),
    t.ClockAsked: _same(messaging.ClockDue),
    t.ClockStopped: _same(scheduling.ClockStopped, service=SERVICE),
    t.ClockBreached: _same(intake.ClockBreached),
    t.ClockWarned: _same(scheduling.ClockWarned),
    t.ClockExtended: _same(scheduling.ClockExtended),
    t.DutyMissed: _same(scheduling.DutyMissed),
    t.WaitStarted: _same(scheduling.MemberWaited),
    t.WaitEnded: _same(scheduling.MemberWaited),
    f.AppointmentArranged: _arranged,
    f.AppointmentVoided: _same(scheduling.AppointmentVoided),
    f.QuotaMoved: _same(messaging.QuotaSettled),
    f.VisitConfirmed: _same(scheduling.VisitConfirmed),
    f.VisitClosed: _closed_visit,
    f.ReviewOpened: _review_opened,
    f.ReviewClosed: _same(messaging.ReviewClosed),
    f.ReviewOverdue: _same(scheduling.ReviewOverdue),
    f.OutcomeSaid: lambda stored, e: (_told(stored, e.vendor, e.outcome, e.reasons),),
    f.EngagementFinished: _finished,
}


def outbound(stored: Stored) -> Sequence[Publication]:
    """What is published of one stored fact."""
    publish = _PUBLISHED.get(type(stored.fact))
    return publish(stored, stored.fact) if publish else ()
