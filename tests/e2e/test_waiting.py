"""A service without its database or its broker waits and says so; nothing is lost when one goes away under load."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from services.front.house import House
from shared.kernel.instant import CST
from shared.runtime.embedded.places import free_port
from shared.runtime.topics import SERVICES
from tests.e2e.applications import Town
from tests.e2e.asked import nothing_lost_nothing_doubled
from tests.e2e.ground import scaled, standing

pytestmark = pytest.mark.parts

MEMBERS = scaled(400, 10_000)
PER_S = 100.0
AWAY_S = 4.0


def _get(port: int) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, json.load(answer)


async def ready(ports: dict[str, int], status: int, waits_for: str | None, within_s: float = 60) -> None:
    """Wait until every service says this of itself."""
    said: dict[str, tuple[int, dict[str, Any]]] = {}
    async with asyncio.timeout(within_s):
        while True:
            for service, port in ports.items():
                try:
                    said[service] = await asyncio.to_thread(_get, port)
                except OSError:  # it is not up yet
                    continue
            if set(said) == set(ports) and all(
                code == status and (body["waits_for"] or "").partition(":")[0] == (waits_for or "")
                for code, body in said.values()
            ):
                return
            await asyncio.sleep(0.2)


@pytest.mark.timeout(scaled(300, 7_200))
async def test_services_wait_for_their_parts_and_lose_nothing_when_the_database_goes_away(tmp_path: Path) -> None:
    town = Town(MEMBERS, datetime.now(CST), "WAIT")
    async with AsyncExitStack() as stack:
        stand = await stack.enter_async_context(standing(tmp_path, services=()))
        await stand.sql.close()
        await stand.postgres.stop()
        await stand.kafka.stop()
        ports = {service: free_port() for service in SERVICES}
        for service, port in ports.items():
            said = stand.environment | {"GREENLANE_HEALTH_PORT": str(port)}
            one = await stack.enter_async_context(House(said, stand.logs, (service,)))
            stand.house.processes.update(one.processes)
        await ready(ports, 503, "PostgreSQL")
        await stand.postgres.start()
        await ready(ports, 503, "Kafka")
        await stand.kafka.start()
        await ready(ports, 200, None)
        stand.sql = await asyncpg.connect(stand.settings.dsn)

        await stand.send(town.core())
        await stand.quiet()
        sending = asyncio.create_task(stand.send_steadily(town.load((1, 2)), PER_S))
        await asyncio.sleep(1.5)
        await stand.postgres.stop()
        await ready({"intake": ports["intake"]}, 503, "PostgreSQL")
        await asyncio.sleep(AWAY_S)
        assert not sending.done()
        await stand.postgres.start()
        await sending
        stand.sql = await asyncpg.connect(stand.settings.dsn)
        await stand.quiet()
        await ready(ports, 200, None)
        await nothing_lost_nothing_doubled(stand, town, (1, 2))
        await stand.verified()
        assert [name for name in SERVICES if stand.said_by(name).count("starting") != 1] == []
