"""What import-linter can't say: the law and the doings have a list of what they may import, not of what they may not."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import SERVICES, modules_of, python_files, tree

PLAIN = (
    "__future__", "abc", "bisect", "collections", "collections.abc", "dataclasses", "datetime", "decimal", "enum", "fractions",
    "functools", "heapq", "itertools", "math", "operator", "re", "types", "typing", "uuid",
)  # fmt: skip
PURE = (*PLAIN, "shared.kernel", "shared.ledger", "shared.handbook", "shared.calendar")
IMPURE_PARTS = ("shared.handbook.loader", "shared.handbook.lint", "shared.handbook.fields", "shared.handbook.read_")
DOING = (*PURE, "shared.contracts", "shared.messaging.wiring")
SAYING = (*DOING, "shared.event_store.stored", "pydantic")
# The door of the house alone reads raw bytes, keeps the vault and adds the person at the last moment.
DOOR = (
    *SAYING, "msgspec", "orjson", "shared.messaging.codec", "shared.messaging.door", "shared.messaging.gate_reasons",
    "shared.messaging.strict_json", "shared.privacy.vault", "shared.relay.relay",
)  # fmt: skip


def strangers(service: str, floor: str, allowed: tuple[str, ...]) -> list[str]:
    """Imports of a service's floor that are neither its own nor on the list."""
    mine = tuple(f"services.{service}.{f}" for f in ("domain", "application", "messaging"))[: _OWN[floor]]
    return [
        f"{path}: {name}"
        for path in python_files(f"services/{service}/{floor}")
        for name in sorted(modules_of(tree(path)))
        if not _within(name, (*allowed, *mine))
    ]


_OWN = {"domain": 1, "application": 2, "messaging": 3}


def _within(name: str, allowed: tuple[str, ...]) -> bool:
    if name.startswith(IMPURE_PARTS):
        return False
    return any(name == one or (name.startswith(f"{one}.") and one not in PLAIN) for one in allowed)


@pytest.mark.parametrize("service", SERVICES)
def test_the_law_imports_plain_python_kernel_ledger_handbook_and_calendar(service: str) -> None:
    assert strangers(service, "domain", PURE) == []


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_done_asks_the_law_at_a_desk(service: str) -> None:
    assert strangers(service, "application", DOING) == []


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_heard_and_said_knows_contracts_and_no_driver(service: str) -> None:
    assert strangers(service, "messaging", DOOR if service == "intake" else SAYING) == []


def test_only_the_walls_touch_kafka_and_postgresql() -> None:
    doors = re.compile(r"^(aiokafka|faststream|confluent_kafka|asyncpg|psycopg|eventsourcing)(\.|$)")
    inside = ("shared/messaging/", "shared/event_store/", "shared/privacy/", "shared/relay/", "shared/timers/",
              "shared/projections/", "shared/runtime/", "services/front/")  # fmt: skip
    wrong = [
        f"{path}: {name}"
        for path in python_files("services", "shared")
        for name in modules_of(tree(path))
        if doors.match(name) and not path.startswith(inside)
    ]
    assert wrong == []


def test_faststream_is_the_transport_and_nothing_more() -> None:
    users = {
        p for p in python_files("services", "shared") if any(m.startswith("faststream") for m in modules_of(tree(p)))
    }
    assert users == {"shared/messaging/transport.py"}


def test_nothing_is_imported_relatively() -> None:
    paths = python_files("services", "shared", "examples", "tests")
    assert [p for p in paths if any(m.startswith(".") for m in modules_of(tree(p)))] == []
