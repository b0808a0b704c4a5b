"""No vendor can see, touch or tell apart a case of the other: on real parts, byte by byte."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from services.front.bus import whole_topic
from shared.kernel.ids import named
from shared.kernel.instant import CST
from shared.runtime.topics import PARTITIONS, SERVICES
from tests.e2e.applications import HENGYU, YOUJIA, Json, Sending, Town, record
from tests.e2e.ground import Stand, standing

pytestmark = pytest.mark.parts

MEMBERS = 8  # four with a case at Hengyu, four with one at Youjia
TOPIC = {"hengyu": HENGYU, "youjia": YOUJIA}
PAPER: Json = {
    "kind": "ID_CARD", "sha256": "0" * 64, "media_type": "application/pdf", "bytes": 1_000, "object_id": "obj-1",
}  # fmt: skip
SAYINGS: Sequence[tuple[str, Json]] = (
    ("ContactReported", {"stage": "first_response"}),
    ("WithdrawalRequested", {}),
    ("DocumentsSubmitted", {"documents": [PAPER]}),
    ("MemberWaitStarted", {"waiting_for": "documents"}),
    ("DischargeNotified", {"discharge_on": "2026-09-24"}),
    ("VisitAttended", {"attended_on": "2026-09-24", "accompanied": True}),
)
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DELIVERY = re.compile(rb'"(?:time":"[^"]*"|position":\d+|streamversion":\d+)')


def advance(town: Town, n: int) -> Sending:
    """A member asks Youjia for an advance."""
    case, day = town.case(n, 1), str(town.now.date())
    data: Json = {
        "service": "ADVANCE", "channel": {"hotline": "400-819-6660", "call_id": f"call-{case}"}, "person": town.person(n),
        "product": "A", "policy_number": town.policy(n), "cause": "accident",
        "diagnosis": {"name": "肺炎", "status": "confirmed", "diagnosed_on": day},
        "advance": {
            "hospital": {"code": "H-330106-01", "city_code": "330106", "grade": "2A", "ownership": "public"},
            "admission_on": day, "deposit": {"fen": 1_000_000},
        },
    }  # fmt: skip
    return record(YOUJIA, "youjia", f"{case}-01", "ServiceRequested", case, data, town.now)


def sayings(vendor: str, subject: str, name: str) -> list[Sending]:
    """Everything that a vendor may try on a case."""
    now = datetime.now(CST)
    return [
        record(TOPIC[vendor], vendor, f"try-{name}-{n}", type_, subject, data, now)
        for n, (type_, data) in enumerate(SAYINGS)
    ]


async def out_of(stand: Stand, vendor: str) -> list[bytes]:
    """Every byte that a vendor can read of us."""
    return [
        b"|".join((r.key or b"", r.value or b"", *(v or b"" for _, v in r.headers)))
        for kind in ("orders", "receipts")
        async for r in whole_topic(stand.settings.bootstrap, f"vendor.{vendor}.out.{kind}.v1", PARTITIONS)
    ]


async def answers(stand: Stand, vendor: str, subject: str, name: str) -> list[bytes]:
    """What came back for these tries, without what differs from record to record: ids, and where and when it was delivered."""
    mine = [b for b in await out_of(stand, vendor) if f"try-{name}-".encode() in b]
    plain = [_DELIVERY.sub(b"", _UUID.sub(b"<id>", b.replace(f"try-{name}-".encode(), b"<record>-"))) for b in mine]
    return sorted(b.replace(subject.encode(), b"<case>").replace(b"<id>", b"<case>") for b in plain)


async def same_answers(stand: Stand, vendor: str, of_another: str, of_nobody: str) -> None:
    """Two receipts for every try, refused in the end; and not a byte that tells one subject from the other."""
    told = []
    for subject in (of_another, of_nobody):
        name = f"{vendor}-{named('try', subject)}"
        await stand.send(sayings(vendor, subject, name))
        await stand.quiet()
        told.append(await answers(stand, vendor, subject, name))
    another, nobody = told
    assert len(nobody) == 2 * len(SAYINGS)
    assert sum(b"refused" in answer for answer in nobody) == len(SAYINGS)
    assert another == nobody


async def facts_of(stand: Stand, request: str) -> list[tuple[str, int]]:
    """Everything stored of a case, in every service."""
    query = " UNION ALL ".join(
        f"SELECT '{s}' AS service, originator_id, originator_version FROM {s}.stored_events WHERE subject = $1"
        for s in SERVICES
    )
    rows = await stand.sql.fetch(query, request)
    return sorted((f"{r['service']} {r['originator_id']}", r["originator_version"]) for r in rows)


@pytest.mark.timeout(240)
async def test_another_vendors_case_and_an_unknown_one_get_the_same_answer(tmp_path: Path) -> None:
    town = Town(MEMBERS, datetime.now(CST), "WALL")
    own = {"hengyu": range(4), "youjia": range(4, 8)}
    async with standing(tmp_path) as stand:
        await stand.send(town.core())
        await stand.quiet()
        await stand.send([town.asks(n, 1) for n in own["hengyu"]] + [advance(town, n) for n in own["youjia"]])
        await stand.quiet()
        requests = {
            n: str(named("request", vendor, f"{town.case(n, 1)}-01")) for vendor, ours in own.items() for n in ours
        }
        before = {n: await facts_of(stand, request) for n, request in requests.items()}
        assert all(before.values())

        for vendor, other in (("youjia", own["hengyu"][0]), ("hengyu", own["youjia"][0])):
            of_another, of_nobody = town.case(other, 1), "WALL-9-999999"
            await same_answers(stand, vendor, of_another, of_nobody)
        assert {n: await facts_of(stand, request) for n, request in requests.items()} == before

        # nothing of one's stands in anything that the other reads; what it tried itself is its own words
        for vendor, whose in (("youjia", "hengyu"), ("hengyu", "youjia")):
            read = b"\n".join(await out_of(stand, vendor))
            for n in own[whose]:
                person = town.person(n)
                secrets = [
                    str(person["name"]),
                    str(person["id_number"]),
                    str(person["phone"]),
                    f"call-{town.case(n, 1)}",
                ]
                if n != own[whose][0]:
                    secrets += [town.case(n, 1), requests[n]]
                assert [s for s in secrets if re.search(rb"\b%s\b" % re.escape(s.encode()), read)] == []
            assert all(town.case(n, 1).encode() in read for n in own[vendor])

        # our own ids are no key either
        for vendor, other in (("youjia", own["hengyu"][0]), ("hengyu", own["youjia"][0])):
            await same_answers(stand, vendor, requests[other], str(named("request", "nobody", vendor)))
        assert {n: await facts_of(stand, request) for n, request in requests.items()} == before
        await stand.verified()
