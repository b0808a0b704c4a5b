"""Health over HTTP: alive, ready, and what it waits for."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

from prometheus_client import generate_latest

REQUEST_BYTES_MAX = 4_096


@dataclass(slots=True)
class Health:
    """What a process says of itself. ``waits_for`` names what it can't do without and why, None when it works."""

    service: str
    waits_for: str | None = "start"
    facts: dict[str, object] = field(default_factory=dict)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        if path == "/metrics":
            return 200, "text/plain; version=0.0.4", generate_latest()
        if path == "/health/live":
            return 200, "application/json", json.dumps({"service": self.service, "alive": True}).encode()
        if path == "/health/ready":
            body = {"service": self.service, "ready": self.waits_for is None, "waits_for": self.waits_for, **self.facts}
            return (200 if self.waits_for is None else 503), "application/json", json.dumps(body).encode()
        return 404, "application/json", b'{"error":"NOT_FOUND"}'


async def serve_health(health: Health, host: str, port: int) -> asyncio.Server:
    """Answer GET /health/live, /health/ready and /metrics."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(5):
                line = (await reader.readuntil(b"\n"))[:REQUEST_BYTES_MAX].decode("latin-1").split()
                status, kind, body = health.answer(line[1] if len(line) > 1 else "")
                head = f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a probe that went away
        finally:
            writer.close()

    return await asyncio.start_server(answer, host, port, limit=REQUEST_BYTES_MAX)
