"""Timers whose time has come become messages: in order of (due_at, id), once, committed with the facts they cause."""

from __future__ import annotations

from shared.event_store.commit import Store
from shared.messaging.engine import Engine

FIRE_MAX = 500


async def fire_due(engine: Engine, store: Store) -> int:
    """Fire what is due by the store's clock; how many timers were settled."""
    due = await store.due_timers(FIRE_MAX)
    if not due:
        return 0
    return (await engine.fire(due)).messages
