"""Whatever is said in whatever order: counts move legally, closed stays closed, every open case can be woken."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from services.scheduling.domain.engagement import ENGAGEMENT
from tests.services.scheduling.scheduling_kit import REQUEST, WIRING, Case, at, edition_of

EXAMPLES = 600 if os.environ.get("GREENLANE_TEST_SCALE") == "soak" else 120
START = at("2026-04-10T10:00")
WORDS = st.sampled_from([
    "contact", "response", "wait", "resume", "papers", "unstartable", "records", "withdraw", "propose", "doubtful",
    "bad", "call", "company", "hard", "attend", "miss", "disrupt", "duplicate", "decline", "grant", "refuse", "cover",
    "nothing", "nothing", "review_due", "deny", "open", "again",
])  # fmt: skip
STEPS = st.lists(st.tuples(WORDS, st.integers(0, 60)), max_size=25)


def sayings(case: Case, word: str, now: Any) -> c.Command | None:
    record, s = case.record(), case.state
    slot: dict[str, Any] = {
        "hospital": "H1",
        "city": "310100",
        "department": "D",
        "expert_rank": "chief",
        "network_confirmed": True,
    }
    made: dict[str, Any] = {
        "contact": lambda: c.HearContact(record, now, "feedback"),
        "response": lambda: c.HearContact(record, now, "first_response"),
        "wait": lambda: c.StartWait(record, now, "documents"),
        "resume": lambda: c.EndWait(record, now),
        "papers": lambda: c.TakePapers(record, now),
        "unstartable": lambda: c.ReportNotStartable(record, now, "NO"),
        "records": lambda: c.DeclineRecords(record, now),
        "withdraw": lambda: c.Withdraw(record, now),
        "propose": lambda: c.Propose(record, now, slot_at=now + timedelta(days=3), grade="3A", ownership="public", **slot),
        "doubtful": lambda: c.Propose(record, now, slot_at=now + timedelta(days=3), **slot),
        "bad": lambda: c.Propose(record, now, slot_at=now + timedelta(days=3), grade="2A", ownership="public", **slot),
        "call": lambda: c.ReportCall(record, now, True),
        "company": lambda: c.DeclineCompany(record, now),
        "hard": lambda: c.ReportHardToCoordinate(record, now),
        "attend": lambda: (
            c.Attend(record, max(now, s.appointment.slot_at), s.visit_on) if s.appointment and s.visit_on else None
        ),
        "miss": lambda: c.Miss(record, max(now, s.appointment.slot_at) if s.appointment else now, 100),
        "disrupt": lambda: c.Disrupt(record, now, "expert_suspended"),
        "duplicate": lambda: c.Disrupt(record, now, "duplicate_booking"),
        "decline": lambda: c.DeclineSlot(record, now),
        "cover": lambda: c.EndCover("LAPSE", now),
        "deny": lambda: c.Dismiss("DENIED"),
        "open": lambda: c.Open(REQUEST, "hengyu", case.product, now),
        "again": lambda: c.Grant(REQUEST, "hengyu", case.product, edition_of(case.product), "cn", "m-1", True, now),
    }  # fmt: skip
    if word in ("grant", "refuse"):
        return c.DecideReview(record, now, s.review.review_id, word, "X", "s-1", "operations") if s.review else None  # type: ignore[arg-type]
    if word == "review_due":
        return c.RemindReview(s.review.review_id, s.review.due_at) if s.review else None
    command: c.Command | None = made[word]()
    return command


def awake(case: Case) -> bool:
    """Invariant 8: closed, not ours any more, in review with its timer, or with a clock that can still be asked."""
    s = case.state
    return (
        s.status in ("unknown", "submitted", "dismissed", "closed")
        or s.review is not None
        or any(r.open and not s.paused(r.clock) for r in s.clocks.values())
    )


def run(product: str, steps: list[tuple[str, int]], granted: bool) -> Case:
    case = Case(product).open()
    if granted:
        case.grant()
    now = START
    for word, hours in steps:
        now += timedelta(hours=hours)
        was_closed = case.state.status == "closed"
        if word == "nothing":
            clocks = [r.clock for r in case.state.clocks.values() if r.open]
            if not clocks:
                continue
            clock = min(clocks, key=lambda k: k.due_at)
            now = max(now, clock.due_at)
            facts = case.silence(clock.clock)
        else:
            command = sayings(case, word, now)
            if command is None:
                continue
            facts = case.do(command)
            assert case.do(command) == [], "the same command twice adds nothing"
        if was_closed:
            assert all(isinstance(fact, f.RecordApplied | f.RecordRefused) for fact in facts)
        assert awake(case), (word, case.facts)
    return case


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from("AB"), STEPS, st.booleans())
def test_the_count_moves_legally_and_closed_stays_closed(
    product: str, steps: list[tuple[str, int]], granted: bool
) -> None:
    case = run(product, steps, granted)
    quota = "held"
    for action in case.quota():
        legal = {"consume": "held", "release": "held", "restore": "consumed"}
        assert quota == legal[action], case.quota()
        quota = {"consume": "consumed", "release": "released", "restore": "held"}[action]
    assert case.quota().count("consume") - case.quota().count("restore") <= 1
    finished = [fact for fact in case.facts if isinstance(fact, f.EngagementFinished)]
    assert len(finished) == (case.state.status == "closed")
    if finished:
        assert quota != "held", case.facts


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(st.sampled_from("AB"), STEPS)
def test_every_record_is_answered_once_and_every_fact_is_kept(product: str, steps: list[tuple[str, int]]) -> None:
    case = run(product, steps, True)
    answered = [fact.record for fact in case.facts if isinstance(fact, f.RecordApplied | f.RecordRefused)]
    assert len(answered) == len(set(answered))
    book = WIRING.facts
    kept = [book.decode(book.name_of(fact), book.encode(fact)) for fact in case.facts]
    assert kept == case.facts
    assert ENGAGEMENT.fold(kept) == case.state
