"""Caps, payments and what matches no approval; the property: approved and paid never exceed a cap."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.subsidy.domain.caps import CAPS, CapsState, HoldApproved, RecordPaid, ReleaseUnpaid, decide
from services.subsidy.domain.claimed import Pool
from shared.contracts import entitlement, vendor
from shared.contracts.intake import SubsidyClaimSaid
from tests.services.subsidy.subsidy_bench import HEFEI, WUHU, Bench, at, care, claim, invoice, line

IN: Final = "in_province"
OUT: Final = "out_of_province"


def trip(request: str, fen: int, out: bool = True) -> SubsidyClaimSaid:
    return claim(
        line(1, fen, invoice=invoice(f"i-{request}")),
        hukou_city=HEFEI,
        care=[care() if out else care(hospital_city=WUHU, request_id="outp-2")],
    )


def paid(bench: Bench, request: str, fen: int, out: bool = True) -> int:
    """What was payable of a claim, and paid."""
    bench.open(trip(request, fen, out), request=request, visits=["outp-1" if out else "outp-2"])
    payable = int(bench.all_told("SubsidyApproved")[-1].payable_fen)
    if payable:
        bench.pay(payable, at("2026-05-14"), f"p-{request}", request)
    return payable


# -- caps ------------------------------------------------------------------------------------------------------------


def test_SUB_11_in_province_at_most_2000_yuan_a_policy_year() -> None:
    bench = Bench("A")
    assert paid(bench, "r1", 180_000, out=False) == 180_000
    assert paid(bench, "r2", 50_000, out=False) == 20_000
    assert bench.all_told("CapReached")[0].pool == IN


def test_SUB_12_out_of_province_at_most_5000_yuan_exactly_that_in_full() -> None:
    exactly = Bench("A")
    assert paid(exactly, "r1", 500_000) == 500_000
    assert exactly.finished() == "PAID"
    over = Bench("A")
    assert paid(over, "r1", 560_000) == 500_000
    assert over.finished() == "PARTLY_PAID"
    assert over.all_told("SubsidyApproved")[0].capped


def test_SUB_D02_the_two_pools_are_apart() -> None:
    bench = Bench("A")
    paid(bench, "r1", 200_000, out=False)
    paid(bench, "r2", 500_000)
    caps = bench.caps()
    assert (caps.used_fen("p1", IN), caps.used_fen("p1", OUT)) == (200_000, 500_000)
    assert sum(use.paid_fen for use in caps.uses.values()) == 700_000


def test_SUB_D03_over_the_cap_is_paid_in_part_and_refused_items_do_not_use_it() -> None:
    bench = Bench("A")
    paid(bench, "r1", 470_000)
    lines = [
        line(1, 40_000, invoice=invoice("a"), person="companion"),
        line(2, 20_000, invoice=invoice("b")),
        line(3, 22_000, invoice=invoice("c")),
    ]
    bench.open(claim(*lines), request="r2")
    approved = bench.all_told("SubsidyApproved")[-1]
    assert [(one.line, one.payable_fen) for one in approved.lines] == [(2, 20_000), (3, 10_000)]
    assert bench.caps().used_fen("p1", OUT) == 500_000


def test_SUB_D03_a_claim_at_an_exhausted_cap_is_not_refused() -> None:
    bench = Bench("A")
    paid(bench, "r1", 500_000)
    assert paid(bench, "r2", 30_000) == 0
    assert bench.finished("r2") == "CAP_REACHED"
    assert not bench.reasons("r2")
    told = [one.outcome for one in bench.all_told("OutcomeTold") if one.request_id == "r2"]
    assert told == ["CAP_REACHED"]


def test_INT_D02_every_policy_has_its_own_caps() -> None:
    bench = Bench("A")
    paid(bench, "r1", 500_000)
    bench.open(claim(line(1, 30_000, invoice=invoice("other"))), request="r2", policy="p2")
    assert bench.standing("r2") == {1: "approved"}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["hold", "pay", "release"]), st.integers(0, 3), st.integers(1, 2),
            st.integers(0, 260_000), st.sampled_from([IN, OUT]),
        ),
        max_size=40,
    )
)  # fmt: skip
def test_property_approved_and_paid_never_exceed_a_cap(steps: list[tuple[str, int, int, int, Pool]]) -> None:
    limits: dict[Pool, int] = {IN: 200_000, OUT: 500_000}
    state = CapsState()
    for what, request, number, fen, pool in steps:
        key = (f"r{request}", number)
        if what == "hold":
            left = limits[pool] - state.used_fen("p1", pool)
            facts = decide(HoldApproved(*key, "p1", pool, min(fen, left), limits[pool]), state)
        elif what == "pay":
            before = state.uses[key].paid_fen if key in state.uses else 0
            facts = decide(RecordPaid(*key, fen, before), state)
        else:
            facts = decide(ReleaseUnpaid(*key), state)
        state = CAPS.fold(facts, state)
        for name, limit in limits.items():
            assert 0 <= state.used_fen("p1", name) <= limit
        assert all(use.held_fen >= 0 and use.paid_fen >= 0 for use in state.uses.values())


def test_a_hold_beyond_the_cap_is_never_said() -> None:
    with pytest.raises(ValueError, match="over the cap"):
        decide(HoldApproved("r1", 1, "p1", "in_province", 200_001, 200_000), CapsState())


# -- payments --------------------------------------------------------------------------------------------------------


def test_a_payment_of_the_approved_amount_ends_its_lines() -> None:
    bench = Bench("A")
    bench.open()
    bench.pay(20_000, at("2026-05-20"))
    assert bench.standing() == {1: "paid"}
    assert bench.finished() == "PAID"
    assert bench.all_told("SubsidyPaid")[0].lines == [1]
    assert bench.caps().uses["r1", 1].held_fen == 0


def test_the_same_payment_reported_again_adds_nothing() -> None:
    bench = Bench("A")
    bench.open()
    bench.pay(20_000, at("2026-05-20"))
    facts = bench.pay(20_000, at("2026-05-21"))
    assert [type(one).__name__ for one in facts] == ["RecordApplied"]


def test_two_rounds_are_paid_each_or_together() -> None:
    for together in (False, True):
        bench = Bench("A")
        bench.open(claim(line(1, 20_000), line(2, 4_500, "COACH")))
        bench.decide(1, "grant", at("2026-05-14"))
        if together:
            bench.pay(24_500, at("2026-05-20"))
        else:
            bench.pay(4_500, at("2026-05-20"), "p_1")
            assert bench.standing() == {1: "approved", 2: "paid"}
            bench.pay(20_000, at("2026-05-21"), "p_2")
        assert bench.finished() == "PAID"


@pytest.mark.parametrize("fen", [19_999, 20_001])
def test_another_amount_goes_to_suspense_and_review_and_is_never_refused(fen: int) -> None:
    bench = Bench("A")
    bench.open()
    bench.pay(fen, at("2026-05-20"))
    assert bench.answers()[-1] == ("applied", None)
    assert bench.all_told("SuspenseRaised")[0].reason == "AMOUNT_DIFFERS"
    assert bench.all_told("ReviewOpened")[0].owner == "finance"
    assert bench.standing() == {1: "approved"}


def test_money_without_an_approval_or_a_claim_goes_to_suspense() -> None:
    bench = Bench("A")
    bench.pay(5_000, at("2026-05-20"), "p_9", None)
    bench.pay(5_000, at("2026-05-20"), "p_8", "r-other")
    assert [one.reason for one in bench.all_told("SuspenseRaised")] == ["UNKNOWN_CLAIM", "UNKNOWN_CLAIM"]
    assert [one.review_id for one in bench.all_told("ReviewOpened")] == ["p_9-B1", "r-other-B1"]
    bench.decide(1, "refuse", at("2026-05-21"), "p_9", role="finance")
    assert bench.all_told("SuspenseSettled")[0].returned_fen == 5_000


def test_finance_may_accept_a_part_and_the_rest_closes_the_round() -> None:
    bench = Bench("A")
    bench.open()
    bench.pay(15_000, at("2026-05-20"))
    bench.decide(1, "grant", at("2026-05-21"), role="finance")
    assert bench.standing() == {1: "approved"}
    bench.pay(5_000, at("2026-05-22"), "p_2")
    assert bench.finished() == "PAID"
    assert bench.caps().used_fen("p1", OUT) == 20_000


def test_of_an_excess_only_the_approved_part_counts() -> None:
    bench = Bench("A")
    bench.open()
    bench.pay(25_000, at("2026-05-20"))
    bench.decide(1, "grant", at("2026-05-21"), role="finance")
    settled = bench.all_told("SuspenseSettled")[0]
    assert (settled.applied_fen, settled.returned_fen) == (20_000, 5_000)
    assert bench.finished() == "PAID"


def test_a_payment_number_counts_once() -> None:
    bench = Bench("A")
    bench.open()
    bench.pay(20_000, at("2026-05-20"))
    bench.pay(7_000, at("2026-05-21"))
    assert bench.all_told("SuspenseRaised")[0].reason == "PAYMENT_NUMBER_REUSED"
    assert bench.state().paid_fen == 20_000


def test_money_after_a_withdrawal_is_in_suspense() -> None:
    bench = Bench("A")
    bench.open()
    bench.hear(vendor.WithdrawalRequested(), at("2026-05-13"))
    bench.pay(20_000, at("2026-05-14"))
    assert bench.all_told("SuspenseRaised")[0].reason == "NOTHING_APPROVED"
    assert bench.finished() == "CANCELLED"


def test_ENT_D11_money_is_always_finished_though_the_cover_ends() -> None:
    bench = Bench("A")
    bench.open()
    assert "CoverEnded.v1" not in bench.wiring.handlers
    assert "CoverEnded" not in {type(one).__name__ for one in bench.told}
    assert entitlement.CoverEnded(request_id="r1", reason="LAPSE").reason == "LAPSE"
    bench.pay(20_000, at("2026-07-01"))
    assert bench.finished() == "PAID"


MOVES = st.sampled_from(["papers", "pay", "pay-wrong", "grant", "refuse", "withdraw", "decline", "wait", "heard"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(MOVES, st.integers(1, 3)), max_size=10),
    st.lists(st.integers(1, 300_000), min_size=1, max_size=3),
)
def test_property_lines_end_once_and_every_fen_is_accounted_for(moves: list[tuple[str, int]], fens: list[int]) -> None:
    bench = Bench("A")
    items = ["TRAIN", "COACH", "TAXI"]
    lines = [
        line(n, fen, items[n - 1], payment_proof=None) if n == 3 else line(n, fen, items[n - 1])
        for n, fen in enumerate(fens, 1)
    ]
    bench.open(claim(*lines))
    received = 0
    for n, (move, which) in enumerate(moves):
        when = at(f"2026-05-{13 + n}")
        received += _move(bench, move, which, n, when)
        _balanced(bench, received)
    bench.pass_time(at("2027-03-01"))
    _balanced(bench, received)
    endings = [one.line for told in bench.all_told("SubsidyClosed") for one in told.lines]
    assert len(endings) == len(set(endings))
    if bench.state().status == "open":
        waits = [q for q in bench.state().questions.values() if q.standing == "open"]
        assert waits or any(timer.due_at > at("2027-03-01") for _, timer in bench.timers)


def _move(bench: Bench, move: str, which: int, n: int, when: object) -> int:
    from shared.contracts import intake
    from tests.services.subsidy.subsidy_bench import paper

    state = bench.state()
    says = {
        "withdraw": vendor.WithdrawalRequested(),
        "decline": vendor.DataDeclined(),
        "wait": vendor.MemberWaitStarted(waiting_for="contact"),
        "heard": vendor.MemberWaitEnded(),
        "papers": intake.PapersSubmitted(vouchers=[intake.LineVoucherSaid(line=which, payment_proof=paper())]),
    }
    if move in says:
        bench.hear(says[move], when)  # type: ignore[arg-type]
        return 0
    if move in ("grant", "refuse"):
        opened = state.questions.get(f"r1-B{which}")
        role = opened.opened.owner if opened else "operations"
        bench.decide(which, move, when, role=role)  # type: ignore[arg-type]
        return 0
    fen = (state.unpaid_fen or 1) + (7 if move == "pay-wrong" else 0)
    bench.pay(fen, when, f"p_{n}")  # type: ignore[arg-type]
    return fen


def _balanced(bench: Bench, received: int) -> None:
    """received = paid + in suspense + to be returned; approved = paid + unpaid + given up; caps tell the same."""
    state = bench.state()
    returned = sum(one.returned_fen for one in bench.all_told("SuspenseSettled"))
    assert received == state.paid_fen + sum(state.suspense_fen.values()) + returned
    approved = sum(one.payable_fen for one in state.rounds.values() if not one.stopped)
    stopped = sum(one.paid_fen for one in state.rounds.values() if one.stopped)
    used = bench.caps().used_fen("p1", OUT)
    assert used == approved + stopped <= 500_000
    assert state.paid_fen == sum(one.paid_fen for one in state.rounds.values())
