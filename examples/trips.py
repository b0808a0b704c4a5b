"""A trip out of town: its expenses with their vouchers, and the claim that asks for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from examples.cast import Person
from examples.record import Json, fen, paper
from examples.story import Case, Stage, apply, confirmed, note
from examples.visits import DISTRICT

TITLE = "上海恒予健康管理咨询有限公司"
TAX_ID = "91310112MA1GBAW551"
HEFEI, NINGBO, SHANGHAI = "340100", "330200", "310000"


class Trip:
    """The expenses of one trip around a day of care; every line has an invoice of its own unless said."""

    def __init__(self, stage: Stage, person: Person, city: str, day: str) -> None:
        self.stage, self.person, self.city = stage, person, DISTRICT.get(city, city)
        self.day = date.fromisoformat(f"2026-{day}")
        self.lines: list[Json] = []

    def add(self, item: str, yuan: int, kind: str, *, after: int = 0, proof: bool = True, **other: Any) -> Trip:
        """One line, incurred some days after (or before) the care; titled invoices bear the designated title."""
        invoice: Json = {"number": f"DEMO{self.stage.number('invoice'):010d}", "kind": kind}
        if kind == "titled":
            invoice |= {"title": TITLE, "tax_id": TAX_ID}
        invoice |= other.pop("invoice", {})
        line: Json = {
            "line": len(self.lines) + 1,
            "item": item,
            "amount": fen(yuan),
            "incurred_on": (self.day + timedelta(days=after)).isoformat(),
            "invoice": invoice,
        }
        if proof:
            line["payment_proof"] = paper("PAYMENT_SCREENSHOT", invoice["number"])
        self.lines.append(line | other)
        return self

    def train(self, yuan: int, after: int = -1, fare_class: str = "SECOND_CLASS", **other: Any) -> Trip:
        return self.add("TRAIN", yuan, "personal", after=after, fare_class=fare_class, **other)

    def air(self, yuan: int, after: int = -1, fare_class: str = "ECONOMY", **other: Any) -> Trip:
        return self.add("AIR", yuan, "personal", after=after, fare_class=fare_class, **other)

    def taxi(self, yuan: int, **other: Any) -> Trip:
        return self.add("TAXI", yuan, "titled", **({"city": self.city} | other))

    def parking(self, yuan: int, **other: Any) -> Trip:
        return self.add("PARKING", yuan, "fixed_amount", **({"city": self.city} | other))

    def lodging(self, yuan: int, after: int = -1, kind: str = "titled", **other: Any) -> Trip:
        return self.add("LODGING", yuan, kind, after=after, **({"city": self.city} | other))

    def ambulance(self, yuan: int) -> Trip:
        return self.add("AMBULANCE_120", yuan, "medical")

    @property
    def yuan(self) -> int:
        """What is claimed in all."""
        fens: list[int] = [line["amount"]["fen"] for line in self.lines]
        return sum(fens) // 100

    @property
    def approved(self) -> dict[int, str]:
        """Every line approved as asked."""
        return {line["line"]: f"approved {line['amount']['fen'] // 100}" for line in self.lines}


def account(person: Person, holder: str = "patient", name: str | None = None) -> Json:
    """A bank account of a bank that does not exist."""
    number = f"6200{int(person.phone[-8:]):012d}"
    return {"holder": holder, "name": name or person.name, "bank": "示例银行", "number": number}


def claims(
    stage: Stage, name: str, trip: Trip, at: datetime, visit: Case | None = None, *, hukou: str = HEFEI, **other: Any
) -> Case:
    """The member phones Hengyu with the whole voucher set; B's members are phoned back within half an hour."""
    person = trip.person
    day = trip.day.isoformat()
    care: Json = {"kind": "outpatient", "starts_on": day, "ends_on": day, "hospital_city": trip.city}
    if visit is not None:
        care["case"] = visit.ref
    more_care = other.pop("more_care", [])
    full: Json = {
        "hukou_city": hukou,
        "care": [care, *more_care],
        "treatment_proof": [paper("REGISTRATION_SLIP", person.id_number, day)],
        "account": account(person),
        "lines": trip.lines,
    }
    full = {key: value for key, value in (full | other).items() if value is not None}
    service = ("SUBSIDY", "异地就医补贴", "异地就诊补贴")[stage.number("subsidy") % 3]
    body = {"diagnosis": confirmed(), "documents": note(person), "subsidy": full}
    case = apply(stage, name, service, person, body, at=at)
    if case.product == "B":
        case.contacted()
    return case


def paid(case: Case, yuan: int, at: str = "10-23 14:00") -> None:
    """The payment system reports the subsidy."""
    case.stage.pays(case.when(at), "subsidy", yuan, case.request_id, case.scenario)
