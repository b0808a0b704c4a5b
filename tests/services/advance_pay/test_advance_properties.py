"""Whatever is said in whatever order: the ledger sums to zero, nothing is owed below zero, the year is not overdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.contracts import entitlement, intake, vendor
from tests.services.advance_pay.advance_desk import (
    ALL_PAPERS,
    CLAIM_PAPERS,
    House,
    at,
    deposit,
    discharge,
    papers,
    pre_review,
    refund,
)

START = at("2026-05-06 10:00")
INSURED = 3_000_000
FEN = st.sampled_from([1, 999, 500_000, 1_000_000, 2_000_000, 2_500_000])
NUMBER = st.sampled_from([f"N-00{n}" for n in range(6)])
REQUEST = st.sampled_from(["r-1", "r-2"])
SAYINGS = st.one_of(
    st.just(vendor.ContactReported(stage="first_response")),
    st.just(vendor.GuidanceGiven()),
    st.just(intake.PapersSubmitted(documents=papers(*ALL_PAPERS))),
    st.just(intake.PapersSubmitted(documents=papers(*CLAIM_PAPERS))),
    st.sampled_from([pre_review(), pre_review(within_liability="unclear"), pre_review(within_liability="no")]),
    st.builds(vendor.AgreementSigned, offset_clause=st.booleans(), refund_clause=st.just(True)),
    st.builds(deposit, FEN, NUMBER),
    st.builds(deposit, FEN, NUMBER),
    st.builds(refund, FEN, NUMBER),
    st.just(vendor.DischargeNotified(discharge_on=START.date())),
    st.builds(discharge, FEN, st.one_of(st.just(0), FEN), st.sampled_from(["paper", "none"])),
    st.just(vendor.ClaimFileMailed()),
    st.sampled_from([vendor.WithdrawalRequested(), vendor.DataDeclined(), vendor.MemberWaitEnded()]),
    st.just(vendor.MemberWaitStarted(waiting_for="consent")),
)
PURPOSE = st.sampled_from(["refund", "deposit", "other"])
STEPS = st.one_of(
    st.tuples(st.just("say"), REQUEST, SAYINGS),
    st.tuples(st.just("grant"), REQUEST, st.none()),
    st.tuples(st.just("cover"), REQUEST, st.none()),
    st.tuples(st.just("claim"), st.one_of(REQUEST, st.none()), st.tuples(FEN, st.sampled_from(["c-1", "c-2", "c-3"]))),
    st.tuples(
        st.just("pay"),
        st.one_of(REQUEST, st.none()),
        st.tuples(FEN, NUMBER, st.sampled_from(["refund", "deposit", "other"])),
    ),
    st.tuples(st.just("write_off"), REQUEST, FEN),
    st.tuples(st.just("review"), REQUEST, st.sampled_from(["grant", "refuse"])),
    st.tuples(st.just("wait"), REQUEST, st.integers(1, 100)),
)
# a happy beginning more often than chance would bring it
BEGINNINGS = st.sampled_from(["none", "collected", "approved", "signed", "paid", "settled"])


def step(h: House, now: Any, kind: str, request: str | None, what: Any, product: str) -> None:
    if kind == "say":
        h.hear(what, now, str(request))
    elif kind == "grant":
        h.grant(now, str(request), product, INSURED)
    elif kind == "cover":
        h.hear(entitlement.CoverEnded(request_id=str(request), reason="LAPSED"), now, str(request))
    elif kind == "claim":
        h.adjudicate(now, what[0], what[1], request_id=request)
    elif kind == "pay":
        data = {
            "payment_key": what[1],
            "purpose": what[2],
            "request_id": request,
            "amount_fen": what[0],
            "paid_at": now,
        }
        h.hear(intake.PaymentReported.model_validate(data), now, request or what[1], what[1])
    elif kind == "write_off":
        data = {"request_id": request, "actor": "s", "role": "finance", "amount_fen": what, "reason": "X"}
        h.hear(intake.WriteOffOrdered.model_validate(data), now, str(request))
    elif kind == "review":
        for review in sorted(h.case(str(request)).reviews)[:1]:
            h.decide(now, review, what, request_id=str(request))


def check(h: House) -> None:
    for request in ("r-1", "r-2"):
        s = h.case(request)
        assert s.book.total() == 0
        assert s.outstanding_fen >= 0
        assert s.refund_due_fen >= 0
        assert s.vendor_due_fen >= 0
        assert s.advanced_fen == s.offset_fen + s.returned_fen + s.refunded_fen + s.written_off_fen + s.outstanding_fen
        if s.granted and not s.finished:
            alive = any(not c.ran_out for c in s.clocks.values() if c.out != "breach")
            assert alive or s.reviews, f"{request}: {s.phase} has neither a timer nor a review"
    year = h.year()
    assert (year.remaining_fen or 0) >= 0 or year.exceeded
    finished = [e.request_id for e in h.said("RequestFinished")]
    assert len(finished) == len(set(finished))
    assert sum(e.fen for p in h.said("LedgerPosted") for e in p.entries) == 0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BEGINNINGS, st.sampled_from("AB"), st.lists(STEPS, max_size=25))
@example(
    "paid", "A", [("write_off", "r-1", 2_000_000), ("wait", "r-1", 100), ("review", "r-1", "refuse")]
)  # was for ever
def test_any_sequence_of_commands_keeps_the_books(begin: str, product: str, steps: list[tuple[str, Any, Any]]) -> None:
    h = House()
    now = START
    for request in ("r-1", "r-2"):
        h.submit(now, request, product=product)
    if begin != "none":
        getattr(h, begin)(now, product=product, sum_insured=INSURED)
    check(h)
    for kind, request, what in steps:
        now += timedelta(hours=5)
        if kind == "wait":
            now += timedelta(days=what)
            h.until(now)
        else:
            step(h, now, kind, request, what, product)
        check(h)
    answered = [a.cause for a in h.said("RecordAnswered")]
    assert len(answered) == len(set(answered))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(FEN, FEN), min_size=1, max_size=6))
def test_claims_alone_never_need_a_case(claims: list[tuple[int, int]]) -> None:
    h = House()
    for n, (fen, _) in enumerate(claims):
        h.adjudicate(START, fen, f"c-{n}", request_id=None)
    assert h.year().paid_fen == sum(fen for fen, _ in claims)
