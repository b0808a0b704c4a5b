"""What a core system or a person of ours said: once and in order, in ``feed/{source}/{key}``."""

from __future__ import annotations

from dataclasses import field, replace
from typing import Any

from services.intake.domain.record import RecordRefused
from services.intake.domain.request import Request
from shared.kernel.aggregate import Aggregate
from shared.kernel.law import Facts
from shared.kernel.value import value


@value
class Hear:
    """A record of a feed, without its secrets. ``request_id``: the request it names, believed to be ours.

    ``payment_key``: the payment that it reports, or decides on where no request is named.
    """

    record: str
    type: str
    source: str
    key: str
    subject: str
    bus_key: str
    what: Facts = field(default_factory=dict)
    request_id: str | None = None
    payment_key: str | None = None


@value
class Heard:
    """It was said; it is published as ``type`` for ``subject``, on the bus under ``bus_key``."""

    record: str
    type: str
    subject: str
    bus_key: str
    what: Facts = field(default_factory=dict)


@value
class Feed:
    """Which records were heard."""

    records: frozenset[str] = frozenset()


REVIEW_LETTERS = "ESAB"  # entitlement, scheduling, advance_pay, subsidy: who may open a review of a request
DECISIONS_ON_REQUESTS = {"ReviewDecided.v1": None, "WriteOffOrdered.v1": "ADVANCE"}


LETTERS_OF_MONEY = "AB"  # advance_pay, subsidy: who may open a review of a payment without a case


def decide_hear(command: Hear, state: Feed, request: Request | None, payment_known: bool = False) -> list[Any]:
    """The fact of a feed's record; a `RecordRefused` alone for a decision on what nobody asked."""
    if command.record in state.records:
        return []
    if command.type in DECISIONS_ON_REQUESTS:
        refused = _refused(command, request, payment_known)
        if refused is not None:
            return [refused]
    return [Heard(command.record, command.type, command.subject, command.bus_key, command.what)]


def _refused(command: Hear, request: Request | None, payment_known: bool) -> RecordRefused | None:
    """People of ours decide on requests that exist, on payments without one, and on reviews that can have been opened."""
    plain = RecordRefused(command.source, None, command.record, command.type, "UNKNOWN_CASE", None, "/data/request")
    if command.request_id is None and payment_known:
        return _unless_opened(command, plain, command.payment_key, LETTERS_OF_MONEY)
    if request is None or not request.opened:
        return plain
    service = DECISIONS_ON_REQUESTS[command.type]
    if service is not None and request.service != service:
        return replace(plain, reason="NOT_ITS_SERVICE", rule="CAT-09")
    return None if service is not None else _unless_opened(command, plain, command.request_id, REVIEW_LETTERS)


def _unless_opened(command: Hear, plain: RecordRefused, of: str | None, letters: str) -> RecordRefused | None:
    review = str(command.what.get("review_id", ""))
    tail = review.removeprefix(f"{of}-")
    if tail == review or tail[:1] not in letters or not tail[1:].isdecimal():
        return replace(plain, reason="UNKNOWN_REVIEW", pointer="/data/review_id")
    return None


def evolve(state: Feed, fact: Any) -> Feed:
    """The state after a fact."""
    return Feed(state.records | {fact.record}) if isinstance(fact, Heard) else state


FEED: Aggregate[Feed] = Aggregate("feed", Feed, evolve)
FEED_FACTS = (Heard,)
