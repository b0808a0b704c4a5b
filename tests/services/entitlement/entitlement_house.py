"""given / when / then for entitlement: the service's own wiring over streams in memory, its timers fired in order.

Every fact goes through the book and back, every event through its JSON: what can't be stored or published fails here.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from services.entitlement.app import wire
from services.entitlement.domain.allowance import ALLOWANCE
from services.entitlement.domain.eligibility import ELIGIBILITY
from services.entitlement.settings import Settings
from shared.calendar import china_calendar
from shared.contracts import intake
from shared.contracts.entitlement import EligibilityDenied, EligibilityGranted
from shared.contracts.messaging import QuotaSettled, RequestFinished
from shared.contracts.vendor import WithdrawalRequested
from shared.event_store.stored import Stored
from shared.handbook.loader import load_editions
from shared.handbook.model import Edition, Editions
from shared.kernel.ids import named, timer_id
from shared.kernel.instant import CST, ONE_DAY, start_of
from shared.messaging.wiring import Message, TimerFired
from tests.services.entitlement.entitlement_brought import paper, suspected
from tests.services.entitlement.entitlement_desk import MemoryDesk

MEMBER, POLICY_A, POLICY_B = "m-1", "p-a", "p-b"
ALREADY_BEFORE = datetime(2026, 2, 1, 9, tzinfo=CST)


def on(text: str) -> datetime:
    """An instant: ``2026-04-10`` (10:00) or ``2026-04-10T23:59``."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T10:00").replace(tzinfo=CST)


def editions(product: str = "", **parameters: Any) -> Editions:
    """The packaged editions, with parameters of one product replaced."""
    by_id = dict(load_editions().by_id)
    for edition_id, edition in by_id.items():
        if edition.product == product:
            changed = dataclasses.replace(edition.parameters, **parameters)
            by_id[edition_id] = dataclasses.replace(edition, parameters=changed)
    return Editions(by_id)


def edition_of(product: str, terms: Editions | None = None) -> Edition:
    """The edition of a product."""
    return next(e for e in (terms or load_editions()).by_id.values() if e.product == product)


class House:
    """Entitlement with everything it was told and everything it said."""

    def __init__(self, terms: Editions | None = None, **settings: Any) -> None:
        self.terms = terms or load_editions()
        self.wiring = wire(self.terms, china_calendar(), Settings(**settings))
        self.streams: dict[str, list[Stored]] = {}
        self.said: list[tuple[str, Any, str, str]] = []
        self.all_read = True  # whether intake, asked by a limit, has read everything that came before it
        self._timers: list[tuple[datetime, int, Any, Stored]] = []
        self._count = 0

    # -- telling ------------------------------------------------------------------------------------------------------

    def hear(self, data: Any, subject: str, key: str, at: datetime, *, again: bool = False) -> list[Stored]:
        """One event by the bus, read back from its own JSON. ``again``: the last one once more, under its own id."""
        self.until(at)
        self._count += not again
        cause = named("test", str(self._count))
        type_ = f"{type(data).__name__}.v1"
        read = self.wiring.contracts[type_].model_validate_json(data.model_dump_json())
        message = Message(cause, "test", type_, subject, key, at, cause, read)
        return self._run(self.wiring.handlers[type_], message)

    def until(self, at: datetime) -> None:
        """Fire every timer due by an instant, in order."""
        while self._timers and self._timers[0][0] <= at:
            due_at, n, timer, stored = heapq.heappop(self._timers)
            fired = TimerFired(stored.stream, timer.name, due_at, timer.note)
            cause = timer_id(stored.event_id, n)
            message = Message(
                cause,
                "entitlement",
                f"timer:{timer.name}",
                stored.subject,
                stored.key,
                due_at,
                stored.correlation,
                fired,
            )
            before = len(self.said)
            self._run(self.wiring.on_timer[timer.name], message)
            for type_, due, request_id, _ in self.said[before:]:
                if type_ == "ClockDue.v1" and self.all_read:
                    self.hear_nothing(request_id, due.clock, due.due_at)

    def _run(self, handler: Any, message: Message[Any]) -> list[Stored]:
        desk = MemoryDesk(self, message)
        handler(message, desk)
        for stored in desk.stored:
            self.streams.setdefault(stored.stream, []).append(stored)
            for said in self.wiring.outbound(stored):
                type(said.data).model_validate_json(said.data.model_dump_json())
                self.said.append((said.type, said.data, said.subject or stored.subject, said.key or stored.key))
            for n, timer in enumerate(self.wiring.timers(stored)):
                self._count += 1
                heapq.heappush(self._timers, (timer.due_at, self._count * 10 + n, timer, stored))
        return desk.stored

    # -- the fixtures of the rules page -------------------------------------------------------------------------------

    def issue(
        self,
        product: str = "A",
        effective: str = "",
        ends: str = "",
        *,
        policy: str = "",
        purchased: str = "",
        agreed_until: str = "",
        sum_fen: int = 100_000_000,
        at: datetime = ALREADY_BEFORE,
        member: str = MEMBER,
        covered_from: str = "",
    ) -> House:
        """F-A (effective 2026-03-01) or F-B (effective 2026-02-11) with its one member, told before it begins."""
        starts = date.fromisoformat(effective or ("2026-03-01" if product == "A" else "2026-02-11"))
        policy = policy or (POLICY_A if product == "A" else POLICY_B)
        self.hear(
            intake.PolicyIssued(
                policy_ref=policy,
                product=product,
                purchased_at=datetime.fromisoformat(purchased) if purchased else start_of(starts) - ONE_DAY,
                issued_at=start_of(starts),
                effective_on=starts,
                ends_on=date.fromisoformat(ends) if ends else starts.replace(year=starts.year + 1),
                sum_insured_fen=sum_fen,
                agreement_ends_on=date.fromisoformat(agreed_until) if agreed_until else None,
            ),
            policy, policy, at,
        )  # fmt: skip
        return self.join(policy, covered_from or starts.isoformat(), member=member, at=at)

    def join(self, policy: str, covered_from: str, *, member: str = MEMBER, at: datetime = ALREADY_BEFORE) -> House:
        joined = intake.MemberJoined(
            member_ref=member, policy_ref=policy, birth_date=date(1980, 5, 1), sex="F",
            covered_from=date.fromisoformat(covered_from),
        )  # fmt: skip
        self.hear(joined, member, member, at)
        return self

    def leave(self, left: str, *, policy: str = POLICY_A, at: str = "", member: str = MEMBER) -> House:
        gone = intake.MemberLeft(member_ref=member, policy_ref=policy, left_at=on(left))
        self.hear(gone, member, member, on(at or left))
        return self

    def renew(
        self, effective: str, ends: str, *, policy: str = POLICY_A, purchased: str = "", at: str = "2027-01-20",
        sum_fen: int = 100_000_000,
    ) -> House:  # fmt: skip
        told = intake.PolicyRenewed(
            policy_ref=policy, purchased_at=on(purchased or at), effective_on=date.fromisoformat(effective),
            ends_on=date.fromisoformat(ends), sum_insured_fen=sum_fen,
        )  # fmt: skip
        self.hear(told, policy, policy, on(at))
        return self

    def lapse(self, lapsed: str, *, policy: str = POLICY_A, at: str = "") -> House:
        self.hear(intake.PolicyLapsed(policy_ref=policy, lapsed_at=on(lapsed)), policy, policy, on(at or lapsed))
        return self

    def suspend(self, since: str, *, policy: str = POLICY_B, at: str = "") -> House:
        self.hear(intake.PolicySuspended(policy_ref=policy, suspended_at=on(since)), policy, policy, on(at or since))
        return self

    def reinstate(self, since: str, *, policy: str = POLICY_A, at: str = "") -> House:
        told = intake.PolicyReinstated(policy_ref=policy, reinstated_at=on(since))
        self.hear(told, policy, policy, on(at or since))
        return self

    def endorse(self, sum_fen: int, since: str, *, policy: str = POLICY_A, at: str = "") -> House:
        told = intake.SumInsuredChanged(policy_ref=policy, sum_insured_fen=sum_fen, effective_at=on(since))
        self.hear(told, policy, policy, on(at or since))
        return self

    def ask(self, at: str, service: str = "OUTP", *, request: str = "", again: bool = False, **more: Any) -> Answer:
        """A request at an instant: by default for a listed disease of both products, suspected, with its document."""
        request_id = request or f"r-{self._count}"
        fields: dict[str, Any] = {"diagnosis": suspected(), "documents": [paper()], "cause": "illness", **more}
        told = intake.RequestSubmitted(
            request_id=request_id, service=service,  # type: ignore[arg-type]
            vendor="youjia" if service in ("ADVANCE", "DENTAL") else "hengyu", hotline="400",
            member_ref=fields.pop("member", MEMBER), member_known=True, **fields,
        )  # fmt: skip
        self.hear(told, request_id, told.member_ref, on(at), again=again)
        return Answer(self, request_id)

    def settle(self, request_id: str, action: Any, cause: str, at: str) -> list[Stored]:
        told = QuotaSettled(request_id=request_id, action=action, cause=cause)
        return self.hear(told, request_id, MEMBER, on(at))

    def finish(self, request_id: str, outcome: str, at: str, service: Any = "OUTP") -> list[Stored]:
        told = RequestFinished(request_id=request_id, service=service, outcome=outcome)
        return self.hear(told, request_id, MEMBER, on(at))

    def withdraw(self, request_id: str, at: str, *, again: bool = False) -> list[Stored]:
        return self.hear(WithdrawalRequested(), request_id, MEMBER, on(at), again=again)

    def hear_nothing(self, request_id: str, clock: str, due_at: datetime, at: str = "") -> list[Stored]:
        told = intake.NothingHeard(clock=clock, due_at=due_at)
        return self.hear(told, request_id, MEMBER, on(at) if at else due_at)

    def review(
        self,
        review_id: str,
        decision: Any,
        at: str,
        reason: str = "BY_THE_FILE",
        *,
        role: Any = "",
        again: bool = False,
    ) -> list[Stored]:
        """A person decides: of the role that owns the review, unless said."""
        request_id = review_id.rpartition("-")[0]
        owners = {opened.review_id: opened.owner for opened in self.events("ReviewOpened")}
        told = intake.ReviewDecided(
            review_id=review_id,
            request_id=request_id,
            actor="staff-7",
            role=role or owners.get(review_id, "operations"),
            decision=decision,
            reason=reason,
        )
        return self.hear(told, request_id, request_id, on(at), again=again)

    # -- what came of it ----------------------------------------------------------------------------------------------

    def events(self, name: str, request_id: str = "") -> list[Any]:
        """Published events of a type, of one request where named."""
        return [data for type_, data, subject, _ in self.said if type_ == f"{name}.v1" and request_id in ("", subject)]

    def answers(self) -> list[tuple[str, str | None]]:
        """Second-stage answers in order."""
        return [(a.answer, a.reason) for a in self.events("RecordAnswered")]

    def facts(self, stream: str) -> list[str]:
        return [type(s.fact).__name__ for s in self.streams.get(stream, [])]

    def allowance(self, year: int = 1, member: str = MEMBER) -> Any:
        return ALLOWANCE.fold(s.fact for s in self.streams.get(ALLOWANCE.stream(member, year), []))


@dataclasses.dataclass
class Answer:
    """What became of one request."""

    house: House
    request_id: str

    @property
    def phase(self) -> str:
        stream = ELIGIBILITY.stream(self.request_id)
        return ELIGIBILITY.fold(s.fact for s in self.house.streams[stream]).phase

    @property
    def granted(self) -> EligibilityGranted:
        (event,) = self.house.events("EligibilityGranted", self.request_id)
        assert isinstance(event, EligibilityGranted)
        return event

    @property
    def denied(self) -> EligibilityDenied:
        (event,) = self.house.events("EligibilityDenied", self.request_id)
        assert isinstance(event, EligibilityDenied)
        return event

    @property
    def receipt(self) -> Sequence[Any]:
        stream = ELIGIBILITY.stream(self.request_id)
        facts = [s.fact for s in self.house.streams[stream] if hasattr(s.fact, "receipt")]
        return tuple(facts[-1].receipt)

    def said(self, outcome: str) -> set[tuple[str, str | None]]:
        return {(a.rule, a.reason) for a in self.receipt if a.outcome == outcome}

    def line(self, rule: str, outcome: str = "pass") -> Any:
        """The line of a rule in the receipt: there must be one with this outcome."""
        found = [a for a in self.receipt if a.rule == rule and a.outcome == outcome]
        assert found, f"{rule} did not {outcome}: {self.receipt}"
        return found[0]

    def then_granted(self) -> Answer:
        assert self.phase == "granted", self.said("refuse") | self.said("review")
        return self

    def then_passes(self, rule: str, **facts: object) -> Answer:
        said = self.line(rule).facts
        assert facts.items() <= said.items(), said
        return self

    def then_refused(self, rule: str, reason: str, **remedy: object) -> Answer:
        assert self.phase in ("denied", "papers"), self.phase
        assert (rule, reason) in self.said("refuse"), self.said("refuse")
        assert remedy.items() <= self.line(rule, "refuse").remedy.items()
        return self

    def then_not_refused(self, reason: str) -> Answer:
        assert reason not in {why for _, why in self.said("refuse")}, self.said("refuse")
        return self

    def then_review(self, rule: str, reason: str, owner: str = "") -> Answer:
        assert self.phase == "review", (self.phase, self.said("refuse"))
        assert (rule, reason) in self.said("review"), self.said("review")
        (opened,) = self.house.events("ReviewOpened", self.request_id)
        assert owner in ("", opened.owner)
        return self


def f_a(terms: Editions | None = None, **settings: Any) -> House:
    """F-A: product A, issued and effective 2026-03-01, cooling-off to 03-15, waiting to 03-30."""
    return House(terms, **settings).issue("A")


def f_b(terms: Editions | None = None, **settings: Any) -> House:
    """F-B: product B, effective 2026-02-11, waiting to 03-12."""
    return House(terms, **settings).issue("B")


def later(text: str, **delta: int) -> str:
    """An instant a while after another, as text."""
    return (on(text) + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%S")
