"""How a scenario is told: an application, what the vendor says of it, what the core systems and our people add."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from examples.cast import Cast, Person, Policy
from examples.outcomes import Expected
from examples.record import Json, Line, envelope, fen, on, paper
from shared.kernel.ids import named

HOTLINE = {"hengyu": "400-967-6500", "youjia": "400-819-6660"}
DAY = "09-24"  # Thursday: the last working day before the Mid-Autumn holiday (25-27 off)


@dataclass
class Stage:
    """Everything that is shared by the scenarios: the cast, the records told so far, what is expected."""

    cast: Cast
    lines: list[Line] = field(default_factory=list)
    expected: list[tuple[Case, str, Expected]] = field(default_factory=list)
    visits: dict[str, list[Case]] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
    repeated_calls: int = 0
    shared: dict[str, Policy] = field(default_factory=dict)
    foreign_refused: list[tuple[str, str]] = field(default_factory=list)
    _plain: dict[str, Iterator[Person]] = field(default_factory=dict)
    _again: dict[str, Iterator[Person]] = field(default_factory=dict)
    _count: dict[str, int] = field(default_factory=dict)

    def plain(self, product: str) -> Person:
        """A member who has never asked for an appointment."""
        return next(self._plain[product])

    def again(self, product: str) -> Person:
        """A plain member for a service without a count; may have had others before."""
        return next(self._again[product])

    def cast_plain(self, product: str, persons: list[Person]) -> None:
        self._plain[product] = iter(persons)
        self._again[product] = iter([p for _ in range(9) for p in persons])

    def visit(self, product: str, city: str, day: str | None = None) -> Case:
        """An attended visit that no scenario has claimed a subsidy for; on a day (``10-12``) where one is said."""
        known = self.visits[f"{product}-{city}"]
        found = next(case for case in known if day is None or case.visit_on == day)
        known.remove(found)
        return found

    def number(self, kind: str) -> int:
        self._count[kind] = self._count.get(kind, 0) + 1
        return self._count[kind]

    def moment(self, kind: str) -> datetime:
        """The next instant of the day on which an application comes in: 9:00 to 20:00, in a scattered order."""
        return on(f"{DAY} 09:00") + timedelta(seconds=(self.number("moment " + kind) * 7919) % 39_600)

    def tell(self, line: Line) -> Line:
        self.lines.append(line)
        return line

    def pays(self, at: datetime, purpose: str, yuan: int, request: str | None, scenario: str = "") -> None:
        """The payment system reports money that moved."""
        number = f"PAY-2026-{self.number('payment'):05d}"
        body: Json = {"payment_number": number, "purpose": purpose, "amount": fen(yuan), "paid_at": at.isoformat()}
        if request:
            body["request"] = request
        value = envelope("payments", f"pmt-{number}", "PaymentReported", number, at, body)
        self.tell(Line(at, "payments", number, value, None, scenario))

    def adjudicates(self, at: datetime, person: Person, yuan: int, advance: str | None, scenario: str = "") -> None:
        """The claims system decides a claim."""
        number = f"CLM-2026-{self.number('claim'):05d}"
        body: Json = {
            "claim_number": number,
            "policy_number": person.policy.number,
            "person": person.particulars,
            "policy_year": 1,
            "payable": fen(yuan),
        }
        if advance:
            body["advance"] = advance
        value = envelope("claims", f"adj-{number}", "ClaimAdjudicated", number, at, body)
        self.tell(Line(at, "claims", number, value, None, scenario))

    def orders(self, at: datetime, type_: str, role: str, scenario: str = "", **body: Any) -> None:
        """A person of ours decides; subject and key are the command's own id."""
        command = f"ops-{self.number('command'):05d}"
        full = {"actor": {"id": f"staff-{role.replace('_', '-')}-01", "role": role}, **body}
        value = envelope("operations", command, type_, command, at, full)
        self.tell(Line(at, "operations", command, value, None, scenario))


@dataclass
class Case:
    """One application and everything said of it under the vendor's reference."""

    stage: Stage
    scenario: str
    source: str
    person: Person
    ref: str
    at: datetime
    n: int
    said: int = 0
    visit_on: str = ""

    @property
    def product(self) -> str:
        return self.person.policy.product

    @property
    def first_id(self) -> str:
        return f"{self.ref}-01"

    @property
    def request_id(self) -> str:
        """The request that the application becomes: derived from its record, so that others can name it."""
        return str(named("request", self.source, self.first_id))

    def when(self, text: str) -> datetime:
        """An instant of this case: a few minutes after the one said, other minutes for other cases."""
        return on(text) + timedelta(seconds=(self.n * 61) % 2400)

    def say(self, type_: str, at: datetime | str, /, **body: Any) -> Line:
        """The vendor says something of the case."""
        when = self.when(at) if isinstance(at, str) else at
        self.said += 1
        value = envelope(self.source, f"{self.ref}-{self.said:02d}", type_, self.ref, when, body)
        return self.stage.tell(Line(when, self.source, self.ref, value, None, self.scenario))

    def contacted(self, after_minutes: int = 12) -> None:
        self.say("ContactReported", self.at + timedelta(minutes=after_minutes), stage="first_response")

    def feedback(self, at: str) -> None:
        self.say("ContactReported", at, stage="feedback")

    def reviewed(self, at: str, review: str, role: str, decision: str, reason: str, **more: Any) -> None:
        """A person answers the review with this letter and number."""
        self.stage.orders(
            self.when(at), "ReviewDecided", role, self.scenario, review_id=f"{self.request_id}-{review}",
            request=self.request_id, decision=decision, reason=reason, **more,
        )  # fmt: skip

    def expect(self, expected: Expected) -> None:
        self.stage.expected.append((self, self.scenario, expected))


def apply(
    stage: Stage,
    scenario: str,
    service: str,
    person: Person,
    body: Json,
    *,
    at: datetime | None = None,
    source: str | None = None,
    call_id: str | None = None,
    name_policy: bool = True,
) -> Case:
    """An application as a vendor took it on the phone."""
    vendor = source or "hengyu"
    n = stage.number(vendor)
    when = at or stage.moment(vendor)
    ref = f"{'HY' if vendor == 'hengyu' else 'YJ'}-{when:%Y%m%d}-{n:04d}"
    case = Case(stage, scenario, vendor, person, ref, when, n)
    full: Json = {
        "service": service,
        "channel": {"hotline": HOTLINE[vendor], "call_id": call_id or f"call-{ref.lower()}"},
        "person": person.particulars,
    }
    if name_policy:
        full |= {"product": person.policy.product, "policy_number": person.policy.number}
    case.say("ServiceRequested", when, **full, **body)
    return case


def confirmed(name: str = "肺腺癌", diagnosed_on: str = "2026-09-16") -> Json:
    """A confirmed diagnosis; the default is listed in both products (A-01, B-001)."""
    return {"name": name, "status": "confirmed", "diagnosed_on": diagnosed_on}


def suspected(name: str = "肺腺癌", suspected_on: str = "2026-09-18") -> Json:
    """A suspicion; the papers say of what."""
    return {"name": name, "status": "suspected", "suspected_on": suspected_on}


def note(person: Person, issued_on: str = "2026-09-18") -> list[Json]:
    """The dated medical document in which a physician names the disease (ENT-D14)."""
    return [paper("OUTPATIENT_NOTE", person.id_number, issued_on)]


Scenario = Callable[[Stage, str, int], None]
PROGRAMME: list[tuple[str, int, Scenario]] = []


def scenario(times: int) -> Callable[[Scenario], Scenario]:
    """A scenario of the recording; its name is its function's, and it is told so many times."""

    def enter(tell: Scenario) -> Scenario:
        PROGRAMME.append((tell.__name__, times, tell))
        return tell

    return enter
