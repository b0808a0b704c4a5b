"""What is said of a case, its clocks, its receipts and orders, its end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from shared.contracts.base import AskedRule
from shared.contracts.entitlement import EligibilityDenied, EligibilityWithdrawn
from shared.contracts.messaging import ClockDue, OutcomeTold, RecordAnswered, RequestFinished, WorkOrderIssued
from shared.kernel.ids import cause_of, named
from tests.intake.house import IN, TEN, WANG, YOUJIA, House, Said

MINUTE = timedelta(minutes=1)


def request_of(house: House) -> str:
    return str(house.said("RequestSubmitted.v1")[0].data["request_id"])


def member_of(house: House) -> str:
    return str(house.said("RequestSubmitted.v1")[0].data["member_ref"])


async def test_a_saying_goes_out_under_its_own_type_keyed_by_the_member(house: House) -> None:
    await house.apply()
    said = await house.say("MemberWaitStarted.v1", waiting_for="documents")
    wait = next(s for s in said if s.type == "MemberWaitStarted.v1")
    assert wait.topic == "greenlane.intake.events.v1"
    assert (wait.key, wait.event["subject"], wait.data) == (
        member_of(house), request_of(house), {"waiting_for": "documents"},
    )  # fmt: skip
    assert house.receipts()[-1] == ("evt-2", "received", None)


async def test_INT_39_an_unknown_case_and_another_vendors_case_get_the_identical_answer(house: House) -> None:
    await house.apply()
    other = await house.say("MemberWaitEnded.v1", "HY-1", "youjia")
    unknown = await house.say("MemberWaitEnded.v1", "HY-9", "youjia")

    def answer(said: list[Said]) -> list[dict[str, object]]:
        receipts = [dict(s.data) for s in said if s.topic.endswith("receipts.v1")]
        return [{k: v for k, v in r.items() if k not in ("receipt", "record", "case")} for r in receipts]

    assert answer(other) == answer(unknown)
    assert answer(other)[1] == {
        "stage": "refused", "reason": "UNKNOWN_CASE", "rule": "INT-39", "pointer": "/subject",
        "type": "MemberWaitEnded.v1", "remedy": {},
    }  # fmt: skip
    assert house.said("MemberWaitEnded.v1") == []


@pytest.mark.parametrize(
    ("rule", "vendor", "service", "type_", "data"),
    [
        ("CAT-07", "hengyu", "重疾门诊安排", "GuidanceGiven.v1", {}),
        ("CAT-07", "hengyu", "异地就医补贴", "VisitMissed.v1", {}),
        ("CAT-09", "youjia", "住院垫付", "AccompanimentDeclined.v1", {}),
    ],
)
async def test_CAT_07_CAT_09_what_does_not_belong_to_the_service_is_refused(
    house: House, rule: str, vendor: str, service: str, type_: str, data: dict[str, object]
) -> None:
    hotline = YOUJIA if vendor == "youjia" else "400-967-6500"
    await house.apply(vendor, service=service, hotline=hotline)
    said = await house.outside(IN[vendor], type_, "HY-1", data)
    refused = next(s for s in said if s.data.get("stage") == "refused")
    assert (refused.data["reason"], refused.data["rule"], refused.data["pointer"]) == ("NOT_ITS_SERVICE", rule, "/type")


async def test_what_comes_after_the_end_still_goes_out(house: House) -> None:
    await house.apply()
    finished = RequestFinished(request_id=request_of(house), service="OUTP", outcome="CLOSED_ATTENDED")
    said = await house.hear("scheduling", request_of(house), finished)
    assert [(s.type, s.data.get("said_by")) for s in said] == [
        ("RequestClosed.v1", "scheduling"),
        ("CaseClosed.v1", None),
    ]
    assert await house.hear("scheduling", request_of(house), finished) == []
    late = await house.say("MemberWaitEnded.v1")
    assert "MemberWaitEnded.v1" in [s.type for s in late]


async def test_a_denial_closes_the_request_and_tells_the_vendor_with_the_words_of_the_handbook(house: House) -> None:
    await house.apply()
    denied = EligibilityDenied(
        request_id=request_of(house), service="OUTP", vendor="hengyu", product="B", edition="B-202501-DG-01",
        member_ref=member_of(house),
        receipt=[
            AskedRule(rule="ENT-03", outcome="pass"),
            AskedRule(rule="ENT-02", outcome="refuse", reason="PURCHASE_BEFORE_CUTOFF", facts={"day": "2024-01-07"}),
        ],
    )  # fmt: skip
    said = await house.hear("entitlement", request_of(house), denied)
    told, closed, last = said
    assert (told.topic, told.key) == ("vendor.hengyu.out.orders.v1", "HY-1")
    assert (told.data["case"], told.data["decision"], last.data["case"]) == ("HY-1", "DENIED", "HY-1")
    assert [r["rule"] for r in told.data["reasons"]] == ["ENT-02"]
    assert "2024年1月8日" in told.data["reasons"][0]["clauses"][0]["quote"]
    assert (closed.type, closed.data["outcome"]) == ("RequestClosed.v1", "DENIED")


async def test_a_withdrawal_before_the_grant_closes_the_request(house: House) -> None:
    await house.apply()
    gone = EligibilityWithdrawn(request_id=request_of(house), service="OUTP", vendor="hengyu")
    said = await house.hear("entitlement", request_of(house), gone)
    assert [(s.type, s.data["outcome"]) for s in said] == [
        ("RequestClosed.v1", "WITHDRAWN"),
        ("CaseClosed.v1", "WITHDRAWN"),
    ]


async def test_a_work_order_gets_the_person_at_the_last_moment_and_goes_out_without_where_erased(house: House) -> None:
    await house.apply()
    request_id = request_of(house)
    ordered = WorkOrderIssued(
        request_id=request_id, vendor="hengyu", service="OUTP", action="ARRANGE", details={"department": "ONCOLOGY"}
    )
    (order,) = await house.hear("scheduling", request_id, ordered)
    assert (order.topic, order.key, order.data["case"]) == ("vendor.hengyu.out.orders.v1", "HY-1", "HY-1")
    assert (order.data["particulars"], order.data["person"]) == ("GIVEN", WANG)
    assert house.vault.disclosures[-1] == (member_of(house), "vendor.hengyu.out.orders.v1")
    await house.vault.erase(member_of(house))
    (order,) = await house.hear("scheduling", request_id, ordered)
    assert (order.data["particulars"], order.data.get("person")) == ("PARTICULARS_ERASED", None)
    assert order.data["details"] == {"department": "ONCOLOGY"}


async def test_an_outcome_is_passed_on_once(house: House) -> None:
    await house.apply()
    request_id = request_of(house)
    outcome = OutcomeTold(request_id=request_id, vendor="hengyu", service="OUTP", outcome="CANCELLED")
    (told,) = await house.hear("scheduling", request_id, outcome, id_="one")
    assert (told.type, told.data["outcome"]) == ("CaseOutcome.v1", "CANCELLED")
    assert await house.hear("scheduling", request_id, outcome, id_="one") == []


async def test_every_record_of_a_vendor_gets_two_receipts_under_one_id(house: House) -> None:
    await house.apply()
    cause = str(cause_of("hengyu", "evt-1"))
    answer = RecordAnswered(cause=cause, answer="applied")
    await house.hear("entitlement", request_of(house), answer)
    await house.hear("entitlement", request_of(house), answer)
    receipts = [s for s in house.outlet.said if s.topic.endswith("receipts.v1")]
    assert [(s.data["receipt"], s.data["stage"]) for s in receipts] == [(cause, "received"), (cause, "applied")]
    assert {s.data["case"] for s in receipts} == {"HY-1"}


async def test_the_answer_to_a_core_record_is_no_vendors_business(house: House) -> None:
    answer = RecordAnswered(cause=str(UUID(int=1)), answer="applied")
    assert await house.hear("entitlement", "p_" + "a" * 24, answer) == []


# -- clocks ---------------------------------------------------------------------------------------------------------


async def test_SLA_37_contacted_at_half_an_hour_is_met(house: House) -> None:
    await house.apply()
    house.now = TEN + 30 * MINUTE
    await house.say("ContactReported.v1", stage="first_response")
    assert await house.pass_time(MINUTE) == []
    assert house.said("ClockBreached.v1") == []


async def test_SLA_37_contacted_a_minute_later_is_a_breach(house: House) -> None:
    await house.apply()
    house.now = TEN + 31 * MINUTE
    await house.say("ContactReported.v1", stage="first_response")
    breach = house.said("ClockBreached.v1")[0]
    assert (breach.data["clock"], breach.data["rule"], breach.data["basis"]) == ("B-GREEN-RESPONSE", "SLA-37", "hard")
    assert breach.data["due_at"] == "2026-05-05T10:30:00+08:00"
    await house.pass_time(MINUTE)
    assert len(house.said("ClockBreached.v1")) == 1


async def test_SLA_37_no_contact_at_all_is_a_breach_once_everything_inbound_is_read(house: House) -> None:
    await house.apply()
    house.ends[f"{IN['youjia']}/0"] = 1  # a record of the other vendor lies there unread
    assert await house.pass_time(31 * MINUTE) == []
    house.ends[f"{IN['youjia']}/0"] = 0
    await house.say("MemberWaitEnded.v1", "YJ-1", "youjia")
    said = await house.pass_time(MINUTE)
    assert [s.type for s in said] == ["ClockBreached.v1"]


@pytest.mark.parametrize(
    ("rule", "product", "applied", "due"),
    [
        ("SLA-31", "A", TEN, "2026-05-05T10:30:00+08:00"),
        ("SLA-56", "B", TEN.replace(hour=20, minute=50), "2026-05-05T21:20:00+08:00"),
        ("SLA-56", "B", TEN.replace(hour=21, minute=10), "2026-05-06T09:30:00+08:00"),
    ],
)
async def test_SLA_31_SLA_56_SLA_D02_an_advance_is_answered_in_half_an_hour_of_service_time(
    house: House, rule: str, product: str, applied: object, due: str
) -> None:
    assert isinstance(applied, type(TEN))
    house.now = applied
    await house.apply("youjia", service="住院垫付", hotline=YOUJIA, product=product)
    said = await house.pass_time(timedelta(days=1))
    assert [(s.data["rule"], s.data["due_at"]) for s in said] == [(rule, due)]


async def test_A_prints_no_first_response_for_green(house: House) -> None:
    await house.apply(product="A")
    assert await house.pass_time(timedelta(days=1)) == []


async def test_a_closed_request_has_no_running_clock(house: House) -> None:
    await house.apply()
    gone = EligibilityWithdrawn(request_id=request_of(house), service="OUTP", vendor="hengyu")
    await house.hear("entitlement", request_of(house), gone)
    assert await house.pass_time(timedelta(hours=1)) == []


async def test_nothing_heard_answers_a_performers_clock_once_everything_inbound_is_read(house: House) -> None:
    await house.apply(product="A")
    request_id, due = request_of(house), TEN + timedelta(days=3)
    house.now = due
    house.ends[f"{IN['youjia']}/0"] = 1
    await house.hear("scheduling", request_id, ClockDue(request_id=request_id, clock="A-OUTP-FEEDBACK", due_at=due))
    assert await house.pass_time(MINUTE) == []
    house.ends[f"{IN['youjia']}/0"] = 0
    await house.say("MemberWaitEnded.v1", "YJ-1", "youjia")
    (heard,) = await house.pass_time(MINUTE)
    assert (heard.type, heard.key, heard.event["subject"]) == ("NothingHeard.v1", member_of(house), request_id)
    assert heard.data == {"clock": "A-OUTP-FEEDBACK", "due_at": "2026-05-08T10:00:00+08:00"}


async def test_a_clock_of_a_request_nobody_knows_is_left_alone(house: House) -> None:
    nobody = str(named("request", "hengyu", "nobody"))
    due = ClockDue(request_id=nobody, clock="A-OUTP-FEEDBACK", due_at=TEN)
    assert await house.hear("scheduling", nobody, due) == []
