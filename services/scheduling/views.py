"""Read models: states and events in, rows out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from services.scheduling.domain.engagement_state import Engagement
from services.scheduling.domain.terms import SERVICE
from shared.contracts.scheduling import ClockStopped
from shared.handbook.model import Editions
from shared.kernel.instant import in_china


def engagement_row(state: Engagement) -> dict[str, Any]:
    """One engagement on one line. ``standing`` is what operators read: WAITING_MEMBER and IN_REVIEW come first."""
    standing = state.status.upper()
    if state.status != "closed":
        standing = "WAITING_MEMBER" if state.waiting_since else standing
        standing = "IN_REVIEW" if state.review else standing
    return {
        "request_id": state.request_id,
        "standing": standing,
        "product": state.product,
        "edition": state.edition,
        "vendor": state.vendor,
        "quota": state.quota,
        "accompaniment": state.accompaniment,
        "visit_on": state.visit_on,
        "review_id": state.review.review_id if state.review else None,
        "outcome": state.outcome,
    }


def clock_rows(state: Engagement) -> list[dict[str, Any]]:
    """Every clock of an engagement with its proof, day by day."""
    return [
        {
            "clock": r.clock.clock,
            "rule": r.clock.rule,
            "basis": r.clock.basis,
            "mark": "paused" if r.open and state.paused(r.clock) else r.mark,
            "started_at": r.clock.start_at,
            "due_at": r.clock.due_at,
            "waited_days": r.clock.waited_days,
            "provisional": r.clock.provisional,
            "proof": [{"day": day, "counted": counted, "why": why} for day, counted, why in r.clock.proof],
        }
        for r in state.clocks.values()
    ]


def completion_averages(stops: Iterable[ClockStopped], editions: Editions, month: str) -> list[dict[str, Any]]:
    """SLA-D05: per product, the mean net working days of a month's completed cases (``2026-10``) against the average promised.

    No case: ``met`` None (N/A, not failed). ``over``: the single cases above the limit, alerts and no breaches.
    """
    found: dict[str, list[ClockStopped]] = defaultdict(list)
    for stop in stops:
        if stop.basis == "average" and in_china(stop.stopped_at).strftime("%Y-%m") == month:
            found[stop.product].append(stop)
    rows = []
    for edition in editions.by_id.values():
        for terms in edition.clocks(SERVICE, "complete") if edition.offers(SERVICE) else ():
            if terms.basis != "average":
                continue
            cases = [s for s in found[edition.product] if s.clock == terms.id]
            mean = Fraction(sum(s.net_working_days for s in cases), len(cases)) if cases else None
            rows.append({
                "product": edition.product,
                "service": SERVICE,
                "month": month,
                "rule": terms.rules[0] if terms.rules else terms.id,
                "limit_working_days": terms.amount,
                "cases": len(cases),
                "mean_working_days": None if mean is None else float(round(mean, 2)),
                "met": None if mean is None else mean <= terms.amount,
                "over": [s.request_id for s in cases if s.net_working_days > terms.amount],
            })  # fmt: skip
    return rows
