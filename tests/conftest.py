"""Real parts for whoever asks: one PostgreSQL and one Kafka a test run, started when first needed."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from shared.runtime.embedded.kafka import EmbeddedKafka
from shared.runtime.embedded.postgres import EmbeddedPostgres

# The same examples on every run of CI; `make soak` looks further, and a find becomes an @example.
hypothesis_settings.register_profile("same", derandomize=True)
if os.environ.get("GREENLANE_TEST_SCALE") != "soak":
    hypothesis_settings.load_profile("same")


class Background:
    """An event loop of its own, so that a server outlives the loops of single tests."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(300)


@pytest.fixture(scope="session")
def background() -> Background:
    return Background()


@pytest.fixture(scope="session")
def dsn(background: Background) -> Iterator[str]:
    """The address of a real PostgreSQL."""
    server = EmbeddedPostgres()
    background.run(server.start())
    yield server.dsn
    background.run(server.close())


@pytest.fixture(scope="session")
def bootstrap(background: Background) -> Iterator[str]:
    """The address of a real Kafka."""
    server = EmbeddedKafka()
    background.run(server.start())
    yield server.bootstrap_servers
    background.run(server.close())
