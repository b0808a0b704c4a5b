"""The whole way once, in both products."""

from __future__ import annotations

import pytest

from services.advance_pay.views import cases, exposure, ledger_rows, year_row
from shared.contracts import vendor
from tests.services.advance_pay.advance_desk import House, at, discharge, refund


@pytest.mark.parametrize("product", ["A", "B"])
def test_an_advance_runs_from_the_application_to_a_balance_of_zero(product: str) -> None:
    h = House()
    h.paid(at("2026-05-06 10:00"), product=product)
    assert h.case().phase == "tracking"
    h.hear(discharge(1_800_000, 200_000, kinds=("ITEMISED_BILL", "DISCHARGE_SUMMARY")), at("2026-05-16 10:00"))
    h.hear(vendor.ClaimFileMailed(), at("2026-05-17 10:00"))
    h.adjudicate(at("2026-06-01 10:00"), 1_500_000)
    assert h.case().refund_due_fen == 300_000
    h.hear(refund(300_000), at("2026-06-05 10:00"))
    s = h.case()
    assert s.finished
    assert s.outcome == "SETTLED"
    assert s.book.total() == 0
    assert s.advanced_fen == s.offset_fen + s.returned_fen + s.refunded_fen + s.written_off_fen + s.outstanding_fen
    assert [e.outcome for e in h.said("RequestFinished")] == ["SETTLED"]
    assert not s.clocks
    assert not s.reviews
    assert h.year().paid_fen == 1_500_000
    assert h.year().held_fen == 0
    stored = [one for stream in h.streams.values() for one in stream]
    assert cases(stored)[0]["outstanding_fen"] == 0
    assert {r["account"] for r in ledger_rows(s)} == {"funds", "claims"}
    assert set(exposure([s]).values()) == {0}
    assert year_row("m-1", 1, h.year())["remaining_fen"] == 8_500_000
