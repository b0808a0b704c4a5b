"""Everything malformed, onto the real topics, a good record behind each: all of it quarantined for its reason, nobody held up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata

from shared.contracts.outside import OUTSIDE_BY_NAME
from shared.runtime.topics import PARTITIONS
from tests.corpus.entry import AT_MS, Entry
from tests.corpus.good import AT
from tests.corpus.test_gate_refuses_the_corpus import ENTRIES
from tests.e2e.applications import HENGYU, POLICIES, YOUJIA, Json, Sending, Town, record
from tests.e2e.ground import Stand, standing

pytestmark = pytest.mark.parts

NOON = datetime.fromisoformat(AT)
# what no client can put onto a topic of ours: other topics, a record without any time
SENDABLE = [e for e in ENTRIES if e.topic in OUTSIDE_BY_NAME and e.timestamp_ms >= 0]


def advance(town: Town, n: int) -> Sending:
    """A good application at Youjia."""
    case = f"GOOD-YJ-{n:04d}"
    data: Json = {
        "service": "ADVANCE", "channel": {"hotline": "400-819-6660", "call_id": f"call-{case}"}, "person": town.person(n),
        "product": "A", "policy_number": town.policy(n), "cause": "accident",
        "diagnosis": {"name": "肺炎", "status": "confirmed", "diagnosed_on": "2026-09-22"},
        "advance": {
            "hospital": {"code": "H-330106-01", "city_code": "330106", "grade": "2A", "ownership": "public"},
            "admission_on": "2026-09-24", "deposit": {"fen": 1_000_000},
        },
    }  # fmt: skip
    return record(YOUJIA, "youjia", f"{case}-01", "ServiceRequested", case, data, NOON)


def good(town: Town, topic: str, n: int) -> Sending:
    """The n-th good record: one that takes effect, of whoever speaks on that topic."""
    match topic:
        case "vendor.hengyu.in.events.v1":
            said = json.loads(town.asks(n, 1).value or b"{}") | {"time": AT}
            return Sending(topic, said["subject"].encode(), json.dumps(said, ensure_ascii=False).encode())
        case "vendor.youjia.in.events.v1":
            return advance(town, n)
        case "core.policies.v1":
            number = f"GOOD-{n:04d}"
            data: Json = {
                "policy_number": number, "product": "A", "purchased_at": AT, "issued_at": AT, "effective_on": "2026-10-01",
                "ends_on": "2027-10-01", "sum_insured": {"fen": 100_000_000},
            }  # fmt: skip
            return record(topic, "core-policies", f"{number}-issued", "PolicyIssued", number, data, NOON)
        case "core.claims.v1":
            number = f"CLM-{n:04d}"
            data = {
                "policy_number": town.policy(n), "claim_number": number, "person": town.person(n), "policy_year": 1,
                "payable": {"fen": 1_000},
            }  # fmt: skip
            return record(topic, "core-claims", f"{number}-1", "ClaimAdjudicated", number, data, NOON)
        case "core.payments.v1":
            number = f"PAY-{n:04d}"
            data = {"payment_number": number, "purpose": "other", "amount": {"fen": 1_000}, "paid_at": AT}
            return record(topic, "core-payments", f"{number}-1", "PaymentReported", number, data, NOON)
        case _:
            data = {
                "review_id": f"{town.request(n, 1)}-E1", "request": town.request(n, 1), "decision": "grant",
                "actor": {"id": "staff-01", "role": "operations"}, "reason": "EVIDENCE_SEEN",
            }  # fmt: skip
            return record(topic, "operations", f"OPS-{n:04d}", "ReviewDecided", f"OPS-{n:04d}", data, NOON)


async def put(stand: Stand, town: Town) -> dict[str, Entry]:
    """Each malformed record and, right behind it on the same partition, a good one; place → what lies there."""
    producer = AIOKafkaProducer(
        bootstrap_servers=stand.settings.bootstrap, enable_idempotence=True, max_request_size=2_000_000
    )
    await producer.start()
    places: dict[str, Entry] = {}
    try:
        for n, entry in enumerate(SENDABLE):
            r, partition = entry.record, n % PARTITIONS
            sent = await producer.send(
                r.topic, r.value, key=r.key, partition=partition, timestamp_ms=r.timestamp_ms, headers=list(r.headers)
            )
            behind = good(town, entry.topic, n)
            await producer.send(
                behind.topic, behind.value, key=behind.key, partition=partition, timestamp_ms=AT_MS,
                headers=list(behind.headers),
            )  # fmt: skip
            at: RecordMetadata = await sent
            places[f"{at.topic}/{at.partition}/{at.offset}"] = entry
    finally:
        await producer.stop()
    return places


def reasons(said: Mapping[str, Any]) -> tuple[str, str]:
    return said["reason"], said.get("pointer") or ""


@pytest.mark.timeout(240)
async def test_every_malformed_record_is_quarantined_and_every_good_one_behind_it_takes_effect(tmp_path: Path) -> None:
    assert len(SENDABLE) >= 480
    town = Town(len(SENDABLE), NOON, "CORPUS")
    async with standing(tmp_path, "recording", began=NOON) as stand:
        await stand.send_at(town.core(), AT_MS)
        await stand.quiet()
        places = await put(stand, town)
        await stand.quiet()
        heard = await stand.heard()

        notices = {e["data"]["place"]: reasons(e["data"]) for e in heard.of("RecordQuarantined")}
        assert {place: reason for place, (reason, _) in notices.items()} == {p: e.reason for p, e in places.items()}
        pointed = {p: e.pointer for p, e in places.items() if e.pointer is not None}
        assert {p: notices[p][1] for p in pointed} == pointed
        rows = await stand.sql.fetch('SELECT topic, partition, "offset", reason, pointer FROM vault.quarantine')
        kept = {f"{r['topic']}/{r['partition']}/{r['offset']}": (r["reason"], r["pointer"]) for r in rows}
        assert kept == notices

        vendors = {p for p, e in places.items() if e.topic in (HENGYU, YOUJIA)}
        receipts = [e["data"] for e in heard.of("ReceiptGiven", "vendor.") if e["data"]["stage"] == "quarantined"]
        assert {r["place"]: r["reason"] for r in receipts} == {p: places[p].reason for p in vendors}

        causes = {
            str(r["event_id"]): r["source"]
            for r in await stand.sql.fetch(
                "SELECT event_id, source FROM intake.inbox WHERE source NOT LIKE 'greenlane/%'"
            )
        }
        answers = Counter((causes[e["data"]["cause"]], e["data"]["answer"]) for e in heard.of("RecordAnswered"))
        sent = Counter(OUTSIDE_BY_NAME[e.topic].source for e in SENDABLE)
        sent["core-policies"] += len(town.core())
        # nobody has asked a person anything here: what staff decides is read, and refused for that
        assert answers == {
            (source, "refused" if source == "operations" else "applied"): n for source, n in sent.items()
        }
        assert POLICIES in {e.topic for e in SENDABLE}
        await stand.verified()
