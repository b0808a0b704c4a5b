"""The performer's verdicts on a count, and the end of its work."""

from __future__ import annotations

from typing import Literal

from services.entitlement.application.ground import Ground
from services.entitlement.domain import allowance, eligibility
from services.entitlement.domain.allowance import ALLOWANCE, CloseGrant, SettleCount
from services.entitlement.domain.allowance_facts import HoldConflicted
from services.entitlement.domain.eligibility import ELIGIBILITY
from services.entitlement.domain.eligibility_commands import CallReview
from shared.kernel.law import Asked, Receipt
from shared.messaging.wiring import Desk


def settle_count(
    ground: Ground, desk: Desk, request_id: str, action: Literal["consume", "release", "restore"], cause: str
) -> None:
    """What becomes of a held count (ENT-D04). A verdict that meets a closed count goes to a person."""
    state = desk.load(ELIGIBILITY, ELIGIBILITY.stream(request_id))
    if state.phase != "granted" or state.year is None:
        return
    stream = ALLOWANCE.stream(state.member_ref, state.year)
    facts = allowance.decide(SettleCount(request_id, action, cause), desk.load(ALLOWANCE, stream))
    desk.record(ALLOWANCE, stream, *facts)
    for fact in facts:
        if isinstance(fact, HoldConflicted):
            said = {"action": action.upper(), "cause": cause, "count": fact.phase.upper()}
            receipt = Receipt((Asked("ENT-D04", "review", "HOLD_CONFLICT", dict(said)),))
            call = CallReview("conflict", receipt, ground.review_due(desk.at), action)
            desk.record(ELIGIBILITY, ELIGIBILITY.stream(request_id), *eligibility.decide(call, state))


def close_grant(desk: Desk, request_id: str, outcome: str) -> None:
    """The performer has finished: nothing more is told of the cover."""
    state = desk.load(ELIGIBILITY, ELIGIBILITY.stream(request_id))
    if state.phase != "granted" or state.year is None:
        return
    stream = ALLOWANCE.stream(state.member_ref, state.year)
    desk.record(ALLOWANCE, stream, *allowance.decide(CloseGrant(request_id, outcome), desk.load(ALLOWANCE, stream)))
