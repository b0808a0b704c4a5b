"""Counts after the grant, the end of covers under open grants, and what backdated records come to."""

from __future__ import annotations

from typing import Any

import pytest

from services.entitlement.domain.allowance import (
    ALLOWANCE,
    Allowance,
    CloseGrant,
    CorrectCount,
    OpenGrant,
    SettleCount,
    TellEnd,
    decide,
)
from services.entitlement.views import allowance_rows, decision_row
from shared.contracts.intake import PapersSubmitted
from tests.services.entitlement.entitlement_brought import claim, confirmed, paper, stay
from tests.services.entitlement.entitlement_house import MEMBER, POLICY_A, House, f_a, f_b, on


def held() -> tuple[House, str]:
    house = f_a()
    return house, house.ask("2026-04-10").then_granted().request_id


def phase(house: House, request_id: str, year: int = 1) -> str:
    return str(house.allowance(year).grants[request_id].phase)


def test_ENT_D04_a_held_count_is_consumed_once() -> None:
    house, request = held()
    house.settle(request, "consume", "BOOKING_CONFIRMED", "2026-04-15")
    assert phase(house, request) == "consumed"
    assert house.settle(request, "consume", "BOOKING_CONFIRMED", "2026-04-15") == []
    house.ask("2026-05-01").then_refused("ENT-28", "QUOTA_EXHAUSTED")


def test_ENT_D04_a_released_count_is_free_again() -> None:
    house, request = held()
    house.settle(request, "release", "WITHDRAWN_BEFORE_CONSUME", "2026-04-11")
    assert phase(house, request) == "released"
    house.ask("2026-04-12").then_granted()


def test_SCH_D02_a_restored_count_waits_for_the_new_slot() -> None:
    house, request = held()
    house.settle(request, "consume", "BOOKING_CONFIRMED", "2026-04-15")
    house.settle(request, "restore", "EXPERT_SUSPENDED", "2026-04-19")
    assert phase(house, request) == "held"
    house.ask("2026-04-20").then_refused("ENT-28", "QUOTA_EXHAUSTED")
    house.settle(request, "consume", "BOOKING_CONFIRMED", "2026-04-21")
    assert phase(house, request) == "consumed"


def test_ENT_D04_what_never_consumes_releases_even_a_consumed_count() -> None:
    house, request = held()
    house.settle(request, "consume", "BOOKING_CONFIRMED", "2026-04-15")
    house.settle(request, "release", "VENDOR_FAILURE", "2026-04-16")
    assert phase(house, request) == "released"


@pytest.mark.parametrize(("first", "second"), [("release", "consume"), ("release", "restore"), ("consume", "release")])
def test_a_verdict_on_a_closed_count_is_a_conflict_for_a_person(first: Any, second: Any) -> None:
    house, request = held()
    house.settle(request, first, "CLIENT_CANCELLATION", "2026-04-15")
    house.settle(request, second, "CLIENT_NO_SHOW", "2026-04-16")
    (opened,) = house.events("ReviewOpened")
    assert (opened.review_id, opened.owner, opened.reasons[0].reason) == (
        f"{request}-E1",
        "operations",
        "HOLD_CONFLICT",
    )
    assert house.settle(request, second, "CLIENT_NO_SHOW", "2026-04-17") == []


def test_a_person_upholds_a_verdict_and_what_is_used_too_much_is_said() -> None:
    house, request = held()
    house.settle(request, "release", "VENDOR_FAILURE", "2026-04-15")
    other = house.ask("2026-04-16").then_granted().request_id
    house.settle(request, "consume", "BOOKING_CONFIRMED", "2026-04-17")
    house.review(f"{request}-E1", "grant", "2026-04-18")
    (over,) = house.events("OverLimitRecognised")
    assert (over.request_id, over.used, over.limit) == (request, 2, 1)
    assert phase(house, request) == "consumed"
    assert phase(house, other) == "held"


def test_a_person_drops_a_verdict_and_the_count_stays() -> None:
    house, request = held()
    house.settle(request, "release", "VENDOR_FAILURE", "2026-04-15")
    house.settle(request, "consume", "BOOKING_CONFIRMED", "2026-04-17")
    house.review(f"{request}-E1", "refuse", "2026-04-18")
    assert phase(house, request) == "released"
    assert not house.events("OverLimitRecognised")


def test_a_verdict_on_what_was_never_granted_or_counted_says_nothing() -> None:
    house = f_a()
    assert house.settle("r-unknown", "consume", "BOOKING_CONFIRMED", "2026-04-15") == []
    advance = house.ask("2026-05-05", "ADVANCE", advance=stay()).request_id
    assert house.settle(advance, "consume", "BOOKING_CONFIRMED", "2026-05-06") == []


def test_a_finished_request_closes_its_grant_once() -> None:
    house, request = held()
    house.finish(request, "COMPLETED", "2026-04-20")
    assert not house.allowance().grants[request].open
    assert house.finish(request, "COMPLETED", "2026-04-20") == []
    assert house.finish("r-unknown", "COMPLETED", "2026-04-20") == []


# -- the end of a cover -----------------------------------------------------------------------------------------------


def test_ENT_D11_a_lapse_is_told_to_every_open_grant_and_to_no_other() -> None:
    house, visit = held()
    advance = house.ask("2026-05-05", "ADVANCE", advance=stay()).request_id
    trip = house.ask("2026-05-12", "SUBSIDY", diagnosis=None, subsidy=claim(("2026-05-10", "2026-05-10"))).request_id
    house.finish(trip, "PAID", "2026-05-20", "SUBSIDY")
    house.lapse("2026-06-10T00:00")
    house.until(on("2026-06-11"))
    assert {(e.request_id, e.reason) for e in house.events("CoverEnded")} == {(visit, "LAPSE"), (advance, "LAPSE")}
    key = next(k for t, _, s, k in house.said if t == "CoverEnded.v1" and s == visit)
    assert key == MEMBER


def test_ENT_D11_a_lapse_told_beforehand_ends_nothing_before_its_day() -> None:
    house, visit = held()
    house.lapse("2026-06-10T00:00", at="2026-05-01")
    house.until(on("2026-06-09T23:59"))
    assert not house.events("CoverEnded")
    house.until(on("2026-06-10T00:00"))
    assert [e.request_id for e in house.events("CoverEnded")] == [visit]


def test_ENT_D16_expiry_without_renewal_is_told_a_renewal_is_not() -> None:
    house, visit = held()
    house.until(on("2027-03-01T00:00"))
    assert [(e.request_id, e.reason) for e in house.events("CoverEnded")] == [(visit, "SERVICE_EXPIRED")]
    renewed, _ = held()
    renewed.renew("2027-03-01", "2028-03-01")
    renewed.until(on("2027-03-02"))
    assert not renewed.events("CoverEnded")


def test_ENT_D21_leaving_the_group_is_told_for_this_person_alone() -> None:
    house, visit = held()
    house.join(POLICY_A, "2026-03-01", member="m-2")
    house.ask("2026-04-12", member="m-2").then_granted()
    house.leave("2026-06-01T00:00")
    house.until(on("2026-06-02"))
    assert [(e.request_id, e.reason) for e in house.events("CoverEnded")] == [(visit, "LEFT_GROUP")]


def test_ENT_17_a_reduction_below_the_standard_is_told() -> None:
    from tests.services.entitlement.entitlement_house import editions

    house = f_a(editions("A", sum_insured_standard_fen=50_000_000))
    visit = house.ask("2026-04-10").request_id
    house.endorse(10, "2026-07-01T00:00")
    house.until(on("2026-07-02"))
    assert [(e.request_id, e.reason) for e in house.events("CoverEnded")] == [(visit, "SUM_INSURED_REDUCED")]


def test_a_suspension_ends_no_open_grant() -> None:
    house = f_b()
    house.ask("2026-04-10").then_granted()
    house.suspend("2026-05-01T00:00")
    house.until(on("2026-06-01"))
    assert not house.events("CoverEnded")


def test_a_policy_of_many_members_is_told_step_by_step() -> None:
    house = House(members_a_step=2).issue("A", member="m-0")
    for n in range(1, 5):
        house.join(POLICY_A, "2026-03-01", member=f"m-{n}")
    for n in range(5):
        house.ask("2026-04-10", member=f"m-{n}").then_granted()
    house.lapse("2026-06-10T00:00")
    house.until(on("2026-06-11"))
    assert len({e.request_id for e in house.events("CoverEnded")}) == 5


# -- backdated records ------------------------------------------------------------------------------------------------


def test_a_backdated_lapse_edits_nothing_and_calls_a_person() -> None:
    house, visit = held()
    house.settle(visit, "consume", "BOOKING_CONFIRMED", "2026-04-15")
    house.lapse("2026-04-01T00:00", at="2026-06-10")
    house.until(on("2026-06-11"))
    (again,) = house.events("EligibilityReassessed")
    assert (again.request_id, again.verdict) == (visit, "refuse")
    assert ("ENT-16", "SERVICE_TERMINATED") in {(a.rule, a.reason) for a in again.receipt}
    (opened,) = house.events("ReviewOpened")
    assert opened.review_id == f"{visit}-E1"
    assert phase(house, visit) == "consumed"
    house.review(f"{visit}-E1", "grant", "2026-06-12")
    assert house.answers()[-1] == ("applied", None)


def test_a_lapse_backdated_to_after_the_request_reassesses_nothing() -> None:
    house, visit = held()
    house.lapse("2026-05-01T00:00", at="2026-06-10")
    house.until(on("2026-06-11"))
    assert not house.events("EligibilityReassessed")
    assert [e.request_id for e in house.events("CoverEnded")] == [visit]


def test_a_paper_that_came_after_the_request_still_counts_when_it_is_reassessed() -> None:
    house = f_a()
    visit = house.ask("2026-04-10", documents=[])
    papers = PapersSubmitted(documents=[paper(issued="2026-04-12")])
    house.hear(papers, visit.request_id, MEMBER, on("2026-04-13"))
    visit.then_granted()
    house.suspend("2026-04-10T12:00", policy=POLICY_A, at="2026-06-10").reinstate("2026-04-10T09:00", at="2026-06-11")
    house.endorse(7, "2026-04-01T00:00", at="2026-06-12")
    house.until(on("2026-06-13"))
    assert not [e for e in house.events("EligibilityReassessed") if "WAITING_DOCUMENT" in {a.reason for a in e.receipt}]


def test_a_backdated_renewal_shows_that_a_denial_would_be_a_grant() -> None:
    house = f_a()
    denied = house.ask("2027-03-05").then_refused("ENT-12", "SERVICE_EXPIRED")
    house.renew("2027-03-01", "2028-03-01", at="2027-03-10")
    house.until(on("2027-03-11"))
    (again,) = house.events("EligibilityReassessed")
    assert (again.request_id, again.verdict) == (denied.request_id, "pass")
    assert denied.phase == "denied"
    assert not house.events("ReviewOpened")


def test_a_backdated_leaving_and_a_corrected_joining_reassess_too() -> None:
    house, visit = held()
    house.leave("2026-04-01T00:00", at="2026-06-10")
    house.until(on("2026-06-11"))
    assert [e.request_id for e in house.events("EligibilityReassessed")] == [visit]
    late, visit = held()
    late.join(POLICY_A, "2026-04-01", at=on("2026-06-10"))
    late.until(on("2026-06-11"))
    assert [(e.request_id, e.verdict) for e in late.events("EligibilityReassessed")] == [(visit, "refuse")]


def test_a_person_who_refuses_a_reassessed_grant_ends_its_cover() -> None:
    house = f_b()
    visit = house.ask("2026-05-10").then_granted().request_id
    house.suspend("2026-05-01T00:00", at="2026-06-10")
    house.until(on("2026-06-11"))
    house.review(f"{visit}-E1", "refuse", "2026-06-12", "COVER_NEVER_WAS")
    assert [(e.request_id, e.reason) for e in house.events("CoverEnded")] == [(visit, "COVER_NEVER_WAS")]


# -- the member-year by itself ----------------------------------------------------------------------------------------


def opened(limit: int | None = 1) -> tuple[Allowance, OpenGrant]:
    command = OpenGrant("r-1", POLICY_A, "OUTP", limit, on("2026-04-10"))
    return ALLOWANCE.fold(decide(command, Allowance())), command


def test_a_grant_is_opened_once_and_only_where_there_is_room() -> None:
    year, command = opened()
    assert decide(command, year) == []
    assert decide(OpenGrant("r-2", POLICY_A, "OUTP", 1, on("2026-04-11")), year) == []
    assert decide(OpenGrant("r-2", "p-2", "OUTP", 1, on("2026-04-11")), year) != []  # another policy, its own count


@pytest.mark.parametrize(
    "command", [SettleCount("x", "consume", "C"), CorrectCount("x", "consume"), CloseGrant("x", "C"), TellEnd("x", "C")]
)
def test_commands_on_an_unknown_grant_say_nothing(command: Any) -> None:
    assert decide(command, opened()[0]) == []


def test_the_end_of_a_cover_is_told_once_and_not_after_the_finish() -> None:
    year, _ = opened()
    told = ALLOWANCE.fold(decide(TellEnd("r-1", "LAPSE"), year), year)
    assert decide(TellEnd("r-1", "LAPSE"), told) == []
    closed = ALLOWANCE.fold(decide(CloseGrant("r-1", "DONE"), year), year)
    assert decide(TellEnd("r-1", "LAPSE"), closed) == []


def test_rows_say_what_is_left_and_how_it_was_decided() -> None:
    house, request = held()
    (row,) = allowance_rows("allowance/m-1/1", house.allowance())
    assert (row["used"], row["limit"], row["left"], row["over"]) == (1, 1, 0, 0)
    rows = [decision_row(s) for s in house.streams[f"eligibility/{request}"]]
    assert [r["outcome"] for r in rows if r] == ["GRANTED"]
    waiting = House()
    waiting.ask("2026-04-10", request="r-9")
    waiting.until(on("2026-04-11"))
    waiting.withdraw("r-9", "2026-04-12")
    rows = [decision_row(s) for s in waiting.streams["eligibility/r-9"]]
    assert [r["outcome"] for r in rows if r] == ["WAITING", "IN_REVIEW", "WITHDRAWN"]
    again = f_a()
    again.ask("2026-04-10", request="r-9", documents=[])
    again.until(on("2026-06-01"))
    assert [r["outcome"] for s in again.streams["eligibility/r-9"] if (r := decision_row(s))] == [
        "WAITING_PAPERS",
        "DENIED",
    ]


def test_a_hold_of_a_reviewed_request_is_kept_in_its_year() -> None:
    house = f_a()
    answer = house.ask("2026-04-10", diagnosis=confirmed(match="broader"))
    assert house.allowance().grants == {}
    house.review(f"{answer.request_id}-E1", "grant", "2026-04-13")
    assert house.allowance().grants[answer.request_id].judged_at == on("2026-04-10")
