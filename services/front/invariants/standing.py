"""8: nobody is forgotten: every request is closed, or has a live timer, or is parked, or before a person with a date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.front.invariants.ground import Finding, Ground, kind_of
from shared.kernel.value import value

_LIVE = """
SELECT subject FROM "{s}".timers WHERE fired_at IS NULL UNION
SELECT substring(stream FROM '[^/]*$') FROM "{s}".timers WHERE fired_at IS NULL
"""
_PARKED = "SELECT DISTINCT subject FROM \"{s}\".parked WHERE state = 'parked'"
_DATED = 'SELECT count(*) FROM "{s}".timers WHERE due_at = $1 AND (stream = $2 OR subject = $3)'


@value
class _Review:
    """A review that was opened and not closed."""

    service: str
    stream: str
    request: str
    owner: str
    due_at: datetime


async def nobody_is_forgotten(ground: Ground) -> Finding:
    """Every request that came in stands somewhere."""
    found = Finding()
    if "intake" not in ground.wirings:
        found.skipped = "without intake there are no requests"
        return found
    came, closed = await _requests(ground)
    waiting = await _subjects(ground, _LIVE)
    parked = await _subjects(ground, _PARKED)
    reviews = await _open_reviews(ground, closed)
    with_person = {review.request for review in reviews}
    for request in came:
        stands = request in closed or request in waiting or request in parked or request in with_person
        found.expect(stands or not ground.quiet, f"{request} is open, and nothing and nobody will move it")
        if not stands and not ground.quiet:
            found.notes.append(f"{request} is under way, or forgotten: ask again when it is quiet")
    for review in reviews:
        await _judge(ground, review, found)
    open_ones = len(came - closed)
    found.notes.append(f"{len(came)} requests, {open_ones} open, {len(reviews)} reviews, {len(parked)} parked cases")
    return found


async def _requests(ground: Ground) -> tuple[set[str], set[str]]:
    came: set[str] = set()
    closed: set[str] = set()
    async for stored in ground.facts("intake", "position", "Submitted", "Closed"):
        (came if kind_of(stored) == "Submitted" else closed).add(stored.stream.rpartition("/")[2])
    return came, closed


async def _subjects(ground: Ground, query: str) -> set[str]:
    return {row[0] for service in ground.wirings for row in await ground.fetch(query.format(s=service))}


async def _open_reviews(ground: Ground, closed: set[str]) -> list[_Review]:
    """Reviews as the published language tells them."""
    reviews: dict[str, _Review] = {}
    for service, wiring in ground.wirings.items():
        async for stored in ground.facts(service):
            try:
                said = wiring.outbound(stored)
            except Exception:  # noqa: S112 - invariant 5 tells of facts that can't be published
                continue
            for one in said:
                event: Any = one.data
                if one.type == "ReviewOpened.v1":
                    reviews[event.review_id] = _Review(
                        service, stored.stream, event.request_id, event.owner, event.due_at
                    )
                elif one.type == "ReviewClosed.v1":
                    reviews.pop(event.review_id, None)
    return [review for review in reviews.values() if review.request not in closed]


async def _judge(ground: Ground, review: _Review, found: Finding) -> None:
    dated = await ground.value(_DATED.format(s=review.service), review.due_at, review.stream, review.request)
    found.expect(bool(dated), f"{review.service}: a review of {review.request} has no timer for its date")
    found.expect(bool(review.owner), f"{review.service}: a review of {review.request} has no owner")
