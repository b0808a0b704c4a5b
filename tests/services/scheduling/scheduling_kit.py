"""What the tests of scheduling share: a case that is talked to, and the smallest desk that a handler can work at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from services.scheduling.app import wire
from services.scheduling.application.engaging import House
from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from services.scheduling.domain.engagement import ENGAGEMENT, Engagement, decide, evolve
from services.scheduling.domain.terms import Limits, Terms
from shared.calendar import china_calendar
from shared.event_store.stored import Stored
from shared.handbook import load_editions
from shared.kernel.aggregate import Aggregate
from shared.kernel.ids import fact_id, named
from shared.kernel.instant import CST
from shared.messaging.wiring import Message, Publication, Timer

F = TypeVar("F")
S = TypeVar("S")
CALENDAR = china_calendar()
EDITIONS = load_editions()
LIMITS = Limits()
HOUSE = House(EDITIONS, CALENDAR, LIMITS)
WIRING = wire(EDITIONS, CALENDAR)
REQUEST = "11111111-1111-5111-8111-111111111111"


def at(text: str) -> datetime:
    """An instant in China: ``2026-04-10T10:00``; ``T24:00`` is the next day's start."""
    if text.endswith("T24:00"):
        return datetime.fromordinal(date.fromisoformat(text[:10]).toordinal() + 1).replace(tzinfo=CST)
    return datetime.fromisoformat(text).replace(tzinfo=CST)


def edition_of(product: str) -> str:
    found = EDITIONS.current(product, at("2026-04-10T10:00"))
    assert found is not None
    return found.id


def terms_of(product: str) -> Terms:
    return HOUSE.granted_under(edition_of(product))


class Case:
    """One engagement: commands in, facts out, each told at an instant."""

    def __init__(self, product: str = "A", received: str = "2026-04-10T10:00") -> None:
        self.product = product
        self.state = Engagement()
        self.facts: list[Any] = []
        self.records = 0
        self.received = received

    def do(self, command: c.Command) -> list[Any]:
        known = self.state
        terms = terms_of(command.product) if isinstance(command, c.Grant) else HOUSE.of(known)
        facts = decide(command, known, terms)
        for fact in facts:
            self.state = evolve(self.state, fact)
        self.facts += facts
        return facts

    def record(self) -> str:
        self.records += 1
        return f"record-{self.records}"

    def open(self) -> Case:
        self.do(c.Open(REQUEST, "hengyu", self.product, at(self.received)))
        return self

    def grant(self, when: str | None = None, **more: Any) -> Case:
        if self.state.status == "unknown":
            self.open()
        self.do(
            c.Grant(
                REQUEST, "hengyu", self.product, edition_of(self.product), CALENDAR.version, "m-1", more.pop("held", True),
                at(when or self.received), **more,
            )
        )  # fmt: skip
        return self

    def propose(self, when: str, slot: str, **more: Any) -> list[Any]:
        said: dict[str, Any] = {
            "hospital": "H1", "city": "310100", "department": "ONCOLOGY", "expert_rank": "chief",
            "network_confirmed": True, "grade": "3A", "ownership": "public",
        } | more  # fmt: skip
        return self.do(c.Propose(self.record(), at(when), slot_at=at(slot), **said))

    def arranged(self, when: str = "2026-04-15T10:00", slot: str = "2026-04-20T09:00", **more: Any) -> Case:
        if self.state.status in ("unknown", "submitted"):
            self.grant()
        self.propose(when, slot, **more)
        assert self.state.status == "arranged", self.facts[-1]
        return self

    def contact(self, when: str, stage: Any = "feedback") -> list[Any]:
        return self.do(c.HearContact(self.record(), at(when), stage))

    def attend(self, when: str = "2026-04-20T18:00", on: str = "2026-04-20", **more: Any) -> list[Any]:
        more = {"accompanied": True} | more
        return self.do(c.Attend(self.record(), at(when), date.fromisoformat(on), **more))

    def miss(self, when: str = "2026-04-20T10:20", fee: int | None = None) -> list[Any]:
        return self.do(c.Miss(self.record(), at(when), fee))

    def disrupt(self, when: str, cause: str = "expert_suspended") -> list[Any]:
        return self.do(c.Disrupt(self.record(), at(when), cause))

    def withdraw(self, when: str) -> list[Any]:
        return self.do(c.Withdraw(self.record(), at(when)))

    def wait(self, since: str, until: str | None = None) -> list[Any]:
        facts = self.do(c.StartWait(self.record(), at(since), "documents"))
        return facts + (self.do(c.EndWait(self.record(), at(until))) if until else [])

    def review(self, decision: Any, when: str, role: str = "operations") -> list[Any]:
        review_id = self.state.review.review_id if self.state.review else f"{REQUEST}-S{self.state.reviews}"
        return self.do(c.DecideReview(self.record(), at(when), review_id, decision, "LOOKED_AT", "s-7", role))

    def silence(self, clock: str) -> list[Any]:
        """The clock's limit comes and nothing was heard."""
        due_at = self.state.clocks[clock].clock.due_at
        asked = self.do(c.AskClocks((clock,), due_at))
        return asked + (self.do(c.ConcludeNothingHeard(clock, due_at, due_at)) if asked else [])

    def due(self, clock: str) -> datetime:
        return self.state.clocks[clock].clock.due_at

    def quota(self) -> list[str]:
        return [fact.action for fact in self.facts if isinstance(fact, f.QuotaMoved)]

    @property
    def outcome(self) -> str | None:
        return self.state.outcome


def one(kind: type[F], facts: list[Any]) -> F:
    """The only fact of a kind."""
    found = [fact for fact in facts if isinstance(fact, kind)]
    assert len(found) == 1, facts
    return found[0]


def none(kind: type[Any], facts: list[Any]) -> bool:
    return not any(isinstance(fact, kind) for fact in facts)


def refusal(facts: list[Any]) -> tuple[str, str | None, str | None]:
    """Reason, rule and pointer of the only thing said: that a record is refused."""
    assert len(facts) == 1, facts
    fact = one(f.RecordRefused, facts)
    return fact.reason, fact.rule, fact.pointer


def asked_rules(reasons: Any) -> list[str]:
    return [line.rule for line in reasons]


class TinyDesk:
    """Streams in memory; every fact goes through the book, as it would through the store."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Any]] = {}
        self.stored: list[Stored] = []
        self._message: Message[Any] | None = None
        self._said = 0

    @property
    def message(self) -> Message[Any]:
        assert self._message is not None
        return self._message

    @property
    def at(self) -> datetime:
        return self.message.at

    @property
    def cause(self) -> UUID:
        return self.message.id

    def need(self, *streams: str) -> None:
        return None

    def load(self, kind: Aggregate[S], stream: str) -> S:
        return kind.fold(self.streams.get(stream, []))

    def new(self, kind: Aggregate[S], stream: str) -> S:
        return self.load(kind, stream)

    def record(self, kind: Aggregate[S], stream: str, *facts: object) -> S:
        m = self.message
        for fact in facts:
            name = WIRING.facts.name_of(fact)
            kept = WIRING.facts.decode(name, WIRING.facts.encode(fact))
            assert kept == fact
            facts_of = self.streams.setdefault(stream, [])
            facts_of.append(kept)
            event_id = fact_id(m.id, "scheduling", self._said)
            self._said += 1
            self.stored.append(
                Stored(stream, len(facts_of), kept, event_id, m.id, m.correlation, m.subject, m.key, m.at)
            )
        return self.load(kind, stream)

    def hear(self, type_: str, data: Any, when: datetime, record: str, subject: str = REQUEST) -> list[Publication]:
        """Hand one message to its handler; what is published because of it."""
        cause = named("test", record)
        self._message = Message(cause, "greenlane/intake", type_, subject, "m-1", when, cause, data)
        self._said, before = 0, len(self.stored)
        handler = WIRING.on_timer[type_[6:]] if type_.startswith("timer:") else WIRING.handlers[type_]
        handler(self._message, self)
        return [p for stored in self.stored[before:] for p in WIRING.outbound(stored)]

    def timers(self) -> list[Timer]:
        return [t for stored in self.stored for t in WIRING.timers(stored)]

    @property
    def engagement(self) -> Engagement:
        return self.load(ENGAGEMENT, ENGAGEMENT.stream(REQUEST))
