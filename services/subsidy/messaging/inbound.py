"""What subsidy hears: one handler, one promise. Other services' requests are known by not being here, and ignored.

CoverEnded is not heard: money is always finished, whatever becomes of the cover (ENT-D11, ENT-D16, ENT-D21).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from services.subsidy.application.keeping import keep
from services.subsidy.application.taking import report_payment, take
from services.subsidy.domain import claim_commands as do
from services.subsidy.domain import visit
from services.subsidy.domain.draft import Law
from services.subsidy.domain.trip import SERVICE
from services.subsidy.messaging import deadlines, translation
from shared.contracts import entitlement, intake, scheduling, vendor
from shared.messaging.wiring import Desk, Handler, Message, TimerFired

CONTRACTS: dict[str, type[BaseModel]] = {
    "RequestSubmitted.v1": intake.RequestSubmitted,
    "PapersSubmitted.v1": intake.PapersSubmitted,
    "PaymentReported.v1": intake.PaymentReported,
    "ReviewDecided.v1": intake.ReviewDecided,
    "NothingHeard.v1": intake.NothingHeard,
    "ContactReported.v1": vendor.ContactReported,
    "MemberWaitStarted.v1": vendor.MemberWaitStarted,
    "MemberWaitEnded.v1": vendor.MemberWaitEnded,
    "NotStartableReported.v1": vendor.NotStartableReported,
    "DataDeclined.v1": vendor.DataDeclined,
    "WithdrawalRequested.v1": vendor.WithdrawalRequested,
    "EligibilityGranted.v1": entitlement.EligibilityGranted,
    "EligibilityDenied.v1": entitlement.EligibilityDenied,
    "EligibilityWithdrawn.v1": entitlement.EligibilityWithdrawn,
    "AppointmentArranged.v1": scheduling.AppointmentArranged,
    "AppointmentVoided.v1": scheduling.AppointmentVoided,
    "VisitClosed.v1": scheduling.VisitClosed,
}

Said = Callable[[Message[Any]], do.Command]


def _record(message: Message[Any]) -> str:
    """The outside record at the root of what is heard: what is answered is that."""
    return str(message.correlation)


def handlers(law: Law) -> dict[str, Handler]:
    """Every handler by the type it hears."""
    return {**_of_grants(law), **_of_cases(law), **_of_decisions(law), **_of_visits()}


def _of_grants(law: Law) -> dict[str, Handler]:
    def when_request_submitted_open_the_claim(message: Message[intake.RequestSubmitted], desk: Desk) -> None:
        if message.data.service == SERVICE:
            take(desk, message.subject, translation.submit(message.data), law)

    def when_eligibility_granted_assess_the_claim(message: Message[entitlement.EligibilityGranted], desk: Desk) -> None:
        if message.data.service == SERVICE:
            take(desk, message.subject, translation.grant(message.data), law)

    def when_eligibility_denied_assess_nothing(message: Message[entitlement.EligibilityDenied], desk: Desk) -> None:
        if message.data.service == SERVICE:
            take(desk, message.subject, do.Bar("DENIED"), law)

    def when_eligibility_withdrawn_assess_nothing(
        message: Message[entitlement.EligibilityWithdrawn], desk: Desk
    ) -> None:
        if message.data.service == SERVICE:
            take(desk, message.subject, do.Bar("WITHDRAWN"), law)

    return {
        "RequestSubmitted.v1": when_request_submitted_open_the_claim,
        "EligibilityGranted.v1": when_eligibility_granted_assess_the_claim,
        "EligibilityDenied.v1": when_eligibility_denied_assess_nothing,
        "EligibilityWithdrawn.v1": when_eligibility_withdrawn_assess_nothing,
    }


def _of_cases(law: Law) -> dict[str, Handler]:
    def told(command: Said) -> Handler:
        """What is said of a case, for the claim that is its subject."""

        def when_told_take_it(message: Message[Any], desk: Desk) -> None:
            take(desk, message.subject, command(message), law)

        return when_told_take_it

    return {
        "PapersSubmitted.v1": told(lambda m: translation.papers(_record(m), m.data)),
        "ContactReported.v1": told(lambda m: do.ReportContact(_record(m), m.data.stage)),
        "MemberWaitStarted.v1": told(lambda m: do.StartWait(_record(m), m.data.waiting_for)),
        "MemberWaitEnded.v1": told(lambda m: do.EndWait(_record(m))),
        "WithdrawalRequested.v1": told(lambda m: do.Withdraw(_record(m))),
        "DataDeclined.v1": told(lambda m: do.Close(_record(m), "MEMBER_DECLINED_DATA", "INT-40")),
        "NotStartableReported.v1": told(lambda m: do.Close(_record(m), "NOT_STARTABLE", "INT-02")),
        "NothingHeard.v1": told(lambda m: do.HearNothing(m.data.clock, m.data.due_at)),
    }


def _of_decisions(law: Law) -> dict[str, Handler]:
    def when_payment_reported_match_it(message: Message[intake.PaymentReported], desk: Desk) -> None:
        heard = message.data
        if heard.purpose != "subsidy":
            return
        # money of no known case stands under its own key
        case_id = heard.request_id or heard.payment_key
        command = do.ReportPayment(_record(message), case_id, heard.payment_key, heard.amount_fen, heard.paid_at)
        report_payment(desk, command, law)

    def when_review_decided_settle_it(message: Message[intake.ReviewDecided], desk: Desk) -> None:
        heard = message.data
        if heard.review_id.startswith(f"{heard.request_id}-B"):
            take(desk, heard.request_id, translation.decision(_record(message), heard), law)

    return {
        "PaymentReported.v1": when_payment_reported_match_it,
        "ReviewDecided.v1": when_review_decided_settle_it,
    }


def _of_visits() -> dict[str, Handler]:
    def when_appointment_arranged_know_the_visit(message: Message[scheduling.AppointmentArranged], desk: Desk) -> None:
        heard = message.data
        command = visit.KeepArranged(heard.member_ref, heard.hospital_city, heard.visit_on)
        keep(desk, heard.request_id, command, first=heard.arrangement == 1)

    def when_appointment_voided_forget_the_visit(message: Message[scheduling.AppointmentVoided], desk: Desk) -> None:
        keep(desk, message.data.request_id, visit.KeepVoided(message.data.cause, message.data.final))

    def when_visit_closed_know_whether_care_was_given(message: Message[scheduling.VisitClosed], desk: Desk) -> None:
        heard = message.data
        if heard.attended_on is None:
            keep(desk, heard.request_id, visit.KeepVoided(heard.outcome))
        else:
            keep(desk, heard.request_id, visit.KeepAttended(heard.attended_on))

    return {
        "AppointmentArranged.v1": when_appointment_arranged_know_the_visit,
        "AppointmentVoided.v1": when_appointment_voided_forget_the_visit,
        "VisitClosed.v1": when_visit_closed_know_whether_care_was_given,
    }


def on_timer(law: Law) -> dict[str, Handler]:
    """What a deadline does when it comes; one whose reason is gone does nothing."""

    def due(command: Callable[[TimerFired], do.Command]) -> Handler:
        def fire(message: Message[TimerFired], desk: Desk) -> None:
            case_id = message.data.stream.partition("/")[2]
            take(desk, case_id, command(message.data), law)

        return fire

    return {
        "visit": due(lambda _: do.LookAgain()),
        "payment": due(lambda _: do.LookAgain()),
        "supplement-reminder": due(lambda fired: do.Remind(deadlines.instant(fired.note))),
        "supplement": due(lambda fired: do.AskPapers(deadlines.instant(fired.note))),
        "review": due(lambda fired: do.OverrunReview(fired.note, fired.due_at)),
        "clock-warning": due(lambda fired: do.NearClock(*deadlines.clock(fired.note))),
        "clock": due(lambda fired: do.AskClock(*deadlines.clock(fired.note))),
    }
