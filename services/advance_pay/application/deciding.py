"""Fetch what the law needs, ask it, hand back facts: the one way into ``advance/`` and what follows for ``liability/``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import liability as share
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain.advance import ADVANCE, decide
from services.advance_pay.domain.advance_state import AdvanceState
from services.advance_pay.domain.liability import LIABILITY
from services.advance_pay.domain.terms import OperatingTerms, Terms
from shared.calendar import Calendar
from shared.handbook.model import Editions
from shared.messaging.wiring import Desk


@dataclass(frozen=True)
class House:
    """What the handlers of this service work with."""

    editions: Editions
    calendar: Calendar
    operating: OperatingTerms = field(default_factory=OperatingTerms)

    def terms(self, edition: str = "") -> Terms:
        """The terms of a case: its own edition, or none before the grant."""
        return Terms(self.calendar, self.editions.get(edition) if edition else None, self.operating)


def advance_of(desk: Desk, request_id: str) -> AdvanceState:
    """The case of a request; phase ``absent`` where it is another service's."""
    return desk.load(ADVANCE, ADVANCE.stream(request_id))


def liability_of(desk: Desk, request_id: str, state: AdvanceState) -> c.Liability:
    """What is left of the member-year of a granted case."""
    year = desk.load(LIABILITY, LIABILITY.stream(state.member_ref, state.year))
    held = year.holds.get(request_id, 0)
    insured = state.sum_insured_fen if year.sum_insured_fen is None else year.sum_insured_fen
    return c.Liability(
        sum_insured_fen=insured, paid_fen=year.paid_fen, held_by_others_fen=year.held_fen - held, held_fen=held
    )


def carry_out(desk: Desk, house: House, command: c.Command, *, opens: bool = False) -> list[Any]:
    """Ask the law about one command and record what follows; nothing where the case is not ours.

    ``opens``: the command may begin the case. Topics have no order among themselves: the grant may come first.
    """
    stream = ADVANCE.stream(command.request_id)
    state = desk.new(ADVANCE, stream) if isinstance(command, c.OpenCase) else desk.load(ADVANCE, stream)
    if state.phase == "absent" and not opens:
        return []
    edition = command.granted.edition if isinstance(command, c.GrantCase) else state.edition
    facts = decide(command, state, house.terms(edition))
    if facts:
        after = desk.record(ADVANCE, stream, *facts)
        follow_with_liability(desk, command.request_id, after, facts)
    return facts


def follow_with_liability(desk: Desk, request_id: str, after: AdvanceState, facts: Iterable[Any]) -> None:
    """What the facts of a case mean for the member-year, in the same append."""
    for fact in facts:
        asked = _asked(request_id, after, fact)
        if asked is not None:
            change_liability(desk, asked, after.member_ref, after.year)


def _asked(request_id: str, after: AdvanceState, fact: Any) -> Any:
    match fact:
        case f.AdvanceGranted():
            return share.InsureYear(fact.sum_insured_fen)
        case m.PreReviewDecided(decision="approved"):
            return share.HoldLiability(request_id, fact.amount_fen)
        case m.SuspenseCleared(became="ADVANCED"):
            return share.HoldLiability(request_id, after.advanced_fen, owed=True)
        case f.CaseClosed() | f.CaseFinished():
            return share.ReleaseHold(request_id, fact.outcome)
    return None


def change_liability(desk: Desk, command: Any, member_ref: str, year: int) -> None:
    """One command to ``liability/{member_ref}/{year}``."""
    stream = LIABILITY.stream(member_ref, year)
    facts = share.decide(command, desk.load(LIABILITY, stream), member_ref, year)
    if facts:
        desk.record(LIABILITY, stream, *facts)
