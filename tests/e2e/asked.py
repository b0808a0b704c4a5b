"""What must have become of a load: each application one request and decision, each grant one order, each record its receipts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.e2e.applications import Town
from tests.e2e.ground import Heard, Stand


async def nothing_lost_nothing_doubled(stand: Stand, town: Town, times: Sequence[int], repeats: int = 0) -> Heard:
    """Everything that the house has said of the load is there, and there once."""
    heard = await stand.heard()
    assert heard.unlike == [], "one id says two things"
    asked = {town.request(n, t): town.case(n, t) for t in times for n in range(town.members)}

    submitted = Counter(e["subject"] for e in heard.of("RequestSubmitted"))
    assert submitted == Counter(asked.keys())
    decisions = Counter(e["subject"] for e in heard.of("EligibilityGranted") + heard.of("EligibilityDenied"))
    assert decisions == Counter(asked.keys())

    # A's handbook gives one appointment a year (ENT-28): everybody gets one, and is refused every other time
    granted = {e["subject"]: e["data"]["member_ref"] for e in heard.of("EligibilityGranted")}
    assert len(granted) == len(set(granted.values())) == town.members
    denied = [
        line for e in heard.of("EligibilityDenied") for line in e["data"]["receipt"] if line["outcome"] == "refuse"
    ]
    assert Counter(line["reason"] for line in denied) == {"QUOTA_EXHAUSTED": len(asked) - town.members}

    assert Counter(e["subject"] for e in heard.of("WorkOrderIssued")) == Counter(granted.keys())
    orders = "vendor.hengyu.out.orders.v1"
    told = Counter(e["data"]["case"] for e in heard.of("WorkOrdered", orders))
    assert told == Counter(asked[request] for request in granted)
    assert Counter(e["data"]["case"] for e in heard.of("CaseDecided", orders)) == Counter(asked.values())

    receipts = heard.receipts("hengyu")
    assert set(receipts) == {f"{case}-01" for case in asked.values()}
    duplicates = sum(stages.pop("duplicate", 0) for stages in receipts.values())
    assert duplicates == repeats
    assert Counter(map(str, receipts.values())) == {str(Counter({"received": 1, "applied": 1})): len(asked)}
    return heard
