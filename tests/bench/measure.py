"""The four measurements, each on a stand."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.bus import Bus, Ears
from tests.bench.rig import Stand
from tests.bench.verified import verify
from tests.bench.workload import Expected, Sent, request_id_of

ORDERS = "vendor.hengyu.out.orders.v1"
WITHIN_S = 600.0


@dataclass(frozen=True, slots=True)
class Drained:
    """A backlog that was worked off: how fast, and what it cost an application."""

    count: int
    seconds: float
    us: dict[str, int]

    @property
    def rate(self) -> float:
        return self.count / self.seconds


async def drain(stand: Stand, count: int) -> tuple[Drained, Expected]:
    """Send so many at once; done when every application has its decision and every granted one its order at the vendor's.

    An order at the vendor's was published because WorkOrderIssued was committed in scheduling: the last link of the chain.
    """
    records, expected = stand.workload.take(count)
    words = expected.distinct * 2  # a decision each, and an order or the closing of a denied one
    before_count = stand.bus.grown(ORDERS)
    before = stand.meter.read()
    began = time.perf_counter()
    await asyncio.to_thread(stand.bus.send, records)
    ended = await stand.bus.until(ORDERS, before_count + words, stand.crew.check, WITHIN_S)
    spent = stand.meter.read().since(before)
    await stand.bus.quiet()
    return Drained(len(records), ended - began, spent.us_each(len(records))), expected


async def verified_drain(stand: Stand, count: int) -> Drained:
    """The same, with its effects looked at afterwards."""
    drained, expected = await drain(stand, count)
    await verify(stand.bus, stand.dsn, list(stand.crew.pids), expected)
    return drained


@dataclass(frozen=True, slots=True)
class Latency:
    """From the instant at which an application should have been sent until its work order was read from the bus."""

    rate: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    unanswered: int
    late_ms: float
    us: dict[str, int] = field(default_factory=dict)


async def open_loop(stand: Stand, rate: int, seconds: float) -> Latency:
    """Send at a rate whatever becomes of it; the clock of each application starts when it was due to be sent."""
    records, expected = stand.workload.take(round(rate * seconds))
    ears = Ears(stand.bus, "greenlane.scheduling.events.v1", "WorkOrderIssued.v1")
    ears.start()
    await asyncio.sleep(0.5)
    before = stand.meter.read()
    sender = _Sender(stand.bus, records, rate)
    sender.start()
    while sender.is_alive():
        stand.crew.check()
        await asyncio.sleep(0.2)
    limit = time.perf_counter() + 60
    while len(ears.at) < expected.granted and time.perf_counter() < limit:
        await asyncio.sleep(0.1)
    spent = stand.meter.read().since(before)
    ears.end()
    await stand.bus.quiet()
    took = sorted((at - sender.due[r]) * 1000 for r, at in ears.at.items())
    return Latency(
        rate, _share(took, 0.5), _share(took, 0.99), took[-1], expected.granted - len(took), sender.late_s * 1000,
        spent.us_each(len(records)),
    )  # fmt: skip


def _share(took: Sequence[float], share: float) -> float:
    return took[min(len(took) - 1, int(len(took) * share))]


class _Sender(threading.Thread):
    """Sends each record when it is due; never waits for an answer."""

    def __init__(self, bus: Bus, records: Sequence[Sent], rate: int) -> None:
        super().__init__(daemon=True)
        self._bus, self._records, self._rate = bus, records, rate
        self._ids = [request_id_of(r) for r in records]
        self.due: dict[str, float] = {}
        self.late_s = 0.0

    def run(self) -> None:
        began = time.perf_counter() + 0.1
        for n, (record, request_id) in enumerate(zip(self._records, self._ids, strict=True)):
            due = began + n / self._rate
            wait = due - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            else:
                self.late_s = max(self.late_s, -wait)
            self.due.setdefault(request_id, due)
            self._bus.put(record)
            self._bus.producer.poll(0)
        self._bus.producer.flush()
