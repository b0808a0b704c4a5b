"""Payments: approved, signed for, within the amount, under a number of its own; and what happens to those that are not."""

from __future__ import annotations

import pytest

from services.advance_pay.domain import accounts
from shared.contracts import intake, vendor
from shared.kernel.ids import named
from tests.services.advance_pay.advance_desk import House, at, deposit, discharge, refund

NOW = at("2026-05-06 15:00")


def suspended(h: House) -> tuple[str, int]:
    """The headline of what went to suspense, and the balance there."""
    return h.said("SuspenseRaised")[-1].reason, h.case().book.balance(accounts.SUSPENSE_PAID.code)


@pytest.mark.parametrize(("product", "rule"), [("A", "ADV-09"), ("B", "ADV-21")])
def test_ADV_09_ADV_21_signature_precedes_payment(product: str, rule: str) -> None:
    h = House()
    h.approved(NOW, product=product)
    h.hear(deposit(2_000_000), NOW)
    assert suspended(h) == ("AGREEMENT_MISSING", 2_000_000)
    assert rule in [a.rule for a in h.said("ReviewOpened")[-1].reasons]
    assert h.case().advanced_fen == 0
    assert h.last_answer() == ("applied", None, None)
    assert h.told()[-1] == "AGREEMENT_MISSING"
    signed = House()
    signed.paid(NOW, product=product)
    assert [e.amount_fen for e in signed.said("DepositAdvanced")] == [2_000_000]
    assert signed.case().phase == "tracking"


@pytest.mark.parametrize(("offset", "refunds"), [(True, False), (False, True)])
def test_ADV_D04_an_agreement_without_offset_or_refund_is_none(offset: bool, refunds: bool) -> None:
    h = House()
    h.approved(NOW, product="B")
    h.hear(vendor.AgreementSigned(offset_clause=offset, refund_clause=refunds), NOW)
    assert h.told()[-1] == "AGREEMENT_INCOMPLETE"
    h.hear(deposit(2_000_000), NOW)
    assert suspended(h) == ("AGREEMENT_MISSING", 2_000_000)
    assert [a.rule for a in h.said("ReviewOpened")[-1].reasons] == ["ADV-D04"]


def test_ADV_D04_a_complete_agreement_mends_an_incomplete_one() -> None:
    h = House()
    h.approved(NOW, product="B")
    h.hear(vendor.AgreementSigned(offset_clause=True, refund_clause=False), NOW)
    h.hear(vendor.AgreementSigned(offset_clause=True, refund_clause=True), NOW)
    h.hear(deposit(2_000_000), NOW)
    assert h.case().advanced_fen == 2_000_000


def test_ADV_34_money_before_approval_is_booked_but_no_advance() -> None:
    h = House()
    h.submit(NOW)
    h.grant(NOW)
    h.hear(deposit(2_000_000), NOW)
    assert suspended(h) == ("UNAPPROVED_PAYMENT", 2_000_000)
    assert {a.reason for a in h.said("ReviewOpened")[-1].reasons} >= {"STEP_ORDER", "UNAPPROVED_PAYMENT"}
    assert not h.said("DepositAdvanced")


def test_ADV_04_ADV_17_money_after_a_rejection_is_unapproved() -> None:
    for product in "AB":
        h = House()
        h.collected(NOW, product=product)
        h.hear(vendor.PreReviewReported(within_liability="no", in_network=True), NOW)
        h.hear(deposit(100), NOW)
        assert suspended(h) == ("UNAPPROVED_PAYMENT", 100)
        assert h.case().reviews


def test_ADV_D02_the_approved_amount_may_be_paid_in_parts_but_not_exceeded_by_a_fen() -> None:
    h = House()
    h.signed(NOW)
    h.hear(deposit(1_500_000, "R-0001"), NOW)
    h.hear(deposit(500_000, "R-0002"), NOW)
    assert h.case().advanced_fen == h.case().outstanding_fen == 2_000_000
    h.hear(deposit(1, "R-0003"), NOW)
    assert suspended(h) == ("OVER_APPROVED_AMOUNT", 1)


def test_ADV_D02_a_receipt_number_stands_for_one_payment_even_across_cases() -> None:
    h = House()
    h.signed(NOW)
    h.signed(NOW, "r-2")
    h.hear(deposit(1_000_000, "R-0001"), NOW)
    h.hear(deposit(1_000_000, "R-0001"), NOW, "r-2")
    assert h.case().advanced_fen == 1_000_000
    assert h.case("r-2").advanced_fen == 0
    assert h.said("SuspenseRaised")[-1].reason == "RECEIPT_NUMBER_USED"


def test_the_same_report_twice_adds_nothing() -> None:
    h = House()
    h.signed(NOW)
    same = named("message", "1")
    assert h.hear(deposit(1_000_000), NOW, id_=same)
    assert h.hear(deposit(1_000_000), NOW, id_=same) == []
    assert h.case().advanced_fen == 1_000_000


def test_a_review_grants_unapproved_money_and_it_becomes_an_advance_by_following_entries() -> None:
    h = House()
    h.approved(NOW)
    h.hear(deposit(2_000_000), NOW)
    h.decide(NOW, "r-1-A1")
    s = h.case()
    assert s.phase == "tracking"
    assert s.advanced_fen == s.outstanding_fen == 2_000_000
    assert [p.step for p in s.book.postings] == ["SUSPENSE_PAID", "CLEAR", "DEPOSIT"]
    assert s.book.postings[1].reverses == s.book.postings[0].id
    assert h.said("SuspenseCleared")[0].became == "ADVANCED"


def test_a_review_refuses_unapproved_money_and_the_vendor_owes_it_until_it_is_back() -> None:
    h = House()
    h.submit(NOW)
    h.grant(NOW)
    h.hear(deposit(900), NOW)
    h.decide(NOW, "r-1-A1", "refuse", reason="NOT_OURS")
    assert h.case().vendor_due_fen == 900
    assert h.said("RefundDemanded")[0].debtor == "vendor"
    h.hear(refund(400, "F-0001"), NOW)
    assert h.case().vendor_due_fen == 500
    h.hear(refund(500, "F-0002"), NOW)
    assert h.case().clear
    assert "OPS-VENDOR-REFUND" not in h.case().clocks


def test_money_of_a_case_that_was_never_granted_can_not_become_an_advance() -> None:
    h = House()
    h.submit(NOW)
    h.hear(deposit(900), NOW)
    h.decide(NOW, "r-1-A1")
    assert h.last_answer() == ("refused", "NOT_GRANTED", "ADV-34")
    h.decide(NOW, "r-1-A1", "refuse")
    assert h.case().vendor_due_fen == 900


def test_a_closed_case_is_not_finished_while_money_lies_in_suspense() -> None:
    h = House()
    h.collected(NOW)
    h.hear(deposit(900), NOW)
    h.hear(vendor.PreReviewReported(within_liability="no", in_network=True), NOW)
    assert h.case().phase == "closed"
    assert not h.said("RequestFinished")
    h.decide(NOW, "r-1-A1", "refuse")
    h.hear(refund(900), NOW)
    assert [e.outcome for e in h.said("RequestFinished")] == ["REJECTED"]


def test_a_review_is_decided_by_its_owner_and_once() -> None:
    h = House()
    h.approved(NOW)
    h.hear(deposit(2_000_000), NOW)
    h.decide(NOW, "r-1-A1", role="operations")
    assert h.last_answer() == ("refused", "ROLE_NOT_ALLOWED", "ADV-34")
    h.decide(NOW, "r-1-A1")
    h.decide(NOW, "r-1-A1", role="finance")
    assert h.last_answer() == ("refused", "REVIEW_NOT_OPEN", "ADV-34")
    h.decide(NOW, "r-1-A7", role="finance")
    assert h.last_answer() == ("refused", "UNKNOWN_REVIEW", "ADV-34")
    assert h.case().advanced_fen == 2_000_000


def test_a_report_of_no_money_is_refused_with_a_pointer() -> None:
    h = House()
    h.signed(NOW)
    h.hear(deposit(0), NOW)
    answer = h.said("RecordAnswered")[-1]
    assert (answer.reason, answer.pointer) == ("NO_AMOUNT", "/data/amount/fen")
    h.hear(deposit(100), NOW)
    assert h.case().advanced_fen == 100


def test_a_deposit_in_the_payment_system_is_before_a_person() -> None:
    h = House()
    h.signed(NOW)
    h.hear(_payment("deposit", 500), NOW, key="r-1")
    assert suspended(h) == ("UNAPPROVED_PAYMENT", 500)
    assert h.case().reviews


def test_a_refund_in_the_payment_system_counts_once() -> None:
    h = House()
    h.settled(NOW)
    h.adjudicate(NOW, 1_500_000)
    h.hear(_payment("refund", 200_000), NOW)
    h.hear(_payment("refund", 200_000), NOW)
    assert h.case().refund_due_fen == 300_000
    assert h.said("SuspenseRaised")[-1].reason == "RECEIPT_NUMBER_USED"


def _payment(purpose: str, fen: int, request: str | None = "r-1", key: str = "pay-1") -> intake.PaymentReported:
    return intake.PaymentReported.model_validate(
        {"payment_key": key, "purpose": purpose, "request_id": request, "amount_fen": fen, "paid_at": NOW}
    )


@pytest.mark.parametrize(
    ("purpose", "decision", "became"),
    [
        ("refund", "grant", "HANDED_BACK"), ("other", "refuse", "UNCLAIMED"), ("deposit", "refuse", "VENDOR_DUE"),
    ],
)  # fmt: skip
def test_money_without_a_case_is_booked_reviewed_and_resolved(purpose: str, decision: str, became: str) -> None:
    h = House()
    h.hear(_payment(purpose, 700, None), NOW, "pay-1", "pay-1")
    assert h.said("RecordAnswered")[-1].answer == "applied"
    assert h.said("ReviewOpened")[0].review_id == "pay-1-A1"
    assert h.said("SuspenseRaised")[0].request_id is None
    h.hear(_payment(purpose, 700, None), NOW, "pay-1", "pay-1")
    assert len(h.said("SuspenseRaised")) == 1
    decided = intake.ReviewDecided.model_validate(
        {"review_id": "pay-1-A1", "request_id": "pay-1", "actor": "s-1", "role": "finance", "decision": decision,
         "reason": "KNOWN"}
    )  # fmt: skip
    h.hear(decided.model_copy(update={"role": "operations"}), NOW, "pay-1")
    assert h.last_answer()[1] == "ROLE_NOT_ALLOWED"
    h.hear(decided, NOW, "pay-1")
    assert h.said("SuspenseCleared")[0].became == became
    assert sum(e.fen for p in h.said("LedgerPosted") for e in p.entries) == 0
    h.hear(decided, NOW, "pay-1")
    assert h.last_answer()[1] == "REVIEW_NOT_OPEN"
    h.hear(decided.model_copy(update={"review_id": "pay-1-A2"}), NOW, "pay-1")
    assert h.last_answer()[1] == "UNKNOWN_REVIEW"


def test_a_subsidy_payment_and_other_services_requests_are_not_ours() -> None:
    h = House()
    assert h.hear(_payment("subsidy", 700, None), NOW, "pay-1", "pay-1") == []
    h.submit(NOW, "r-9", service="OUTP")
    assert h.hear(vendor.ContactReported(stage="first_response"), NOW, "r-9") == []
    assert h.hear(vendor.WithdrawalRequested(), NOW, "r-9") == []
    assert h.hear(discharge(1, 1), NOW, "r-9") == []
    assert not h.streams
