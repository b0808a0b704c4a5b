"""The service as it is wired: messages in, events out, timers armed; every fact goes through the book of names."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.scheduling.domain.facts import FACTS
from services.scheduling.views import engagement_row
from shared.contracts import base, entitlement, intake, messaging, scheduling, vendor
from shared.kernel.ids import named
from shared.messaging.wiring import Publication, TimerFired
from tests.services.scheduling.scheduling_kit import CALENDAR, REQUEST, WIRING, TinyDesk, at, edition_of

RECEIVED = at("2026-04-10T10:00")


def submitted(service: Any = "OUTP", wish: vendor.OutpatientWish | None = None) -> intake.RequestSubmitted:
    return intake.RequestSubmitted(
        request_id=REQUEST, service=service, vendor="hengyu", hotline="400-967-6500", member_ref="m-1", member_known=True,
        product="A", cause="illness", outpatient=wish,
    )  # fmt: skip


def granted(
    product: str = "A", service: Any = "OUTP", wish: vendor.OutpatientWish | None = None
) -> entitlement.EligibilityGranted:
    year = base.Year(ordinal=1, starts_on=date(2026, 3, 1), ends_on=date(2027, 3, 1))
    return entitlement.EligibilityGranted(
        request_id=REQUEST, service=service, vendor="hengyu", product=product, edition=edition_of(product),
        calendar=CALENDAR.version, member_ref="m-1", policy_ref="p-1", birth_date=date(1980, 1, 1), year=year,
        sum_insured_fen=1, held=True, receipt=[], application=submitted(service, wish),
    )  # fmt: skip


def slot(when: str = "2026-04-20T09:00", grade: Any = "3A") -> vendor.AppointmentProposed:
    hospital = base.Hospital(code="H1", city_code="310100", grade=grade, ownership="public")
    return vendor.AppointmentProposed(
        hospital=hospital, department="ONCOLOGY", expert_rank="chief", network_confirmed=True, slot_at=at(when)
    )


def types(published: list[Publication]) -> list[str]:
    return [p.type for p in published]


def data_of(published: list[Publication], kind: type[Any]) -> Any:
    (found,) = [p.data for p in published if isinstance(p.data, kind)]
    return found


def desk_with_a_grant(product: str = "A") -> TinyDesk:
    desk = TinyDesk()
    desk.hear("RequestSubmitted.v1", submitted(), RECEIVED, "application")
    desk.hear("EligibilityGranted.v1", granted(product), RECEIVED, "grant")
    return desk


def test_a_grant_becomes_one_fact_and_one_work_order() -> None:
    desk = TinyDesk()
    assert desk.hear("RequestSubmitted.v1", submitted(), RECEIVED, "application") == []
    wish = vendor.OutpatientWish(
        department="ONCOLOGY", designated_hospital=base.Hospital(code="H9", city_code="310100"), names_expert=True
    )
    published = desk.hear("EligibilityGranted.v1", granted(wish=wish), RECEIVED, "grant")
    assert types(published) == ["WorkOrderIssued.v1"]
    assert len(desk.stored) == 2
    order = data_of(published, messaging.WorkOrderIssued)
    assert (order.action, order.vendor, order.service) == ("ARRANGE_OUTPATIENT", "hengyu", "OUTP")
    assert order.details["accompaniment"] == "BUNDLED"
    assert order.details["hospital"] == "H9"
    assert order.details["expert_wish"] == "EXPERT_NOT_SELECTABLE"
    assert [clock["due_at"] for clock in order.details["clocks"]] == [
        "2026-04-15T00:00:00+08:00", "2026-04-22T00:00:00+08:00", "2026-04-22T00:00:00+08:00",
    ]  # fmt: skip
    assert [(t.name, t.due_at, t.note) for t in desk.timers()] == [
        ("near", at("2026-04-14T00:00"), "A-OUTP-FEEDBACK"),
        ("clock", at("2026-04-21T24:00"), "A-OUTP-COMPLETE,A-OUTP-TYPICAL"),
    ]


def test_a_grant_heard_before_the_application_opens_the_engagement_itself() -> None:
    desk = TinyDesk()
    assert types(desk.hear("EligibilityGranted.v1", granted(), RECEIVED, "grant")) == ["WorkOrderIssued.v1"]
    assert desk.hear("RequestSubmitted.v1", submitted(), RECEIVED, "application") == []
    assert desk.engagement.status == "arranging"


def test_the_same_messages_twice_say_nothing_more() -> None:
    desk = desk_with_a_grant()
    said = len(desk.stored)
    desk.hear("RequestSubmitted.v1", submitted(), RECEIVED, "application")
    desk.hear("EligibilityGranted.v1", granted(), RECEIVED, "grant")
    desk.hear("AppointmentProposed.v1", slot(), at("2026-04-13T10:00"), "slot")
    again = desk.hear("AppointmentProposed.v1", slot(), at("2026-04-13T10:00"), "slot")
    assert again == []
    assert len(desk.stored) > said


def test_other_services_are_left_alone() -> None:
    desk = TinyDesk()
    desk.hear("RequestSubmitted.v1", submitted("SUBSIDY"), RECEIVED, "a")
    desk.hear("EligibilityGranted.v1", granted(service="SUBSIDY"), RECEIVED, "b")
    desk.hear("ContactReported.v1", vendor.ContactReported(stage="feedback"), RECEIVED, "c")
    desk.hear("CoverEnded.v1", entitlement.CoverEnded(request_id=REQUEST, reason="LAPSE"), RECEIVED, "d")
    decided = intake.ReviewDecided(
        review_id=f"{REQUEST}-E1", request_id=REQUEST, actor="s", role="operations", decision="grant", reason="OK"
    )
    desk.hear("ReviewDecided.v1", decided, RECEIVED, "e")
    assert desk.stored == []


def test_an_arranged_visit_is_published_settled_told_and_answered() -> None:
    desk = desk_with_a_grant()
    published = desk.hear("AppointmentProposed.v1", slot(), at("2026-04-13T10:00"), "slot")
    assert types(published) == [
        "ClockStopped.v1", "ClockStopped.v1", "ClockStopped.v1", "AppointmentArranged.v1", "OutcomeTold.v1",
        "QuotaSettled.v1", "RecordAnswered.v1",
    ]  # fmt: skip
    arranged = data_of(published, scheduling.AppointmentArranged)
    assert (arranged.hospital_city, arranged.visit_on, arranged.member_ref) == ("310100", date(2026, 4, 20), "m-1")
    told = data_of(published, messaging.OutcomeTold)
    assert told.details["confirmation_call_due_at"] == "2026-04-20T00:00:00+08:00"
    assert "SUB-30" in told.details["notices"]
    settled = data_of(published, messaging.QuotaSettled)
    assert (settled.action, settled.cause) == ("consume", "BOOKING_CONFIRMED")
    answer = data_of(published, messaging.RecordAnswered)
    assert (answer.cause, answer.answer) == (str(named("test", "slot")), "applied")


def test_a_refused_slot_is_answered_with_reason_rule_and_pointer() -> None:
    desk = desk_with_a_grant()
    (answer,) = desk.hear("AppointmentProposed.v1", slot(grade="2A"), at("2026-04-13T10:00"), "slot")
    assert isinstance(answer.data, messaging.RecordAnswered)
    assert (answer.data.reason, answer.data.rule, answer.data.pointer) == (
        "NOT_TERTIARY_A", "ENT-51", "/data/hospital/grade",
    )  # fmt: skip


def test_the_clock_asks_intake_and_breaches_on_its_answer() -> None:
    desk = desk_with_a_grant()
    near = TimerFired("", "near", at("2026-04-14T00:00"), "A-OUTP-FEEDBACK")
    assert types(desk.hear("timer:near", near, near.due_at, "t1")) == ["ClockNeared.v1"]
    due_at = at("2026-04-14T24:00")
    assert ("clock", due_at, "A-OUTP-FEEDBACK") in [(t.name, t.due_at, t.note) for t in desk.timers()]
    fired = TimerFired("", "clock", due_at, "A-OUTP-FEEDBACK")
    due = data_of(desk.hear("timer:clock", fired, due_at, "t2"), messaging.ClockDue)
    assert (due.clock, due.due_at) == ("A-OUTP-FEEDBACK", due_at)
    heard = intake.NothingHeard(clock=due.clock, due_at=due.due_at)
    breach = data_of(desk.hear("NothingHeard.v1", heard, due_at, "n"), intake.ClockBreached)
    assert (breach.rule, breach.basis) == ("SLA-05", "hard")
    assert desk.hear("NothingHeard.v1", heard, due_at, "n2") == []


def test_an_attended_visit_tells_subsidy_the_day_and_the_city() -> None:
    desk = desk_with_a_grant("B")
    desk.hear("AppointmentProposed.v1", slot(), at("2026-04-13T10:00"), "slot")
    said = vendor.VisitAttended(attended_on=date(2026, 4, 20), accompanied=True, hospital_fees=base.Money(fen=5000))
    published = desk.hear("VisitAttended.v1", said, at("2026-04-20T18:00"), "seen")
    assert types(published) == [
        "VisitClosed.v1", "QuotaSettled.v1", "RequestFinished.v1", "OutcomeTold.v1", "RecordAnswered.v1",
    ]  # fmt: skip
    closed = data_of(published, scheduling.VisitClosed)
    assert (closed.attended_on, closed.hospital_city, closed.costs[0].payer) == (date(2026, 4, 20), "310100", "CLIENT")
    assert engagement_row(desk.engagement)["standing"] == "CLOSED"


def test_a_review_is_opened_reminded_and_decided() -> None:
    desk = desk_with_a_grant()
    hospital = base.Hospital(code="H1", city_code="310100", grade="3A", ownership="public", military=True)
    doubtful = slot().model_copy(update={"hospital": hospital})
    published = desk.hear("AppointmentProposed.v1", doubtful, at("2026-04-13T10:00"), "slot")
    opened = data_of(published, messaging.ReviewOpened)
    assert (opened.review_id, opened.owner, opened.due_at) == (f"{REQUEST}-S1", "operations", at("2026-04-20T24:00"))
    fired = TimerFired("", "review", opened.due_at, opened.review_id)
    assert types(desk.hear("timer:review", fired, opened.due_at, "t")) == ["ReviewOverdue.v1"]
    late = intake.ReviewDecided(
        review_id=opened.review_id, request_id=REQUEST, actor="s-1", role="operations", decision="refuse", reason="NO"
    )
    published = desk.hear("ReviewDecided.v1", late, at("2026-04-21T10:00"), "decided")
    assert types(published) == ["ReviewClosed.v1", "OutcomeTold.v1", "RecordAnswered.v1"]


def test_waits_and_voided_visits_are_published() -> None:
    desk = desk_with_a_grant()
    waited = desk.hear(
        "MemberWaitStarted.v1", vendor.MemberWaitStarted(waiting_for="consent"), at("2026-04-10T11:00"), "w"
    )
    assert data_of(waited, scheduling.MemberWaited).until is None
    ended = desk.hear("MemberWaitEnded.v1", vendor.MemberWaitEnded(), at("2026-04-10T12:00"), "e")
    assert data_of(ended, scheduling.MemberWaited).until == at("2026-04-10T12:00")
    desk.hear("AppointmentProposed.v1", slot(), at("2026-04-13T10:00"), "slot")
    disrupted = desk.hear(
        "VisitDisrupted.v1", vendor.VisitDisrupted(cause="expert_suspended"), at("2026-04-19T10:00"), "d"
    )
    voided = data_of(disrupted, scheduling.AppointmentVoided)
    assert (voided.cause, voided.final, voided.slot_at) == ("EXPERT_SUSPENDED", False, at("2026-04-20T09:00"))
    assert data_of(disrupted, messaging.QuotaSettled).action == "restore"


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("PapersSubmitted.v1", intake.PapersSubmitted()),
        ("NotStartableReported.v1", vendor.NotStartableReported(reason="NO_DISEASE")),
        ("DataDeclined.v1", vendor.DataDeclined()),
        ("WithdrawalRequested.v1", vendor.WithdrawalRequested()),
        ("ConfirmationCallReported.v1", vendor.ConfirmationCallReported(id_reminder=True)),
        ("AccompanimentDeclined.v1", vendor.AccompanimentDeclined()),
        ("HardToCoordinateReported.v1", vendor.HardToCoordinateReported()),
        ("VisitMissed.v1", vendor.VisitMissed(registration_fee=base.Money(fen=100))),
        ("SlotDeclined.v1", vendor.SlotDeclined()),
    ],
)
def test_every_saying_is_answered_exactly_once(type_: str, said: Any) -> None:
    desk = desk_with_a_grant()
    published = desk.hear(type_, said, at("2026-04-13T10:00"), "r")
    assert types(published).count("RecordAnswered.v1") == 1
    assert desk.hear(type_, said, at("2026-04-13T10:00"), "r") == []


def test_a_denied_request_is_dismissed() -> None:
    desk = TinyDesk()
    desk.hear("RequestSubmitted.v1", submitted(), RECEIVED, "application")
    denied = entitlement.EligibilityDenied(
        request_id=REQUEST, service="OUTP", vendor="hengyu", product="A", edition=None, member_ref="m-1", receipt=[]
    )
    assert desk.hear("EligibilityDenied.v1", denied, RECEIVED, "denied") == []
    assert desk.engagement.status == "dismissed"


def test_every_type_that_is_heard_has_a_contract_and_every_fact_a_name() -> None:
    assert set(WIRING.handlers) == set(WIRING.contracts)
    assert len(WIRING.facts.names) == len(FACTS)
    assert WIRING.topic == "greenlane.scheduling.events.v1"
