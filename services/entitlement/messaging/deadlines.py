"""Which deadlines a fact arms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.entitlement.domain.cover_facts import (
    CoverIssued,
    CoverRenewed,
    ForceChanged,
    MembersCalled,
    SumInsuredChanged,
)
from services.entitlement.domain.eligibility_facts import Granted, PapersAsked, ReviewCalled, WaitStarted
from services.entitlement.domain.member import MemberJoined, MemberLeft
from shared.event_store.stored import Stored
from shared.kernel.instant import start_of
from shared.messaging.wiring import Timer, Timers


def timers(members_a_step: int) -> Timers:
    """Fact → timers. ``members_a_step``: how many members one firing looks at."""

    def arm(stored: Stored) -> Sequence[Timer]:
        fact = stored.fact
        if isinstance(fact, Granted):  # the hot path arms nothing
            return ()
        match fact:
            case WaitStarted(ask_again_at=instants):
                last = len(instants) - 1
                return [Timer("ask-again", at, "last" if n == last else "") for n, at in enumerate(instants)]
            case PapersAsked():
                return [Timer("papers-due", fact.until)]
            case ReviewCalled():
                return [Timer("review-due", fact.due_at, fact.review_id)]
            case MembersCalled():
                since = fact.since.isoformat()
                return [
                    Timer("members-called", stored.at, f"{n} {since}") for n in range(0, fact.members, members_a_step)
                ]
        return _of_cover(stored)

    return arm


def _of_cover(stored: Stored) -> Sequence[Timer]:
    match stored.fact:
        case CoverIssued(serves_until=end):
            return [_changed(stored, start_of(end))]
        case CoverRenewed(serves_until=end, effective_on=begins_on):
            begins = start_of(begins_on)
            backdated = [_changed(stored, begins)] if begins < stored.at else []
            return [_changed(stored, start_of(end)), *backdated]
        case ForceChanged(effective_at=at) | SumInsuredChanged(effective_at=at):
            return [_changed(stored, at)]
        case MemberLeft(policy_ref=policy_ref, left_at=at):
            return [Timer("member-changed", max(at, stored.at), f"{policy_ref} {at.isoformat()}")]
        case MemberJoined(policy_ref=policy_ref, covered_from=day, reconsider=True) if start_of(day) < stored.at:
            return [Timer("member-changed", stored.at, f"{policy_ref} {start_of(day).isoformat()}")]
    return ()


def _changed(stored: Stored, since: datetime) -> Timer:
    """Due when the change takes effect; at once where that lies in the past."""
    return Timer("cover-changed", max(since, stored.at), since.isoformat())
