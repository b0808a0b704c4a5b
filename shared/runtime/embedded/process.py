"""One server process of ours, kept by `keeper.py`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

_KEEPER = Path(__file__).with_name("keeper.py")


@dataclass(frozen=True)
class ServerSpec:
    """What to run and how to end it.

    Attributes:
        argv: program and arguments.
        log: file that takes its output.
        stop_signal: asks it to end in its own way.
        grace_s: after so many seconds it is killed.
        user: (uid, gid) to run as, where we are root and it refuses to be.
        remove: folder to delete after the end when our own process is no more.
    """

    argv: list[str]
    log: Path
    cwd: Path
    stop_signal: int = signal.SIGTERM
    grace_s: float = 15.0
    user: tuple[int, int] | None = None
    env: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    remove: Path | None = None

    def as_json(self) -> str:
        """The form that the keeper reads."""
        return json.dumps(
            {
                "argv": self.argv,
                "log": str(self.log),
                "cwd": str(self.cwd),
                "stop_signal": int(self.stop_signal),
                "grace_s": self.grace_s,
                "uid": self.user[0] if self.user else None,
                "gid": self.user[1] if self.user else None,
                "env": self.env,
                "remove": str(self.remove) if self.remove else None,
            }
        )


class KeptServer:
    """A running server and its keeper."""

    def __init__(self, keeper: asyncio.subprocess.Process, pid: int, grace_s: float) -> None:
        self._keeper = keeper
        self._grace_s = grace_s
        self.pid = pid

    @classmethod
    async def start(cls, spec: ServerSpec) -> KeptServer:
        """Start the server; OSError when the program cannot be run at all."""
        keeper = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-S",
            str(_KEEPER),
            spec.as_json(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # Ctrl-C at a terminal goes to us alone: we stop our servers in order
            start_new_session=True,
        )
        assert keeper.stdout is not None
        try:
            first = await keeper.stdout.readline()
        except BaseException:  # cancelled: whatever it started goes with its end of the pipe
            assert keeper.stdin is not None
            keeper.stdin.close()
            raise
        word, _, rest = first.decode().strip().partition(" ")
        if word != "pid":
            await keeper.wait()
            raise OSError(rest or f"{spec.argv[0]} did not start")
        return cls(keeper, int(rest), spec.grace_s)

    @property
    def running(self) -> bool:
        """Whether the server still runs, as far as its keeper has told."""
        if self._keeper.returncode is not None:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass  # it runs as somebody else
        return True

    async def stop(self) -> None:
        """Ask the server to end, wait until it has; killed after its grace."""
        await self._order(b"stop\n")

    async def kill(self) -> None:
        """End the server at once, as `kill -9` does."""
        await self._order(b"kill\n")

    async def _order(self, order: bytes) -> None:
        stdin = self._keeper.stdin
        assert stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            stdin.write(order)
            await stdin.drain()
        try:
            # shielded: a cancelled stop must not leave the server behind
            await asyncio.wait_for(asyncio.shield(self._keeper.wait()), self._grace_s + 10)
        except TimeoutError:
            self._keeper.kill()
            await self._keeper.wait()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            stdin.close()
