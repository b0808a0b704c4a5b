"""The two annual caps of one member: approved amounts held, then paid; approved never exceeds a cap.

``subsidy/{member_ref}/{year}``, year = ordinal of the policy year of the date of care. Every policy has its own caps
(INT-D02), so that the pools of one stream are counted per policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from services.subsidy.domain.claimed import Pool
from services.subsidy.domain.trip import SERVICE
from shared.handbook.model import Edition
from shared.kernel.aggregate import Aggregate
from shared.kernel.law import Answer, Pass, Receipt, Rule, ask, rule
from shared.kernel.value import value

# -- commands --------------------------------------------------------------------------------------------------------


@value
class HoldApproved:
    """Hold what a round of a claim approved."""

    request_id: str
    round: int
    policy_ref: str
    pool: Pool
    amount_fen: int
    limit_fen: int


@value
class RecordPaid:
    """A round, or a part of it, was paid."""

    request_id: str
    round: int
    amount_fen: int
    paid_before_fen: int


@value
class ReleaseUnpaid:
    """What is held and will not be paid goes back into the pool."""

    request_id: str
    round: int


Command = HoldApproved | RecordPaid | ReleaseUnpaid

# -- facts -----------------------------------------------------------------------------------------------------------


@value
class CapHeld:
    """An approved amount is held against a pool; ``left_fen`` remains."""

    request_id: str
    round: int
    policy_ref: str
    pool: Pool
    held_fen: int
    limit_fen: int
    left_fen: int


@value
class CapPaid:
    """Held money was paid: it stays used."""

    request_id: str
    round: int
    paid_fen: int


@value
class CapReleased:
    """Held money will not be paid: it is free again."""

    request_id: str
    round: int
    released_fen: int


# -- state -----------------------------------------------------------------------------------------------------------


@value
class Use:
    """What one round of one claim uses of a pool."""

    policy_ref: str
    pool: Pool
    held_fen: int
    paid_fen: int = 0

    @property
    def used_fen(self) -> int:
        """Approved money: held or paid."""
        return self.held_fen + self.paid_fen


@value
class CapsState:
    """Every use of the year, by (request, round)."""

    uses: Mapping[tuple[str, int], Use] = field(default_factory=dict)

    def used_fen(self, policy_ref: str, pool: Pool) -> int:
        """What is held and paid of one policy's pool."""
        return sum(u.used_fen for u in self.uses.values() if (u.policy_ref, u.pool) == (policy_ref, pool))

    def claims(self, policy_ref: str) -> int:
        """How many claims of a policy use this year's caps (never a limit: ENT-36, ENT-D02)."""
        return len({request for (request, _), use in self.uses.items() if use.policy_ref == policy_ref})


# -- RULES -----------------------------------------------------------------------------------------------------------


@value
class ShareCase:
    """Amounts approved by the law of the lines, in order, against what is left of a pool."""

    pool: Pool
    used_fen: int
    amounts_fen: Sequence[int]
    edition: Edition


def _cap(case: ShareCase, pool: Pool, limit_fen: int) -> Answer:
    if case.pool != pool:
        return None
    return Pass({"pool": pool, "limit_fen": limit_fen, "left_fen": max(0, limit_fen - case.used_fen)})


@rule("SUB-11", "money")
def in_province_cap(case: ShareCase) -> Answer:
    """In-province trips: at most the printed amount per policy year."""
    return _cap(case, "in_province", case.edition.subsidy.cap_in_province_fen)


@rule("SUB-12", "money")
def out_of_province_cap(case: ShareCase) -> Answer:
    """Out-of-province trips: at most the printed amount per policy year."""
    return _cap(case, "out_of_province", case.edition.subsidy.cap_out_of_province_fen)


@rule("SUB-D03", "money")
def over_the_cap_is_paid_in_part(case: ShareCase) -> Answer:
    """What exceeds the cap is cut, never refused for that alone; refused items do not use the cap."""
    return Pass({"approved_fen": sum(case.amounts_fen)})


RULES: tuple[Rule[ShareCase], ...] = (in_province_cap, out_of_province_cap, over_the_cap_is_paid_in_part)


@value
class Share:
    """What of each amount is payable, with the receipt."""

    payable_fen: tuple[int, ...]
    limit_fen: int
    receipt: Receipt


def share(case: ShareCase) -> Share:
    """Amounts filled in order from what is left; the last one that fits is cut (SUB-D03), the rest gets nothing."""
    service = case.edition.service(SERVICE)
    receipt = ask([one for one in RULES if service.follows(one.id)], case)
    caps = [asked.facts for asked in receipt.asked if "limit_fen" in asked.facts]
    limit_fen = min((int(one["limit_fen"]) for one in caps), default=sum(case.amounts_fen) + case.used_fen)
    left_fen = max(0, limit_fen - case.used_fen)
    partly = any(asked.rule == "SUB-D03" for asked in receipt.asked)
    payable: list[int] = []
    for amount_fen in case.amounts_fen:
        part = min(amount_fen, left_fen) if partly or amount_fen <= left_fen else 0
        payable.append(part)
        left_fen -= part
    return Share(tuple(payable), limit_fen, receipt)


# -- decide ----------------------------------------------------------------------------------------------------------


def decide(command: Command, state: CapsState) -> list[object]:
    """What becomes of the year's caps. A hold beyond the limit is a broken promise of the caller: ValueError."""
    known = state.uses.get((command.request_id, command.round))
    if isinstance(command, HoldApproved):
        if known is not None or command.amount_fen == 0:
            return []
        left_fen = command.limit_fen - state.used_fen(command.policy_ref, command.pool) - command.amount_fen
        if left_fen < 0:
            raise ValueError(f"{command.request_id}: {-left_fen} fen over the cap of {command.pool}")
        return [
            CapHeld(
                command.request_id, command.round, command.policy_ref, command.pool,
                command.amount_fen, command.limit_fen, left_fen,
            )
        ]  # fmt: skip
    if known is None:
        return []
    if isinstance(command, RecordPaid):
        if known.paid_fen != command.paid_before_fen or command.amount_fen > known.held_fen:
            return []
        return [CapPaid(command.request_id, command.round, command.amount_fen)]
    return [CapReleased(command.request_id, command.round, known.held_fen)] if known.held_fen else []


# -- evolve ----------------------------------------------------------------------------------------------------------


def evolve(state: CapsState, fact: Any) -> CapsState:
    """The year after one fact."""
    if isinstance(fact, CapHeld):
        use = Use(fact.policy_ref, fact.pool, fact.held_fen)
    elif isinstance(fact, CapPaid):
        use = state.uses[fact.request_id, fact.round]
        use = replace(use, held_fen=use.held_fen - fact.paid_fen, paid_fen=use.paid_fen + fact.paid_fen)
    elif isinstance(fact, CapReleased):
        use = state.uses[fact.request_id, fact.round]
        use = replace(use, held_fen=use.held_fen - fact.released_fen)
    else:
        return state
    return CapsState({**state.uses, (fact.request_id, fact.round): use})


CAPS: Aggregate[CapsState] = Aggregate("subsidy", CapsState, evolve)
