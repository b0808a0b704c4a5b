"""Making what the house stands on: topics, schemas, the vault with its keys, the clock of a recording. Again: nothing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import asyncpg
import typer
from rich.console import Console

from services.front import deeds
from services.front.exits import Exit, Told, run
from services.front.settings import FrontSettings, read_settings
from shared.event_store.postgres import migrate
from shared.kernel.value import value
from shared.privacy.keys import make_keys
from shared.privacy.postgres import schema as vault_schema
from shared.runtime.clock import ClockName, make_recording_clock
from shared.runtime.process import WrongSettings
from shared.runtime.topics import SERVICES, provision_topics

Did = Literal["made", "was there"]
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('greenlane migrate'))"


@value
class Step:
    """One thing that must be there, and whether it had to be made."""

    what: str
    did: Did


async def provision(settings: FrontSettings, start: datetime | None, tell: Callable[[Step], None]) -> None:
    """Make what is missing, in an order that a stop in the middle can be continued from.

    Raises WrongSettings, TopicMismatch, Told, or the drivers' errors where a part does not answer.
    """
    topics = await provision_topics(settings.bootstrap, settings.clock, replication=settings.replication)
    for name in topics.created:
        tell(Step(f"topic {name}", "made"))
    if topics.existing:
        tell(Step(f"{len(topics.existing)} topics", "was there"))
    for service in SERVICES:
        there = await _there(settings.dsn, f"{service}.stored_events")
        await migrate(settings.dsn, service)
        tell(Step(f"schema {service}", there))
    for name, sql, mark in (("vault", vault_schema(), "vault.persons"), ("deeds", deeds.SCHEMA, deeds.TABLE)):
        there = await _there(settings.dsn, mark)
        await _execute(settings.dsn, sql)
        tell(Step(f"schema {name}", there))
    tell(await _keys(settings))
    if settings.clock == "recording":
        tell(await _clock(settings.dsn, start))


async def _there(dsn: str, table: str) -> Did:
    connection = await asyncpg.connect(dsn)
    try:
        found = await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", table)
    finally:
        await connection.close()
    return "was there" if found else "made"


async def _execute(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute(_LOCK)
            await connection.execute(sql)
    finally:
        await connection.close()


async def _keys(settings: FrontSettings) -> Step:
    file = settings.keys_file
    if file is None:
        settings.keys()
        return Step("vault keys in the environment", "was there")
    if file.exists():
        settings.keys()
        return Step(f"vault keys {file}", "was there")
    connection = await asyncpg.connect(settings.dsn)
    try:
        persons = await connection.fetchval("SELECT count(*) FROM vault.persons")
    finally:
        await connection.close()
    if persons:
        # new keys would open nothing and find nobody again
        raise WrongSettings([f"the vault holds {persons} persons, but their keys are not at {file}: bring them back"])
    _write_privately(file, make_keys(secrets.token_bytes).dump())
    return Step(f"vault keys {file}", "made")


def _write_privately(file: Path, text: str) -> None:
    """Write a new file whole or not at all, for its owner's eyes alone."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.link(unfinished, file)  # unlike a rename it never replaces another's keys
    finally:
        unfinished.unlink()


async def _clock(dsn: str, start: datetime | None) -> Step:
    there = await _there(dsn, "greenlane_clock.clock")
    if start is None:
        if there == "made":
            raise Told(Exit.USAGE, "a recording's clock stands at an instant: say --start 2026-09-24T00:00:00+08:00")
        return Step("clock of the recording", "was there")
    await make_recording_clock(dsn, start)
    return Step("clock of the recording", there)


def instant(text: str) -> datetime:
    """An instant as said on the command line. Raises typer.BadParameter where it has no offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no instant: 2026-09-24T00:00:00+08:00 is one") from None
    if at.tzinfo is None:
        raise typer.BadParameter(f"{text} has no offset: 2026-09-24T00:00:00+08:00 has one")
    return at


def command(
    clock: Annotated[str | None, typer.Option(help="live or recording; absent: GREENLANE_CLOCK")] = None,
    start: Annotated[str | None, typer.Option(help="where a new recording's clock stands, with its offset")] = None,
) -> None:
    """Make topics, schemas, the vault and its keys; what is there stays as it is."""
    console = Console()
    if clock not in (None, "live", "recording"):
        raise typer.BadParameter("live or recording", param_hint="--clock")
    at = instant(start) if start else None

    def tell(step: Step) -> None:
        style = "green" if step.did == "made" else "dim"
        console.print(f"[{style}]{step.did:>9}[/]  {step.what}", highlight=False, soft_wrap=True)

    async def work() -> None:
        settings = read_settings()
        if clock is not None:
            chosen: ClockName = "live" if clock == "live" else "recording"
            settings = settings.model_copy(update={"clock": chosen})
        await provision(settings, at, tell)
        console.print(f"ready on the {settings.clock} clock", style="bold")

    run(work())
