"""The rules of the claim: trigger, window, out of town, the claim's own papers; which bind is said by the edition."""

from __future__ import annotations

from typing import Literal

from services.subsidy.domain.answers import WAITING_VISIT, missing
from services.subsidy.domain.claimed import Care
from services.subsidy.domain.trip import (
    SERVICE,
    Link,
    Situation,
    TripCase,
    anchor_care,
    pools,
    situation,
    window,
    year_of_care,
)
from shared.handbook.cities import prefecture_of, same_city
from shared.kernel.instant import in_china
from shared.kernel.law import Answer, Pass, Receipt, Refusal, Review, Rule, ask, rule

# -- trigger ---------------------------------------------------------------------------------------------------------


def _fits(care: Care, link: Link) -> bool:
    on_the_trip = link.visit_on is not None and care.starts_on <= link.visit_on <= care.ends_on
    there = link.hospital_city is None or same_city(link.hospital_city, care.hospital_city)
    return on_the_trip and there


def _standing(case: TripCase) -> tuple[Literal["linked", "differs", "unknown", "none"], list[str]]:
    named = [(care, case.links.get(care.request_id or "")) for care in case.claimed.care]
    mine = [(care, link) for care, link in named if link is not None and link.same_member]
    confirmed = [(care, link) for care, link in mine if link.standing == "confirmed"]
    names = [care.request_id or "" for care, _ in mine]
    if any(_fits(care, link) for care, link in confirmed):
        return "linked", names
    if any(link.standing == "unknown" for _, link in mine):
        return "unknown", names
    return ("differs" if confirmed else "none"), names


def _linked(case: TripCase, rule_id: str, unlinked: Answer) -> Answer:
    said, names = _standing(case)
    if said == "linked":
        return Pass({"visits": list(names)})
    if said == "unknown":
        if case.patient:
            return Refusal(rule_id, WAITING_VISIT, {"visits": list(names)}, {"visits": list(names)})
        return Review(rule_id, "LINKED_VISIT_UNKNOWN", {"visits": list(names)})
    if said == "differs":
        return Review(rule_id, "LINKED_VISIT_DIFFERS", {"visits": list(names)})
    return unlinked


@rule("SUB-01")
def a_green_visit_is_linked(case: TripCase) -> Answer:
    """The trip was made for a GREEN service that the vendor arranged; without one the claim is refused."""
    return _linked(case, "SUB-01", Refusal("SUB-01", "NO_GREEN_SERVICE", {"linked_visit": case.terms.linked_visit}))


@rule("SUB-02")
def a_green_visit_is_expected(case: TripCase) -> Answer:
    """The trip was made while using the service; without a linked GREEN visit a person decides (AMB-37)."""
    return _linked(case, "SUB-02", Review("SUB-02", "NO_LINKED_GREEN_SERVICE", {}))


@rule("SUB-32", "data")
def applied_by_phone(case: TripCase) -> Answer:
    """The application is made on the vendor's hotline, at the instant of the call."""
    return Pass({"applied_at": in_china(case.applied_at).isoformat(), "hotline": case.edition.service(SERVICE).hotline})


# -- window ----------------------------------------------------------------------------------------------------------


def _in_time(case: TripCase, rule_id: str, inpatient: bool) -> Answer:
    care = anchor_care(case.claimed)
    if (care.kind == "inpatient") is not inpatient:
        return None
    last = window(case.claimed, case.terms, case.calendar)
    facts = {
        "anchor_on": care.anchor_on.isoformat(),
        "last_day": last.last_day.isoformat(),
        "applied_at": in_china(case.applied_at).isoformat(),
    }
    return Pass(facts) if last.met(case.applied_at) else Refusal(rule_id, "LATE", facts)


@rule("SUB-03")
def outpatient_window(case: TripCase) -> Answer:
    """Outpatient: started within ten working days counted from the visit day (A)."""
    return _in_time(case, "SUB-03", inpatient=False)


@rule("SUB-04")
def inpatient_window(case: TripCase) -> Answer:
    """In-patient: the ten working days count from the day of discharge (A)."""
    return _in_time(case, "SUB-04", inpatient=True)


@rule("SUB-05", "data")
def table_names_discharge_only(case: TripCase) -> Answer:
    """The table of A names the discharge only; the prose governs each kind of care (AMB-30)."""
    inpatient = anchor_care(case.claimed).kind == "inpatient"
    return Pass({"governed_by": "SUB-04" if inpatient else "SUB-03"})


@rule("SUB-06")
def visit_window(case: TripCase) -> Answer:
    """Prose of B: started within ten working days after the visit."""
    return _in_time(case, "SUB-06", inpatient=False)


@rule("SUB-07")
def discharge_window(case: TripCase) -> Answer:
    """Table of B: started within ten working days after the discharge."""
    return _in_time(case, "SUB-07", inpatient=True)


@rule("SUB-D01", "clock")
def window_is_counted(case: TripCase) -> Answer:
    """The next working day is day 1, day 10 ends at 24:00, and starting the application is enough."""
    last = window(case.claimed, case.terms, case.calendar)
    counted = [one.day.isoformat() for one in last.proof if one.counted]
    return Pass({"first_day": counted[0], "last_day": counted[-1], "provisional": last.provisional})


@rule("SUB-D05", "clock")
def window_is_anchored(case: TripCase) -> Answer:
    """The anchor is the visit or exam day, the discharge day, or the later of them in one trip."""
    care = anchor_care(case.claimed)
    return Pass({"care": care.kind, "anchor_on": care.anchor_on.isoformat()})


# -- out of town -----------------------------------------------------------------------------------------------------


def _situations(case: TripCase) -> list[Situation]:
    return [situation(case.claimed, care.hospital_city)[0] for care in case.claimed.care]


@rule("SUB-08")
def hukou_is_another_city(case: TripCase) -> Answer:
    """Out of town: the hukou city differs from the city of the treating hospital (residence elsewhere: SUB-D02)."""
    said = _situations(case)
    if all(one == "same_city" for one in said):
        return Refusal("SUB-08", "SAME_CITY", {"hukou_city": case.claimed.hukou_city}, {"document": "RESIDENCE_PERMIT"})
    return Pass({"hukou_city": case.claimed.hukou_city})


@rule("SUB-09")
def the_trip_home_needs_a_permit(case: TripCase) -> Answer:
    """From the habitual residence to the hukou city: only with a residence permit or other valid proof."""
    if "permit_needed" in _situations(case):
        return missing("SUB-09", "RESIDENCE_PERMIT")
    return None


@rule("SUB-D02")
def one_definition_of_out_of_town(case: TripCase) -> Answer:
    """Departure city ≠ hospital city; proven residence in the hospital's city, or no one pool: a person names it."""
    said = _situations(case)
    if "residence_is_hospital_city" in said:
        return Review("SUB-D02", "RESIDENCE_IS_HOSPITAL_CITY", {"residence_city": case.claimed.residence_city})
    if "permit_needed" in said or all(one == "same_city" for one in said):
        return None
    found = sorted(pools(case.claimed))
    if len(found) != 1 or "same_city" in said:
        return Review("SUB-D02", "HOSPITAL_CITIES_DIFFER", {"pools": list(found)})
    departure = situation(case.claimed, anchor_care(case.claimed).hospital_city)[1]
    return Pass({"departure_city": departure, "pool": found[0]})


@rule("SUB-D02")
def care_lies_in_a_policy_year(case: TripCase) -> Answer:
    """The caps are those of the policy year of the date of care; care before the first one goes to a person."""
    year = year_of_care(case.claimed, case.year)
    if year is None:
        return Review("SUB-D02", "CARE_BEFORE_COVER", {"anchor_on": anchor_care(case.claimed).anchor_on.isoformat()})
    return Pass({"year": year})


@rule("SUB-D07", "data")
def cities_are_prefectures(case: TripCase) -> Answer:
    """Cities are compared at prefecture level; a municipality is one city."""
    said = case.claimed
    cities = {"hukou": prefecture_of(said.hukou_city)}
    if said.residence_city is not None:
        cities["residence"] = prefecture_of(said.residence_city)
    return Pass({**cities, "hospitals": sorted({prefecture_of(care.hospital_city) for care in said.care})})


# -- papers of the claim ---------------------------------------------------------------------------------------------


@rule("SUB-25")
def account_is_the_patients(case: TripCase) -> Answer:
    """A valid bank account in the client's own name; whose else leads to a person or to the own account, as printed."""
    account, terms = case.claimed.account, case.terms
    if account is None:
        return missing("SUB-25", "BANK_ACCOUNT")
    if account.holder == "patient":
        return Pass({"holder": account.holder})
    guardian = account.holder == "guardian" and case.claimed.patient_is_minor
    if (terms.account_of_a_minors_guardian if guardian else terms.account_of_others) == "review":
        return Review("SUB-25", "ACCOUNT_NOT_PATIENT", {"holder": account.holder, "guardian_of_a_minor": guardian})
    return missing("SUB-25", "OWN_BANK_ACCOUNT")


@rule("SUB-26")
def treatment_is_proven(case: TripCase) -> Answer:
    """With the application comes the patient's proof of treatment."""
    if not case.claimed.treatment_proof:
        return missing("SUB-26", "TREATMENT_PROOF")
    return Pass({"papers": len(case.claimed.treatment_proof)})


@rule("SUB-28", "show")
def mailbox_is_shown(case: TripCase) -> Answer:
    """Vouchers go to the mailbox that the provider designates."""
    return Pass({"shown": "SUBSIDY_MAILBOX"}) if case.edition.parameters.subsidy_mailbox else None


@rule("SUB-30", "show")
def ask_before_invoices_are_issued(_: TripCase) -> Answer:
    """The member should contact the provider before having invoices issued."""
    return Pass({"hint": "CONTACT_BEFORE_INVOICES"})


def _uncounted(_: TripCase) -> Answer:
    """The number of claims is unlimited; only the yearly amounts cap it."""
    return Pass({"claims_max": None})


RULES: tuple[Rule[TripCase], ...] = (
    Rule("ENT-36", "quota", _uncounted),
    Rule("ENT-D02", "quota", _uncounted),
    a_green_visit_is_linked, a_green_visit_is_expected, applied_by_phone,
    outpatient_window, inpatient_window, table_names_discharge_only, visit_window, discharge_window,
    window_is_counted, window_is_anchored,
    hukou_is_another_city, the_trip_home_needs_a_permit, one_definition_of_out_of_town, care_lies_in_a_policy_year,
    cities_are_prefectures,
    account_is_the_patients, treatment_is_proven, mailbox_is_shown, ask_before_invoices_are_issued,
)  # fmt: skip


def judge(case: TripCase) -> Receipt:
    """Every rule of the claim that this edition follows."""
    service = case.edition.service(SERVICE)
    return ask([one for one in RULES if service.follows(one.id)], case)
