"""The law of policy and membership: which catalog, which list, in force or not, for how long."""

from __future__ import annotations

from services.entitlement.domain.case import PASS, Case, start
from shared.kernel.instant import CST
from shared.kernel.law import Answer, Pass, Refusal, Review, Rule, rule


@rule("NOT-11")
def on_the_list(case: Case) -> Answer:
    """The service is for designated members: the person is, or was, on the policy's list."""
    if case.spells:
        return PASS
    return Refusal("NOT-11", "NOT_A_MEMBER", {"policy_ref": case.policy_ref})


def _catalog(case: Case, rule_id: str) -> Answer:
    asked = case.application.product
    if asked is None or asked == case.law.edition.product:
        return Pass({"catalog": case.law.edition.product, "edition": case.law.edition.id})
    return Refusal(rule_id, "WRONG_CATALOG", {"asked": asked, "catalog": case.law.edition.product}, {"product": asked})


@rule("CAT-01", "route")
def catalog_a(case: Case) -> Answer:
    """A policy of 宏悦万家感恩版 is served under its own catalog and no other."""
    return _catalog(case, "CAT-01")


@rule("CAT-02", "route")
def catalog_b(case: Case) -> Answer:
    """A policy of 网宏e保百万医疗保障加强版 is served under its own catalog and no other."""
    return _catalog(case, "CAT-02")


def _offered(case: Case, rule_id: str) -> Answer:
    if case.law.service is not None or case.law.code == "UNLISTED":
        return PASS if case.law.service is not None else None
    facts = {"service": case.law.code, "lines": sorted({s.line for s in case.law.edition.services.values()})}
    remedy = {"products": list(case.law.offered_by)} if case.law.offered_by else {}
    return Refusal(rule_id, "NOT_IN_CATALOG", facts, remedy)


@rule("CAT-03")
def lines_of_a(case: Case) -> Answer:
    """Catalog A holds four lines: GREEN, TELEDOC, ADVANCE, DENTAL."""
    return _offered(case, "CAT-03")


@rule("CAT-05")
def lines_of_b(case: Case) -> Answer:
    """Catalog B holds two packs: GREEN and ADVANCE."""
    return _offered(case, "CAT-05")


@rule("CAT-04")
def green_of_a(case: Case) -> Answer:
    """GREEN in A: ten bookable items and the bundled escort."""
    return _offered(case, "CAT-04") if case.law.green else None


@rule("CAT-06")
def green_of_b(case: Case) -> Answer:
    """GREEN in B: nine items, INP and SURG under one heading."""
    return _offered(case, "CAT-06") if case.law.green else None


@rule("CAT-D03")
def named_services_only(case: Case) -> Answer:
    """'等服务' opens no further service: only what has its own paragraph, row or quota can be booked."""
    if case.law.code != "UNLISTED":
        return None
    return Refusal(
        "CAT-D03", "NOT_IN_CATALOG", {"service": "UNLISTED"}, {"services": sorted(case.law.edition.services)}
    )


@rule("NOT-12")
def not_withdrawn(case: Case) -> Answer:
    """The insurer may end a service within its term: what the edition of the day no longer offers is not served."""
    if not case.law.withdrawn:
        return None
    return Refusal("NOT-12", "SERVICE_WITHDRAWN", {"edition": case.law.edition.id})


@rule("CAT-11")
def inside_the_network(case: Case) -> Answer:
    """Every service is delivered inside its own network; without a snapshot the vendor confirms (REF-06, REF-07)."""
    terms = case.law.service.hospital if case.law.service is not None else None
    if case.hospital is None or terms is None or terms.network != "snapshot_or_vendor":
        return None
    return Pass({"network": "NETWORK_UNKNOWN", "confirms": case.application.vendor})


@rule("NOT-18")
def advance_exclusions_bind_advance_only(case: Case) -> Answer:
    """B prints the seven cases that do not qualify under GREEN too; they bind ADVANCE only."""
    return PASS


def _in_force(case: Case, rule_id: str) -> Answer:
    s = case.standing
    if not s.begun and not case.kept:
        begins = min(max(t.effective_on, case.spells[-1].covered_from) for t in case.cover.terms)
        return Refusal(rule_id, "POLICY_NOT_IN_FORCE", {"begun": False}, {"earliest": start(begins)})
    if (s.suspended or s.ended == "LAPSE") and not case.kept:
        return Refusal(rule_id, "POLICY_NOT_IN_FORCE", {"suspended": s.suspended}, {"needs": "REINSTATEMENT"})
    return PASS


@rule("ENT-01")
def in_force_a(case: Case) -> Answer:
    """Services may be used only while the policy is in force."""
    return _in_force(case, "ENT-01")


@rule("ENT-02")
def purchased_late_enough(case: Case) -> Answer:
    """Successfully purchased on or after the cut-off, that day included."""
    cutoff = case.law.terms.purchase_cutoff
    if cutoff is None or any(p >= cutoff for p in case.standing.purchased_at):
        return PASS
    latest = max(case.standing.purchased_at).astimezone(CST).isoformat()
    return Refusal("ENT-02", "PURCHASE_BEFORE_CUTOFF", {"purchased_at": latest, "cutoff": cutoff.isoformat()})


@rule("ENT-03")
def in_force_b(case: Case) -> Answer:
    """The policy is in force when the service is used."""
    return _in_force(case, "ENT-03")


@rule("ENT-04")
def table_requirement(case: Case) -> Answer:
    """The requirement of the service table is met; none is printed."""
    needed = case.law.terms.table_requirement
    return _NONE_PRINTED if needed is None else Review("ENT-04", "TABLE_REQUIREMENT", {"requirement": "PARAMETER"})


_NONE_PRINTED = Pass({"table_requirement": "NONE_PRINTED"})


def _one_year(case: Case, rule_id: str) -> Answer:
    if case.ended != "SERVICE_EXPIRED":
        return PASS
    return Refusal(rule_id, "SERVICE_EXPIRED", _last_day(case), {"needs": "RENEWAL"})


def _last_day(case: Case) -> dict[str, object]:
    ends = max(t.serves_until for t in case.cover.terms if t.effective_on <= case.standing.day)
    return {"served_until": start(ends)}


@rule("ENT-12")
def one_year_a(case: Case) -> Answer:
    """The service is valid for one year, unless agreed otherwise."""
    return _one_year(case, "ENT-12")


@rule("ENT-13")
def renewal_extends(case: Case) -> Answer:
    """If the policy is renewed the service is extended automatically."""
    return PASS if case.standing.renewed else None


@rule("ENT-14")
def one_year_b(case: Case) -> Answer:
    """The service is valid for one year, unless agreed otherwise; B prints no automatic extension."""
    return _one_year(case, "ENT-14")


@rule("ENT-15")
def agreement_overrides(case: Case) -> Answer:
    """A term agreed in the 《健康管理服务协议》 overrides the one-year term."""
    return Pass({"term": "AGREEMENT_OVERRIDE"}) if case.standing.agreed else None


def _terminated(rule_id: str, why: str) -> Refusal:
    return Refusal(rule_id, "SERVICE_TERMINATED", {"reason": why})


@rule("ENT-16")
def not_lapsed(case: Case) -> Answer:
    """If the insurance contract lapses, the service terminates."""
    return _terminated("ENT-16", "LAPSE") if case.ended == "LAPSE" else PASS


@rule("ENT-17")
def sum_insured_suffices(case: Case) -> Answer:
    """If the sum insured is reduced below the required standard, the service terminates."""
    if case.ended == "SUM_INSURED_REDUCED":
        return _terminated("ENT-17", "SUM_INSURED_REDUCED")
    return _STANDARD_NONE if case.law.terms.sum_insured_standard_fen is None else PASS


_STANDARD_NONE = Pass({"sum_insured_standard": "NONE_PRINTED"})


@rule("ENT-91")
def count_lives_in_the_term(case: Case) -> Answer:
    """A yearly count exists only inside the service term."""
    if case.ended != "SERVICE_EXPIRED":
        return None
    return Refusal("ENT-91", "SERVICE_EXPIRED", _last_day(case), {"needs": "RENEWAL"})


@rule("ENT-D11")
def termination_closes_what_is_open(case: Case) -> Answer:
    """Termination: no new request, what is not confirmed is closed; care given before it may still be claimed."""
    if case.later is not None and case.later.ended not in (None, "SERVICE_EXPIRED") and not case.standing.ended:
        return _terminated("ENT-D11", str(case.later.ended))
    if case.kept and case.care is not None and case.standing.ended is not None:
        return Pass({"visit_kept_of": case.care.request_id})
    return None


@rule("ENT-D15")
def renewal_granted_explicitly(case: Case) -> Answer:
    """A renewed policy of B is served by an explicit decision of the catalog (parameter renewal_grant)."""
    if case.standing.withheld and case.standing.term is None:
        return Refusal("ENT-D15", "SERVICE_EXPIRED", {"renewal_grant": "WITHHOLD"})
    return Pass({"renewal_grant": "GRANT"}) if case.standing.renewed else None


@rule("ENT-D16")
def expiry_closes_what_is_open(case: Case) -> Answer:
    """Expiry without renewal closes what is not booked, like a termination."""
    expired = case.later is not None and case.later.ended == "SERVICE_EXPIRED" and not case.standing.ended
    return Refusal("ENT-D16", "SERVICE_EXPIRED", {}, {"needs": "RENEWAL"}) if expired else None


@rule("ENT-D21")
def still_in_the_group(case: Case) -> Answer:
    """A person's services end with leaving the group policy, while the policy goes on for the others."""
    return _terminated("ENT-D21", "LEFT_GROUP") if case.ended == "LEFT_GROUP" else PASS


RULES: list[Rule[Case]] = [
    on_the_list, catalog_a, catalog_b, lines_of_a, green_of_a, lines_of_b, green_of_b, named_services_only,
    not_withdrawn, inside_the_network, in_force_a, purchased_late_enough, in_force_b, table_requirement, one_year_a,
    renewal_extends, one_year_b, agreement_overrides, not_lapsed, sum_insured_suffices, count_lives_in_the_term,
    termination_closes_what_is_open, renewal_granted_explicitly, expiry_closes_what_is_open, still_in_the_group,
    advance_exclusions_bind_advance_only,
]  # fmt: skip
