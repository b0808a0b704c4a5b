"""The member withdraws: entitlement answers where nothing was granted, the performer where something was."""

from __future__ import annotations

from services.entitlement.domain import eligibility
from services.entitlement.domain.eligibility import ELIGIBILITY
from services.entitlement.domain.eligibility_commands import Withdraw
from shared.messaging.wiring import Desk


def withdraw(desk: Desk, request_id: str) -> None:
    """Withdraw a request that was not granted."""
    stream = ELIGIBILITY.stream(request_id)
    state = desk.load(ELIGIBILITY, stream)
    if state.filed is None:
        return
    command = Withdraw(str(desk.cause), str(state.application["service"]), str(state.application["vendor"]))
    desk.record(ELIGIBILITY, stream, *eligibility.decide(command, state))
