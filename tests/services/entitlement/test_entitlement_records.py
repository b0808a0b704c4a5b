"""Records of policies and members: done, refused, repeated; and one property of each aggregate."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.entitlement.domain import allowance, cover, eligibility, member
from services.entitlement.domain.allowance import ALLOWANCE, Allowance, CorrectCount, OpenGrant, SettleCount, used
from services.entitlement.domain.allowance_facts import LimitExceeded
from services.entitlement.domain.answers import RecordApplied, RecordRefused
from services.entitlement.domain.cover import (
    COVER,
    ChangeForce,
    ChangeSumInsured,
    Cover,
    IssuePolicy,
    ListMember,
    RenewPolicy,
)
from services.entitlement.domain.eligibility import ELIGIBILITY, Eligibility
from services.entitlement.domain.eligibility_commands import Decide, MarkLate, Ruling, SettleReview, Wait, Withdraw
from services.entitlement.domain.eligibility_facts import Filed, Granted
from services.entitlement.domain.member import MEMBER as PERSON
from services.entitlement.domain.member import Join, Leave, Member
from services.entitlement.domain.standing import standing
from shared.kernel.law import Asked, Receipt
from tests.services.entitlement.entitlement_house import MEMBER, POLICY_A, House, edition_of, f_a, on

TERM: dict[str, Any] = {"purchased_at": on("2026-02-27"), "sum_insured_fen": 100}


def issue(cause: str = "c-1", effective: str = "2026-03-01", ends: str = "2027-03-01", **more: Any) -> IssuePolicy:
    days: dict[str, Any] = {"effective_on": date.fromisoformat(effective), "ends_on": date.fromisoformat(ends)}
    return IssuePolicy(cause, "A", issued_at=on("2026-03-01"), **days, **TERM, **more)


def renewal(cause: str, effective: str, ends: str) -> RenewPolicy:
    days: dict[str, Any] = {"effective_on": date.fromisoformat(effective), "ends_on": date.fromisoformat(ends)}
    return RenewPolicy(cause, **days, **TERM)


def after(*commands: Any) -> Cover:
    state = Cover()
    for command in commands:
        state = COVER.fold(cover.decide(command, state), state)
    return state


def test_every_policy_record_is_answered_once() -> None:
    house = f_a()
    house.lapse("2026-06-10T00:00").reinstate("2026-06-11T00:00").suspend("2026-06-12T00:00", policy=POLICY_A)
    house.endorse(10, "2026-06-13T00:00").renew("2027-03-01", "2028-03-01").leave("2026-06-14T00:00", at="2027-01-21")
    assert house.answers() == [("applied", None)] * 8


def test_the_same_record_twice_adds_nothing_the_same_content_is_applied() -> None:
    state = after(issue("c-1"))
    assert cover.decide(issue("c-1"), state) == []
    assert cover.decide(issue("c-2"), state) == [RecordApplied("c-2")]
    lapse = ChangeForce("c-3", "lapsed", on("2026-06-10"))
    state = after(issue(), lapse)
    assert cover.decide(lapse, state) == []
    assert cover.decide(ChangeForce("c-4", "lapsed", on("2026-06-10")), state) == [RecordApplied("c-4")]
    less = ChangeSumInsured("c-5", 5, on("2026-06-10"))
    assert cover.decide(ChangeSumInsured("c-6", 5, on("2026-06-10")), after(issue(), less)) == [RecordApplied("c-6")]
    assert cover.decide(ListMember("m-1"), after(issue(), ListMember("m-1"))) == []


def test_a_second_issue_of_other_content_is_refused() -> None:
    said = cover.decide(issue("c-2", ends="2028-03-01"), after(issue()))
    assert said == [RecordRefused("c-2", "POLICY_ALREADY_ISSUED", "ENT-D03", "/data/policy_number")]


def test_ENT_D03_a_term_without_a_day_is_refused() -> None:
    said = cover.decide(issue("c-1", ends="2026-03-01"), Cover())
    assert said == [RecordRefused("c-1", "TERM_EMPTY", "ENT-D03", "/data/ends_on")]
    assert not isinstance(cover.decide(issue("c-1", ends="2026-03-02"), Cover())[0], RecordRefused)


def test_ENT_D17_a_renewal_begins_where_the_term_before_has_ended() -> None:
    early = cover.decide(renewal("c-2", "2027-02-28", "2028-02-28"), after(issue()))
    assert early == [RecordRefused("c-2", "TERM_OVERLAPS", "ENT-D17", "/data/effective_on")]
    assert after(issue(), renewal("c-2", "2027-03-01", "2028-03-01")).terms[-1].ordinal == 2


def test_policy_years_are_counted_through_all_terms_and_never_again() -> None:
    gap = after(issue(), renewal("c-2", "2027-04-01", "2028-04-01"))
    assert [t.ordinal for t in gap.terms] == [1, 2]
    agreed = after(issue(agreement_ends_on=date(2027, 5, 31)), renewal("c-2", "2027-06-01", "2028-06-01"))
    assert [t.ordinal for t in agreed.terms] == [1, 3]  # the second year had begun under the agreement
    assert agreed.years == 3


def test_NOT_11_only_who_is_on_the_list_can_leave_it() -> None:
    house = f_a()
    house.leave("2026-06-01T00:00", policy="p-other")
    assert house.answers()[-1] == ("refused", "NOT_A_MEMBER")
    answered = house.events("RecordAnswered")[-1]
    assert (answered.rule, answered.pointer) == ("NOT-11", "/data/person")


def test_joining_and_leaving_again_by_the_same_record_adds_nothing() -> None:
    join = Join("c-1", POLICY_A, date(1980, 5, 1), "F", date(2026, 3, 1))
    state = PERSON.fold(member.decide(join, Member()))
    assert member.decide(join, state) == []
    again = Join("c-2", POLICY_A, date(1980, 5, 1), "F", date(2026, 3, 1))
    assert member.decide(again, state) == [RecordApplied("c-2")]
    leave = Leave("c-3", POLICY_A, on("2026-06-01"))
    left = PERSON.fold(member.decide(leave, state), state)
    assert member.decide(leave, left) == []
    assert member.decide(Leave("c-4", POLICY_A, on("2026-06-01")), left) == [RecordApplied("c-4")]


def test_who_comes_back_begins_a_new_spell() -> None:
    house = f_a().leave("2026-06-01T00:00").join(POLICY_A, "2026-08-01", at=on("2026-07-20"))
    house.ask("2026-08-30T23:59").then_refused("ENT-D20", "WAITING_PERIOD")
    house.ask("2026-08-31T00:00").then_granted()
    assert [s.left_at is None for s in PERSON.fold(x.fact for x in house.streams[f"member/{MEMBER}"]).spells] == [
        False,
        True,
    ]


# -- one property of each aggregate -----------------------------------------------------------------------------------

requests = st.sampled_from(["r-1", "r-2", "r-3", "r-4"])
actions = st.sampled_from(["consume", "release", "restore"])
causes = st.sampled_from(["CLIENT_NO_SHOW", "VENDOR_FAILURE", "EXPERT_SUSPENDED"])
settling = st.builds(SettleCount, requests, actions, causes)
opening = st.builds(
    OpenGrant, requests, st.sampled_from(["p-1", "p-2"]), st.just("OUTP"), st.just(2), st.just(on("2026-04-10"))
)
correcting = st.builds(CorrectCount, requests, actions)


@given(st.lists(opening | settling, max_size=40))
def test_held_and_consumed_never_exceed_the_limit(commands: Any) -> None:
    year = Allowance()
    for command in commands:
        year = ALLOWANCE.fold(allowance.decide(command, year), year)
        assert used(year, "p-1", "OUTP") <= 2
        assert used(year, "p-2", "OUTP") <= 2


@given(st.lists(opening | settling | correcting, max_size=40))
def test_what_a_correction_uses_too_much_is_said(commands: Any) -> None:
    year, over = Allowance(), {"p-1": 2, "p-2": 2}
    for command in commands:
        facts = allowance.decide(command, year)
        year = ALLOWANCE.fold(facts, year)
        for fact in facts:
            if isinstance(fact, LimitExceeded):
                over[year.grants[fact.request_id].policy_ref] = fact.used
        assert all(used(year, p, "OUTP") <= over[p] for p in over)
        assert allowance.decide(command, year) == [] or isinstance(command, SettleCount | CorrectCount)


days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 800)), min_size=1, max_size=5), days)
def test_every_day_of_service_lies_in_one_year_of_one_ordinal(gaps: Any, day: Any) -> None:
    state, start = Cover(), date(2024, 2, 29)
    for n, (gap, length) in enumerate(gaps):
        start += timedelta(days=gap)
        ends = start + timedelta(days=length)
        command: Any = (
            issue(f"c-{n}", start.isoformat(), ends.isoformat())
            if n == 0
            else renewal(f"c-{n}", start.isoformat(), ends.isoformat())
        )
        state = COVER.fold(cover.decide(command, state), state)
        start = ends
    terms = edition_of("A").parameters
    spells = (member.Spell("p", date(2024, 1, 1)),)
    today = standing(state, spells, on(day.isoformat()), terms)
    if today.year is not None:
        assert today.year.starts_on <= day < today.year.ends_on
        assert 1 <= today.year.ordinal <= state.years
        tomorrow = standing(state, spells, on((day + timedelta(days=1)).isoformat()), terms)
        if tomorrow.year is not None:
            assert tomorrow.year.ordinal >= today.year.ordinal
    ordinals = [t.ordinal for t in state.terms]
    assert ordinals == sorted(set(ordinals))


records = st.one_of(
    st.builds(
        Join, st.sampled_from("abcd"), st.sampled_from(["p-1", "p-2"]), st.just(date(1980, 1, 1)), st.just("F"), days
    ),
    st.builds(
        Leave,
        st.sampled_from("efgh"),
        st.sampled_from(["p-1", "p-2"]),
        st.datetimes(timezones=st.just(on("2026-01-01").tzinfo)),
    ),
)


@given(st.lists(records, max_size=12))
def test_a_member_has_at_most_one_open_spell_a_policy_and_hears_no_record_twice(commands: Any) -> None:
    state = Member()
    for command in commands:
        state = PERSON.fold(member.decide(command, state), state)
        assert member.decide(command, state) == []
        for policy in ("p-1", "p-2"):
            assert sum(s.policy_ref == policy and s.left_at is None for s in state.spells) <= 1


FILED = Filed({"request_id": "r-1", "member_ref": "m-1", "service": "OUTP", "vendor": "hengyu"}, on("2026-04-10"))
verdicts = st.sampled_from(["pass", "refuse", "review"])


def deciding(outcome: Any) -> Decide:
    receipt = Receipt((Asked("ENT-18", outcome, None if outcome == "pass" else "REASON"),))
    year = (1, date(2026, 3, 1), date(2027, 3, 1))
    ruling = Ruling(receipt, "A", "A-v1", POLICY_A, date(1980, 1, 1), year, 1, 1)
    return Decide(FILED, ruling, "cn", on("2026-04-20"), None, False)


steps = st.one_of(
    verdicts.map(deciding),
    st.just(Wait(FILED, "POLICY_UNKNOWN", (on("2026-04-11"),))),
    st.builds(
        SettleReview, st.sampled_from("abcdef"), st.sampled_from(["r-1-E1", "r-1-E2"]), st.sampled_from(["grant", "refuse"]),
        st.just("R"), st.just("s"), st.just("operations"),
    ),
    st.just(MarkLate("r-1-E1")),
    st.builds(Withdraw, st.sampled_from("uvw"), st.just("OUTP"), st.just("hengyu")),
)  # fmt: skip


@given(st.lists(steps, max_size=20))
def test_a_request_is_granted_at_most_once_and_never_after_a_no(commands: Any) -> None:
    state, grants = Eligibility(), 0
    for command in commands:
        before, facts = state.phase, eligibility.decide(command, state)
        grants += sum(isinstance(f, Granted) for f in facts)
        state = ELIGIBILITY.fold(facts, state)
        if before in ("granted", "denied", "withdrawn"):
            assert state.phase == before
    assert grants <= 1


def test_a_house_replayed_from_its_facts_stands_where_it_stood() -> None:
    house: House = f_a()
    answer = house.ask("2026-04-10")
    book = house.wiring.facts
    stored = [
        book.decode(book.name_of(s.fact), book.encode(s.fact))
        for s in house.streams[f"eligibility/{answer.request_id}"]
    ]
    assert ELIGIBILITY.fold(stored).phase == "granted"
