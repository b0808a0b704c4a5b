"""Rows for those who read: what was decided, and what is left of a year."""

from __future__ import annotations

from services.entitlement.domain.allowance import Allowance, used
from services.entitlement.domain.eligibility_facts import (
    Denied,
    Granted,
    PapersAsked,
    ReviewCalled,
    WaitStarted,
    Withdrawn,
)
from shared.event_store.stored import Stored

Row = dict[str, object]


def decision_row(stored: Stored) -> Row | None:
    """One row a request: where its decision stands after this fact; None where the fact changes nothing of that."""
    fact = stored.fact
    row: Row = {"request_id": stored.stream.partition("/")[2], "at": stored.at.isoformat(), "version": stored.version}
    match fact:
        case Granted():
            filed, receipt = fact.filed, fact.receipt
            row |= {"outcome": "GRANTED", "product": fact.product, "edition": fact.edition, "year": fact.year}
        case Denied():
            filed, receipt = fact.filed, fact.receipt
            row |= {"outcome": "DENIED", "product": fact.product, "edition": fact.edition}
        case WaitStarted():
            return row | {"outcome": "WAITING", "reasons": [fact.reason], "service": fact.filed.application["service"]}
        case PapersAsked():
            missing = [a.remedy["document"] for a in fact.receipt if a.outcome == "refuse"]
            return row | {"outcome": "WAITING_PAPERS", "reasons": missing, "service": fact.filed.application["service"]}
        case ReviewCalled() if fact.kind in ("decision", "unknown"):
            reasons = [a.reason for a in fact.receipt if a.outcome == "review"]
            return row | {"outcome": "IN_REVIEW", "reasons": reasons, "owner": fact.owner}
        case Withdrawn():
            return row | {"outcome": "WITHDRAWN", "reasons": []}
        case _:
            return None
    reasons = [a.reason for a in receipt if a.outcome != "pass"]
    return row | {"reasons": reasons, "service": filed.application["service"], "asked": len(receipt)}


def allowance_rows(stream: str, year: Allowance) -> list[Row]:
    """One row a policy and counted service of a member-year: used, limit, left."""
    _, member_ref, ordinal = stream.split("/")
    counted = {(g.policy_ref, g.service): g.limit for g in year.grants.values() if g.limit is not None}
    rows: list[Row] = []
    for (policy_ref, service), limit in sorted(counted.items()):
        taken = used(year, policy_ref, service)
        rows.append({
            "member_ref": member_ref, "year": int(ordinal), "policy_ref": policy_ref, "service": service,
            "used": taken, "limit": limit, "left": max(limit - taken, 0), "over": max(taken - limit, 0),
        })  # fmt: skip
    return rows
