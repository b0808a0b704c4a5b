"""kill -9 of each service in the middle of load: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from shared.kernel.instant import CST
from shared.runtime.topics import SERVICES
from tests.e2e.applications import Town
from tests.e2e.asked import nothing_lost_nothing_doubled
from tests.e2e.ground import scaled, standing

pytestmark = pytest.mark.parts

MEMBERS = scaled(1_000, 20_000)
PER_S = 150.0
ROUNDS = scaled(1, 20)
AGAIN_EVERY = 50


@pytest.mark.timeout(scaled(300, 7_200))
async def test_each_service_killed_in_the_middle_of_load(tmp_path: Path) -> None:
    town = Town(MEMBERS, datetime.now(CST))
    async with standing(tmp_path, GREENLANE_SESSION_TIMEOUT_MS="3000") as stand:
        await stand.send(town.core())
        await stand.quiet()
        load = town.load((1, 2), again_every=AGAIN_EVERY)
        sending = asyncio.create_task(stand.send_steadily(load, PER_S))
        pause = len(load) / PER_S / (len(SERVICES) * ROUNDS + 1)
        under_load: Counter[str] = Counter()
        for service in SERVICES * ROUNDS:
            await asyncio.sleep(pause)
            await stand.kill(service)
            under_load[service] += not sending.done()
        assert set(under_load) == {s for s, n in under_load.items() if n} == set(SERVICES)
        await sending
        await stand.quiet()
        await nothing_lost_nothing_doubled(stand, town, (1, 2), repeats=len(load) - 2 * MEMBERS)
        await stand.verified()
