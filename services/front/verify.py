"""`greenlane verify`: ask every invariant of the live store, change nothing, and say what was looked at."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from services.front.exits import Exit, run
from services.front.invariants import INVARIANTS, Finding, Ground, Invariant, snapshot
from services.front.quiet import busy_with, figures_of
from services.front.settings import FrontSettings, read_settings
from services.front.wirings import wirings
from shared.kernel.value import value
from shared.privacy.crypto import Cipher
from shared.runtime.process import WrongSettings


@value
class Verdict:
    """One invariant, what it found, and how long it took."""

    invariant: Invariant
    finding: Finding
    seconds: float

    @property
    def holds(self) -> bool:
        return self.finding.violated == 0

    def as_json(self) -> dict[str, Any]:
        f = self.finding
        said: dict[str, Any] = {
            "number": self.invariant.number, "invariant": self.invariant.words, "holds": self.holds,
            "checked": f.checked, "violated": f.violated, "violations": f.violations, "notes": f.notes,
            "skipped": f.skipped, "seconds": round(self.seconds, 2),
        }  # fmt: skip
        return said


@value
class Report:
    """The verdicts of one snapshot."""

    verdicts: Sequence[Verdict]

    @property
    def violations(self) -> list[str]:
        """Everything that is wrong, each with the number of its invariant."""
        return [f"{v.invariant.number}: {words}" for v in self.verdicts for words in v.finding.violations]

    def table(self) -> Table:
        """The verdicts for a person to read."""
        return table_of(self.verdicts)


async def verify_house(
    settings: FrontSettings,
    *,
    wait_s: float = 10,
    only: Sequence[int] = (),
    must_be_quiet: bool = False,
    tell: Callable[[Invariant], None] = lambda _: None,
) -> Report:
    """Every invariant (or only some), on one snapshot. Waits a little for quiet, since more can be asked then."""
    houses = wirings(settings.read_editions())
    busy, figures = await busy_with(settings.dsn, settings.kafka, tuple(houses), settings.clock, wait_s)
    try:
        cipher = Cipher(settings.keys(), secrets.token_bytes)
    except WrongSettings:
        cipher = None
    verdicts = []
    async with snapshot(settings.dsn) as connection:
        # only a snapshot that shows the quiet moment itself is a quiet one
        if busy is None and await figures_of(connection, tuple(houses), settings.clock) != figures:
            busy = "something came in since"
        ground = Ground(connection, houses, settings.kafka, settings.clock, busy is None, cipher, busy, must_be_quiet)
        for invariant in INVARIANTS:
            if only and invariant.number not in only:
                continue
            tell(invariant)
            begun = time.monotonic()
            finding = await invariant.check(ground)
            verdicts.append(Verdict(invariant, finding, time.monotonic() - begun))
    return Report(verdicts)


def table_of(verdicts: Sequence[Verdict]) -> Table:
    """The verdicts for a person to read."""
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("", justify="right")
    table.add_column("invariant")
    table.add_column("checked", justify="right")
    table.add_column("")
    for one in verdicts:
        f = one.finding
        word = (
            "[yellow]not asked[/]"
            if f.skipped
            else "[green]holds[/]"
            if one.holds
            else f"[red]{f.violated} violations[/]"
        )
        table.add_row(str(one.invariant.number), one.invariant.words, f"{f.checked:,}", word)
    return table


def command(
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
    wait: Annotated[float, typer.Option(help="seconds to wait for quiet, in which ends must be equal")] = 10.0,
    only: Annotated[list[int] | None, typer.Option(help="only these invariants, by number")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="a house that does not come to rest is a violation")] = False,
    full: Annotated[
        bool, typer.Option("--complete", help="an invariant that can't be asked counts as a failure")
    ] = False,
) -> None:
    """Ask every invariant of the live store; exit 1 where one is violated. Reads only."""
    console, errors = Console(), Console(stderr=True)

    async def work() -> Report:
        settings = read_settings()
        with errors.status("waiting for quiet") as status:

            def tell(invariant: Invariant) -> None:
                status.update(f"{invariant.number}: {invariant.words}")

            return await verify_house(settings, wait_s=wait, only=only or (), must_be_quiet=quiet, tell=tell)

    verdicts = run(work()).verdicts
    if as_json:
        typer.echo(json.dumps([v.as_json() for v in verdicts], ensure_ascii=False, indent=2))
    else:
        _show(console, verdicts)
    bad = [v for v in verdicts if not v.holds or (full and v.finding.skipped)]
    if bad:
        raise typer.Exit(Exit.NO)


def _show(console: Console, verdicts: Sequence[Verdict]) -> None:
    console.print(table_of(verdicts))
    for one in verdicts:
        f = one.finding
        for words in ([f"not asked: {f.skipped}"] if f.skipped else []) + f.notes:
            console.print(f"[dim]{one.invariant.number:>3}  {words}[/]", highlight=False, soft_wrap=True)
        for words in f.violations:
            console.print(f"[red]{one.invariant.number:>3}  {words}[/]", highlight=False, soft_wrap=True)
        if f.violated > len(f.violations):
            console.print(f"[red]{one.invariant.number:>3}  and {f.violated - len(f.violations)} more[/]")
