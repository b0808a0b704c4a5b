"""Fetch the jars of Apache Kafka that `kafka_jars.lock` names into a folder; a program of its own.

`python -m shared.runtime.embedded.fetch_jars FOLDER` writes one JSON object a line: {"bytes": n} as they come, then
{"done": true} or {"failed": reason}. `--lock` resolves a new `kafka_jars.lock` instead.

jgo finds and fetches artifacts in pure Python (no Maven, no Java). It trusts a file because it is there; we trust it
because of its SHA-256, so an interrupted fetch goes on with the files that are whole. A process of its own, because
the certificates of the operating system are injected into Python's ssl module for all of a process.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK = Path(__file__).with_name("kafka_jars.lock")
KAFKA_VERSION = "4.3.1"
_ROOTS = (f"org.apache.kafka:kafka_2.13:jar:{KAFKA_VERSION}:compile", "org.slf4j:slf4j-simple:jar:2.0.17:compile")
_TRIES = 3
_AT_ONCE = 4
_say_lock = threading.Lock()


@dataclass(frozen=True)
class Jar:
    """One line of the lock: what it is, how big, and its SHA-256."""

    group: str
    artifact: str
    version: str
    size_bytes: int
    sha256: str

    @property
    def filename(self) -> str:
        """The name under which it lies in the folder; the group keeps equal artifacts apart."""
        return f"{self.group}.{self.artifact}-{self.version}.jar"


def locked_jars() -> list[Jar]:
    """The jars of `kafka_jars.lock`."""
    jars = []
    for line in LOCK.read_text().splitlines():
        coordinate, size, sha256 = line.split()
        group, artifact, version = coordinate.split(":")
        jars.append(Jar(group, artifact, version, int(size), sha256))
    return jars


def is_whole(file: Path, jar: Jar) -> bool:
    """Whether the file is the very jar of the lock."""
    if not file.is_file() or file.stat().st_size != jar.size_bytes:
        return False
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == jar.sha256


def _say(**what: object) -> None:
    with _say_lock:
        print(json.dumps(what), flush=True)  # noqa: T201 - this program's output is its report


def _trust() -> None:
    """Named certificates count, as every tool reads them; without one the operating system's do (company ones too)."""
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")
    if named:
        os.environ["REQUESTS_CA_BUNDLE"] = named
    else:
        import truststore

        truststore.inject_into_ssl()


def _context(repository: Path) -> Any:
    """Jgo's view of the world: our folder, the user's own Maven folder for reading, the network (or a mirror)."""
    from jgo.maven import MavenContext, PythonResolver

    @contextlib.contextmanager
    def progress(_filename: str, _total: int) -> Iterator[Callable[[int], None]]:
        yield lambda count: _say(bytes=count)

    mirror = os.environ.get("GREENLANE_MAVEN_MIRROR")
    own = Path(os.environ.get("M2_REPO") or Path.home() / ".m2" / "repository")
    return MavenContext(
        repo_cache=repository,
        local_repos=[own] if own.is_dir() else [],
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=30,
        resolver=PythonResolver(progress_callback=progress),
    )


def _fetch(jar: Jar, context: Any, folder: Path) -> None:
    target = folder / jar.filename
    if is_whole(target, jar):
        _say(bytes=jar.size_bytes)
        return
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    reason = "its content is not what the lock says"
    for _ in range(_TRIES):
        artifact.cached_path.unlink(missing_ok=True)  # the torn end of an earlier fetch
        try:
            found = Path(artifact.resolve())
        except Exception as error:  # whatever it was, another try or its text is all that can be done
            reason = str(error)
            continue
        if is_whole(found, jar):
            part = target.with_suffix(f".{os.getpid()}.part")  # an orphan of a killed start may still be at it
            shutil.copyfile(found, part)
            part.replace(target)
            return
        if found != artifact.cached_path:
            context.local_repos.clear()  # the user's own copy is another file: fetch it
    raise RuntimeError(f"{jar.filename}: {reason}")


def fetch(folder: Path) -> None:
    """Bring every jar of the lock into the folder; RuntimeError names the first that cannot be had."""
    repository = folder / "repository"
    repository.mkdir(parents=True, exist_ok=True)
    context = _context(repository)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = [pool.submit(_fetch, jar, context, folder) for jar in locked_jars()]
        try:
            for one in as_completed(waiting):
                one.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    shutil.rmtree(repository)


def lock() -> None:
    """Resolve what Kafka needs and write `kafka_jars.lock` anew."""
    repository = Path.home() / ".cache" / "greenlane" / "lock"
    context = _context(repository)
    inputs, rest = context.resolver.resolve([context.create_dependency(root) for root in _ROOTS])
    needed = [d.artifact for d in [*inputs, *(d for d in rest if d.scope in {"compile", "runtime"})]]
    lines = []
    for artifact in needed:
        content = Path(artifact.resolve()).read_bytes()
        name = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
        lines.append(f"{name} {len(content)} {hashlib.sha256(content).hexdigest()}\n")
    LOCK.write_text("".join(sorted(lines)))
    shutil.rmtree(repository)


def main() -> None:
    """The program."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", type=Path)
    arguments.add_argument("--lock", action="store_true", help="resolve kafka_jars.lock anew")
    given = arguments.parse_args()
    _trust()
    if given.lock:
        lock()
        return
    try:
        fetch(given.folder)
    except Exception as error:  # told in one line; the parent shows it
        _say(failed=str(error))
        raise SystemExit(1) from None
    _say(done=True)


if __name__ == "__main__":
    main()
