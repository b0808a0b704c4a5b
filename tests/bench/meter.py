"""What the machine spends: processor time and memory of the services, the database and the broker."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time since the meter's start, by part."""

    wall_s: float
    services_s: dict[str, float]
    postgres_s: float
    broker_s: float

    def since(self, before: Spent) -> Spent:
        services = {name: s - before.services_s.get(name, 0.0) for name, s in self.services_s.items()}
        return Spent(
            self.wall_s - before.wall_s, services, self.postgres_s - before.postgres_s, self.broker_s - before.broker_s
        )

    def us_each(self, count: int) -> dict[str, int]:
        """Microseconds for each of so many, by part."""
        parts = {**self.services_s, "services": sum(self.services_s.values()), "postgres": self.postgres_s}
        return {name: round(s / count * 1e6) for name, s in {**parts, "broker": self.broker_s}.items()}


class Meter:
    """Reads the processes of one run."""

    def __init__(self, services: Mapping[str, int], postgres: int, broker: int) -> None:
        self._services = {name: psutil.Process(pid) for name, pid in services.items()}
        self._postgres, self._broker = psutil.Process(postgres), psutil.Process(broker)

    def read(self) -> Spent:
        services = {name: _seconds(p) for name, p in self._services.items()}
        return Spent(time.perf_counter(), services, self._tree(), _seconds(self._broker))

    def _tree(self) -> float:
        """The server and its backends; a backend that ends is counted by its parent as a child's."""
        times = self._postgres.cpu_times()
        total = times.user + times.system + times.children_user + times.children_system
        for child in self._postgres.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += _seconds(child)
        return float(total)

    def rss_mib(self) -> dict[str, int]:
        """Resident memory of each service now."""
        return {name: round(p.memory_info().rss / MIB) for name, p in self._services.items()}


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
