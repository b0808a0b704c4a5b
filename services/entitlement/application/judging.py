"""Fetch what the law needs for a request, ask it, and choose the policy (INT-D02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from services.entitlement.application.ground import Ground
from services.entitlement.domain.allowance import ALLOWANCE
from services.entitlement.domain.application import Application
from services.entitlement.domain.case import Case, Law, open_case
from services.entitlement.domain.choice import Candidate, choose, of_policy
from services.entitlement.domain.cover import COVER, Cover
from services.entitlement.domain.eligibility_commands import Ruling
from services.entitlement.domain.law import ask_law, with_answers
from services.entitlement.domain.law_policy import on_the_list
from services.entitlement.domain.member import MEMBER, BarDisease, Member
from shared.kernel.law import Asked, Receipt, ask
from shared.kernel.value import value
from shared.messaging.wiring import Desk

Answered = tuple[tuple[str, str, str], ...]


@value
class Unknown:
    """The member or the policy is not known: not yet, never "no"."""

    reason: str

    @property
    def receipt(self) -> Receipt:
        """The question for a person, once waiting was in vain."""
        rule = "NOT-11" if self.reason == "MEMBER_UNKNOWN" else "INT-D02"
        return Receipt((Asked(rule, "review", self.reason),))


@value
class Question:
    """A request as of an instant.

    ``final``: no more waiting for what is not known. ``papers_at``: papers dated by then count, where that is not now.
    """

    application: Application
    at: datetime
    now: datetime
    answered: Answered = ()
    policy_ref: str | None = None
    final: bool = False
    papers_at: datetime | None = None


def rule_on(ground: Ground, desk: Desk, question: Question) -> Ruling | Unknown:
    """What the law says of a request; reads the member, the covers and the member-year."""
    application = question.application
    member_stream = MEMBER.stream(application.member_ref)
    named = question.policy_ref or application.policy_ref
    if named is not None:
        desk.need(member_stream, COVER.stream(named))
    member = desk.load(MEMBER, member_stream)
    if member.birth_date is None:
        return Unknown("MEMBER_UNKNOWN")
    if named is not None:
        cover = desk.load(COVER, COVER.stream(named))
        if cover.product is None:
            return Unknown("POLICY_UNKNOWN")
        return _under(ground, desk, question, named, cover, member)
    return _under_any(ground, desk, question, member)


def _under_any(ground: Ground, desk: Desk, question: Question, member: Member) -> Ruling | Unknown:
    desk.need(*(COVER.stream(p) for p in member.policies))
    covers = [(p, desk.load(COVER, COVER.stream(p))) for p in member.policies]
    issued = [(p, c) for p, c in covers if c.product is not None]
    if not issued or (len(issued) < len(covers) and not question.final):
        return Unknown("POLICY_UNKNOWN")
    asked = question.application.product
    of_product = [(p, c) for p, c in issued if asked is None or c.product == asked] or issued
    rulings = [_under(ground, desk, question, p, c, member) for p, c in of_product]
    if len(rulings) == 1:
        return rulings[0]
    rulings.sort(key=lambda r: r.year[2] if r.year is not None else date.max)
    return _choose(rulings, question.answered)


def _choose(rulings: Sequence[Ruling], answered: Answered) -> Ruling:
    """One of several policies; the first, where persons said so, is the one whose year ends first."""
    receipt, best = choose([Candidate(r.policy_ref or "", r.product or "", r.receipt.verdict) for r in rulings])
    receipt = with_answers(receipt, answered)
    match receipt.verdict:
        case "pass":
            one = rulings[best]
            return Ruling(
                receipt + one.receipt, one.product, one.edition, one.policy_ref, one.birth_date, one.year,
                one.sum_insured_fen, one.limit, one.bar,
            )  # fmt: skip
        case "review":
            return Ruling(receipt)
        case _:
            every = [of_policy(r.policy_ref or "", r.product or "", r.receipt) for r in rulings]
            return Ruling(sum(every, receipt))


def _under(ground: Ground, desk: Desk, question: Question, policy_ref: str, cover: Cover, member: Member) -> Ruling:
    application = question.application
    product = cover.product or ""
    law = ground.law(product, question.at, application.service)
    if law is None:
        asked = Asked("NOT-11", "refuse", "PRODUCT_NOT_SERVED", {"product": product})
        return Ruling(Receipt((asked,)), product, None, policy_ref)
    case = open_case(law, application, policy_ref, cover, member, question.at, question.now, question.papers_at)
    if not case.spells:
        return Ruling(ask((on_the_list,), case), product, law.edition.id, policy_ref)
    year = case.year
    if year is not None and law.service is not None:
        case.count(desk.load(ALLOWANCE, ALLOWANCE.stream(application.member_ref, year.ordinal)))
    receipt = ask_law(law, case)
    if law.service is not None and law.code not in ground.performed:
        receipt += Receipt((Asked("CAT-11", "review", "NO_PERFORMER", {"service": law.code}),))
    return Ruling(
        with_answers(receipt, question.answered),
        product,
        law.edition.id,
        policy_ref,
        member.birth_date,
        None if year is None else (year.ordinal, year.starts_on, year.ends_on),
        case.standing.sum_insured_fen,
        _limit(law),
        _bar(case, receipt),
    )


def _limit(law: Law) -> int | None:
    return law.service.quota.limit if law.service is not None and law.service.quota is not None else None


def _bar(case: Case, receipt: Receipt) -> BarDisease | None:
    """A disease that turned out to be diagnosed in the waiting period is barred from now on (ENT-D09)."""
    if case.disease is None or case.confirmed_on is None:
        return None
    if any(a.rule == "ENT-11" and a.outcome == "refuse" for a in receipt.asked):
        return BarDisease(case.policy_ref, case.disease, case.confirmed_on, case.standing.since)
    return None
