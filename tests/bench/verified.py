"""What a run must have come to; a figure of a run that did something else is worth nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import asyncpg

from tests.bench.bus import Bus
from tests.bench.workload import Expected

_GAPS = (
    "SELECT count(*) FROM (SELECT 1 FROM {}.stored_events GROUP BY originator_id "
    "HAVING max(originator_version) <> count(*) OR min(originator_version) <> 1) AS wrong"
)


class Wrong(Exception):
    """The effects of a run are not what they must be."""


async def verify(bus: Bus, dsn: str, services: Sequence[str], expected: Expected) -> None:
    """Raises Wrong with everything that is not as expected."""
    wrong: list[str] = []

    def same(what: str, found: int, wanted: int) -> None:
        if found != wanted:
            wrong.append(f"{what}: {found}, not {wanted}")

    submitted = Counter(
        v["subject"] for _, v in bus.read("greenlane.intake.events.v1") if v["type"] == "RequestSubmitted.v1"
    )
    same("requests submitted", len(submitted), expected.distinct)
    same("requests submitted twice", sum(n > 1 for n in submitted.values()), 0)
    decided = list(bus.read("greenlane.entitlement.events.v1"))
    grants = Counter(v["subject"] for _, v in decided if v["type"] == "EligibilityGranted.v1")
    same("granted", len(grants), expected.granted)
    same("denied", len({v["subject"] for _, v in decided if v["type"] == "EligibilityDenied.v1"}), expected.denied)
    members = Counter(key for key, v in decided if v["type"] == "EligibilityGranted.v1")
    same("members above their quota of 1", sum(n > 1 for n in members.values()), 0)
    orders = Counter((v["subject"], v["type"]) for _, v in bus.read("vendor.hengyu.out.orders.v1"))
    same("orders", sum(t == "WorkOrdered.v1" for _, t in orders), expected.granted)
    same("decisions", sum(t == "CaseDecided.v1" for _, t in orders), expected.distinct)
    issued = {v["subject"] for _, v in bus.read("greenlane.scheduling.events.v1") if v["type"] == "WorkOrderIssued.v1"}
    same("work orders issued", len(issued & set(grants)), expected.granted)
    receipts = [v["data"] for _, v in bus.read("vendor.hengyu.out.receipts.v1")]
    stages = Counter(r["stage"] for r in receipts)
    same("received", stages["received"], expected.distinct)
    same("applied", stages["applied"], expected.distinct)
    same("duplicate", stages["duplicate"], expected.twice)
    for name, found in {"received": "received", "applied": "applied"}.items():
        same(f"records {name} once", len({r["record"] for r in receipts if r["stage"] == found}), expected.distinct)
    await _stored(dsn, services, expected, same)
    if wrong:
        raise Wrong("; ".join(wrong))


async def _stored(dsn: str, services: Sequence[str], expected: Expected, same: object) -> None:
    assert callable(same)
    connection = await asyncpg.connect(dsn)
    try:
        for service in services:
            same(f"streams of {service} with gaps", await connection.fetchval(_GAPS.format(service)), 0)
        count = "SELECT count(*) FROM scheduling.stored_events WHERE topic = 'EngagementGranted.v1'"
        same("work orders committed", await connection.fetchval(count), expected.granted)
    finally:
        await connection.close()
