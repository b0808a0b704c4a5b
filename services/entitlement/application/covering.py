"""What the core system says of policies and members, and what that does to requests decided before."""

from __future__ import annotations

from datetime import datetime

from services.entitlement.application.ground import Ground
from services.entitlement.application.judging import Question, Unknown, rule_on
from services.entitlement.application.submitting import application_of
from services.entitlement.domain import allowance, cover, eligibility, member
from services.entitlement.domain.allowance import ALLOWANCE, TellEnd
from services.entitlement.domain.cover import COVER, CallMembers, ListMember
from services.entitlement.domain.eligibility import ELIGIBILITY
from services.entitlement.domain.eligibility_commands import Reassess
from services.entitlement.domain.member import MEMBER, Join, Leave
from services.entitlement.domain.standing import standing
from shared.messaging.wiring import Desk

TERM_MONTHS = 12  # of a product that no handbook covers: nothing is served under it


def term_months(ground: Ground, product: str | None, at: datetime) -> int:
    """How long the service of a term lasts (ENT-12, ENT-14)."""
    edition = ground.terms.current(product, at) if product is not None else None
    return TERM_MONTHS if edition is None else edition.parameters.term_months


def term_months_of(ground: Ground, desk: Desk, policy_ref: str) -> int:
    """The same of a policy already known."""
    return term_months(ground, desk.load(COVER, COVER.stream(policy_ref)).product, desk.at)


def change_cover(desk: Desk, policy_ref: str, command: cover.Command) -> None:
    """Take a record about a policy."""
    stream = COVER.stream(policy_ref)
    desk.record(COVER, stream, *cover.decide(command, desk.load(COVER, stream)))


def join(desk: Desk, member_ref: str, command: Join) -> None:
    """A person is on the list: said in the person's stream and in the policy's."""
    own, listed = MEMBER.stream(member_ref), COVER.stream(command.policy_ref)
    desk.need(own, listed)
    desk.record(MEMBER, own, *member.decide(command, desk.load(MEMBER, own)))
    desk.record(COVER, listed, *cover.decide(ListMember(member_ref), desk.load(COVER, listed)))


def leave(desk: Desk, member_ref: str, command: Leave) -> None:
    """A person leaves the list; the policy goes on for the others (ENT-D21)."""
    stream = MEMBER.stream(member_ref)
    desk.record(MEMBER, stream, *member.decide(command, desk.load(MEMBER, stream)))


def call_members(ground: Ground, desk: Desk, policy_ref: str, since: datetime) -> None:
    """A cover ended, or was changed for the past: every member's cases are looked at, step by step."""
    stream = COVER.stream(policy_ref)
    now = desk.load(COVER, stream)
    edition = ground.terms.current(now.product, desk.at) if now.product is not None else None
    if edition is None:
        return
    if since >= desk.at and standing(now, (), desk.at, edition.parameters).ended is None:
        return  # renewed, or in force again
    desk.record(COVER, stream, *cover.decide(CallMembers(since), now))


def look_at_members(ground: Ground, desk: Desk, policy_ref: str, begin: int, since: datetime) -> None:
    """One step of `call_members`."""
    members = desk.load(COVER, COVER.stream(policy_ref)).members[begin : begin + ground.members_a_step]
    desk.need(*(MEMBER.stream(m) for m in members))
    for member_ref in members:
        look_at_member(ground, desk, policy_ref, member_ref, since)


def look_at_member(ground: Ground, desk: Desk, policy_ref: str, member_ref: str, since: datetime) -> None:
    """Tell performers of open grants whose cover has ended; ask again what was decided on a cover that was not so."""
    person, now = desk.load(MEMBER, MEMBER.stream(member_ref)), desk.load(COVER, COVER.stream(policy_ref))
    edition = ground.terms.current(now.product, desk.at) if now.product is not None else None
    if edition is None:
        return
    spells = tuple(s for s in person.spells if s.policy_ref == policy_ref)
    ended = standing(now, spells, desk.at, edition.parameters).ended
    streams = [ALLOWANCE.stream(member_ref, year) for year in range(1, now.years + 1)]
    desk.need(*streams)
    stale = {request_id for request_id, at in person.denials if at >= since} if since < desk.at else set()
    for stream in streams:
        year = desk.load(ALLOWANCE, stream)
        for request_id, grant in year.grants.items():
            if grant.policy_ref != policy_ref:
                continue
            if ended is not None and grant.open:
                told = allowance.decide(TellEnd(request_id, ended), desk.load(ALLOWANCE, stream))
                desk.record(ALLOWANCE, stream, *told)
            if since < desk.at and grant.judged_at >= since:
                stale.add(request_id)
    for request_id in sorted(stale):
        _reassess(ground, desk, request_id)


def _reassess(ground: Ground, desk: Desk, request_id: str) -> None:
    """Ask the law again, at the request's own instant, on what is known now. The decision stands; a person looks."""
    stream = ELIGIBILITY.stream(request_id)
    state = desk.load(ELIGIBILITY, stream)
    if state.filed is None or state.phase not in ("granted", "denied"):
        return
    at = state.filed.at
    question = Question(application_of(state), at, at, state.answered, state.policy_ref, final=True, papers_at=desk.at)
    ruling = rule_on(ground, desk, question)
    if not isinstance(ruling, Unknown):
        command = Reassess(ruling.receipt, ground.review_due(desk.at))
        desk.record(ELIGIBILITY, stream, *eligibility.decide(command, state))
