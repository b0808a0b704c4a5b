"""What a batch promises, on both stores."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.event_store.commit import PositionMoved, Race
from tests.walls import toy
from tests.walls.conftest import LATER, Parts
from tests.walls.toy import HOUSE, TOPIC, Closed, Given, Refused, ask


async def said(parts: Parts) -> list[tuple[str, int, str]]:
    return [(r.stream, r.version, r.name) for r in await parts.store.read_after(0, 10_000)]


async def test_a_batch_commits_facts_position_and_inbox_together(parts: Parts) -> None:
    engine = await parts.engine()
    settled = await engine.handle([ask(n, n) for n in range(7)])
    assert settled.facts == 7 and settled.counts == {"accepted": 7}
    assert [n for *_, n in await said(parts)] == ["Given.v1"] * 5 + ["Refused.v1"] * 2
    assert (await parts.store.positions())[TOPIC, 0] == (7, "topic-1")


async def test_the_same_record_twice_has_one_effect_in_a_batch_across_batches_and_across_processes(
    parts: Parts,
) -> None:
    engine = await parts.engine()
    assert (await engine.handle([ask(1, 0), ask(1, 1)])).counts == {"accepted": 1, "duplicate": 1}
    assert (await engine.handle([ask(1, 2)])).counts == {"duplicate": 1}
    other = await parts.engine()
    assert (await other.handle([ask(1, 3), ask(2, 4)])).counts == {"duplicate": 1, "accepted": 1}
    assert len(await said(parts)) == 2


async def test_a_stale_process_is_refused_by_the_position_and_goes_on_after_reading_it_again(parts: Parts) -> None:
    stale, fresh = await parts.engine(), await parts.engine()
    await fresh.handle([ask(1, 0), ask(2, 1)])
    with pytest.raises(PositionMoved):
        await stale.handle([ask(1, 0)])
    await stale.resume()
    assert (await stale.handle([ask(1, 0)])).messages == 0
    assert (await stale.handle([ask(3, 2)])).counts == {"accepted": 1}


async def test_a_stale_cache_is_found_out_by_the_version_and_decides_again(parts: Parts) -> None:
    one, two = await parts.engine(), await parts.engine()
    await one.handle([ask(0, 0)])
    await two.handle([ask(10, 0, partition=1)])
    for n in range(1, 4):
        await one.handle([ask(n, n)])
    await two.handle([ask(11, 1, partition=1), ask(12, 2, partition=1)])
    facts = [n for *_, n in await said(parts)]
    assert facts.count("Given.v1") == 5 and facts.count("Refused.v1") == 2
    assert [v for *_, v, _ in await said(parts)] == list(range(1, 8))


async def test_a_poison_message_parks_its_case_in_order_and_nobody_else(parts: Parts) -> None:
    engine = await parts.engine()
    settled = await engine.handle([ask(0, 0), ask(1, 1, poison=True), ask(2, 2), ask(3, 3, "h2")])
    assert settled.counts == {"accepted": 2, "parked": 2}
    other = await parts.engine()
    assert (await other.handle([ask(4, 4), ask(5, 5, "h2")])).counts == {"parked": 1, "accepted": 1}
    waiting = await parts.store.parked_of("h1")
    assert [m.kind for m in waiting] == ["poison", "follower", "follower"]
    assert (await other.handle([ask(1, 6, poison=True)])).counts == {"duplicate": 1}


async def test_replay_settles_what_was_parked_in_order_at_its_own_instant(parts: Parts) -> None:
    engine = await parts.engine()
    await engine.handle([ask(1, 0, poison=True), ask(2, 1), ask(3, 2)])
    await engine.replay("h1")
    assert len(await parts.store.parked_of("h1")) == 3, "still poison: all stay, in order"
    mended = await parts.engine(toy.wire(mended=True))
    await mended.replay("h1")
    assert await parts.store.parked_of("h1") == []
    rows = await parts.store.read_after(0, 100)
    assert [r.name for r in rows] == ["Given.v1"] * 3 and all(r.at == rows[0].at for r in rows)


async def test_a_case_replayed_by_another_process_is_free_again_for_everybody(parts: Parts) -> None:
    one, mended = await parts.engine(), await parts.engine(toy.wire(mended=True))
    await one.handle([ask(1, 0, poison=True)])
    await mended.replay("h1")
    assert (await one.handle([ask(2, 1)])).counts == {"accepted": 1}


async def test_a_timer_fires_once_when_its_time_has_come_and_not_before(parts: Parts) -> None:
    engine, other = await parts.engine(), await parts.engine()
    await engine.handle([ask(1, 0)])
    assert await parts.store.due_timers(10) == []
    await parts.move(LATER)
    due = await parts.store.due_timers(10)
    assert len(due) == 1
    await engine.fire(due)
    await other.fire(due)
    assert [n for *_, n in await said(parts)] == ["Given.v1", "Closed.v1"]
    assert await parts.store.due_timers(10) == []


async def test_a_timer_of_a_parked_case_queues_behind_it(parts: Parts) -> None:
    engine = await parts.engine()
    await engine.handle([ask(1, 0), ask(2, 1, poison=True)])
    await parts.move(LATER)
    await engine.fire(await parts.store.due_timers(10))
    assert [n for *_, n in await said(parts)] == ["Given.v1"]
    assert [m.kind for m in await parts.store.parked_of("h1")] == ["poison", "follower"]


async def test_an_unreadable_event_of_our_own_is_parked_alone(parts: Parts) -> None:
    engine = await parts.engine()
    broken = replace(ask(1, 0), value=b"{")
    assert (await engine.handle([broken, ask(2, 1)])).counts == {"parked": 1, "accepted": 1}


async def test_what_is_too_large_to_be_published_never_commits(parts: Parts) -> None:
    engine = await parts.engine()
    assert (await engine.handle([ask(1, 0, "h" * 1_000_000), ask(2, 1)])).counts == {"parked": 1, "accepted": 1}


async def test_the_counts_of_a_partition_add_up(parts: Parts) -> None:
    engine = await parts.engine()
    other_type = replace(ask(9, 4), value=(ask(9, 4).value or b"").replace(b"TicketAsked", b"Unheard"))
    await engine.handle([ask(1, 0), ask(1, 1), ask(2, 2, "h2", poison=True), ask(3, 3, "h2"), other_type])
    if hasattr(parts.store, "reads"):
        r = parts.store.reads[TOPIC, 0]
        counts = (r.accepted, r.duplicate, r.quarantined, r.parked, r.ignored)
    else:
        counts = tuple(
            await parts.store.pool.fetchrow(  # type: ignore[attr-defined]
                "SELECT accepted, duplicate, quarantined, parked, ignored FROM positions WHERE partition = 0"
            )
        )
    assert counts == (1, 1, 0, 2, 1)


async def test_a_fired_timer_or_a_moved_version_is_a_race_not_a_loss(parts: Parts) -> None:
    engine = await parts.engine()
    await engine.handle([ask(1, 0)])
    from shared.event_store.commit import Commit

    with pytest.raises(Race):
        await parts.store.append(Commit(expect={HOUSE.stream("h1"): 0}))
    assert {type(f) for f in (Given, Refused, Closed)} == {type}
