"""Who says what, and who hears it: ``python -m services.front.event_map`` writes shared/docs/event-map.md from the wirings.

What a service hears is read from its wiring; what it says, from the contracts that its outbound mapping makes. With
``--check`` nothing is written: the exit code says whether the page is in step.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

from pydantic import BaseModel

from services.front.wirings import wirings
from shared.contracts import core
from shared.contracts.outside import OUTSIDE, QUARANTINE_NOTICES, said_as
from shared.handbook import load_editions
from shared.messaging.wiring import Wiring, topic_of
from shared.runtime.topics import SERVICES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "shared" / "docs" / "event-map.md"
COMMON = "shared.contracts.messaging"
ALSO = {"shared.contracts.intake.ClockBreached"}  # a word of intake's that the performers use too
OF_THE_DOOR = ("shared.contracts.orders", "shared.contracts.receipts", "shared.contracts.vendor")
NEVER_SAID = {"DocumentsSubmitted"}  # it becomes PapersSubmitted at the door
OF_POLICIES = {
    "PolicyIssued", "PolicyRenewed", "PolicyLapsed", "PolicySuspended", "PolicyReinstated", "SumInsuredChanged",
}  # fmt: skip
# Key and subject where they are not the member's reference and the request's id.
ADDRESSED = {
    **dict.fromkeys(OF_POLICIES, ("policy", "policy")),
    "MemberJoined": ("member", "member"),
    "MemberLeft": ("member", "member"),
    "ClaimAdjudicated": ("member", "request, else member"),
    "PaymentReported": ("request, else payment", "request, else payment"),
    "RecordAnswered": ("of the record", "of the record"),
    "LedgerPosted": ("as of its cause", "request, else payment"),
    "LiabilityChanged": ("member", "as of its cause"),
    "ReceiptGiven": ("of the record", "request, else record"),
    "RecordQuarantined": ("record", "record"),
}  # fmt: skip


@dataclass(slots=True)
class Event:
    """One contract as it is said on one topic."""

    model: type[BaseModel]
    topic: str
    hearers: dict[str, str] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """The first sentence of its docstring, or of the record's that it repeats."""
        first = _first_sentence(self.model)
        if first.lower().startswith(("key", "subject")):
            return _first_sentence(getattr(core, self.model.__name__, self.model))
        return first


def _first_sentence(model: type[BaseModel]) -> str:
    doc = inspect.cleandoc(model.__doc__ or "") if "__doc__" in vars(model) else ""
    first = " ".join(doc.partition("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")
    return first.partition(". ")[0].rstrip(".:")


def map_of(house: Mapping[str, Wiring]) -> list[Event]:
    """Every event with who hears it, by topic in the order of the flow."""
    events = {(e.topic, said_as(e.model)): e for service in SERVICES for e in _said_by(service, house)}  # type: ignore[arg-type]
    for service, wiring in house.items():
        for (topic, type_), event in events.items():
            if topic in wiring.hears and type_ in wiring.contracts and type_ in wiring.handlers:
                event.hearers[service] = _name(wiring.handlers[type_])
    return list(events.values())


def _said_by(service: str, house: Mapping[str, Wiring]) -> Iterator[Event]:
    heard = {type_ for wiring in house.values() for type_ in wiring.contracts}
    allowed = {f"shared.contracts.{service}", COMMON, *(OF_THE_DOOR if service == "intake" else ())}
    models = {
        model
        for model in _made_in(service)
        if model.__module__ in allowed or f"{model.__module__}.{model.__name__}" in ALSO
    }
    parts = {part for model in models for part in _parts(model)}
    for model in sorted(models, key=lambda m: m.__name__):
        if model in parts and f"{model.__name__}.v1" not in heard:
            continue
        yield Event(model, _topic(service, model))


def _topic(service: str, model: type[BaseModel]) -> str:
    if model.__name__ == "RecordQuarantined":
        return QUARANTINE_NOTICES
    if model.__module__.endswith(".receipts"):
        return "vendor.<v>.out.receipts.v1"
    return "vendor.<v>.out.orders.v1" if model.__module__.endswith(".orders") else topic_of(service)


def _made_in(service: str) -> set[type[BaseModel]]:
    """Contracts that the outbound side of a service makes or lists."""
    folder = ROOT / "services" / service / "messaging"
    files = ["outbound.py"] if service == "intake" else [p.name for p in folder.glob("*.py") if p.name != "inbound.py"]
    found: set[type[BaseModel]] = set()
    for file in files:
        name = f"services.{service}.messaging.{Path(file).stem}"
        found |= _made(import_module(name), ast.parse((folder / file).read_text("utf-8")))
    return found


def _made(module: ModuleType, tree: ast.Module) -> set[type[BaseModel]]:
    """Contracts that a module names anywhere but in annotations, one by one or in a table of them."""
    annotations = {id(inner) for node in ast.walk(tree) for one in _annotations(node) for inner in ast.walk(one)}
    found: set[type[BaseModel]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in annotations:
            found.update(_models(_value(module, node)))
    return found


def _annotations(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        yield node.annotation
    elif isinstance(node, ast.FunctionDef) and node.returns is not None:
        yield node.returns


def _value(module: ModuleType, place: ast.expr) -> Any:
    """What a dotted name stands for in a module."""
    parts: list[str] = []
    while isinstance(place, ast.Attribute):
        parts.append(place.attr)
        place = place.value
    value: Any = getattr(module, place.id, None) if isinstance(place, ast.Name) else None
    for part in reversed(parts):
        value = getattr(value, part, None) if isinstance(value, ModuleType) else None
    return value


def _models(value: Any) -> Iterator[type[BaseModel]]:
    for one in value if isinstance(value, tuple | dict) else (value,):
        if isinstance(one, type) and issubclass(one, BaseModel) and one.__name__ not in NEVER_SAID:
            yield one


def _parts(model: type[BaseModel]) -> set[type[BaseModel]]:
    """Models inside a model."""
    found: set[type[BaseModel]] = set()
    waiting: list[Any] = [f.annotation for f in model.model_fields.values()]
    while waiting:
        one = waiting.pop()
        waiting += get_args(one)
        if isinstance(one, type) and issubclass(one, BaseModel) and one not in found:
            found.add(one)
            waiting += [f.annotation for f in one.model_fields.values()]
    return found


def _name(handler: Any) -> str:
    while isinstance(handler, partial):
        handler = handler.func
    return str(getattr(handler, "__name__", ""))


def page(house: Mapping[str, Wiring]) -> str:
    """The page."""
    events = map_of(house)
    lines = [
        "# The event map",
        "",
        "Written by `make generated` from the wirings and the contracts; `make check` fails where it is not in step.",
        "",
        "Key and subject are references: *member* `member_ref`, *policy* `policy_ref`, *request* `request_id`; the subject is",
        "the case in which messages stay in order. *Whoever watches*: no service of ours hears it; dashboard and tools do.",
    ]
    own = [topic_of(service) for service in SERVICES]
    for topic in dict.fromkeys((*own, *(e.topic for e in events))):
        lines += ["", f"## `{topic}`", "", "| Event | Says | Key | Subject | Heard by |", "|---|---|---|---|---|"]
        for event in (e for e in events if e.topic == topic):
            key, subject = ADDRESSED.get(event.model.__name__, ("member", "request"))
            heard = "<br>".join(f"{s}: `{h}`" for s, h in event.hearers.items()) or _outside(topic)
            lines.append(f"| {event.model.__name__} | {event.says} | {key} | {subject} | {heard} |")
    lines += ["", "## What comes from outside", "", "Heard by intake alone.", "", "| Topic | Types |", "|---|---|"]
    for outside in OUTSIDE:
        types = ", ".join(sorted(type_.removesuffix(".v1") for type_ in outside.contracts))
        lines.append(f"| `{outside.name}` | {types} |")
    lines += ["", "## Timers", "", "| Service | Timers |", "|---|---|"]
    lines += [f"| {s} | {', '.join(f'`{t}`' for t in sorted(w.on_timer))} |" for s, w in house.items()]
    return "\n".join(lines) + "\n"


def _outside(topic: str) -> str:
    if topic.startswith("vendor."):
        return "the vendor"
    return "our staff" if topic == QUARANTINE_NOTICES else "whoever watches"


def main() -> int:
    """Write the page, or check it."""
    said = page(wirings(load_editions(allow_demo=True)))
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.exists() and PAGE.read_text("utf-8") == said else 1
    PAGE.write_text(said, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
