"""What passes the door, what stays outside, and what nobody may ever see."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.kernel.ids import cause_of
from tests.intake.house import IN, TEN, WANG, House

SECRETS = ["王小明", "11010119900307123X", "13800001111", "B-2024-0001", "6222020200112233", "工商银行", "恶性肿瘤",
           "HY-1", "evt-1", "call-1", "INV20260001", "PAY-7788", "CLM-9900", "病历已核"]  # fmt: skip
ACCOUNT = {"holder": "patient", "name": "王小明", "bank": "工商银行", "number": "6222020200112233"}


def claim(case: str | None) -> dict[str, object]:
    care = {"kind": "outpatient", "starts_on": "2026-05-10", "ends_on": "2026-05-10", "hospital_city": "310100"}
    invoice = {
        "number": "INV20260001", "kind": "titled", "title": "上海恒予健康管理咨询有限公司", "tax_id": "91310112MA1GBAW55I",
    }  # fmt: skip
    return {
        "hukou_city": "340100", "care": [{**care, "case": case}, care], "account": ACCOUNT,
        "lines": [
            {"line": 1, "item": "TRAIN", "amount": {"fen": 20000}, "incurred_on": "2026-05-09"},
            {"line": 2, "item": "TAXI", "amount": {"fen": 4500}, "incurred_on": "2026-05-10", "invoice": invoice},
        ],
    }  # fmt: skip


async def feed_everything(house: House) -> None:
    core = {"policy_number": "B-2024-0001"}
    await house.outside("core.policies.v1", "PolicyIssued.v1", "B-2024-0001", {
        **core, "product": "B", "purchased_at": "2024-02-01T10:00:00+08:00", "issued_at": "2024-02-01T10:00:00+08:00",
        "effective_on": "2024-02-02", "ends_on": "2025-02-02", "sum_insured": {"fen": 200_000_000},
    })  # fmt: skip
    person = {"person": WANG, "birth_date": "1990-03-07", "sex": "M", "covered_from": "2024-02-02"}
    await house.outside("core.policies.v1", "MemberJoined.v1", "B-2024-0001", {**core, **person})
    await house.apply(id_="evt-1")
    await house.apply(case="HY-7", call="call-2", service="SUBSIDY", subsidy=claim("HY-1"))
    await house.say("DocumentsSubmitted.v1", "HY-7", account=ACCOUNT, vouchers=[{"line": 2}])
    request_id = house.said("RequestSubmitted.v1")[0].data["request_id"]
    await house.outside("core.claims.v1", "ClaimAdjudicated.v1", "CLM-9900", {
        **core, "claim_number": "CLM-9900", "person": WANG, "policy_year": 1, "payable": {"fen": 1},
    })  # fmt: skip
    await house.outside("core.payments.v1", "PaymentReported.v1", "PAY-7788", {
        "payment_number": "PAY-7788", "purpose": "subsidy", "request": request_id, "amount": {"fen": 5},
        "paid_at": "2026-05-05T09:00:00+08:00",
    })  # fmt: skip
    await house.outside("operations.commands.v1", "ReviewDecided.v1", "review", {
        "review_id": f"{request_id}-E1", "request": request_id, "actor": {"id": "S-1", "role": "operations"},
        "decision": "grant", "reason": "PAPERS_SEEN", "note": "病历已核",
    })  # fmt: skip


async def test_nothing_personal_is_stored_or_said_but_to_the_vendor_itself(house: House) -> None:
    await feed_everything(house)
    stored = b"\n".join(row.state + row.stream.encode() + row.key.encode() for row in house.store.rows).decode()
    own = b"\n".join(s.raw for s in house.outlet.said if not s.topic.startswith("vendor.")).decode()
    for secret in SECRETS:
        assert secret not in stored, secret
        assert json.dumps(secret)[1:-1] not in stored, secret
        assert secret not in own, secret
    receipts = b"".join(s.raw for s in house.outlet.said if s.topic.endswith("receipts.v1")).decode()
    assert "HY-1" in receipts
    assert "王小明" not in receipts


async def test_everything_said_is_in_the_words_of_its_contract(house: House) -> None:
    await feed_everything(house)
    said = {s.type: s for s in house.outlet.said if s.topic == "greenlane.intake.events.v1"}
    assert said["PolicyIssued.v1"].data["sum_insured_fen"] == 200_000_000
    policy_ref = said["PolicyIssued.v1"].data["policy_ref"]
    assert said["PolicyIssued.v1"].key == said["PolicyIssued.v1"].event["subject"] == policy_ref
    joined = said["MemberJoined.v1"]
    assert joined.key == joined.event["subject"] == joined.data["member_ref"]
    assert joined.data["policy_ref"] == policy_ref
    opened = house.said("RequestSubmitted.v1")[0].data
    assert (opened["member_ref"], opened["policy_ref"], opened["member_known"]) == (joined.key, policy_ref, True)
    assert {f["product"]: f["match"] for f in opened["diagnosis"]["findings"]}.keys() == {"A", "B"}
    assert said["ReviewDecided.v1"].data["review_id"] == f"{opened['request_id']}-E1"
    assert said["PaymentReported.v1"].event["subject"] == opened["request_id"]
    assert said["ClaimAdjudicated.v1"].event["subject"] == joined.key
    assert [text for _, text in house.vault.notes.values()] != []


async def test_SUB_25_SUB_31_accounts_and_invoices_become_references_and_comparisons(house: House) -> None:
    await feed_everything(house)
    first, second = house.said("RequestSubmitted.v1")
    said = second.data["subsidy"]
    assert said["account"]["holder"] == "patient"
    papers = house.said("PapersSubmitted.v1")[0].data
    assert papers["account"]["account_ref"] == said["account"]["account_ref"]
    told = await house.vault.tell([], [said["account"]["account_ref"]], [], "test")
    assert told.accounts[said["account"]["account_ref"]].number == "6222020200112233"
    assert [(c.get("request_id"), c["case_known"]) for c in said["care"]] == [
        (first.data["request_id"], True), (None, False),
    ]  # fmt: skip
    invoice = said["lines"][1]["invoice"]
    assert (invoice["title"], invoice["tax_id"], invoice["kind"]) == ("designated", "other", "titled")


async def test_CAT_D01_two_names_of_a_service_are_one_and_CAT_D03_an_unlisted_one_is_said_to_be(house: House) -> None:
    for n, name in enumerate(("重疾门诊安排", "专家门诊预约", "国外就医陪同")):
        await house.apply(case=f"HY-{n}", call=f"call-{n}", service=name)
    assert [s.data["service"] for s in house.said("RequestSubmitted.v1")] == ["OUTP", "OUTP", "UNLISTED"]


async def test_a_person_is_known_from_the_second_record_on_however_often_the_first_is_delivered(house: House) -> None:
    await house.apply(case="HY-1", call="call-1")
    await house.apply(case="HY-2", call="call-2")
    assert [s.data["member_known"] for s in house.said("RequestSubmitted.v1")] == [False, True]


async def test_the_same_record_again_is_a_duplicate_without_effect(house: House) -> None:
    await house.apply(id_="evt-1")
    facts = len(house.store.rows)
    again = await house.apply(id_="evt-1")
    assert [(s.type, s.data["stage"]) for s in again] == [("ReceiptGiven.v1", "duplicate")]
    assert again[0].data["receipt"] == str(cause_of("hengyu", "evt-1"))
    assert len(house.store.rows) == facts + 1
    await house.apply(id_="evt-1")
    assert [stage for _, stage, _ in house.receipts()] == ["received", "duplicate", "duplicate"]


async def test_the_same_id_with_other_content_is_quarantined_and_takes_no_effect(house: House) -> None:
    await house.apply(id_="evt-1")
    again = await house.apply(id_="evt-1", call="call-2")
    assert [s.type for s in again] == ["RecordQuarantined.v1", "ReceiptGiven.v1"]
    assert house.receipts()[-1] == ("evt-1", "quarantined", "ID_REUSED")
    assert len(house.vault.raws) == 1
    assert len(house.said("RequestSubmitted.v1")) == 1


async def test_the_same_id_of_two_senders_is_two_records(house: House) -> None:
    await house.apply(id_="evt-1")
    said = await house.outside(IN["youjia"], "MemberWaitEnded.v1", "YJ-1", {}, id_="evt-1")
    assert "quarantined" not in [s.data.get("stage") for s in said]


@pytest.mark.parametrize("value", [None, b"", b"{", b"\xff\xfe", b'{"a":1,"a":2}', b"[]", b"x" * 300_000])
async def test_what_cannot_be_read_is_kept_sealed_and_answered_by_its_place(house: House, value: bytes | None) -> None:
    notice, receipt = await house.raw(IN["hengyu"], value)
    assert notice.topic == "greenlane.quarantine.notices.v1"
    assert (receipt.data["stage"], receipt.data["place"]) == ("quarantined", "vendor.hengyu.in.events.v1/0/0")
    assert receipt.data.get("record") is None
    ((raw, sealed),) = house.vault.raws.values()
    assert raw.raw == (value or b"")
    assert not value or value not in sealed
    assert house.settled.counts == {"quarantined": 1}


async def test_a_quarantined_record_does_not_take_its_id(house: House) -> None:
    await house.outside(IN["hengyu"], "ServiceRequested.v1", "HY-1", {"service": "OUTP"}, id_="evt-1")
    assert house.receipts() == [("evt-1", "quarantined", "CONTRACT_INVALID")]
    await house.apply(id_="evt-1")
    assert house.receipts()[-1] == ("evt-1", "received", None)


async def test_an_application_and_its_first_words_may_come_in_one_batch(house: House) -> None:
    def record(id_: str, type_: str, data: dict[str, object]) -> object:
        event = {
            "specversion": "1.0",
            "id": id_,
            "type": type_,
            "subject": "HY-1",
            "time": TEN.isoformat(),
            "data": data,
        }
        return house.record(IN["hengyu"], json.dumps(event).encode(), b"HY-1")

    application = {"service": "OUTP", "channel": {"hotline": "400-967-6500", "call_id": "c"}, "person": WANG}
    said = await house.handle(
        record("1", "ServiceRequested.v1", application),  # type: ignore[arg-type]
        record("2", "ContactReported.v1", {"stage": "first_response"}),  # type: ignore[arg-type]
    )
    assert [s.type for s in said] == ["RequestSubmitted.v1", "ReceiptGiven.v1", "ContactReported.v1", "ReceiptGiven.v1"]
    assert said[2].event["subject"] == said[0].data["request_id"]


async def test_people_of_ours_decide_on_requests_and_reviews_that_can_exist(house: House) -> None:
    await house.apply()
    request_id = house.said("RequestSubmitted.v1")[0].data["request_id"]
    actor = {"id": "S-1", "role": "operations"}

    async def decide(request: str, review: str) -> object:
        data = {"review_id": review, "request": request, "actor": actor, "decision": "grant", "reason": "OK"}
        said = await house.outside("operations.commands.v1", "ReviewDecided.v1", "r", data)
        return said[0].data.get("reason") if said[0].type == "RecordAnswered.v1" else said[0].type

    assert await decide(request_id, f"{request_id}-E1") == "ReviewDecided.v1"
    assert await decide("somebody", "somebody-E1") == "UNKNOWN_CASE"
    assert await decide(request_id, f"{request_id}-X1") == "UNKNOWN_REVIEW"
    order = {"request": request_id, "actor": actor, "amount": {"fen": 1}, "reason": "BANKRUPT"}
    said = await house.outside("operations.commands.v1", "WriteOffOrdered.v1", "w", order)
    assert (said[0].data["reason"], said[0].data["rule"]) == ("NOT_ITS_SERVICE", "CAT-09")


async def test_a_payment_nobody_can_place_is_heard_all_the_same(house: House) -> None:
    data = {
        "payment_number": "PAY-1", "purpose": "other", "request": "who-knows", "amount": {"fen": 1},
        "paid_at": "2026-05-05T09:00:00+08:00",
    }  # fmt: skip
    (said,) = await house.outside("core.payments.v1", "PaymentReported.v1", "PAY-1", data)
    assert "request_id" not in said.data
    assert said.key == said.event["subject"] == said.data["payment_key"]


async def test_people_of_ours_decide_on_money_without_a_case_under_the_key_of_its_payment(house: House) -> None:
    paid = {
        "payment_number": "PAY-1", "purpose": "deposit", "amount": {"fen": 1}, "paid_at": "2026-05-05T09:00:00+08:00",
    }  # fmt: skip
    (reported,) = await house.outside("core.payments.v1", "PaymentReported.v1", "PAY-1", paid)
    key = reported.data["payment_key"]
    actor = {"id": "S-1", "role": "finance"}

    async def decide(request: str, review: str) -> Any:
        data = {"review_id": review, "request": request, "actor": actor, "decision": "grant", "reason": "OK"}
        (said,) = await house.outside("operations.commands.v1", "ReviewDecided.v1", "r", data)
        return said

    passed = await decide(key, f"{key}-A1")
    assert (passed.type, passed.data["request_id"], passed.event["subject"]) == ("ReviewDecided.v1", key, key)
    assert passed.key == reported.key == key
    assert (await decide(key, f"{key}-B2")).type == "ReviewDecided.v1"
    assert (await decide(key, f"{key}-E1")).data["reason"] == "UNKNOWN_REVIEW"
    stranger = f"p_{'0' * 24}"
    assert (await decide(stranger, f"{stranger}-A1")).data["reason"] == "UNKNOWN_CASE"
    order = {"request": key, "actor": actor, "amount": {"fen": 1}, "reason": "BANKRUPT"}
    (said,) = await house.outside("operations.commands.v1", "WriteOffOrdered.v1", "w", order)
    assert said.data["reason"] == "UNKNOWN_CASE"


async def test_a_payment_that_names_a_case_of_another_service_can_be_decided_on_too(house: House) -> None:
    """An advance's money for an appointment: advance_pay knows no such case, and asks under the payment's key."""
    await house.apply()
    request_id = house.said("RequestSubmitted.v1")[0].data["request_id"]
    paid = {
        "payment_number": "PAY-2", "purpose": "deposit", "amount": {"fen": 1}, "request": request_id,
        "paid_at": "2026-05-05T09:00:00+08:00",
    }  # fmt: skip
    (reported,) = await house.outside("core.payments.v1", "PaymentReported.v1", "PAY-2", paid)
    key, actor = reported.data["payment_key"], {"id": "S-1", "role": "finance"}
    data = {"review_id": f"{key}-A1", "request": key, "actor": actor, "decision": "grant", "reason": "OK"}
    (said,) = await house.outside("operations.commands.v1", "ReviewDecided.v1", "r", data)
    assert said.type == "ReviewDecided.v1"


@pytest.mark.parametrize(
    ("claimed", "counts"),
    [
        (timedelta(), timedelta()), (timedelta(minutes=-10), timedelta(minutes=-10)),
        (timedelta(minutes=-11), timedelta()), (timedelta(seconds=1), timedelta()),
    ],
)  # fmt: skip
async def test_a_senders_time_counts_within_ten_minutes_before_the_append_and_never_after(
    house: House, claimed: timedelta, counts: timedelta
) -> None:
    event = {
        "specversion": "1.0", "id": "1", "type": "MemberWaitEnded.v1", "subject": "HY-1",
        "time": (TEN + claimed).isoformat(), "data": {},
    }  # fmt: skip
    said = await house.handle(house.record(IN["hengyu"], json.dumps(event).encode(), b"HY-1", TEN))
    assert said[0].event["time"] == (TEN + counts).isoformat()
