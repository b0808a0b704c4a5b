"""What every contract is made of: strict, frozen models and the small shared shapes.

Inbound contracts (what outsiders send) forbid unknown fields; events of ours ignore them, so that contracts can grow.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

Service = Literal[
    "OUTP", "INP", "SURG", "EXAM", "ESCORT", "PROTON", "SO_GLOBAL", "SO_DOM", "SO",
    "PSYCH", "SUBSIDY", "CASE", "TELEDOC", "ADVANCE", "DENTAL", "UNLISTED",
]  # fmt: skip
Product = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
Vendor = Literal["hengyu", "youjia"]
CityCode = Annotated[str, Field(pattern=r"^[1-9][0-9]{5}$", description="GB/T 2260 code of the county or city")]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,63}$", description="a stable code, never free text")]
Ref = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="an opaque reference of ours")]
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def _written_out(value: object) -> object:
    """RFC 3339 in full: pydantic would also take the seconds of an epoch written as text, and a blank for the ``T``."""
    if not isinstance(value, str):
        return value
    if not _RFC3339.fullmatch(value):
        raise ValueError("an instant is written YYYY-MM-DDTHH:MM:SS with its offset")
    return datetime.fromisoformat(value)


def _of_our_times(at: datetime) -> datetime:
    if not FIRST_DAY.year <= at.year <= LAST_DAY.year:
        raise ValueError("an instant lies between 1900 and 2199")
    return at


Instant = Annotated[
    AwareDatetime, BeforeValidator(_written_out), AfterValidator(_of_our_times), Field(description="with its offset")
]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY, description="a day in Asia/Shanghai")]
Fen = Annotated[int, Field(ge=0, le=10_000_000_000, description="whole fen; 100 fen = 1 CNY")]


class Inbound(BaseModel):
    """What an outsider sends: strict types, no unknown fields, no input echoed in errors."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class Event(BaseModel):
    """What a service of ours publishes: strict types; unknown fields are ignored so that contracts can grow."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True)


class Money(Inbound):
    """An amount: ``{"fen": 120000}`` is 1,200.00 CNY."""

    fen: Fen


class DocumentRef(Inbound):
    """A paper by reference; its contents never travel on the bus."""

    kind: Code
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    media_type: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+-]{1,64}$")]
    bytes: Annotated[int, Field(ge=1, le=100_000_000)]
    issued_on: Day | None = None
    received_at: Instant | None = None
    object_id: Ref


class Hospital(Inbound):
    """A hospital as the sender knows it; grade and ownership as in the dated master data, null where unknown."""

    code: Ref
    city_code: CityCode
    grade: Literal["3A", "3B", "3C", "3", "2A", "2B", "2C", "2", "1A", "1B", "1C", "1"] | None = None
    ownership: Literal["public", "private"] | None = None
    military: bool = False
    privately_run_unit: bool = False
    vip_or_international: bool = False


class Year(Event):
    """A policy year: its ordinal in the continuous cover and its half-open days ``[starts_on, ends_on)``."""

    ordinal: int
    starts_on: date
    ends_on: date


class AskedRule(Event):
    """One line of a decision's receipt; the clause is looked up in the edition that the decision names."""

    rule: str
    outcome: Literal["pass", "refuse", "review"]
    reason: str | None = None
    facts: dict[str, object] = {}
    remedy: dict[str, object] = {}
