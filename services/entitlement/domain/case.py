"""One question to the law: an application, under one policy of the person, as of one instant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from services.entitlement.domain.allowance import Allowance, used
from services.entitlement.domain.application import Application, Care, Diagnosis, Hospital
from services.entitlement.domain.cover import Cover
from services.entitlement.domain.member import Bar, Member, Spell
from services.entitlement.domain.standing import PolicyYear, Standing, last_year, standing, year_of
from shared.handbook.model import Edition, Parameters, ServiceTerms
from shared.kernel.instant import day_of, start_of
from shared.kernel.law import Facts, Pass, Refusal, Rule

PASS = Pass()
# Papers in which a physician names or points to a disease (ENT-D14, AMB-10).
MEDICAL_PAPERS = frozenset({
    "OUTPATIENT_NOTE", "OUTPATIENT_RECORD", "INPATIENT_RECORD", "MEDICAL_RECORD", "TEST_REPORT", "LAB_REPORT",
    "EXAM_REPORT", "IMAGING_REPORT", "PATHOLOGY_REPORT", "PATHOLOGY_PENDING", "DIAGNOSIS_CERTIFICATE",
    "DIAGNOSIS_MATERIAL", "ADMISSION_NOTICE", "DISCHARGE_SUMMARY",
})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """The law of one service in one edition: the terms, and the rules that bind it, chosen once."""

    edition: Edition
    code: str
    service: ServiceTerms | None
    rules: tuple[Rule[Case], ...]
    green: bool
    offered_by: tuple[str, ...]
    withdrawn: bool

    @property
    def terms(self) -> Parameters:
        """What the handbook leaves to the product."""
        return self.edition.parameters


@dataclass(slots=True)
class Case:
    """What a rule looks at. ``on``: the instant judged by (for a subsidy, the care); ``at``: the request's."""

    law: Law
    application: Application
    policy_ref: str
    cover: Cover
    member: Member
    at: datetime
    now: datetime
    papers_by: date
    spells: tuple[Spell, ...]
    on: datetime
    standing: Standing
    year: PolicyYear | None
    later: Standing | None
    care: Care | None
    match: str | None
    disease: str | None
    confirmed_on: date | None
    waived: bool
    waiting: bool
    waiting_facts: Facts
    bars: tuple[Bar, ...]
    used: int = 0
    shared: Facts = field(default_factory=dict)

    @property
    def hospital(self) -> Hospital | None:
        """The hospital that the application names."""
        wish, stay = self.application.outpatient, self.application.advance
        return wish.designated_hospital if wish is not None else stay.hospital if stay is not None else None

    @property
    def diagnosis(self) -> Diagnosis | None:
        return self.application.diagnosis

    @property
    def kept(self) -> bool:
        """Care at a visit that we arranged: kept whatever the cover did after it was confirmed (ENT-D11, ENT-D16)."""
        return self.care is not None and self.care.request_id is not None

    @property
    def ended(self) -> str | None:
        """Why the service is over for this request; nothing for care at a kept visit."""
        return None if self.kept else self.standing.ended

    def count(self, allowance: Allowance) -> None:
        """Read how much of the year's count is used, this very request left aside."""
        self.used = used(allowance, self.policy_ref, self.law.code, besides=self.application.request_id)


def open_case(
    law: Law,
    application: Application,
    policy_ref: str,
    cover: Cover,
    member: Member,
    at: datetime,
    now: datetime,
    papers_at: datetime | None = None,
) -> Case:
    """Read off everything that several rules look at, once. Papers dated by ``papers_at`` (else now) count."""
    terms, service = law.terms, law.service
    spells = tuple(s for s in member.spells if s.policy_ref == policy_ref)
    care = _anchor(application)
    on = at if care is None else start_of(care.starts_on)
    cooling_off = service is not None and service.cooling_off
    then = standing(cover, spells, on, terms, cooling_off=cooling_off)
    later = None
    if now > at and care is None:
        later = standing(cover, spells, now, terms)
    waived = terms.waiting_waived_for_accident and application.cause == "accident"
    match, disease, confirmed_on = _diagnosis(law, application)
    waiting_facts: Facts = {"waiting_ends_on": then.waiting_ends_on.isoformat(), "on": then.day.isoformat()}
    return Case(
        law=law,
        application=application,
        policy_ref=policy_ref,
        cover=cover,
        member=member,
        at=at,
        now=now,
        papers_by=day_of(papers_at or now),
        spells=spells,
        on=on,
        standing=then,
        year=then.year if care is None else _year_of_care(cover, care, then),
        later=later,
        care=care,
        match=match,
        disease=disease,
        confirmed_on=confirmed_on,
        waived=waived,
        waiting=not waived and then.day < then.serves_from,
        waiting_facts=waiting_facts,
        bars=tuple(b for b in member.bars if b.policy_ref == policy_ref and b.cover_began_on == then.since),
        shared={} if disease is None else {"disease": disease},
    )


def waits(case: Case, rule_id: str) -> Pass | Refusal | None:
    """The waiting period has passed, or the request is refused until it has (ENT-D10 on accidents in doubt)."""
    if not case.waiting:
        return PASS
    if doubtful(case):
        return None
    return Refusal(rule_id, "WAITING_PERIOD", case.waiting_facts, {"earliest": start(case.standing.serves_from)})


def doubtful(case: Case) -> bool:
    """Whether a waiting period hangs on what nobody has judged yet: accident or illness."""
    return case.waiting and case.law.terms.waiting_waived_for_accident and case.application.cause == "unclear"


def start(day: date) -> str:
    """00:00 of a day as text: an instant from which something is possible."""
    return start_of(day).isoformat()


def dated_papers(application: Application, by: date) -> tuple[date, ...]:
    """The dates of the medical papers written by a day."""
    papers = application.documents
    if application.subsidy is not None and application.subsidy.treatment_proof:
        papers = (*papers, *application.subsidy.treatment_proof)
    return tuple(
        p.issued_on for p in papers if p.issued_on is not None and p.issued_on <= by and p.kind in MEDICAL_PAPERS
    )


def in_waiting(case: Case, day: date) -> bool:
    """Whether a day lies in the person's waiting period: [start of the cover, last waiting day]."""
    return not case.waived and case.standing.since <= day < case.standing.serves_from


def _anchor(application: Application) -> Care | None:
    """The care by which a subsidy is judged: the latest of the trip (SUB-D05)."""
    claim = application.subsidy
    return None if claim is None else max(claim.care, key=lambda c: (c.ends_on, c.starts_on))


def _year_of_care(cover: Cover, care: Care, then: Standing) -> PolicyYear | None:
    """The policy year of the date of care (SUB-D02); of a visit kept beyond the cover, the last one served."""
    for term in reversed(cover.terms):
        if term.effective_on <= care.ends_on < term.serves_until:
            return year_of(term, care.ends_on)
    return then.year or (last_year(cover) if care.request_id is not None else None)


def _diagnosis(law: Law, application: Application) -> tuple[str | None, str | None, date | None]:
    """What this product's list makes of the diagnosis, its code, and the day it was confirmed."""
    said = application.diagnosis
    if said is None:
        return None, None, None
    match, disease = "unclear", None  # a product that nobody matched is not yet a "no"
    for finding in said.findings:
        if finding.product == law.edition.product:
            match, disease = finding.match, finding.code
            break
    if said.status != "confirmed":
        return match, disease, None
    if said.diagnosed_on is not None:
        return match, disease, said.diagnosed_on
    dated = dated_papers(application, date.max - timedelta(days=1))
    return match, disease, min(dated, default=None)
