"""Per record: done, refused at the wrong step, repeated, raced; and how a case ends before money moved."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts import entitlement, intake, vendor
from shared.kernel.ids import named
from tests.services.advance_pay.advance_desk import House, application, at, deposit, discharge, pre_review

NOW = at("2026-05-06 10:00")
NO_STEP = {
    "collecting": [pre_review(), vendor.AgreementSigned(offset_clause=True, refund_clause=True), discharge(1, 0)],
    "reviewing": [vendor.AgreementSigned(offset_clause=True, refund_clause=True)],
    "approved": [pre_review(), vendor.DischargeNotified(discharge_on=NOW.date()), vendor.ClaimFileMailed()],
    "tracking": [
        pre_review(),
        vendor.ClaimFileMailed(),
        vendor.AgreementSigned(offset_clause=True, refund_clause=True),
    ],
    "settled": [pre_review(), discharge(1, 0), vendor.DischargeNotified(discharge_on=NOW.date())],
}


def at_step(phase: str) -> House:
    h = House()
    if phase == "collecting":
        h.submit(NOW)
        h.grant(NOW)
    else:
        way = {"reviewing": "collected", "approved": "approved", "tracking": "paid", "settled": "settled"}
        getattr(h, way[phase])(NOW)
    assert h.case().phase == phase
    return h


@pytest.mark.parametrize(("phase", "said"), [(p, s) for p, many in NO_STEP.items() for s in many])
def test_ADV_34_what_does_not_fit_the_step_is_refused_and_changes_nothing(phase: str, said: Any) -> None:
    h = at_step(phase)
    before = h.case()
    h.hear(said, NOW)
    answer = h.last_answer()
    assert (answer[0], answer[2]) == ("refused", "ADV-34")
    assert answer[1] in {"STEP_ORDER", "ALREADY_SIGNED"}
    assert h.case().book == before.book
    assert h.case().phase == phase


def test_ADV_34_before_the_grant_and_after_the_end_sayings_are_refused() -> None:
    h = House()
    h.submit(NOW)
    h.hear(vendor.GuidanceGiven(), NOW)
    assert h.last_answer() == ("refused", "STATE_NOT_ACCEPTED", "ADV-34")
    h.grant(NOW)
    h.hear(vendor.WithdrawalRequested(), NOW)
    h.hear(vendor.GuidanceGiven(), NOW)
    assert h.last_answer() == ("refused", "CASE_CLOSED", "ADV-34")


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        ("collecting", vendor.ContactReported(stage="first_response")), ("collecting", vendor.GuidanceGiven()),
        ("collecting", intake.PapersSubmitted()), ("reviewing", pre_review()), ("collecting", vendor.DataDeclined()),
        ("approved", vendor.AgreementSigned(offset_clause=True, refund_clause=True)),
        ("tracking", vendor.DischargeNotified(discharge_on=NOW.date())), ("tracking", discharge(1, 0)),
        ("settled", vendor.ClaimFileMailed()), ("approved", vendor.WithdrawalRequested()),
        ("collecting", vendor.NotStartableReported(reason="NO_BED")),
        ("tracking", vendor.MemberWaitStarted(waiting_for="consent")),
    ],
)  # fmt: skip
def test_every_record_is_applied_once_however_often_it_comes(phase: str, said: Any) -> None:
    h = at_step(phase)
    same = named("message", "again")
    h.hear(said, NOW, id_=same)
    assert h.last_answer() == ("applied", None, None)
    count = len(h.facts())
    assert h.hear(said, NOW, id_=same) == []
    assert len(h.facts()) == count


def test_a_repeated_submission_or_grant_adds_nothing() -> None:
    h = House()
    h.submit(NOW)
    h.grant(NOW)
    count = len(h.facts())
    h.submit(NOW)
    h.grant(NOW)
    assert len(h.facts()) == count


def test_the_grant_may_come_before_the_submission() -> None:
    h = House()
    h.grant(NOW)
    h.submit(NOW)
    assert h.case().phase == "collecting"
    assert [w.action for w in h.said("WorkOrderIssued")] == ["COLLECT_DOCUMENTS"]


def test_ADV_05_ADV_18_an_application_opens_a_case_at_its_vendor() -> None:
    h = House()
    h.submit(NOW)
    assert (h.case().phase, h.case().vendor) == ("submitted", "youjia")
    h.grant(NOW)
    assert h.said("WorkOrderIssued")[0].vendor == "youjia"


def test_ENT_38_ENT_40_any_number_of_advances_may_be_applied_for() -> None:
    h = House()
    for n in range(1, 4):
        h.collected(NOW, f"r-{n}")
        assert h.case(f"r-{n}").phase == "reviewing"


def test_a_withdrawal_before_the_grant_is_remembered_and_obeyed() -> None:
    h = House()
    h.submit(NOW)
    h.hear(vendor.WithdrawalRequested(), NOW)
    assert not h.said("RecordAnswered")
    h.grant(NOW)
    assert h.case().outcome == "CANCELLED"
    assert h.last_answer() == ("applied", None, None)
    assert h.said("RequestFinished")[0].outcome == "CANCELLED"
    assert not h.said("WorkOrderIssued")


def test_a_withdrawal_that_entitlement_answered_is_not_answered_twice() -> None:
    h = House()
    h.submit(NOW)
    h.hear(vendor.WithdrawalRequested(), NOW)
    h.hear(entitlement.EligibilityWithdrawn(request_id="r-1", service="ADVANCE", vendor="youjia"), NOW)
    assert h.case().phase == "closed"
    assert not h.said("RecordAnswered")
    assert not h.said("RequestFinished")


def test_a_withdrawal_before_payment_cancels_and_releases_the_hold() -> None:
    h = House()
    h.approved(NOW)
    assert h.year().held_fen == 2_000_000
    h.hear(vendor.WithdrawalRequested(), NOW)
    assert h.year().held_fen == 0
    assert h.said("RequestFinished")[0].outcome == "CANCELLED"


@pytest.mark.parametrize(
    "said", [vendor.WithdrawalRequested(), vendor.DataDeclined(), vendor.NotStartableReported(reason="X")]
)
def test_after_payment_it_is_too_late(said: Any) -> None:
    h = House()
    h.paid(NOW)
    h.hear(said, NOW)
    assert h.last_answer() == ("refused", "TOO_LATE", "ADV-34")
    assert h.case().phase == "tracking"


def test_INT_40_INT_02_what_can_not_start_is_closed_with_its_reason() -> None:
    for said, outcome, rule in (
        (vendor.DataDeclined(), "DATA_DECLINED", "INT-40"),
        (vendor.NotStartableReported(reason="NO_BED"), "NOT_STARTABLE", "INT-02"),
    ):
        h = House()
        h.collected(NOW)
        h.hear(said, NOW)
        assert (h.case().outcome, h.told()[-1]) == (outcome, outcome)
        assert h.said("OutcomeTold")[-1].reasons[0].rule == rule


def test_ENT_D11_the_end_of_cover_closes_what_is_unpaid_and_finishes_what_is_paid() -> None:
    ended = entitlement.CoverEnded(request_id="r-1", reason="LAPSED")
    h = House()
    h.approved(NOW)
    h.hear(ended, NOW)
    assert h.case().outcome == "SERVICE_TERMINATED"
    assert h.year().held_fen == 0
    paid = House()
    paid.paid(NOW)
    paid.hear(ended, NOW)
    paid.hear(discharge(2_000_000, 0), NOW)
    paid.adjudicate(NOW, 2_000_000)
    assert paid.case().outcome == "SETTLED"


def test_a_denied_case_is_closed_and_intake_alone_says_so() -> None:
    h = House()
    h.submit(NOW)
    denied = entitlement.EligibilityDenied(
        request_id="r-1", service="ADVANCE", vendor="youjia", product="A", edition=None, member_ref="m-1", receipt=[]
    )
    h.hear(denied, NOW)
    assert h.case().phase == "closed"
    assert not h.said("RequestFinished")


def test_raced_the_loser_decides_again_on_what_the_winner_left() -> None:
    """Two advances of one year: whoever is decided second sees the first one's hold."""
    h = House()
    for r in ("r-1", "r-2"):
        h.collected(NOW, r, sum_insured=3_000_000)
    h.hear(pre_review(), NOW, "r-1")
    h.hear(pre_review(), NOW, "r-2")
    assert (h.case("r-1").approved_fen, h.case("r-2").approved_fen) == (2_000_000, 1_000_000)
    assert h.year().remaining_fen == 0


def test_money_reports_are_answered_applied_at_every_step() -> None:
    for phase in ("collecting", "reviewing", "approved", "tracking", "settled"):
        h = at_step(phase)
        h.hear(deposit(10, "R-0077"), NOW)
        assert h.last_answer() == ("applied", None, None)
        assert h.case().book.total() == 0


def test_the_application_keeps_no_words() -> None:
    h = House()
    h.hear(application("r-1"), NOW)
    assert h.case().kinds == frozenset()
