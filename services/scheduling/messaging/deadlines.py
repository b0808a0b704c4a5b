"""Which timers a fact arms. None is ever cancelled: one whose clock has stopped or moved fires into nothing.

``near``: the last day of a hard limit begins; its own fact arms the limit, so that a request met in time costs one timer.
``clock``: a limit has come; its note names every clock that ends then. ``review``: a person should have decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import engagement_facts as f
from shared.event_store.stored import Stored
from shared.messaging.wiring import Timer

BETWEEN = ","


def _clocks(clocks: Iterable[t.Clock]) -> list[Timer]:
    due: dict[datetime, list[str]] = {}
    timers = []
    for clock in clocks:
        if clock.near_at is not None:
            timers.append(Timer("near", clock.near_at, clock.clock))
        else:
            due.setdefault(clock.due_at, []).append(clock.clock)
    return timers + [Timer("clock", at, BETWEEN.join(names)) for at, names in due.items()]


_ARMED: dict[type, Callable[[Any], Sequence[Timer]]] = {
    f.EngagementGranted: lambda e: _clocks(e.clocks),
    t.ClocksStarted: lambda e: _clocks(e.clocks),
    t.WaitEnded: lambda e: _clocks(e.clocks),
    f.AppointmentArranged: lambda e: _clocks(e.clocks),
    t.ClockNeared: lambda e: (Timer("clock", e.due_at, e.clock),),
    f.ReviewOpened: lambda e: (Timer("review", e.due_at, e.review_id),),
    f.ReviewOverdue: lambda e: (Timer("review", e.next_due_at, e.review_id),),
}


def timers(stored: Stored) -> Sequence[Timer]:
    """The timers that one stored fact arms."""
    armed = _ARMED.get(type(stored.fact))
    return armed(stored.fact) if armed else ()
