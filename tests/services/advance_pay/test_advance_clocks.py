"""Clocks at their boundaries: what starts them, what stops them, what silence does, how a wait for the member moves them."""

from __future__ import annotations

from typing import Any

import pytest

from services.advance_pay.domain.clocks import SUPPLEMENT
from shared.contracts import intake, vendor
from shared.kernel.instant import utc_text
from tests.services.advance_pay.advance_desk import (
    ALL_PAPERS,
    CLAIM_PAPERS,
    House,
    at,
    deposit,
    discharge,
    papers,
    pre_review,
)


def breaches(h: House) -> list[tuple[str, str]]:
    return [(b.clock, b.rule) for b in h.said("ClockBreached")]


def due(h: House, clock: str) -> str:
    """The last hour and day of a running clock, in China."""
    return h.case().clocks[clock].deadline.due_at.strftime("%m-%d %H:%M")


def asked(h: House, product: str, contact: str) -> None:
    """Granted, contacted and guided at an instant."""
    h.submit(at(contact), product=product)
    h.grant(at(contact), product=product)
    h.hear(vendor.ContactReported(stage="first_response"), at(contact))


@pytest.mark.parametrize(
    ("last", "breach"), [("2026-05-07 17:00", []), ("2026-05-08 09:00", [("A-ADV-DOCS", "SLA-32")])]
)
def test_SLA_32_documents_in_one_natural_day_net_of_the_members_wait(last: str, breach: list[Any]) -> None:
    h = House()
    asked(h, "A", "2026-05-05 10:30")
    assert due(h, "A-ADV-DOCS") == "05-07 00:00"
    h.hear(vendor.GuidanceGiven(), at("2026-05-05 11:00"))
    h.hear(vendor.MemberWaitStarted(waiting_for="documents"), at("2026-05-05 11:00"))
    h.until(at("2026-05-07 09:00"))
    h.hear(vendor.MemberWaitEnded(), at("2026-05-07 09:00"))
    assert due(h, "A-ADV-DOCS") == "05-08 00:00"
    h.until(at(last))
    h.hear(intake.PapersSubmitted(documents=papers(*ALL_PAPERS)), at(last))
    assert breaches(h) == breach


def test_SLA_32_a_checklist_sent_too_late_is_the_vendors_own_time() -> None:
    h = House()
    asked(h, "A", "2026-05-05 10:30")
    h.until(at("2026-05-07 09:00"))
    h.hear(vendor.GuidanceGiven(), at("2026-05-07 09:00"))
    assert breaches(h) == [("A-ADV-DOCS", "SLA-32")]


@pytest.mark.parametrize(
    ("last", "breach"), [("2026-05-17 23:59", []), ("2026-05-18 00:00", [("B-ADV-DOCS", "SLA-57")])]
)
def test_SLA_57_documents_from_the_first_response_on_a_saturday(last: str, breach: list[Any]) -> None:
    h = House()
    asked(h, "B", "2026-05-16 10:00")
    h.hear(vendor.GuidanceGiven(), at("2026-05-16 10:30"))
    h.hear(intake.PapersSubmitted(documents=papers(*ALL_PAPERS)), at(last))
    assert breaches(h) == breach


def test_SLA_32_without_a_first_response_the_guidance_counts_as_one() -> None:
    h = House()
    h.submit(at("2026-05-05 10:00"))
    h.grant(at("2026-05-05 10:00"))
    assert "A-ADV-DOCS" not in h.case().clocks
    h.hear(vendor.GuidanceGiven(), at("2026-05-06 10:00"))
    assert due(h, "A-ADV-DOCS") == "05-08 00:00"


def test_SLA_32_a_response_before_the_grant_starts_the_clock_at_the_grant() -> None:
    h = House()
    h.submit(at("2026-05-05 10:00"))
    h.hear(vendor.ContactReported(stage="first_response"), at("2026-05-05 10:20"))
    h.grant(at("2026-05-07 10:00"))
    assert due(h, "A-ADV-DOCS") == "05-09 00:00"


@pytest.mark.parametrize(
    ("product", "complete", "in_time", "late", "breach"),
    [
        ("A", "2026-04-10 18:00", "2026-04-13 23:59", "2026-04-14 00:00", ("A-ADV-PREREVIEW", "SLA-33")),
        ("B", "2026-05-15 18:00", "2026-05-16 23:59", "2026-05-17 00:00", ("B-ADV-PREREVIEW", "SLA-58")),
    ],
)
def test_SLA_33_SLA_58_pre_review_in_a_working_day_or_a_natural_one(
    product: str, complete: str, in_time: str, late: str, breach: tuple[str, str]
) -> None:
    for when, expected in ((in_time, []), (late, [breach])):
        h = House()
        h.collected(at(complete), product=product)
        h.hear(pre_review(), at(when))
        assert breaches(h) == expected


@pytest.mark.parametrize(("product", "breach"), [("A", ("A-ADV-PAY", "SLA-34")), ("B", ("B-ADV-PAY", "SLA-59"))])
def test_SLA_34_SLA_59_paid_within_one_natural_day_sunday_counts(product: str, breach: tuple[str, str]) -> None:
    for when, expected in (("2026-05-17 23:59", []), ("2026-05-18 00:00", [breach])):
        h = House()
        h.signed(at("2026-05-16 15:00"), product=product)
        h.hear(deposit(2_000_000), at(when))
        assert breaches(h) == expected


@pytest.mark.parametrize(
    ("product", "breach"), [("A", ("A-ADV-DISCHARGE", "SLA-35")), ("B", ("B-ADV-DISCHARGE", "SLA-60"))]
)
@pytest.mark.parametrize(
    ("notice", "in_time", "late"),
    [
        ("2026-05-12 10:00", "2026-05-15 23:59", "2026-05-16 00:00"),
        ("2026-05-16 10:00", "2026-05-17 23:59", "2026-05-18 00:00"),
    ],
)
def test_SLA_35_SLA_60_settled_a_day_after_the_later_of_notice_and_discharge(
    product: str, breach: tuple[str, str], notice: str, in_time: str, late: str
) -> None:
    for when, expected in ((in_time, []), (late, [breach])):
        h = House()
        h.paid(at("2026-05-06 10:00"), product=product)
        h.hear(vendor.DischargeNotified(discharge_on=at("2026-05-14 00:00").date()), at(notice))
        h.hear(discharge(2_000_000, 0), at(when))
        assert breaches(h) == expected


def test_SLA_35_a_new_discharge_date_starts_the_clock_anew() -> None:
    h = House()
    h.paid(at("2026-05-06 10:00"))
    h.hear(vendor.DischargeNotified(discharge_on=at("2026-05-14 00:00").date()), at("2026-05-12 10:00"))
    h.hear(vendor.DischargeNotified(discharge_on=at("2026-05-20 00:00").date()), at("2026-05-13 10:00"))
    h.until(at("2026-05-21 12:00"))
    assert breaches(h) == []
    assert due(h, "A-ADV-DISCHARGE") == "05-22 00:00"


@pytest.mark.parametrize(
    ("when", "expected"), [("2026-05-18 18:00", []), ("2026-05-19 00:00", [("A-ADV-MAIL", "SLA-36")])]
)
def test_SLA_36_the_claim_file_is_posted_within_three_days_of_its_papers(when: str, expected: list[Any]) -> None:
    h = House()
    h.paid(at("2026-05-06 10:00"))
    h.hear(discharge(2_000_000, 0, kinds=CLAIM_PAPERS), at("2026-05-15 10:00"))
    h.hear(vendor.ClaimFileMailed(), at(when))
    assert breaches(h) == expected


def test_ADV_12_ADV_23_the_file_is_compiled_when_its_papers_are_here_and_b_has_no_mail_clock() -> None:
    for product, clocks in (("A", {"A-ADV-MAIL", "OPS-CLAIM"}), ("B", {"OPS-CLAIM"})):
        h = House()
        h.settled(at("2026-05-16 10:00"), product=product)
        assert not h.said("ClaimFileCompiled")
        h.hear(intake.PapersSubmitted(documents=papers(*CLAIM_PAPERS)), at("2026-05-17 10:00"))
        assert len(h.said("ClaimFileCompiled")) == 1
        assert set(h.case().clocks) == clocks


def test_SLA_D03_only_a_wait_after_the_checklist_counts() -> None:
    for product, rule in (("A", "ADV-06"), ("B", "ADV-19")):
        h = House()
        asked(h, product, "2026-05-05 10:30")
        h.hear(vendor.MemberWaitStarted(waiting_for="documents"), at("2026-05-05 11:00"))
        assert h.last_answer() == ("refused", "GUIDANCE_MISSING", rule)
        assert h.case().waiting_since is None


def test_SLA_D03_papers_end_a_wait_for_papers_and_gross_and_net_are_kept() -> None:
    h = House()
    asked(h, "A", "2026-05-05 10:30")
    h.hear(vendor.GuidanceGiven(), at("2026-05-05 11:00"))
    h.hear(vendor.MemberWaitStarted(waiting_for="documents"), at("2026-05-05 11:00"))
    h.hear(intake.PapersSubmitted(documents=papers(*ALL_PAPERS)), at("2026-05-08 11:00"))
    stopped = h.said("ClockStopped")[0]
    assert (stopped.clock, stopped.met, utc_text(stopped.due_at)[:10]) == ("A-ADV-DOCS", True, "2026-05-09")
    # 5 May is a holiday: the 6th, 7th and 8th are worked, and all of them were the member's
    assert (stopped.gross_working_days, stopped.net_working_days) == (3, 0)
    waited = h.said("MemberWaited")
    assert [(w.waiting_for, w.until) for w in waited] == [("documents", None), ("documents", at("2026-05-08 11:00"))]


def test_no_clock_breaches_by_itself() -> None:
    h = House(silent=False)
    h.signed(at("2026-05-16 15:00"))
    h.until(at("2026-05-18 10:00"))
    assert [e.clock for e in h.said("ClockDue")] == ["A-ADV-PAY"]
    assert breaches(h) == []
    # what was already said in time had only not been read
    h.hear(deposit(2_000_000), at("2026-05-17 20:00"))
    h.hear(intake.NothingHeard(clock="A-ADV-PAY", due_at=at("2026-05-18 00:00")), at("2026-05-18 10:00"))
    assert breaches(h) == []


def test_a_limit_is_said_to_be_near_when_its_last_day_begins() -> None:
    h = House()
    h.signed(at("2026-05-16 15:00"))
    h.until(at("2026-05-16 23:59"))
    assert not h.said("ClockNeared")
    h.until(at("2026-05-17 00:00"))
    assert [e.clock for e in h.said("ClockNeared")] == ["A-ADV-PAY"]
    paid = House()
    paid.paid(at("2026-05-16 15:00"))
    paid.until(at("2026-05-17 12:00"))
    assert not paid.said("ClockNeared")


def test_silence_breaches_a_hard_clock_once() -> None:
    h = House()
    h.signed(at("2026-05-16 15:00"))
    h.until(at("2026-05-18 10:00"))
    h.hear(intake.NothingHeard(clock="A-ADV-PAY", due_at=at("2026-05-18 00:00")), at("2026-05-18 10:00"))
    h.hear(deposit(2_000_000), at("2026-05-18 11:00"))
    assert breaches(h) == [("A-ADV-PAY", "SLA-34")]
    assert [e.met for e in h.said("ClockStopped") if e.clock == "A-ADV-PAY"] == [False]


def test_ADV_D08_missing_papers_close_without_prejudice_after_a_reminder() -> None:
    h = House()
    asked(h, "A", "2026-05-06 09:00")
    h.hear(vendor.GuidanceGiven(), at("2026-05-06 10:00"))
    h.hear(intake.PapersSubmitted(documents=papers("ID_CARD")), at("2026-05-07 10:00"))
    h.until(at("2026-05-28 23:59"))
    assert not h.said("SupplementReminded")
    h.until(at("2026-05-29 12:00"))
    assert h.said("SupplementReminded")[0].missing == ["ADMISSION_NOTICE", "DIAGNOSIS_CERTIFICATE", "DEPOSIT_NOTICE"]
    h.until(at("2026-06-05 23:59"))
    assert h.case().phase == "collecting"
    h.until(at("2026-06-06 00:00"))
    assert h.case().outcome == "SUPPLEMENT_EXPIRED"
    assert h.said("AdvanceClosed")[0].without_prejudice
    h.collected(at("2026-06-08 10:00"), "r-2")
    assert h.case("r-2").phase == "reviewing"


def test_ADV_D08_the_time_runs_from_the_guidance_and_the_last_minute_is_in_time() -> None:
    h = House()
    h.submit(at("2026-05-01 10:00"))
    h.grant(at("2026-05-01 10:00"))
    h.hear(vendor.GuidanceGiven(), at("2026-05-06 10:00"))
    h.until(at("2026-06-05 23:00"))
    h.hear(intake.PapersSubmitted(documents=papers(*ALL_PAPERS)), at("2026-06-05 23:59"))
    h.until(at("2026-06-07 00:00"))
    assert h.case().phase == "reviewing"
    assert len(h.said("SupplementReminded")) == 1


def test_ADV_06_ADV_19_papers_without_guidance_are_not_complete_and_a_person_looks() -> None:
    for product in "AB":
        h = House()
        h.submit(at("2026-05-06 10:00"), product=product, documents=ALL_PAPERS)
        h.grant(at("2026-05-06 10:00"), product=product, documents=ALL_PAPERS)
        assert h.case().phase == "collecting"
        h.until(at("2026-06-06 00:00"))
        assert h.said("ReviewOpened")[0].reasons[0].reason == "GUIDANCE_MISSING"
        h.hear(vendor.GuidanceGiven(), at("2026-06-06 10:00"))
        assert h.case().phase == "reviewing"
        assert not h.case().reviews
        assert SUPPLEMENT not in h.case().clocks


def test_ADV_D01_the_missing_paper_is_named() -> None:
    h = House()
    asked(h, "A", "2026-05-06 09:00")
    h.hear(vendor.GuidanceGiven(), at("2026-05-06 09:00"))
    h.hear(intake.PapersSubmitted(documents=papers(*ALL_PAPERS[:3])), at("2026-05-06 09:00"))
    told = h.said("OutcomeTold")[-1]
    assert (told.outcome, told.reasons[0].remedy) == ("DOCUMENTS_INCOMPLETE", {"missing": ["DEPOSIT_NOTICE"]})
    assert not h.said("DocumentsCompleted")
    h.hear(intake.PapersSubmitted(documents=papers("DEPOSIT_NOTICE")), at("2026-05-06 09:00"))
    assert len(h.said("DocumentsCompleted")) == 1


@pytest.mark.parametrize(
    ("step", "reason", "day"),
    [
        ("collected", "NO_PRE_REVIEW", "2026-05-12 00:00"), ("approved", "NO_PAYMENT", "2026-05-17 00:00"),
        ("paid", "NO_DISCHARGE", "2026-08-05 00:00"), ("settled", "CLAIM_PENDING", "2026-07-06 00:00"),
    ],
)  # fmt: skip
def test_silence_of_any_step_brings_it_before_a_person_again_and_again(step: str, reason: str, day: str) -> None:
    h = House()
    getattr(h, step)(at("2026-05-06 10:00"))
    h.until(at(day))
    assert [a.reason for r in h.said("ReviewOpened") for a in r.reasons] == [reason]
    h.decide(at(day), "r-1-A1")
    assert any(c.out == "review" and not c.ran_out for c in h.case().clocks.values())
    other = House()
    getattr(other, step)(at("2026-05-06 10:00"))
    other.until(at(day))
    other.decide(at(day), "r-1-A1", "refuse", reason="GIVEN_UP")
    if step in ("paid", "settled"):
        assert other.said("RefundDemanded")[0].amount_fen == 2_000_000
    else:
        assert other.case().outcome == "CLOSED_BY_REVIEW"
        assert other.year().holds == {}


def test_a_late_person_is_said_and_keeps_the_review() -> None:
    h = House()
    h.approved(at("2026-05-06 10:00"))
    h.hear(deposit(1), at("2026-05-06 10:00"))
    h.until(at("2026-05-13 00:00"))
    h.until(at("2026-05-14 00:00"))
    assert [(e.review_id, e.owner) for e in h.said("ReviewOverdue")] == [("r-1-A1", "finance")]
    h.until(h.said("ReviewOverdue")[0].next_due_at)
    assert len(h.said("ReviewOverdue")) == 2
    assert "r-1-A1" in h.case().reviews


@pytest.mark.parametrize(("paid", "overdue"), [("2026-06-16 23:59", False), ("2026-06-17 00:00", True)])
def test_ADV_D03_a_refund_is_due_in_fifteen_natural_days(paid: str, overdue: bool) -> None:
    h = House()
    h.settled(at("2026-05-16 10:00"), 2_000_000, 200_000)
    h.adjudicate(at("2026-06-01 10:00"), 1_500_000)
    assert utc_text(h.said("RefundDemanded")[0].due_at) == utc_text(at("2026-06-17 00:00"))
    h.until(at(paid))
    assert bool(h.said("RefundOverdue")) is overdue
    if overdue:
        assert h.said("ReviewOpened")[-1].reasons[0].reason == "REFUND_OVERDUE"
        h.decide(at(paid), "r-1-A1")
        assert due(h, "ADV-D03") == "07-03 00:00"
        h.until(at("2026-07-03 00:00"))
        h.decide(at("2026-07-03 09:00"), "r-1-A2", "refuse", reason="UNCOLLECTABLE")
        assert h.case().written_off_fen == 300_000
        assert h.case().outcome == "SETTLED"
