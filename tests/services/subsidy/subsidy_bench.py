"""A tiny desk for the subsidy service: streams in a dict, messages by hand, timers on demand, every fact stored and read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from services.subsidy.app import wire
from services.subsidy.domain.caps import CAPS, CapsState
from services.subsidy.domain.claim_evolve import CLAIM
from services.subsidy.domain.claim_state import ClaimState
from shared.calendar import china_calendar
from shared.contracts import entitlement, intake, scheduling
from shared.contracts.base import DocumentRef, Year
from shared.event_store.stored import Stored
from shared.handbook.loader import load_editions
from shared.kernel.aggregate import Aggregate
from shared.kernel.ids import cause_of, fact_id
from shared.kernel.instant import CST
from shared.messaging.wiring import Message, Timer, TimerFired

S = TypeVar("S")
TERMS = load_editions()
CALENDAR = china_calendar()
EDITION = {"A": "A-v1", "B": "B-202501-DG-01"}
HEFEI, WUHU, SHANGHAI = "340100", "340200", "310100"
VISIT_ON = date(2026, 5, 10)


def at(day: str, clock: str = "10:00") -> datetime:
    """``at("2026-05-12", "23:59")`` in China."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=CST)


def paper(kind: str = "PROOF") -> DocumentRef:
    return DocumentRef(kind=kind, sha256="0" * 64, media_type="image/png", bytes=1, object_id=f"o-{kind.lower()}")


def invoice(key: str, kind: str = "personal", title: str = "absent", tax_id: str = "absent") -> intake.InvoiceSaid:
    return intake.InvoiceSaid(invoice_key=key, kind=kind, title=title, tax_id=tax_id)  # type: ignore[arg-type]


def line(n: int, fen: int, item: str = "TRAIN", **changes: Any) -> intake.ExpenseLineSaid:
    """A complete line: a second-class train ticket, or a titled invoice of the place of treatment."""
    train = item == "TRAIN"
    said: dict[str, Any] = {
        "line": n,
        "item": item,
        "amount_fen": fen,
        "person": "patient",
        "incurred_on": VISIT_ON,
        "city": SHANGHAI,
        "fare_class": {"TRAIN": "SECOND_CLASS", "AIR": "ECONOMY"}.get(item),
        "invoice": invoice(f"i_{n}") if train else invoice(f"i_{n}", "titled", "designated", "designated"),
        "payment_proof": paper(),
    }
    return intake.ExpenseLineSaid(**(said | changes))


def care(**changes: Any) -> intake.CareSaid:
    said: dict[str, Any] = {
        "kind": "outpatient",
        "request_id": "outp-1",
        "case_known": True,
        "starts_on": VISIT_ON,
        "ends_on": VISIT_ON,
        "hospital_city": SHANGHAI,
    }
    return intake.CareSaid(**(said | changes))


def claim(*lines: intake.ExpenseLineSaid, **changes: Any) -> intake.SubsidyClaimSaid:
    said: dict[str, Any] = {
        "hukou_city": HEFEI,
        "care": [care()],
        "treatment_proof": [paper("REGISTRATION")],
        "account": intake.AccountSaid(account_ref="acc", holder="patient"),
        "lines": list(lines) or [line(1, 20_000)],
    }
    return intake.SubsidyClaimSaid(**(said | changes))


class TinyDesk:
    """One message at the desk."""

    def __init__(self, bench: Bench, message: Message[Any]) -> None:
        self._bench = bench
        self.message = message
        self.said: list[Stored] = []

    @property
    def at(self) -> datetime:
        return self.message.at

    @property
    def cause(self) -> UUID:
        return self.message.id

    def load(self, kind: Aggregate[S], stream: str) -> S:
        return kind.fold(s.fact for s in [*self._bench.stored, *self.said] if s.stream == stream)

    new = load

    def record(self, kind: Aggregate[S], stream: str, *facts: object) -> S:
        book, m = self._bench.wiring.facts, self.message
        for fact in facts:
            assert book.decode(book.name_of(fact), book.encode(fact)) == fact, fact
            version = 1 + sum(s.stream == stream for s in [*self._bench.stored, *self.said])
            event_id = fact_id(m.id, "subsidy", len(self.said))
            self.said.append(Stored(stream, version, fact, event_id, m.id, m.correlation, m.subject, m.key, m.at))
        return self.load(kind, stream)


class Bench:
    """The service with its streams, its timers and everything it has said."""

    def __init__(self, product: str = "A") -> None:
        self.product = product
        self.wiring = wire(TERMS, CALENDAR)
        self.stored: list[Stored] = []
        self.told: list[BaseModel] = []
        self.timers: list[tuple[Stored, Timer]] = []
        self._n = 0

    # -- hearing -----------------------------------------------------------------------------------------------------

    def hear(self, data: BaseModel, when: datetime, subject: str = "r1", record: str | None = None) -> list[Any]:
        """One message; the facts it caused."""
        self._n += 1
        type_ = f"{type(data).__name__}.v1"
        model = self.wiring.contracts[type_]
        data = model.model_validate_json(data.model_dump_json())
        cause = cause_of("test", record or f"n{self._n}")
        message = Message(cause, "test", type_, subject, "m1", when, cause, data)
        return self._run(self.wiring.handlers[type_], message)

    def _run(self, handler: Any, message: Message[Any]) -> list[Any]:
        desk = TinyDesk(self, message)
        handler(message, desk)
        for stored in desk.said:
            self.stored.append(stored)
            self.told += [one.data for one in self.wiring.outbound(stored)]
            self.timers += [(stored, timer) for timer in self.wiring.timers(stored)]
        return [stored.fact for stored in desk.said]

    def pass_time(self, until: datetime, heard: bool = True) -> None:
        """Fire every timer up to an instant; each clock that asks is answered NothingHeard (``heard``: intake read all)."""
        while due := sorted((t for t in self.timers if t[1].due_at <= until), key=lambda t: t[1].due_at)[:1]:
            self.timers.remove(due[0])
            self._fire(*due[0], heard)

    def _fire(self, stored: Stored, timer: Timer, heard: bool) -> None:
        fired = TimerFired(stored.stream, timer.name, timer.due_at, timer.note)
        self._n += 1
        cause = cause_of("timer", str(self._n))
        message: Message[Any] = Message(
            cause, "subsidy", f"timer:{timer.name}", stored.subject, stored.key, timer.due_at, stored.correlation, fired
        )
        before = len(self.told)
        self._run(self.wiring.on_timer[timer.name], message)
        for told in self.told[before:]:
            if heard and type(told).__name__ == "ClockDue":
                silence = intake.NothingHeard(clock=told.clock, due_at=told.due_at)  # type: ignore[attr-defined]
                self.hear(silence, timer.due_at, told.request_id)  # type: ignore[attr-defined]

    # -- common words ------------------------------------------------------------------------------------------------

    def submit(self, said: intake.SubsidyClaimSaid, when: datetime, request: str = "r1") -> list[Any]:
        return self.hear(self.submitted(said, request), when, request)

    def submitted(self, said: intake.SubsidyClaimSaid | None, request: str = "r1") -> intake.RequestSubmitted:
        return intake.RequestSubmitted(
            request_id=request, service="SUBSIDY", vendor="hengyu", hotline="400-967-6500", member_ref="m1",
            member_known=True, policy_ref="p1", product=self.product, cause="illness", subsidy=said,
        )  # fmt: skip

    def grant(
        self, said: intake.SubsidyClaimSaid, when: datetime, request: str = "r1", policy: str = "p1", year: int = 1
    ) -> list[Any]:
        starts = date(2025 + year, 3, 1)
        granted = entitlement.EligibilityGranted(
            request_id=request, service="SUBSIDY", vendor="hengyu", product=self.product, edition=EDITION[self.product],
            calendar=CALENDAR.version, member_ref="m1", policy_ref=policy, birth_date=date(1980, 1, 1),
            year=Year(ordinal=year, starts_on=starts, ends_on=starts.replace(year=starts.year + 1)),
            sum_insured_fen=0, held=False, receipt=[], application=self.submitted(said, request),
        )  # fmt: skip
        return self.hear(granted, when, request)

    def arrange(self, request: str = "outp-1", on: date = VISIT_ON, city: str = SHANGHAI, member: str = "m1") -> None:
        when = datetime.combine(on, datetime.min.time(), CST) - timedelta(days=4)
        self.hear(
            scheduling.AppointmentArranged(
                request_id=request, member_ref=member, product=self.product, edition=EDITION[self.product],
                service="OUTP", hospital_code="h1", hospital_city=city, department="CARDIOLOGY",
                visit_type="specialist", expert_rank="chief", selected_by="member",
                slot_at=when + timedelta(days=4, hours=9), visit_on=on, arranged_at=when, arrangement=1,
                accompaniment="NONE", receipt=[],
            ),
            when,
            request,
        )  # fmt: skip

    def open(
        self, said: intake.SubsidyClaimSaid | None = None, when: datetime | None = None, request: str = "r1",
        visits: Iterable[str] = ("outp-1",), **grant: Any,
    ) -> list[Any]:  # fmt: skip
        """Arranged, submitted and granted at one instant; the facts of the grant."""
        said, when = said or claim(), when or at("2026-05-12")
        for one in visits:
            if not any(s.stream == f"visit/{one}" for s in self.stored):
                self.arrange(one, said.care[0].starts_on, said.care[0].hospital_city)
        self.submit(said, when, request)
        return self.grant(said, when, request, **grant)

    def pay(self, fen: int, when: datetime, key: str = "p_1", request: str | None = "r1") -> list[Any]:
        paid = intake.PaymentReported(
            payment_key=key, purpose="subsidy", request_id=request, amount_fen=fen, paid_at=when
        )
        return self.hear(paid, when, request or key)

    def decide(self, n: int, decision: str, when: datetime, request: str = "r1", **changes: Any) -> list[Any]:
        said: dict[str, Any] = {
            "review_id": f"{request}-B{n}", "request_id": request, "actor": "staff7", "role": "operations",
            "decision": decision, "reason": "LOOKED_AT",
        }  # fmt: skip
        return self.hear(intake.ReviewDecided(**(said | changes)), when, request)

    # -- looking -----------------------------------------------------------------------------------------------------

    def state(self, request: str = "r1") -> ClaimState:
        stream = CLAIM.stream(request)
        return CLAIM.fold(s.fact for s in self.stored if s.stream == stream)

    def caps(self, year: int = 1) -> CapsState:
        stream = CAPS.stream("m1", year)
        return CAPS.fold(s.fact for s in self.stored if s.stream == stream)

    def standing(self, request: str = "r1") -> dict[int, str]:
        return {n: one.standing for n, one in sorted(self.state(request).lines.items())}

    def all_told(self, name: str) -> list[Any]:
        return [one for one in self.told if type(one).__name__ == name]

    def reasons(self, request: str = "r1") -> set[tuple[str, str]]:
        """(rule, reason) of every refusal said."""
        return {
            (reason.rule, reason.reason)
            for one in self.all_told("SubsidyRefused")
            if one.request_id == request
            for refused in one.lines
            for reason in refused.reasons
        }

    def questions(self) -> set[tuple[str, str]]:
        """(rule, reason) of every review asked."""
        return {(reason.rule, reason.reason) for one in self.all_told("ReviewOpened") for reason in one.reasons}

    def asked_papers(self) -> set[tuple[int | None, str]]:
        """(line, document) of everything the vendor was asked for."""
        return {
            (one["line"], one["document"])
            for told in self.all_told("OutcomeTold")
            if told.outcome == "WAITING_DOCUMENT"
            for one in told.details["papers"]
        }

    def receipt(self) -> dict[str, Any]:
        """The receipt of the first approval, by rule."""
        approved = self.all_told("SubsidyApproved")[0]
        return {one.rule: one for one in [*approved.receipt, *(r for ln in approved.lines for r in ln.receipt)]}

    def finished(self, request: str = "r1") -> str | None:
        return next((one.outcome for one in self.all_told("RequestFinished") if one.request_id == request), None)

    def answers(self) -> list[tuple[str, str | None]]:
        return [(one.answer, one.reason) for one in self.all_told("RecordAnswered")]
