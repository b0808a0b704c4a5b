"""Which vendor serves what, on which hotline: the law of routing (CAT-07..10, INT-01, INT-14, INT-D04 and their kin)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from datetime import datetime

from shared.handbook.model import Edition, Editions
from shared.handbook.terms import ServiceTerms
from shared.kernel.law import Answer, Facts, Pass, Receipt, Refusal, Rule, ask, rule
from shared.kernel.value import value

UNPRINTED_HOTLINE = "OTHER"  # a number that no edition prints may be anybody's phone: it is not repeated


@value
class Asking:
    """An application as routing sees it: the terms of its service in one edition, who sent it, which hotline rang."""

    terms: ServiceTerms
    sender: str
    hotline: str
    vendor: str | None = None
    hotline_printed: str | None = None


@value
class Route:
    """Who serves a request. ``rules`` asked; ``remedy`` names the right channel where it was the wrong one."""

    vendor: str
    hotline: str
    rules: tuple[str, ...] = ()
    refused: str | None = None
    remedy: Facts = field(default_factory=dict)


def same_number(one: str, other: str) -> bool:
    """Whether two hotlines are the same number, however their digits are grouped."""
    return one.replace("-", "") == other.replace("-", "")


def _line(rule_id: str, line: str, statement: str) -> Rule[Asking]:
    def check(case: Asking) -> Answer:
        return Pass({"vendor": case.terms.vendor}) if case.terms.line == line else None

    check.__doc__ = statement
    return Rule(rule_id, "route", check)


def _phoned(rule_id: str, statement: str) -> Rule[Asking]:
    def check(case: Asking) -> Answer:
        return Pass({"hotline": case.terms.hotline}) if case.terms.follows(rule_id) else None

    check.__doc__ = statement
    return Rule(rule_id, "route", check)


ROUTES: list[Rule[Asking]] = [
    _line("CAT-07", "GREEN", "Every GREEN request is routed to the vendor that its edition names for the line."),
    _line("CAT-08", "TELEDOC", "TELEDOC requests are routed to the vendor that the edition names for the line."),
    _line("CAT-09", "ADVANCE", "ADVANCE requests are routed to the vendor that the edition names for the line."),
    _line("CAT-10", "DENTAL", "DENTAL requests are routed to the vendor that the edition names for the line."),
    _phoned("INT-01", "A GREEN request of A is made by phoning the printed hotline."),
    _phoned("INT-14", "The five headings of B are requested by phoning the printed hotline."),
    _phoned("INT-18", "PSYCH of B is requested by phoning the printed hotline."),
    _phoned("INT-21", "SO of B is requested by phoning the printed hotline."),
    _phoned("INT-24", "PROTON of B is requested by phoning the printed hotline."),
    _phoned("INT-27", "TELEDOC is reached on the printed hotline."),
    _phoned("INT-33", "DENTAL is requested by phoning the printed hotline."),
    _phoned("ADV-05", "ADVANCE of A is applied for by phoning the printed hotline."),
    _phoned("ADV-18", "ADVANCE of B is applied for by phoning the printed hotline."),
    _phoned("SUB-32", "SUBSIDY of B is applied for by phoning the printed hotline."),
]


@rule("INT-D04", "route")
def the_request_came_through_the_right_channel(case: Asking) -> Answer:
    """A request for the other vendor's service, or on a hotline that does not serve it, is refused WRONG_CHANNEL."""
    right_vendor = case.vendor is None or case.vendor == case.sender
    right_hotline = case.hotline_printed is None or same_number(case.hotline_printed, case.hotline)
    if right_vendor and right_hotline:
        return Pass()
    remedy: Facts = {"vendor": case.vendor or case.sender, "hotline": case.hotline_printed or case.terms.hotline}
    return Refusal("INT-D04", "WRONG_CHANNEL", remedy=remedy)


CHANNEL: list[Rule[Asking]] = [the_request_came_through_the_right_channel]
RULES: list[Rule[Asking]] = [*ROUTES, *CHANNEL]


def route(editions: Editions, service: str, product: str | None, sender: str, hotline: str, at: datetime) -> Route:
    """Who serves this request, or the right channel where it came through a wrong one.

    Without a product every edition in force is asked, and one that accepts the channel is enough. A service that none
    offers stays with its sender: that it is in no catalogue is for entitlement to say (CAT-D03).
    """
    routes = [_one(terms, sender, hotline) for terms in _terms(editions, service, product, at)]
    if not routes:
        return Route(sender, printed(editions, hotline, at))
    return next((r for r in routes if r.refused is None), routes[0])


def _terms(editions: Editions, service: str, product: str | None, at: datetime) -> list[ServiceTerms]:
    in_force = list(_in_force(editions, at))
    named = [e for e in in_force if e.product == product and e.offers(service)]
    return [e.service(service) for e in (named or in_force) if e.offers(service)]


def _in_force(editions: Editions, at: datetime) -> Iterable[Edition]:
    found = (editions.current(product, at) for product in editions.products)
    return (edition for edition in found if edition is not None)


def _one(terms: ServiceTerms, sender: str, hotline: str) -> Route:
    routed = ask(ROUTES, Asking(terms, sender, hotline))
    vendor, number = _found(routed, "vendor"), _found(routed, "hotline")
    verdict = ask(CHANNEL, Asking(terms, sender, hotline, vendor, number))
    rules = tuple(line.rule for line in (routed + verdict).asked)
    if verdict.refusals:
        refusal = verdict.refusals[0]
        return Route(vendor or sender, number or terms.hotline, rules, refusal.reason, refusal.remedy)
    return Route(vendor or sender, number or terms.hotline, rules)


def _found(receipt: Receipt, name: str) -> str | None:
    said = next((line.facts[name] for line in receipt.asked if name in line.facts), None)
    return None if said is None else str(said)


def printed(editions: Editions, hotline: str, at: datetime) -> str:
    """The hotline as an edition prints it, or OTHER: what nobody printed may be a person's phone."""
    numbers = (s.hotline for e in _in_force(editions, at) for s in e.services.values())
    return next((n for n in numbers if same_number(n, hotline)), UNPRINTED_HOTLINE)


Router = Callable[[str, str | None, str, str, datetime], Route]


def router(editions: Editions) -> Router:
    """`route` over these editions."""

    def over(service: str, product: str | None, sender: str, hotline: str, at: datetime) -> Route:
        return route(editions, service, product, sender, hotline, at)

    return over
