"""``member/{member_ref}``: one insured person: on which policies' lists, since when, and which diseases are barred."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from services.entitlement.domain.answers import RecordApplied, RecordRefused
from shared.kernel.aggregate import Aggregate
from shared.kernel.law import Answer, Refusal, Rule, ask, rule
from shared.kernel.value import value

REMEMBERED_DENIALS = 20

# -- commands ---------------------------------------------------------------------------------------------------------


@value
class Join:
    """The person is insured under the policy from a day on (ENT-D20, NOT-11)."""

    cause: str
    policy_ref: str
    birth_date: date
    sex: Literal["F", "M"]
    covered_from: date


@value
class Leave:
    """The person is no longer insured from this instant on (ENT-D21)."""

    cause: str
    policy_ref: str
    left_at: datetime


@value
class BarDisease:
    """A disease was diagnosed in the waiting period (ENT-11): barred while the cover is continuous (ENT-D09)."""

    policy_ref: str
    disease: str
    diagnosed_on: date
    cover_began_on: date


@value
class RememberDenial:
    """A denial that hangs on the cover: a backdated record may make it look different."""

    request_id: str
    judged_at: datetime


Command = Join | Leave | BarDisease | RememberDenial

# -- facts ------------------------------------------------------------------------------------------------------------


@value
class MemberJoined:
    """On the policy's list from a day on; said again with another day, it corrects the day.

    ``reconsider``: something was decided before on what is corrected here.
    """

    cause: str
    policy_ref: str
    birth_date: date
    sex: Literal["F", "M"]
    covered_from: date
    reconsider: bool = False


@value
class MemberLeft:
    """Off the policy's list from an instant on."""

    cause: str
    policy_ref: str
    left_at: datetime


@value
class DiseaseBarred:
    """A disease that this cover does not serve (ENT-11, ENT-D09)."""

    policy_ref: str
    disease: str
    diagnosed_on: date
    cover_began_on: date


@value
class DenialRemembered:
    """A request that was denied by what the cover was thought to be."""

    request_id: str
    judged_at: datetime


Fact = MemberJoined | MemberLeft | DiseaseBarred | DenialRemembered | RecordApplied | RecordRefused

# -- state ------------------------------------------------------------------------------------------------------------


@value
class Spell:
    """One stretch on one policy's list."""

    policy_ref: str
    covered_from: date
    left_at: datetime | None = None


@value
class Bar:
    """A barred disease and the continuous cover for which it is barred."""

    policy_ref: str
    disease: str
    cover_began_on: date


@value
class Member:
    """What is known of a person. ``birth_date`` None: on no list, as far as we have heard."""

    birth_date: date | None = None
    sex: Literal["F", "M"] | None = None
    spells: tuple[Spell, ...] = ()
    bars: tuple[Bar, ...] = ()
    denials: tuple[tuple[str, datetime], ...] = ()
    seen: frozenset[str] = frozenset()

    @property
    def policies(self) -> tuple[str, ...]:
        """Policies on whose lists the person is or was, in order of joining."""
        return tuple(dict.fromkeys(s.policy_ref for s in self.spells))


# -- the law ----------------------------------------------------------------------------------------------------------


@rule("NOT-11", "data")
def _who_leaves_was_there(case: tuple[Member, Leave]) -> Answer:
    """Only a person on the policy's list can leave it."""
    member, leave = case
    if any(s.policy_ref == leave.policy_ref for s in member.spells):
        return None
    return Refusal("NOT-11", "NOT_A_MEMBER", {}, {"field": "person"})


RULES: list[Rule[tuple[Member, Leave]]] = [_who_leaves_was_there]


def decide(command: Command, member: Member) -> list[Fact]:
    """The facts a command brings about; none for a cause already seen."""
    if isinstance(command, BarDisease):
        bar = Bar(command.policy_ref, command.disease, command.cover_began_on)
        barred = DiseaseBarred(command.policy_ref, command.disease, command.diagnosed_on, command.cover_began_on)
        return [] if bar in member.bars else [barred]
    if isinstance(command, RememberDenial):
        known = any(request_id == command.request_id for request_id, _ in member.denials)
        return [] if known else [DenialRemembered(command.request_id, command.judged_at)]
    if command.cause in member.seen:
        return []
    if isinstance(command, Join):
        spell = Spell(command.policy_ref, command.covered_from)
        if spell in member.spells:
            return [RecordApplied(command.cause)]
        reconsider = bool(member.denials) or any(s.policy_ref == command.policy_ref for s in member.spells)
        return [
            MemberJoined(
                command.cause, command.policy_ref, command.birth_date, command.sex, command.covered_from, reconsider
            )
        ]
    if any(s.policy_ref == command.policy_ref and s.left_at == command.left_at for s in member.spells):
        return [RecordApplied(command.cause)]
    for no in ask(RULES, (member, command)).refusals:
        return [RecordRefused(command.cause, no.reason or "", no.rule, f"/data/{no.remedy['field']}")]
    return [MemberLeft(command.cause, command.policy_ref, command.left_at)]


def evolve(member: Member, fact: Fact) -> Member:
    """The member after a fact."""
    match fact:
        case MemberJoined():
            return replace(
                member, birth_date=fact.birth_date, sex=fact.sex, seen=member.seen | {fact.cause},
                spells=_joined(member.spells, Spell(fact.policy_ref, fact.covered_from)),
            )  # fmt: skip
        case MemberLeft():
            return replace(
                member, spells=_left(member.spells, fact.policy_ref, fact.left_at), seen=member.seen | {fact.cause}
            )
        case DiseaseBarred():
            return replace(member, bars=(*member.bars, Bar(fact.policy_ref, fact.disease, fact.cover_began_on)))
        case DenialRemembered():
            kept = (*member.denials, (fact.request_id, fact.judged_at))[-REMEMBERED_DENIALS:]
            return replace(member, denials=kept)
        case RecordApplied() | RecordRefused():
            return replace(member, seen=member.seen | {fact.cause})


def _joined(spells: tuple[Spell, ...], new: Spell) -> tuple[Spell, ...]:
    """A spell that has not ended is corrected; after leaving, a new one begins."""
    kept = tuple(s for s in spells if s.policy_ref != new.policy_ref or s.left_at is not None)
    return (*kept, new)


def _left(spells: tuple[Spell, ...], policy_ref: str, left_at: datetime) -> tuple[Spell, ...]:
    """The last spell under the policy ends; said again with another instant, the end is corrected."""
    last = max((n for n, s in enumerate(spells) if s.policy_ref == policy_ref), default=None)
    if last is None:
        return spells
    return (*spells[:last], replace(spells[last], left_at=left_at), *spells[last + 1 :])


MEMBER = Aggregate("member", Member, evolve)
