"""Services as processes, ours or the baseline's, and knowing when they read."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from confluent_kafka import ConsumerGroupState, KafkaException
from confluent_kafka.admin import AdminClient

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 60.0
STOP_S = 15.0


class Crew:
    """``async with Crew(...)``: one process a service; ready when every consumer group is stable and stays so."""

    def __init__(
        self, command: Sequence[str], group: str, services: Sequence[str], environment: Mapping[str, str], logs: Path
    ) -> None:
        self._command, self._group, self._services = tuple(command), group, tuple(services)
        self._environment = {**os.environ, **environment}
        self._logs = logs
        self._admin = AdminClient({"bootstrap.servers": environment["GREENLANE_KAFKA"], "log_level": 0})
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self.processes.items()}

    async def __aenter__(self) -> Crew:
        self._logs.mkdir(parents=True, exist_ok=True)
        for service in self._services:
            with (self._logs / f"{self._group}-{service}.log").open("ab") as log:
                self.processes[service] = subprocess.Popen(
                    [sys.executable, *self._command, service], env=self._environment, stdout=log, stderr=log, cwd=ROOT
                )
        try:
            await self._ready()
        except BaseException:
            await self.stop()
            raise
        return self

    async def _ready(self) -> None:
        began = time.monotonic()
        stable = 0
        while stable < 3:
            self.check()
            if time.monotonic() - began > READY_WITHIN_S:
                raise TimeoutError(f"the {self._group} services do not come up; see {self._logs}")
            await asyncio.sleep(0.2)
            stable = stable + 1 if await asyncio.to_thread(self._stable) else 0

    def _stable(self) -> bool:
        groups = [f"{self._group}-{service}" for service in self._services]
        try:
            found = [f.result() for f in self._admin.describe_consumer_groups(groups).values()]
        except KafkaException:
            return False
        return all(g.state == ConsumerGroupState.STABLE and g.members for g in found)

    def check(self) -> None:
        """Raises RuntimeError where a service is gone, with the end of its log."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                log = self._logs / f"{self._group}-{name}.log"
                raise RuntimeError(f"{name} ended with {process.returncode}:\n{log.read_text()[-2000:]}")

    async def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        await asyncio.to_thread(self._gone)

    def _gone(self) -> None:
        until = time.monotonic() + STOP_S
        for process in self.processes.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
