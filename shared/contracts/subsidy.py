"""What subsidy says on ``greenlane.subsidy.events.v1`` beside the words every performer uses (`shared.contracts.messaging`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from shared.contracts.base import AskedRule, Code, Event, Fen, Product, Ref, Vendor
from shared.contracts.vendor import LineNo

Pool = Literal["in_province", "out_of_province"]


class SubsidyApplied(Event):
    """An application was granted and is assessed. ``applied_at`` is the call (SUB-32); in time before ``apply_until``."""

    request_id: str
    vendor: Vendor
    applied_at: datetime
    anchor_on: date | None = None
    apply_until: datetime | None = None


class ApprovedLine(Event):
    """One approved line. ``payable_fen`` < ``claimed_fen`` where the cap or a person cut it; 0 where the cap was met."""

    line: LineNo
    claimed_fen: Fen
    payable_fen: Fen
    receipt: list[AskedRule]


class SubsidyApproved(Event):
    """Lines approved together: core pays ``payable_fen`` once, naming the request. Several rounds may follow (SUB-33)."""

    request_id: str
    member_ref: Ref
    policy_ref: Ref
    product: Product
    edition: str
    year: int
    round: int
    pool: Pool
    lines: list[ApprovedLine]
    claimed_fen: Fen
    payable_fen: Fen
    capped: bool
    receipt: list[AskedRule]


class RefusedLine(Event):
    """One refused line with all its reasons."""

    line: LineNo
    claimed_fen: Fen
    reasons: list[AskedRule]


class SubsidyRefused(Event):
    """Lines refused together; clauses are looked up in the edition."""

    request_id: str
    edition: str
    lines: list[RefusedLine]


class SubsidyPaid(Event):
    """Approved money was paid. ``lines`` are done; a part payment that finance accepted may name none."""

    request_id: str
    payment_key: str
    amount_fen: Fen
    lines: list[LineNo]
    paid_at: datetime


class LineEnded(Event):
    """How a line ended; ``complete_at``: since when its papers were complete (SLA-24, SLA-47)."""

    line: LineNo
    ending: Literal["approved", "capped", "paid", "refused", "expired", "closed"]
    claimed_fen: Fen
    payable_fen: Fen
    complete_at: datetime | None = None
    ended_at: datetime


class SubsidyClosed(Event):
    """Every line has ended."""

    request_id: str
    product: str
    outcome: Code
    claimed_fen: Fen
    approved_fen: Fen
    paid_fen: Fen
    lines: list[LineEnded]


class CapReached(Event):
    """Nothing is left of a pool in this policy year (SUB-11, SUB-12)."""

    request_id: str
    policy_ref: Ref
    pool: Pool
    limit_fen: Fen


class PaymentAwaited(Event):
    """Approved money is still to come; it is looked at again at ``until``."""

    request_id: str
    until: datetime


class SuspenseSettled(Event):
    """What finance made of suspended money: so much counts as paid, the rest is to be returned."""

    request_id: str
    payment_key: str
    applied_fen: Fen
    returned_fen: Fen
