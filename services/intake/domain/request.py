"""One request: accepted once, routed once, everything its vendor said in order, closed once."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime
from typing import Any

from services.intake.domain.catalogue import Route
from services.intake.domain.record import RecordRefused
from services.intake.domain.request_facts import (
    AnswerGiven,
    Closed,
    DecisionPassedOn,
    FirstResponded,
    InquiryOpened,
    NothingWasHeard,
    OrderPassedOn,
    OutcomePassedOn,
    RequestRepeated,
    ResponseClockStarted,
    ResponseMissed,
    Said,
    Submitted,
)
from services.intake.domain.response_clock import Clock, late, started
from shared.kernel.aggregate import Aggregate
from shared.kernel.law import Answer, Facts, Receipt, Refusal, Rule, ask, rule
from shared.kernel.value import value

# -- commands -------------------------------------------------------------------------------------------------------


@value
class Submit:
    """An application, without its secrets. ``call`` is the identity of INT-D01; ``case`` the key of its reference."""

    record: str
    type: str
    source: str
    request_id: str
    case: str
    call: str
    call_key: str
    service: str
    hotline: str
    product: str | None
    member_ref: str
    received_at: datetime
    application: Facts


@value
class Say:
    """What a vendor says of a case. ``services``: of which services it may be said; ``believed``: whose it seems."""

    record: str
    type: str
    source: str
    case: str
    believed: str | None
    services: frozenset[str]
    first_response: bool = False
    said_as: str = ""
    what: Facts = field(default_factory=dict)


# -- state ----------------------------------------------------------------------------------------------------------


@value
class Request:
    """What is known of a request. ``unanswered``: records whose second receipt is still owed."""

    opened: bool = False
    first: str = ""
    vendor: str = ""
    service: str = ""
    product: str | None = None
    member_ref: str = ""
    routed_by: tuple[str, ...] = ()
    edition: str | None = None
    cases: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    unanswered: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    inquiries: frozenset[tuple[str, datetime]] = frozenset()
    received_at: datetime | None = None
    responded_at: datetime | None = None
    clock: Clock | None = None
    closed: bool = False


# -- the law --------------------------------------------------------------------------------------------------------


@value
class Saying:
    """A vendor's word beside the case it names."""

    say: Say
    request: Request


@rule("INT-39", "duty")
def a_vendor_speaks_of_its_own_cases(case: Saying) -> Answer:
    """An unknown case and another vendor's case get the identical answer, which says nothing of either."""
    its_own = case.request.opened and case.request.vendor == case.say.source and case.say.case in case.request.cases
    return None if its_own else Refusal("INT-39", "UNKNOWN_CASE")


def _of_its_service(rule_id: str, statement: str) -> Rule[Saying]:
    def check(case: Saying) -> Answer:
        if not case.request.opened or rule_id not in case.request.routed_by:
            return None
        return None if case.request.service in case.say.services else Refusal(rule_id, "NOT_ITS_SERVICE")

    check.__doc__ = statement
    return Rule(rule_id, "route", check)


@value
class Application:
    """An application beside what its call asked for before."""

    request_id: str
    taken: str | None


@rule("INT-D01", "route")
def one_call_asks_once(case: Application) -> Answer:
    """The same member, product, policy and service within one call is one request, however often it is sent."""
    again = case.taken is not None and case.taken != case.request_id
    return Refusal("INT-D01", "REQUEST_REPEATED") if again else None


REPETITION: list[Rule[Application]] = [one_call_asks_once]
RULES: list[Rule[Saying]] = [
    a_vendor_speaks_of_its_own_cases,
    _of_its_service("CAT-07", "Of a GREEN case only what belongs to its service can be said."),
    _of_its_service("CAT-09", "Of an ADVANCE case only what belongs to its service can be said."),
]


# -- decide ---------------------------------------------------------------------------------------------------------


def decide_submit(
    command: Submit, state: Request, route: Route, taken: str | None, referred: str | None, clock: Clock | None
) -> list[Any]:
    """The facts of a new application; a `RecordRefused` alone where nothing is opened.

    ``taken``: the request that this call asked for before (INT-D01), ``referred``: the one the reference stands for.
    """
    if command.record in state.records:
        return []
    if route.refused is not None:
        remedy = {name: str(value) for name, value in route.remedy.items()}
        rule_id, pointer = "INT-D04", "/data/channel/hotline"
        if remedy.get("vendor") != command.source:
            pointer = "/data/service"
        return [refusal(command, route.refused, rule_id, pointer, {**remedy, "call": command.call_key})]
    if referred is not None and referred != (taken or command.request_id):
        return [refusal(command, "REFERENCE_IN_USE", None, "/subject")]
    if ask(REPETITION, Application(command.request_id, taken)).refusals:
        return [RequestRepeated(command.record, command.case, command.source, command.member_ref)]
    application = {**command.application, "vendor": route.vendor, "hotline": route.hotline}
    opened = Submitted(
        command.record, command.case, command.call, route.vendor, route.hotline, command.service, command.member_ref,
        command.product, route.rules, command.received_at, application,
    )  # fmt: skip
    return [opened] if clock is None else [opened, started(clock)]


def decide_say(command: Say, state: Request, at: datetime) -> list[Any]:
    """The facts of a vendor's word; a `RecordRefused` alone where the law refuses it."""
    if command.record in state.records:
        return []
    asked: Receipt = ask(RULES, Saying(command, state))
    if asked.refusals:
        first = asked.refusals[0]
        pointer = "/subject" if first.reason == "UNKNOWN_CASE" else "/type"
        return [refusal(command, first.reason or "REFUSED", first.rule, pointer)]
    facts: list[Any] = [Said(command.record, state.vendor, command.said_as, state.member_ref, command.what)]
    if command.first_response and state.responded_at is None:
        facts += _responded(state, at)
    return facts


def _responded(state: Request, at: datetime) -> list[Any]:
    clock = state.clock
    if clock is None:
        return [FirstResponded("", at, met=True, due_at=at)]
    facts: list[Any] = [FirstResponded(clock.id, at, met=clock.met(at), due_at=clock.due_at)]
    if clock.running and not clock.met(at):
        facts += late(clock, state.member_ref)
    return facts


def decide_clock(state: Request, clock: Clock | None) -> list[Any]:
    """Start the first-response clock that could not start before the product was known (INT-D02)."""
    if clock is None or state.clock is not None or not state.opened:
        return []
    facts: list[Any] = [started(clock)]
    if state.responded_at is not None:
        facts.append(FirstResponded(clock.id, state.responded_at, clock.met(state.responded_at), clock.due_at))
        if not clock.met(state.responded_at):
            facts += late(clock, state.member_ref)
    return facts


def decide_response_due(state: Request, clock: str, due_at: datetime) -> list[Any]:
    """The first-response limit has come: ask whether anything was heard. A stopped clock does nothing."""
    mine = state.clock
    if mine is None or not mine.running or state.closed or (mine.id, mine.due_at) != (clock, due_at):
        return []
    return [] if (clock, due_at) in state.inquiries else [InquiryOpened(clock, due_at, own=True)]


def decide_inquiry(state: Request, clock: str, due_at: datetime) -> list[Any]:
    """A performer's limit has come: remember to answer it."""
    if not state.opened or (clock, due_at) in state.inquiries:
        return []
    return [InquiryOpened(clock, due_at)]


def decide_heard_all(state: Request, clock: str, due_at: datetime) -> list[Any]:
    """Everything inbound is read: our own clock has run out if it still runs; a performer is told that nothing came."""
    if (clock, due_at) not in state.inquiries:
        return []
    mine = state.clock
    if mine is not None and mine.id == clock:
        runs = mine.running and not state.closed and mine.due_at == due_at
        return [ResponseMissed(clock, mine.rule, mine.basis, due_at, state.member_ref)] if runs else []
    return [NothingWasHeard(clock, due_at, state.member_ref)]


def decide_answer(state: Request, given: AnswerGiven) -> list[Any]:
    """The owner's answer to a vendor's record, once."""
    return [replace(given, vendor=state.vendor)] if given.record in state.unanswered else []


def decide_pass_on(state: Request, fact: DecisionPassedOn | OrderPassedOn | OutcomePassedOn) -> list[Any]:
    """Tell the vendor of the case, once per cause."""
    if not state.opened or fact.cause in state.passed:
        return []
    known = replace(fact, vendor=state.vendor, service=state.service, first=state.first)
    if isinstance(known, OrderPassedOn):
        return [replace(known, member_ref=state.member_ref)]
    return [replace(known, edition=state.edition)] if isinstance(known, OutcomePassedOn) else [known]


def decide_close(state: Request, outcome: str, said_by: str) -> list[Any]:
    """Close on a final word, once."""
    if not state.opened or state.closed:
        return []
    return [Closed(state.vendor, state.service, state.first, state.member_ref, outcome, said_by)]


def refusal(
    command: Submit | Say, reason: str, rule_id: str | None, pointer: str, remedy: dict[str, str] | None = None
) -> RecordRefused:
    """What stands in the record's own stream when nothing of a case comes of it."""
    return RecordRefused(
        command.source, command.source, command.record, command.type, reason, rule_id, pointer, remedy or {}
    )


# -- evolve ---------------------------------------------------------------------------------------------------------


def evolve(state: Request, fact: Any) -> Request:  # noqa: C901, PLR0911 - one case a fact
    """The state after a fact."""
    match fact:
        case Submitted():
            return replace(
                state, opened=True, first=fact.record, vendor=fact.vendor, service=fact.service, product=fact.product,
                member_ref=fact.member_ref, routed_by=fact.routed_by, cases=state.cases | {fact.case},
                records=state.records | {fact.record}, unanswered=state.unanswered | {fact.record},
                received_at=fact.received_at, edition=fact.edition,
            )  # fmt: skip
        case RequestRepeated():
            return replace(state, cases=state.cases | {fact.case}, records=state.records | {fact.record})
        case Said():
            return replace(state, records=state.records | {fact.record}, unanswered=state.unanswered | {fact.record})
        case ResponseClockStarted():
            return replace(state, clock=Clock.of(fact))
        case FirstResponded():
            clock = None if state.clock is None else replace(state.clock, running=False)
            return replace(state, clock=clock, responded_at=fact.responded_at)
        case ResponseMissed():
            return replace(state, clock=None if state.clock is None else replace(state.clock, running=False))
        case InquiryOpened():
            return replace(state, inquiries=state.inquiries | {(fact.clock, fact.due_at)})
        case AnswerGiven():
            return replace(state, unanswered=state.unanswered - {fact.record})
        case DecisionPassedOn():
            return replace(state, passed=state.passed | {fact.cause}, edition=fact.edition)
        case OrderPassedOn() | OutcomePassedOn():
            return replace(state, passed=state.passed | {fact.cause})
        case Closed():
            return replace(state, closed=True)
    return state


REQUEST: Aggregate[Request] = Aggregate("request", Request, evolve)
