"""Money without a case is asked about again and again, until finance has said whose it is (ADV-D03)."""

from __future__ import annotations

from shared.contracts import intake
from tests.services.advance_pay.advance_desk import House, at

DUE = at("2026-05-13 00:00")  # five working days after the 6th; Saturday the 9th is worked


def money(house: House) -> str:
    data = {
        "payment_number": "pay-1", "payment_key": "pay-1", "purpose": "other", "amount_fen": 1_000,
        "paid_at": at("2026-05-06 10:00"),
    }  # fmt: skip
    known = {name: value for name, value in data.items() if name in intake.PaymentReported.model_fields}
    house.hear(intake.PaymentReported.model_validate(known), at("2026-05-06 10:00"), "pay-1", "pay-1")
    (opened,) = house.said("ReviewOpened")
    assert opened.due_at == DUE
    return str(opened.review_id)


def test_ADV_D03_money_without_a_case_is_asked_about_again_when_nobody_has_decided() -> None:
    house = House()
    review = money(house)
    house.until(at("2026-05-12 23:59"))
    assert house.said("ReviewOverdue") == []
    house.until(DUE)
    (late,) = house.said("ReviewOverdue")
    assert (late.review_id, late.request_id, late.owner) == (review, "pay-1", "finance")
    house.until(late.next_due_at)
    assert len(house.said("ReviewOverdue")) == 2


def test_ADV_D03_money_that_finance_has_settled_is_not_asked_about_again() -> None:
    house = House()
    review = money(house)
    house.decide(at("2026-05-07 10:00"), review, request_id="pay-1")
    assert [closed.review_id for closed in house.said("ReviewClosed")] == [review]
    house.until(at("2026-08-01 00:00"))
    assert house.said("ReviewOverdue") == []
