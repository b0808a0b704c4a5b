"""Kafka's jars are fetched once, whole or not at all. A mirror on this machine serves them."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from rich.console import Console

from shared.runtime.embedded import PartUnavailable
from shared.runtime.embedded.fetch_jars import Jar, is_whole, locked_jars
from shared.runtime.embedded.kafka_jars import kafka_jars

pytestmark = [pytest.mark.parts, pytest.mark.timeout(120)]


class Mirror(ThreadingHTTPServer):
    """Serves the jars of a folder under the paths of a Maven repository."""

    def __init__(self, jars: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.jars = jars
        self.damaged = False
        self.served: list[str] = []
        self.by_path = {
            f"/{jar.group.replace('.', '/')}/{jar.artifact}/{jar.version}/{jar.artifact}-{jar.version}.jar": jar
            for jar in locked_jars()
        }


class Answer(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        jar = self.server.by_path.get(self.path)
        if jar is None:
            self.send_error(404)
            return
        self.server.served.append(jar.artifact)
        content = (self.server.jars / jar.filename).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(b"x" + content[1:] if self.server.damaged else content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    jars = asyncio.run(kafka_jars())
    server = Mirror(jars)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("M2_REPO", str(tmp_path / "none"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("GREENLANE_MAVEN_MIRROR", f"http://127.0.0.1:{server.server_port}")
    yield server
    server.shutdown()
    server.server_close()


def staged(tmp_path: Path, jar: Jar, content: bytes) -> None:
    folder = tmp_path / "cache" / "greenlane" / "kafka-4.3.1.part"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / jar.filename).write_bytes(content)


def test_an_interrupted_fetch_goes_on_and_two_at_once_fetch_once(mirror: Mirror, tmp_path: Path) -> None:
    whole, torn = locked_jars()[:2]
    staged(tmp_path, whole, (mirror.jars / whole.filename).read_bytes())
    staged(tmp_path, torn, (mirror.jars / torn.filename).read_bytes()[:1000])
    shown = io.StringIO()

    async def two() -> tuple[Path, Path]:
        console = Console(file=shown, width=200)
        return await asyncio.gather(kafka_jars(console), kafka_jars(console))

    one, other = asyncio.run(two())
    assert one == other == tmp_path / "cache" / "greenlane" / "kafka-4.3.1"
    assert all(is_whole(one / jar.filename, jar) for jar in locked_jars())
    assert sorted(mirror.served) == sorted(jar.artifact for jar in locked_jars() if jar != whole)
    assert shown.getvalue().splitlines()[-1].endswith("100%")


def test_jars_that_are_not_those_of_the_lock_are_refused(mirror: Mirror, tmp_path: Path) -> None:
    mirror.damaged = True
    with pytest.raises(PartUnavailable, match="its content is not what the lock says"):
        asyncio.run(kafka_jars())
    assert not (tmp_path / "cache" / "greenlane" / "kafka-4.3.1").exists()


def test_no_network_is_told_in_one_line(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLANE_MAVEN_MIRROR", "http://127.0.0.1:1")
    with pytest.raises(PartUnavailable) as caught:
        asyncio.run(kafka_jars())
    assert str(caught.value).startswith("Kafka is not available: ")
    assert "GREENLANE_MAVEN_MIRROR" in str(caught.value)
    assert "\n" not in str(caught.value)
