"""The clocks of a claim at their limits, and the payment that never comes."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from shared.contracts import intake, vendor
from tests.services.subsidy.subsidy_bench import Bench, at, care, claim, line, paper

PROOF = intake.PapersSubmitted(treatment_proof=[paper()])


def waiting(product: str, when: datetime, said: intake.SubsidyClaimSaid | None = None) -> Bench:
    bench = Bench(product)
    bench.open(said, when)
    return bench


@pytest.mark.parametrize(
    ("product", "rule", "visit", "applied", "due"),
    [
        ("A", "SLA-23", "2026-04-28", "2026-04-30", "2026-05-07"),
        ("B", "SLA-46", "2026-09-28", "2026-09-30", "2026-10-09"),
    ],
)
def test_SLA_23_SLA_46_feedback_within_one_working_day(
    product: str, rule: str, visit: str, applied: str, due: str
) -> None:
    day = date.fromisoformat(visit)
    said = claim(line(1, 20_000, "COACH", incurred_on=day), care=[care(starts_on=day, ends_on=day)])
    bench = waiting(product, at(applied), said)
    bench.pass_time(at(due, "00:00"))
    breach = bench.all_told("ClockBreached")[0]
    assert (breach.rule, breach.due_at) == (rule, at(due, "00:00"))
    in_time = waiting(product, at(applied), said)
    in_time.hear(
        vendor.ContactReported(stage="feedback"), at(due, "00:00").replace(hour=0) - (at(due) - at(due, "09:59"))
    )
    in_time.pass_time(at(due, "12:00"))
    assert not in_time.all_told("ClockBreached")
    assert in_time.all_told("ClockStopped")[0].met


def test_SLA_24_complete_papers_are_paid_or_refused_in_fifteen_working_days() -> None:
    day = date(2026, 9, 23)
    said = claim(line(1, 20_000, incurred_on=day), care=[care(starts_on=day, ends_on=day)])
    bench = waiting("A", at("2026-09-24"), said)
    bench.hear(vendor.ContactReported(stage="feedback"), at("2026-09-24", "11:00"))
    bench.pass_time(at("2026-10-22", "00:00"))
    assert bench.all_told("ClockNeared")[0].clock == "A-SUBSIDY-COMPLETE"
    bench.pass_time(at("2026-10-22", "23:59"))
    assert not bench.all_told("ClockDue")
    bench.pass_time(at("2026-10-23", "00:00"))
    assert bench.all_told("ClockBreached")[0].rule == "SLA-24"
    assert bench.questions() == {("SLA-24", "PAYMENT_MISSING")}
    paid = waiting("A", at("2026-09-24"), said)
    paid.pay(20_000, at("2026-10-22", "23:59"))
    paid.pass_time(at("2026-10-23", "12:00"))
    assert not [one for one in paid.all_told("ClockBreached") if one.rule == "SLA-24"]


def test_SLA_47_an_average_only_warns_and_its_working_days_are_said() -> None:
    bench = waiting("B", at("2026-05-12"))
    bench.hear(vendor.ContactReported(stage="feedback"), at("2026-05-12", "11:00"))
    bench.pass_time(at("2026-06-03"))
    assert not bench.all_told("ClockBreached")
    assert bench.all_told("ClockWarned")[0].rule == "SLA-47"
    bench.pay(20_000, at("2026-06-04"))
    stopped = bench.all_told("ClockStopped")[-1]
    assert (stopped.met, stopped.gross_working_days) == (False, 17)


def test_no_clock_breaches_before_nothing_was_heard() -> None:
    bench = waiting("A", at("2026-05-12"))
    bench.pass_time(at("2026-05-14", "00:00"), heard=False)
    assert bench.all_told("ClockDue")
    assert not bench.all_told("ClockBreached")
    due_at = bench.all_told("ClockDue")[0].due_at
    silence = intake.NothingHeard(clock="A-SUBSIDY-FEEDBACK", due_at=due_at)
    bench.hear(vendor.ContactReported(stage="feedback"), at("2026-05-13", "23:59"))
    assert bench.hear(silence, at("2026-05-14", "00:00")) == []


def test_SLA_D03_a_wait_for_the_member_moves_the_limit_by_whole_working_days() -> None:
    bench = waiting("A", at("2026-05-12"))
    bench.hear(vendor.MemberWaitStarted(waiting_for="contact"), at("2026-05-12", "11:00"))
    bench.hear(vendor.MemberWaitEnded(), at("2026-05-13", "11:00"))
    bench.pass_time(at("2026-05-14", "12:00"))
    assert not bench.all_told("ClockBreached")
    bench.pass_time(at("2026-05-15", "00:00"))
    assert bench.all_told("ClockBreached")[0].due_at == at("2026-05-15", "00:00")
    assert [one.until for one in bench.all_told("MemberWaited")] == [None, at("2026-05-13", "11:00")]


def test_INT_38_the_feedback_clock_pauses_while_the_claims_papers_are_missing() -> None:
    bench = waiting("A", at("2026-05-12"), claim(treatment_proof=[]))
    bench.pass_time(at("2026-05-20"))
    assert not bench.all_told("ClockBreached")
    bench.hear(PROOF, at("2026-05-21", "10:00"))
    bench.pass_time(at("2026-06-01"))
    assert bench.all_told("ClockBreached")[0].rule == "SLA-23"


def test_the_time_until_the_grant_is_not_the_vendors() -> None:
    bench = Bench("A")
    bench.arrange()
    bench.submit(claim(), at("2026-05-12"))
    bench.grant(claim(), at("2026-05-18"))
    assert bench.state().clocks[1].due_at > at("2026-05-18")


def test_a_payment_that_never_comes_is_brought_before_finance_again_or_given_up() -> None:
    bench = waiting("A", at("2026-05-12"))
    bench.pass_time(at("2026-06-04"))
    assert ("SLA-24", "PAYMENT_MISSING") in bench.questions()
    bench.decide(1, "grant", at("2026-06-04"), role="finance")
    bench.pass_time(at("2026-06-12"))
    assert len(bench.all_told("ReviewOpened")) == 2
    bench.decide(2, "refuse", at("2026-06-12"), role="finance")
    assert bench.finished() == "PAYMENT_STOPPED"
    assert bench.caps().used_fen("p1", "out_of_province") == 0


def test_what_is_stored_names_no_person() -> None:
    bench = waiting("A", at("2026-05-12"))
    bench.pay(20_000, at("2026-05-20"))
    for stored in bench.stored:
        text = bench.wiring.facts.encode(stored.fact).decode()
        assert "恒予" not in text
        assert "@" not in text
