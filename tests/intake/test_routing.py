"""Who serves what, on which hotline."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.domain.catalogue import route
from tests.intake.house import HENGYU, TEN, TERMS, YOUJIA, House


@pytest.mark.parametrize("product", ["A", "B"])
@pytest.mark.parametrize("service", ["OUTP", "SUBSIDY", "EXAM", "INP", "SURG", "PROTON", "PSYCH"])
def test_CAT_07_every_green_request_goes_to_hengyu(product: str, service: str) -> None:
    routed = route(TERMS, service, product, "hengyu", HENGYU, TEN)
    assert (routed.vendor, routed.refused) == ("hengyu", None)
    assert "CAT-07" in routed.rules


@pytest.mark.parametrize("product", ["A", "B"])
def test_CAT_09_an_advance_goes_to_youjia_never_to_hengyu(product: str) -> None:
    routed = route(TERMS, "ADVANCE", product, "youjia", YOUJIA, TEN)
    assert (routed.vendor, routed.refused) == ("youjia", None)
    assert "CAT-09" in routed.rules
    assert route(TERMS, "ADVANCE", product, "hengyu", HENGYU, TEN).refused == "WRONG_CHANNEL"


@pytest.mark.parametrize(
    ("rule", "product", "service", "hotline"),
    [
        ("INT-01", "A", "OUTP", HENGYU), ("INT-14", "B", "OUTP", HENGYU), ("ADV-05", "A", "ADVANCE", YOUJIA),
        ("ADV-18", "B", "ADVANCE", YOUJIA), ("SUB-32", "B", "SUBSIDY", HENGYU),
    ],
)  # fmt: skip
def test_INT_01_INT_14_ADV_05_ADV_18_SUB_32_each_service_has_its_hotline(
    rule: str, product: str, service: str, hotline: str
) -> None:
    vendor = "hengyu" if hotline == HENGYU else "youjia"
    other = YOUJIA if hotline == HENGYU else HENGYU
    assert rule in route(TERMS, service, product, vendor, hotline, TEN).rules
    assert route(TERMS, service, product, vendor, hotline.replace("-", ""), TEN).refused is None
    wrong = route(TERMS, service, product, vendor, other, TEN)
    assert (wrong.refused, wrong.remedy["hotline"]) == ("WRONG_CHANNEL", hotline)


def test_a_service_in_no_catalogue_stays_with_its_sender_and_repeats_no_unprinted_number() -> None:
    routed = route(TERMS, "UNLISTED", "B", "hengyu", "13800001111", TEN)
    assert (routed.vendor, routed.hotline, routed.refused) == ("hengyu", "OTHER", None)


def test_a_request_without_a_product_is_routed_by_every_edition_in_force() -> None:
    assert route(TERMS, "OUTP", None, "hengyu", HENGYU, TEN).refused is None
    assert route(TERMS, "OUTP", None, "youjia", YOUJIA, TEN).remedy == {"vendor": "hengyu", "hotline": HENGYU}


async def test_INT_14_a_request_phoned_at_night_is_opened_at_once(house: House) -> None:
    said = await house.apply(at=TEN.replace(hour=22))
    opened = next(s for s in said if s.type == "RequestSubmitted.v1")
    assert (opened.data["vendor"], opened.data["hotline"], opened.data["service"]) == ("hengyu", HENGYU, "OUTP")
    assert opened.event["time"] == "2026-05-05T22:00:00+08:00"


async def test_INT_01_a_green_request_of_A_is_opened_when_the_member_phones(house: House) -> None:
    said = await house.apply(product="A", at=TEN.replace(hour=2, minute=15))
    opened = next(s for s in said if s.type == "RequestSubmitted.v1")
    assert opened.data["product"] == "A"
    assert opened.event["time"] == "2026-05-05T02:15:00+08:00"


async def test_INT_D04_an_advance_asked_of_hengyu_is_refused_with_the_right_channel_and_opens_nothing(
    house: House,
) -> None:
    said = await house.apply(service="住院垫付")
    assert house.said("RequestSubmitted.v1") == []
    answered = next(s for s in said if s.type == "RecordAnswered.v1")
    assert (answered.data["answer"], answered.data["reason"], answered.data["rule"]) == (
        "refused", "WRONG_CHANNEL", "INT-D04",
    )  # fmt: skip
    assert house.receipts() == [("evt-1", "received", None), ("evt-1", "refused", "WRONG_CHANNEL")]
    refused = next(s for s in said if s.data.get("stage") == "refused")
    assert refused.data["remedy"] == {"vendor": "youjia", "hotline": YOUJIA}
    assert (refused.data["case"], refused.data["pointer"]) == ("HY-1", "/data/service")
    stored = [r for r in house.store.rows if r.name == "RecordRefused.v1"]
    assert len(house.store.rows) == len(stored) == 1
    assert b'"call":"c_' in stored[0].state


async def test_INT_D04_the_right_service_on_the_wrong_hotline_is_refused_too(house: House) -> None:
    said = await house.apply(hotline=YOUJIA)
    refused = next(s for s in said if s.data.get("stage") == "refused")
    assert (refused.data["pointer"], refused.data["remedy"]["hotline"]) == ("/data/channel/hotline", HENGYU)


async def test_INT_D01_the_same_call_twice_is_one_request(house: House) -> None:
    first = await house.apply(id_="evt-1")
    again = await house.apply(id_="evt-2", case="HY-2")
    assert [s.type for s in first].count("RequestSubmitted.v1") == 1
    assert [s.type for s in again].count("RequestSubmitted.v1") == 0
    assert house.receipts()[-2:] == [("evt-2", "received", None), ("evt-2", "applied", "REQUEST_REPEATED")]
    said = await house.say("ContactReported.v1", "HY-2", stage="first_response")
    opened = next(s for s in first if s.type == "RequestSubmitted.v1")
    contact = next(s for s in said if s.type == "ContactReported.v1")
    assert contact.event["subject"] == opened.data["request_id"] == opened.event["subject"]


@pytest.mark.parametrize(
    "other", [{"call": "call-2"}, {"product": "A"}, {"policy_number": "B-2024-0002"}, {"service": "SUBSIDY"}]
)
async def test_INT_D01_another_call_product_policy_or_service_is_another_request(
    house: House, other: dict[str, Any]
) -> None:
    await house.apply(case="HY-1")
    await house.apply(case="HY-2", **other)
    assert len({s.data["request_id"] for s in house.said("RequestSubmitted.v1")}) == 2


async def test_a_reference_in_use_does_not_open_a_second_request(house: House) -> None:
    await house.apply(call="call-1")
    await house.apply(call="call-2")
    assert len(house.said("RequestSubmitted.v1")) == 1
    assert house.receipts()[-1] == ("evt-2", "refused", "REFERENCE_IN_USE")
