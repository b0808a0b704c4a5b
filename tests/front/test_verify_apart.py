"""What `greenlane verify` sees of vendors that meet and persons that leak."""

from __future__ import annotations

import pytest

from shared.kernel.ids import named
from tests.front.ground import NOON, Plot, said
from tests.front.planted import (
    OTHER,
    REQUEST,
    a_case,
    answer,
    clock,
    grant,
    someone,
    submitted,
)

pytestmark = pytest.mark.parts


async def test_12_holds_on_vendors_that_keep_to_their_own(plot: Plot) -> None:
    record = await plot.tell("intake", f"request/{REQUEST}", submitted(), subject=REQUEST, source="hengyu")
    await plot.tell("intake", f"request/{REQUEST}", answer(str(record)), subject=REQUEST)
    await plot.holds(12)


async def test_12_sees_a_case_that_another_vendor_moved(plot: Plot) -> None:
    await plot.tell("intake", f"request/{REQUEST}", submitted(), subject=REQUEST, source="hengyu")
    record = await plot.tell("intake", f"request/{OTHER}", submitted("youjia"), subject=OTHER, source="youjia")
    await plot.tell("intake", f"request/{REQUEST}", clock(), subject=REQUEST, correlation=record)
    await plot.fails(12, "goes back to a record of youjia")


async def test_12_sees_an_answer_that_goes_to_another_vendor(plot: Plot) -> None:
    record = await plot.tell("intake", f"request/{REQUEST}", submitted(), subject=REQUEST, source="hengyu")
    await plot.tell("intake", f"request/{REQUEST}", answer(str(record), "youjia"), subject=REQUEST)
    await plot.fails(12, "is of another vendor's case")
    await plot.fails(12, "answers another vendor's record")


async def test_13_holds_where_nobody_is_named(plot: Plot) -> None:
    cipher = await someone(plot)
    await a_case(plot)
    await plot.holds(13, cipher=cipher)


async def test_13_is_not_a_pass_without_the_keys(plot: Plot) -> None:
    assert (await plot.ask(13)).skipped


@pytest.mark.parametrize(
    "leak", ["欧阳明月", "患者欧阳明月女士", "110101199003074514", "tel:13912345678", "x13912345678y"]
)
async def test_13_sees_a_person_in_a_fact(plot: Plot, leak: str) -> None:
    cipher = await someone(plot)
    await plot.tell(
        "entitlement",
        "allowance/m_1/1",
        grant("case-1"),
        said("entitlement", "CountConsumed", request_id="case-1", cause=leak),
    )
    await plot.fails(13, "entitlement.stored_events 2 names a person", cipher=cipher)


async def test_13_sees_a_person_in_a_subject_a_timer_and_a_parked_message(plot: Plot) -> None:
    cipher = await someone(plot)
    await plot.tell("entitlement", "allowance/m_1/1", grant("case-1"), subject="13912345678")
    await plot.tell("intake", f"request/{REQUEST}", clock())
    await plot.sql.execute("UPDATE intake.timers SET note = '欧阳明月'")
    await plot.sql.execute(
        "INSERT INTO subsidy.parked (subject, message_id, source, message, kind, reason, at) "
        "VALUES ('s', $1, 's', convert_to('{\"n\":\"欧阳明月\"}', 'UTF8'), 'poison', 'r', $2)", named("x"), NOON,
    )  # fmt: skip
    for place in ("entitlement.stored_events", "intake.timers", "subsidy.parked"):
        await plot.fails(13, place, cipher=cipher)


async def test_13_sees_a_vault_that_its_own_keys_do_not_open(plot: Plot) -> None:
    cipher = await someone(plot)
    await plot.sql.execute("UPDATE vault.persons SET ciphertext = ciphertext || 'x'::bytea")
    await plot.fails(13, "does not open", cipher=cipher)
