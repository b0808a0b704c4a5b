"""What people of ours decide, on ``operations.commands.v1``: always with an actor, a role and a reason code."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.base import Code, Inbound, Instant, Money, Ref


class Actor(Inbound):
    """Who decided. ``id`` is a staff number, never a name."""

    id: Ref
    role: Literal["medical_reviewer", "operations", "finance", "insurer"]


class ReviewDecided(Inbound):
    """A person's answer to a review: the review's id as published in ReviewOpened. ``note`` goes to the vault."""

    review_id: Ref
    request: Ref
    actor: Actor
    decision: Literal["grant", "refuse"]
    reason: Code
    amount: Money | None = None
    pool: Literal["in_province", "out_of_province"] | None = None
    note: Annotated[str, Field(max_length=2000)] | None = None
    decided_at: Instant | None = None


class WriteOffOrdered(Inbound):
    """Finance gives up what is still outstanding on an advance (ADV-D03)."""

    request: Ref
    actor: Actor
    amount: Money
    reason: Code
