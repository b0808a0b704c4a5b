"""The whole bench: rounds of both variants in turn, then latency and memory of the house as it is deployed."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from shared.runtime.embedded.parts import Parts, PartsSettings
from shared.runtime.topics import SERVICES
from tests.bench.measure import Drained, Latency, drain, open_loop, verified_drain
from tests.bench.rig import NAIVE, OURS, Rig, Variant

RATIO_MIN = 20.0
P99_MS_MAX = {"500": 100.0}
RSS_MIB_MAX = 250


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything."""

    ours: int
    naive: int
    rounds: int
    warm: bool
    rates: tuple[int, ...]
    seconds: float
    applications: int


FULL = Sizes(20_000, 1_500, 3, True, (500, 1_000), 30, 100_000)
QUICK = Sizes(6_000, 500, 1, False, (500,), 10, 12_000)


@dataclass(slots=True)
class Results:
    """What was measured."""

    drained: dict[str, list[Drained]] = field(default_factory=dict)
    latencies: list[Latency] = field(default_factory=list)
    sustained: Drained | None = None
    rss_mib: dict[str, int] = field(default_factory=dict)
    applications: int = 0

    def rate(self, variant: Variant) -> float:
        return statistics.median(d.rate for d in self.drained[variant.name])

    @property
    def ratio(self) -> float:
        return self.rate(OURS) / self.rate(NAIVE)

    def us(self, variant: Variant) -> dict[str, int]:
        runs = [d.us for d in self.drained[variant.name]]
        return {part: round(statistics.median(us[part] for us in runs)) for part in runs[0]}

    def missed(self) -> list[str]:
        """Every bar that was missed, in words."""
        missed = []
        if self.drained and self.ratio < RATIO_MIN:
            missed.append(f"ratio.naive is {self.ratio:.1f}, must be {RATIO_MIN:.0f} or more")
        for latency in self.latencies:
            bar = P99_MS_MAX.get(str(latency.rate))
            if bar is not None and (latency.p99_ms > bar or latency.unanswered):
                found = f"{latency.p99_ms:.0f} with {latency.unanswered} unanswered"
                missed.append(f"p99_ms.{latency.rate} is {found}, must be {bar:.0f} or less")
        for service, mib in self.rss_mib.items():
            if mib > RSS_MIB_MAX:
                missed.append(f"rss_mib.{service} is {mib}, must be {RSS_MIB_MAX} or less")
        return missed

    def as_json(self) -> dict[str, Any]:
        both = [v for v in (OURS, NAIVE) if v.name in self.drained]
        return {
            "ratio": {"naive": round(self.ratio, 1)} if len(both) == 2 else {},
            "per_second": {v.name: round(self.rate(v)) for v in both},
            "rounds": {v.name: [round(d.rate) for d in self.drained[v.name]] for v in both},
            "cpu_us": {v.name: self.us(v) for v in both},
            "p50_ms": {str(x.rate): round(x.p50_ms, 1) for x in self.latencies},
            "p99_ms": {str(x.rate): round(x.p99_ms, 1) for x in self.latencies},
            "latency": [asdict(x) for x in self.latencies],
            "sustained": None if self.sustained is None else asdict(self.sustained),
            "rss_mib": self.rss_mib,
            "rss_after_applications": self.applications,
            "missed": self.missed(),
        }


async def bench(sizes: Sizes, only: Sequence[str], console: Console) -> Results:
    """Run what is asked for: ``throughput``, ``house``."""
    results = Results()
    with tempfile.TemporaryDirectory(prefix="greenlane-bench-") as folder:
        async with Parts(PartsSettings(kafka=None, postgres=None, profile="bench"), console=console) as parts:
            rig = Rig(parts, Path(folder))
            if "throughput" in only:
                await _throughput(rig, sizes, results, console)
            if "house" in only:
                await _house(rig, sizes, results, console)
    return results


async def _throughput(rig: Rig, sizes: Sizes, results: Results, console: Console) -> None:
    """The variants in turn, so that a bad minute of the machine hits both."""
    for nth in range(-1 if sizes.warm else 0, sizes.rounds):
        for variant, count in ((OURS, sizes.ours), (NAIVE, sizes.naive)):
            async with rig.stand(variant, count) as stand:
                drained = await verified_drain(stand, count)
            said = "warm-up" if nth < 0 else f"round {nth + 1}"
            console.print(f"{said}: {variant.name} {drained.rate:,.0f} a second, {drained.us} µs each")
            if nth >= 0:
                results.drained.setdefault(variant.name, []).append(drained)


async def _house(rig: Rig, sizes: Sizes, results: Results, console: Console) -> None:
    """All five services: latency at each rate, then a backlog up to the count at which memory is read."""
    async with rig.stand(OURS, sizes.applications, SERVICES) as stand:
        await drain(stand, min(3_000, sizes.applications // 10))  # what a service does the first time only
        sent = min(3_000, sizes.applications // 10)
        for rate in sizes.rates:
            latency = await open_loop(stand, rate, sizes.seconds)
            sent += round(rate * sizes.seconds)
            console.print(f"{rate} a second: p50 {latency.p50_ms:.0f} ms, p99 {latency.p99_ms:.0f} ms; {latency}")
            results.latencies.append(latency)
        rest = sizes.applications - sent
        results.sustained, _ = await drain(stand, rest)
        results.rss_mib, results.applications = stand.meter.rss_mib(), sizes.applications
        console.print(f"{rest} more: {results.sustained.rate:,.0f} a second; {results.rss_mib} MiB")


def report(results: Results, file: Path, console: Console) -> bool:
    """Write the file, print the tables; True where every bar is met."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(results.as_json(), indent=2) + "\n", "utf-8")
    if results.drained:
        _throughput_table(results, console)
    if results.latencies:
        table = Table(
            "a second", "p50 ms", "p99 ms", "worst ms", "unanswered", title="Latency, open loop, five services"
        )
        for x in results.latencies:
            table.add_row(str(x.rate), f"{x.p50_ms:.0f}", f"{x.p99_ms:.0f}", f"{x.max_ms:.0f}", str(x.unanswered))
        console.print(table)
    if results.rss_mib:
        table = Table("service", "MiB", title=f"Memory after {results.applications:,} applications")
        for service, mib in results.rss_mib.items():
            table.add_row(service, str(mib))
        console.print(table)
    missed = results.missed()
    for line in missed:
        console.print(f"[red]✗ {line}[/red]", highlight=False)
    console.print(f"written to {file}", highlight=False)
    return not missed


def _throughput_table(results: Results, console: Console) -> None:
    table = Table("variant", "rounds, applications a second", "median", "CPU µs: services", "PostgreSQL", "broker")
    for variant in (OURS, NAIVE):
        us = results.us(variant)
        rounds = ", ".join(f"{d.rate:,.0f}" for d in results.drained[variant.name])
        table.add_row(
            variant.name, rounds, f"{results.rate(variant):,.0f}", str(us["services"]), str(us["postgres"]), str(us["broker"])
        )  # fmt: skip
    console.print(table)
    console.print(f"[bold]ratio {results.ratio:.1f}[/bold]")
