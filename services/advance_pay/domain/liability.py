"""``liability/{member_ref}/{year}``: what is left of a member-year's sum insured, shared by all its advances.

remaining = sum insured − claims paid − open holds. A claim is the insurer's decision and is never refused here; where
it takes more than is left, LiabilityExceeded says so.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import Any

from shared.kernel.aggregate import Aggregate
from shared.kernel.value import value

# -- commands -------------------------------------------------------------------------------------------------------


@value
class InsureYear:
    """A grant names the sum insured of the year."""

    sum_insured_fen: int


@value
class HoldLiability:
    """Hold up to a total for one advance. ``owed``: a person let it be advanced, so it is held even beyond the sum."""

    request_id: str
    amount_fen: int
    owed: bool = False


@value
class ReleaseHold:
    """The advance will not be paid, or owes nothing any more."""

    request_id: str
    reason: str


@value
class PayClaim:
    """An adjudicated claim; where it belongs to an advance it takes the place of the hold."""

    claim_key: str
    payable_fen: int
    request_id: str | None = None


# -- facts ----------------------------------------------------------------------------------------------------------


@value
class YearInsured:
    """The sum insured of the member-year."""

    member_ref: str
    year: int
    sum_insured_fen: int


@value
class LiabilityHeld:
    """``amount_fen`` is the whole hold of the request now."""

    member_ref: str
    year: int
    request_id: str
    amount_fen: int
    remaining_fen: int


@value
class HoldReleased:
    """A hold ended without a claim."""

    member_ref: str
    year: int
    request_id: str
    amount_fen: int
    reason: str


@value
class ClaimCounted:
    """``replaced_fen``: the hold that this claim took the place of."""

    member_ref: str
    year: int
    claim_key: str
    payable_fen: int
    request_id: str | None
    replaced_fen: int


@value
class LiabilityExceeded:
    """More is paid and held than is insured: said, not hidden."""

    member_ref: str
    year: int
    paid_fen: int
    held_fen: int
    sum_insured_fen: int


@value
class ClaimRecorded:
    """The record behind a claim was taken, or refused with a reason."""

    cause: str
    record: str
    reason: str | None = None


# -- state ----------------------------------------------------------------------------------------------------------


@value
class LiabilityState:
    """What was paid and what is held."""

    sum_insured_fen: int | None = None
    paid_fen: int = 0
    holds: dict[str, int] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    exceeded: bool = False

    @property
    def held_fen(self) -> int:
        return sum(self.holds.values())

    @property
    def remaining_fen(self) -> int | None:
        """What may still be held; None where no grant has named the sum insured yet."""
        return None if self.sum_insured_fen is None else self.sum_insured_fen - self.paid_fen - self.held_fen


# -- decide ---------------------------------------------------------------------------------------------------------


def decide(command: Any, state: LiabilityState, member_ref: str, year: int) -> list[Any]:
    """The facts of one command. ValueError where a hold is asked for that the caller knew there is no room for."""
    facts: list[Any] = []
    if isinstance(command, InsureYear):
        if command.sum_insured_fen != state.sum_insured_fen:
            facts.append(YearInsured(member_ref, year, command.sum_insured_fen))
    elif isinstance(command, HoldLiability):
        facts += _hold(command, state, member_ref, year)
    elif isinstance(command, ReleaseHold):
        if command.request_id in state.holds:
            held = state.holds[command.request_id]
            facts.append(HoldReleased(member_ref, year, command.request_id, held, command.reason))
    elif isinstance(command, PayClaim) and command.claim_key not in state.claims:
        replaced = state.holds.get(command.request_id or "", 0)
        facts.append(
            ClaimCounted(member_ref, year, command.claim_key, command.payable_fen, command.request_id, replaced)
        )
    return facts + _exceeded(LIABILITY.fold(facts, state), state, member_ref, year)


def _hold(command: HoldLiability, state: LiabilityState, member_ref: str, year: int) -> list[Any]:
    already = state.holds.get(command.request_id, 0)
    if command.amount_fen <= already:
        return []
    left = (state.remaining_fen or 0) + already - command.amount_fen
    if left < 0 and not command.owed:
        raise ValueError(f"{command.request_id}: held beyond what remains of the year")
    return [LiabilityHeld(member_ref, year, command.request_id, command.amount_fen, max(left, 0))]


def _exceeded(after: LiabilityState, before: LiabilityState, member_ref: str, year: int) -> list[Any]:
    if after == before or after.remaining_fen is None or after.remaining_fen >= 0:
        return []
    insured = after.sum_insured_fen or 0
    return [LiabilityExceeded(member_ref, year, after.paid_fen, after.held_fen, insured)]


# -- evolve ---------------------------------------------------------------------------------------------------------


def evolve(state: LiabilityState, fact: Any) -> LiabilityState:
    """The state after one more fact."""
    if isinstance(fact, YearInsured):
        return replace(state, sum_insured_fen=fact.sum_insured_fen)
    if isinstance(fact, LiabilityHeld):
        return replace(state, holds={**state.holds, fact.request_id: fact.amount_fen})
    if isinstance(fact, HoldReleased):
        return replace(state, holds={k: v for k, v in state.holds.items() if k != fact.request_id})
    if isinstance(fact, ClaimCounted):
        return replace(
            state,
            paid_fen=state.paid_fen + fact.payable_fen,
            claims={**state.claims, fact.claim_key: fact.payable_fen},
            holds={k: v for k, v in state.holds.items() if k != fact.request_id},
        )
    if isinstance(fact, LiabilityExceeded):
        return replace(state, exceeded=True)
    if isinstance(fact, ClaimRecorded):
        return replace(state, seen=state.seen | {fact.cause})
    return state


LIABILITY: Aggregate[LiabilityState] = Aggregate("liability", LiabilityState, evolve)
