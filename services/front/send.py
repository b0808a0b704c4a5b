"""`greenlane send`: a file of records onto the topics of one sender, and what became of them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from aiokafka import AIOKafkaProducer
from rich.console import Console
from rich.progress import Progress

from services.front.exits import Exit, Told, run
from services.front.letters import MAY_WRITE, Letter, read_letters
from services.front.receipts import Listening, Sent, receipts_table, tally_of
from services.front.settings import FrontSettings, read_settings
from shared.kernel.instant import to_epoch_ms
from shared.runtime.topics import VENDORS

IN_FLIGHT = 500


async def send(settings: FrontSettings, letters: Sequence[Letter], progress: Progress) -> list[Sent]:
    """Send in the order of the file; returns when every one is acknowledged."""
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.bootstrap, enable_idempotence=True, acks="all", linger_ms=5,
        max_request_size=1_048_576,
    )  # fmt: skip
    await producer.start()
    task = progress.add_task("sending", total=len(letters))
    sent: list[Sent] = []
    try:
        for first in range(0, len(letters), IN_FLIGHT):
            batch = letters[first : first + IN_FLIGHT]
            waiting = [
                await producer.send(
                    letter.topic, letter.value, key=letter.key, headers=list(letter.headers),
                    timestamp_ms=to_epoch_ms(letter.at) if settings.clock == "recording" and letter.at else None,
                )
                for letter in batch
            ]  # fmt: skip
            for letter, where in zip(batch, await asyncio.gather(*waiting), strict=True):
                sent.append(Sent(letter, f"{where.topic}/{where.partition}/{where.offset}", []))
            progress.advance(task, len(batch))
    finally:
        await producer.stop()
    return sent


def command(
    file: Annotated[str, typer.Argument(help="NDJSON, one record a line; - reads standard input")],
    sender: Annotated[str | None, typer.Option("--as", help=", ".join(MAY_WRITE))] = None,
    wait: Annotated[float, typer.Option(help="seconds to listen for a vendor's receipts")] = 5.0,
    show: Annotated[int, typer.Option(help="at most so many receipts in words")] = 50,
) -> None:
    """Send records as one sender; a vendor is shown its receipts. A bad line: nothing is sent (exit 65)."""
    if sender is not None and sender not in MAY_WRITE:
        raise typer.BadParameter(f"one of {', '.join(MAY_WRITE)}", param_hint="--as")
    console = Console()

    async def work() -> list[Sent]:
        settings = read_settings()
        letters = _read(file, sender, dated=settings.clock == "recording")
        listening = Listening(settings, sender) if sender in VENDORS and wait > 0 else None
        if listening is not None:
            await listening.begin()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            sent = await send(settings, letters, progress)
        console.print(f"{len(sent)} records sent" + (f" as {sender}" if sender else ""), style="bold")
        if listening is not None:
            await listening.hear(sent, wait)
        return sent

    sent = run(work())
    if sender in VENDORS and wait > 0:
        console.print(receipts_table(sent, show))
        console.print(f"{tally_of(sent)}" + (f"; the first {show} are shown" if len(sent) > show else ""), style="dim")
    elif sender is not None:
        console.print(
            "core systems and staff get no receipts: greenlane quarantine list shows what was not read", style="dim"
        )
    if any(r.stage in ("refused", "quarantined") for one in sent for r in one.receipts):
        raise typer.Exit(Exit.NO)


def _read(file: str, sender: str | None, *, dated: bool) -> list[Letter]:
    if file == "-":
        return read_letters("standard input", sys.stdin, sender, dated=dated)
    try:
        with Path(file).open(encoding="utf-8") as source:
            return read_letters(file, source, sender, dated=dated)
    except FileNotFoundError:
        raise Told(Exit.BAD_INPUT, f"no file {file}") from None
    except UnicodeDecodeError:
        raise Told(Exit.BAD_INPUT, f"{file} is not UTF-8") from None
