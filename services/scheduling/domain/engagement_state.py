"""What an engagement is after its facts. ``evolve`` is total: it never refuses, and leaves alone what it does not know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Any, Literal

from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import engagement_facts as f
from shared.kernel.aggregate import Aggregate
from shared.kernel.instant import day_of
from shared.kernel.value import value

Status = Literal["unknown", "submitted", "dismissed", "arranging", "arranged", "rescheduling", "closed"]
Mark = Literal["running", "asked", "stopped", "breached", "warned", "extended", "missed", "ran_out"]
OPEN: frozenset[Mark] = frozenset({"running", "asked"})
# The vendor's own limits; the call before the visit and the house's watches do not pause.
PAUSABLE = frozenset({"feedback", "complete", "visit_arranged"})


@value
class Running:
    """A clock and what has become of it."""

    clock: t.Clock
    mark: Mark = "running"

    @property
    def open(self) -> bool:
        """Whether nothing has judged or stopped it yet."""
        return self.mark in OPEN


@value
class Engagement:
    """``seen``: outside records already answered. ``review``: the one that waits for a person, if any."""

    status: Status = "unknown"
    request_id: str = ""
    vendor: str = ""
    product: str | None = None
    edition: str | None = None
    member_ref: str = ""
    received_at: datetime | None = None
    granted_at: datetime | None = None
    wished_hospital: str | None = None
    wished_department: str | None = None
    settled: tuple[str, ...] = ()
    accompaniment: Literal["BUNDLED", "OFFERED", "DECLINED", "NONE"] = "NONE"
    quota: Literal["none", "held", "consumed", "released"] = "none"
    withdrawals: tuple[str, ...] = ()
    feedback_at: datetime | None = None
    clocks: Mapping[str, Running] = field(default_factory=dict)
    waiting_since: datetime | None = None
    waiting_for: str = ""
    waits: tuple[tuple[datetime, datetime], ...] = ()
    heard: bool = False
    hard_to_coordinate: bool = False
    appointment: f.Appointment | None = None
    disruption: str = ""
    arrangements: int = 0
    confirmed: bool = False
    review: f.ReviewOpened | None = None
    reviews: int = 0
    cover_ended: str | None = None
    outcome: str | None = None
    seen: frozenset[str] = frozenset()

    @property
    def visit_on(self) -> date | None:
        """The day of the confirmed visit."""
        return day_of(self.appointment.slot_at) if self.appointment else None

    def open_clock(self, step: str) -> t.Clock | None:
        """The clock of a step that nothing has judged or stopped yet."""
        return next((r.clock for r in self.clocks.values() if r.open and r.clock.step == step), None)

    def paused(self, clock: t.Clock) -> bool:
        """Whether a wait for the member that began before the limit is still going on (SLA-D03)."""
        return clock.step in PAUSABLE and self.waiting_since is not None and self.waiting_since < clock.due_at


def _started(clocks: Mapping[str, Running], new: tuple[t.Clock, ...]) -> Mapping[str, Running]:
    return {**clocks, **{c.clock: Running(c) for c in new}}


def _marked(mark: Mark) -> Callable[[Engagement, Any], Engagement]:
    def change(s: Engagement, e: Any) -> Engagement:
        running = s.clocks.get(e.clock) if e.clock else None
        if running is None:
            return s
        return replace(s, clocks={**s.clocks, e.clock: Running(running.clock, mark)})

    return change


def _neared(s: Engagement, e: t.ClockNeared) -> Engagement:
    running = s.clocks.get(e.clock)
    if running is None:
        return s
    return replace(s, clocks={**s.clocks, e.clock: replace(running, clock=replace(running.clock, near_at=None))})


# The two facts of every accepted request build the state outright: `replace` over all fields costs several times more.


def _opened(s: Engagement, e: f.EngagementOpened) -> Engagement:
    return Engagement(
        status="submitted",
        request_id=e.request_id,
        vendor=e.vendor,
        product=e.product,
        received_at=e.received_at,
        heard=s.heard,
        seen=s.seen,
    )


def _granted(s: Engagement, e: f.EngagementGranted) -> Engagement:
    # What the insurer's decision took is nobody's delay: it pauses like a wait for the member.
    waits = ((e.received_at, e.granted_at),) if e.received_at < e.granted_at else ()
    return Engagement(
        status="arranging",
        request_id=e.request_id,
        vendor=e.vendor,
        product=e.product,
        edition=e.edition,
        member_ref=e.member_ref,
        received_at=e.received_at,
        granted_at=e.granted_at,
        wished_hospital=e.hospital,
        wished_department=e.department,
        settled=e.settled,
        accompaniment=e.accompaniment,
        quota="held" if e.held else "none",
        withdrawals=s.withdrawals,
        feedback_at=s.feedback_at,
        clocks=_started({}, e.clocks),
        waiting_since=s.waiting_since,
        waiting_for=s.waiting_for,
        waits=waits + s.waits,
        heard=s.heard,
        seen=s.seen,
    )


def _arranged(s: Engagement, e: f.AppointmentArranged) -> Engagement:
    booking = {k: r for k, r in s.clocks.items() if r.clock.step != "silence"}
    return replace(
        s, status="arranged", appointment=e.appointment, arrangements=e.arrangement, confirmed=False,
        disruption="", clocks=_started(booking, e.clocks),
    )  # fmt: skip


def _voided(s: Engagement, e: f.AppointmentVoided) -> Engagement:
    over = {"confirmation_call"} if e.final else {"confirmation_call", "visit_outcome"}
    clocks = {k: r for k, r in s.clocks.items() if r.clock.step not in over}
    if e.final:
        return replace(s, clocks=clocks)
    return replace(s, status="rescheduling", disruption=e.cause, appointment=None, confirmed=False, clocks=clocks)


def _quota(s: Engagement, e: f.QuotaMoved) -> Engagement:
    after: Mapping[str, Literal["consumed", "released", "held"]] = {
        "consume": "consumed", "release": "released", "restore": "held",
    }  # fmt: skip
    return replace(s, quota=after[e.action])


def _review_closed(s: Engagement, e: f.ReviewClosed) -> Engagement:
    return replace(s, review=None) if s.review and s.review.review_id == e.review_id else s


def _wait_ended(s: Engagement, e: t.WaitEnded) -> Engagement:
    return replace(
        s, waiting_since=None, waiting_for="", waits=(*s.waits, (e.since, e.until)), clocks=_started(s.clocks, e.clocks)
    )


def _review_overdue(s: Engagement, e: f.ReviewOverdue) -> Engagement:
    return replace(s, review=replace(s.review, due_at=e.next_due_at)) if s.review else s


_EVOLVE: dict[type, Callable[[Engagement, Any], Engagement]] = {
    f.EngagementOpened: _opened,
    f.EngagementGranted: _granted,
    f.EngagementDismissed: lambda s, e: replace(s, status="dismissed", outcome=e.outcome),
    f.WithdrawalRemembered: lambda s, e: replace(s, withdrawals=(*s.withdrawals, e.record)),
    f.FeedbackRemembered: lambda s, e: replace(s, feedback_at=e.at),
    f.RecordApplied: lambda s, e: replace(s, seen=s.seen | {e.record}, heard=True),
    f.RecordRefused: lambda s, e: replace(s, seen=s.seen | {e.record}, heard=True),
    t.ClocksStarted: lambda s, e: replace(s, clocks=_started(s.clocks, e.clocks)),
    t.ClockNeared: _neared,
    t.ClockAsked: _marked("asked"),
    t.ClockStopped: _marked("stopped"),
    t.ClockBreached: _marked("breached"),
    t.ClockWarned: _marked("warned"),
    t.ClockExtended: _marked("extended"),
    t.ClockRanOut: _marked("ran_out"),
    t.DutyMissed: _marked("missed"),
    t.WaitStarted: lambda s, e: replace(s, waiting_since=e.since, waiting_for=e.waiting_for),
    t.WaitEnded: _wait_ended,
    f.HospitalHardToCoordinate: lambda s, _: replace(s, hard_to_coordinate=True),
    f.AppointmentArranged: _arranged,
    f.AppointmentVoided: _voided,
    f.QuotaMoved: _quota,
    f.VisitConfirmed: lambda s, _: replace(s, confirmed=True),
    f.AccompanimentDeclined: lambda s, _: replace(s, accompaniment="DECLINED"),
    f.ReviewOpened: lambda s, e: replace(s, review=e, reviews=s.reviews + 1),
    f.ReviewClosed: _review_closed,
    f.ReviewOverdue: _review_overdue,
    f.CoverEndKept: lambda s, e: replace(s, cover_ended=e.reason),
    f.EngagementFinished: lambda s, e: replace(s, status="closed", outcome=e.outcome),
}


def evolve(state: Engagement, fact: Any) -> Engagement:
    """The engagement after one fact."""
    change = _EVOLVE.get(type(fact))
    return change(state, fact) if change else state


ENGAGEMENT: Aggregate[Engagement] = Aggregate("engagement", Engagement, evolve)
