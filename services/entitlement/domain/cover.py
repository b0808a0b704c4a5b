"""``cover/{policy_ref}``: the policy in force. Issue, terms, lapses, endorsements, and who is on its list.

Every record of the core system is taken as it comes, in any order of effect; what held at an instant is read off later
(`standing`). The years of a policy are counted through all its terms and never again, so that no year has two streams.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from services.entitlement.domain.answers import RecordApplied, RecordRefused
from services.entitlement.domain.cover_facts import (
    CoverIssued,
    CoverRenewed,
    Fact,
    Force,
    ForceChanged,
    MemberListed,
    MembersCalled,
    SumInsuredChanged,
)
from shared.kernel.aggregate import Aggregate
from shared.kernel.instant import ONE_DAY, anniversary, day_of
from shared.kernel.law import Answer, Refusal, Rule, ask, rule
from shared.kernel.value import value

# -- commands ---------------------------------------------------------------------------------------------------------


@value
class IssuePolicy:
    """A policy was issued (ENT-02). ``agreement_ends_on``: last day of a term agreed otherwise (ENT-15)."""

    cause: str
    product: str
    purchased_at: datetime
    issued_at: datetime
    effective_on: date
    ends_on: date
    sum_insured_fen: int
    agreement_ends_on: date | None = None
    term_months: int = 12


@value
class RenewPolicy:
    """The next term of a policy (ENT-13, ENT-D15)."""

    cause: str
    purchased_at: datetime
    effective_on: date
    ends_on: date
    sum_insured_fen: int
    term_months: int = 12


@value
class ChangeForce:
    """The policy lapsed, was suspended, or is in force again from this instant on (ENT-16, ENT-03, ENT-D17)."""

    cause: str
    force: Force
    effective_at: datetime


@value
class ChangeSumInsured:
    """An endorsement changed the sum insured (ENT-17)."""

    cause: str
    sum_insured_fen: int
    effective_at: datetime


@value
class ListMember:
    """A person is on the policy's list; kept even after leaving, since open cases must be found."""

    member_ref: str


@value
class CallMembers:
    """The cover changed with effect from ``since``: every member's open cases must be looked at."""

    since: datetime


Command = IssuePolicy | RenewPolicy | ChangeForce | ChangeSumInsured | ListMember | CallMembers

# -- state ------------------------------------------------------------------------------------------------------------


@value
class Term:
    """One term ``[effective_on, ends_on)``, served until ``serves_until``; ``ordinal`` of its first policy year."""

    effective_on: date
    ends_on: date
    serves_until: date
    purchased_at: datetime
    sum_insured_fen: int
    ordinal: int

    @property
    def years(self) -> int:
        """How many policy years begin in it, one broken off included."""
        end, n = max(self.ends_on, self.serves_until), 1
        while anniversary(self.effective_on, n) < end:
            n += 1
        return n


@value
class Cover:
    """What is known of a policy. ``product`` None: not issued yet, as far as we have heard."""

    product: str | None = None
    issued_on: date | None = None
    terms: tuple[Term, ...] = ()
    forces: tuple[tuple[datetime, Force], ...] = ()
    sums: tuple[tuple[datetime, int], ...] = ()
    members: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()

    @property
    def years(self) -> int:
        """The highest ordinal of a policy year so far."""
        return self.terms[-1].ordinal + self.terms[-1].years - 1 if self.terms else 0


# -- the law ----------------------------------------------------------------------------------------------------------

TermCase = tuple[Cover, IssuePolicy | RenewPolicy]


@rule("ENT-D03", "data")
def _a_term_has_days(case: TermCase) -> Answer:
    """A term is [effective date 00:00, end 00:00) and is never empty."""
    term = case[1]
    if term.ends_on <= term.effective_on:
        return Refusal("ENT-D03", "TERM_EMPTY", {"effective_on": term.effective_on.isoformat()}, {"field": "ends_on"})
    return None


@rule("ENT-D17", "data")
def _terms_follow_one_another(case: TermCase) -> Answer:
    """A renewal begins where the term before it has ended, or later."""
    cover, term = case
    if cover.terms and isinstance(term, RenewPolicy) and term.effective_on < cover.terms[-1].ends_on:
        ends_on = cover.terms[-1].ends_on.isoformat()
        return Refusal("ENT-D17", "TERM_OVERLAPS", {"ends_on": ends_on}, {"field": "effective_on"})
    return None


RULES: list[Rule[TermCase]] = [_a_term_has_days, _terms_follow_one_another]


def months_later(day: date, months: int) -> date:
    """The day so many months later; where that month has no such day, the first of the next (as in ENT-D03)."""
    years, rest = divmod(months, 12)
    if not rest:
        return anniversary(day, years)
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(years, month + 1, day.day)
    except ValueError:
        return date(years, month + 2, 1) if month < 11 else date(years + 1, 1, 1)


def decide(command: Command, cover: Cover) -> list[Fact]:
    """The facts a command brings about; none for a cause already seen."""
    if isinstance(command, ListMember):
        return [] if command.member_ref in cover.members else [MemberListed(command.member_ref)]
    if isinstance(command, CallMembers):
        return [MembersCalled(command.since, len(cover.members))] if cover.members else []
    if command.cause in cover.seen:
        return []
    if isinstance(command, IssuePolicy | RenewPolicy):
        return [_new_term(command, cover)]
    if isinstance(command, ChangeForce):
        change = (command.effective_at, command.force)
        changed = ForceChanged(command.cause, command.force, command.effective_at)
        return [RecordApplied(command.cause) if change in cover.forces else changed]
    if (command.effective_at, command.sum_insured_fen) in cover.sums:
        return [RecordApplied(command.cause)]
    return [SumInsuredChanged(command.cause, command.sum_insured_fen, command.effective_at)]


def _new_term(command: IssuePolicy | RenewPolicy, cover: Cover) -> Fact:
    if any((t.effective_on, t.ends_on) == (command.effective_on, command.ends_on) for t in cover.terms):
        return RecordApplied(command.cause)
    if isinstance(command, IssuePolicy) and cover.product is not None:
        return RecordRefused(command.cause, "POLICY_ALREADY_ISSUED", "ENT-D03", "/data/policy_number")
    for no in ask(RULES, (cover, command)).refusals:
        return RecordRefused(command.cause, no.reason or "", no.rule, f"/data/{no.remedy['field']}")
    serves_until = min(command.ends_on, months_later(command.effective_on, command.term_months))
    if isinstance(command, RenewPolicy):
        return CoverRenewed(
            command.cause, command.purchased_at, command.effective_on, command.ends_on, serves_until,
            command.sum_insured_fen,
        )  # fmt: skip
    if command.agreement_ends_on is not None:
        serves_until = command.agreement_ends_on + ONE_DAY
    return CoverIssued(
        command.cause, command.product, command.purchased_at, command.issued_at, command.effective_on, command.ends_on,
        serves_until, command.sum_insured_fen,
    )  # fmt: skip


def evolve(cover: Cover, fact: Fact) -> Cover:
    """The cover after a fact."""
    match fact:
        case CoverIssued():
            issued = replace(cover, product=fact.product, issued_on=day_of(fact.issued_at))
            return _with_term(issued, fact)
        case CoverRenewed():
            return _with_term(cover, fact)
        case ForceChanged():
            forces = tuple(sorted((*cover.forces, (fact.effective_at, fact.force)), key=lambda f: f[0]))
            return replace(cover, forces=forces, seen=cover.seen | {fact.cause})
        case SumInsuredChanged():
            sums = tuple(sorted((*cover.sums, (fact.effective_at, fact.sum_insured_fen)), key=lambda s: s[0]))
            return replace(cover, sums=sums, seen=cover.seen | {fact.cause})
        case MemberListed():
            return replace(cover, members=(*cover.members, fact.member_ref))
        case RecordApplied() | RecordRefused():
            return replace(cover, seen=cover.seen | {fact.cause})
        case _:
            return cover


def _with_term(cover: Cover, fact: CoverIssued | CoverRenewed) -> Cover:
    ordinal = cover.years + 1
    term = Term(fact.effective_on, fact.ends_on, fact.serves_until, fact.purchased_at, fact.sum_insured_fen, ordinal)
    terms = tuple(sorted((*cover.terms, term), key=lambda t: t.effective_on))
    return replace(cover, terms=terms, seen=cover.seen | {fact.cause})


COVER = Aggregate("cover", Cover, evolve)
