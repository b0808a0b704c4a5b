"""Money that names no case of ours: it is booked, finance is asked under the payment's key, and finance can settle it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from services.front.box import Box
from services.front.wirings import wirings
from services.intake.app import open_door
from services.intake.messaging.last_moment import at_the_last_moment
from shared.handbook import load_editions
from shared.kernel.instant import CST
from shared.privacy.crypto import Cipher
from shared.privacy.keys import make_keys
from shared.privacy.memory import MemoryVault
from shared.privacy.references import DerivedReferences
from shared.runtime.process import Extras
from shared.runtime.topics import EVENTS

TEN = datetime(2026, 9, 24, 10, tzinfo=CST)


class House:
    """Five services in one box, records in, events out."""

    def __init__(self) -> None:
        self.box = Box(TEN)
        self._sent = 0

    async def open(self) -> House:
        editions = load_editions()
        vault = MemoryVault(Cipher(make_keys(lambda n: b"k" * n), lambda n: b"0" * n), DerivedReferences())
        for name, wiring in wirings(editions).items():
            extras = Extras(door=open_door(vault, editions, wiring), enrich=at_the_last_moment(vault))
            await self.box.add(wiring, extras if name == "intake" else None)
        return self

    async def send(self, topic: str, source: str, type_: str, subject: str, data: dict[str, Any]) -> None:
        self._sent += 1
        event = {
            "specversion": "1.0", "id": f"evt-{self._sent}", "source": source, "type": type_, "subject": subject,
            "time": TEN.isoformat(), "data": data,
        }  # fmt: skip
        self.box.bus.put(topic, subject.encode(), json.dumps(event).encode(), (), TEN)
        await self.box.settle()

    async def pay(self, number: str, purpose: str, fen: int = 500_000) -> None:
        data = {
            "payment_number": number, "purpose": purpose, "amount": {"fen": fen}, "paid_at": TEN.isoformat(),
        }  # fmt: skip
        await self.send("core.payments.v1", "core-payments", "PaymentReported.v1", number, data)

    async def decide(self, asked: dict[str, Any], decision: str, role: str = "finance") -> None:
        data = {
            "review_id": asked["review_id"], "request": asked["request_id"], "decision": decision,
            "actor": {"id": "staff-1", "role": role}, "reason": "LOOKED_AT",
        }  # fmt: skip
        await self.send("operations.commands.v1", "operations", "ReviewDecided.v1", f"ops-{self._sent}", data)

    def said(self, type_: str) -> list[dict[str, Any]]:
        events = [json.loads(r.value or b"{}") for t in EVENTS for r in self.box.bus.of(t.name)]
        return [e["data"] for e in events if e["type"] == f"{type_}.v1"]

    @property
    def answers(self) -> list[tuple[str, str | None]]:
        return [(a["answer"], a.get("reason")) for a in self.said("RecordAnswered")]


@pytest.fixture
async def house() -> House:
    return await House().open()


@pytest.mark.parametrize(
    ("purpose", "letter", "decision", "settled"),
    [
        ("deposit", "A", "grant", "SuspenseCleared"),
        ("refund", "A", "grant", "SuspenseCleared"),
        ("other", "A", "refuse", "SuspenseCleared"),
        ("subsidy", "B", "grant", "SuspenseSettled"),
        ("subsidy", "B", "refuse", "SuspenseSettled"),
    ],
)
async def test_ADV_D03_SUB_D03_finance_settles_money_that_names_no_case(
    house: House, purpose: str, letter: str, decision: str, settled: str
) -> None:
    await house.pay("PAY-1", purpose)
    assert [raised["amount_fen"] for raised in house.said("SuspenseRaised")] == [500_000]
    (asked,) = house.said("ReviewOpened")
    assert asked["review_id"] == f"{asked['request_id']}-{letter}1"
    assert asked["owner"] == "finance"
    await house.decide(asked, decision)
    assert [closed["review_id"] for closed in house.said("ReviewClosed")] == [asked["review_id"]]
    assert len(house.said(settled)) == 1
    assert house.answers == [("applied", None), ("applied", None)]


@pytest.mark.parametrize("purpose", ["deposit", "subsidy"])
async def test_only_finance_and_only_once(house: House, purpose: str) -> None:
    await house.pay("PAY-1", purpose)
    (asked,) = house.said("ReviewOpened")
    await house.decide(asked, "grant", role="operations")
    await house.decide(asked, "grant")
    await house.decide(asked, "refuse")
    await house.decide(asked | {"review_id": asked["review_id"][:-1] + "7"}, "grant")
    assert sorted(house.answers, key=str) == [
        ("applied", None),
        ("applied", None),
        ("refused", "REVIEW_NOT_OPEN"),
        ("refused", "ROLE_NOT_ALLOWED"),
        ("refused", "UNKNOWN_REVIEW"),
    ]
    assert len(house.said("ReviewClosed")) == 1


async def test_a_payment_that_nobody_reported_cannot_be_decided_on(house: House) -> None:
    stranger = f"p_{'0' * 24}"
    await house.decide({"review_id": f"{stranger}-A1", "request_id": stranger}, "grant")
    assert house.answers == [("refused", "UNKNOWN_CASE")]
