"""Ground for the tests of the vault's lifecycle: planted streams on the real PostgreSQL, a real vault, an operator's shell."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from typer.testing import CliRunner, Result

from services.__main__ import app
from services.advance_pay.domain import accounts
from services.front import deeds
from shared.event_store.postgres import migrate
from shared.kernel.ids import fact_id, named
from shared.privacy.crypto import Cipher
from shared.privacy.keys import Keys, make_keys
from shared.privacy.postgres import PostgresVault
from shared.privacy.postgres import schema as vault_schema
from shared.privacy.vault import (
    AccountParticulars,
    AccountSeen,
    Address,
    Batch,
    CaseSeen,
    NoteSeen,
    Particulars,
    PersonSeen,
    RecordSeen,
)
from shared.runtime.clock import make_recording_clock
from tests.front.ground import HOUSE, NOON, Plot, said
from tests.front.planted import REQUEST, closed, submitted

OUYANG = Particulars("欧阳明月", "resident_id", "999901199003074514", "10012345678")
SHANGGUAN = Particulars("上官清和", "passport", "E99990001", "10087654321")
ACCOUNT = AccountParticulars("欧阳明月", "工商银行", "6222999900001111", "patient")
JOINED, APPLIED, LAPSED = named("joined"), named("r"), named("lapsed")
TODAY = NOON + timedelta(days=1)  # where the clock of the plot stands
BY = ("--actor", "staff-7", "--reason", "MEMBER_ASKED")
FEN = 2_000_000


def record(cause: UUID, at: datetime = NOON) -> RecordSeen:
    return RecordSeen(cause, b"h" * 16, Address("hengyu", f"evt-{cause}", "HY-1"), at)


@dataclass
class Counted:
    """References in the order in which persons come: m_1, m_2 …"""

    given: dict[str, int] = field(default_factory=dict)

    def new(self, kind: str, blind_index: bytes) -> str:
        self.given[kind] = self.given.get(kind, 0) + 1
        return f"{kind[0]}_{self.given[kind]}"


@dataclass
class Scene:
    """The planted house, its vault, and the command line of its operator."""

    plot: Plot
    vault: PostgresVault
    keys_file: Path
    keys: Keys

    async def greenlane(self, *words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, ["vault", *words])

    async def count(self, table: str) -> int:
        return int(await self.plot.sql.fetchval(f"SELECT count(*) FROM {table}"))

    async def deeds(self) -> list[tuple[str, str, str, str]]:
        query = "SELECT actor, deed, object, reason FROM greenlane_deeds.deeds WHERE seq > $1 ORDER BY seq"
        return [tuple(row) for row in await self.plot.sql.fetch(query, self.deeds_before)]

    deeds_before: int = 0

    async def someone(self) -> None:
        """A member with an account, a note and two records; somebody else beside, and a record about both."""
        seen = [PersonSeen(OUYANG, JOINED, authoritative=True), PersonSeen(SHANGGUAN, named("other"), True)]
        records = [record(JOINED), record(APPLIED), record(LAPSED), record(named("other"))]
        await self.vault.take_in(Batch(persons=seen[:1], records=records))
        await self.vault.take_in(Batch(persons=seen[1:], cases=[CaseSeen(named("c"), REQUEST, 0)]))
        await self.vault.keep([AccountSeen(ACCOUNT, "m_1")], [NoteSeen(named("note"), "m_1", "病历已核")])

    async def insured(self) -> None:
        plot = self.plot
        await plot.tell("intake", "feed/core-policies/m_1", heard(JOINED), subject="m_1", correlation=JOINED)
        await plot.tell("entitlement", "member/m_1", joined(), subject="m_1", correlation=JOINED)
        await plot.tell("entitlement", "cover/p_1", issued(), subject="p_1")

    async def asked(self) -> None:
        await self.plot.tell("intake", f"request/{REQUEST}", submitted(), subject=REQUEST, correlation=APPLIED)

    async def settled(self) -> None:
        await self.plot.tell("intake", f"request/{REQUEST}", closed(), subject=REQUEST)

    async def lapsed(self) -> None:
        """The policy lapses for everybody on it: a record that is not this member's alone."""
        fact = said("entitlement", "ForceChanged", cause=str(LAPSED), force="lapsed", effective_at=NOON)
        await self.plot.tell("entitlement", "cover/p_1", fact, subject="p_1", correlation=LAPSED)
        await self.plot.tell("intake", f"request/{REQUEST}", outcome(), subject=REQUEST, correlation=LAPSED)
        await self.under_key("p_1", "intake", "feed/core-policies/p_1", heard(LAPSED), LAPSED)

    async def under_key(
        self, key: str, service: str, stream: str, fact: Any, cause: UUID, outcome: str = "applied"
    ) -> None:
        """One record's fact under another bus key than the plot's."""
        book = HOUSE[service].facts
        await self.plot.sql.execute(
            f'INSERT INTO "{service}".stored_events (originator_id, originator_version, topic, state, event_id, cause, '
            "correlation, subject, bus_key, at) VALUES ($1, 1, $2, $3, $4, $5, $5, $6, $6, $7)",
            stream, book.name_of(fact), book.encode(fact), fact_id(cause, service, 0), cause, key, NOON,
        )  # fmt: skip
        await self.applied(cause, service, outcome)

    async def applied(self, cause: UUID, service: str = "intake", outcome: str = "applied") -> None:
        await self.plot.sql.execute(
            f'INSERT INTO "{service}".inbox (consumer, source, event_id, hash, outcome, at) '
            "VALUES ($1, 'planted', $2, '', $3, $4)", service, cause, outcome, NOON,
        )  # fmt: skip

    async def owes(self) -> None:
        await self.plot.tell(
            "advance_pay", f"advance/{REQUEST}",
            said("advance_pay", "AdvanceRequested", kinds=(), member_ref="m_1", vendor="youjia"),
            said("advance_pay", "Posted", posting=accounts.deposit("p1", FEN), member_ref="m_1"),
            said("advance_pay", "DepositAdvanced", amount_fen=FEN, receipt_key="r_1", advanced_fen=FEN, outstanding_fen=FEN,
                 member_ref="m_1"),
        )  # fmt: skip

    async def repays(self) -> None:
        await self.plot.tell(
            "advance_pay", f"advance/{REQUEST}",
            said("advance_pay", "Posted", posting=accounts.refund("p2", 0, FEN), member_ref="m_1"),
            said("advance_pay", "RefundSettled", debtor="member", amount_fen=FEN, left_fen=0, outstanding_fen=0,
                 member_ref="m_1"),
        )  # fmt: skip


def heard(cause: UUID) -> Any:
    return said("intake", "Heard", record=str(cause), type="MemberJoined.v1", subject="m_1", bus_key="m_1")


def outcome() -> Any:
    return said("intake", "OutcomePassedOn", cause=str(LAPSED), vendor="hengyu", service="OUTP", first=str(APPLIED),
                outcome="COVER_ENDED")  # fmt: skip


def joined(policy: str = "p_1") -> Any:
    return said("entitlement", "MemberJoined", cause=str(JOINED), policy_ref=policy, birth_date=date(1990, 3, 7), sex="F",
                covered_from=date(2026, 3, 1))  # fmt: skip


def issued(ends_on: date = date(2027, 3, 1)) -> Any:
    return said(
        "entitlement", "CoverIssued", cause="issued", product="A", purchased_at=NOON, issued_at=NOON,
        effective_on=date(2026, 3, 1), ends_on=ends_on, serves_until=ends_on, sum_insured_fen=100_000_000,
    )  # fmt: skip


def force(what: str, at: datetime) -> Any:
    return said("entitlement", "ForceChanged", cause=f"{what} {at}", force=what, effective_at=at)


@asynccontextmanager
async def planted_scene(dsn: str, keys_file: Path) -> AsyncIterator[Scene]:
    """An empty house whose clock stands at noon, and its vault."""
    await make_recording_clock(dsn, NOON)
    for service in HOUSE:
        await migrate(dsn, service)
    connection = await asyncpg.connect(dsn)
    await connection.execute(vault_schema())
    await connection.execute(deeds.SCHEMA)
    await connection.execute("TRUNCATE vault.records, vault.cases, vault.erasures, vault.disclosures")
    keys = make_keys(os.urandom)
    keys_file.write_text(keys.dump())
    plot = Plot(dsn, connection)
    await plot.clear()
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=2)
    before = await connection.fetchval("SELECT coalesce(max(seq), 0) FROM greenlane_deeds.deeds")
    yield Scene(plot, PostgresVault(pool, Cipher(keys, os.urandom), Counted()), keys_file, keys, before)
    await plot.clear()
    await connection.execute("TRUNCATE vault.records, vault.cases, vault.erasures, vault.disclosures")
    await pool.close()
    await connection.close()
