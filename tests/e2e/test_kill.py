"""kill -9 of each service in the middle of load: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from shared.kernel.instant import CST
from shared.runtime.topics import SERVICES
from tests.e2e.applications import Town
from tests.e2e.asked import nothing_lost_nothing_doubled
from tests.e2e.ground import Stand, scaled, standing

pytestmark = pytest.mark.parts

TOWN = scaled(3_000, 50_000)
AT_A_TIME = 250  # members that ask, twice each, before the next ones do
PER_S = 150.0
ROUNDS = scaled(1, 20)
AGAIN_EVERY = 50  # some records are sent twice, as vendors do
READ = "SELECT sum(next) FROM {s}.positions"


class Load:
    """Applications at a steady rate, until there is enough of it."""

    def __init__(self, stand: Stand, town: Town) -> None:
        self._stand, self._town = stand, town
        self.enough = asyncio.Event()
        self.members = 0
        self.repeats = 0

    async def run(self) -> None:
        while not self.enough.is_set():
            assert self.members < self._town.members, "the town is too small for so long a load"
            members = range(self.members, min(self.members + AT_A_TIME, self._town.members))
            asked = [self._town.asks(n, time) for time in (1, 2) for n in members]
            load = [r for i, one in enumerate(asked) for r in ([one, one] if i % AGAIN_EVERY == 0 else [one])]
            await self._stand.send_steadily(load, PER_S)
            self.members, self.repeats = members.stop, self.repeats + len(load) - len(asked)


async def at_work(stand: Stand, service: str) -> None:
    """Wait until a service is seen reading on, time and again: it is in the middle of it."""
    seen = [await stand.count(service, READ)]
    async with asyncio.timeout(60):
        while len(seen) < 4:
            await asyncio.sleep(0.1)
            if (now := await stand.count(service, READ)) > seen[-1]:
                seen.append(now)


@pytest.mark.timeout(scaled(300, 7_200))
async def test_each_service_killed_in_the_middle_of_load(tmp_path: Path) -> None:
    town = Town(TOWN, datetime.now(CST))
    async with standing(tmp_path, GREENLANE_SESSION_TIMEOUT_MS="3000") as stand:
        await stand.send(town.core())
        await stand.quiet()
        load = Load(stand, town)
        sending = asyncio.create_task(load.run())
        for service in SERVICES * ROUNDS:
            await at_work(stand, service)
            await stand.kill(service)
            assert not sending.done()
        for service in SERVICES:
            await at_work(stand, service)  # all are back, under load
        load.enough.set()
        await sending
        await stand.quiet()
        await nothing_lost_nothing_doubled(stand, replace(town, members=load.members), (1, 2), repeats=load.repeats)
        await stand.verified()
