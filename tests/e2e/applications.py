"""A load: policies and members as the core system tells them, then applications for an appointment as Hengyu sends them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from examples.cast import id_number
from shared.kernel.ids import named
from shared.kernel.instant import CST

Json = dict[str, object]
POLICIES, HENGYU, YOUJIA = "core.policies.v1", "vendor.hengyu.in.events.v1", "vendor.youjia.in.events.v1"
MEMBERS_A_POLICY = 25
_HEADERS = (("content-type", b"application/cloudevents+json"),)
_BORN = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Sending:
    """One record on its way to Kafka."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = _HEADERS


def record(topic: str, source: str, id_: str, type_: str, subject: str, data: Json, at: datetime) -> Sending:
    """A record as its sender writes it."""
    said = {
        "specversion": "1.0", "id": id_, "source": source, "type": f"{type_}.v1", "subject": subject,
        "time": at.isoformat(), "datacontenttype": "application/json", "data": data,
    }  # fmt: skip
    return Sending(topic, subject.encode(), json.dumps(said, ensure_ascii=False).encode())


@dataclass(frozen=True)
class Town:
    """So many members of product A, long under cover, known by their numbers."""

    members: int
    now: datetime
    name: str = "E2E"

    def person(self, n: int) -> Json:
        born = _BORN + timedelta(days=n // 500)
        number = id_number(n % 500, born, "F")
        return {"name": f"甲{n}", "id_type": "resident_id", "id_number": number, "phone": f"100{n:08d}"}

    def policy(self, n: int) -> str:
        return f"{self.name}-A-{n // MEMBERS_A_POLICY:05d}"

    def core(self) -> list[Sending]:
        """What the core system says of all of them."""
        day = self.now.date()
        said = []
        for n in range(self.members):
            policy, first = self.policy(n), n % MEMBERS_A_POLICY == 0
            if first:
                term: Json = {
                    "policy_number": policy, "product": "A", "effective_on": str(day - timedelta(days=200)),
                    "purchased_at": (self.now - timedelta(days=210)).isoformat(),
                    "issued_at": (self.now - timedelta(days=205)).isoformat(),
                    "ends_on": str(day + timedelta(days=165)), "sum_insured": {"fen": 100_000_000},
                }  # fmt: skip
                said.append(
                    record(POLICIES, "core-policies", f"{policy}-issued", "PolicyIssued", policy, term, self.now)
                )
            born = _BORN + timedelta(days=n // 500)
            joined: Json = {
                "policy_number": policy, "person": self.person(n), "birth_date": str(born), "sex": "F",
                "covered_from": str(day - timedelta(days=200)),
            }  # fmt: skip
            said.append(
                record(POLICIES, "core-policies", f"{self.name}-joined-{n}", "MemberJoined", policy, joined, self.now)
            )
        return said

    def asks(self, n: int, time: int) -> Sending:
        """Member ``n`` asks for an appointment, for the ``time``-th time, by a call of its own."""
        case = self.case(n, time)
        data: Json = {
            "service": "OUTP", "channel": {"hotline": "400-967-6500", "call_id": f"call-{case}"},
            "person": self.person(n), "product": "A", "policy_number": self.policy(n), "cause": "illness",
            "diagnosis": {"name": "肺腺癌", "status": "confirmed", "diagnosed_on": str(self.now.date() - timedelta(days=7))},
            "documents": [{
                "kind": "OUTPATIENT_NOTE", "sha256": f"{n:064x}", "media_type": "application/pdf", "bytes": 30_000,
                "object_id": f"obj-{case}", "issued_on": str(self.now.date() - timedelta(days=5)),
            }],
        }  # fmt: skip
        return record(HENGYU, "hengyu", f"{case}-01", "ServiceRequested", case, data, datetime.now(CST))

    def case(self, n: int, time: int) -> str:
        return f"{self.name}-{time}-{n:06d}"

    def request(self, n: int, time: int) -> str:
        """The id that the house gives this application."""
        return str(named("request", "hengyu", f"{self.case(n, time)}-01"))

    def load(self, times: Sequence[int]) -> list[Sending]:
        """Everybody's applications, in turns."""
        return [self.asks(n, time) for time in times for n in range(self.members)]
