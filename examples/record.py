"""One line of a recording: what an outsider sent, to which topic, and when the broker took it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

CST = timezone(timedelta(hours=8))
HEADERS = {"content-type": "application/cloudevents+json; charset=UTF-8"}
TOPIC = {
    "hengyu": "vendor.hengyu.in.events.v1",
    "youjia": "vendor.youjia.in.events.v1",
    "policies": "core.policies.v1",
    "claims": "core.claims.v1",
    "payments": "core.payments.v1",
    "operations": "operations.commands.v1",
}
# What the senders write into ``source``; who they are is said by the topic alone.
SOURCE = {
    "hengyu": "hengyu",
    "youjia": "youjia",
    "policies": "core-policies",
    "claims": "core-claims",
    "payments": "core-payments",
    "operations": "operations",
}
Json = dict[str, Any]


def on(text: str) -> datetime:
    """An instant of 2026 in China: ``09-28 10:00`` or ``09-28 10:00:30``."""
    day, _, clock = text.partition(" ")
    if clock.count(":") == 1:
        clock += ":00"
    return datetime.fromisoformat(f"2026-{day}T{clock or '00:00:00'}+08:00")


def said(at: datetime) -> str:
    """RFC 3339 with China's offset."""
    return at.astimezone(CST).isoformat()


@dataclass(frozen=True, slots=True)
class Line:
    """One record; ``raw`` replaces ``value`` where the bytes are not a JSON object."""

    at: datetime
    source: str
    key: str | None
    value: Json | None = None
    raw: bytes | None = None
    scenario: str = ""

    def text(self) -> str:
        """The line of the file, without its end."""
        line: Json = {"at": said(self.at), "topic": TOPIC[self.source], "key": self.key, "headers": HEADERS}
        if self.raw is None:
            line["value"] = self.value
        else:
            line["base64"] = base64.b64encode(self.raw).decode()
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def envelope(source: str, record_id: str, type_: str, subject: str, at: datetime, body: Json) -> Json:
    """A CloudEvents 1.0 object in structured mode."""
    return {
        "specversion": "1.0",
        "id": record_id,
        "source": SOURCE[source],
        "type": f"{type_}.v1",
        "subject": subject,
        "time": said(at),
        "datacontenttype": "application/json",
        "data": body,
    }


def paper(kind: str, owner: str, issued_on: str | None = None) -> Json:
    """A paper by reference; its hash and object are derived from whose it is, so that they are stable and unlike."""
    digest = sha256(f"{kind}/{owner}/{issued_on}".encode()).hexdigest()
    reference: Json = {
        "kind": kind,
        "sha256": digest,
        "media_type": "application/pdf",
        "bytes": 20_000 + int(digest[:4], 16),
        "object_id": f"obj-{digest[:16]}",
    }
    if issued_on:
        reference["issued_on"] = issued_on
    return reference


def fen(yuan: int) -> Json:
    """Whole yuan as the contract's amount."""
    return {"fen": yuan * 100}
