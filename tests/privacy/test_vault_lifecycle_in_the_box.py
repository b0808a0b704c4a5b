"""A settled member is erased in the middle of a running house: orders say so, and everything else goes on as before."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from services.front.box import Box
from services.front.player import Line, read_recording
from services.front.ties import Streams
from services.front.warden import Warden
from services.front.wirings import wirings
from services.intake.app import open_door
from services.intake.messaging.last_moment import at_the_last_moment
from shared.event_store.commit import Row
from shared.handbook import load_editions
from shared.kernel.ids import cause_of, named
from shared.privacy.crypto import Cipher
from shared.privacy.keys import make_keys
from shared.privacy.memory import MemoryVault
from shared.privacy.references import DerivedReferences
from shared.runtime.process import Extras

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HENGYU, RECEIPTS = "vendor.hengyu.out.orders.v1", "vendor.hengyu.out.receipts.v1"
LATE = "evt-late"
CASE = "HY-20260924-0031"  # an appointment, attended on 13 October
SETTLED = datetime.fromisoformat("2026-10-14T00:00:00+08:00")
UNTIL = datetime.fromisoformat("2026-12-01T00:00:00+08:00")


@dataclass
class BoxStreams:
    """`Streams` of the box."""

    box: Box

    def _rows(self, service: str) -> list[Row]:
        return self.box.rooms[service].store.rows

    async def of(self, service: str, streams: Sequence[str]) -> Mapping[str, list[Row]]:
        return await self.box.rooms[service].store.load(streams)

    async def keyed(self, service: str, prefix: str, key: str) -> Mapping[str, list[Row]]:
        named_so = {r.stream for r in self._rows(service) if r.key == key and r.stream.startswith(f"{prefix}/")}
        return await self.of(service, sorted(named_so))

    async def parked(self, subjects: Sequence[str]) -> list[str]:
        waiting = [await room.store.parked_subjects() for room in self.box.rooms.values()]
        return sorted(set().union(*waiting) & set(subjects))

    async def records_of(self, key: str) -> list[UUID]:
        others = {r.correlation for r in self._rows("intake") if r.key != key}
        return sorted({r.correlation for r in self._rows("intake") if r.key == key} - others)


@dataclass
class Ground:
    """The house in the box, its vault and its warden."""

    box: Box
    vault: MemoryVault
    warden: Warden
    deeds: list[tuple[str, ...]] = field(default_factory=list)

    def said(self, topic: str) -> list[dict[str, Any]]:
        return [json.loads(r.value) for r in self.box.bus.of(topic) if r.value is not None]

    def about_others(self, mine: set[str]) -> list[tuple[str, bytes | None]]:
        """Everything said anywhere but what names one of these."""
        logs = sorted(self.box.bus.logs.items())
        told = [(topic, r.value) for (topic, _), log in logs for r in log]
        return [one for one in told if not any(name.encode() in (one[1] or b"") for name in mine)]


async def built(lines: Sequence[Line]) -> Ground:
    editions = load_editions(allow_demo=True)
    houses = wirings(editions)
    box = Box(lines[0].at - timedelta(seconds=1))
    turns = itertools.count(1)
    cipher = Cipher(make_keys(lambda n: b"k" * n), lambda n: next(turns).to_bytes(n, "big"))
    vault = MemoryVault(cipher, DerivedReferences())
    for name, wiring in houses.items():
        door = Extras(door=open_door(vault, editions, wiring), enrich=at_the_last_moment(vault))
        await box.add(wiring, door if name == "intake" else None)
    deeds: list[tuple[str, ...]] = []

    @asynccontextmanager
    async def view() -> AsyncIterator[tuple[Streams, datetime]]:
        yield BoxStreams(box), box.now[0]

    async def note(*deed: str) -> None:
        deeds.append(deed)

    return Ground(box, vault, Warden(vault, houses, view, note), deeds)


def leaving(lines: Sequence[Line], at: datetime) -> Line:
    """The insurer takes the person of the case off the policy's list."""
    asked = next(line for line in lines if line.said.get("subject") == CASE)
    joined = next(
        line for line in lines
        if line.said.get("type") == "MemberJoined.v1" and line.said["data"]["person"] == asked.said["data"]["person"]
    )  # fmt: skip
    data = {k: v for k, v in joined.said["data"].items() if k in ("policy_number", "person")}
    said = {**joined.said, "id": "pol-left", "type": "MemberLeft.v1", "time": at.isoformat()}
    said["data"] = {**data, "left_at": at.isoformat()}
    return replace(joined, at=at, said=said, value=json.dumps(said, ensure_ascii=False).encode())


def late_word(lines: Sequence[Line]) -> Line:
    """The vendor says something once more, when all is over."""
    known = [line for line in lines if line.said.get("subject") == CASE]
    line = next(line for line in known if line.said["type"] == "ContactReported.v1")
    said = {**line.said, "id": LATE, "time": SETTLED.isoformat()}
    return replace(line, at=SETTLED, said=said, value=json.dumps(said, ensure_ascii=False).encode())


def ordered(request_id: str, member_ref: str) -> tuple[bytes, bytes]:
    """An order of scheduling for the settled case: the work of a performer of ours is never refused for an erasure."""
    data = {"request_id": request_id, "vendor": "hengyu", "service": "OUTP", "action": "ARRANGE", "details": {}}
    event = {
        "specversion": "1.0", "id": str(named("ordered")), "source": "greenlane/scheduling", "type": "WorkOrderIssued.v1",
        "subject": request_id, "time": SETTLED.isoformat(), "correlationid": str(named("root")), "data": data,
    }  # fmt: skip
    return member_ref.encode(), json.dumps(event).encode()


async def played(*, erasing: bool) -> tuple[Ground, str, str]:
    lines = read_recording([EXAMPLES / "handful.ndjson"])
    ground = await built(lines)
    before = [line for line in lines if line.at < SETTLED]
    await ground.box.play([*before, leaving(lines, SETTLED)], SETTLED)
    request_id = str(named("request", "hengyu", f"{CASE}-01"))
    member_ref = next(c.member_ref for c in ground.vault.cases.values() if c.request_id == request_id)
    if erasing:
        done = await ground.warden.erase(member_ref, "staff-7", "MEMBER_ASKED")
        assert not done.ties
    key, value = ordered(request_id, member_ref)
    ground.box.bus.put("greenlane.scheduling.events.v1", key, value, (), SETTLED)
    await ground.box.play([late_word(lines), *(line for line in lines if line.at >= SETTLED)], UNTIL)
    return ground, request_id, member_ref


async def test_a_member_whose_cover_lives_is_restricted_until_it_ends() -> None:
    lines = read_recording([EXAMPLES / "handful.ndjson"])
    ground = await built(lines)
    early, late = SETTLED - timedelta(days=9), SETTLED - timedelta(hours=1)
    await ground.box.play([line for line in lines if line.at < early], early)
    ref = next(
        c.member_ref
        for c in ground.vault.cases.values()
        if c.request_id == str(named("request", "hengyu", f"{CASE}-01"))
    )
    waits = await ground.warden.erase(ref, "staff-7", "MEMBER_ASKED")
    assert [tie.kind for tie in waits.ties] == ["live cover", "open case"]
    await ground.box.play([line for line in lines if early <= line.at < late], late)
    (wish,) = await ground.vault.wishes()
    assert [tie.kind for tie in await ground.warden.carry_out(wish)] == ["live cover"]
    await ground.box.play([leaving(lines, SETTLED)], SETTLED)
    (wish,) = await ground.vault.wishes()
    assert wish.held_by == ("live cover: " + waits.ties[0].what,)
    assert await ground.warden.carry_out(wish) == []
    assert (await ground.vault.kept_of(ref)).persons == 0
    assert [deed[1] for deed in ground.deeds] == ["ERASE_MEMBER", "ERASE_MEMBER_AFTER_WAITING"]


async def test_an_order_after_an_erasure_says_so_and_everything_else_goes_on() -> None:
    (erased, request_id, ref), (kept, _, _) = await played(erasing=True), await played(erasing=False)
    order = next(
        e for e in erased.said(HENGYU) if e["subject"] == request_id and e["causationid"] == str(named("ordered"))
    )
    assert order["data"]["particulars"] == "PARTICULARS_ERASED"
    assert "person" not in order["data"]
    assert erased.deeds == [("staff-7", "ERASE_MEMBER", ref, "MEMBER_ASKED")]
    mine = {request_id, ref, CASE}
    others = erased.about_others(mine)
    assert len(others) > 100
    assert others == kept.about_others(mine)
    assert [len(room.store.rows) for room in erased.box.rooms.values()] == [
        len(room.store.rows) for room in kept.box.rooms.values()
    ]
    assert [await room.store.parked_subjects() for room in erased.box.rooms.values()] == [set()] * 5
    late = [e["data"] for e in erased.said(RECEIPTS) if e["data"]["receipt"] == str(cause_of("hengyu", LATE))]
    assert [r["stage"] for r in late][:1] == ["received"]
    assert (
        len(late) == 2
    )  # what the vendor says of the case later is answered as ever, under the vendor's own reference
    assert {r["case"] for r in late} == {CASE}
