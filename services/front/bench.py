"""Measuring: throughput against a plain FastStream service, latency under load, memory. From a checkout only."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.front.exits import Exit, Told, run, say_why

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("throughput", "house")


def command(
    rounds: Annotated[int, typer.Option(min=1, help="rounds of each variant")] = 3,
    quick: Annotated[
        bool, typer.Option("--quick", help="small counts, one round, no warm-up: a look, no figure")
    ] = False,
    only: Annotated[str | None, typer.Option(help="throughput, or house: latency and memory")] = None,
    to: Annotated[Path, typer.Option(help="where the figures are written")] = ROOT / "build" / "bench.json",
) -> None:
    """Measure on real parts and write build/bench.json (exit 1 where a bar is missed)."""
    if only is not None and only not in PARTS:
        raise typer.BadParameter(f"one of {', '.join(PARTS)}", param_hint="--only")
    if not (ROOT / "tests" / "bench").is_dir():
        say_why(Told(Exit.USAGE, "measuring needs a checkout: what is measured against is not installed"))
        raise typer.Exit(Exit.USAGE)
    from dataclasses import replace

    sys.path.insert(0, str(ROOT))  # the bench is no part of the package
    from tests.bench.run import FULL, QUICK, bench, report

    sizes = QUICK if quick else replace(FULL, rounds=rounds)
    console = Console(highlight=False, soft_wrap=True)
    results = run(bench(sizes, (only,) if only else PARTS, console))
    if not report(results, to, console):
        raise typer.Exit(Exit.NO)
