"""Intake whole, over the twins in memory: raw records in, everything that it says out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel

from services.intake.app import open_door, wire
from services.intake.messaging.last_moment import at_the_last_moment
from shared.calendar import china_calendar
from shared.event_store.memory import MemoryStore
from shared.handbook import Editions, load_editions
from shared.kernel.ids import named
from shared.kernel.instant import CST, to_epoch_ms
from shared.messaging.codec import Record
from shared.messaging.engine import Engine
from shared.messaging.items import Settled
from shared.privacy.crypto import Cipher
from shared.privacy.keys import make_keys
from shared.privacy.memory import MemoryVault
from shared.privacy.references import DerivedReferences
from shared.relay.relay import Relay
from tests.privacy.conftest import counted_entropy

HENGYU, YOUJIA = "400-967-6500", "400-819-6660"
IN = {"hengyu": "vendor.hengyu.in.events.v1", "youjia": "vendor.youjia.in.events.v1"}
TEN = datetime(2026, 5, 5, 10, 0, tzinfo=CST)
WANG: dict[str, Any] = {
    "name": "王小明", "id_type": "resident_id", "id_number": "11010119900307123X", "phone": "13800001111",
}  # fmt: skip
TERMS: Editions = load_editions()
CALENDAR = china_calendar()


class Said:
    """One published record, read back."""

    def __init__(self, topic: str, key: bytes, value: bytes) -> None:
        self.topic, self.key = topic, key.decode()
        self.event: dict[str, Any] = json.loads(value)
        self.type: str = self.event["type"]
        self.data: dict[str, Any] = self.event["data"]
        self.raw = value


class Outlet:
    def __init__(self) -> None:
        self.said: list[Said] = []

    async def send(self, events: Any) -> None:
        self.said += [Said(*event) for event in events]


class House:
    """Send records, let other services speak, let time pass; see what is said."""

    def __init__(self) -> None:
        entropy = counted_entropy("house")
        self.now = TEN
        self.vault = MemoryVault(Cipher(make_keys(entropy), entropy), DerivedReferences())
        self.wiring = wire(TERMS, CALENDAR)
        self.store = MemoryStore(lambda: self.now)
        self.ends: dict[str, int] = {}
        self.engine = Engine(self.wiring, self.store, open_door(self.vault, TERMS, self.wiring), ends=self._ends)
        self.outlet = Outlet()
        self.relay = Relay(self.engine, self.store, self.outlet, at_the_last_moment(self.vault))
        self._turn = 0

    async def _ends(self) -> Mapping[str, int]:
        return dict(self.ends)

    async def start(self) -> House:
        for topic in self.wiring.hears:
            await self.store.open_position(topic, 0, 0, "one")
            self.ends[f"{topic}/0"] = 0
        await self.engine.resume()
        return self

    def record(self, topic: str, value: bytes | None, key: bytes | None, at: datetime | None = None) -> Record:
        offset = self.ends[f"{topic}/0"]
        self.ends[f"{topic}/0"] += 1
        return Record(topic, 0, offset, key, value, (), to_epoch_ms(at or self.now))

    async def raw(self, topic: str, value: bytes | None, key: bytes | None = b"HY-1") -> list[Said]:
        return await self.handle(self.record(topic, value, key))

    async def handle(self, *records: Record) -> list[Said]:
        before = len(self.outlet.said)
        self.settled: Settled = await self.engine.handle(records)
        assert not self.engine.parked, "a handler raised"
        await self.publish()
        return self.outlet.said[before:]

    async def publish(self) -> None:
        while await self.relay.step():
            pass

    async def outside(
        self, topic: str, type_: str, subject: str, data: Mapping[str, Any], *, id_: str | None = None,
        at: datetime | None = None, **more: Any,
    ) -> list[Said]:  # fmt: skip
        self._turn += 1
        when = at or self.now
        event = {
            "specversion": "1.0", "id": id_ or f"evt-{self._turn}", "type": type_, "subject": subject,
            "time": when.isoformat(), "data": data, **more,
        }  # fmt: skip
        return await self.handle(self.record(topic, json.dumps(event).encode(), subject.encode(), when))

    async def apply(
        self, vendor: str = "hengyu", case: str = "HY-1", *, service: str = "重疾门诊安排", hotline: str = HENGYU,
        call: str = "call-1", id_: str | None = None, at: datetime | None = None, **more: Any,
    ) -> list[Said]:  # fmt: skip
        data = {
            "service": service, "channel": {"hotline": hotline, "call_id": call}, "person": WANG, "product": "B",
            "policy_number": "B-2024-0001", "diagnosis": {"name": "恶性肿瘤", "status": "suspected"}, **more,
        }  # fmt: skip
        return await self.outside(IN[vendor], "ServiceRequested.v1", case, data, id_=id_, at=at)

    async def say(self, type_: str, case: str = "HY-1", vendor: str = "hengyu", **data: Any) -> list[Said]:
        return await self.outside(IN[vendor], type_, case, data)

    async def hear(self, service: str, subject: str, event: BaseModel, *, id_: str | None = None) -> list[Said]:
        """Let another service say an event."""
        self._turn += 1
        source = f"greenlane/{service}"
        envelope = {
            "id": str(named("test", id_ or str(self._turn))), "source": source, "type": f"{type(event).__name__}.v1",
            "subject": subject, "time": self.now.isoformat(), "correlationid": str(UUID(int=self._turn)),
            "data": msgspec.Raw(event.model_dump_json().encode()),
        }  # fmt: skip
        return await self.handle(self.record(f"greenlane.{service}.events.v1", msgspec.json.encode(envelope), b"key"))

    async def pass_time(self, by: timedelta) -> list[Said]:
        """Move the clock and fire what is due, in rounds, as the scheduler does."""
        self.now += by
        before = len(self.outlet.said)
        while due := await self.store.due_timers(100):
            await self.engine.fire(due)
            assert not self.engine.parked, "a handler raised"
        await self.publish()
        return self.outlet.said[before:]

    def said(self, type_: str) -> list[Said]:
        return [s for s in self.outlet.said if s.type == type_]

    def receipts(self, vendor: str = "hengyu") -> list[tuple[Any, Any, Any]]:
        topic = f"vendor.{vendor}.out.receipts.v1"
        return [
            (s.data.get("record"), s.data["stage"], s.data.get("reason")) for s in self.outlet.said if s.topic == topic
        ]
