"""Clocks, ids, chance and sleep come in from outside: the bare calls stand only where the process itself is made."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import python_files, tree, uses

BARE = re.compile(
    r"""
      datetime\.datetime\.(now|utcnow|today) | datetime\.date\.today
    | time\.(?!time$|struct_time$)\w+ | time\.time
    | uuid\.(uuid[1-4678]|getnode)
    | random\.\w+(\.\w+)* | secrets\.\w+ | os\.(urandom|getrandom)
    | asyncio\.sleep | anyio\.sleep\w* | threading\.Timer
    """,
    re.VERBOSE,
)

# Where a bare call may stand, and why: a file, or a folder with all that is below it. No entry reaches into a service.
ALLOWED = {
    ("shared/messaging/engine.py", "asyncio.sleep"): "backs off between two tries of a lost race",
    ("shared/relay/relay.py", "asyncio.sleep"): "polls for what was committed, and waits a failure out",
    ("shared/runtime/process.py", "asyncio.sleep"): "the loops of the process",
    ("shared/runtime/process.py", "time.monotonic"): "a lease is given up by the process's own monotonic clock",
    ("shared/runtime/process.py", "time.monotonic_ns"): "tells two holders of a lease apart",
    ("shared/runtime/topics.py", "asyncio.sleep"): "the broker has no event for a topic it has heard of",
    ("shared/runtime/embedded/", "asyncio.sleep"): "waits for a server to be ready",
    ("shared/runtime/embedded/", "time.monotonic"): "and no longer than so long",
    ("shared/runtime/embedded/", "uuid.uuid4"): "a new cluster's id",
    ("shared/runtime/embedded/", "random.choice"): "a free port is sought from a random start",
    ("shared/runtime/embedded/", "secrets.token_hex"): "a new server's password",
    ("services/front/", "asyncio.sleep"): "tools that watch the processes look again after a while",
    ("services/front/", "time.monotonic"): "tell a stall from work, and how long a run took",
    ("services/front/", "secrets.token_bytes"): "make the vault's keys",
}


def found() -> list[tuple[str, int, str]]:
    """(path, line, name) of every bare use."""
    return [
        (path, line, name)
        for path in python_files("services", "shared")
        for line, name in uses(tree(path))
        if BARE.fullmatch(name)
    ]


def allowance(path: str, name: str) -> tuple[str, str] | None:
    """The entry that allows a use."""
    return next(
        ((where, what) for where, what in ALLOWED if what == name and (path == where or _below(path, where))), None
    )


def _below(path: str, where: str) -> bool:
    return where.endswith("/") and path.startswith(where)


def test_clocks_ids_chance_and_sleep_are_used_bare_only_where_it_is_allowed() -> None:
    wrong = [f"{path}:{line} {name}" for path, line, name in found() if not allowance(path, name)]
    assert not wrong, "take the instant from the command, the id from its cause: " + ", ".join(wrong)


def test_what_is_allowed_is_used() -> None:
    assert set(ALLOWED) == {allowance(path, name) for path, _, name in found()} - {None}


@pytest.mark.parametrize("where", sorted({where for where, _ in ALLOWED}))
def test_nothing_is_allowed_inside_a_service(where: str) -> None:
    assert where.startswith(("shared/", "services/front/"))
