"""What `greenlane verify` sees of quotas and money."""

from __future__ import annotations

from typing import Any

import pytest

from shared.kernel.ids import named
from shared.ledger import Entry, Posting, post
from tests.front.ground import NOON, Plot, said
from tests.front.planted import (
    REQUEST,
    a_case,
    grant,
)

pytestmark = pytest.mark.parts


# -- 6: quotas


async def test_6_holds_up_to_the_limit_and_beyond_it_where_that_was_said(plot: Plot) -> None:
    await a_case(plot, "case-1")
    await a_case(plot, "case-2")
    await plot.holds(6)
    released = said("entitlement", "CountReleased", request_id="case-1", cause="CANCELLED")
    await plot.tell("entitlement", "allowance/m_1/1", released)
    await a_case(plot, "case-3")
    await plot.holds(6)
    await plot.tell(
        "entitlement", "allowance/m_1/1", said("entitlement", "CountCorrected", request_id="case-1", phase="consumed"),
        said("entitlement", "LimitExceeded", request_id="case-1", service="OUTP", used=3, limit=2),
    )  # fmt: skip
    await plot.holds(6)


async def test_6_sees_one_count_too_many(plot: Plot) -> None:
    for n in range(3):
        await a_case(plot, f"case-{n}")
    await plot.fails(6, "3 of 2 OUTP")


async def test_6_sees_a_correction_that_nobody_recognised(plot: Plot) -> None:
    for n in range(2):
        await a_case(plot, f"case-{n}")
    await plot.tell(
        "entitlement", "allowance/m_1/1", said("entitlement", "CountReleased", request_id="case-0", cause="X")
    )
    await a_case(plot, "case-3")
    await plot.tell(
        "entitlement", "allowance/m_1/1", said("entitlement", "CountCorrected", request_id="case-0", phase="held")
    )
    await plot.fails(6, "3 of 2 OUTP")


async def test_6_sees_a_request_granted_twice(plot: Plot) -> None:
    await plot.tell("entitlement", "allowance/m_1/1", grant("case-1", None))
    await plot.tell("entitlement", "allowance/m_1/2", grant("case-1", None))
    await plot.fails(6, "case-1 was granted 2 times")


async def test_6_sees_liability_beyond_the_sum_insured(plot: Plot) -> None:
    held = {"member_ref": "m_1", "year": 1, "remaining_fen": 0}
    await plot.tell(
        "advance_pay", "liability/m_1/1",
        said("advance_pay", "YearInsured", member_ref="m_1", year=1, sum_insured_fen=100),
        said("advance_pay", "LiabilityHeld", request_id="a", amount_fen=60, **held),
    )  # fmt: skip
    await plot.holds(6)
    await plot.tell(
        "advance_pay", "liability/m_1/1", said("advance_pay", "LiabilityHeld", request_id="b", amount_fen=41, **held)
    )
    await plot.fails(6, "101 fen paid and held of 100")


async def test_6_sees_a_cap_that_is_exceeded(plot: Plot) -> None:
    held = {"round": 1, "policy_ref": "p_1", "pool": "in_province", "limit_fen": 100, "left_fen": 0}
    await plot.tell("subsidy", "subsidy/m_1/1", said("subsidy", "CapHeld", request_id="a", held_fen=70, **held))
    await plot.tell(
        "subsidy", "subsidy/m_1/1", said("subsidy", "CapReleased", request_id="a", round=1, released_fen=50)
    )
    await plot.tell("subsidy", "subsidy/m_1/1", said("subsidy", "CapHeld", request_id="b", held_fen=80, **held))
    await plot.holds(6)
    await plot.tell("subsidy", "subsidy/m_1/1", said("subsidy", "CapHeld", request_id="c", held_fen=1, **held))
    await plot.fails(6, "101 fen of 100 of in_province")


# -- 7: money


def advanced(fen: int, receipt: str = "r1", outstanding: int | None = None) -> Any:
    return said(
        "advance_pay", "DepositAdvanced", amount_fen=fen, receipt_key=receipt, advanced_fen=fen,
        outstanding_fen=fen if outstanding is None else outstanding, paid_at=None,
    )  # fmt: skip


def posted(posting: Posting) -> Any:
    return said("advance_pay", "Posted", posting=posting)


def deposit(fen: int, posting_id: str = "p1") -> Any:
    return posted(post(posting_id, "DEPOSIT", {"advanced": fen, "funds": -fen}))


def settled(fen: int, left: int) -> Any:
    return said(
        "advance_pay", "AdvanceSettled", bill_fen=0, deposit_fen=0, returned_fen=fen, net_fen=0, outstanding_fen=left,
        originals="paper",
    )  # fmt: skip


async def test_7_holds_on_a_book_that_balances(plot: Plot) -> None:
    returned = posted(post("p2", "HOSPITAL_RETURN", {"funds": 40, "advanced": -40}))
    await plot.tell("advance_pay", f"advance/{REQUEST}", deposit(100), advanced(100), returned, settled(40, 60))
    await plot.holds(7)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ((deposit(100), advanced(90, outstanding=100)), "(ADV-D03)"),
        ((deposit(100), advanced(100, outstanding=90)), "says 90 outstanding, the book 100"),
        ((deposit(100), advanced(100), settled(40, 100)), "(ADV-D03)"),
        ((deposit(100), deposit(50), advanced(150)), "a posting stands in the book twice"),
        ((deposit(100), advanced(50, outstanding=100), advanced(50, outstanding=100)), "was advanced 2 times"),
        ((posted(post("p1", "X", {"advanced": -5, "funds": 5})),), "-5 fen outstanding"),
        ((posted(Posting("p2", "X", (Entry("advanced", 5), Entry("funds", -5)), "p1")),), "reverses a posting"),
    ],
)
async def test_7_sees_a_book_that_does_not_balance(plot: Plot, facts: tuple[Any, ...], words: str) -> None:
    await plot.tell("advance_pay", f"advance/{REQUEST}", *facts)
    await plot.fails(7, words)


async def test_7_sees_entries_that_do_not_sum_to_zero_as_a_fact_that_can_not_be_read(plot: Plot) -> None:
    state = b'{"posting":{"id":"p1","step":"X","entries":[{"account":"a","fen":5},{"account":"b","fen":-4}]}}'
    await plot.row("advance_pay", f"advance/{REQUEST}", 1, "Posted.v1", state, cause=named("x"))
    await plot.fails(11, "can't be read")


async def test_7_sees_more_subsidy_paid_than_approved_and_a_payment_counted_twice(plot: Plot) -> None:
    paid = said(
        "subsidy", "SubsidyPaid", request_id=REQUEST, vendor="hengyu", payment_key="k", amount_fen=5, rounds=(), lines=(),
        paid_at=NOON,
    )  # fmt: skip
    await plot.tell("subsidy", f"claim/{REQUEST}", paid, paid)
    await plot.fails(7, "paid 10 fen of 0 approved")
    await plot.fails(7, "counted 2 times")
    await plot.fails(7, "rounds do not add up")
