"""What `greenlane verify` sees of requests that are forgotten and timers that do not follow."""

from __future__ import annotations

import pytest

from shared.kernel.ids import named
from tests.front.ground import NOON, Plot, said
from tests.front.planted import (
    REQUEST,
    Planting,
    clock,
    closed,
    review,
    submitted,
)

pytestmark = pytest.mark.parts


# -- 8: nobody is forgotten


async def closing(plot: Plot) -> None:
    await plot.tell("intake", f"request/{REQUEST}", closed(), subject=REQUEST)


async def timing(plot: Plot) -> None:
    await plot.tell("intake", f"request/{REQUEST}", clock(), subject=REQUEST)


async def parking(plot: Plot) -> None:
    await plot.sql.execute(
        "INSERT INTO subsidy.parked (subject, message_id, source, message, kind, reason, at) "
        "VALUES ($1, $2, 's', '', 'poison', 'r', $3)", REQUEST, named("x"), NOON,
    )  # fmt: skip


async def reviewing(plot: Plot) -> None:
    opened = said("scheduling", "EngagementOpened", request_id=REQUEST, vendor="hengyu", product="A", received_at=NOON)
    await plot.tell("scheduling", f"engagement/{REQUEST}", opened, review(f"{REQUEST}-S1"), subject=REQUEST)


@pytest.mark.parametrize("stand", [closing, timing, parking, reviewing])
async def test_8_holds_on_requests_that_stand_somewhere(plot: Plot, stand: Planting) -> None:
    await plot.tell("intake", f"request/{REQUEST}", submitted(), subject=REQUEST)
    await stand(plot)
    await plot.holds(8)


async def test_8_sees_a_request_that_nobody_will_move(plot: Plot) -> None:
    await plot.tell("intake", f"request/{REQUEST}", submitted(), clock(), subject=REQUEST)
    await plot.sql.execute("UPDATE intake.timers SET fired_at = due_at")
    await plot.fails(8, "nothing and nobody will move it")


async def test_8_is_silent_while_something_is_under_way(plot: Plot) -> None:
    await plot.tell("intake", f"request/{REQUEST}", submitted(), subject=REQUEST)
    found = await plot.ask(8, quiet=False)
    assert found.violated == 0
    assert any("under way, or forgotten" in note for note in found.notes)


async def test_8_sees_a_review_without_a_date(plot: Plot) -> None:
    await plot.tell("intake", f"request/{REQUEST}", submitted(), subject=REQUEST)
    await reviewing(plot)
    await plot.sql.execute("DELETE FROM scheduling.timers")
    await plot.fails(8, "no timer for its date")


# -- 9: timers


async def test_9_holds_on_timers_that_follow_from_facts(plot: Plot) -> None:
    await plot.tell("intake", f"request/{REQUEST}", clock(), subject=REQUEST)
    await plot.sql.execute("UPDATE intake.timers SET fired_at = due_at")
    await plot.holds(9)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("DELETE FROM intake.timers", "is not stored"),
        ("UPDATE intake.timers SET due_at = due_at + interval '1 minute'", "stored otherwise"),
        ("UPDATE intake.timers SET note = 'another'", "stored otherwise"),
        ("UPDATE intake.timers SET fired_at = due_at - interval '1 second'", "fired early"),
        (
            "UPDATE greenlane_clock.clock SET at = '2026-09-24 12:05+08'; UPDATE intake.timers SET fired_at = due_at",
            "early",
        ),
        ("UPDATE intake.timers SET fired_at = NULL", "overdue and nothing is under way"),
    ],
)
async def test_9_sees_timers_that_do_not_follow(plot: Plot, sql: str, words: str) -> None:
    await plot.tell("intake", f"request/{REQUEST}", clock(), subject=REQUEST)
    await plot.sql.execute("UPDATE intake.timers SET fired_at = due_at")
    await plot.sql.execute(sql)
    await plot.fails(9, words)


async def test_9_sees_a_timer_that_no_fact_arms(plot: Plot) -> None:
    await plot.tell("intake", f"request/{REQUEST}", clock(), subject=REQUEST)
    await plot.sql.execute("UPDATE intake.timers SET fired_at = due_at")
    await plot.sql.execute(
        "INSERT INTO intake.timers (id, stream, name, due_at, note, subject, bus_key, correlation, fired_at) "
        "SELECT $1, stream, name, due_at, note, subject, bus_key, correlation, fired_at FROM intake.timers", named("extra"),
    )  # fmt: skip
    await plot.fails(9, "2 timers are stored, the facts arm 1")


async def test_9_sees_facts_of_a_timer_that_has_not_fired(plot: Plot) -> None:
    await plot.tell("intake", f"request/{REQUEST}", clock(), subject=REQUEST)
    timer = await plot.sql.fetchval("SELECT id FROM intake.timers")
    await plot.tell("intake", f"request/{REQUEST}", closed(), subject=REQUEST, cause=timer)
    await plot.fails(9, "has not fired")
