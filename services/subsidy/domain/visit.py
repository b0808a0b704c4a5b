"""What scheduling said of a visit, kept for the claims that name it: arranged, attended, voided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from shared.kernel.aggregate import Aggregate
from shared.kernel.value import value

# -- commands --------------------------------------------------------------------------------------------------------


@value
class KeepArranged:
    """A visit was arranged, or arranged anew."""

    member_ref: str
    hospital_city: str
    visit_on: date


@value
class KeepAttended:
    """The member was seen."""

    attended_on: date


@value
class KeepVoided:
    """The visit will not take place then, or was missed; not ``final``: another slot is being looked for."""

    reason: str
    final: bool = True


Command = KeepArranged | KeepAttended | KeepVoided

# -- facts -----------------------------------------------------------------------------------------------------------


@value
class VisitKnown:
    """A confirmed visit."""

    member_ref: str
    hospital_city: str
    visit_on: date


@value
class VisitSeen:
    """The member was seen."""

    attended_on: date


@value
class VisitVoided:
    """No visit, or (not ``final``) none yet."""

    reason: str
    final: bool


# -- state -----------------------------------------------------------------------------------------------------------


@value
class VisitState:
    """The visit as last heard of."""

    standing: Literal["unknown", "confirmed", "voided"] = "unknown"
    member_ref: str | None = None
    hospital_city: str | None = None
    visit_on: date | None = None
    attended: bool = False


# -- decide ----------------------------------------------------------------------------------------------------------


def decide(command: Command, state: VisitState) -> list[object]:
    """Keep what is new. An attended visit is never voided: care was given."""
    if isinstance(command, KeepArranged):
        same = (state.hospital_city, state.visit_on) == (command.hospital_city, command.visit_on)
        if state.attended or (same and state.standing == "confirmed"):
            return []
        return [VisitKnown(command.member_ref, command.hospital_city, command.visit_on)]
    if isinstance(command, KeepAttended):
        return [] if state.attended else [VisitSeen(command.attended_on)]
    standing = "voided" if command.final else "unknown"
    return [] if state.attended or state.standing == standing else [VisitVoided(command.reason, command.final)]


# -- evolve ----------------------------------------------------------------------------------------------------------


def evolve(state: VisitState, fact: Any) -> VisitState:
    """The visit after one fact."""
    if isinstance(fact, VisitKnown):
        return replace(
            state,
            standing="confirmed",
            member_ref=fact.member_ref,
            hospital_city=fact.hospital_city,
            visit_on=fact.visit_on,
        )
    if isinstance(fact, VisitSeen):
        return replace(state, standing="confirmed", visit_on=fact.attended_on, attended=True)
    if isinstance(fact, VisitVoided):
        return replace(state, standing="voided" if fact.final else "unknown")
    return state


VISIT: Aggregate[VisitState] = Aggregate("visit", VisitState, evolve)
