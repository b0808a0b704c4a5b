"""The whole house on parts of its own: real Kafka, real PostgreSQL, a process a service; and what can be heard of it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from services.front.bus import whole_topic
from services.front.house import House
from services.front.provision import provision
from services.front.quiet import busy_with
from services.front.settings import FrontSettings
from services.front.verify import verify_house
from shared.runtime.clock import ClockName
from shared.runtime.embedded.kafka import EmbeddedKafka
from shared.runtime.embedded.postgres import EmbeddedPostgres
from shared.runtime.topics import EVENTS, OUTBOUND, QUARANTINE_NOTICES, SERVICES, TOPICS
from tests.e2e.applications import Sending

SOAK = os.environ.get("GREENLANE_TEST_SCALE") == "soak"
STARTED_WITHIN_S = 90.0


def scaled(ci: int, soak: int) -> int:
    """A count: modest here, large in the soak."""
    return soak if SOAK else ci


@dataclass(slots=True)
class Heard:
    """Everything that was published, by the events' ids: an event that was sent twice is one, and must be the same."""

    events: list[dict[str, Any]] = field(default_factory=list)
    sent_again: int = 0
    unlike: list[str] = field(default_factory=list)

    def of(self, type_: str, topic: str = "greenlane.") -> list[dict[str, Any]]:
        """The events of one type, on one topic or a family of them."""
        return [e for e in self.events if e["type"] == f"{type_}.v1" and e["topic"].startswith(topic)]

    def by_subject(self, *types: str) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for type_ in types:
            for event in self.of(type_):
                found[event["subject"]].append(event)
        return found

    def receipts(self, vendor: str) -> dict[str, Counter[str]]:
        """Record → the stages of its receipts."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for event in self.of("ReceiptGiven", f"vendor.{vendor}.out.receipts.v1"):
            found[str(event["data"].get("record"))][event["data"]["stage"]] += 1
        return found


@dataclass
class Stand:
    """Parts, settings, house, and the hands that send and look."""

    kafka: EmbeddedKafka
    postgres: EmbeddedPostgres
    settings: FrontSettings
    environment: dict[str, str]
    logs: Path
    house: House
    producer: AIOKafkaProducer
    sql: asyncpg.Connection

    async def send(self, records: Iterable[Sending]) -> None:
        """Send now, and return when the broker has everything."""
        waiting = [await self.producer.send(r.topic, r.value, key=r.key, headers=list(r.headers)) for r in records]
        await asyncio.gather(*waiting)

    async def send_at(self, records: Iterable[Sending], at_ms: int) -> None:
        """Send as at an instant: under the recording's clock it is the sender who dates."""
        waiting = [
            await self.producer.send(r.topic, r.value, key=r.key, headers=list(r.headers), timestamp_ms=at_ms)
            for r in records
        ]
        await asyncio.gather(*waiting)

    async def send_steadily(self, records: Sequence[Sending], per_s: float) -> None:
        """Send at a steady rate, as vendors do."""
        began = time.monotonic()
        for n in range(0, len(records), 10):
            await self.send(records[n : n + 10])
            ahead = (n + 10) / per_s - (time.monotonic() - began)
            if ahead > 0:
                await asyncio.sleep(ahead)

    async def started(self, *services: str) -> None:
        """Wait until these read: their positions are open, and each has said that it has started."""
        async with asyncio.timeout(STARTED_WITHIN_S):
            for name in services or tuple(self.house.processes):
                while "started" not in self.said_by(name):
                    await asyncio.sleep(0.1)

    def log(self, name: str) -> list[dict[str, Any]]:
        """What a process has logged."""
        file = self.logs / f"{name}.log"
        lines = file.read_text("utf-8", "replace").splitlines() if file.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{")]

    def said_by(self, name: str) -> list[str]:
        return [str(line.get("event", line.get("message"))) for line in self.log(name)]

    async def kill(self, name: str) -> None:
        """kill -9, and start it again."""
        process = self.house.processes[name]
        os.kill(process.pid, signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL
        await self.house.start(name)

    async def quiet(self, within_s: float = 120) -> None:
        """Wait until nobody has anything left to do."""
        busy, _ = await busy_with(self.settings.dsn, self.settings.kafka, SERVICES, self.settings.clock, within_s)
        self.house.check()
        assert busy is None, busy

    async def heard(self, topics: Iterable[str] = (), *, seen: Mapping[str, bytes] | None = None) -> Heard:
        """Read what was published, whole."""
        heard, known = Heard(), dict(seen or {})
        for topic in topics or [t.name for t in (*EVENTS, *OUTBOUND, QUARANTINE_NOTICES)]:
            async for record in whole_topic(self.settings.bootstrap, topic, TOPICS[topic].partitions):
                event = json.loads(record.value or b"{}")
                before = known.get(event["id"])
                if before is None:
                    known[event["id"]] = record.value or b""
                    heard.events.append(event | {"topic": topic})
                    continue
                heard.sent_again += 1
                if before != record.value:
                    heard.unlike.append(event["id"])
        return heard

    async def count(self, service: str, what: str) -> int:
        """A figure of a service's schema."""
        return int(await self.sql.fetchval(what.format(s=f'"{service}"')) or 0)

    async def verified(self) -> None:
        """`greenlane verify` on the quiet house; and nothing had to be parked."""
        parked = {s: await self.count(s, "SELECT count(*) FROM {s}.parked") for s in SERVICES}
        assert sum(parked.values()) == 0, parked
        report = await verify_house(self.settings, wait_s=30, must_be_quiet=True)
        assert report.violations == [], "\n".join(report.violations[:20])
        asked = {v.invariant.number for v in report.verdicts if v.finding.skipped is None}
        assert asked >= {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13}, [v.finding.skipped for v in report.verdicts]


@asynccontextmanager
async def standing(
    folder: Path,
    clock: ClockName = "live",
    services: tuple[str, ...] = SERVICES,
    began: datetime | None = None,
    **environment: str,
) -> AsyncIterator[Stand]:
    """The house, standing: everything started and provisioned; all of it goes away at the end."""
    async with EmbeddedKafka() as kafka, EmbeddedPostgres() as postgres:
        settings = FrontSettings(
            kafka=kafka.bootstrap_servers, postgres=SecretStr(postgres.dsn), clock=clock, allow_demo_parameters=True,
            vault_keys=SecretStr(str(folder / "vault-keys.json")),
        )  # fmt: skip
        await provision(settings, began, lambda _: None)
        said = {
            "GREENLANE_KAFKA": settings.bootstrap, "GREENLANE_POSTGRES": settings.dsn, "GREENLANE_CLOCK": clock,
            "GREENLANE_VAULT_KEYS": str(folder / "vault-keys.json"), "GREENLANE_ALLOW_DEMO_PARAMETERS": "true",
            **environment,
        }  # fmt: skip
        producer = AIOKafkaProducer(bootstrap_servers=settings.bootstrap, enable_idempotence=True, linger_ms=5)
        await producer.start()
        sql = await asyncpg.connect(settings.dsn)
        house = House(said, folder / "logs", services)
        stand = Stand(kafka, postgres, settings, said, folder / "logs", house, producer, sql)
        try:
            async with house:
                await stand.started()
                yield stand
        finally:
            await producer.stop()
            await sql.close()
