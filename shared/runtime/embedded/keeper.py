"""A small process between us and a server: it ends the server when we end, however we end.

It is run by path (`python -I keeper.py SPEC`), so it imports the standard library alone. Its standard input is a pipe
that only our process holds. A line `stop` ends the server in its own way and a line `kill` with SIGKILL; the end of the
pipe, which also comes when we are killed with -9, counts as `stop`, and then a temporary folder is removed as well,
since nobody is left to do it. It writes `pid N` once and `exit N` at the end.

Why a process and not a signal on the parent's death: that signal exists on Linux alone and comes when the *thread*
that started the child ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from typing import Any

_PR_SET_PDEATHSIG = 1
_POLL_S = 0.05


def die_with_parent(stop_signal: int = signal.SIGTERM) -> None:
    """Runs in a new process before it becomes its program: should its parent be killed, it hears of it (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, stop_signal)


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # nobody may be left to hear it
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _start(spec: dict[str, Any]) -> subprocess.Popen[bytes]:
    stop_signal = int(spec["stop_signal"])
    as_user: dict[str, Any] = {}
    if spec.get("uid") is not None:
        as_user = {"user": spec["uid"], "group": spec["gid"], "extra_groups": []}
    with open(spec["log"], "ab") as log:  # noqa: PTH123 - quicker to start without pathlib
        return subprocess.Popen(
            spec["argv"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=spec["cwd"],
            env=spec["env"],
            start_new_session=True,
            # the keeper has one thread, so running Python between fork and exec is safe here
            preexec_fn=lambda: die_with_parent(stop_signal),  # noqa: PLW1509
            **as_user,
        )


def _wait_for_order(server: subprocess.Popen[bytes], ended: list[int]) -> str:
    """What we are told: `stop`, `kill`, `orphaned` at the pipe's end, or `exit` when the server ended by itself."""
    orders = sys.stdin.fileno()
    while server.poll() is None:
        if ended:
            return "stop"
        readable, _, _ = select.select([orders], [], [], _POLL_S)
        if readable:
            said = os.read(orders, 64).decode().strip()
            return said or "orphaned"
    return "exit"


def _end(server: subprocess.Popen[bytes], order: str, stop_signal: int, grace_s: float) -> int:
    if order in {"stop", "orphaned"} and server.poll() is None:
        server.send_signal(stop_signal)
        try:
            return server.wait(grace_s)
        except subprocess.TimeoutExpired:
            order = "kill"
    if order == "kill" and server.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
    return server.wait()


def main() -> None:
    """Start the server of the specification given as JSON, and keep it until told otherwise."""
    spec: dict[str, Any] = json.loads(sys.argv[1])
    ended: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: ended.append(received))
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        server = _start(spec)
    except (OSError, subprocess.SubprocessError) as error:
        _say(f"failed {error}")
        return
    _say(f"pid {server.pid}")
    order = _wait_for_order(server, ended)
    code = _end(server, order, int(spec["stop_signal"]), float(spec["grace_s"]))
    if order == "orphaned" and spec.get("remove"):
        shutil.rmtree(spec["remove"], ignore_errors=True)
    _say(f"exit {code}")


if __name__ == "__main__":
    main()
