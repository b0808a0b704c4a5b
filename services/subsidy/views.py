"""Read models: rows in (states), rows out. Lines of a claim for the desk; what is left of a member's caps."""

from __future__ import annotations

from datetime import datetime

from services.subsidy.domain.caps import CapsState
from services.subsidy.domain.claim_state import ClaimState
from services.subsidy.domain.claimed import Pool
from shared.handbook.model import SubsidyTerms
from shared.kernel.value import value

POOLS: tuple[Pool, ...] = ("in_province", "out_of_province")


@value
class LineRow:
    """One line: where it stands, and for which papers it waits."""

    line: int
    item: str
    claimed_fen: int
    payable_fen: int
    standing: str
    waits_for: tuple[str, ...]
    expires_at: datetime | None


@value
class PoolRow:
    """One pool of one policy year: approved = held + paid."""

    pool: Pool
    limit_fen: int
    held_fen: int
    paid_fen: int
    left_fen: int


def lines_of(state: ClaimState) -> list[LineRow]:
    """The lines of a claim, in order; the claim's own papers are waited for by every open line."""
    rows: list[LineRow] = []
    for number, line in sorted(state.lines.items()):
        open_ = line.standing == "open"
        waits = {name: ask.expires_at for (of, name), ask in state.waits.items() if open_ and of in (0, number)}
        rows.append(
            LineRow(
                line=number,
                item=line.expense.item,
                claimed_fen=line.expense.amount_fen,
                payable_fen=line.payable_fen,
                standing=line.standing,
                waits_for=tuple(sorted(waits)),
                expires_at=min(waits.values(), default=None),
            )
        )
    return rows


def pools_of(state: CapsState, policy_ref: str, terms: SubsidyTerms) -> list[PoolRow]:
    """Both caps of one policy in one year."""
    limits = {"in_province": terms.cap_in_province_fen, "out_of_province": terms.cap_out_of_province_fen}
    rows: list[PoolRow] = []
    for pool in POOLS:
        uses = [u for u in state.uses.values() if (u.policy_ref, u.pool) == (policy_ref, pool)]
        held, paid = sum(u.held_fen for u in uses), sum(u.paid_fen for u in uses)
        rows.append(PoolRow(pool, limits[pool], held, paid, max(0, limits[pool] - held - paid)))
    return rows
