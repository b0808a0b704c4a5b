"""Both parts of the system together: those the environment names, or embedded ones."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import asyncpg
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from filelock import FileLock, Timeout
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from rich.console import Console

from shared.runtime.embedded.errors import PartUnavailable
from shared.runtime.embedded.kafka import EmbeddedKafka
from shared.runtime.embedded.postgres import EmbeddedPostgres

_ANSWERS_WITHIN_S = 10.0
_BENCH_POSTGRES = {"shared_buffers": "1GB", "max_wal_size": "8GB"}


class PartsSettings(BaseSettings):
    """Where the parts are.

    Attributes:
        kafka: bootstrap servers of a running Kafka (GREENLANE_KAFKA); absent starts an embedded one.
        postgres: connection address of a running PostgreSQL (GREENLANE_POSTGRES); absent starts an embedded one.
        data_dir: keeps what embedded parts hold across starts (GREENLANE_DATA_DIR); absent keeps nothing.
        profile: `quick` for demo and tests, `bench` for measuring (GREENLANE_PROFILE).
    """

    model_config = SettingsConfigDict(env_prefix="GREENLANE_", env_ignore_empty=True, hide_input_in_errors=True)

    kafka: str | None = None
    postgres: SecretStr | None = None
    data_dir: Path | None = None
    profile: Literal["quick", "bench"] = "quick"


class Parts:
    """Kafka and PostgreSQL, ready on entry: `async with parts() as p: p.bootstrap_servers, p.dsn`.

    Attributes:
        kafka, postgres: the embedded ones, None where the environment named its own.
    """

    def __init__(self, settings: PartsSettings | None = None, *, console: Console | None = None) -> None:
        self._settings = settings or PartsSettings()
        self._stack = AsyncExitStack()
        folder, profile = self._settings.data_dir, self._settings.profile
        self.kafka = (
            None
            if self._settings.kafka
            else EmbeddedKafka(data_dir=folder / "kafka" if folder else None, profile=profile, console=console)
        )
        self.postgres = (
            None
            if self._settings.postgres
            else EmbeddedPostgres(
                data_dir=folder / "postgres" if folder else None,
                settings=_BENCH_POSTGRES if profile == "bench" else None,
            )
        )

    @property
    def bootstrap_servers(self) -> str:
        """Where Kafka's clients connect."""
        return self.kafka.bootstrap_servers if self.kafka else str(self._settings.kafka)

    @property
    def dsn(self) -> str:
        """Where PostgreSQL's clients connect; for asyncpg and psycopg."""
        if self.postgres:
            return self.postgres.dsn
        assert self._settings.postgres is not None
        return self._settings.postgres.get_secret_value()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            if self._settings.data_dir is not None:
                self._settings.data_dir.mkdir(parents=True, exist_ok=True)
                stack.callback(_only_user_of(self._settings.data_dir).release)
            started = await asyncio.gather(
                self._start_kafka(stack), self._start_postgres(stack), return_exceptions=True
            )
            for outcome in started:
                if isinstance(outcome, BaseException):
                    raise outcome
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _start_kafka(self, stack: AsyncExitStack) -> None:
        if self.kafka:
            await stack.enter_async_context(self.kafka)
            return
        admin = AdminClient({"bootstrap.servers": self.bootstrap_servers, "log_level": 0})
        try:
            await asyncio.to_thread(admin.list_topics, timeout=_ANSWERS_WITHIN_S)
        except KafkaException as error:
            reason = f"no broker answers at {self.bootstrap_servers} ({error.args[0].str()})"
            raise PartUnavailable("Kafka", reason, "Check GREENLANE_KAFKA, or unset it to start an own one") from error

    async def _start_postgres(self, stack: AsyncExitStack) -> None:
        if self.postgres:
            await stack.enter_async_context(self.postgres)
            return
        try:
            connection = await asyncpg.connect(self.dsn, timeout=_ANSWERS_WITHIN_S)
            await connection.close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            reason = f"the server that GREENLANE_POSTGRES names does not let us in ({type(error).__name__})"
            raise PartUnavailable("PostgreSQL", reason, "Check it, or unset it to start an own one") from error


def parts(settings: PartsSettings | None = None, *, console: Console | None = None) -> Parts:
    """Both parts, for `async with`; settings come from the environment when not given.

    Raises (on entry):
        PartUnavailable: one of them cannot be had; the other is stopped again.
    """
    return Parts(settings, console=console)


def _only_user_of(folder: Path) -> FileLock:
    lock = FileLock(folder / "in-use.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        remedy = "Stop the other one, or choose another GREENLANE_DATA_DIR"
        raise PartUnavailable("The data folder", f"another process uses {folder}", remedy) from None
    return lock
