"""What entitlement hears, and what it does on each: one handler, one promise."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from services.entitlement.application import covering, reviewing, submitting
from services.entitlement.application.counting import close_grant, settle_count
from services.entitlement.application.ground import Ground
from services.entitlement.application.withdrawing import withdraw
from services.entitlement.domain.cover import ChangeForce, ChangeSumInsured, IssuePolicy, RenewPolicy
from services.entitlement.domain.cover_facts import Force
from services.entitlement.domain.eligibility import PAPERS
from services.entitlement.domain.eligibility_commands import SettleReview
from services.entitlement.domain.member import Join, Leave
from shared.contracts import intake
from shared.contracts.messaging import QuotaSettled, RequestFinished
from shared.contracts.vendor import WithdrawalRequested
from shared.messaging.wiring import Desk, Handler, Message, TimerFired

CONTRACTS: dict[str, type[BaseModel]] = {
    "RequestSubmitted.v1": intake.RequestSubmitted,
    "WithdrawalRequested.v1": WithdrawalRequested,
    "PapersSubmitted.v1": intake.PapersSubmitted,
    "ReviewDecided.v1": intake.ReviewDecided,
    "NothingHeard.v1": intake.NothingHeard,
    "QuotaSettled.v1": QuotaSettled,
    "RequestFinished.v1": RequestFinished,
    "PolicyIssued.v1": intake.PolicyIssued,
    "PolicyRenewed.v1": intake.PolicyRenewed,
    "PolicyLapsed.v1": intake.PolicyLapsed,
    "PolicySuspended.v1": intake.PolicySuspended,
    "PolicyReinstated.v1": intake.PolicyReinstated,
    "SumInsuredChanged.v1": intake.SumInsuredChanged,
    "MemberJoined.v1": intake.MemberJoined,
    "MemberLeft.v1": intake.MemberLeft,
}


def handlers(ground: Ground) -> dict[str, Handler]:
    """The handlers of everything that comes by the bus."""
    return {**_of_requests(ground), **_of_policies(ground), **_of_members()}


def _of_requests(ground: Ground) -> dict[str, Handler]:
    def when_request_submitted_decide(message: Message[intake.RequestSubmitted], desk: Desk) -> None:
        submitting.submit(ground, desk, message.data)

    def when_withdrawal_requested_withdraw(message: Message[WithdrawalRequested], desk: Desk) -> None:
        withdraw(desk, message.subject)

    def when_papers_submitted_look_again(message: Message[intake.PapersSubmitted], desk: Desk) -> None:
        submitting.take_papers(ground, desk, message.subject, message.data.documents)

    def when_nothing_heard_deny(message: Message[intake.NothingHeard], desk: Desk) -> None:
        if message.data.clock == PAPERS:
            submitting.papers_overdue(ground, desk, message.subject, message.data.due_at)

    def when_review_decided_follow_it(message: Message[intake.ReviewDecided], desk: Desk) -> None:
        said = message.data
        if reviewing.is_ours(said.review_id):
            command = SettleReview(str(desk.cause), said.review_id, said.decision, said.reason, said.actor, said.role)
            reviewing.settle_review(ground, desk, said.request_id, command)

    def when_quota_settled_move_the_count(message: Message[QuotaSettled], desk: Desk) -> None:
        settle_count(ground, desk, message.data.request_id, message.data.action, message.data.cause)

    def when_request_finished_close_the_grant(message: Message[RequestFinished], desk: Desk) -> None:
        close_grant(desk, message.data.request_id, message.data.outcome)

    return {
        "RequestSubmitted.v1": when_request_submitted_decide,
        "WithdrawalRequested.v1": when_withdrawal_requested_withdraw,
        "PapersSubmitted.v1": when_papers_submitted_look_again,
        "NothingHeard.v1": when_nothing_heard_deny,
        "ReviewDecided.v1": when_review_decided_follow_it,
        "QuotaSettled.v1": when_quota_settled_move_the_count,
        "RequestFinished.v1": when_request_finished_close_the_grant,
    }


def _of_policies(ground: Ground) -> dict[str, Handler]:
    def when_policy_issued_open_the_cover(message: Message[intake.PolicyIssued], desk: Desk) -> None:
        said = message.data
        months = covering.term_months(ground, said.product, desk.at)
        command = IssuePolicy(
            str(desk.cause), said.product, said.purchased_at, said.issued_at, said.effective_on, said.ends_on,
            said.sum_insured_fen, said.agreement_ends_on, months,
        )  # fmt: skip
        covering.change_cover(desk, said.policy_ref, command)

    def when_policy_renewed_add_a_term(message: Message[intake.PolicyRenewed], desk: Desk) -> None:
        said = message.data
        months = covering.term_months_of(ground, desk, said.policy_ref)
        command = RenewPolicy(
            str(desk.cause), said.purchased_at, said.effective_on, said.ends_on, said.sum_insured_fen, months
        )
        covering.change_cover(desk, said.policy_ref, command)

    def when_policy_lapsed_end_the_cover(message: Message[intake.PolicyLapsed], desk: Desk) -> None:
        _change(desk, message.data.policy_ref, "lapsed", message.data.lapsed_at)

    def when_policy_suspended_pause_the_cover(message: Message[intake.PolicySuspended], desk: Desk) -> None:
        _change(desk, message.data.policy_ref, "suspended", message.data.suspended_at)

    def when_policy_reinstated_resume_the_cover(message: Message[intake.PolicyReinstated], desk: Desk) -> None:
        _change(desk, message.data.policy_ref, "reinstated", message.data.reinstated_at)

    def when_sum_insured_changed_keep_it(message: Message[intake.SumInsuredChanged], desk: Desk) -> None:
        said = message.data
        command = ChangeSumInsured(str(desk.cause), said.sum_insured_fen, said.effective_at)
        covering.change_cover(desk, said.policy_ref, command)

    return {
        "PolicyIssued.v1": when_policy_issued_open_the_cover,
        "PolicyRenewed.v1": when_policy_renewed_add_a_term,
        "PolicyLapsed.v1": when_policy_lapsed_end_the_cover,
        "PolicySuspended.v1": when_policy_suspended_pause_the_cover,
        "PolicyReinstated.v1": when_policy_reinstated_resume_the_cover,
        "SumInsuredChanged.v1": when_sum_insured_changed_keep_it,
    }


def _change(desk: Desk, policy_ref: str, force: Force, at: datetime) -> None:
    covering.change_cover(desk, policy_ref, ChangeForce(str(desk.cause), force, at))


def _of_members() -> dict[str, Handler]:
    def when_member_joined_put_on_the_list(message: Message[intake.MemberJoined], desk: Desk) -> None:
        said = message.data
        command = Join(str(desk.cause), said.policy_ref, said.birth_date, said.sex, said.covered_from)
        covering.join(desk, said.member_ref, command)

    def when_member_left_end_the_spell(message: Message[intake.MemberLeft], desk: Desk) -> None:
        said = message.data
        covering.leave(desk, said.member_ref, Leave(str(desk.cause), said.policy_ref, said.left_at))

    return {"MemberJoined.v1": when_member_joined_put_on_the_list, "MemberLeft.v1": when_member_left_end_the_spell}


def on_timer(ground: Ground) -> dict[str, Handler]:
    """The handlers of timers; one whose reason is gone records nothing."""

    def when_unknown_ask_again(message: Message[TimerFired], desk: Desk) -> None:
        request_id = message.data.stream.partition("/")[2]
        submitting.ask_again(ground, desk, request_id, final=message.data.note == "last")

    def when_papers_due_ask(message: Message[TimerFired], desk: Desk) -> None:
        submitting.ask_papers(desk, message.data.stream.partition("/")[2], message.data.due_at)

    def when_review_due_mark_it_late(message: Message[TimerFired], desk: Desk) -> None:
        reviewing.mark_late(desk, message.data.stream.partition("/")[2], message.data.note)

    def when_cover_changed_call_members(message: Message[TimerFired], desk: Desk) -> None:
        policy_ref = message.data.stream.partition("/")[2]
        covering.call_members(ground, desk, policy_ref, datetime.fromisoformat(message.data.note))

    def when_members_called_look_at_some(message: Message[TimerFired], desk: Desk) -> None:
        begin, since = message.data.note.split(" ")
        policy_ref = message.data.stream.partition("/")[2]
        covering.look_at_members(ground, desk, policy_ref, int(begin), datetime.fromisoformat(since))

    def when_member_changed_look_at_one(message: Message[TimerFired], desk: Desk) -> None:
        policy_ref, since = message.data.note.split(" ")
        member_ref = message.data.stream.partition("/")[2]
        covering.look_at_member(ground, desk, policy_ref, member_ref, datetime.fromisoformat(since))

    return {
        "ask-again": when_unknown_ask_again,
        "papers-due": when_papers_due_ask,
        "review-due": when_review_due_mark_it_late,
        "cover-changed": when_cover_changed_call_members,
        "members-called": when_members_called_look_at_some,
        "member-changed": when_member_changed_look_at_one,
    }
