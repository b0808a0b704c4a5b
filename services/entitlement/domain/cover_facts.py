"""What is said in ``cover/{policy_ref}``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from services.entitlement.domain.answers import RecordApplied, RecordRefused
from shared.kernel.value import value

Force = Literal["lapsed", "suspended", "reinstated"]


@value
class CoverIssued:
    """The first term. ``serves_until``: the first day no longer served (ENT-12, ENT-14, ENT-15)."""

    cause: str
    product: str
    purchased_at: datetime
    issued_at: datetime
    effective_on: date
    ends_on: date
    serves_until: date
    sum_insured_fen: int


@value
class CoverRenewed:
    """A further term."""

    cause: str
    purchased_at: datetime
    effective_on: date
    ends_on: date
    serves_until: date
    sum_insured_fen: int


@value
class ForceChanged:
    """Lapsed, suspended or reinstated from an instant on, which may lie before or after it was said."""

    cause: str
    force: Force
    effective_at: datetime


@value
class SumInsuredChanged:
    """A new sum insured from an instant on."""

    cause: str
    sum_insured_fen: int
    effective_at: datetime


@value
class MemberListed:
    """A person is on the list."""

    member_ref: str


@value
class MembersCalled:
    """Every member's cases are looked at, so many at a time: each step is a timer of its own."""

    since: datetime
    members: int


Fact = (
    CoverIssued
    | CoverRenewed
    | ForceChanged
    | SumInsuredChanged
    | MemberListed
    | MembersCalled
    | RecordApplied
    | RecordRefused
)
