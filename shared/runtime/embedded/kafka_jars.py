"""Apache Kafka's jars in the user's cache: fetched once, whole or not at all, with progress shown."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import AsyncFileLock
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from shared.runtime.embedded.errors import PartUnavailable
from shared.runtime.embedded.fetch_jars import KAFKA_VERSION, LOCK, is_whole, locked_jars
from shared.runtime.embedded.places import cache_folder, put_in_place

_PART = "Kafka"
_REMEDY = (
    "Check the network (HTTPS_PROXY, SSL_CERT_FILE), name a Maven mirror in GREENLANE_MAVEN_MIRROR, "
    "or name a running broker in GREENLANE_KAFKA"
)
_PLAIN_STEPS = 5


async def kafka_jars(console: Console | None = None) -> Path:
    """The folder of Kafka's jars; fetched when it is not there yet.

    Raises:
        PartUnavailable: they cannot be fetched; what was fetched is kept for the next try.
    """
    jars = locked_jars()
    folder = cache_folder() / f"kafka-{KAFKA_VERSION}"
    if _complete(folder):
        return folder
    staged = folder.with_name(folder.name + ".part")
    async with AsyncFileLock(folder.with_name(folder.name + ".lock")):  # two first starts at once: one fetches
        if _complete(folder):
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        total = sum(jar.size_bytes for jar in jars)
        with _progress(console or Console(stderr=True), total) as advance:
            await _fetch_into(staged, advance)
        if not all(is_whole(staged / jar.filename, jar) for jar in jars):
            raise PartUnavailable(_PART, f"what was fetched into {staged} is damaged", "Delete that folder, try again")
        (staged / LOCK.name).write_bytes(LOCK.read_bytes())
        put_in_place(staged, folder)
    return folder


def _complete(folder: Path) -> bool:
    """The lock is copied in last, so a folder that holds today's lock is whole."""
    mark = folder / LOCK.name
    return mark.is_file() and mark.read_bytes() == LOCK.read_bytes()


async def _fetch_into(folder: Path, advance: Callable[[int], None]) -> None:
    fetching = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.runtime.embedded.fetch_jars", str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert fetching.stdout is not None
    assert fetching.stderr is not None
    reason = ""
    last_words = asyncio.ensure_future(fetching.stderr.read())
    try:
        async for line in fetching.stdout:
            said = json.loads(line)
            advance(said.get("bytes", 0))
            reason = said.get("failed", reason)
        code = await fetching.wait()
    finally:
        if fetching.returncode is None:
            fetching.kill()
            await fetching.wait()
    told = (await last_words).decode(errors="replace").strip().splitlines()
    if code != 0:
        raise PartUnavailable(_PART, reason or (told[-1] if told else f"fetching ended with {code}"), _REMEDY)


@contextlib.contextmanager
def _progress(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; a line every fifth elsewhere, for logs."""
    what = f"fetching Apache Kafka {KAFKA_VERSION} (once, {total / 1e6:.0f} MB)"
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task(what, total=total)
            yield lambda count: progress.advance(task, count)
        return
    seen, shown = 0, 0

    def advance(count: int) -> None:
        nonlocal seen, shown
        seen += count
        steps = min(seen * _PLAIN_STEPS // total, _PLAIN_STEPS)
        if steps > shown:
            shown = steps
            console.print(f"{what}: {shown / _PLAIN_STEPS:.0%}", highlight=False)

    console.print(what, highlight=False)
    yield advance
