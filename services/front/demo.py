"""The demonstration: real Kafka and PostgreSQL, five processes, a day of applications and the weeks until each is closed."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
import yaml
from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import SecretStr
from rich.console import Console
from rich.live import Live
from rich.table import Table

from services.front import provision
from services.front.exits import Exit, Told, run
from services.front.house import House
from services.front.player import Player, Progress, read_recording
from services.front.settings import FrontSettings
from services.front.tally import FIVE, Tally, follow
from services.front.verify import Report, verify_house
from shared.kernel.money import show
from shared.kernel.value import value
from shared.runtime.embedded import parts

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = [EXAMPLES / "day.ndjson"]
PLAIN_EVERY_S = 10.0


@value
class Expected:
    """What the recording must come to, derived by hand from the rules (examples/expected.yaml)."""

    until: datetime | None
    events: dict[str, int]
    totals: dict[str, object]

    @classmethod
    def read(cls, folder: Path) -> Expected | None:
        file = folder / "expected.yaml"
        if not file.exists():
            return None
        raw = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
        until = raw.get("until")
        return cls(datetime.fromisoformat(until) if until else None, dict(raw["totals"]["events"]), dict(raw["totals"]))


class Stage:
    """What the spectator sees: a live table on a terminal, a line now and then elsewhere."""

    def __init__(self, console: Console, tally: Tally) -> None:
        self._console, self._tally = console, tally
        self._began, self._told = time.monotonic(), 0.0
        self._live = Live(console=console, refresh_per_second=4, transient=True) if console.is_terminal else None

    def __enter__(self) -> Stage:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, progress: Progress) -> None:
        elapsed = time.monotonic() - self._began
        clock = progress.now.strftime("%Y-%m-%d %H:%M") if progress.now else "…"
        if self._live is not None:
            self._live.update(self._table(progress, clock, elapsed))
        elif elapsed - self._told >= PLAIN_EVERY_S:
            self._told = elapsed
            five = "  ".join(f"{n} {c}" for n, c in self._tally.five.items())
            self._console.print(f"{elapsed:5.0f} s  it is {clock}  {progress.sent}/{progress.total} records  {five}")

    def _table(self, progress: Progress, clock: str, elapsed: float) -> Table:
        table = Table(title=f"绿通 Greenlane — it is {clock} in the recording", title_justify="left")
        table.add_column("event")
        table.add_column("so far", justify="right")
        for name in FIVE:
            table.add_row(name, str(self._tally.events[name]))
        table.add_section()
        for name in ("EligibilityDenied", "ReviewOpened", "ClockBreached", "RequestClosed"):
            table.add_row(name, str(self._tally.events[name]))
        table.caption = f"{progress.sent} of {progress.total} records · {progress.steps} steps · {elapsed:.0f} s"
        return table


async def demonstrate(files: Sequence[Path], console: Console, *, stay: bool, until: datetime | None) -> bool:
    """Run the demonstration; True where everything is as it should be."""
    lines = read_recording(files)
    if not lines:
        raise Told(Exit.BAD_INPUT, "the recording is empty")
    expected = Expected.read(EXAMPLES) if list(files) == DAY else None
    until = until or (expected.until if expected else None) or lines[-1].at + timedelta(days=60)
    with tempfile.TemporaryDirectory(prefix="greenlane-demo-") as folder:
        home = Path(folder)
        async with parts(console=console) as real:
            settings = FrontSettings(
                kafka=real.bootstrap_servers, postgres=SecretStr(real.dsn), clock="recording",
                vault_keys=SecretStr(str(home / "vault-keys.json")),
            )  # fmt: skip
            began = lines[0].at - timedelta(seconds=1)
            await provision.provision(settings, began, lambda _: None)
            console.print(
                f"Kafka at {settings.bootstrap}, PostgreSQL ready, the recording's clock stands at {began:%Y-%m-%d %H:%M}"
            )
            async with House(environment_of(settings), home / "logs") as house:
                tally, played = await _play(settings, house, lines, until, console)
                ok = await _say(settings, console, tally, expected, played)
                if stay:
                    await _stay(settings, console, home)
            return ok


def environment_of(settings: FrontSettings) -> dict[str, str]:
    """The settings as a child process reads them."""
    keys = settings.vault_keys
    return {
        "GREENLANE_KAFKA": settings.bootstrap,
        "GREENLANE_POSTGRES": settings.dsn,
        "GREENLANE_CLOCK": settings.clock,
        "GREENLANE_VAULT_KEYS": keys.get_secret_value() if keys else "",
    }


async def _play(
    settings: FrontSettings, house: House, lines: Sequence[object], until: datetime, console: Console
) -> tuple[Tally, float]:
    tally = Tally()
    began = time.monotonic()
    with Stage(console, tally) as stage:
        ears = asyncio.create_task(follow(settings.bootstrap, tally))

        def watch(progress: Progress) -> None:
            house.check()
            stage.show(progress)

        try:
            async with Player(settings.dsn, settings.bootstrap, watch=watch) as player:
                playing = asyncio.create_task(player.play(lines, until))  # type: ignore[arg-type]
                while not playing.done():
                    house.check()
                    await asyncio.wait({playing}, timeout=1)
                await playing
            await _heard_all(settings.bootstrap, tally)
        finally:
            ears.cancel()
            await asyncio.gather(ears, return_exceptions=True)
    return tally, time.monotonic() - began


async def _heard_all(bootstrap: str, tally: Tally) -> None:
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await reader.start()
    try:
        ends = await reader.end_offsets([TopicPartition(t, p) for t, p in tally.at])
    finally:
        await reader.stop()
    async with asyncio.timeout(30):
        while any(tally.at[tp.topic, tp.partition] < end for tp, end in ends.items()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _say(
    settings: FrontSettings, console: Console, tally: Tally, expected: Expected | None, seconds: float
) -> bool:
    """The summary: what was said, what was refused and why, the money, the invariants, where to look next."""
    console.print(f"\n[bold]Played in {seconds:.0f} s.[/bold]")
    wrong = _five(console, tally, expected)
    _refusals(console, tally)
    wrong += await _money(settings, console)
    report: Report = await verify_house(settings)
    console.print(report.table())
    wrong += [f"verify: {v}" for v in report.violations[:20]]
    await _where_next(settings, console)
    for line in wrong:
        console.print(f"[red]✗ {line}[/red]", highlight=False)
    if not wrong:
        console.print("[green]✓ everything is as it should be[/green]")
    return not wrong


def _five(console: Console, tally: Tally, expected: Expected | None) -> list[str]:
    table = Table("event", "said", "expected", title="The five events")
    wrong: list[str] = []
    for name, count in tally.five.items():
        wanted = expected.events.get(name) if expected else None
        if wanted is not None and wanted != count:
            wrong.append(f"{name}: {count} said, {wanted} expected")
        table.add_row(name, str(count), "—" if wanted is None else str(wanted))
    console.print(table)
    return wrong


def _refusals(console: Console, tally: Tally) -> None:
    table = Table("rule", "reason", "times", title="Refused, by rule")
    for (rule, reason), count in sorted((tally.refusals + tally.record_refusals).items()):
        table.add_row(rule, reason, str(count))
    console.print(table)
    for title, counts in (
        ("Closed as", tally.closed), ("Clocks breached", tally.breaches), ("Asked of a person", tally.reviews),
        ("Quarantined", tally.quarantined), ("Receipts", tally.receipts),
    ):  # fmt: skip
        console.print(f"{title}: " + ", ".join(f"{k} {n}" for k, n in sorted(counts.items())), highlight=False)


async def _money(settings: FrontSettings, console: Console) -> list[str]:
    from services.front.invariants.money import books  # the ledger of advance_pay, read from its stream

    total = await books(settings)
    console.print(
        f"Money: advanced {show(total.advanced_fen)} = offset {show(total.offset_fen)} + returned {show(total.returned_fen)} + "
        f"refunded {show(total.refunded_fen)} + written off {show(total.written_off_fen)} + "
        f"outstanding {show(total.outstanding_fen)}",
        highlight=False,
    )
    rest = total.advanced_fen - (
        total.offset_fen + total.returned_fen + total.refunded_fen + total.written_off_fen + total.outstanding_fen
    )
    return [f"money does not balance: {show(rest)}"] if rest else []


async def _where_next(settings: FrontSettings, console: Console) -> None:
    connection = await asyncpg.connect(settings.dsn)
    try:
        cases = await connection.fetch(
            "SELECT subject, count(*) AS n FROM advance_pay.stored_events WHERE originator_id LIKE 'advance/%' "
            "GROUP BY subject ORDER BY n DESC LIMIT 1"
        )
    finally:
        await connection.close()
    if cases:
        console.print(
            f"Look next: greenlane story {cases[0]['subject'][:8]}   (the busiest advance, told in order)",
            highlight=False,
        )


async def _stay(settings: FrontSettings, console: Console, home: Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    console.print(
        "\nThe house stays up until Ctrl-C. In another terminal:", *(
            f"  export {name}='{value}'" for name, value in environment_of(settings).items()
        ), "  greenlane verify", f"Logs: {home / 'logs'}", sep="\n", highlight=False,
    )  # fmt: skip
    await stop.wait()


def command(
    files: Annotated[list[Path] | None, typer.Argument(help="recordings; absent: the examples", exists=True)] = None,
    stay: Annotated[bool | None, typer.Option(help="stay up until Ctrl-C; absent: on a terminal")] = None,
    until: Annotated[str | None, typer.Option(help="play timers up to this instant")] = None,
) -> None:
    """Play the examples through the whole house and say what happened and why (exit 1 where anything is not as it should be)."""
    chosen = files or DAY
    console = Console(highlight=False)
    keep = sys.stdout.isatty() if stay is None else stay
    ok = run(demonstrate(chosen, console, stay=keep, until=provision.instant(until) if until else None))
    if not ok:
        raise typer.Exit(Exit.NO)
