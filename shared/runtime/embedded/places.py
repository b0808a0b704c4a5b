"""Where embedded parts lie: the cache of downloads, instance folders, free ports."""

from __future__ import annotations

import os
import random
import shutil
import socket
import tempfile
from pathlib import Path

# Below the range from which systems draw ports for outgoing connections (Linux 32768+, macOS and Windows 49152+):
# a port drawn there could be lent to somebody's outgoing connection between two starts of ours.
_PORTS = range(20000, 32000)
_LOG_TAIL_BYTES = 4096


def cache_folder() -> Path:
    """The user's cache folder of Greenlane (XDG_CACHE_HOME honoured), made if missing."""
    base = os.environ.get("XDG_CACHE_HOME")
    folder = (Path(base) if base else Path.home() / ".cache") / "greenlane"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def free_port() -> int:
    """A loopback TCP port that nobody listened on a moment ago; a start that loses the race draws again."""
    for _ in range(200):
        port = random.choice(_PORTS)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # as the servers do: a port whose last connections linger in TIME_WAIT is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port on 127.0.0.1 between 20000 and 31999")


def instance_folder(part: str, data_dir: Path | None) -> tuple[Path, bool]:
    """The folder of one instance, and whether it goes away with it.

    Args:
        part: short name that prefixes a temporary folder.
        data_dir: a folder that survives the stop, made if missing; None asks for a temporary one.
    """
    if data_dir is None:
        # short on purpose: a Unix socket's path has 107 bytes at most
        return Path(tempfile.mkdtemp(prefix=f"greenlane-{part}-")), True
    data_dir.mkdir(parents=True, exist_ok=True)
    return data_dir.resolve(), False


def remembered_port(folder: Path, name: str, wanted: int | None) -> int:
    """The wanted port, else the one that this folder used before if it is free, else a free one; remembered."""
    file = folder / f"{name}.port"
    if wanted is None and file.exists():
        before = int(file.read_text())
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", before))
                wanted = before
            except OSError:
                wanted = None
    port = wanted if wanted is not None else free_port()
    file.write_text(str(port))
    return port


def log_tail(log: Path) -> str:
    """The end of a log file, for telling causes apart; empty when there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _LOG_TAIL_BYTES))
        return file.read().decode(errors="replace")


def put_in_place(staged: Path, target: Path) -> None:
    """Rename a completed folder into place; when another start was quicker, theirs stands."""
    try:
        staged.rename(target)
    except OSError:
        if not target.exists():
            raise
        shutil.rmtree(staged, ignore_errors=True)
