"""The five services as separate processes: started together, watched, stopped together."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from shared.runtime.embedded.keeper import die_with_parent
from shared.runtime.topics import SERVICES

STOP_S = 8.0


class ServiceDied(Exception):
    """A service ended by itself; its log says why."""


class House:
    """``async with House(env, logs) as house``: one process a service, each with a log file of its own."""

    def __init__(self, environment: Mapping[str, str], logs: Path, services: tuple[str, ...] = SERVICES) -> None:
        self._environment = {**os.environ, **environment}
        self._logs, self._services = logs, services
        self.processes: dict[str, asyncio.subprocess.Process] = {}

    async def start(self, service: str, name: str | None = None) -> asyncio.subprocess.Process:
        """Start one service, or one more of it under another name."""
        log = (self._logs / f"{name or service}.log").open("ab")
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "services", "run", service, env=self._environment, stdout=log, stderr=log,
                stdin=asyncio.subprocess.DEVNULL, start_new_session=True, preexec_fn=die_with_parent,
            )  # fmt: skip
        finally:
            log.close()
        self.processes[name or service] = process
        return process

    async def __aenter__(self) -> House:
        self._logs.mkdir(parents=True, exist_ok=True)
        for service in self._services:
            await self.start(service)
        return self

    def check(self) -> None:
        """ServiceDied names the first service that is gone, with the end of its log."""
        for name, process in self.processes.items():
            if process.returncode is not None:
                log = self._logs / f"{name}.log"
                tail = log.read_text("utf-8", "replace")[-1_500:]
                raise ServiceDied(f"{name} ended with {process.returncode}; the end of {log}:\n{tail}")

    async def stop(self) -> None:
        """Ask everyone to stop; kill who does not."""
        alive = [p for p in self.processes.values() if p.returncode is None]
        for process in alive:
            process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await asyncio.gather(*(p.wait() for p in alive))
        except TimeoutError:
            for process in alive:
                if process.returncode is None:
                    process.kill()
            await asyncio.gather(*(p.wait() for p in alive))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
