"""The law of the trigger: a listed disease, suspected or confirmed, with what shows it; what bars it."""

from __future__ import annotations

from services.entitlement.domain.case import PASS, Case, dated_papers, in_waiting
from shared.kernel.law import Answer, Facts, Pass, Refusal, Review, Rule, rule


def _unlisted(case: Case) -> bool:
    """Whether the papers name nothing that this product lists, or could list."""
    return case.match is None or case.match == "none"


def _claims_without_diagnosis(case: Case) -> bool:
    """A claim for travel rests on the care it names; the subsidy service asks what that care rested on."""
    return case.care is not None and case.application.diagnosis is None


def _no_listed_disease(case: Case, rule_id: str) -> Refusal:
    said = case.diagnosis
    elsewhere = [f.product for f in said.findings if f.match == "listed"] if said is not None else []
    return Refusal(
        rule_id, "NO_LISTED_DISEASE", {"diagnosis": said is not None}, {"products": elsewhere} if elsewhere else {}
    )


def _trigger(case: Case, rule_id: str) -> Answer:
    if _claims_without_diagnosis(case):
        return None
    if _unlisted(case):
        return _no_listed_disease(case, rule_id)
    return PASS if case.match == "listed" else None


@rule("INT-02")
def startable_a(case: Case) -> Answer:
    """The records show a listed disease, or the service cannot be started."""
    return _startable(case, "INT-02")


@rule("INT-15")
def startable_b(case: Case) -> Answer:
    """The records suffice to show a listed disease at least suspected, or the service cannot be started."""
    return _startable(case, "INT-15")


def _startable(case: Case, rule_id: str) -> Answer:
    if _claims_without_diagnosis(case):
        return None
    return Refusal(rule_id, "NOT_STARTABLE", {"diagnosis": case.diagnosis is not None}) if _unlisted(case) else PASS


@rule("ENT-18")
def trigger_a(case: Case) -> Answer:
    """GREEN starts only for a specified disease, had or suspected."""
    return _trigger(case, "ENT-18")


@rule("ENT-20")
def trigger_b(case: Case) -> Answer:
    """GREEN starts only for a listed major disease, had or suspected."""
    return _trigger(case, "ENT-20")


@rule("ENT-23")
def item_trigger_a(case: Case) -> Answer:
    """Each item needs a suspected or confirmed specified disease; suspicion suffices."""
    return _trigger(case, "ENT-23")


@rule("ENT-92")
def item_trigger_b(case: Case) -> Answer:
    """Each item needs a suspected or confirmed major disease."""
    return _trigger(case, "ENT-92")


@rule("ENT-19")
def list_of_a(case: Case) -> Answer:
    """Covered diseases are exactly those of annex 1."""
    if case.match == "listed":
        return Pass(case.shared)
    return _no_listed_disease(case, "ENT-19") if case.match == "none" else None


@rule("ENT-21")
def list_of_b(case: Case) -> Answer:
    """Covered diseases are those of the printed list; for ADVANCE one that only the contract names goes to a person."""
    if case.match == "listed":
        return Pass(case.shared)
    if case.match != "none":
        return None
    said = case.diagnosis
    if case.law.code == "ADVANCE" and said is not None and said.named_in_contract and said.status == "confirmed":
        return Review("ENT-21", "DISEASE_ONLY_IN_CONTRACT")
    return _no_listed_disease(case, "ENT-21")


@rule("REF-D04")
def names_resolve(case: Case) -> Answer:
    """A listed name or alias is the disease; a broader or unclear name goes to a person."""
    if case.match == "broader":
        return Review("REF-D04", "DISEASE_NAME_BROADER", case.shared)
    if case.match == "unclear":
        return Review("REF-D04", "DISEASE_NAME_UNCLEAR", case.shared)
    return PASS if case.match == "listed" else None


@rule("ENT-22")
def meets_the_definition(case: Case) -> Answer:
    """A disease is what the clauses define; a name without its definition goes to medical review."""
    said = case.diagnosis
    if said is None or said.status != "confirmed" or said.meets_definition is None:
        return None
    return PASS if said.meets_definition else Review("ENT-22", "NOT_MET_DEFINITION", case.shared)


@rule("ENT-D18")
def no_borderline_finding(case: Case) -> Answer:
    """Carcinoma in situ, TNM stage I, an operation only indicated: the medical team decides."""
    said = case.diagnosis
    if said is None or (case.match != "borderline" and said.finding == "none"):
        return None
    facts: Facts = {"finding": said.finding.upper(), **case.shared}
    return Review("ENT-D18", "BORDERLINE_FINDING", facts)


@rule("ENT-D14")
def suspicion_is_shown(case: Case) -> Answer:
    """A suspicion needs one dated medical document; a self-description is not enough."""
    said = case.diagnosis
    if said is None or said.status != "suspected" or case.match == "none":
        return None
    if dated_papers(case.application, case.papers_by) or (case.care is not None and case.care.case_known):
        return PASS
    missing: Facts = {"document": "SUSPICION_EVIDENCE"}
    return Refusal("ENT-D14", "WAITING_DOCUMENT", missing, missing)


@rule("ENT-11")
def not_diagnosed_in_waiting(case: Case) -> Answer:
    """A disease diagnosed inside the waiting period can't be used to obtain the service."""
    said = case.diagnosis
    if said is None or said.status != "confirmed" or case.match == "none":
        return None
    if case.confirmed_on is None:
        return Review("ENT-11", "DIAGNOSIS_UNDATED", case.shared)
    if not in_waiting(case, case.confirmed_on):
        return PASS
    facts: Facts = {"diagnosed_on": case.confirmed_on.isoformat(), **case.waiting_facts}
    return Refusal("ENT-11", "DIAGNOSED_IN_WAITING", facts)


@rule("ENT-D09")
def not_barred(case: Case) -> Answer:
    """It bars that disease and its direct complications while the cover is continuous; others stay usable."""
    said = case.diagnosis
    if said is None:
        return None
    if case.bars:
        causes = {f.code for f in said.complication_of if f.product == case.law.edition.product}
        for bar in case.bars:
            if bar.disease == case.disease or bar.disease in causes:
                return Refusal("ENT-D09", "DIAGNOSED_IN_WAITING", {"barred": bar.disease})
    suspected, confirmed = said.suspected_on, case.confirmed_on
    if (
        suspected is not None
        and confirmed is not None
        and in_waiting(case, suspected)
        and not in_waiting(case, confirmed)
    ):
        return Review("ENT-D09", "SUSPECTED_IN_WAITING", {"suspected_on": suspected.isoformat()})
    return PASS


@rule("ENT-D19")
def not_before_the_cover(case: Case) -> Answer:
    """A listed disease confirmed before the continuous cover began: as the product's parameter says."""
    confirmed = case.confirmed_on
    if confirmed is None or case.match == "none" or confirmed >= case.standing.since:
        return None
    facts: Facts = {"diagnosed_on": confirmed.isoformat(), "cover_began_on": case.standing.since.isoformat()}
    match case.law.terms.pre_existing:
        case "grant":
            return Pass(facts)
        case "refuse":
            return Refusal("ENT-D19", "PRE_EXISTING_DIAGNOSIS", facts)
        case _:
            return Review("ENT-D19", "PRE_EXISTING_DIAGNOSIS", facts)


@rule("ADV-02")
def needs_a_stay(case: Case) -> Answer:
    """The member needs hospital treatment because of illness or accident."""
    if case.application.advance is None:
        return Refusal("ADV-02", "NO_HOSPITAL_STAY", {}, {"field": "advance"})
    return PASS


@rule("ADV-03")
def any_disease(case: Case) -> Answer:
    """Not limited to any disease: the list is not checked."""
    return _NO_LIST


_NO_LIST = Pass({"disease_list": "NOT_CHECKED"})


@rule("ADV-16")
def confirmed_disease(case: Case) -> Answer:
    """A confirmed major disease is needed; suspicion is not enough."""
    said = case.diagnosis
    if said is not None and said.status == "confirmed":
        return PASS
    return Refusal("ADV-16", "NOT_CONFIRMED", {}, {"document": "DIAGNOSIS_CERTIFICATE"})


RULES: list[Rule[Case]] = [
    startable_a, startable_b, trigger_a, trigger_b, list_of_a, list_of_b, item_trigger_a, item_trigger_b, names_resolve,
    meets_the_definition, no_borderline_finding, suspicion_is_shown, not_diagnosed_in_waiting, not_barred,
    not_before_the_cover, needs_a_stay, any_disease, confirmed_disease,
]  # fmt: skip
