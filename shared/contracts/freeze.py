"""Freeze the contracts with outsiders: ``python -m shared.contracts.freeze`` writes the schemas that are missing.

A frozen schema never changes: a changed meaning is a new version. What differs is named and left alone (exit code 1);
``--replace`` overwrites, for contracts that nobody has been given yet.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from shared.contracts.envelope import OutsideEnvelope
from shared.contracts.orders import CaseClosed, CaseDecided, CaseOutcome, WorkOrdered
from shared.contracts.outside import OUTSIDE
from shared.contracts.receipts import ReceiptGiven

SCHEMAS = Path(__file__).with_name("schemas")
EXAMPLES = SCHEMAS / "examples"
TOLD: tuple[type[BaseModel], ...] = (ReceiptGiven, WorkOrdered, CaseDecided, CaseOutcome, CaseClosed)
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def record_schema(type_: str, contract: type[BaseModel]) -> dict[str, Any]:
    """The schema of a whole record that outsiders send: envelope and data."""
    data = contract.model_json_schema()
    named = data.pop("$defs", {})
    schema = OutsideEnvelope.model_json_schema()
    schema |= {"$schema": DIALECT, "title": type_, "description": data.get("description", "")}
    schema["propertyNames"] = {"pattern": "^[a-z0-9]{1,20}$"}
    schema["properties"] = {**schema["properties"], "type": {"const": type_}, "data": data}
    schema["required"] = [*schema["required"], "data"]
    return {**schema, "$defs": named} if named else schema


def told_schema(contract: type[BaseModel]) -> dict[str, Any]:
    """The schema of the data of an event that vendors read."""
    return {"$schema": DIALECT, **contract.model_json_schema(mode="serialization")}


def current() -> Mapping[Path, dict[str, Any]]:
    """Every schema as the models say it now, by its file."""
    schemas: dict[Path, dict[str, Any]] = {}
    for topic in OUTSIDE:
        for type_, contract in topic.contracts.items():
            schemas[SCHEMAS / "inbound" / f"{type_}.json"] = record_schema(type_, contract)
    for told in TOLD:
        name = f"{told.__name__}.v1.json"
        schemas[SCHEMAS / "outbound" / name] = told_schema(told)
    return schemas


def written(schema: Mapping[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def freeze(*, replace: bool = False) -> list[str]:
    """Write what is missing; the names of frozen schemas that the models no longer match."""
    changed = []
    for path, schema in current().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if replace or not path.exists():
            path.write_text(written(schema), encoding="utf-8")
        elif path.read_text(encoding="utf-8") != written(schema):
            changed.append(path.name)
    return changed


def example_of(type_: str) -> Path:
    """Where the example record of a type lies."""
    return EXAMPLES / f"{type_}.json"


if __name__ == "__main__":
    differing = freeze(replace="--replace" in sys.argv[1:])
    sys.stdout.writelines(f"frozen, and no longer what the models say: {name}\n" for name in differing)
    sys.exit(1 if differing else 0)
