"""How long persons stay in the vault: who is restricted, when a wish is carried out, what is swept, how keys are changed."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from services.intake.messaging.last_moment import enrich
from services.intake.messaging.outbound import ADDRESS, PERSON
from services.subsidy.domain.claimed import Claimed
from shared.contracts.orders import WorkOrdered
from shared.kernel.ids import named
from shared.messaging.wiring import Publication
from shared.privacy.crypto import Cipher
from shared.privacy.keeping import Kept
from shared.privacy.keys import Keys, rotated
from shared.privacy.postgres import PostgresVault
from shared.privacy.vault import Batch, Particulars, PersonSeen, RawKept
from tests.front.ground import NOON, said
from tests.front.planted import OTHER, REQUEST, submitted
from tests.privacy.scene import (
    ACCOUNT,
    APPLIED,
    BY,
    FEN,
    JOINED,
    LAPSED,
    OUYANG,
    SHANGGUAN,
    TODAY,
    Counted,
    Scene,
    force,
    heard,
    issued,
    joined,
    planted_scene,
    record,
)  # fmt: skip


@pytest_asyncio.fixture
async def scene(dsn: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Scene]:
    for name in [n for n in os.environ if n.startswith("GREENLANE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GREENLANE_POSTGRES", dsn)
    monkeypatch.setenv("GREENLANE_CLOCK", "recording")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    keys_file = tmp_path / "greenlane" / "vault-keys.json"
    keys_file.parent.mkdir()
    async with planted_scene(dsn, keys_file) as one:
        yield one


# -- restricted, remembered, erased ---------------------------------------------------------------------------------------


@pytest.mark.parts
async def test_live_cover_an_open_case_and_a_balance_restrict_and_each_says_what_would_end_it(scene: Scene) -> None:
    await scene.someone()
    await scene.insured()
    await scene.asked()
    await scene.owes()
    dry = await scene.greenlane("erase", "m_1", "--dry-run")
    assert (dry.exit_code, await scene.deeds(), await scene.vault.wishes()) == (1, [], [])
    restricted = await scene.greenlane("erase", "m_1", *BY)
    assert restricted.exit_code == 1
    told = " ".join(restricted.output.split())
    assert "m_1 is restricted, not erased" in told
    assert "live cover p_1 until the term ends at 2027-03-01T00:00:00+08:00 without renewal" in told
    assert f"open case {REQUEST} until the end of this OUTP request" in told
    assert f"balance {REQUEST} until {FEN} fen are offset, repaid or written off" in told
    assert await scene.deeds() == [("staff-7", "ERASE_MEMBER", "m_1", "MEMBER_ASKED")]
    assert await scene.vault.kept_of("m_1") == Kept(persons=1, accounts=1, notes=1)
    (wish,) = await scene.vault.wishes()
    assert (wish.actor, wish.at) == ("staff-7", TODAY)
    assert wish.held_by == ("live cover: p_1", f"open case: {REQUEST}", f"balance: {REQUEST}")


@pytest.mark.parts
async def test_a_wish_is_carried_out_once_the_last_of_the_three_ends(scene: Scene) -> None:
    await scene.someone()
    await scene.insured()
    await scene.asked()
    await scene.owes()
    assert (await scene.greenlane("erase", "m_1", *BY)).exit_code == 1
    for end, left in ((scene.settled, 2), (scene.lapsed, 1)):
        await end()
        swept = await scene.greenlane("sweep")
        assert "m_1 waits still" in swept.output
        assert len((await scene.vault.wishes())[0].held_by) == left
    await scene.repays()
    dry = await scene.greenlane("sweep", "--dry-run")
    assert "1 persons who were waited for would be deleted" in dry.output
    assert (await scene.vault.kept_of("m_1")).persons == 1
    assert "1 persons who were waited for deleted" in (await scene.greenlane("sweep")).output
    assert await scene.vault.kept_of("m_1", [JOINED, APPLIED]) == Kept()
    assert [deed[:3] for deed in await scene.deeds()] == [
        ("staff-7", "ERASE_MEMBER", "m_1"),
        ("staff-7", "ERASE_MEMBER_AFTER_WAITING", "m_1"),
    ]
    assert await scene.vault.wishes() == []


@pytest.mark.parts
async def test_who_is_erased_leaves_books_that_balance_and_a_house_that_verifies(scene: Scene) -> None:
    await scene.someone()
    await scene.insured()
    await scene.asked()
    await scene.owes()
    await scene.settled()
    await scene.repays()
    await scene.lapsed()
    dry = await scene.greenlane("erase", "m_1", "--dry-run")
    assert "would be erased: 1 person, 1 accounts, 1 notes, 2 addresses" in dry.output
    assert (await scene.vault.kept_of("m_1")).persons == 1
    done = await scene.greenlane("erase", "m_1", *BY)
    assert done.exit_code == 0, done.output
    assert "is erased: 1 person, 1 accounts, 1 notes, 2 addresses" in done.output
    assert await scene.vault.kept_of("m_1", [JOINED, APPLIED]) == Kept()
    assert await scene.count("vault.accounts") == await scene.count("vault.notes") == 0
    # others, and what concerns others too, stay
    assert (await scene.vault.kept_of("m_2", [LAPSED, named("other")])) == Kept(persons=1, addresses=2)
    for number in (3, 7, 11):
        await scene.plot.holds(number)
    await scene.plot.holds(13, cipher=Cipher(scene.keys, os.urandom))
    order = WorkOrdered(request_id=REQUEST, service="OUTP", action="ARRANGE")
    needs = (f"{PERSON}:m_1", f"{ADDRESS}:{APPLIED}")
    (told,) = await enrich(
        [Publication("WorkOrdered.v1", order, "vendor.hengyu.out.orders.v1", needs=needs)], scene.vault
    )
    assert isinstance(told.data, WorkOrdered)
    assert (told.data.particulars, told.data.person, told.data.case) == ("PARTICULARS_ERASED", None, None)


@pytest.mark.parts
async def test_erasing_again_changes_nothing_and_nobody_is_nobody(scene: Scene) -> None:
    await scene.someone()
    assert (await scene.greenlane("erase", "m_1", *BY)).exit_code == 0
    again = await scene.greenlane("erase", "m_1", *BY)
    assert (again.exit_code, len(await scene.deeds())) == (0, 1)
    assert f"m_1 was erased before, at {TODAY.isoformat(timespec='seconds')}" in again.output
    assert (await scene.greenlane("erase", "m_9", *BY)).exit_code == 1
    assert (await scene.greenlane("erase", "m_2")).exit_code == 2  # nobody said who, and why
    assert len(await scene.deeds()) == 1


@pytest.mark.parts
async def test_a_parked_message_is_an_open_case(scene: Scene) -> None:
    await scene.someone()
    await scene.plot.sql.execute(
        "INSERT INTO intake.parked (subject, message_id, source, message, kind, reason, at) "
        "VALUES ($1, $2, 'hengyu', '', 'poison', 'X', $3)", REQUEST, APPLIED, NOON,
    )  # fmt: skip
    parked = await scene.greenlane("erase", "m_2", "--dry-run")  # the door believes that this request is theirs
    assert parked.exit_code == 1
    assert f"greenlane park replay {REQUEST}" in parked.output


@pytest.mark.parts
async def test_money_of_a_subsidy_in_suspense_is_a_balance_and_somebody_else_s_is_not(scene: Scene) -> None:
    await scene.someone()
    claimed = Claimed(hukou_city="310000", care=(), lines=())
    for ref, request in (("m_1", REQUEST), ("m_2", OTHER)):
        claim = said("subsidy", "ClaimSubmitted", member_ref=ref, vendor="hengyu", applied_at=NOON, claimed=claimed)
        held = said(
            "subsidy", "MoneySuspended", case_id=request, payment_key="y_1", amount_fen=7, reason="NOTHING_APPROVED"
        )
        await scene.plot.tell("subsidy", f"claim/{request}", claim, held, subject=request)
    asked = await scene.greenlane("erase", "m_1", "--dry-run")
    assert asked.exit_code == 1
    assert f"balance     {REQUEST}  until 0 fen of subsidy are paid, 7 fen in suspense resolved" in asked.output
    assert OTHER not in asked.output


@pytest.mark.parts
@pytest.mark.parametrize(
    ("facts", "live"),
    [
        ((issued(),), True),
        ((), True),  # not issued as far as we have heard: not yet, never no
        ((issued(date(2026, 9, 25)),), False),  # ended at 0:00 of the 25th
        ((issued(date(2026, 9, 26)),), True),
        ((issued(), force("suspended", NOON)), True),
        ((issued(), force("lapsed", NOON)), False),
        ((issued(), force("lapsed", TODAY + timedelta(days=9))), True),
        ((issued(), force("lapsed", NOON), force("reinstated", NOON + timedelta(hours=1))), True),
        ((issued(), force("lapsed", NOON), force("reinstated", TODAY + timedelta(days=9))), True),
    ],
)
async def test_what_counts_as_live_cover(scene: Scene, facts: tuple[Any, ...], live: bool) -> None:
    await scene.someone()
    await scene.plot.tell("entitlement", "member/m_1", joined(), subject="m_1")
    if facts:
        await scene.plot.tell("entitlement", "cover/p_1", *facts, subject="p_1")
    asked = await scene.greenlane("erase", "m_1", "--dry-run")
    assert (asked.exit_code, "live cover" in asked.output) == ((1, True) if live else (0, False)), asked.output


@pytest.mark.parts
@pytest.mark.parametrize(("left_at", "live"), [(NOON, False), (TODAY + timedelta(days=3), True)])
async def test_who_has_left_the_list_has_no_cover(scene: Scene, left_at: datetime, live: bool) -> None:
    await scene.someone()
    await scene.insured()
    gone = said("entitlement", "MemberLeft", cause="left", policy_ref="p_1", left_at=left_at)
    await scene.plot.tell("entitlement", "member/m_1", gone, subject="m_1")
    asked = await scene.greenlane("erase", "m_1", "--dry-run")
    assert (asked.exit_code, left_at.isoformat() in asked.output) == (int(live), live)


# -- swept ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parts
async def test_persons_whose_record_took_no_effect_are_swept_and_nobody_else(scene: Scene) -> None:
    old, names = (
        NOON - timedelta(days=30),
        ("joined", "refused", "left", "unheard", "underway", "recent", "r", "claimed"),
    )
    for name in names:
        person = Particulars("上官清和", "passport", f"E9999{name}")
        at = NOON if name == "recent" else old
        await scene.vault.take_in(Batch(persons=[PersonSeen(person, named(name))], records=[record(named(name), at)]))
        if name not in ("underway", "left", "unheard"):
            await scene.applied(named(name))
    await scene.insured()  # m_1
    refused = said(
        "entitlement", "RecordRefused", cause="x", reason="NOT_A_MEMBER", rule="NOT-11", pointer="/data/person"
    )
    await scene.under_key("m_3", "intake", "feed/core-policies/m_3", heard(named("left")), named("left"))
    await scene.under_key("m_3", "entitlement", "member/m_3", refused, named("left"))
    await scene.under_key("m_4", "intake", "feed/core-policies/m_4", heard(named("unheard")), named("unheard"))
    await scene.under_key("m_7", "intake", "request/other", submitted(), named("asked"))
    counted = said("advance_pay", "ClaimCounted", member_ref="m_8", year=1, claim_key="c_1", payable_fen=1, request_id=None,
                   replaced_fen=0)  # fmt: skip
    await scene.under_key("m_8", "advance_pay", "liability/m_8/1", counted, named("claimed"))
    assert "2 orphans would be deleted" in (await scene.greenlane("sweep", "--dry-run")).output
    assert "2 orphans deleted" in (await scene.greenlane("sweep")).output
    left = {row[0] for row in await scene.plot.sql.fetch("SELECT member_ref FROM vault.persons")}
    assert left == {"m_1", "m_4", "m_5", "m_6", "m_7", "m_8"}
    assert {deed[:3] for deed in await scene.deeds()} == {
        ("sweep", "ERASE_ORPHAN", "m_2"),
        ("sweep", "ERASE_ORPHAN", "m_3"),
    }
    assert "0 orphans deleted" in (await scene.greenlane("sweep")).output


@pytest.mark.parts
async def test_addresses_and_raw_bytes_go_when_their_time_is_over_but_those_of_open_cases_stay(scene: Scene) -> None:
    old = TODAY - timedelta(days=200)
    raws = [
        RawKept(named(n), "t", 0, 0, "NOT_JSON", "", b"{", b"[]", at)
        for n, at in (("a", old), ("b", NOON - timedelta(hours=1)))
    ]
    await scene.vault.take_in(
        Batch(records=[record(APPLIED, old), record(named("done"), old), record(JOINED)], raws=raws)
    )
    await scene.asked()
    assert (
        "1 addresses of records and 1 quarantined raw bytes would be"
        in (await scene.greenlane("sweep", "--dry-run")).output
    )
    assert await scene.count("vault.quarantine") == 2
    assert "1 addresses of records and 1 quarantined" in (await scene.greenlane("sweep")).output
    told = await scene.vault.tell([], [], [APPLIED, named("done"), JOINED], "test")
    assert set(told.addresses) == {APPLIED, JOINED}
    await scene.settled()
    assert "1 addresses of records and 1 quarantined" in (await scene.greenlane("sweep", "--older-than", "1")).output
    assert await scene.count("vault.quarantine") == 0


# -- keys -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parts
async def test_after_a_rewrap_the_new_key_alone_opens_everything(scene: Scene) -> None:
    await scene.someone()
    await scene.vault.take_in(Batch(raws=[RawKept(named("a"), "t", 0, 0, "NOT_JSON", "", b"{", b"[]", NOON)]))
    newer = rotated(scene.keys, os.urandom, "k2")
    scene.keys_file.write_text(newer.dump())
    dry = await scene.greenlane("rewrap", "--dry-run")
    assert [line.split()[:2] for line in dry.output.splitlines()] == [
        ["2", "persons"], ["1", "accounts"], ["1", "notes"], ["4", "records"], ["1", "quarantine"],
    ]  # fmt: skip
    await scene.plot.sql.execute(
        "INSERT INTO intake.parked (subject, message_id, source, message, kind, reason, at) "
        "VALUES ('x', $1, 'hengyu', $2, 'poison', 'X', $3)",
        APPLIED, Cipher(scene.keys, os.urandom).seal_plainly(b"{}", "parked"), NOON,
    )  # fmt: skip
    done = await scene.greenlane("rewrap")
    assert (done.exit_code, "1 parked messages need an older key" in done.output) == (0, True)
    only = Cipher(Keys("k2", {"k2": newer.wrapping["k2"]}, newer.index), os.urandom)
    pool = await asyncpg.create_pool(scene.plot.dsn, min_size=1, max_size=1)
    told = await PostgresVault(pool, only, Counted()).tell(["m_1", "m_2"], ["a_1"], [JOINED], "test")
    await pool.close()
    assert (told.members, told.accounts) == ({"m_1": OUYANG, "m_2": SHANGGUAN}, {"a_1": ACCOUNT})
    assert told.addresses[JOINED].subject == "HY-1"
    raw = await scene.plot.sql.fetchrow("SELECT raw, headers FROM vault.quarantine")
    assert raw is not None
    assert only.open_plainly(raw["raw"], str(named("a"))) == b"{"
    assert only.open_plainly(raw["headers"], f"{named('a')}/headers") == b"[]"
    assert all(line.split()[0] == "0" for line in (await scene.greenlane("rewrap")).output.splitlines()[:5])
