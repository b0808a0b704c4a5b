"""Every service has one shape, every file a size that one can read."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from mypy import api

from services.front.wirings import wirings
from shared.contracts.outside import OUTSIDE
from shared.handbook import load_editions
from shared.messaging.wiring import Wiring
from tests.architecture.source import ROOT, SERVICES, python_files, text

NEEDED = (
    "README.md", "__init__.py", "app.py", "domain/facts.py", "messaging/inbound.py", "messaging/outbound.py",
    "messaging/deadlines.py",
)  # fmt: skip
AT_THE_TOP = {"README.md", "__init__.py", "app.py", "settings.py", "views.py", "domain", "application", "messaging"}
PARTICULARS = {
    "name", "full_name", "id_number", "id_type", "phone", "mobile", "email", "address", "account_number", "bank", "holder_name",
    "policy_number", "claim_number", "payment_number", "invoice_number", "text", "free_text", "words", "remark", "comment",
    "title",
}  # fmt: skip
LINES_MAX = 350
LONGER: dict[str, str] = {}


@pytest.fixture(scope="module")
def house() -> Mapping[str, Wiring]:
    return wirings(load_editions(allow_demo=True))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_files_of_every_service(service: str) -> None:
    assert [f for f in NEEDED if not (ROOT / "services" / service / f).is_file()] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_nothing_else_at_its_top(service: str) -> None:
    there = {p.name for p in (ROOT / "services" / service).iterdir() if p.name != "__pycache__"}
    assert there <= AT_THE_TOP, f"not of the house: {sorted(there - AT_THE_TOP)}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_charter_says_what_a_service_decides_hears_says_and_promises(service: str) -> None:
    charter = (ROOT / "services" / service / "README.md").read_text("utf-8").lower()
    assert [word for word in ("decides", "hears", "says", "promises", "| rule") if word not in charter] == []


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_are_sentences(service: str, house: Mapping[str, Wiring]) -> None:
    names = {type_: named(handler) for type_, handler in house[service].handlers.items()}
    assert {t: n for t, n in names.items() if not n.startswith("when_")} == {}


def test_only_intake_arms_timers_that_ask() -> None:
    """What lay in the topics when a fact was said protects nobody weeks later: the others ask intake, by ClockDue."""
    asking = [path for path in python_files("services") if "asks=True" in text(path)]
    assert asking == ["services/intake/messaging/deadlines.py"]


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_are_plain_functions_that_can_be_run_again(service: str, house: Mapping[str, Wiring]) -> None:
    for handler in (*house[service].handlers.values(), *house[service].on_timer.values()):
        assert not inspect.iscoroutinefunction(handler)


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_heard_from_within_has_a_contract(service: str, house: Mapping[str, Wiring]) -> None:
    from_outside = {type_ for topic in OUTSIDE for type_ in topic.contracts} if service == "intake" else set()
    events = {type_ for type_ in house[service].handlers if type_.endswith(".v1")}
    assert events - set(house[service].contracts) - from_outside == set()


@pytest.mark.parametrize("service", SERVICES)
def test_facts_are_values_with_slots(service: str) -> None:
    for fact in facts_of(service):
        assert "@value" in _decorators_of(fact), f"{fact} can be changed"
        assert "__hash__" in vars(fact), fact
        assert "__slots__" in vars(fact) and is_dataclass(fact), fact


def _decorators_of(fact: type) -> str:
    """What stands over a class, and over those it grows from."""
    return "".join(inspect.getsource(c).split("class ")[0] for c in fact.__mro__ if c is not object)


def test_mypy_lets_nobody_change_a_value(tmp_path: Path) -> None:
    probe = tmp_path / "probe.py"
    probe.write_text(
        "from shared.kernel.value import value\n\n\n@value\nclass Fact:\n    fen: int\n\n\nfact = Fact(1)\nfact.fen = 2\n"
    )
    out, _, code = api.run(["--strict", "--cache-dir", str(tmp_path / "cache"), str(probe)])
    assert code == 1
    assert 'Property "fen" defined in "Fact" is read-only' in out


@pytest.mark.parametrize("service", SERVICES)
def test_no_fact_has_room_for_a_person_s_particulars(service: str) -> None:
    rooms = [f"{fact.__name__}.{f.name}" for fact in facts_of(service) for f in fields(fact) if f.name in PARTICULARS]
    assert rooms == []


def named(handler: Callable[..., None]) -> str:
    """The name under which a handler was written."""
    while isinstance(handler, partial):
        handler = handler.func
    return getattr(handler, "__name__", "")


def facts_of(service: str) -> tuple[Any, ...]:
    """The classes of a service's stored facts."""
    found: tuple[Any, ...] = import_module(f"services.{service}.domain.facts").FACTS
    return found


def test_a_file_can_be_read_in_one_sitting() -> None:
    sizes = {path: len(text(path).splitlines()) for path in python_files("services", "shared", "examples", "tests")}
    long = {path: lines for path, lines in sizes.items() if lines > LINES_MAX and path not in LONGER}
    assert not long, f"split, or say why in LONGER: {long}"
    assert [path for path in LONGER if sizes.get(path, 0) <= LINES_MAX] == [], "no longer too long"


def test_every_package_has_its_init() -> None:
    folders = {Path(path).parent for path in python_files("services", "shared")}
    assert [f.as_posix() for f in sorted(folders) if not (ROOT / f / "__init__.py").is_file()] == []
