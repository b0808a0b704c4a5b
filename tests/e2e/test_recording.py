"""The recording on real parts comes to what was derived by hand from the rules; in memory the same things are said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.front.box import Box
from services.front.expected import SPOKEN, Said, compare, everything_said, part_of, said_in
from services.front.player import Line, Player, read_recording
from services.front.wirings import wirings
from services.intake.app import open_door
from services.intake.messaging.last_moment import at_the_last_moment
from shared.handbook import load_editions
from shared.privacy.crypto import Cipher
from shared.privacy.keys import Keys
from shared.privacy.memory import MemoryVault
from shared.privacy.references import DerivedReferences
from shared.runtime.process import Extras
from tests.e2e.ground import Stand, standing

pytestmark = pytest.mark.parts

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
UNTIL = datetime.fromisoformat("2027-02-01T00:00:00+08:00")


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((EXAMPLES / "expected.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return read


def references(file: Path) -> set[str]:
    return {str(json.loads(line)["key"]) for line in file.read_text("utf-8").splitlines()}


async def played_on_real_parts(stand: Stand, lines: Sequence[Line]) -> list[Said]:
    async with Player(stand.settings.dsn, stand.settings.bootstrap) as player:
        playing = asyncio.create_task(player.play(lines, UNTIL))
        while not playing.done():
            stand.house.check()
            await asyncio.wait({playing}, timeout=1)
        await playing
    return await everything_said(stand.settings.bootstrap)


async def played_in_memory(lines: Sequence[Line], keys: Keys) -> list[Said]:
    """The same in one process; references follow from the keys, so they are the same too."""
    editions = load_editions(allow_demo=True)
    box = Box(lines[0].at - timedelta(seconds=1))
    vault = MemoryVault(Cipher(keys, lambda n: b"0" * n), DerivedReferences())
    for name, wiring in wirings(editions).items():
        door = Extras(door=open_door(vault, editions, wiring), enrich=at_the_last_moment(vault))
        await box.add(wiring, door if name == "intake" else None)
    await box.play(lines, UNTIL)
    return list(dict(said_in(topic, r.value) for topic in SPOKEN for r in box.bus.of(topic)).values())


def unlike(real: Sequence[Said], memory: Sequence[Said]) -> list[str]:
    """What was said in one of them alone: type, subject and data, however often and wherever."""
    one, two = {e.told for e in real}, {e.told for e in memory}
    return [f"only on real parts: {e}" for e in sorted(one - two)] + [f"only in memory: {e}" for e in sorted(two - one)]


@pytest.mark.timeout(300)
async def test_a_handful_of_cases_comes_to_what_is_expected(tmp_path: Path, expected: dict[str, Any]) -> None:
    file = EXAMPLES / "handful.ndjson"
    lines = read_recording([file])
    async with standing(tmp_path, "recording", began=lines[0].at - timedelta(seconds=1)) as stand:
        said = await played_on_real_parts(stand, lines)
        part = part_of(expected, references(file))
        assert len(part["cases"]) == 9
        assert compare(part, said) == []
        assert unlike(said, await played_in_memory(lines, stand.settings.keys())) == []
        await stand.verified()


@pytest.mark.timeout(600)
async def test_the_whole_day_comes_to_what_is_expected(tmp_path: Path, expected: dict[str, Any]) -> None:
    lines = read_recording([EXAMPLES / "day.ndjson"])
    async with standing(tmp_path, "recording", began=lines[0].at - timedelta(seconds=1)) as stand:
        said = await played_on_real_parts(stand, lines)
        assert compare(expected, said) == []
        assert unlike(said, await played_in_memory(lines, stand.settings.keys())) == []
        await stand.verified()
