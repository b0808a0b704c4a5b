"""The law of the wish: hospital, department, expert, kind of visit; and of the hospital of a stay."""

from __future__ import annotations

from services.entitlement.domain.application import Hospital
from services.entitlement.domain.case import PASS, Case
from shared.handbook.cities import advance_city
from shared.kernel.law import Answer, Facts, Pass, Refusal, Review, Rule, rule


def _status(hospital: Hospital) -> list[str]:
    """What makes the grade or ownership of a hospital a question for a person (REF-D03, AMB-71)."""
    questions = {
        "MILITARY": hospital.military,
        "PRIVATELY_RUN_UNIT": hospital.privately_run_unit,
        "VIP_OR_INTERNATIONAL": hospital.vip_or_international,
        "UNGRADED": hospital.grade is None,
        "OWNERSHIP_UNKNOWN": hospital.ownership is None,
    }
    return [name for name, asked in questions.items() if asked]


@rule("REF-D03")
def status_is_known(case: Case) -> Answer:
    """Ungraded, unknown, military, privately run and VIP units go to a person, never to a silent refusal."""
    hospital = case.hospital
    if hospital is None:
        return None
    questions = _status(hospital)
    return Review("REF-D03", "HOSPITAL_STATUS", {"questions": questions}) if questions else PASS


@rule("ENT-51")
def tertiary_a(case: Case) -> Answer:
    """OUTP books at a tertiary-A hospital."""
    hospital = case.hospital
    if hospital is None:
        return None
    terms = case.law.service.hospital if case.law.service is not None else None
    if terms is None or terms.grade_min is None:
        return None
    if hospital.grade in (None, terms.grade_min[0]):  # a grade without its letter is not yet known to be A
        asked_already = hospital.grade is None and terms.special_review
        return None if asked_already else Review("ENT-51", "HOSPITAL_STATUS", {"grade": hospital.grade})
    if hospital.grade != terms.grade_min:
        return Refusal("ENT-51", "NOT_TERTIARY_A", {"grade": hospital.grade}, {"grade": terms.grade_min})
    if hospital.ownership == "private" and terms.private_if_member_designates == "review":
        return Review("ENT-51", "PRIVATE_TERTIARY_A", {"ownership": "private"})
    return PASS


@rule("ENT-52")
def hospital_and_department_may_be_designated(case: Case) -> Answer:
    """The member may designate the hospital and the department."""
    wish = case.application.outpatient
    if wish is None or (wish.designated_hospital is None and wish.department is None):
        return None
    hospital = wish.designated_hospital
    return Pass({"hospital": hospital.code if hospital is not None else None, "department": wish.department})


@rule("ENT-53")
def expert_may_not_be_designated(case: Case) -> Answer:
    """The member may not designate the expert: the wish is dropped, and the answer says so."""
    wish = case.application.outpatient
    return _NO_EXPERT if wish is not None and wish.names_expert else None


_NO_EXPERT = Pass({"dropped": "/data/outpatient/names_expert", "reason": "EXPERT_NOT_SELECTABLE"})


@rule("ENT-55")
def visit_type_included(case: Case) -> Answer:
    """Antenatal, delivery, emergency, oral-cosmetic and reproductive visits are not included."""
    wish, service = case.application.outpatient, case.law.service
    if wish is None or service is None or wish.visit_type not in service.excluded_visits:
        return PASS
    facts: Facts = {"visit_type": wish.visit_type.upper()}
    return Refusal("ENT-55", "VISIT_TYPE_EXCLUDED", facts, {"visit_type": "SPECIALIST"})


@rule("ADV-15")
def stay_in_a_listed_city(case: Case) -> Answer:
    """The hospital lies in a city of annex 2."""
    return _city(case, "ADV-15", "CITY_NOT_COVERED")


@rule("ADV-33")
def stay_inside_the_network(case: Case) -> Answer:
    """The hospital lies in a city of the advance network."""
    return _city(case, "ADV-33", "OUT_OF_NETWORK")


def _city(case: Case, rule_id: str, reason: str) -> Answer:
    if case.hospital is None:
        return None
    city = case.hospital.city_code
    covered = advance_city(case.law.edition, city)
    if covered == "not_covered":
        return Refusal(rule_id, reason, {"city": city})
    return Pass({"city": city}) if covered == "covered" else None


@rule("REF-D01")
def city_is_told_apart(case: Case) -> Answer:
    """A city is matched by its prefecture, a listed county-level city by itself; where that is in doubt, by a person."""
    if case.hospital is None:
        return None
    doubtful = advance_city(case.law.edition, case.hospital.city_code) == "review"
    return Review("REF-D01", "CITY_SCOPE", {"city": case.hospital.city_code}) if doubtful else PASS


@rule("ADV-15")
def stay_in_a_public_hospital(case: Case) -> Answer:
    """Only public hospitals of grade two or above."""
    return _public(case, "ADV-15", "NOT_PUBLIC")


@rule("ADV-33")
def stay_in_a_listed_hospital(case: Case) -> Answer:
    """Only public hospitals of grade two or above inside the network."""
    return _public(case, "ADV-33", "HOSPITAL_NOT_LISTED")


def _public(case: Case, rule_id: str, private: str) -> Answer:
    hospital = case.hospital
    if hospital is None or case.law.service is None or case.law.service.hospital is None:
        return None
    least = case.law.service.hospital.grade_min
    if hospital.grade is not None and least is not None and hospital.grade[0] < least[0]:
        return Refusal(rule_id, "HOSPITAL_NOT_LISTED", {"grade": hospital.grade}, {"grade": least})
    if hospital.ownership == "private" and not _status(hospital):
        return Refusal(rule_id, private, {"ownership": "private"}, {"ownership": "public"})
    return None if _status(hospital) else PASS


RULES: list[Rule[Case]] = [
    status_is_known, tertiary_a, hospital_and_department_may_be_designated, expert_may_not_be_designated,
    visit_type_included, stay_in_a_listed_city, stay_inside_the_network, city_is_told_apart, stay_in_a_public_hospital,
    stay_in_a_listed_hospital,
]  # fmt: skip
