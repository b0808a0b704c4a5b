"""A service with a sampling profiler in it: ``GREENLANE_PROFILE_TO=folder`` makes the bench run services through this.

The kernel interrupts after every few milliseconds of processor time, and the stack of that moment is counted; where the
time goes is then the same as without, unlike under cProfile, which charges every call. Written at SIGTERM, one file a service.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY_S = 0.002
STACK_MAX = 60

_stacks: Counter[tuple[str, ...]] = Counter()


def _name(frame: FrameType) -> str:
    code = frame.f_code
    return f"{'/'.join(Path(code.co_filename).parts[-2:])}:{code.co_name}"


def _sample(_: int, frame: FrameType | None) -> None:
    stack: list[str] = []
    while frame is not None and len(stack) < STACK_MAX:
        stack.append(_name(frame))
        frame = frame.f_back
    _stacks[tuple(reversed(stack))] += 1


def _write(to: Path) -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)
    total = sum(_stacks.values()) or 1
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for stack, count in _stacks.items():
        own[stack[-1]] += count
        within.update(dict.fromkeys(set(stack), count))
    lines = [f"{total} samples of {EVERY_S * 1000:.0f} ms", "", "own"]
    lines += [f"{count / total:6.1%} {name}" for name, count in own.most_common(45)]
    lines += ["", "with what it calls"]
    lines += [f"{count / total:6.1%} {name}" for name, count in within.most_common(110)]
    to.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """``python -m tests.bench.profiled run intake``: the command line with samples taken."""
    folder = Path(os.environ["GREENLANE_PROFILE_TO"])
    folder.mkdir(parents=True, exist_ok=True)
    atexit.register(_write, folder / f"{sys.argv[-1]}.txt")
    signal.signal(signal.SIGPROF, _sample)
    signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
    from services.__main__ import main as greenlane

    greenlane()


if __name__ == "__main__":
    main()
