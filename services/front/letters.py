"""Records in a file, one a line: ``{topic, key, headers, value or base64, at}``; read whole before any is sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from services.front.player import BadRecording
from shared.contracts.outside import OUTSIDE
from shared.kernel.value import value

MAY_WRITE: Mapping[str, tuple[str, ...]] = {
    **{t.vendor: (t.name,) for t in OUTSIDE if t.vendor is not None},
    "core": tuple(t.name for t in OUTSIDE if t.name.startswith("core.")),
    "operations": tuple(t.name for t in OUTSIDE if t.name.startswith("operations.")),
}


@value
class Letter:
    """One line of the file, ready to be sent. ``record`` is the sender's own id of it, where one can be read."""

    line: int
    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    at: datetime | None
    record: str | None


def read_letters(name: str, source: TextIO, sender: str | None, *, dated: bool) -> list[Letter]:
    """Every line, before any is sent. Raises BadRecording (file, line, why); ``dated``: each must say ``at``."""
    letters = []
    for number, text in enumerate(source, 1):
        if not text.strip():
            continue
        try:
            letters.append(_letter(number, json.loads(text), sender, dated))
        except (ValueError, KeyError, TypeError) as error:
            why = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
            raise BadRecording(Path(name), number, why) from None
    return letters


def _letter(number: int, raw: Any, sender: str | None, dated: bool) -> Letter:
    if not isinstance(raw, dict):
        raise ValueError("not an object {topic, key, headers, value or base64, at}")
    topic = str(raw["topic"])
    allowed = MAY_WRITE[sender] if sender is not None else tuple(t.name for t in OUTSIDE)
    if topic not in allowed:
        raise ValueError(f"{topic} is not a topic of {sender or 'an outside sender'}: {', '.join(allowed)}")
    at = datetime.fromisoformat(raw["at"]) if raw.get("at") is not None else None
    if at is not None and at.tzinfo is None:
        raise ValueError("`at` has no offset")
    if at is None and dated:
        raise ValueError("`at` is missing: on a recording's clock every record is dated")
    said: Any = None
    if "base64" in raw:
        value: bytes | None = base64.b64decode(raw["base64"], validate=True)
    else:
        said = raw["value"]
        value = None if said is None else json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    headers = tuple((str(k), str(v).encode()) for k, v in dict(raw.get("headers") or {}).items())
    key = None if raw.get("key") is None else str(raw["key"]).encode()
    record = said.get("id") if isinstance(said, dict) else None
    return Letter(number, topic, key, value, headers, at, record if isinstance(record, str) else None)
