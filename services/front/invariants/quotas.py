"""6: held + consumed ≤ limit at every instant, in counts and in yuan; at most one grant a request.

The sums here are made from the facts alone, not by the services' own laws: an oracle must not share their mistakes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from services.front.invariants.ground import Finding, Ground, kind_of
from shared.event_store.stored import Stored

_COUNTS = ("GrantOpened", "CountConsumed", "CountReleased", "CountRestored", "CountCorrected", "LimitExceeded")
_LIABILITY = ("YearInsured", "LiabilityHeld", "HoldReleased", "ClaimCounted", "LiabilityExceeded")
_CAPS = ("CapHeld", "CapPaid", "CapReleased")
_USING = {"GrantOpened": True, "CountConsumed": True, "CountRestored": True, "CountReleased": False}


async def nothing_is_used_beyond_its_limit(ground: Ground) -> Finding:
    """Counts of a member-year, liability of a member-year, caps of a subsidy year; and grants."""
    found = Finding()
    if "entitlement" in ground.wirings:
        async for step in _steps(ground, "entitlement", _COUNTS):
            _counts(step, found)
        await _one_grant_each(ground, found)
    if "advance_pay" in ground.wirings:
        async for step in _steps(ground, "advance_pay", _LIABILITY):
            _liability(step, found)
    if "subsidy" in ground.wirings:
        async for step in _steps(ground, "subsidy", _CAPS):
            _caps(step, found)
    return found


async def _steps(ground: Ground, service: str, kinds: tuple[str, ...]) -> AsyncIterator[list[list[Stored]]]:
    """One stream at a time: its facts, those of one message together. What one message says is said at one instant."""
    stream: list[list[Stored]] = []
    async for stored in ground.facts(service, "stream", *kinds):
        if stream and stream[0][0].stream != stored.stream:
            yield stream
            stream = []
        if stream and stream[-1][0].cause == stored.cause:
            stream[-1].append(stored)
        else:
            stream.append([stored])
    if stream:
        yield stream


@dataclass(slots=True)
class _Year:
    """Uses by (policy, service), their limits, and how much more than a limit was recognised."""

    uses: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    of: dict[str, tuple[str, str]] = field(default_factory=dict)
    limits: dict[tuple[str, str], int] = field(default_factory=dict)
    recognised: dict[tuple[str, str], int] = field(default_factory=dict)

    def hear(self, fact: Any, kind: str) -> None:
        if kind == "GrantOpened":
            if fact.limit is None:
                return
            key = self.of[fact.request_id] = (fact.policy_ref, fact.service)
            self.limits[key] = fact.limit
        what = self.of.get(fact.request_id)
        if what is None:
            return
        if kind == "LimitExceeded":
            self.recognised[what] = max(self.recognised.get(what, 0), fact.used)
            return
        uses = fact.phase in ("held", "consumed") if kind == "CountCorrected" else _USING[kind]
        (self.uses.setdefault(what, set()).add if uses else self.uses.setdefault(what, set()).discard)(fact.request_id)


def _counts(stream: list[list[Stored]], found: Finding) -> None:
    year = _Year()
    for step in stream:
        for stored in step:
            year.hear(stored.fact, kind_of(stored))
        for (policy, service), uses in year.uses.items():
            limit = year.limits[policy, service]
            allowed = max(limit, year.recognised.get((policy, service), 0))
            found.expect(
                len(uses) <= allowed,
                f"{step[-1].stream} version {step[-1].version}: {len(uses)} of {limit} {service} under {policy}",
            )


async def _one_grant_each(ground: Ground, found: Finding) -> None:
    grants: Counter[str] = Counter()
    decisions: Counter[str] = Counter()
    async for stored in ground.facts("entitlement", "stream", "GrantOpened", "Granted"):
        (grants if kind_of(stored) == "GrantOpened" else decisions)[
            getattr(stored.fact, "request_id", stored.stream)
        ] += 1
    for request, times in (*grants.items(), *decisions.items()):
        found.expect(times == 1, f"{request.rpartition('/')[2]} was granted {times} times")


def _liability(stream: list[list[Stored]], found: Finding) -> None:
    insured: int | None = None
    holds: dict[str, int] = {}
    paid = recognised = 0
    for step in stream:
        for stored in step:
            fact = stored.fact
            match kind_of(stored):
                case "YearInsured":
                    insured = fact.sum_insured_fen
                case "LiabilityHeld":
                    holds[fact.request_id] = fact.amount_fen
                case "HoldReleased":
                    holds.pop(fact.request_id, None)
                case "ClaimCounted":
                    holds.pop(fact.request_id, None)
                    paid += fact.payable_fen
                case "LiabilityExceeded":
                    recognised = max(recognised, fact.paid_fen + fact.held_fen)
        if insured is not None:
            used = paid + sum(holds.values())
            found.expect(
                used <= max(insured, recognised),
                f"{step[-1].stream} version {step[-1].version}: {used} fen paid and held of {insured}",
            )


def _caps(stream: list[list[Stored]], found: Finding) -> None:
    held: dict[tuple[str, int], int] = {}
    pool: dict[tuple[str, int], tuple[str, str]] = {}
    limits: dict[tuple[str, str], int] = {}
    for step in stream:
        for stored in step:
            fact, use = stored.fact, (stored.fact.request_id, stored.fact.round)
            match kind_of(stored):
                case "CapHeld":
                    held[use], pool[use] = fact.held_fen, (fact.policy_ref, fact.pool)
                    limits[fact.policy_ref, fact.pool] = fact.limit_fen
                case "CapReleased":
                    held[use] = held.get(use, 0) - fact.released_fen
                case "CapPaid":
                    pass  # what was held is paid now: it stays used
        for what, limit in limits.items():
            used = sum(fen for use, fen in held.items() if pool.get(use) == what)
            found.expect(
                used <= limit,
                f"{step[-1].stream} version {step[-1].version}: {used} fen of {limit} of {what[1]} under {what[0]}",
            )
        found.expect(
            all(fen >= 0 for fen in held.values()),
            f"{step[-1].stream} version {step[-1].version}: freed more than held",
        )
