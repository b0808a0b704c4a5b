"""What is said in ``allowance/{member_ref}/{year}``."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from shared.kernel.value import value

Phase = Literal["held", "consumed", "released", "uncounted"]
Action = Literal["consume", "release", "restore"]


@value
class GrantOpened:
    """One grant of the year; its count, where it has one, is held."""

    request_id: str
    policy_ref: str
    service: str
    limit: int | None
    judged_at: datetime


@value
class CountConsumed:
    """held → consumed."""

    request_id: str
    cause: str


@value
class CountReleased:
    """held → released; from consumed only by what never consumes (ENT-D04)."""

    request_id: str
    cause: str


@value
class CountRestored:
    """consumed → held: the same count waits for the new slot (SCH-D02)."""

    request_id: str
    cause: str


@value
class HoldConflicted:
    """A verdict met a count that is not where the verdict supposes it: a person decides."""

    request_id: str
    action: Action
    cause: str
    phase: str


@value
class CountCorrected:
    """A person put the count where it belongs."""

    request_id: str
    phase: Phase


@value
class LimitExceeded:
    """More is used than the limit allows, by a correction: said, not hidden."""

    request_id: str
    service: str
    used: int
    limit: int


@value
class GrantClosed:
    """The performer has finished; the count stays where it is."""

    request_id: str
    outcome: str


@value
class CoverEndTold:
    """The performer of an open grant is told that the cover ended (ENT-D11, ENT-D16, ENT-D21)."""

    request_id: str
    reason: str


Fact = (
    GrantOpened
    | CountConsumed
    | CountReleased
    | CountRestored
    | HoldConflicted
    | CountCorrected
    | LimitExceeded
    | GrantClosed
    | CoverEndTold
)
