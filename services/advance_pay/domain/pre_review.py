"""The law of the pre-review: is the stay within liability, is the hospital in the network, how much may be advanced.

A rule is asked where the edition lists it for the service, so that B's seven exclusions never reach A (ADV-D05).
The pre-review binds no claim (ADV-13, ADV-24); who may use the service at all is entitlement's to say.
"""

from __future__ import annotations

from typing import Literal

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import money_facts as m
from shared.kernel.law import Answer, Pass, Receipt, Refusal, Review, Rule, ask, rule
from shared.kernel.value import value

City = Literal["covered", "not_covered", "review", "unknown"]
GRADE_MIN = 2


@value
class PreReviewCase:
    """All that the law looks at. ``remaining`` = sum insured − claims paid − open holds of others, of the member-year."""

    finding: m.PreReviewFound
    stay: f.Stay | None
    diagnosis: f.DiagnosisSeen | None
    city: City
    sum_insured_fen: int
    paid_fen: int
    remaining_fen: int
    second_approval_above_fen: int | None
    settled_reasons: frozenset[str]

    @property
    def amount_fen(self) -> int:
        """min(deposit notice, estimate of the pre-review, remaining liability) (ADV-D02)."""
        limits = [max(self.remaining_fen, 0)]
        if self.stay is not None:
            limits.append(self.stay.deposit_fen)
        if self.finding.liability_estimate_fen is not None:
            limits.append(self.finding.liability_estimate_fen)
        return min(limits)

    @property
    def special_hospital(self) -> bool:
        """Grade or ownership unknown, military, a privately run unit, a VIP wing: for a person to judge (REF-D03)."""
        h = self.stay.hospital if self.stay else None
        if h is None or h.grade is None or h.ownership is None:
            return True
        return h.military or h.privately_run_unit or h.vip_or_international

    def unless_settled(self, answer: Review) -> Answer:
        """A question that a person answered with the grant is not asked again."""
        if answer.reason in self.settled_reasons:
            return Pass({**answer.facts, "answered_with_the_grant": answer.reason})
        return answer


def _grade(case: PreReviewCase) -> int:
    grade = case.stay.hospital.grade if case.stay else None
    return int(grade[0]) if grade else 0


@rule("ADV-04")
def within_claim_liability(case: PreReviewCase) -> Answer:
    """The hospital cost is within insurance claim liability."""
    return _liability("ADV-04", case)


@rule("ADV-17")
def within_liability(case: PreReviewCase) -> Answer:
    """The deposit is within insurance liability."""
    return _liability("ADV-17", case)


def _liability(rule_id: str, case: PreReviewCase) -> Answer:
    said = case.finding.within_liability
    facts = {"within_liability": said}
    if said == "yes":
        return Pass(facts)
    if said == "no":
        return Refusal(rule_id, "NOT_LIABLE", facts)
    return Review(rule_id, "LIABILITY_UNCLEAR", facts)


@rule("ADV-17")
def in_the_advance_network(case: PreReviewCase) -> Answer:
    """The hospital is in the advance network, too."""
    said = case.finding.in_network
    if said is None:
        return Review("ADV-17", "NETWORK_UNKNOWN", {"in_network": None})
    return Pass({"in_network": True}) if said else Refusal("ADV-17", "OUT_OF_NETWORK", {"in_network": False})


@rule("ADV-15")
def public_hospital_of_grade_two(case: PreReviewCase) -> Answer:
    """Only public hospitals of grade two or above."""
    if case.stay is None or case.special_hospital:
        return None
    facts = {"grade": case.stay.hospital.grade, "ownership": case.stay.hospital.ownership}
    if case.stay.hospital.ownership != "public":
        return Refusal("ADV-15", "NOT_PUBLIC", facts)
    if _grade(case) < GRADE_MIN:
        return Refusal("ADV-15", "GRADE_BELOW_TWO", facts)
    return Pass(facts)


@rule("ADV-15")
def in_a_listed_city(case: PreReviewCase) -> Answer:
    """Located in the cities of the annex."""
    return _listed_city("ADV-15", case)


@rule("ADV-33")
def in_a_city_of_the_network(case: PreReviewCase) -> Answer:
    """The network's cities are those of the annex."""
    return _listed_city("ADV-33", case)


def _listed_city(rule_id: str, case: PreReviewCase) -> Answer:
    if case.stay is None or case.city in ("review", "unknown"):
        return None
    facts = {"city_code": case.stay.hospital.city_code}
    return Pass(facts) if case.city == "covered" else Refusal(rule_id, "CITY_NOT_COVERED", facts)


@rule("ADV-33")
def public_hospital_in_the_network(case: PreReviewCase) -> Answer:
    """The network is one of public hospitals."""
    if case.stay is None or case.special_hospital:
        return None
    facts = {"ownership": case.stay.hospital.ownership}
    return Pass(facts) if facts["ownership"] == "public" else Refusal("ADV-33", "NOT_PUBLIC", facts)


@rule("ADV-31")
def on_the_hospital_list(case: PreReviewCase) -> Answer:
    """The hospital's grade and location match the service hospital list."""
    if case.stay is None or case.special_hospital:
        return None
    facts = {"grade": case.stay.hospital.grade, "city_code": case.stay.hospital.city_code}
    if _grade(case) < GRADE_MIN or case.city == "not_covered":
        return Refusal("ADV-31", "HOSPITAL_NOT_LISTED", facts)
    return Pass(facts)


@rule("REF-D03")
def hospital_is_plain(case: PreReviewCase) -> Answer:
    """A hospital whose status is unknown or special goes to a person, never silently away."""
    if not case.special_hospital:
        return None
    return case.unless_settled(Review("REF-D03", "HOSPITAL_STATUS", {"known": case.stay is not None}))


@rule("REF-D01")
def city_is_plain(case: PreReviewCase) -> Answer:
    """A city of which the list leaves doubt goes to a person."""
    if case.stay is None or case.city not in ("review", "unknown"):
        return None
    return case.unless_settled(Review("REF-D01", "CITY_SCOPE", {"city_code": case.stay.hospital.city_code}))


@rule("ADV-26")
def truthfully_disclosed(case: PreReviewCase) -> Answer:
    """No pre-existing condition was left undisclosed."""
    found = case.finding.undisclosed_history
    return Refusal("ADV-26", "NON_DISCLOSURE", {"undisclosed_history": True}) if found else Pass()


@rule("ADV-27")
def listed_disease_confirmed(case: PreReviewCase) -> Answer:
    """A major disease of the list is confirmed; one that only the contract names goes to a person."""
    d = case.diagnosis
    if d is None or d.status != "confirmed":
        return Refusal("ADV-27", "DISEASE_NOT_CONFIRMED", {"status": d.status if d else None})
    if d.match == "listed":
        return Pass({"code": d.code})
    if d.named_in_contract:
        return case.unless_settled(Review("ADV-27", "DISEASE_ONLY_IN_CONTRACT", {"match": d.match}))
    if d.match == "none":
        return Refusal("ADV-27", "DISEASE_NOT_CONFIRMED", {"match": d.match})
    if any(reason.startswith("DISEASE_") for reason in case.settled_reasons):
        return Pass({"match": d.match, "answered_with_the_grant": "DISEASE_NAME"})
    return Review("ADV-27", "DISEASE_NAME_UNCLEAR", {"match": d.match})


@rule("ADV-28", "money")
def sum_insured_not_exhausted(case: PreReviewCase) -> Answer:
    """The sum insured of the policy year is not fully paid out."""
    facts = {"sum_insured_fen": case.sum_insured_fen, "paid_fen": case.paid_fen}
    exhausted = case.paid_fen >= case.sum_insured_fen
    return Refusal("ADV-28", "SUM_INSURED_EXHAUSTED", facts) if exhausted else Pass(facts)


@rule("ADV-30")
def cause_not_excluded(case: PreReviewCase) -> Answer:
    """The cause of the stay is no exclusion of the policy."""
    found = case.finding.policy_exclusion
    return Refusal("ADV-30", "POLICY_EXCLUSION", {"policy_exclusion": True}) if found else Pass()


@rule("ADV-32")
def originals_promised(case: PreReviewCase) -> Answer:
    """The member can give the original invoices at discharge."""
    promised = case.finding.originals_promised
    return Pass() if promised else Refusal("ADV-32", "NO_ORIGINAL_INVOICE", {"originals_promised": False})


@rule("ADV-D05")
def only_what_makes_the_cost_not_claimable(case: PreReviewCase) -> Answer:
    """Disease, disclosure, exclusion and invoices are no reasons of their own beside the liability (ADV-03)."""
    found = case.finding
    return Pass(
        {
            "undisclosed_history": found.undisclosed_history,
            "policy_exclusion": found.policy_exclusion,
            "originals_promised": found.originals_promised,
        }
    )


@rule("ADV-D02", "money")
def something_is_left_to_advance(case: PreReviewCase) -> Answer:
    """Advanced is the least of deposit notice, estimate and remaining liability; it must be something."""
    facts = {"amount_fen": case.amount_fen, "remaining_fen": case.remaining_fen}
    if case.stay is None:
        return Review("ADV-D02", "DEPOSIT_UNKNOWN", facts)
    if case.amount_fen > 0:
        return Pass(facts)
    if case.stay.deposit_fen == 0 or case.finding.liability_estimate_fen == 0:
        return Refusal("ADV-D02", "NOTHING_TO_ADVANCE", facts)
    if case.paid_fen >= case.sum_insured_fen:
        return Refusal("ADV-D02", "SUM_INSURED_EXHAUSTED", facts)
    return Review("ADV-D02", "LIABILITY_HELD_BY_OTHERS", facts)


@rule("ADV-D02", "money")
def second_approval(case: PreReviewCase) -> Answer:
    """Above the product's limit a second person approves (AMB-55)."""
    limit = case.second_approval_above_fen
    if limit is None or case.amount_fen <= limit:
        return None
    return Review("ADV-D02", "SECOND_APPROVAL", {"amount_fen": case.amount_fen, "above_fen": limit})


RULES: tuple[Rule[PreReviewCase], ...] = (
    within_claim_liability, within_liability, in_the_advance_network, public_hospital_of_grade_two, in_a_listed_city,
    public_hospital_in_the_network, in_a_city_of_the_network, on_the_hospital_list, hospital_is_plain, city_is_plain,
    truthfully_disclosed, listed_disease_confirmed, sum_insured_not_exhausted, cause_not_excluded, originals_promised,
    only_what_makes_the_cost_not_claimable, something_is_left_to_advance, second_approval,
)  # fmt: skip


def judge(case: PreReviewCase, printed: frozenset[str]) -> Receipt:
    """Ask every rule that the edition lists for the service; all reasons are collected."""
    return ask([r for r in RULES if r.id in printed], case)
