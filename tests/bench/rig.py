"""The parts, made fresh for each run: topics deleted and made again, a database of its own, seeded through the door."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from confluent_kafka.admin import AdminClient
from pydantic import SecretStr

from services.front.provision import provision
from services.front.settings import FrontSettings
from shared.runtime.embedded.parts import Parts
from shared.runtime.topics import SERVICES, TOPICS
from tests.bench.bus import Bus
from tests.bench.crew import Crew
from tests.bench.meter import Meter
from tests.bench.workload import Workload

ON_THE_PATH = ("intake", "entitlement", "scheduling")


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to run the services."""

    name: str
    command: tuple[str, ...]
    group: str


# GREENLANE_PROFILE_TO=folder: with samples taken, one file a service
OURS = Variant(
    "ours", ("-m", "tests.bench.profiled" if "GREENLANE_PROFILE_TO" in os.environ else "services", "run"), "greenlane"
)
NAIVE = Variant("naive", ("-m", "tests.bench.naive"), "naive")


@dataclass(slots=True)
class Stand:
    """One variant on fresh ground, its services up and its members known to them."""

    crew: Crew
    bus: Bus
    meter: Meter
    dsn: str
    workload: Workload


class Rig:
    """Makes stands on one pair of parts."""

    def __init__(self, parts: Parts, home: Path) -> None:
        self._parts, self._home = parts, home
        self._made = 0

    async def _ground(self) -> FrontSettings:
        """Topics without records and a database without rows."""
        assert self._parts.postgres is not None
        await self._without_topics()
        self._made += 1
        admin = await asyncpg.connect(self._parts.dsn)
        try:
            await admin.execute(f"CREATE DATABASE bench_{self._made}")
            if self._made > 1:
                await admin.execute(f"DROP DATABASE IF EXISTS bench_{self._made - 1} WITH (FORCE)")
            await admin.execute("CHECKPOINT")
        finally:
            await admin.close()
        settings = FrontSettings(
            kafka=self._parts.bootstrap_servers, postgres=SecretStr(self._parts.postgres.dsn_of(f"bench_{self._made}")),
            clock="live", vault_keys=SecretStr(str(self._home / f"keys-{self._made}.json")), allow_demo_parameters=True,
        )  # fmt: skip
        await provision(settings, None, lambda _: None)
        return settings

    async def _without_topics(self) -> None:
        admin = AdminClient({"bootstrap.servers": self._parts.bootstrap_servers, "log_level": 0})
        present = set(TOPICS) & (await asyncio.to_thread(admin.list_topics, timeout=30)).topics.keys()
        if present:
            for deleted in admin.delete_topics(sorted(present)).values():
                await asyncio.wrap_future(deleted)
        groups = [f"{v.group}-{s}" for v in (OURS, NAIVE) for s in SERVICES]
        for gone in admin.delete_consumer_groups(groups).values():
            await asyncio.gather(asyncio.wrap_future(gone), return_exceptions=True)  # some were never there
        while set(TOPICS) & (await asyncio.to_thread(admin.list_topics, timeout=30)).topics.keys():
            await asyncio.sleep(0.1)

    @asynccontextmanager
    async def stand(
        self, variant: Variant, members: int, services: Sequence[str] = ON_THE_PATH
    ) -> AsyncIterator[Stand]:
        """Fresh ground with seeded members. The services are started again after seeding: nobody is remembered."""
        settings = await self._ground()
        environment = {
            "GREENLANE_KAFKA": settings.bootstrap, "GREENLANE_POSTGRES": settings.dsn, "GREENLANE_CLOCK": "live",
            "GREENLANE_VAULT_KEYS": str(settings.keys_file), "GREENLANE_ALLOW_DEMO_PARAMETERS": "true",
            "GREENLANE_LOG_LEVEL": "WARNING",
        }  # fmt: skip
        bus, workload = Bus(settings.bootstrap), Workload(members, datetime.now(UTC))
        logs = self._home / "logs" / str(self._made)
        async with Crew(variant.command, variant.group, services, environment, logs) as crew:
            await self._seed(bus, crew, workload)
        async with Crew(variant.command, variant.group, services, environment, logs) as crew:
            assert self._parts.postgres is not None and self._parts.kafka is not None
            assert self._parts.postgres.pid is not None and self._parts.kafka.pid is not None
            meter = Meter(crew.pids, self._parts.postgres.pid, self._parts.kafka.pid)
            yield Stand(crew, bus, meter, settings.dsn, workload)

    @staticmethod
    async def _seed(bus: Bus, crew: Crew, workload: Workload) -> None:
        seeds = list(workload.seeds())
        await asyncio.to_thread(bus.send, seeds)
        began = time.perf_counter()
        await bus.until("greenlane.entitlement.events.v1", len(seeds), crew.check, 600)
        await bus.quiet()
        print(f"seeded {len(seeds)} in {time.perf_counter() - began:.1f} s", flush=True)  # noqa: T201
