"""Who decides whether a person may be erased: asks what ties first, writes the deed down, remembers what must wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.front.exits import Exit, Told
from services.front.ties import House, Streams, Tie
from shared.kernel.value import value
from shared.messaging.wiring import Wiring
from shared.privacy.keeping import Keeping, Kept, Wish

View = Callable[[], AbstractAsyncContextManager[tuple[Streams, datetime]]]
Note = Callable[[str, str, str, str], Awaitable[None]]


@value
class Looked:
    """A person as of one snapshot: what ties, and which records are nobody else's."""

    at: datetime
    ties: Sequence[Tie]
    records: Sequence[UUID]


@value
class Erasure:
    """What came of a wish. ``ties``: why it waits; ``kept``: what was deleted, or would be; ``before``: an earlier wish."""

    ties: Sequence[Tie]
    kept: Kept
    before: Wish | None


@value
class Warden:
    """The vault's keeper with what it must ask before deleting.

    ``view``: the services' streams as of one instant, and that instant. ``note`` writes down actor, deed, object, reason.
    A record of somebody who is being erased may pass the door in the moment between asking and deleting: its request is
    opened, and its orders say PARTICULARS_ERASED.
    """

    keeping: Keeping
    wirings: Mapping[str, Wiring]
    view: View
    note: Note

    async def look(self, member_ref: str) -> Looked:
        """What ties a person now."""
        asked = await self.keeping.requests_of(member_ref)
        async with self.view() as (streams, now):
            ties = await House(streams, self.wirings).ties(member_ref, asked, now)
            return Looked(now, ties, await streams.records_of(member_ref))

    async def erase(self, member_ref: str, actor: str, reason: str, *, dry: bool = False) -> Erasure:
        """Erase a person whom nothing ties; remember the wish where something does. Told for a name of nobody."""
        before = await self.keeping.wish_of(member_ref)
        if not (await self.keeping.kept_of(member_ref)).persons:
            if before is None:
                raise Told(Exit.NO, "the vault knows nobody by that reference")
            if before.erased_at is None and not dry:
                await self.keeping.erase(member_ref)
            return Erasure((), Kept(), before)
        looked = await self.look(member_ref)
        kept = await self.keeping.kept_of(member_ref, looked.records)
        if not dry:
            await self.note(actor, "ERASE_MEMBER", member_ref, reason)
            await self.keeping.remember(Wish(member_ref, actor, reason, looked.at, _codes(looked)))
            if not looked.ties:
                await self.keeping.erase(member_ref, looked.records, looked.at)
        return Erasure(looked.ties, kept, before)

    async def carry_out(self, wish: Wish, *, dry: bool = False) -> Sequence[Tie]:
        """Erase the person of a wish that waited, where nothing ties any more; what still does."""
        looked = await self.look(wish.member_ref)
        if dry:
            return looked.ties
        if looked.ties:
            await self.keeping.remember(replace(wish, held_by=_codes(looked)))
        else:
            await self.note(wish.actor, "ERASE_MEMBER_AFTER_WAITING", wish.member_ref, wish.reason)
            await self.keeping.erase(wish.member_ref, looked.records, looked.at)
        return looked.ties


def _codes(looked: Looked) -> tuple[str, ...]:
    return tuple(tie.code for tie in looked.ties)
