"""The real PostgreSQL 18 from a wheel, on this machine's loopback and a Unix socket, for demo, tests and measuring."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import asyncpg

from shared.runtime.embedded.errors import PartUnavailable
from shared.runtime.embedded.places import instance_folder, log_tail, put_in_place, remembered_port
from shared.runtime.embedded.postgres_programs import (
    postgres_failure,
    postgres_programs,
    reachable,
    server_environment,
    unprivileged_user,
)
from shared.runtime.embedded.process import KeptServer, ServerSpec

_PART = "PostgreSQL"
_USER = "greenlane"
_DATABASE = "greenlane"
_READY_WITHIN_S = 60.0
_TRIES = 8
_SOCKET_PATH_BYTES_MAX = 100
_LOST_RACES = ("Address already in use", "still in use", "could not create any TCP/IP sockets", "lock file")
_SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # text parameters may hold what belongs to persons; they never reach a log
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
}


class EmbeddedPostgres:
    """Starts PostgreSQL on entry and stops it on exit; it also ends when this process is killed.

    Args:
        data_dir: keeps the database across starts; None uses a temporary folder that goes away.
        port: the TCP port on loopback; None keeps the folder's last one, or draws a free one.
        settings: further server settings (`{"shared_buffers": "1GB"}`), which win over ours.
    """

    def __init__(
        self, *, data_dir: Path | None = None, port: int | None = None, settings: dict[str, str] | None = None
    ) -> None:
        self._data_dir = data_dir
        self._wanted_port = port
        self._settings = {**_SETTINGS, **(settings or {})}
        self._server: KeptServer | None = None
        self._folder: Path | None = None
        self._sockets: Path | None = None
        self._temporary = False
        self._password = ""
        self.port = 0

    @property
    def dsn(self) -> str:
        """Connection address by Unix socket, for asyncpg and psycopg."""
        return self.dsn_of(_DATABASE)

    @property
    def dsn_tcp(self) -> str:
        """Connection address by TCP on loopback."""
        return f"postgresql://{_USER}:{self._password}@127.0.0.1:{self.port}/{_DATABASE}?sslmode=disable"

    def dsn_of(self, database: str) -> str:
        """Connection address of another database of this server, by Unix socket."""
        where = quote(str(self._sockets), safe="/")
        return f"postgresql://{_USER}:{self._password}@/{database}?host={where}&port={self.port}"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self._home / "postgres.log"

    @property
    def pid(self) -> int | None:
        """The postmaster's process, None when stopped."""
        return self._server.pid if self._server else None

    @property
    def _home(self) -> Path:
        assert self._folder is not None, "not started yet"
        return self._folder

    async def start(self) -> None:
        """Start the server and wait until it answers; after a stop or kill with the same data and port.

        Raises:
            PartUnavailable: with the reason and what would help.
        """
        if self._server is not None:
            return
        if self._folder is None:
            self._folder, self._temporary = instance_folder("pg", self._data_dir)
        try:
            await self._start()
        except BaseException:
            await self.kill()
            raise

    async def stop(self) -> None:
        """Stop the server (open connections are closed, nothing committed is lost); its data stay until `close`."""
        server, self._server = self._server, None
        if server is not None:
            await server.stop()

    async def kill(self) -> None:
        """End the server as `kill -9` of the postmaster does; the next start recovers."""
        server, self._server = self._server, None
        if server is not None:
            await server.kill()

    async def close(self) -> None:
        """Stop the server; delete a temporary folder."""
        await self.stop()
        if self._sockets is not None and self._sockets != self._folder:
            await asyncio.to_thread(shutil.rmtree, self._sockets, ignore_errors=True)
        if self._folder is not None and self._temporary:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
            self._folder = None
        self._sockets = None

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except PartUnavailable:
            raise  # the folder stays: the error names a log in it
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _start(self) -> None:
        user = unprivileged_user()
        programs = await asyncio.to_thread(postgres_programs, user)
        self._prepare_folders(user)
        if not (self._home / "data" / "PG_VERSION").exists():
            await self._initialise(programs, user)
        self._password = (self._home / "password").read_text()
        for attempt in range(_TRIES):
            wanted = self._wanted_port or (self.port or None)
            self.port = remembered_port(self._home, "postgres", wanted if attempt == 0 else self._wanted_port)
            self.log.unlink(missing_ok=True)
            self._server = await KeptServer.start(self._spec(programs, user))
            if await self._ready():
                return
            await self.kill()
            if not any(race in log_tail(self.log) for race in _LOST_RACES):
                break
            # a port taken by somebody, or processes of a killed server that are still leaving
            await asyncio.sleep(0.25 * (attempt + 1))
        raise postgres_failure(f"it did not answer; its log: {self.log}")

    def _prepare_folders(self, user: tuple[int, int] | None) -> None:
        if self._sockets is None:
            fits = len(os.fsencode(self._home)) + len("/.s.PGSQL.00000.lock") < _SOCKET_PATH_BYTES_MAX
            self._sockets = self._home if fits else Path(tempfile.mkdtemp(prefix="greenlane-pg-"))
        if user is not None:
            for folder in {self._home, self._sockets}:
                os.chown(folder, *user)
            if not reachable(self._home, user[0]):
                raise PartUnavailable(
                    _PART,
                    f"it refuses to run as root, and {self._home} cannot be reached by user {user[0]}",
                    "Choose a data folder outside root's home, or run as a normal user",
                )

    async def _initialise(self, programs: Path, user: tuple[int, int] | None) -> None:
        fresh = self._home / "data.part"
        shutil.rmtree(fresh, ignore_errors=True)  # the torn end of an earlier try
        password = self._home / "password"
        password.write_text(secrets.token_hex(16))
        password.chmod(0o600)
        if user is not None:
            os.chown(password, *user)
        argv = [
            *(str(programs / "initdb"), "-D", str(fresh), "-U", _USER, f"--pwfile={password}"),
            # the socket's folder is ours alone; other people of this machine reach the port
            *("--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"),
        ]
        as_user = {} if user is None else {"user": user[0], "group": user[1], "extra_groups": []}
        making = await asyncio.create_subprocess_exec(
            *argv,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=self._home,
            env=server_environment(),
            **as_user,  # type: ignore[arg-type]  # typeshed does not know them for asyncio
        )
        said, _ = await making.communicate()
        if making.returncode != 0:
            self.log.write_bytes(said)
            raise postgres_failure(f"its data folder could not be made; the log: {self.log}")
        put_in_place(fresh, self._home / "data")

    def _spec(self, programs: Path, user: tuple[int, int] | None) -> ServerSpec:
        settings = {**self._settings, "unix_socket_directories": str(self._sockets), "unix_socket_permissions": "0700"}
        argv = [str(programs / "postgres"), "-D", str(self._home / "data"), "-h", "127.0.0.1", "-p", str(self.port)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        own = self._home if self._temporary else None
        # SIGINT is PostgreSQL's fast stop: connections are closed, nothing waits for clients
        return ServerSpec(
            argv,
            log=self.log,
            cwd=self._home,
            stop_signal=signal.SIGINT,
            user=user,
            env=server_environment(),
            remove=own,
        )

    async def _ready(self) -> bool:
        deadline = time.monotonic() + _READY_WITHIN_S
        while time.monotonic() < deadline and self._server is not None and self._server.running:
            with contextlib.suppress(OSError, asyncpg.PostgresError, TimeoutError):
                connection = await asyncpg.connect(self.dsn_of("postgres"), timeout=5)
                try:
                    known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", _DATABASE)
                    if known is None:
                        await connection.execute(f"CREATE DATABASE {_DATABASE}")
                finally:
                    await connection.close()
                return True
            await asyncio.sleep(0.05)
        return False
