"""What a vendor reads of its own cases, on ``vendor.<v>.out.orders.v1``: work orders, and what became of a case.

Nothing personal is in these events until the last moment: the relay adds ``case`` (the vendor's own reference), and to
work orders the person and the account, from the vault. Where the person is gone, ``particulars`` says so.
"""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Code, Event, Service


class ClauseQuoted(Event):
    """The words of the handbook that a reason rests on."""

    section: str
    quote: str


class OrderReason(Event):
    """One reason, with its clause and what would turn it to yes."""

    rule: str
    reason: Code | None = None
    clauses: list[ClauseQuoted] = []
    remedy: dict[str, object] = {}


class PersonTold(Event):
    """Who is to be served: what the vendor needs to know and no more."""

    name: str
    id_type: str
    id_number: str
    phone: str | None = None


class AccountTold(Event):
    """Which account is to be paid."""

    name: str
    bank: str
    number: str
    holder: str


class WorkOrdered(Event):
    """Do this for that person. ``details`` holds what the performing service said: codes, days, places, amounts in fen."""

    request_id: str
    case: str | None = None
    service: Service
    action: Code
    details: dict[str, object] = {}
    person: PersonTold | None = None
    account: AccountTold | None = None
    particulars: Literal["GIVEN", "PARTICULARS_ERASED"] | None = None


class CaseDecided(Event):
    """The application was granted or denied; a denial with all its reasons."""

    request_id: str
    case: str | None = None
    service: Service
    decision: Literal["GRANTED", "DENIED"]
    product: str | None = None
    edition: str | None = None
    reasons: list[OrderReason] = []


class CaseOutcome(Event):
    """What became of a case later: changed, cancelled, refused, closed, with reasons."""

    request_id: str
    case: str | None = None
    service: Service
    outcome: Code
    reasons: list[OrderReason] = []
    details: dict[str, object] = {}


class CaseClosed(Event):
    """The last word on a case."""

    request_id: str
    case: str | None = None
    service: Service
    outcome: Code
