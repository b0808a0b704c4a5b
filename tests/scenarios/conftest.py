"""The house in a box, for scenarios that need no real parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.front.box import Box
from services.front.player import Line
from services.front.tally import SPOKEN, Tally, count
from services.front.wirings import wirings
from services.intake.app import open_door
from services.intake.messaging.last_moment import at_the_last_moment
from shared.handbook import Editions
from shared.privacy.crypto import Cipher
from shared.privacy.keys import make_keys
from shared.privacy.memory import MemoryVault
from shared.privacy.references import DerivedReferences
from shared.runtime.process import Extras


async def play_in_a_box(lines: Sequence[Line], editions: Editions, until: datetime) -> tuple[Box, Tally]:
    """Play a recording through all five services in memory; the box and what was said in it."""
    box = Box(lines[0].at - timedelta(seconds=1))
    vault = MemoryVault(Cipher(make_keys(lambda n: b"k" * n), lambda n: b"0" * n), DerivedReferences())
    for name, wiring in wirings(editions).items():
        door = open_door(vault, editions, wiring) if name == "intake" else None
        await box.add(wiring, Extras(door=door, enrich=at_the_last_moment(vault)) if door else None)
    await box.play(lines, until)
    tally = Tally()
    for topic in SPOKEN:
        for record in box.bus.of(topic):
            count(tally, topic, record.value)
    return box, tally
