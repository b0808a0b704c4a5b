"""The cast: fictional persons and the policies they are insured under.

Identity numbers begin with 9999, which no Chinese authority issues, and carry a right check digit; phones begin with 100.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from examples.record import CST, Json, Line, envelope, fen, on, said

SURNAMES = tuple("苏顾沈陆叶程贺邵秦范魏姚钟谭潘邹熊孟龙万段雷侯汤尹黎易常武乔")
GIVEN = "知远若溪景行安然明澈书瑶子衿怀瑾清和予安星野听澜云舒思齐慕白南乔望舒嘉言一诺青禾"  # read two by two
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Policy:
    """A policy as the core system knows it; the term is half-open."""

    number: str
    product: str
    purchased_at: datetime
    issued_at: datetime
    effective_on: date
    ends_on: date
    sum_insured_yuan: int


@dataclass(frozen=True)
class Person:
    """A fictional member."""

    name: str
    id_number: str
    phone: str
    birth_date: date
    sex: str
    policy: Policy

    @property
    def particulars(self) -> Json:
        return {"name": self.name, "id_type": "resident_id", "id_number": self.id_number, "phone": self.phone}


def given(n: int) -> str:
    """A given name of two characters."""
    start = 2 * ((n * 3 + n // 20) % (len(GIVEN) // 2))
    return GIVEN[start : start + 2]


def id_number(n: int, born: date, sex: str) -> str:
    """An identity number of area 9999xx, with its check digit (ISO 7064 MOD 11-2)."""
    order = 2 * (n % 500) + (1 if sex == "M" else 0)
    body = f"9999{n // 500 + 1:02d}{born:%Y%m%d}{order:03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


@dataclass
class Cast:
    """Makes policies and persons, and the core system's records of them, in the order asked for."""

    lines: list[Line] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    _told: datetime = field(default_factory=lambda: on("09-14 09:00"))

    def _next(self) -> datetime:
        self._told += timedelta(seconds=47)
        return self._told

    def core(self, type_: str, number: str, body: Json, at: datetime | None = None, scenario: str = "") -> Line:
        """One record of the policy system."""
        when = at or self._next()
        record_id = f"pol-{len(self.lines) + 1:05d}"
        body = {"policy_number": number, **body}
        line = Line(
            when, "policies", number, envelope("policies", record_id, type_, number, when, body), None, scenario
        )
        self.lines.append(line)
        return line

    def policy(
        self,
        product: str,
        effective: str,
        *,
        ends: str | None = None,
        purchased: str | None = None,
        sum_insured: int | None = None,
        told_at: datetime | None = None,
        scenario: str = "",
    ) -> Policy:
        """A policy effective on a day, for a year; bought three days before, issued the day before."""
        start = date.fromisoformat(effective)
        end = date.fromisoformat(ends) if ends else start.replace(year=start.year + 1)
        at_nine = datetime(start.year, start.month, start.day, 9, tzinfo=CST)
        bought = datetime.fromisoformat(purchased) if purchased else at_nine - timedelta(days=3)
        number = f"DEMO-{product}-{start:%Y%m}-{len(self.policies) + 1:03d}"
        insured = sum_insured or (1_000_000 if product == "A" else 4_000_000)
        one = Policy(number, product, bought, max(bought, at_nine - timedelta(days=1)), start, end, insured)
        self.policies.append(one)
        body: Json = {
            "product": product,
            "purchased_at": said(one.purchased_at),
            "issued_at": said(one.issued_at),
            "effective_on": start.isoformat(),
            "ends_on": end.isoformat(),
            "sum_insured": fen(insured),
        }
        self.core("PolicyIssued", number, body, told_at, scenario)
        return one

    def join(
        self, policy: Policy, covered_from: str | None = None, told_at: datetime | None = None, scenario: str = ""
    ) -> Person:
        """A member of a policy, covered from its first day unless said."""
        n = len(self.persons)
        sex = "FM"[n % 2]
        born = date(1958 + (n * 7) % 42, 1 + (n * 5) % 12, 1 + (n * 11) % 28)
        name = SURNAMES[(n * 7) % len(SURNAMES)] + given(n)
        person = Person(name, id_number(n, born, sex), f"100{n + 1:08d}", born, sex, policy)
        self.persons.append(person)
        body: Json = {
            "person": person.particulars,
            "birth_date": born.isoformat(),
            "sex": sex,
            "covered_from": covered_from or policy.effective_on.isoformat(),
        }
        self.core("MemberJoined", policy.number, body, told_at, scenario)
        return person
