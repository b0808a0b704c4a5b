"""What is sent: group policies of product A, their members, and outpatient applications of Hengyu's line.

The same number says the same thing; two runs on fresh parts send the same bytes but for the instants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

from shared.kernel.ids import named
from shared.kernel.instant import CST

MEMBERS_OF_A_POLICY = 100
POLICIES, APPLICATIONS = "core.policies.v1", "vendor.hengyu.in.events.v1"
HEADERS: list[tuple[str, str | bytes | None]] = [("content-type", "application/cloudevents+json")]
TWICE_EVERY = 50  # 2 % are sent a second time, byte for byte
AGAIN_EVERY = 67  # 1.5 % ask once more in another call: the count of the year is used up
EXCLUDED_EVERY = 67  # 1.5 % ask for a visit that the product excludes
DISEASES = ("肺腺癌", "系统性硬皮病")
_SURNAMES = "苏顾沈陆叶程贺邵秦范魏姚钟谭潘邹"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Sent:
    """One record to send."""

    topic: str
    key: bytes
    value: bytes


def _envelope(record_id: str, source: str, type_: str, subject: str, at: datetime, body: dict[str, Any]) -> bytes:
    return orjson.dumps(
        {
            "specversion": "1.0", "id": record_id, "source": source, "type": f"{type_}.v1", "subject": subject,
            "time": at.isoformat(), "datacontenttype": "application/json", "data": body,
        }
    )  # fmt: skip


def _born(n: int) -> date:
    return date(1950, 1, 1) + timedelta(days=n % 18_000)


def person(n: int) -> dict[str, str]:
    """The n-th fictional person; area 9999 is issued to nobody, the check digit is right."""
    body = f"9999{n // 18_000 + 1:02d}{_born(n):%Y%m%d}{n % 1000:03d}"
    check = "10X98765432"[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]
    name = f"{_SURNAMES[n % 16]}{_SURNAMES[n // 16 % 16]}{_SURNAMES[n // 256 % 16]}"
    return {"name": name, "id_type": "resident_id", "id_number": body + check, "phone": f"100{n:08d}"}


def policy_number(n: int) -> str:
    """The policy of the n-th member."""
    return f"DEMO-A-BENCH-{n // MEMBERS_OF_A_POLICY:05d}"


@dataclass(frozen=True, slots=True)
class Expected:
    """What so many applications must come to."""

    distinct: int
    granted: int
    denied: int
    twice: int


class Workload:
    """Members ``0 … members-1`` and, taken one after the other, their applications."""

    def __init__(self, members: int, now: datetime) -> None:
        self.members, self._now = members, now.astimezone(CST).replace(microsecond=0)
        self._next = 0

    def seeds(self) -> Iterator[Sent]:
        """Policies and members as the core system tells of them, eight months into their year."""
        start = (self._now - timedelta(days=245)).date()
        bought = datetime.combine(start - timedelta(days=3), self._now.time(), CST)
        for n in range(self.members):
            number = policy_number(n)
            if n % MEMBERS_OF_A_POLICY == 0:
                body: dict[str, Any] = {
                    "policy_number": number, "product": "A", "purchased_at": bought.isoformat(),
                    "issued_at": (bought + timedelta(days=1)).isoformat(), "effective_on": start.isoformat(),
                    "ends_on": start.replace(year=start.year + 1).isoformat(), "sum_insured": {"fen": 100_000_000},
                }  # fmt: skip
                yield self._core(f"pol-{n}", "PolicyIssued", number, body)
            body = {
                "policy_number": number, "person": person(n), "birth_date": _born(n).isoformat(),
                "sex": "FM"[n % 2], "covered_from": start.isoformat(),
            }  # fmt: skip
            yield self._core(f"mem-{n}", "MemberJoined", number, body)

    def _core(self, record_id: str, type_: str, number: str, body: dict[str, Any]) -> Sent:
        value = _envelope(record_id, "core-policies", type_, number, self._now, body)
        return Sent(POLICIES, number.encode(), value)

    def take(self, count: int) -> tuple[list[Sent], Expected]:
        """The next ``count`` records' worth of applications: distinct ones and those sent twice."""
        records: list[Sent] = []
        distinct = granted = twice = 0
        while len(records) < count:
            n = self._next
            if n >= self.members:
                raise ValueError(f"only {self.members} members are there")
            self._next += 1
            excluded = n % EXCLUDED_EVERY == 7
            one = self.application(n, 0, excluded=excluded)
            records.append(one)
            distinct += 1
            granted += not excluded
            if n % TWICE_EVERY == 3:
                records.append(one)
                twice += 1
            if n % AGAIN_EVERY == 11:
                records.append(self.application(n, 1, excluded=False))
                distinct += 1
        return records, Expected(distinct, granted, distinct - granted, twice)

    def application(self, n: int, nth: int, *, excluded: bool) -> Sent:
        """The nth application of a member: a confirmed listed disease with its paper, its own call and reference."""
        reference = f"HY-BENCH-{n:07d}-{nth}"
        digest = sha256(reference.encode()).hexdigest()
        diagnosed = (self._now - timedelta(days=9 + n % 20)).date().isoformat()
        outpatient: dict[str, Any] = {"department": "ONCOLOGY"}
        if excluded:
            outpatient["visit_type"] = "dental_cosmetic"
        body = {
            "service": "OUTP",
            "channel": {"hotline": "400-967-6500", "call_id": f"call-{reference}"},
            "person": person(n),
            "product": "A",
            "policy_number": policy_number(n),
            "diagnosis": {"name": DISEASES[n % 2], "status": "confirmed", "diagnosed_on": diagnosed},
            "documents": [
                {
                    "kind": "OUTPATIENT_NOTE", "sha256": digest, "media_type": "application/pdf",
                    "bytes": 20_000 + n % 40_000, "object_id": f"obj-{digest[:16]}", "issued_on": diagnosed,
                }
            ],
            "outpatient": outpatient,
        }  # fmt: skip
        value = _envelope(f"{reference}-01", "hengyu", "ServiceRequested", reference, self._now, body)
        return Sent(APPLICATIONS, reference.encode(), value)


def request_id_of(sent: Sent) -> str:
    """What the application is called inside: for those who measure when it arrives somewhere."""
    return str(named("request", "hengyu", f"{sent.key.decode()}-01"))
