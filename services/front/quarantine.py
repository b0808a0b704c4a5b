"""`greenlane quarantine`: what was not read, and why. The raw bytes are shown only to someone with a name and a reason."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.front import deeds
from services.front.exits import Exit, Told, run
from services.front.settings import read_settings
from services.front.wirings import cipher_of
from shared.kernel.instant import in_china

app = typer.Typer(no_args_is_help=True, help="What was not read, and why.")
_COLUMNS = 'id, at, topic, partition, "offset", reason, pointer'


@app.command("list")
def list_command(
    limit: Annotated[int, typer.Option(help="at most so many, the newest first")] = 50,
    topic: Annotated[str | None, typer.Option(help="of one topic")] = None,
    reason: Annotated[str | None, typer.Option(help="for one reason")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """List quarantined records: why, where in the record, where on the topic, when."""

    async def work() -> list[dict[str, Any]]:
        connection = await asyncpg.connect(read_settings().dsn)
        try:
            query = (
                f"SELECT {_COLUMNS} FROM vault.quarantine WHERE ($2::text IS NULL OR topic = $2) "
                "AND ($3::text IS NULL OR reason = $3) ORDER BY at DESC, id LIMIT $1"
            )
            return [_plain(row) for row in await connection.fetch(query, limit, topic, reason)]
        finally:
            await connection.close()

    rows = run(work())
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("id", "when", "reason", "pointer", "topic/partition/offset"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(row["id"][:8], row["at"], row["reason"], row["pointer"], row["place"])
    Console().print(table)


@app.command("show")
def show_command(
    record: Annotated[str, typer.Argument(help="its id, or how that begins")],
    reveal: Annotated[bool, typer.Option("--reveal", help="show the raw bytes; written down")] = False,
    actor: deeds.Actor = None,
    reason: deeds.Reason = None,
) -> None:
    """Show one quarantined record; its raw bytes only with --reveal, --actor and --reason, which is written down."""
    if reveal and (actor is None or reason is None):
        raise typer.BadParameter("--reveal needs --actor and --reason: it may show a person's particulars")
    console = Console()

    async def work() -> None:
        settings = read_settings()
        connection = await asyncpg.connect(settings.dsn)
        try:
            row = await _one(connection, record)
            for name, value in _plain(row).items():
                console.print(f"{name:>8}  {value}", highlight=False, soft_wrap=True)
            if not reveal:
                return
            assert actor is not None
            assert reason is not None
            cipher = cipher_of(settings)
            await deeds.note(connection, actor, "REVEAL_QUARANTINED", str(row["id"]), reason)
            raw = cipher.open_plainly(row["raw"], str(row["id"]))
            headers = json.loads(cipher.open_plainly(row["headers"], f"{row['id']}/headers"))
        finally:
            await connection.close()
        for name, value in headers:
            shown = "no value" if value is None else _shown(bytes.fromhex(value))
            console.print(f"{'header':>8}  {name}: ", Text(shown), sep="", highlight=False, soft_wrap=True)
        console.print(f"{'raw':>8}  {len(raw)} bytes", highlight=False)
        console.print(Text(_shown(raw)), soft_wrap=True)

    run(work())


async def _one(connection: asyncpg.Connection, record: str) -> asyncpg.Record:
    rows = await connection.fetch(
        f"SELECT {_COLUMNS}, raw, headers FROM vault.quarantine WHERE id::text LIKE $1 LIMIT 2",
        _prefix(record),
    )
    if not rows:
        raise Told(Exit.NO, f"nothing in quarantine is called {record}")
    if len(rows) > 1:
        raise Told(Exit.NO, f"several begin with {record}: say more of the id")
    return rows[0]


def _prefix(said: str) -> str:
    """An id's beginning as a pattern; nothing but its own characters may stand in it."""
    try:
        return str(UUID(said))
    except ValueError:
        kept = said.lower()
        if not kept or set(kept) - set("0123456789abcdef-"):
            raise Told(Exit.USAGE, f"{said} is no id and no beginning of one") from None
        return f"{kept}%"


def _plain(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "at": in_china(row["at"]).isoformat(timespec="seconds"),
        "reason": row["reason"],
        "pointer": row["pointer"],
        "place": f"{row['topic']}/{row['partition']}/{row['offset']}",
    }


def _shown(raw: bytes) -> str:
    """Bytes as text that can't steer a terminal: what is not printable is written as an escape."""
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)
