"""Keeping what scheduling says of a visit, for the claims that will name it."""

from __future__ import annotations

from services.subsidy.domain.visit import VISIT, Command, decide
from shared.messaging.wiring import Desk


def keep(desk: Desk, request_id: str, command: Command, first: bool = False) -> None:
    """Keep what is new of one visit; of the ``first`` word of it nothing is read."""
    stream = VISIT.stream(request_id)
    facts = decide(command, desk.new(VISIT, stream) if first else desk.load(VISIT, stream))
    if facts:
        desk.record(VISIT, stream, *facts)
