"""What is kept in the vault and for how long: wishes for erasure, what has passed its time, what an older key wraps."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.kernel.value import value


@value
class Wish:
    """Somebody asked for a person's erasure. ``held_by``: what it waited for when last looked at; no more than codes."""

    member_ref: str
    actor: str
    reason: str
    at: datetime
    held_by: tuple[str, ...] = ()
    erased_at: datetime | None = None


@value
class Kept:
    """How much of one person is here."""

    persons: int = 0
    accounts: int = 0
    notes: int = 0
    addresses: int = 0


@value
class Old:
    """How much has passed its time."""

    addresses: int = 0
    raws: int = 0


@value
class FirstNamed:
    """A person's reference, and the record that first named the person."""

    member_ref: str
    by: UUID


class Keeping(Protocol):
    """The part of the vault that deletes and rewraps; it never decides whether it may."""

    async def remember(self, wish: Wish) -> None:
        """Keep a wish for erasure. One that waits stays the first one and takes the new ``held_by``."""
        ...

    async def wish_of(self, member_ref: str) -> Wish | None:
        """The last wish to erase this person, carried out or not."""
        ...

    async def wishes(self) -> list[Wish]:
        """Those that wait, the oldest first."""
        ...

    async def requests_of(self, member_ref: str) -> list[str]:
        """The requests that the door believes to be this person's."""
        ...

    async def kept_of(self, member_ref: str, records: Collection[UUID] = ()) -> Kept:
        """How much `erase` would delete."""
        ...

    async def erase(self, member_ref: str, records: Collection[UUID] = (), at: datetime | None = None) -> bool:
        """Delete a person with key, accounts, notes and the addresses of these records; whether there was one.

        A wish that waited is carried out ``at`` this instant (absent: now).
        """
        ...

    async def first_named_before(self, at: datetime) -> list[FirstNamed]:
        """Persons whose first record is older than this, or forgotten already."""
        ...

    async def old_before(self, at: datetime, sparing: Collection[UUID] = ()) -> Old:
        """How much `forget_before` would delete."""
        ...

    async def forget_before(self, at: datetime, sparing: Collection[UUID] = ()) -> int:
        """Delete addresses (but of records to be spared) and raw bytes older than this; how many rows."""
        ...

    async def stale(self) -> dict[str, int]:
        """How many rows of each kind an older key wraps or seals."""
        ...

    async def rewrap(self, limit: int) -> int:
        """Bring up to ``limit`` rows that an older key wraps or seals under the active one; how many were."""
        ...
