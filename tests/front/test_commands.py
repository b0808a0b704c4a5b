"""The commands as a person types them, on real parts: what they print, write down and exit with."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.__main__ import app
from services.front.park import replay
from services.front.settings import FrontSettings
from shared.kernel.ids import named
from shared.messaging.codec import Record
from shared.messaging.parking import freeze_record
from shared.privacy.crypto import Cipher
from shared.privacy.keys import make_keys, read_keys
from tests.front.ground import NOON, Plot
from tests.front.planted import OTHER, REQUEST, clock, closed, review, submitted

pytestmark = pytest.mark.parts
QUARANTINED = named("quarantine", "t/0/7")


@pytest.fixture
def typed(dsn: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment as an operator has it."""
    for name in [n for n in os.environ if n.startswith("GREENLANE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GREENLANE_POSTGRES", dsn)
    monkeypatch.setenv("GREENLANE_CLOCK", "recording")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path / "greenlane" / "vault-keys.json"


async def greenlane(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, list(words))


# -- provision ----------------------------------------------------------------------------------------------------------


async def test_provision_makes_what_is_missing_once(
    plot: Plot, typed: Path, bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLANE_KAFKA", bootstrap)
    first = await greenlane("provision", "--start", "2026-09-24T00:00:00+08:00")
    assert first.exit_code == 0, first.output
    assert f"made vault keys {typed}" in " ".join(first.output.split())
    assert stat.S_IMODE(typed.stat().st_mode) == 0o600
    keys = read_keys(typed.read_text())
    second = await greenlane("provision")
    assert second.exit_code == 0
    assert "made" not in second.output
    assert "ready on the recording clock" in second.output
    assert read_keys(typed.read_text()) == keys


async def test_provision_never_makes_new_keys_for_a_vault_that_holds_persons(
    plot: Plot, typed: Path, bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLANE_KAFKA", bootstrap)
    await plot.sql.execute("INSERT INTO vault.persons VALUES ('m_1', 'x', $1, 'k', 'w', 'c')", named("x"))
    said = await greenlane("provision")
    assert said.exit_code == 78
    assert "the vault holds 1 persons" in said.output
    assert not typed.exists()


async def test_wrong_settings_exit_with_78_and_a_missing_server_with_69(
    typed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await greenlane("run", "intake")).exit_code == 78
    assert (await greenlane("run", "nobody")).exit_code == 2
    monkeypatch.setenv("GREENLANE_POSTGRES", "postgresql://nobody@127.0.0.1:1/nowhere")
    gone = await greenlane("park", "list")
    assert gone.exit_code == 69
    assert "does not answer" in gone.output


# -- quarantine ---------------------------------------------------------------------------------------------------------


async def quarantine_one(plot: Plot, keys_file: Path, raw: bytes) -> None:
    keys = make_keys(os.urandom)
    keys_file.parent.mkdir(parents=True)
    keys_file.write_text(keys.dump())
    cipher = Cipher(keys, os.urandom)
    await plot.sql.execute(
        'INSERT INTO vault.quarantine (id, topic, partition, "offset", reason, pointer, raw, headers, at) '
        "VALUES ($1, 't', 0, 7, 'NOT_JSON', '/data', $2, $3, $4)",
        QUARANTINED, cipher.seal_plainly(raw, str(QUARANTINED)), cipher.seal_plainly(b"[]", f"{QUARANTINED}/headers"), NOON,
    )  # fmt: skip


async def test_quarantine_shows_why_and_where_and_raw_bytes_only_to_a_name_with_a_reason(
    plot: Plot, typed: Path
) -> None:
    await quarantine_one(plot, typed, b"\xff{secret}\x1b[31m")
    listed = json.loads((await greenlane("quarantine", "list", "--json")).output)
    assert [(r["reason"], r["pointer"], r["place"]) for r in listed] == [("NOT_JSON", "/data", "t/0/7")]
    plain = await greenlane("quarantine", "show", str(QUARANTINED)[:6])
    assert plain.exit_code == 0
    assert "secret" not in plain.output
    assert (await greenlane("quarantine", "show", str(QUARANTINED), "--reveal")).exit_code == 2
    assert (await greenlane("quarantine", "show", "1", "--reveal", "--actor", "张三", "--reason", "X")).exit_code == 2
    before = await plot.sql.fetchval("SELECT count(*) FROM greenlane_deeds.deeds")
    shown = await greenlane(
        "quarantine", "show", str(QUARANTINED), "--reveal", "--actor", "staff-7", "--reason", "VENDOR_ASKED"
    )
    assert "\\xff{secret}\\x1b[31m" in shown.output  # nothing steers the terminal
    deed = await plot.sql.fetchrow(
        "SELECT actor, deed, object, reason FROM greenlane_deeds.deeds ORDER BY seq DESC LIMIT 1"
    )
    assert tuple(deed or ()) == ("staff-7", "REVEAL_QUARANTINED", str(QUARANTINED), "VENDOR_ASKED")
    assert await plot.sql.fetchval("SELECT count(*) FROM greenlane_deeds.deeds") == before + 1


async def test_what_is_not_in_quarantine_is_not_found(plot: Plot, typed: Path) -> None:
    assert (await greenlane("quarantine", "show", "abcdef")).exit_code == 1
    assert (await greenlane("quarantine", "show", "%")).exit_code == 2


# -- park ---------------------------------------------------------------------------------------------------------------


async def test_a_parked_case_is_listed_and_sent_on_with_a_reason(plot: Plot, typed: Path, dsn: str) -> None:
    heard = {
        "id": str(named("event")), "source": "greenlane/intake", "type": "MemberWaitEnded.v1", "subject": "nobody",
        "time": NOON.isoformat(), "correlationid": str(named("event")), "data": {},
    }  # fmt: skip
    record = Record("greenlane.intake.events.v1", 0, 0, b"m_1", json.dumps(heard).encode(), (), 0)
    await plot.sql.execute(
        "INSERT INTO scheduling.parked (subject, message_id, source, message, kind, reason, at) "
        "VALUES ('nobody', $1, 'greenlane/intake', $2, 'poison', 'ValueError in x', $3)",
        named("event"), freeze_record(record), NOON,
    )  # fmt: skip
    listed = json.loads((await greenlane("park", "list", "--json")).output)
    assert [(r["service"], r["subject"], r["waiting"]) for r in listed] == [("scheduling", "nobody", 1)]
    assert (await greenlane("park", "replay", "nobody")).exit_code == 2
    done = await greenlane("park", "replay", "nobody", "--actor", "staff-7", "--reason", "FIXED")
    assert done.exit_code == 0, done.output
    assert "1 messages settled, 0 wait still" in done.output
    assert await plot.sql.fetchval("SELECT state FROM scheduling.parked") == "replayed"
    assert (await greenlane("park", "replay", "nobody", "--actor", "staff-7", "--reason", "FIXED")).exit_code == 1


async def test_a_message_that_still_fails_stays_parked(plot: Plot, typed: Path, dsn: str) -> None:
    record = Record("greenlane.intake.events.v1", 0, 0, b"m_1", b"nonsense", (), 0)
    await plot.sql.execute(
        "INSERT INTO scheduling.parked (subject, message_id, source, message, kind, reason, at) "
        "VALUES ('nobody', $1, 'x', $2, 'poison', 'NOT_AN_EVENT', $3)", named("event"), freeze_record(record), NOON,
    )  # fmt: skip
    came = await replay(FrontSettings(), "scheduling", "nobody")
    assert (came.messages, came.facts, came.waiting) == (0, 0, 1)


# -- story --------------------------------------------------------------------------------------------------------------


async def test_a_story_is_in_order_of_causes_with_deadlines_reviews_and_what_is_open(plot: Plot, typed: Path) -> None:
    await plot.tell("intake", f"request/{REQUEST}", submitted(), clock(), subject=REQUEST)
    await plot.tell("scheduling", f"engagement/{REQUEST}", review(f"{REQUEST}-S1"), subject=REQUEST)
    await plot.tell("intake", f"request/{REQUEST}", closed(), subject=REQUEST)
    story = json.loads((await greenlane("story", REQUEST[:5], "--json")).output)
    assert [s["fact"] for s in story["steps"]] == ["Submitted", "ResponseClockStarted", "Closed", "ReviewOpened"]
    assert story["head"]["outcome"] == "DONE"
    assert story["steps"][1]["deadlines"][0]["days"] == [{"day": "2026-09-24", "counted": True, "why": "x"}]
    assert story["reviews"][f"{REQUEST}-S1"]["owner"] == "operations"
    rule = story["steps"][3]["rules"][0]
    assert (rule["rule"], rule["outcome"]) == ("ENT-51", "review")
    assert rule["edition"] == "A-v1"
    assert rule["clauses"][0]["quote"]
    told = await greenlane("story", REQUEST[:5])
    assert told.exit_code == 0
    assert rule["clauses"][0]["quote"][:8] in told.output


async def test_a_story_needs_one_request(plot: Plot, typed: Path) -> None:
    await plot.tell("intake", f"request/{REQUEST}", submitted(), subject=REQUEST)
    await plot.tell("intake", f"request/1{OTHER[1:]}", submitted(), subject=f"1{OTHER[1:]}")
    assert (await greenlane("story", "1")).exit_code == 1
    assert (await greenlane("story", "9")).exit_code == 1
    assert (await greenlane("story", "nobody")).exit_code == 2
    assert (await greenlane("story", "11")).exit_code == 0


# -- verify -------------------------------------------------------------------------------------------------------------


async def test_verify_exits_with_1_where_something_is_wrong(plot: Plot, typed: Path) -> None:
    quick = ("verify", "--wait", "0", "--only", "3", "--json")
    whole = await greenlane(*quick)
    assert whole.exit_code == 0
    assert json.loads(whole.output)[0]["holds"] is True
    await plot.row("subsidy", "claim/x", 2, "ClaimClosed.v1", b"{}", cause=named("x"))
    assert (await greenlane(*quick)).exit_code == 1
    assert (await greenlane("verify", "--wait", "0", "--only", "5", "--complete")).exit_code == 1
