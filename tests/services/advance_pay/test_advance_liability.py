"""The remaining liability of a member-year: shared by its advances, eaten by its claims."""

from __future__ import annotations

import pytest

from services.advance_pay.domain import liability as share
from shared.kernel.ids import named
from tests.services.advance_pay.advance_desk import House, at, deposit, pre_review

NOW = at("2026-05-06 10:00")


def test_ADV_28_a_claim_without_an_advance_reduces_what_remains() -> None:
    h = House()
    h.adjudicate(NOW, 9_000_000, request_id=None)
    h.collected(NOW)
    h.hear(pre_review(), NOW)
    assert h.case().approved_fen == 1_000_000
    assert h.last_answer() == ("applied", None, None)


def test_a_claim_takes_the_place_of_its_hold_in_one_append() -> None:
    h = House()
    h.settled(NOW)
    facts = h.adjudicate(NOW, 1_500_000)
    counted = next(x for x in facts if isinstance(x, share.ClaimCounted))
    assert counted.replaced_fen == 2_000_000
    assert (h.year().held_fen, h.year().paid_fen) == (0, 1_500_000)


def test_a_claim_of_another_year_releases_the_hold_where_it_is() -> None:
    h = House()
    h.settled(NOW)
    h.adjudicate(NOW, 1_500_000, year=2)
    assert h.year(1).held_fen == 0
    assert h.year(2).paid_fen == 1_500_000


def test_the_same_claim_counts_once_and_another_amount_is_refused() -> None:
    h = House()
    h.settled(NOW)
    h.adjudicate(NOW, 1_500_000)
    h.adjudicate(NOW, 1_500_000)
    assert h.last_answer()[0] == "applied"
    h.adjudicate(NOW, 1_600_000)
    assert h.last_answer()[:2] == ("refused", "CLAIM_ALREADY_ADJUDICATED")
    assert h.year().paid_fen == 1_500_000
    same = named("message", "claim")
    h.hear(_claim(), NOW, id_=same)
    assert h.hear(_claim(), NOW, id_=same) == []


def _claim() -> object:
    from shared.contracts.intake import ClaimAdjudicated

    return ClaimAdjudicated(
        claim_key="c-9", member_ref="m-1", policy_ref="p-1", policy_year=1, payable_fen=5, request_id=None
    )


def test_an_advance_of_another_member_is_not_offset() -> None:
    from shared.contracts.intake import ClaimAdjudicated

    h = House()
    h.settled(NOW)
    other = ClaimAdjudicated(
        claim_key="c-1", member_ref="m-2", policy_ref="p-2", policy_year=1, payable_fen=5, request_id="r-1"
    )
    h.hear(other, NOW)
    assert h.last_answer()[:2] == ("refused", "ADVANCE_OF_ANOTHER")
    assert h.case().outstanding_fen == 2_000_000


def test_a_claim_beyond_what_is_left_is_counted_and_said() -> None:
    h = House()
    h.approved(NOW, sum_insured=3_000_000)
    h.adjudicate(NOW, 2_000_000, request_id=None)
    assert h.year().remaining_fen == -1_000_000
    assert [e.amount_fen for e in h.said("LiabilityChanged") if e.what == "EXCEEDED"] == [1_000_000]


def test_a_granted_excess_payment_is_held_too() -> None:
    h = House()
    h.signed(NOW)
    h.hear(deposit(2_500_000), NOW)
    h.decide(NOW, "r-1-A1")
    assert h.year().holds == {"r-1": 2_500_000}


def test_a_hold_beyond_the_year_is_no_answer_at_all() -> None:
    with pytest.raises(ValueError, match="beyond"):
        share.decide(share.HoldLiability("r-1", 2), share.LiabilityState(sum_insured_fen=1), "m", 1)


def test_a_hold_never_shrinks_and_an_unknown_one_is_not_released() -> None:
    state = share.LiabilityState(sum_insured_fen=10, holds={"r-1": 5})
    assert share.decide(share.HoldLiability("r-1", 5), state, "m", 1) == []
    assert share.decide(share.ReleaseHold("r-2", "X"), state, "m", 1) == []
