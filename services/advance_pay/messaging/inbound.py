"""What advance_pay hears: one handler, one promise. A request of another service has no stream here and is ignored."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from services.advance_pay.application import moving_money, reviewing
from services.advance_pay.application.deciding import House, carry_out
from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain.terms import SERVICE
from services.advance_pay.messaging import deadlines
from services.advance_pay.messaging.translation import found_of, granted_of, kinds
from shared.contracts import entitlement, intake, vendor
from shared.kernel.instant import in_china
from shared.messaging.wiring import Desk, Handler, Message, TimerFired

CONTRACTS: dict[str, type[BaseModel]] = {
    f"{contract.__name__}.v1": contract
    for contract in (
        intake.RequestSubmitted, entitlement.EligibilityGranted, entitlement.EligibilityDenied,
        entitlement.EligibilityWithdrawn, entitlement.CoverEnded, vendor.ContactReported, vendor.GuidanceGiven,
        intake.PapersSubmitted, vendor.MemberWaitStarted, vendor.MemberWaitEnded, vendor.NotStartableReported,
        vendor.DataDeclined, vendor.WithdrawalRequested, vendor.PreReviewReported, vendor.AgreementSigned,
        vendor.DepositPaid, vendor.DischargeNotified, vendor.DischargeSettled, vendor.ClaimFileMailed,
        vendor.RefundReceived, intake.ClaimAdjudicated, intake.PaymentReported, intake.WriteOffOrdered,
        intake.ReviewDecided, intake.NothingHeard,
    )
}  # fmt: skip


def _said(message: Message[Any], desk: Desk) -> dict[str, Any]:
    """What every command that follows an outside record carries."""
    return {
        "request_id": message.subject,
        "at": desk.at,
        "cause": str(desk.cause),
        "record": str(message.correlation),
    }


def handlers(house: House) -> dict[str, Handler]:
    """Every handler by the type it hears."""
    return {**_of_the_case(house), **_of_ends(house), **_of_papers(house), **_of_money(house), **_of_people(house)}


def _of_the_case(house: House) -> dict[str, Handler]:
    def when_request_submitted_open_the_case(message: Message[intake.RequestSubmitted], desk: Desk) -> None:
        said = message.data
        if said.service == SERVICE:
            command = c.OpenCase(
                request_id=said.request_id, at=desk.at,
                member_ref=said.member_ref, vendor=said.vendor, kinds=kinds(said.documents),
            )  # fmt: skip
            carry_out(desk, house, command, opens=True)

    def when_eligibility_granted_ask_for_papers(message: Message[entitlement.EligibilityGranted], desk: Desk) -> None:
        said = message.data
        if said.service == SERVICE:
            command = c.GrantCase(request_id=said.request_id, at=desk.at, granted=granted_of(said))
            carry_out(desk, house, command, opens=True)

    def when_eligibility_denied_end(message: Message[entitlement.EligibilityDenied], desk: Desk) -> None:
        if message.data.service == SERVICE:
            command = c.EndUngranted(request_id=message.data.request_id, at=desk.at, outcome="DENIED")
            carry_out(desk, house, command)

    def when_eligibility_withdrawn_end(message: Message[entitlement.EligibilityWithdrawn], desk: Desk) -> None:
        if message.data.service == SERVICE:
            command = c.EndUngranted(request_id=message.data.request_id, at=desk.at, outcome="WITHDRAWN")
            carry_out(desk, house, command)

    return {
        "RequestSubmitted.v1": when_request_submitted_open_the_case,
        "EligibilityGranted.v1": when_eligibility_granted_ask_for_papers,
        "EligibilityDenied.v1": when_eligibility_denied_end,
        "EligibilityWithdrawn.v1": when_eligibility_withdrawn_end,
    }


def _of_ends(house: House) -> dict[str, Handler]:
    def when_cover_ended_close_the_unpaid(message: Message[entitlement.CoverEnded], desk: Desk) -> None:
        said = message.data
        carry_out(desk, house, c.EndCover(request_id=said.request_id, at=desk.at, reason=said.reason))

    def when_withdrawal_requested_cancel(message: Message[vendor.WithdrawalRequested], desk: Desk) -> None:
        carry_out(desk, house, c.Withdraw(**_said(message, desk)))

    def when_not_startable_close(message: Message[vendor.NotStartableReported], desk: Desk) -> None:
        reason = message.data.reason
        carry_out(desk, house, c.CloseUnstarted(**_said(message, desk), outcome="NOT_STARTABLE", reason=reason))

    def when_data_declined_close(message: Message[vendor.DataDeclined], desk: Desk) -> None:
        command = c.CloseUnstarted(**_said(message, desk), outcome="DATA_DECLINED", reason="DATA_DECLINED")
        carry_out(desk, house, command)

    return {
        "CoverEnded.v1": when_cover_ended_close_the_unpaid,
        "WithdrawalRequested.v1": when_withdrawal_requested_cancel,
        "NotStartableReported.v1": when_not_startable_close,
        "DataDeclined.v1": when_data_declined_close,
    }


def _of_papers(house: House) -> dict[str, Handler]:
    def when_contact_reported_start_collecting(message: Message[vendor.ContactReported], desk: Desk) -> None:
        carry_out(desk, house, c.RecordContact(**_said(message, desk), stage=message.data.stage))

    def when_guidance_given_record_it(message: Message[vendor.GuidanceGiven], desk: Desk) -> None:
        carry_out(desk, house, c.RecordGuidance(**_said(message, desk)))

    def when_papers_submitted_check_them(message: Message[intake.PapersSubmitted], desk: Desk) -> None:
        carry_out(desk, house, c.ReceivePapers(**_said(message, desk), kinds=kinds(message.data.documents)))

    def when_member_wait_started_pause(message: Message[vendor.MemberWaitStarted], desk: Desk) -> None:
        carry_out(desk, house, c.BeginWait(**_said(message, desk), waiting_for=message.data.waiting_for))

    def when_member_wait_ended_resume(message: Message[vendor.MemberWaitEnded], desk: Desk) -> None:
        carry_out(desk, house, c.EndWait(**_said(message, desk)))

    def when_pre_review_reported_judge_it(message: Message[vendor.PreReviewReported], desk: Desk) -> None:
        found, record = found_of(message.data), str(message.correlation)
        reviewing.report_pre_review(desk, house, message.subject, record, found)

    def when_agreement_signed_record_it(message: Message[vendor.AgreementSigned], desk: Desk) -> None:
        said = message.data
        command = c.SignAgreement(
            **_said(message, desk), offset_clause=said.offset_clause, refund_clause=said.refund_clause
        )
        carry_out(desk, house, command)

    def when_discharge_notified_start_its_clock(message: Message[vendor.DischargeNotified], desk: Desk) -> None:
        carry_out(desk, house, c.NoteDischarge(**_said(message, desk), discharge_on=message.data.discharge_on))

    def when_claim_file_mailed_record_it(message: Message[vendor.ClaimFileMailed], desk: Desk) -> None:
        carry_out(desk, house, c.SendClaimFile(**_said(message, desk)))

    return {
        "ContactReported.v1": when_contact_reported_start_collecting,
        "GuidanceGiven.v1": when_guidance_given_record_it,
        "PapersSubmitted.v1": when_papers_submitted_check_them,
        "MemberWaitStarted.v1": when_member_wait_started_pause,
        "MemberWaitEnded.v1": when_member_wait_ended_resume,
        "PreReviewReported.v1": when_pre_review_reported_judge_it,
        "AgreementSigned.v1": when_agreement_signed_record_it,
        "DischargeNotified.v1": when_discharge_notified_start_its_clock,
        "ClaimFileMailed.v1": when_claim_file_mailed_record_it,
    }


def _of_money(house: House) -> dict[str, Handler]:
    def when_deposit_paid_book_it(message: Message[vendor.DepositPaid], desk: Desk) -> None:
        said, record = message.data, str(message.correlation)
        moving_money.report_deposit(
            desk, house, message.subject, record, said.amount.fen, said.receipt_number, said.paid_at
        )

    def when_discharge_settled_settle(message: Message[vendor.DischargeSettled], desk: Desk) -> None:
        said = message.data
        command = c.SettleDischarge(
            **_said(message, desk), bill_fen=said.bill.fen, returned_fen=said.returned_by_hospital.fen,
            originals=said.originals, kinds=kinds(said.documents),
        )  # fmt: skip
        carry_out(desk, house, command)

    def when_refund_received_book_it(message: Message[vendor.RefundReceived], desk: Desk) -> None:
        said, record = message.data, str(message.correlation)
        moving_money.receive_refund(desk, house, message.subject, record, said.amount.fen, said.receipt_number)

    def when_claim_adjudicated_offset_it(message: Message[intake.ClaimAdjudicated], desk: Desk) -> None:
        said = message.data
        moving_money.adjudicate(
            desk, house, said.claim_key, said.member_ref, said.policy_year, said.payable_fen, said.request_id,
            str(message.correlation),
        )  # fmt: skip

    def when_payment_reported_book_it(message: Message[intake.PaymentReported], desk: Desk) -> None:
        said = message.data
        if said.purpose != "subsidy":
            moving_money.take_payment(
                desk, house, said.payment_key, said.purpose, said.request_id, said.amount_fen, str(message.correlation)
            )

    return {
        "DepositPaid.v1": when_deposit_paid_book_it,
        "DischargeSettled.v1": when_discharge_settled_settle,
        "RefundReceived.v1": when_refund_received_book_it,
        "ClaimAdjudicated.v1": when_claim_adjudicated_offset_it,
        "PaymentReported.v1": when_payment_reported_book_it,
    }


def _of_people(house: House) -> dict[str, Handler]:
    def when_write_off_ordered_give_up(message: Message[intake.WriteOffOrdered], desk: Desk) -> None:
        said = message.data
        command = c.WriteOff(
            **{**_said(message, desk), "request_id": said.request_id},
            amount_fen=said.amount_fen, role=said.role, actor=said.actor, reason=said.reason,
        )  # fmt: skip
        carry_out(desk, house, command)

    def when_review_decided_obey(message: Message[intake.ReviewDecided], desk: Desk) -> None:
        said = message.data
        if not said.review_id.startswith(f"{said.request_id}-A"):
            return
        command = c.DecideReview(
            **{**_said(message, desk), "request_id": said.request_id},
            review_id=said.review_id, decision=said.decision, reason=said.reason, actor=said.actor, role=said.role,
            amount_fen=said.amount_fen,
        )  # fmt: skip
        reviewing.decide_review(desk, house, command)

    def when_nothing_heard_let_it_run_out(message: Message[intake.NothingHeard], desk: Desk) -> None:
        said = message.data
        command = c.HearNothing(request_id=message.subject, at=desk.at, clock=said.clock, due_at=in_china(said.due_at))
        carry_out(desk, house, command)

    return {
        "WriteOffOrdered.v1": when_write_off_ordered_give_up,
        "ReviewDecided.v1": when_review_decided_obey,
        "NothingHeard.v1": when_nothing_heard_let_it_run_out,
    }


def timer_handlers(house: House) -> dict[str, Handler]:
    """What happens when a deadline that a fact armed has come."""

    def when_a_clock_is_due_ask(message: Message[TimerFired], desk: Desk) -> None:
        fired = message.data
        command = c.AskClock(request_id=_case(fired), at=desk.at, clock=fired.note, due_at=fired.due_at)
        carry_out(desk, house, command)

    def when_a_reminder_is_due_remind(message: Message[TimerFired], desk: Desk) -> None:
        clock, due_at = deadlines.early(message.data.note)
        command = c.RemindOfPapers(request_id=_case(message.data), at=desk.at, clock=clock, due_at=due_at)
        carry_out(desk, house, command)

    def when_a_last_day_begins_warn(message: Message[TimerFired], desk: Desk) -> None:
        clock, due_at = deadlines.early(message.data.note)
        command = c.WarnOfClock(request_id=_case(message.data), at=desk.at, clock=clock, due_at=due_at)
        carry_out(desk, house, command)

    def when_a_review_is_due_say_so(message: Message[TimerFired], desk: Desk) -> None:
        fired = message.data
        command = c.LapseReview(request_id=_case(fired), at=desk.at, review_id=fired.note)
        reviewing.lapse_review(desk, house, fired.stream, command)

    return {
        deadlines.CLOCK: when_a_clock_is_due_ask,
        deadlines.NEAR: when_a_last_day_begins_warn,
        deadlines.REMINDER: when_a_reminder_is_due_remind,
        deadlines.REVIEW: when_a_review_is_due_say_so,
    }


def _case(fired: TimerFired) -> str:
    return fired.stream.split("/", 1)[1]
