"""The clocks of the editions, by rule."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from shared.calendar import china_calendar
from shared.handbook import Edition, Editions
from shared.kernel.instant import CST, end_of

CHINA = china_calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CST)


@pytest.mark.parametrize(
    ("clock", "amount", "unit", "basis", "rule"),
    [
        ("A-OUTP-FEEDBACK", 2, "working_day", "hard", "SLA-05"),
        ("A-OUTP-COMPLETE", 7, "working_day", "average", "SLA-06"),
        ("A-OUTP-TYPICAL", 7, "working_day", "typical", "SLA-07"),
        ("A-SUBSIDY-FEEDBACK", 1, "working_day", "hard", "SLA-23"),
        ("A-SUBSIDY-COMPLETE", 15, "working_day", "hard", "SLA-24"),
        ("A-ADV-RESPONSE", 1, "half_hour", "hard", "SLA-31"),
        ("A-ADV-DOCS", 1, "natural_day", "hard", "SLA-32"),
        ("A-ADV-PREREVIEW", 1, "working_day", "hard", "SLA-33"),
        ("A-ADV-PAY", 1, "natural_day", "hard", "SLA-34"),
        ("A-ADV-DISCHARGE", 1, "natural_day", "hard", "SLA-35"),
        ("A-ADV-MAIL", 3, "natural_day", "hard", "SLA-36"),
        ("B-GREEN-RESPONSE", 1, "half_hour", "hard", "SLA-37"),
        ("B-OUTP-FEEDBACK", 2, "working_day", "hard", "SLA-38"),
        ("B-OUTP-COMPLETE", 7, "working_day", "average", "SLA-39"),
        ("B-SUBSIDY-FEEDBACK", 1, "working_day", "hard", "SLA-46"),
        ("B-SUBSIDY-COMPLETE", 15, "working_day", "average", "SLA-47"),
        ("B-ADV-RESPONSE", 1, "half_hour", "hard", "SLA-56"),
        ("B-ADV-DOCS", 1, "natural_day", "hard", "SLA-57"),
        ("B-ADV-PREREVIEW", 1, "natural_day", "hard", "SLA-58"),
        ("B-ADV-PAY", 1, "natural_day", "hard", "SLA-59"),
        ("B-ADV-DISCHARGE", 1, "natural_day", "hard", "SLA-60"),
    ],
)
def test_SLA_62_every_clock_has_the_limit_and_the_basis_of_its_rule(
    editions: Editions, clock: str, amount: int, unit: str, basis: str, rule: str
) -> None:
    edition = editions.get("A-v1" if clock.startswith("A") else "B-202501-DG-01")
    terms = edition.clock(clock)
    assert (terms.amount, terms.unit, terms.basis) == (amount, unit, basis)
    assert rule in terms.rules
    assert terms in edition.clocks(terms.service, terms.step)


def test_SLA_31_a_limit_printed_twice_is_one_clock(a: Edition) -> None:
    assert a.clock("A-ADV-RESPONSE-TABLE") is a.clock("A-ADV-RESPONSE")
    assert [c.id for c in a.clocks("ADVANCE", "first_response")] == ["A-ADV-RESPONSE"]
    assert len(a.clock("A-ADV-RESPONSE").clauses) == 2


def test_SLA_37_every_GREEN_service_of_B_and_none_of_A_has_a_first_response(a: Edition, b: Edition) -> None:
    assert [c.id for c in b.clocks("OUTP", "first_response")] == ["B-GREEN-RESPONSE"]
    assert [c.id for c in b.clocks("SUBSIDY", "first_response")] == ["B-GREEN-RESPONSE"]
    assert a.clocks("OUTP", "first_response") == ()


def test_SLA_37_B_s_GREEN_answers_at_night(b: Edition) -> None:
    due = b.clock("B-GREEN-RESPONSE").due(at("2026-10-04T03:00"), CHINA)
    assert due.due_at == at("2026-10-04T03:30")


@pytest.mark.parametrize("clock", ["A-ADV-RESPONSE", "B-ADV-RESPONSE"])
def test_SLA_D02_a_night_request_for_an_advance_is_answered_in_the_morning(editions: Editions, clock: str) -> None:
    edition = editions.get("A-v1" if clock.startswith("A") else "B-202501-DG-01")
    assert edition.clock(clock).due(at("2026-05-05T21:10"), CHINA).due_at == at("2026-05-06T09:30")


def test_SLA_32_SLA_57_only_the_vendor_s_share_of_collecting_papers_is_judged(a: Edition, b: Edition) -> None:
    assert a.clock("A-ADV-DOCS").net_of_member_waiting
    assert b.clock("B-ADV-DOCS").net_of_member_waiting
    waited = [(at("2026-05-05T11:00"), at("2026-05-07T09:00"))]
    due = a.clock("A-ADV-DOCS").due(at("2026-05-05T10:30"), CHINA, waited)
    assert due.due_at == end_of(date(2026, 5, 7))


def test_SUB_D05_the_window_follows_the_care_of_the_trip(a: Edition, b: Edition) -> None:
    for edition in (a, b):
        windows = {care: c for c in edition.clocks("SUBSIDY", "apply") for care in c.care}
        assert set(windows) == {"outpatient", "exam", "inpatient"}
        assert {c.owed_by for c in windows.values()} == {"member"}
        assert {c.amount for c in windows.values()} == {10}
        assert windows["inpatient"].start == "discharge_day"
        assert windows["outpatient"].start == "visit_day"


def test_SCH_12_the_confirmation_call_comes_before_the_day_of_the_visit(a: Edition, b: Edition) -> None:
    for edition in (a, b):
        (clock,) = edition.clocks("OUTP", "confirmation_call")
        assert clock.due(at("2026-04-20T09:00"), CHINA).due_at == at("2026-04-20T00:00")
    assert b.clocks("PROTON", "confirmation_call") == ()


def test_every_clock_of_both_books_can_be_run(editions: Editions) -> None:
    for edition in editions.by_id.values():
        for clock in edition.clocks_by_id.values():
            due = clock.due(at("2026-04-10T10:00"), CHINA)
            assert abs(due.due_at - at("2026-04-10T10:00")) < timedelta(days=60)
            assert clock.service in clock.services
