"""The course of a claim: each command done, refused, repeated, raced; papers, reviews, withdrawal."""

from __future__ import annotations

from datetime import date

import pytest

from shared.contracts import entitlement, intake, vendor
from tests.services.subsidy.subsidy_bench import Bench, at, care, claim, invoice, line, paper

PROOF = intake.PapersSubmitted(treatment_proof=[paper()])


def voucher(n: int) -> intake.PapersSubmitted:
    return intake.PapersSubmitted(vouchers=[intake.LineVoucherSaid(line=n, payment_proof=paper())])


# -- opening ---------------------------------------------------------------------------------------------------------


def test_the_grant_may_be_heard_before_the_application() -> None:
    bench = Bench("A")
    bench.arrange()
    bench.grant(claim(), at("2026-05-12", "10:05"))
    assert bench.state().status == "unknown"
    bench.submit(claim(), at("2026-05-12"))
    assert bench.standing() == {1: "approved"}
    assert bench.state().applied_at == at("2026-05-12")


def test_the_same_application_and_grant_twice_add_nothing() -> None:
    bench = Bench("A")
    bench.open()
    assert bench.submit(claim(), at("2026-05-13")) == []
    assert bench.grant(claim(), at("2026-05-13")) == []


def test_another_services_case_is_not_ours() -> None:
    bench = Bench("A")
    other = bench.submitted(None).model_copy(update={"service": "OUTP"})
    assert bench.hear(other, at("2026-05-12")) == []
    assert bench.hear(PROOF, at("2026-05-12")) == []
    assert bench.hear(vendor.WithdrawalRequested(), at("2026-05-12")) == []


def test_SUB_33_an_application_without_a_claim_is_refused_whole() -> None:
    bench = Bench("A")
    said = bench.submitted(None)
    bench.hear(said, at("2026-05-12"))
    bench.grant(claim(), at("2026-05-12"))
    assert bench.finished() == "REFUSED"


def test_INT_03_what_is_said_before_the_grant_is_refused_papers_are_kept() -> None:
    bench = Bench("A")
    bench.arrange()
    bench.submit(claim(treatment_proof=[]), at("2026-05-12"))
    bench.hear(vendor.ContactReported(stage="feedback"), at("2026-05-12", "10:10"))
    assert bench.answers() == [("refused", "STATE_NOT_ACCEPTED")]
    assert bench.all_told("RecordAnswered")[0].rule == "INT-03"
    bench.hear(vendor.ContactReported(stage="first_response"), at("2026-05-12", "10:11"))
    bench.hear(PROOF, at("2026-05-12", "10:12"))
    bench.grant(claim(), at("2026-05-12", "10:13"))
    assert bench.answers()[1:] == [("applied", None), ("applied", None)]
    assert bench.standing() == {1: "approved"}


@pytest.mark.parametrize("kind", ["EligibilityDenied", "EligibilityWithdrawn"])
def test_a_case_that_entitlement_closed_is_closed_here(kind: str) -> None:
    bench = Bench("A")
    bench.submit(claim(), at("2026-05-12"))
    said: entitlement.EligibilityDenied | entitlement.EligibilityWithdrawn
    if kind == "EligibilityDenied":
        said = entitlement.EligibilityDenied(
            request_id="r1",
            service="SUBSIDY",
            vendor="hengyu",
            product="A",
            edition="A-v1",
            member_ref="m1",
            receipt=[],
        )
    else:
        said = entitlement.EligibilityWithdrawn(request_id="r1", service="SUBSIDY", vendor="hengyu")
    bench.hear(said, at("2026-05-12"))
    bench.hear(PROOF, at("2026-05-13"))
    assert bench.answers() == [("refused", "ALREADY_CLOSED")]
    assert bench.hear(vendor.WithdrawalRequested(), at("2026-05-13")) == []


# -- withdrawal, declining -------------------------------------------------------------------------------------------


def test_a_withdrawal_cancels_while_unpaid_and_frees_cap_and_invoice() -> None:
    bench = Bench("A")
    bench.open()
    bench.hear(vendor.WithdrawalRequested(), at("2026-05-13"))
    assert bench.finished() == "CANCELLED"
    assert bench.caps().used_fen("p1", "out_of_province") == 0
    bench.open(request="r2")
    assert bench.standing("r2") == {1: "approved"}


def test_a_withdrawal_before_the_grant_is_remembered_and_answered_on_it() -> None:
    bench = Bench("A")
    bench.arrange()
    bench.submit(claim(), at("2026-05-12"))
    bench.hear(vendor.WithdrawalRequested(), at("2026-05-12", "10:01"), record="w")
    assert bench.answers() == []
    bench.grant(claim(), at("2026-05-12"))
    assert bench.answers() == [("applied", None)]
    assert bench.finished() == "CANCELLED"
    assert not bench.all_told("SubsidyApproved")


def test_a_withdrawal_after_payment_is_too_late() -> None:
    bench = Bench("A")
    bench.open()
    bench.pay(20_000, at("2026-05-13"))
    bench.hear(vendor.WithdrawalRequested(), at("2026-05-14"), record="w")
    assert bench.answers()[-1] == ("refused", "TOO_LATE")
    assert bench.hear(vendor.WithdrawalRequested(), at("2026-05-14"), record="w") == []


def test_INT_40_declined_data_closes_without_penalty_what_is_not_approved() -> None:
    bench = Bench("B")
    bench.open(claim(account=None))
    bench.hear(vendor.DataDeclined(), at("2026-05-13"))
    assert bench.finished() == "MEMBER_DECLINED_DATA"
    assert not bench.all_told("ClockBreached")
    partly = Bench("B")
    partly.open(claim(line(1, 20_000), line(2, 4_500, "TAXI", payment_proof=None)))
    partly.hear(vendor.DataDeclined(), at("2026-05-13"))
    assert partly.standing() == {1: "approved", 2: "closed"}
    partly.hear(vendor.DataDeclined(), at("2026-05-13"))
    assert partly.answers()[-1] == ("refused", "ALREADY_DECIDED")
    partly.pay(20_000, at("2026-05-14"))
    assert partly.finished() == "PARTLY_PAID"


def test_INT_02_a_claim_that_cannot_be_started_is_closed() -> None:
    bench = Bench("A")
    bench.open(claim(treatment_proof=[]))
    bench.hear(vendor.NotStartableReported(reason="NO_TRIP"), at("2026-05-13"))
    assert bench.finished() == "NOT_STARTABLE"
    bench.hear(PROOF, at("2026-05-14"))
    assert bench.answers()[-1] == ("refused", "ALREADY_CLOSED")


# -- papers ----------------------------------------------------------------------------------------------------------


def test_SUB_D08_missing_papers_close_the_claim_after_thirty_days_with_a_reminder() -> None:
    bench = Bench("A")
    bench.open(claim(treatment_proof=[]), at("2026-05-13"))
    bench.pass_time(at("2026-06-04", "23:59"))
    assert [one.outcome for one in bench.all_told("OutcomeTold")] == ["WAITING_DOCUMENT"]
    bench.pass_time(at("2026-06-05"))
    assert [one.outcome for one in bench.all_told("OutcomeTold")][-1] == "SUPPLEMENT_REMINDER"
    bench.pass_time(at("2026-06-12", "23:59"))
    assert bench.finished() is None
    bench.pass_time(at("2026-06-13", "00:00"))
    assert bench.finished() == "EXPIRED"
    assert bench.all_told("OutcomeTold")[-1].outcome == "SUPPLEMENT_EXPIRED"


def test_SUB_D08_an_outage_of_ours_makes_no_paper_late() -> None:
    """The limit passes, we only then read what was sent before it: the limit asks first, and the papers win."""
    bench = Bench("A")
    bench.open(claim(treatment_proof=[]), at("2026-05-13"))
    bench.pass_time(at("2026-06-13", "00:00"), heard=False)
    limit = at("2026-06-13", "00:00")
    assert [(one.clock, one.due_at) for one in bench.all_told("ClockDue") if one.clock == "SUB-D08"] == [
        ("SUB-D08", limit)
    ]
    assert bench.finished() is None
    bench.hear(PROOF, at("2026-06-12", "23:59"))
    bench.hear(intake.NothingHeard(clock="SUB-D08", due_at=limit), at("2026-06-14"))
    assert bench.standing() == {1: "approved"}


def test_SUB_D08_silence_about_a_limit_that_has_not_come_ends_nothing() -> None:
    bench = Bench("A")
    bench.open(claim(treatment_proof=[]), at("2026-05-13"))
    limit = at("2026-06-13", "00:00")
    assert bench.hear(intake.NothingHeard(clock="SUB-D08", due_at=limit), at("2026-06-01")) == []
    bench.pass_time(limit)
    assert bench.finished() == "EXPIRED"
    assert bench.hear(intake.NothingHeard(clock="SUB-D08", due_at=limit), at("2026-06-14")) == []


def test_SUB_D08_a_new_request_has_its_own_window() -> None:
    bench = Bench("A")
    bench.open(claim(treatment_proof=[]), at("2026-05-13"))
    bench.pass_time(at("2026-06-13", "00:00"))
    stay = care(kind="inpatient", request_id="outp-9", starts_on=date(2026, 6, 4), ends_on=date(2026, 6, 8))
    ticket = line(1, 20_000, incurred_on=date(2026, 6, 8))
    bench.open(claim(ticket, care=[stay]), at("2026-06-15"), "r2", visits=["outp-9"])
    assert bench.standing("r2") == {1: "approved"}
    bench.open(claim(line(1, 20_000, invoice=invoice("i_3"))), at("2026-06-15"), "r3")
    assert bench.reasons("r3") == {("SUB-03", "LATE")}


def test_SUB_D08_a_missing_voucher_closes_only_its_line() -> None:
    bench = Bench("A")
    bench.open(claim(line(1, 20_000), line(2, 4_500, "TAXI", payment_proof=None)), at("2026-05-13"))
    bench.pay(20_000, at("2026-05-20"))
    bench.pass_time(at("2026-06-13", "00:00"))
    assert bench.standing() == {1: "paid", 2: "expired"}
    assert bench.finished() == "PARTLY_PAID"


def test_papers_repeated_or_of_a_decided_line() -> None:
    bench = Bench("A")
    bench.open(claim(line(1, 20_000), line(2, 4_500, "TAXI", payment_proof=None)))
    bench.hear(voucher(2), at("2026-05-14"), record="x")
    assert bench.hear(voucher(2), at("2026-05-14"), record="x") == []
    bench.hear(voucher(2), at("2026-05-15"))
    assert bench.answers()[-1] == ("refused", "LINE_ALREADY_DECIDED")
    bench.hear(voucher(7), at("2026-05-15"))
    assert bench.all_told("RecordAnswered")[-1].pointer == "/data/vouchers/0/line"


def test_papers_that_race_the_deadline_win_or_lose_by_order() -> None:
    bench = Bench("A")
    bench.open(claim(treatment_proof=[]), at("2026-05-13"))
    bench.hear(PROOF, at("2026-06-12", "23:59"))
    bench.pass_time(at("2026-06-13", "00:00"))
    assert bench.standing() == {1: "approved"}


# -- reviews ---------------------------------------------------------------------------------------------------------


def test_a_persons_no_refuses_the_line_with_the_reason_that_was_asked() -> None:
    bench = Bench("A")
    bench.open(claim(line(1, 8_000, "COACH")))
    bench.decide(1, "refuse", at("2026-05-13"))
    assert bench.reasons() == {("SUB-20", "OTHER_ITEM")}
    assert bench.finished() == "REFUSED"
    assert bench.all_told("ReviewClosed")[0].actor == "staff7"
    bench.decide(1, "grant", at("2026-05-14"))
    assert bench.answers()[-1] == ("refused", "REVIEW_NOT_OPEN")


def test_a_person_may_approve_less_but_not_more() -> None:
    bench = Bench("A")
    bench.open(claim(line(1, 8_000, "COACH")))
    bench.decide(1, "grant", at("2026-05-13"), amount_fen=8_001)
    assert bench.answers()[-1] == ("refused", "AMOUNT_NOT_POSSIBLE")
    bench.decide(1, "grant", at("2026-05-13"), amount_fen=5_000)
    assert bench.all_told("SubsidyApproved")[0].payable_fen == 5_000


def test_a_decision_of_another_role_or_of_an_unknown_review_is_refused() -> None:
    bench = Bench("A")
    bench.open(claim(line(1, 8_000, "COACH")))
    bench.decide(1, "grant", at("2026-05-13"), role="finance")
    bench.decide(1, "grant", at("2026-05-13"), role="insurer")
    bench.decide(2, "grant", at("2026-05-13"))
    role = ("refused", "ROLE_NOT_ALLOWED")
    assert bench.answers() == [role, role, ("refused", "UNKNOWN_REVIEW")]


def test_a_review_is_due_in_five_working_days_and_asked_about_again() -> None:
    bench = Bench("A")
    bench.open(claim(line(1, 8_000, "COACH")))
    assert bench.all_told("ReviewOpened")[0].due_at == at("2026-05-20", "00:00")
    bench.pass_time(at("2026-05-20", "00:00"))
    overdue = bench.all_told("ReviewOverdue")[0]
    assert overdue.next_due_at == at("2026-05-28", "00:00")
    assert bench.standing() == {1: "open"}
