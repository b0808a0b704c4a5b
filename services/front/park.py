"""`greenlane park`: cases that wait behind a message that could not be handled, and sending them on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console
from rich.table import Table

from services.front import deeds
from services.front.bus import ends_of
from services.front.exits import Exit, Told, run
from services.front.settings import FrontSettings, read_settings
from services.front.wirings import extras_of, wiring_of
from shared.event_store.postgres import PostgresStore, open_pool
from shared.kernel.instant import in_china
from shared.kernel.value import value
from shared.messaging.engine import Engine
from shared.messaging.wiring import Wiring
from shared.runtime.clock import sql_of
from shared.runtime.process import INBOUND, Extras
from shared.runtime.topics import SERVICES, TOPICS

app = typer.Typer(no_args_is_help=True, help="Cases that wait behind a message that could not be handled.")
FOLLOWERS_S = 0.5
ROUNDS_MAX = 20
_LIST = """
SELECT subject, count(*) AS waiting, min(at) AS since, min(seq) AS first,
       (array_agg(reason ORDER BY seq))[1] AS reason, (array_agg(source ORDER BY seq))[1] AS source
FROM "{s}".parked WHERE state = 'parked' GROUP BY subject ORDER BY min(seq) LIMIT $1
"""


async def parked_cases(connection: asyncpg.Connection, limit: int) -> list[dict[str, Any]]:
    """Every parked case of every service, the longest waiting first within each."""
    found = []
    for service in SERVICES:
        for row in await connection.fetch(_LIST.format(s=service), limit):
            since = in_china(row["since"]).isoformat(timespec="seconds")
            found.append(
                {"service": service, **{k: row[k] for k in ("subject", "waiting", "reason", "source")}, "since": since}
            )
    return found


@app.command("list")
def list_command(
    limit: Annotated[int, typer.Option(help="at most so many of each service")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """List parked cases: which service, how many messages wait, since when, and what the first one failed of."""

    async def work() -> list[dict[str, Any]]:
        connection = await asyncpg.connect(read_settings().dsn)
        try:
            return await parked_cases(connection, limit)
        finally:
            await connection.close()

    rows = run(work())
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("service", "case", "waiting", "since", "from", "reason"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(row["service"], row["subject"], str(row["waiting"]), row["since"], row["source"], row["reason"])
    Console().print(table)


@value
class Replayed:
    """What came of a case: messages that took effect, facts, and messages that wait still."""

    service: str
    messages: int
    facts: int
    waiting: int


async def replay(settings: FrontSettings, service: str, subject: str) -> Replayed:
    """Settle a case's parked messages in their order, at their own instants; as often as others join behind them."""
    editions = settings.read_editions()
    wiring = wiring_of(service, editions)
    make = extras_of(service, settings, editions, wiring)
    extras = await make() if make is not None else Extras()
    pool = await open_pool(settings.dsn, service, size=2)
    try:
        store = PostgresStore(pool, clock=sql_of(settings.clock))
        engine = Engine(
            wiring,
            store,
            extras.door,
            ends=_ends(settings, wiring),
            seal=extras.seal,
            unseal=extras.unseal,
            cache_size=1_000,
        )
        await engine.resume()
        messages = facts = 0
        waiting = len(await store.parked_of(subject))
        for _ in range(ROUNDS_MAX):
            settled = await engine.replay(subject)
            left = len(await store.parked_of(subject))
            messages, facts = messages + max(waiting - left, 0), facts + settled.facts
            waiting = left
            if left and not settled.facts:
                break  # the first of them fails as before
            await asyncio.sleep(FOLLOWERS_S)  # a running process may have parked one more behind them
            waiting = len(await store.parked_of(subject))
            if not waiting:
                break
        return Replayed(service, messages, facts, waiting)
    finally:
        await pool.close()
        if extras.close is not None:
            await extras.close()


def _ends(settings: FrontSettings, wiring: Wiring) -> Callable[[], Awaitable[Mapping[str, int]]]:
    """Where the inbound topics end now: a timer that asks, armed by a replay, waits for all that as any other does."""
    topics = {topic: TOPICS[topic].partitions for topic in INBOUND if topic in wiring.hears}

    async def ends() -> Mapping[str, int]:
        found = await ends_of(settings.bootstrap, topics) if topics else {}
        return {f"{topic}/{partition}": end for (topic, partition), (_, end) in found.items()}

    return ends


@app.command("replay")
def replay_command(
    subject: Annotated[str, typer.Argument(help="the case, as park list shows it")],
    actor: deeds.Actor = None,
    reason: deeds.Reason = None,
    service: Annotated[str | None, typer.Option(help="only in this service")] = None,
) -> None:
    """Send a parked case on, in order, at the original instants. Who did so and why is written down."""
    if actor is None or reason is None:
        raise typer.BadParameter("--actor and --reason are needed: it is written down who sent a case on, and why")
    console = Console()

    async def work() -> list[Replayed]:
        settings = read_settings()
        connection = await asyncpg.connect(settings.dsn)
        try:
            where = await _services_of(connection, subject, (service,) if service else SERVICES)
            for name in where:
                await deeds.note(connection, actor, "REPLAY_PARKED", f"{name}:{subject}", reason)
        finally:
            await connection.close()
        return [await replay(settings, name, subject) for name in where]

    stuck = False
    for one in run(work()):
        style = "yellow" if one.waiting else "green"
        console.print(f"[{style}]{one.service}: {one.messages} messages settled, {one.waiting} wait still[/]")
        stuck = stuck or one.waiting > 0
    if stuck:
        raise typer.Exit(Exit.NO)


async def _services_of(connection: asyncpg.Connection, subject: str, services: Sequence[str]) -> list[str]:
    query = "SELECT EXISTS (SELECT 1 FROM \"{s}\".parked WHERE state = 'parked' AND subject = $1)"
    found = [s for s in services if s in SERVICES and await connection.fetchval(query.format(s=s), subject)]
    if not found:
        raise Told(Exit.NO, f"no parked case is called {subject}: see greenlane park list")
    return found
