"""What entitlement says on ``greenlane.entitlement.events.v1``."""

from __future__ import annotations

from datetime import date

from shared.contracts.base import AskedRule, Code, Event, Fen, Product, Ref, Service, Vendor, Year
from shared.contracts.intake import RequestSubmitted


class EligibilityGranted(Event):
    """Yes (one of the five), with its receipt; where the service has a count, it is held in the year of the request (ENT-D04)."""

    request_id: str
    service: Service
    vendor: Vendor
    product: Product
    edition: str
    calendar: str
    member_ref: Ref
    policy_ref: Ref
    birth_date: date
    year: Year
    sum_insured_fen: Fen
    held: bool
    receipt: list[AskedRule]
    application: RequestSubmitted


class EligibilityDenied(Event):
    """No, with all its reasons and what would turn each to yes."""

    request_id: str
    service: Service
    vendor: Vendor
    product: Product | None = None
    edition: str | None = None
    member_ref: Ref
    receipt: list[AskedRule]


class EligibilityWithdrawn(Event):
    """The member withdrew before anything was granted."""

    request_id: str
    service: Service
    vendor: Vendor


class CoverEnded(Event):
    """The cover behind an open grant ended (ENT-D11, D16, D21); the performer keeps what is confirmed and closes the rest."""

    request_id: str
    reason: Code


class EligibilityReassessed(Event):
    """A backdated policy event would have changed this decision; the decision stands, a person looks."""

    request_id: str
    verdict: str
    receipt: list[AskedRule]


class OverLimitRecognised(Event):
    """More is used than the limit allows, by a correction: said, not hidden."""

    request_id: str
    service: Service
    used: int
    limit: int
