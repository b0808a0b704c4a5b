"""What `greenlane verify` sees of records, effects and streams; and that it is silent where nothing is wrong."""

from __future__ import annotations

import pytest

from shared.kernel.ids import named
from tests.front.ground import NOON, Plot
from tests.front.planted import (
    a_case,
    grant,
)

pytestmark = pytest.mark.parts


# -- 1: the counts


async def test_1_holds_on_records_that_are_counted_once(plot: Plot) -> None:
    await a_case(plot)
    await plot.holds(1)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE entitlement.positions SET accepted = accepted + 1", "counts 2 records but read 1"),
        ("UPDATE entitlement.positions SET next = next + 1", "counts 1 records but read 2"),
        ("DELETE FROM entitlement.inbox", "0 inbox rows"),
        ("UPDATE entitlement.positions SET parked = 1, accepted = 0", "parked"),
    ],
)
async def test_1_sees_a_record_that_was_lost_or_counted_twice(plot: Plot, sql: str, words: str) -> None:
    await a_case(plot)
    await plot.sql.execute(sql)
    await plot.fails(1, words)


async def test_1_sees_raw_bytes_that_nobody_counted(plot: Plot) -> None:
    await a_case(plot)
    await plot.sql.execute("UPDATE entitlement.positions SET quarantined = 1, next = next + 1")
    for n in range(2):
        await plot.sql.execute(
            'INSERT INTO vault.quarantine (id, topic, partition, "offset", reason, pointer, raw, headers, at) '
            "VALUES ($1, 't', 0, $2, 'NOT_JSON', '', '', '', $3)", named("q", str(n)), n, NOON,
        )  # fmt: skip
    await plot.fails(1, "raw bytes of 2")


async def test_1_sees_a_house_that_must_be_quiet_and_is_not(plot: Plot) -> None:
    await a_case(plot)
    await plot.fails(1, "not quiet", busy="intake has 3 timers due", must_be_quiet=True)


# -- 2: one effect


async def test_2_holds_on_one_effect_a_message(plot: Plot) -> None:
    await a_case(plot)
    await plot.holds(2)


async def test_2_sees_a_message_that_took_effect_twice(plot: Plot) -> None:
    cause = await plot.tell("entitlement", "allowance/m_1/1", grant("case-1"))
    state = (
        b'{"request_id":"case-2","policy_ref":"p","service":"OUTP","limit":2,"judged_at":"2026-09-24T12:00:00+08:00"}'
    )
    await plot.row("entitlement", "allowance/m_1/1", 2, "GrantOpened.v1", state, cause=cause, n=0)
    await plot.fails(2, "took effect more than once")


async def test_2_sees_facts_of_no_message(plot: Plot) -> None:
    await plot.tell("entitlement", "allowance/m_1/1", grant("case-1"), cause=named("nobody"))
    await plot.fails(2, "neither an applied message nor a timer")


async def test_2_sees_a_parked_mark_without_a_parked_message(plot: Plot) -> None:
    await a_case(plot)
    await plot.sql.execute("UPDATE entitlement.inbox SET outcome = 'parked'")
    await plot.fails(2, "nothing is parked")


# -- 3, 4, 11: streams


async def test_3_4_and_11_hold_on_whole_streams(plot: Plot) -> None:
    await a_case(plot)
    await a_case(plot, "case-2")
    for number in (3, 4, 11):
        await plot.holds(number)


async def test_3_sees_a_gap(plot: Plot) -> None:
    await a_case(plot)
    await plot.sql.execute("ALTER TABLE entitlement.stored_events DISABLE TRIGGER ALL")
    await plot.sql.execute("UPDATE entitlement.stored_events SET originator_version = 3")
    await plot.sql.execute("ALTER TABLE entitlement.stored_events ENABLE TRIGGER ALL")
    await plot.fails(3, "versions from 3 to 3")


async def test_3_sees_that_facts_could_be_changed(plot: Plot) -> None:
    await a_case(plot)
    await plot.sql.execute("ALTER TABLE entitlement.stored_events DISABLE TRIGGER stored_events_are_final")
    await plot.fails(3, "nothing keeps stored events")


async def test_4_sees_an_order_that_is_none(plot: Plot) -> None:
    await a_case(plot)
    await a_case(plot, "case-2")
    await plot.sql.execute("ALTER TABLE entitlement.stored_events DISABLE TRIGGER ALL")
    await plot.sql.execute("UPDATE entitlement.stored_events SET notification_id = 10 - originator_version")
    await plot.sql.execute("ALTER TABLE entitlement.stored_events ENABLE TRIGGER ALL")
    await plot.fails(4, "lies before the one it follows")


async def test_4_sees_a_relay_ahead_of_its_store(plot: Plot) -> None:
    await a_case(plot)
    await plot.sql.execute("UPDATE entitlement.relay SET published = 99")
    await plot.fails(4, "beyond the last position")


@pytest.mark.parametrize(
    ("stream", "name", "state", "words"),
    [
        ("allowance/m_1/1", "GrantOpened.v1", b"{}", "can't be read"),
        ("allowance/m_1/1", "NeverHeardOf.v1", b"{}", "can't be read"),
        ("nothing/m_1", "GrantClosed.v1", b'{"request_id":"a","outcome":"B"}', "nobody knows what"),
    ],
)
async def test_11_sees_a_stream_that_can_not_be_replayed(
    plot: Plot, stream: str, name: str, state: bytes, words: str
) -> None:
    await plot.row("entitlement", stream, 1, name, state, cause=named("x"))
    await plot.fails(11, words)
