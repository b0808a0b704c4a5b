"""A tiny service in memory: handlers on a desk, facts through the codec, timers and silence driven by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.advance_pay.app import wire
from services.advance_pay.domain.advance import ADVANCE
from services.advance_pay.domain.advance_state import AdvanceState
from services.advance_pay.domain.liability import LIABILITY, LiabilityState
from shared.calendar import china_calendar
from shared.contracts import entitlement, intake, vendor
from shared.contracts.base import AskedRule, DocumentRef, Hospital, Money, Year
from shared.event_store.stored import Stored
from shared.handbook import Editions, load_editions
from shared.kernel.aggregate import Aggregate
from shared.kernel.ids import fact_id, named, timer_id
from shared.kernel.instant import CST
from shared.messaging.wiring import Message, Publication, Timer, TimerFired

EDITIONS: Editions = load_editions()
CALENDAR = china_calendar()
ALL_PAPERS = ("ADMISSION_NOTICE", "ID_CARD", "DIAGNOSIS_CERTIFICATE", "DEPOSIT_NOTICE")
CLAIM_PAPERS = ("ITEMISED_BILL", "DISCHARGE_SUMMARY")
MEMBER = "m-1"


def at(text: str) -> datetime:
    """``"2026-05-06 10:00"`` in China."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CST)


def papers(*kinds: str) -> list[DocumentRef]:
    return [
        DocumentRef(kind=k, sha256="0" * 64, media_type="image/jpeg", bytes=1, object_id=f"o-{n}")
        for n, k in enumerate(kinds)
    ]


class Desk:
    """One message's desk over the store of the house."""

    def __init__(self, house: House, message: Message[Any]) -> None:
        self._house, self.message, self.said = house, message, list[Stored]()

    @property
    def at(self) -> datetime:
        return self.message.at

    @property
    def cause(self) -> UUID:
        return self.message.id

    def need(self, *streams: str) -> None:
        """Everything is in memory."""

    def load(self, kind: Aggregate[Any], stream: str) -> Any:
        before = kind.fold(s.fact for s in self._house.streams.get(stream, ()))
        return kind.fold((s.fact for s in self.said if s.stream == stream), before)

    new = load

    def record(self, kind: Aggregate[Any], stream: str, *facts: object) -> Any:
        for fact in facts:
            n = len(self._house.streams.get(stream, ())) + sum(s.stream == stream for s in self.said) + 1
            m = self.message
            self.said.append(
                Stored(
                    stream,
                    n,
                    fact,
                    fact_id(m.id, "advance_pay", len(self.said)),
                    m.id,
                    m.correlation,
                    m.subject,
                    m.key,
                    m.at,
                )
            )
        return self.load(kind, stream)


@dataclass
class House:
    """The service, its store, what it published and the timers it armed."""

    silent: bool = True  # ClockDue is answered by NothingHeard at once
    streams: dict[str, list[Stored]] = field(default_factory=dict)
    published: list[tuple[str, Publication]] = field(default_factory=list)
    armed: list[tuple[Timer, Stored]] = field(default_factory=list)
    sent: int = 0

    def __post_init__(self) -> None:
        self.wiring = wire(EDITIONS, CALENDAR)

    def hear(
        self, data: Any, when: datetime, subject: str = "r-1", key: str = MEMBER, id_: UUID | None = None
    ) -> list[Any]:
        """Handle one message; the facts it caused. An id that was handled before is handled again (no inbox here)."""
        self.sent += 1
        message_id = id_ or named("test", str(self.sent), subject)
        name = f"{type(data).__name__}.v1"
        model = self.wiring.contracts[name]
        parsed = model.model_validate_json(data.model_dump_json())
        return self._run(
            self.wiring.handlers[name],
            Message(message_id, "greenlane/intake", name, subject, key, when, message_id, parsed),
        )

    def _run(self, handler: Any, message: Message[Any]) -> list[Any]:
        desk = Desk(self, message)
        handler(message, desk)
        for one in desk.said:
            book = self.wiring.facts
            assert book.decode(book.name_of(one.fact), book.encode(one.fact)) == one.fact
            self.streams.setdefault(one.stream, []).append(one)
            for publication in self.wiring.outbound(one):
                again = type(publication.data).model_validate_json(publication.data.model_dump_json())
                assert again == publication.data
                self.published.append((publication.subject or one.subject, publication))
                if publication.type == "ClockDue.v1" and self.silent:
                    due: Any = publication.data
                    self._later.append(
                        (intake.NothingHeard(clock=due.clock, due_at=due.due_at), one.at, due.request_id)
                    )
            self.armed += [(t, one) for t in self.wiring.timers(one)]
        while self._later:
            data, when, subject = self._later.pop(0)
            self.hear(data, when, subject)
        return [s.fact for s in desk.said]

    _later: list[tuple[Any, datetime, str]] = field(default_factory=list)

    def until(self, when: datetime) -> None:
        """Let time pass: every timer due by then fires, in order."""
        while True:
            ready = sorted((i for i in self.armed if i[0].due_at <= when), key=lambda i: (i[0].due_at, i[1].event_id))
            if not ready:
                return
            timer, armed_by = ready[0]
            self.armed.remove(ready[0])
            fired = TimerFired(armed_by.stream, timer.name, timer.due_at, timer.note)
            fired_as = timer_id(armed_by.event_id, len(timer.note))
            self._run(
                self.wiring.on_timer[timer.name],
                Message(
                    fired_as, "advance_pay", f"timer:{timer.name}", armed_by.subject, armed_by.key, timer.due_at,
                    armed_by.correlation, fired,
                ),
            )  # fmt: skip

    # -- what there is ---------------------------------------------------------------------------------------------

    def case(self, request_id: str = "r-1") -> AdvanceState:
        return ADVANCE.fold(s.fact for s in self.streams.get(f"advance/{request_id}", ()))

    def year(self, year: int = 1, member: str = MEMBER) -> LiabilityState:
        return LIABILITY.fold(s.fact for s in self.streams.get(f"liability/{member}/{year}", ()))

    def facts(self) -> list[Any]:
        return [s.fact for stream in self.streams.values() for s in stream]

    def said(self, name: str) -> list[Any]:
        """The published events of this name."""
        return [p.data for _, p in self.published if p.type == f"{name}.v1"]

    def told(self) -> list[str]:
        return [o.outcome for o in self.said("OutcomeTold")]

    def last_answer(self) -> tuple[str, str | None, str | None]:
        answer = self.said("RecordAnswered")[-1]
        return answer.answer, answer.reason, answer.rule

    # -- the usual way ---------------------------------------------------------------------------------------------

    def submit(self, when: datetime, request_id: str = "r-1", **changes: Any) -> intake.RequestSubmitted:
        request = application(request_id, **changes)
        self.hear(request, when, request_id)
        return request

    def grant(
        self, when: datetime, request_id: str = "r-1", product: str = "A", sum_insured: int = 10_000_000,
        receipt: list[AskedRule] | None = None, **changes: Any,
    ) -> None:  # fmt: skip
        request = application(request_id, product=product, **changes)
        edition = EDITIONS.current(product, when)
        assert edition is not None
        self.hear(
            entitlement.EligibilityGranted(
                request_id=request_id, service="ADVANCE", vendor="youjia", product=product, edition=edition.id,
                calendar=CALENDAR.version, member_ref=MEMBER, policy_ref="p-1",
                birth_date=when.date().replace(year=1980),
                year=Year(ordinal=1, starts_on=when.date(), ends_on=when.date().replace(year=when.year + 1)),
                sum_insured_fen=sum_insured, held=False, receipt=receipt or [], application=request,
            ),
            when, request_id,
        )  # fmt: skip

    def collected(self, when: datetime, request_id: str = "r-1", **changes: Any) -> None:
        """Submitted, granted, contacted, guided, all papers in."""
        self.submit(when, request_id, **changes)
        self.grant(when, request_id, **changes)
        self.hear(vendor.ContactReported(stage="first_response"), when, request_id)
        self.hear(vendor.GuidanceGiven(), when, request_id)
        self.hear(intake.PapersSubmitted(documents=papers(*ALL_PAPERS)), when, request_id)

    def approved(self, when: datetime, request_id: str = "r-1", **changes: Any) -> None:
        self.collected(when, request_id, **changes)
        self.hear(pre_review(), when, request_id)

    def signed(self, when: datetime, request_id: str = "r-1", **changes: Any) -> None:
        self.approved(when, request_id, **changes)
        self.hear(vendor.AgreementSigned(offset_clause=True, refund_clause=True), when, request_id)

    def paid(self, when: datetime, fen: int = 2_000_000, request_id: str = "r-1", **changes: Any) -> None:
        self.signed(when, request_id, **{"deposit": fen, **changes})
        self.hear(deposit(fen, f"R-{request_id}".upper()), when, request_id)

    def settled(self, when: datetime, fen: int = 2_000_000, returned: int = 0, **changes: Any) -> None:
        self.paid(when, fen, **changes)
        self.hear(discharge(fen - returned, returned), when)

    def decide(
        self, when: datetime, review: str, decision: Literal["grant", "refuse"] = "grant",
        role: str | None = None, amount: int | None = None,
        reason: str = "LOOKED_AT", request_id: str = "r-1",
    ) -> list[Any]:  # fmt: skip
        known = self.case(request_id).reviews.get(review)
        data = intake.ReviewDecided(
            review_id=review, request_id=request_id, actor="s-7", role=role or (known.owner if known else "finance"),
            decision=decision, reason=reason, amount_fen=amount,
        )  # fmt: skip
        return self.hear(data, when, request_id)

    def adjudicate(
        self, when: datetime, payable: int, claim: str = "c-1", year: int = 1, request_id: str | None = "r-1"
    ) -> list[Any]:
        data = intake.ClaimAdjudicated(
            claim_key=claim, member_ref=MEMBER, policy_ref="p-1", policy_year=year, payable_fen=payable,
            request_id=request_id,
        )  # fmt: skip
        return self.hear(data, when, request_id or MEMBER)


def application(request_id: str, **changes: Any) -> intake.RequestSubmitted:
    product = changes.get("product", "A")
    hospital: dict[str, Any] = {"code": "h-1", "city_code": "330100", "grade": "3A", "ownership": "public"}
    hospital |= changes.get("hospital", {})
    diagnosis = intake.DiagnosisSaid(
        findings=[intake.Finding(product=product, match="listed", code=f"{product}-003")], status="confirmed"
    )
    return intake.RequestSubmitted(
        request_id=request_id, service=changes.get("service", "ADVANCE"), vendor="youjia", hotline="400-819-6660",
        member_ref=MEMBER, member_known=True, policy_ref="p-1", product=product, cause="illness",
        diagnosis=changes.get("diagnosis", diagnosis), documents=papers(*changes.get("documents", ())),
        advance=vendor.AdvanceNeed(
            hospital=Hospital(**hospital), admission_on=at("2026-05-07 00:00").date(),
            deposit=Money(fen=changes.get("deposit", 2_000_000)),
        ),
    )  # fmt: skip


def pre_review(**changes: Any) -> vendor.PreReviewReported:
    estimate = changes.pop("estimate", None)
    said: dict[str, Any] = {"within_liability": "yes", "in_network": True, **changes}
    return vendor.PreReviewReported(**said, liability_estimate=Money(fen=estimate) if estimate is not None else None)


def deposit(fen: int, number: str = "R-0001") -> vendor.DepositPaid:
    return vendor.DepositPaid(amount=Money(fen=fen), receipt_number=number)


def refund(fen: int, number: str = "F-0001") -> vendor.RefundReceived:
    return vendor.RefundReceived(amount=Money(fen=fen), receipt_number=number)


def discharge(bill: int, returned: int, originals: Any = "paper", kinds: tuple[str, ...] = ()) -> Any:
    return vendor.DischargeSettled(
        bill=Money(fen=bill), returned_by_hospital=Money(fen=returned), originals=originals, documents=papers(*kinds)
    )
