"""One service as a process: wait for the parts, refuse wrong settings, then read, fire and publish until told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.event_store.commit import PositionMoved, Race, StoreUnavailable
from shared.event_store.postgres import DRIVER_ERRORS, PostgresStore, judged, open_pool
from shared.kernel.value import value
from shared.messaging.codec import read_envelope
from shared.messaging.door import Door
from shared.messaging.engine import Engine
from shared.messaging.transport import Inlet
from shared.messaging.wiring import Wiring
from shared.relay.relay import Enrich, KafkaOutlet, Relay
from shared.runtime.clock import ClockName, sql_of
from shared.runtime.health import Health, serve_health
from shared.runtime.topics import INBOUND as INBOUND_TOPICS
from shared.runtime.topics import TOPICS, check_topics, topic_ids
from shared.timers.firing import fire_due

log = logging.getLogger("greenlane.process")

LEASE_S = 3.0
INBOUND = tuple(topic.name for topic in INBOUND_TOPICS)


class WrongSettings(Exception):
    """The process must not start: each reason in words."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


@value
class ProcessSettings:
    """Where the parts are and which clock runs."""

    bootstrap: str
    dsn: str
    clock: ClockName = "live"
    health_port: int | None = None
    session_timeout_ms: int = 10_000
    pool_size: int = 4
    cache_size: int = 20_000


@value
class Extras:
    """What only the door of the house has: how records are opened, sealed and addressed."""

    door: Door | None = None
    enrich: Enrich | None = None
    seal: Callable[[bytes], bytes] = bytes
    unseal: Callable[[bytes], bytes] = bytes
    close: Callable[[], Awaitable[None]] | None = None


class Process:
    """Runs one service."""

    def __init__(
        self, wiring: Wiring, settings: ProcessSettings, extras: Callable[[], Awaitable[Extras]] | None = None
    ) -> None:
        self.wiring, self.settings = wiring, settings
        self._make_extras = extras
        self.health = Health(wiring.name)
        self.holder = f"{wiring.name}-{os.getpid()}-{time.monotonic_ns()}"
        self._leading_until = 0.0
        self.engine: Engine
        self.store: PostgresStore
        self.inlet: Inlet

    # -- starting ------------------------------------------------------------------------------------------------

    async def _patiently(self, what: str, attempt: Callable[[], Awaitable[None]]) -> None:
        """Wait for a part and say so; wrong settings are not waited for."""
        pause = 0.2
        self.health.waits_for = f"{what}: no answer yet"
        while True:
            try:
                await attempt()
                return
            except WrongSettings:
                raise
            except (OSError, KafkaError, StoreUnavailable, TimeoutError, RuntimeError) as error:
                self.health.waits_for = f"{what}: {type(error).__name__}"
                log.warning("waiting", extra={"for": what, "error": f"{type(error).__name__}: {error}"[:200]})
            except Exception as error:
                if not isinstance(judged(error), StoreUnavailable):
                    raise
                self.health.waits_for = f"{what}: {type(error).__name__}"
                log.warning("waiting", extra={"for": what, "error": f"{type(error).__name__}: {error}"[:200]})
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def start(self) -> None:
        await self._patiently("PostgreSQL", self._open_store)
        await self._patiently("Kafka", self._check)
        extras = await self._make_extras() if self._make_extras is not None else Extras()
        self.extras = extras
        self.engine = Engine(
            self.wiring, self.store, extras.door, ends=lambda: self.inlet.ends(INBOUND), seal=extras.seal,
            unseal=extras.unseal, cache_size=self.settings.cache_size,
        )  # fmt: skip
        self.outlet = KafkaOutlet(self.settings.bootstrap, f"greenlane-{self.wiring.name}")
        self.relay = Relay(self.engine, self.store, self.outlet, extras.enrich)
        self.inlet = Inlet(
            self.settings.bootstrap, f"greenlane-{self.wiring.name}", self.wiring.hears, self._resume,
            session_timeout_ms=self.settings.session_timeout_ms,
        )  # fmt: skip
        await self._patiently("Kafka", self.inlet.start)
        self.health.waits_for = None
        log.info("started", extra={"service": self.wiring.name, "clock": self.settings.clock})

    async def _open_store(self) -> None:
        pool = await open_pool(self.settings.dsn, self.wiring.name, size=self.settings.pool_size)
        self.store = PostgresStore(pool, clock=sql_of(self.settings.clock))
        try:
            await self.store.published()
        except Exception as error:
            await pool.close()
            if isinstance(error, StoreUnavailable):
                raise
            raise WrongSettings([f"schema {self.wiring.name} is not provisioned: run greenlane provision"]) from error

    async def _check(self) -> None:
        wrong = [str(m) for m in await check_topics(self.settings.bootstrap, self.settings.clock)]
        ids = await topic_ids(self.settings.bootstrap)
        stored = await self.store.positions()
        for (topic, _), (_, topic_id) in stored.items():
            if topic in ids and ids[topic] != topic_id:
                wrong.append(f"topic {topic} was made anew since it was read: see the runbook on lost topics")
        if wrong:
            raise WrongSettings(sorted(set(wrong)))
        for topic in self.wiring.hears:
            for partition in range(TOPICS[topic].partitions):
                await self.store.open_position(topic, partition, 0, ids[topic])
        await self._check_against_kafka(await self.store.positions())

    async def _check_against_kafka(self, stored: dict[tuple[str, int], tuple[int, str]]) -> None:
        """A restored older database must not be taken for the truth: Kafka knows more than it does."""
        probe = AIOKafkaConsumer(
            bootstrap_servers=self.settings.bootstrap,
            group_id=f"greenlane-{self.wiring.name}",
            enable_auto_commit=False,
        )
        await probe.start()
        try:
            for (topic, partition), (at, _) in stored.items():
                committed = await probe.committed(TopicPartition(topic, partition))
                if committed is not None and committed > at:
                    raise WrongSettings(
                        [f"Kafka's commit of {topic}/{partition} is {committed}, the store's {at}: an older database?"]
                    )
            last = await self._last_published(probe)
            head = await self.store.head()
            if last > head:
                raise WrongSettings(
                    [f"{self.wiring.topic} holds position {last}, the store only {head}: an older database?"]
                )
        finally:
            await probe.stop()

    async def _last_published(self, probe: AIOKafkaConsumer) -> int:
        """The highest global position on our own topic."""
        parts = [TopicPartition(self.wiring.topic, p) for p in range(TOPICS[self.wiring.topic].partitions)]
        ends = await probe.end_offsets(parts)
        tails = {tp: end - 1 for tp, end in ends.items() if end > 0}
        if not tails:
            return 0
        reader = AIOKafkaConsumer(bootstrap_servers=self.settings.bootstrap, enable_auto_commit=False)
        await reader.start()
        try:
            reader.assign(list(tails))
            for tp, offset in tails.items():
                reader.seek(tp, offset)
            last = 0
            while tails:
                for tp, records in (await reader.getmany(timeout_ms=2_000)).items():
                    last = max(last, *(read_envelope(r.value).position for r in records))
                    tails.pop(tp, None)
            return last
        finally:
            await reader.stop()

    async def _resume(self) -> dict[tuple[str, int], tuple[int, str]]:
        await self.engine.resume()
        return self.engine.positions

    # -- running -------------------------------------------------------------------------------------------------

    async def read_forever(self) -> None:
        """Take batches and settle them; a moved position or an absent database sends the consumer back, nothing is skipped."""
        pause, told = 0.1, time.monotonic()
        while True:
            records = await self.inlet.take(0.5)
            if not records:
                continue
            self.inlet.busy()
            try:
                await self.engine.handle(records)
                self.health.waits_for, pause = None, 0.1
            except PositionMoved as moved:
                log.info("a position moved", extra={"where": moved.detail})
                await self._go_back()
            except (StoreUnavailable, *DRIVER_ERRORS) as error:  # those of the driver come from the door's vault
                if not isinstance(error, StoreUnavailable) and not isinstance(judged(error), StoreUnavailable):
                    raise
                self.health.waits_for = f"PostgreSQL: {type(error).__name__}"
                log.warning("waiting", extra={"for": "PostgreSQL", "error": str(error)[:200]})
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
                await self._go_back()
            finally:
                self.inlet.idle()
            if time.monotonic() - told > 5:
                told = time.monotonic()
                await self.inlet.commit(self.engine.positions)

    async def _go_back(self) -> None:
        while True:
            try:
                await self.inlet.go_back()
                return
            except (StoreUnavailable, OSError):
                await asyncio.sleep(0.5)

    async def lead_forever(self) -> None:
        """Hold the lease; whoever holds it publishes and fires timers. A stopped process loses it by its own monotonic clock."""
        while True:
            asked = time.monotonic()
            try:
                if await self.store.lead(self.holder, LEASE_S):
                    self._leading_until = asked + LEASE_S
            except StoreUnavailable as error:
                log.warning("waiting", extra={"for": "PostgreSQL", "error": str(error)[:200]})
            await asyncio.sleep(LEASE_S / 4)

    @property
    def leading(self) -> bool:
        return time.monotonic() < self._leading_until

    async def fire_forever(self) -> None:
        """Fire due timers while leading."""
        pause = 0.01 if self.settings.clock == "recording" else 0.1
        while True:
            fired = 0
            if self.leading:
                try:
                    fired = await fire_due(self.engine, self.store)
                except (StoreUnavailable, Race, OSError) as error:
                    log.warning("timers wait", extra={"error": str(error)[:200]})
                    await asyncio.sleep(0.5)
            await asyncio.sleep(0 if fired else pause)

    async def run(self) -> None:
        """Start and run until SIGTERM or SIGINT."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        server = None
        if self.settings.health_port is not None:
            server = await serve_health(self.health, "0.0.0.0", self.settings.health_port)  # noqa: S104
        starting = asyncio.create_task(self.start())
        stopped: asyncio.Task[object] = asyncio.create_task(stop.wait())
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            return
        starting.result()
        _collect_seldom()
        jobs: list[Callable[[], Coroutine[object, object, None]]] = [
            self.read_forever,
            self.lead_forever,
            self.fire_forever,
            partial(self.relay.run, lambda: self.leading),
        ]
        tasks: set[asyncio.Task[object]] = {asyncio.create_task(job()) for job in jobs}
        done, _ = await asyncio.wait({*tasks, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.close()
        if server is not None:
            server.close()
        for task in done - {stopped}:
            task.result()

    async def close(self) -> None:
        await self.inlet.stop()
        await self.outlet.close()
        if self.extras.close is not None:
            await self.extras.close()
        try:
            await self.store.step_down(self.holder)
        except StoreUnavailable:
            log.info("the lease will run out by itself")
        await self.store.pool.close()


def _collect_seldom() -> None:
    """What lives as long as the process is left out of collections, and a batch in the making is not looked through again and
    again: nearly everything here is freed by its reference count.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
