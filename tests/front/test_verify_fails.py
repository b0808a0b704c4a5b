"""Every invariant of `greenlane verify` sees what was planted against it, and is silent where nothing was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.kernel.ids import named
from shared.kernel.law import Asked
from shared.ledger import Entry, Posting, post
from tests.front.ground import NOON, Plot, fixed_cipher, said

pytestmark = pytest.mark.parts
REQUEST = "11111111-1111-5111-8111-111111111111"
OTHER = "22222222-2222-5222-8222-222222222222"
APPLICATION = {
    "request_id": REQUEST, "service": "OUTP", "vendor": "hengyu", "hotline": "400", "member_ref": "m_1",
    "member_known": True, "cause": "illness",
}  # fmt: skip
Planting = Callable[[Plot], Awaitable[None]]


def grant(request: str, limit: int | None = 2) -> Any:
    return said(
        "entitlement", "GrantOpened", request_id=request, policy_ref="p_1", service="OUTP", limit=limit, judged_at=NOON
    )


def submitted(vendor: str = "hengyu") -> Any:
    return said(
        "intake", "Submitted", record=str(named("r")), case="c", call="k", vendor=vendor, hotline="400", service="OUTP",
        member_ref="m_1", product="A", routed_by=(), received_at=NOON, application=APPLICATION,
    )  # fmt: skip


def closed() -> Any:
    return said(
        "intake", "Closed", vendor="hengyu", service="OUTP", first=str(named("r")), member_ref="m_1", outcome="DONE",
        said_by="scheduling",
    )  # fmt: skip


def clock() -> Any:
    return said(
        "intake", "ResponseClockStarted", clock="A-ADV-RESPONSE", rule="SLA-31", basis="hard", edition="A-v1",
        started_at=NOON, due_at=NOON + timedelta(minutes=30), inclusive=True, calendar="x", proof=("2026-09-24 counted x",),
    )  # fmt: skip


def review(review_id: str) -> Any:
    return said(
        "scheduling", "ReviewOpened", review_id=review_id, kind="proposal", owner="operations",
        reasons=(Asked("ENT-51", "review", "SPECIAL_HOSPITAL"),), due_at=NOON + timedelta(days=7),
    )  # fmt: skip


async def a_case(plot: Plot, stream: str = "case-1") -> None:
    """Something true: a count of two, used once."""
    await plot.tell("entitlement", "allowance/m_1/1", grant(stream))


# -- 1: the counts ----------------------------------------------------------------------------------------------------


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


# -- 2: one effect ----------------------------------------------------------------------------------------------------


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


# -- 3, 4, 11: streams --------------------------------------------------------------------------------------------------


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


# -- 6: quotas ----------------------------------------------------------------------------------------------------------


async def test_6_holds_up_to_the_limit_and_beyond_it_where_that_was_said(plot: Plot) -> None:
    await a_case(plot, "case-1")
    await a_case(plot, "case-2")
    await plot.holds(6)
    released = said("entitlement", "CountReleased", request_id="case-1", cause="CANCELLED")
    await plot.tell("entitlement", "allowance/m_1/1", released)
    await a_case(plot, "case-3")
    await plot.holds(6)
    await plot.tell(
        "entitlement", "allowance/m_1/1", said("entitlement", "CountCorrected", request_id="case-1", phase="consumed"),
        said("entitlement", "LimitExceeded", request_id="case-1", service="OUTP", used=3, limit=2),
    )  # fmt: skip
    await plot.holds(6)


async def test_6_sees_one_count_too_many(plot: Plot) -> None:
    for n in range(3):
        await a_case(plot, f"case-{n}")
    await plot.fails(6, "3 of 2 OUTP")


async def test_6_sees_a_correction_that_nobody_recognised(plot: Plot) -> None:
    for n in range(2):
        await a_case(plot, f"case-{n}")
    await plot.tell(
        "entitlement", "allowance/m_1/1", said("entitlement", "CountReleased", request_id="case-0", cause="X")
    )
    await a_case(plot, "case-3")
    await plot.tell(
        "entitlement", "allowance/m_1/1", said("entitlement", "CountCorrected", request_id="case-0", phase="held")
    )
    await plot.fails(6, "3 of 2 OUTP")


async def test_6_sees_a_request_granted_twice(plot: Plot) -> None:
    await plot.tell("entitlement", "allowance/m_1/1", grant("case-1", None))
    await plot.tell("entitlement", "allowance/m_1/2", grant("case-1", None))
    await plot.fails(6, "case-1 was granted 2 times")


async def test_6_sees_liability_beyond_the_sum_insured(plot: Plot) -> None:
    held = {"member_ref": "m_1", "year": 1, "remaining_fen": 0}
    await plot.tell(
        "advance_pay", "liability/m_1/1",
        said("advance_pay", "YearInsured", member_ref="m_1", year=1, sum_insured_fen=100),
        said("advance_pay", "LiabilityHeld", request_id="a", amount_fen=60, **held),
    )  # fmt: skip
    await plot.holds(6)
    await plot.tell(
        "advance_pay", "liability/m_1/1", said("advance_pay", "LiabilityHeld", request_id="b", amount_fen=41, **held)
    )
    await plot.fails(6, "101 fen paid and held of 100")


async def test_6_sees_a_cap_that_is_exceeded(plot: Plot) -> None:
    held = {"round": 1, "policy_ref": "p_1", "pool": "in_province", "limit_fen": 100, "left_fen": 0}
    await plot.tell("subsidy", "subsidy/m_1/1", said("subsidy", "CapHeld", request_id="a", held_fen=70, **held))
    await plot.tell(
        "subsidy", "subsidy/m_1/1", said("subsidy", "CapReleased", request_id="a", round=1, released_fen=50)
    )
    await plot.tell("subsidy", "subsidy/m_1/1", said("subsidy", "CapHeld", request_id="b", held_fen=80, **held))
    await plot.holds(6)
    await plot.tell("subsidy", "subsidy/m_1/1", said("subsidy", "CapHeld", request_id="c", held_fen=1, **held))
    await plot.fails(6, "101 fen of 100 of in_province")


# -- 7: money -----------------------------------------------------------------------------------------------------------


def advanced(fen: int, receipt: str = "r1", outstanding: int | None = None) -> Any:
    return said(
        "advance_pay", "DepositAdvanced", amount_fen=fen, receipt_key=receipt, advanced_fen=fen,
        outstanding_fen=fen if outstanding is None else outstanding, paid_at=None,
    )  # fmt: skip


def posted(posting: Posting) -> Any:
    return said("advance_pay", "Posted", posting=posting)


def deposit(fen: int, posting_id: str = "p1") -> Any:
    return posted(post(posting_id, "DEPOSIT", {"advanced": fen, "funds": -fen}))


def settled(fen: int, left: int) -> Any:
    return said(
        "advance_pay", "AdvanceSettled", bill_fen=0, deposit_fen=0, returned_fen=fen, net_fen=0, outstanding_fen=left,
        originals="paper",
    )  # fmt: skip


async def test_7_holds_on_a_book_that_balances(plot: Plot) -> None:
    returned = posted(post("p2", "HOSPITAL_RETURN", {"funds": 40, "advanced": -40}))
    await plot.tell("advance_pay", f"advance/{REQUEST}", deposit(100), advanced(100), returned, settled(40, 60))
    await plot.holds(7)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ((deposit(100), advanced(90, outstanding=100)), "(ADV-D03)"),
        ((deposit(100), advanced(100, outstanding=90)), "says 90 outstanding, the book 100"),
        ((deposit(100), advanced(100), settled(40, 100)), "(ADV-D03)"),
        ((deposit(100), deposit(50), advanced(150)), "a posting stands in the book twice"),
        ((deposit(100), advanced(50, outstanding=100), advanced(50, outstanding=100)), "was advanced 2 times"),
        ((posted(post("p1", "X", {"advanced": -5, "funds": 5})),), "-5 fen outstanding"),
        ((posted(Posting("p2", "X", (Entry("advanced", 5), Entry("funds", -5)), "p1")),), "reverses a posting"),
    ],
)
async def test_7_sees_a_book_that_does_not_balance(plot: Plot, facts: tuple[Any, ...], words: str) -> None:
    await plot.tell("advance_pay", f"advance/{REQUEST}", *facts)
    await plot.fails(7, words)


async def test_7_sees_entries_that_do_not_sum_to_zero_as_a_fact_that_can_not_be_read(plot: Plot) -> None:
    state = b'{"posting":{"id":"p1","step":"X","entries":[{"account":"a","fen":5},{"account":"b","fen":-4}]}}'
    await plot.row("advance_pay", f"advance/{REQUEST}", 1, "Posted.v1", state, cause=named("x"))
    await plot.fails(11, "can't be read")


async def test_7_sees_more_subsidy_paid_than_approved_and_a_payment_counted_twice(plot: Plot) -> None:
    paid = said(
        "subsidy", "SubsidyPaid", request_id=REQUEST, vendor="hengyu", payment_key="k", amount_fen=5, rounds=(), lines=(),
        paid_at=NOON,
    )  # fmt: skip
    await plot.tell("subsidy", f"claim/{REQUEST}", paid, paid)
    await plot.fails(7, "paid 10 fen of 0 approved")
    await plot.fails(7, "counted 2 times")
    await plot.fails(7, "rounds do not add up")


# -- 8: nobody is forgotten ---------------------------------------------------------------------------------------------


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


# -- 9: timers ----------------------------------------------------------------------------------------------------------


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


# -- 12: vendors --------------------------------------------------------------------------------------------------------


async def test_12_holds_on_vendors_that_keep_to_their_own(plot: Plot) -> None:
    record = await plot.tell("intake", f"request/{REQUEST}", submitted(), subject=REQUEST, source="hengyu")
    await plot.tell("intake", f"request/{REQUEST}", answer(str(record)), subject=REQUEST)
    await plot.holds(12)


def answer(record: str, vendor: str = "hengyu") -> Any:
    return said("intake", "AnswerGiven", vendor=vendor, record=record, answer="applied")


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


# -- 13: persons --------------------------------------------------------------------------------------------------------


async def someone(plot: Plot) -> Any:
    """A person in the vault, sealed as the vault seals."""
    from shared.privacy.vault import Particulars, pack

    cipher = fixed_cipher()
    blind = cipher.blind("person", "resident_id", "110101199003074514")
    sealed = cipher.seal(pack(Particulars("欧阳明月", "resident_id", "110101199003074514", "13912345678")), blind.hex())
    await plot.sql.execute(
        "INSERT INTO vault.persons (member_ref, blind_index, first_by, key_id, wrapped_key, ciphertext) "
        "VALUES ('m_1', $1, $2, $3, $4, $5)", blind, named("x"), sealed.key_id, sealed.wrapped_key, sealed.ciphertext,
    )  # fmt: skip
    return cipher


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
