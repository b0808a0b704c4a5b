"""`greenlane vault`: erasing persons, sweeping what has no reason to stay, bringing rows under the active key.

Who still has live cover, an open case or a balance is restricted: the wish is remembered, and `sweep` carries it out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

import asyncpg
import typer
from rich.console import Console

from services.front import deeds
from services.front.exits import Exit, run
from services.front.invariants.ground import Ground, snapshot
from services.front.settings import FrontSettings, read_settings
from services.front.ties import House, StoredStreams, Streams, Tie, open_records
from services.front.warden import Erasure, Warden
from services.front.wirings import cipher_of, wirings
from shared.kernel.instant import in_china
from shared.kernel.value import value
from shared.messaging.wiring import Wiring
from shared.privacy.keeping import Keeping, Old
from shared.privacy.postgres_keeping import PostgresKeeping

app = typer.Typer(no_args_is_help=True, help="Persons: erasing them, what is kept for how long, the keys.")
RETENTION_DAYS = 180
ORPHAN_DAYS = 7  # as long as a record may be under way
REWRAP_ROWS = 500
SWEEPER = "sweep"
# The record that first named the person was settled, and neither a request nor money came of it.
_ORPHANS = """
SELECT c.ref, h.bus_key IS NOT NULL AS heard
FROM unnest($1::text[], $2::uuid[]) AS c(ref, by)
LEFT JOIN (SELECT DISTINCT bus_key FROM intake.stored_events WHERE starts_with(originator_id, 'feed/')) h
    ON h.bus_key = c.ref
WHERE EXISTS (SELECT 1 FROM intake.inbox i WHERE i.event_id = c.by AND i.outcome = 'applied')
  AND NOT EXISTS (SELECT 1 FROM intake.stored_events e WHERE e.bus_key = c.ref AND starts_with(originator_id, 'request/'))
  AND NOT EXISTS (SELECT 1 FROM advance_pay.stored_events e WHERE e.bus_key = c.ref)
  AND NOT EXISTS (SELECT 1 FROM intake.parked p WHERE p.state = 'parked' AND p.subject = c.ref)
ORDER BY c.ref
"""
_PARKED_STALE = """
SELECT count(*) FROM intake.parked
WHERE state = 'parked' AND substring(message FROM 1 FOR octet_length($1::bytea)) <> $1
"""


@dataclass(slots=True)
class Swept:
    """What a sweep did, or would do."""

    erased: list[str] = field(default_factory=list)
    waiting: dict[str, Sequence[Tie]] = field(default_factory=dict)
    orphans: list[str] = field(default_factory=list)
    old: Old = field(default_factory=Old)


@value
class Premises:
    """The vault on its database, beside the services' schemas."""

    settings: FrontSettings
    pool: asyncpg.Pool
    keeping: Keeping
    wirings: Mapping[str, Wiring]

    @asynccontextmanager
    async def ground(self) -> AsyncIterator[Ground]:
        """One snapshot of the services' schemas; reads only."""
        async with snapshot(self.settings.dsn) as connection:
            yield Ground(connection, self.wirings, clock=self.settings.clock)

    @asynccontextmanager
    async def _view(self) -> AsyncIterator[tuple[Streams, datetime]]:
        async with self.ground() as ground:
            yield StoredStreams(ground), await ground.now()

    async def _note(self, actor: str, deed: str, what: str, reason: str) -> None:
        connection = await asyncpg.connect(self.settings.dsn)
        try:
            await deeds.note(connection, actor, deed, what, reason)
        finally:
            await connection.close()

    @property
    def warden(self) -> Warden:
        """Who erases here."""
        return Warden(self.keeping, self.wirings, self._view, self._note)

    async def sweep(self, older_than: int = RETENTION_DAYS, *, dry: bool = False) -> Swept:
        """Carry out wishes that nothing holds any more; delete orphans, expired addresses and expired raw bytes."""
        swept = Swept()
        for wish in await self.keeping.wishes():
            ties = await self.warden.carry_out(wish, dry=dry)
            if ties:
                swept.waiting[wish.member_ref] = ties
            else:
                swept.erased.append(wish.member_ref)
        async with self.ground() as ground:
            now = await ground.now()
            swept.orphans = await self._orphans(ground, now - timedelta(days=min(ORPHAN_DAYS, older_than)))
            spared = await open_records(ground)
        before = now - timedelta(days=older_than)
        swept.old = await self.keeping.old_before(before, spared)
        if not dry:
            for orphan in swept.orphans:
                await self._note(SWEEPER, "ERASE_ORPHAN", orphan, "NEVER_A_MEMBER")
                await self.keeping.erase(orphan, (), now)
            await self.keeping.forget_before(before, spared)
        return swept

    async def _orphans(self, ground: Ground, before: datetime) -> list[str]:
        """Persons whose first record never led to a member or a request; one not yet settled counts as under way."""
        named = await self.keeping.first_named_before(before)
        rows = await ground.fetch(_ORPHANS, [n.member_ref for n in named], [n.by for n in named])
        were = await House(StoredStreams(ground), self.wirings).were_members([row["ref"] for row in rows])
        # what a feed said is settled by entitlement, which may not have heard it yet
        return [row["ref"] for row in rows if were.get(row["ref"], row["heard"]) is False]

    async def parked_stale(self) -> int:
        """Parked messages that only an older key opens; a replay needs it."""
        leading = cipher_of(self.settings).active.encode() + b"\x00"
        async with self.ground() as ground:
            return int(await ground.value(_PARKED_STALE, leading))


@asynccontextmanager
async def premises(settings: FrontSettings) -> AsyncIterator[Premises]:
    """The vault of this house. Raises WrongSettings without keys, the driver's errors without a database."""
    cipher = cipher_of(settings)
    houses = wirings(settings.read_editions())
    pool = await asyncpg.create_pool(settings.dsn, min_size=1, max_size=2, command_timeout=300)
    try:
        yield Premises(settings, pool, PostgresKeeping(pool, cipher), houses)
    finally:
        await pool.close()


DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done, and do nothing")]


@app.command("erase")
def erase_command(
    member_ref: Annotated[str, typer.Argument(help="the person's reference, m_…")],
    actor: deeds.Actor = None,
    reason: deeds.Reason = None,
    dry_run: DryRun = False,
) -> None:
    """Erase a person: key and row, accounts, notes, addresses. Exit 1 where that must wait, with what it waits for."""
    if not dry_run and (actor is None or reason is None):
        raise typer.BadParameter("--actor and --reason are needed: it is written down who erased a person, and why")

    async def work() -> Erasure:
        async with premises(read_settings()) as here:
            return await here.warden.erase(member_ref, actor or "", reason or "", dry=dry_run)

    done = run(work())
    if done.ties:
        _say(f"[yellow]{member_ref} is restricted, not erased:[/]", *map(_tie, done.ties))
        _say(
            "nothing was remembered: a dry run" if dry_run else "remembered: greenlane vault sweep erases once they end"
        )
        raise typer.Exit(Exit.NO)
    if not done.kept.persons:
        at = done.before.erased_at if done.before is not None else None
        _say(f"{member_ref} was erased before" + (f", at {in_china(at).isoformat(timespec='seconds')}" if at else ""))
        return
    k = done.kept
    _say(
        f"[green]{member_ref} {'would be' if dry_run else 'is'} erased:[/] {k.persons} person, {k.accounts} accounts, "
        f"{k.notes} notes, {k.addresses} addresses"
    )


@app.command("sweep")
def sweep_command(
    older_than: Annotated[
        int, typer.Option(min=1, help=f"addresses and raw bytes older than so many days; orphans at most {ORPHAN_DAYS}")
    ] = RETENTION_DAYS,
    dry_run: DryRun = False,
) -> None:
    """Carry out wishes that need wait no longer; delete orphans, expired addresses and quarantined raw bytes."""

    async def work() -> Swept:
        async with premises(read_settings()) as here:
            return await here.sweep(older_than, dry=dry_run)

    swept = run(work())
    verb = "would be deleted" if dry_run else "deleted"
    _say(f"{len(swept.erased)} persons who were waited for {verb}", *(f"  {ref}" for ref in swept.erased))
    for ref, ties in swept.waiting.items():
        _say(f"[yellow]{ref} waits still:[/]", *map(_tie, ties))
    _say(f"{len(swept.orphans)} orphans {verb}")
    _say(f"{swept.old.addresses} addresses of records and {swept.old.raws} quarantined raw bytes {verb}")


@app.command("rewrap")
def rewrap_command(dry_run: DryRun = False) -> None:
    """Bring everything that an older key wraps or seals under the active one; then older keys may go."""

    async def work() -> tuple[dict[str, int], dict[str, int], int]:
        async with premises(read_settings()) as here:
            stale = await here.keeping.stale()
            while not dry_run and await here.keeping.rewrap(REWRAP_ROWS):
                pass
            return stale, await here.keeping.stale(), await here.parked_stale()

    stale, left, parked = run(work())
    for table, rows in stale.items():
        _say(
            f"{rows - (0 if dry_run else left[table]):>8,} {table} {'would be brought' if dry_run else 'brought'} over"
        )
    if parked:
        _say(f"[yellow]{parked} parked messages need an older key: replay them before it goes[/]")
    if not dry_run and any(left.values()):
        _say("[yellow]some rows were in use or written meanwhile: run it again[/]")
        raise typer.Exit(Exit.NO)


def _tie(tie: Tie) -> str:
    return f"  {tie.kind:<10}  {tie.what}  until {tie.until}"


def _say(*lines: str) -> None:
    console = Console()
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)
