"""kill -STOP of one of two replicas for longer than the session time-out, then CONT: its stale append is refused."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from datetime import datetime
from pathlib import Path

import pytest

from shared.kernel.instant import CST
from tests.e2e.applications import Sending, Town
from tests.e2e.asked import nothing_lost_nothing_doubled
from tests.e2e.ground import Stand, scaled, standing

pytestmark = pytest.mark.parts

MEMBERS = scaled(400, 10_000)
SESSION_MS = 3_000
REFUSED = "a position moved"
DELAYS_S = (0.15, 0.08, 0.3, 0.05, 0.6)  # how long it works before it freezes: the first that catches it is enough
SLOWER_AT_MOST = 4.0


async def rate(stand: Stand, load: list[Sending]) -> float:
    """Applications a second, from the first that is sent to the last that is decided."""
    before, began = await decided(stand), time.monotonic()
    await stand.send(load)
    async with asyncio.timeout(120):
        while await decided(stand) < before + len(load):
            await asyncio.sleep(0.05)
    return len(load) / (time.monotonic() - began)


async def decided(stand: Stand) -> int:
    return await stand.count(
        "entitlement", "SELECT count(*) FROM {s}.stored_events WHERE topic IN ('Granted.v1', 'Denied.v1')"
    )


async def taken_in(stand: Stand, count: int) -> None:
    """Wait until intake has published so many applications more, or for as long as nobody is missed."""
    query = "SELECT count(*) FROM {s}.stored_events, {s}.relay WHERE topic = 'Submitted.v1' AND notification_id <= published"
    wanted, until = await stand.count("intake", query) + count, time.monotonic() + SESSION_MS / 2_000
    while time.monotonic() < until and await stand.count("intake", query) < wanted:
        await asyncio.sleep(0.05)


async def frozen_in_the_middle(stand: Stand, service: str, load: list[Sending], delay_s: float) -> None:
    """Freeze a replica while it has work in its hands, until the other has done all of it; then let it go on.

    Both are held back first, so that there is work enough when they go on.
    """
    first, other = (stand.house.processes[name].pid for name in (service, f"{service}-2"))
    half = len(load) // 2
    os.kill(first, signal.SIGSTOP)
    os.kill(other, signal.SIGSTOP)
    try:
        await stand.send(load[:half])
        if service != "intake":
            await taken_in(stand, half)
        os.kill(first, signal.SIGCONT)
        await asyncio.sleep(delay_s)
        os.kill(first, signal.SIGSTOP)
        os.kill(other, signal.SIGCONT)
        await stand.send(load[half:])
        await asyncio.sleep(SESSION_MS / 1000 + 1)
        await stand.quiet()  # the other reads on, publishes and fires: nothing waits for the frozen one
    finally:
        os.kill(other, signal.SIGCONT)
        os.kill(first, signal.SIGCONT)


@pytest.mark.timeout(scaled(300, 7_200))
@pytest.mark.parametrize("service", ["entitlement", "intake"])
async def test_a_frozen_replica_wakes_up_and_its_stale_append_is_refused(tmp_path: Path, service: str) -> None:
    town = Town(MEMBERS, datetime.now(CST))
    async with standing(tmp_path, GREENLANE_SESSION_TIMEOUT_MS=str(SESSION_MS)) as stand:
        await stand.house.start(service, f"{service}-2")
        await stand.started(f"{service}-2")
        await stand.send(town.core())
        await stand.quiet()
        before = await rate(stand, town.load((1,)))
        times = [1]
        for delay_s in DELAYS_S:
            times.append(times[-1] + 1)
            await frozen_in_the_middle(stand, service, town.load((times[-1],)), delay_s)
            await asyncio.sleep(2)
            if REFUSED in stand.said_by(service):
                break
        assert REFUSED in stand.said_by(service), "no stale append was tried"
        await stand.quiet()
        times.append(times[-1] + 1)
        after = await rate(stand, town.load((times[-1],)))
        await stand.quiet()
        await nothing_lost_nothing_doubled(stand, town, times)
        await stand.verified()
        assert after > before / SLOWER_AT_MOST
