"""Discharge, claim and what is owed back: examples of the rules, and the equation of the money."""

from __future__ import annotations

import pytest

from services.advance_pay.domain import accounts
from shared.contracts import intake, vendor
from tests.services.advance_pay.advance_desk import House, at, deposit, discharge, refund

DAY = at("2026-05-16 10:00")
CLAIM = at("2026-06-01 10:00")


def balanced(h: House) -> None:
    s = h.case()
    assert s.book.total() == 0
    assert s.advanced_fen == s.offset_fen + s.returned_fen + s.refunded_fen + s.written_off_fen + s.outstanding_fen


def test_ADV_01_the_claim_offsets_the_advance_and_the_member_gets_the_rest() -> None:
    h = House()
    h.settled(DAY)
    h.adjudicate(CLAIM, 2_600_000)
    offset = h.said("ClaimOffset")[0]
    assert (offset.offset_fen, offset.payout_fen, offset.outstanding_fen) == (2_000_000, 600_000, 0)
    assert h.said("RequestFinished")[0].outcome == "SETTLED"
    balanced(h)


def test_ADV_D04_in_b_the_agreement_lets_the_claim_offset_never_the_handbook_alone() -> None:
    h = House()
    h.settled(DAY, product="B")
    h.adjudicate(CLAIM, 2_600_000)
    assert h.said("ClaimOffset")[0].offset_fen == 2_000_000
    unsigned = House()
    unsigned.approved(DAY, product="B")
    unsigned.hear(deposit(2_000_000), DAY)
    unsigned.decide(DAY, "r-1-A1")
    unsigned.hear(discharge(2_000_000, 0), DAY)
    unsigned.adjudicate(CLAIM, 2_600_000)
    offset = unsigned.said("ClaimOffset")[0]
    assert (offset.offset_fen, offset.payout_fen) == (0, 2_600_000)
    assert unsigned.said("RefundDemanded")[0].reason == "AGREEMENT_MISSING"
    balanced(unsigned)


def test_ADV_10_the_stay_is_tracked_from_payment_to_discharge() -> None:
    h = House()
    h.paid(DAY)
    assert h.case().phase == "tracking"
    h.hear(vendor.DischargeNotified(discharge_on=DAY.date()), DAY)
    assert h.case().discharge_noted
    h.hear(discharge(2_000_000, 0), DAY)
    assert h.case().phase == "settled"


@pytest.mark.parametrize("product", ["A", "B"])
def test_ADV_11_ADV_22_what_the_hospital_returns_reduces_the_advance(product: str) -> None:
    h = House()
    h.settled(DAY, 2_000_000, 200_000, product=product)
    settled = h.said("AdvanceSettled")[0]
    assert (settled.bill_fen, settled.deposit_fen, settled.returned_fen) == (1_800_000, 2_000_000, 200_000)
    assert settled.net_fen == settled.outstanding_fen == 1_800_000
    assert h.case().book.balance(accounts.FUNDS.code) == -1_800_000
    balanced(h)


def test_ADV_13_a_declined_claim_makes_the_full_amount_refundable() -> None:
    h = House()
    h.settled(DAY)
    h.adjudicate(CLAIM, 0)
    assert (h.said("RefundDemanded")[0].amount_fen, h.said("RefundDemanded")[0].reason) == (2_000_000, "CLAIM_DECLINED")
    balanced(h)


def test_ADV_14_what_was_advanced_too_much_is_demanded_to_the_fen() -> None:
    h = House()
    h.settled(DAY, 2_000_000, 200_000)
    h.adjudicate(CLAIM, 1_500_000)
    assert h.said("RefundDemanded")[0].amount_fen == 300_000
    exact = House()
    exact.settled(DAY, 2_000_000, 200_000)
    exact.adjudicate(CLAIM, 1_800_000)
    assert not exact.said("RefundDemanded")
    assert exact.case().finished


def test_ADV_D06_no_originals_at_discharge_claim_the_net_advance_back_in_b_alone() -> None:
    for product, demanded in (("A", []), ("B", [1_800_000])):
        h = House()
        h.paid(DAY, product=product)
        h.hear(discharge(1_800_000, 200_000, "none"), DAY)
        assert [e.amount_fen for e in h.said("RefundDemanded")] == demanded
        assert [e.reason for e in h.said("RefundDemanded")] == ["NO_ORIGINAL_INVOICE"] * len(demanded)
    electronic = House()
    electronic.paid(DAY, product="B")
    electronic.hear(discharge(1_800_000, 200_000, "electronic_accepted"), DAY)
    assert not electronic.said("RefundDemanded")


def test_ADV_D03_the_balance_reaches_zero_before_the_case_closes() -> None:
    h = House()
    h.settled(DAY)
    h.adjudicate(CLAIM, 1_500_000)
    h.hear(refund(499_999, "F-0001"), CLAIM)
    assert not h.case().finished
    h.hear(refund(1, "F-0002"), CLAIM)
    assert h.case().finished
    balanced(h)


def test_a_refund_larger_than_what_is_owed_leaves_the_excess_in_suspense() -> None:
    h = House()
    h.settled(DAY)
    h.adjudicate(CLAIM, 1_500_000)
    h.hear(refund(500_001), CLAIM)
    assert h.case().outstanding_fen == 0
    assert h.said("SuspenseRaised")[0].reason == "REFUND_TOO_LARGE"
    assert not h.said("RequestFinished")
    h.decide(CLAIM, "r-1-A1")
    assert h.said("SuspenseCleared")[0].became == "HANDED_BACK"
    assert h.case().finished
    balanced(h)


def test_a_hospital_that_returns_more_than_was_advanced_leaves_the_excess_in_suspense() -> None:
    h = House()
    h.paid(DAY)
    h.hear(discharge(0, 2_000_300), DAY)
    assert h.case().outstanding_fen == 0
    assert h.said("SuspenseRaised")[0].amount_fen == 300
    h.decide(DAY, "r-1-A1", "refuse")
    assert h.case().finished
    balanced(h)


def test_a_settlement_out_of_turn_is_refused_unless_money_came_with_it() -> None:
    h = House()
    h.signed(DAY)
    h.hear(discharge(100, 0), DAY)
    assert h.last_answer() == ("refused", "STEP_ORDER", "ADV-34")
    h.hear(discharge(100, 50), DAY)
    assert h.last_answer()[0] == "applied"
    assert h.said("SuspenseRaised")[0].amount_fen == 50


def test_a_claim_before_the_discharge_waits_for_it() -> None:
    h = House()
    h.paid(DAY)
    h.adjudicate(CLAIM, 1_500_000)
    assert not h.said("ClaimOffset")
    assert h.year().paid_fen == 1_500_000
    assert h.year().held_fen == 0
    h.hear(discharge(1_800_000, 200_000), CLAIM)
    assert h.said("ClaimOffset")[0].offset_fen == 1_500_000
    assert h.said("RefundDemanded")[0].amount_fen == 300_000
    balanced(h)


def test_a_claim_of_a_case_that_closes_unpaid_goes_to_the_member_whole() -> None:
    h = House()
    h.approved(DAY)
    h.adjudicate(CLAIM, 1_000)
    h.hear(vendor.WithdrawalRequested(), CLAIM)
    offset = h.said("ClaimOffset")[0]
    assert (offset.offset_fen, offset.payout_fen) == (0, 1_000)


def test_a_second_claim_of_the_same_stay_offsets_what_is_left() -> None:
    h = House()
    h.settled(DAY)
    h.adjudicate(CLAIM, 1_500_000, "c-1")
    h.adjudicate(CLAIM, 700_000, "c-2")
    assert [(e.offset_fen, e.payout_fen) for e in h.said("ClaimOffset")] == [(1_500_000, 0), (500_000, 200_000)]
    assert h.case().finished
    balanced(h)


def test_ADV_D03_finance_writes_off_no_more_than_is_owed() -> None:
    h = House()
    h.settled(DAY)
    h.adjudicate(CLAIM, 1_500_000)

    def order(fen: int, role: str) -> None:
        data = intake.WriteOffOrdered(request_id="r-1", actor="s-1", role=role, amount_fen=fen, reason="HARDSHIP")
        h.hear(data, CLAIM)

    order(500_000, "operations")
    assert h.last_answer() == ("refused", "ROLE_NOT_ALLOWED", "ADV-D03")
    order(500_001, "finance")
    assert h.last_answer() == ("refused", "EXCEEDS_OUTSTANDING", "ADV-D03")
    order(500_000, "finance")
    assert h.said("AdvanceWrittenOff")[0].amount_fen == 500_000
    assert h.case().finished
    balanced(h)


def test_a_payment_approved_late_is_demanded_at_once_where_the_claim_is_decided() -> None:
    h = House()
    h.settled(DAY)
    h.hear(deposit(700, "R-0099"), DAY)
    h.adjudicate(CLAIM, 2_000_000)
    assert not h.case().finished
    h.decide(CLAIM, "r-1-A1")
    assert h.said("RefundDemanded")[-1].amount_fen == 700
    balanced(h)


def test_everything_given_up_while_the_stay_goes_on_still_settles() -> None:
    h = House()
    h.paid(DAY)
    h.hear(refund(2_000_000), DAY)
    assert h.case().outstanding_fen == 0
    assert not h.case().finished
    h.hear(discharge(2_000_000, 0), CLAIM)
    assert any(c.out == "review" for c in h.case().clocks.values())
    h.hear(vendor.ClaimFileMailed(), CLAIM)
    assert h.case().finished
    balanced(h)
