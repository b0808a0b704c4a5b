"""``allowance/{member_ref}/{year}``: every grant of one member-year and what became of its count (ENT-D04).

The year is an ordinal and several policies of a person may have a year of that number, so counts are kept per policy
(INT-D02). Of a count, held + consumed never exceed the limit; only a person's correction may, and then it is said.
"""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime

from services.entitlement.domain.allowance_facts import (
    Action,
    CountConsumed,
    CountCorrected,
    CountReleased,
    CountRestored,
    CoverEndTold,
    Fact,
    GrantClosed,
    GrantOpened,
    HoldConflicted,
    LimitExceeded,
    Phase,
)
from shared.kernel.aggregate import Aggregate
from shared.kernel.value import value

# -- commands ---------------------------------------------------------------------------------------------------------


@value
class OpenGrant:
    """A request is granted; ``limit`` None: nothing is counted."""

    request_id: str
    policy_ref: str
    service: str
    limit: int | None
    judged_at: datetime


@value
class SettleCount:
    """The performer says what becomes of the count. ``never_consumes``: a cause that gives it back even if consumed."""

    request_id: str
    action: Action
    cause: str


@value
class CorrectCount:
    """A person upholds a verdict that met a closed count."""

    request_id: str
    action: Action


@value
class CloseGrant:
    """The performer has finished."""

    request_id: str
    outcome: str


@value
class TellEnd:
    """The cover behind an open grant has ended."""

    request_id: str
    reason: str


Command = OpenGrant | SettleCount | CorrectCount | CloseGrant | TellEnd

# -- state ------------------------------------------------------------------------------------------------------------


@value
class Grant:
    """One grant. ``told``: why its cover ended, once its performer was told."""

    policy_ref: str
    service: str
    phase: Phase
    limit: int | None
    judged_at: datetime
    open: bool = True
    told: str | None = None
    conflicts: tuple[tuple[str, str], ...] = ()


@value
class Allowance:
    """The grants of one member-year by request."""

    grants: dict[str, Grant] = field(default_factory=dict)


def used(allowance: Allowance, policy_ref: str, service: str, besides: str = "") -> int:
    """Held + consumed of one service under one policy."""
    return sum(
        g.service == service and g.policy_ref == policy_ref and g.phase in ("held", "consumed")
        for request_id, g in allowance.grants.items()
        if request_id != besides
    )


# -- the law ----------------------------------------------------------------------------------------------------------

# ENT-D04: vendor, hospital, expert or force majeure never consumes, even after the consume point; INT-37: nor does a
# void duplicate. By the names of the matrix and by those under which a disruption is reported.
NEVER_CONSUME = frozenset({
    "VENDOR_FAILURE", "HOSPITAL_OR_EXPERT_FAILURE", "FORCE_MAJEURE", "VOID_DUPLICATE", "EXPERT_SUSPENDED",
    "HOSPITAL_REASON", "EPIDEMIC", "NATURAL_DISASTER", "DUPLICATE_BOOKING",
})  # fmt: skip
_AFTER: dict[Action, Phase] = {"consume": "consumed", "release": "released", "restore": "held"}


def decide(command: Command, allowance: Allowance) -> list[Fact]:
    """The facts a command brings about; a grant for which there is no room brings about none."""
    if isinstance(command, OpenGrant):
        return _open(command, allowance)
    grant = allowance.grants.get(command.request_id)
    if grant is None:
        return []
    match command:
        case SettleCount():
            return _settle(command, grant)
        case CorrectCount():
            return _correct(command, grant, allowance)
        case CloseGrant():
            return [GrantClosed(command.request_id, command.outcome)] if grant.open else []
        case TellEnd():
            tell = grant.open and grant.told is None
            return [CoverEndTold(command.request_id, command.reason)] if tell else []


def _open(command: OpenGrant, allowance: Allowance) -> list[Fact]:
    if command.request_id in allowance.grants:
        return []
    if command.limit is not None and used(allowance, command.policy_ref, command.service) >= command.limit:
        return []
    return [GrantOpened(command.request_id, command.policy_ref, command.service, command.limit, command.judged_at)]


def _settle(command: SettleCount, grant: Grant) -> list[Fact]:
    if grant.phase in ("uncounted", _AFTER[command.action]):
        return []
    if (command.action, command.cause) in grant.conflicts:
        return []
    match grant.phase, command.action:
        case "held", "consume":
            return [CountConsumed(command.request_id, command.cause)]
        case "held", "release":
            return [CountReleased(command.request_id, command.cause)]
        case "consumed", "restore":
            return [CountRestored(command.request_id, command.cause)]
        case "consumed", "release" if command.cause in NEVER_CONSUME:
            return [CountReleased(command.request_id, command.cause)]
    return [HoldConflicted(command.request_id, command.action, command.cause, grant.phase)]


def _correct(command: CorrectCount, grant: Grant, allowance: Allowance) -> list[Fact]:
    phase = _AFTER[command.action]
    if grant.phase in ("uncounted", phase):
        return []
    facts: list[Fact] = [CountCorrected(command.request_id, phase)]
    now = used(allowance, grant.policy_ref, grant.service, besides=command.request_id) + (phase != "released")
    if grant.limit is not None and now > grant.limit:
        facts.append(LimitExceeded(command.request_id, grant.service, now, grant.limit))
    return facts


def evolve(allowance: Allowance, fact: Fact) -> Allowance:
    """The member-year after a fact."""
    if isinstance(fact, GrantOpened):
        phase: Phase = "uncounted" if fact.limit is None else "held"
        opened = Grant(fact.policy_ref, fact.service, phase, fact.limit, fact.judged_at)
        return Allowance({**allowance.grants, fact.request_id: opened})
    grant = allowance.grants.get(fact.request_id)
    if grant is None:
        return allowance
    return Allowance({**allowance.grants, fact.request_id: _after(grant, fact)})


def _after(grant: Grant, fact: Fact) -> Grant:
    match fact:
        case CountConsumed():
            return replace(grant, phase="consumed")
        case CountReleased():
            return replace(grant, phase="released")
        case CountRestored():
            return replace(grant, phase="held")
        case CountCorrected():
            return replace(grant, phase=fact.phase)
        case GrantClosed():
            return replace(grant, open=False)
        case CoverEndTold():
            return replace(grant, told=fact.reason)
        case HoldConflicted():
            return replace(grant, conflicts=(*grant.conflicts, (fact.action, fact.cause)))
        case _:
            return grant


ALLOWANCE = Aggregate("allowance", Allowance, evolve)
