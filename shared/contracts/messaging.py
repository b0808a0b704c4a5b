"""What any service may say, in the same words: answers to records, clocks that are due, reviews, the end of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from shared.contracts.base import AskedRule, Code, Event, Fen, Service, Vendor


class RecordAnswered(Event):
    """The second stage of a receipt, said by the one service that owns the record's type. ``cause`` names the record."""

    cause: str
    answer: Literal["applied", "refused"]
    reason: Code | None = None
    rule: str | None = None
    pointer: str | None = None


class ClockDue(Event):
    """A clock's limit has come. Nothing breaches before intake answers NothingHeard with the same ``clock`` and ``due_at``."""

    request_id: str
    clock: str
    due_at: datetime


class ReviewOpened(Event):
    """A person must decide. ``review_id`` = ``<request_id>-<letter of the service><n>``; owner = the role that decides."""

    review_id: str
    request_id: str
    owner: Literal["medical_reviewer", "operations", "finance", "insurer"]
    reasons: list[AskedRule]
    due_at: datetime


class ReviewClosed(Event):
    """A person decided."""

    review_id: str
    request_id: str
    decision: Literal["grant", "refuse"]
    reason: Code
    actor: str


class WorkOrderIssued(Event):
    """What the vendor is to do, in references; intake adds the person at the last moment."""

    request_id: str
    vendor: Vendor
    service: Service
    action: Code
    details: dict[str, object] = {}


class OutcomeTold(Event):
    """What became of a vendor's case, for the vendor: changed, cancelled, refused … with reasons."""

    request_id: str
    vendor: Vendor
    service: Service
    outcome: Code
    reasons: list[AskedRule] = []
    details: dict[str, object] = {}


class RequestFinished(Event):
    """The performer's final fact: intake closes the request on it."""

    request_id: str
    service: Service
    outcome: Code


class QuotaSettled(Event):
    """Said by the performer after a grant, heard by entitlement: what becomes of the hold (ENT-D04)."""

    request_id: str
    action: Literal["consume", "release", "restore"]
    cause: Code


class SuspenseRaised(Event):
    """Money that nobody approved (ADV-D03, SUB-D03): in the suspense account, and in review."""

    request_id: str | None = None
    amount_fen: Fen
    reason: Code
