"""The law of counts: how often in which year, and what carries no count at all."""

from __future__ import annotations

from services.entitlement.domain.case import Case, start
from shared.kernel.law import Answer, Pass, Refusal, Rule, rule


@rule("ENT-D03", "quota")
def years_are_policy_years(case: Case) -> Answer:
    """'/年' is the policy year [effective date 00:00, next anniversary 00:00); nothing is carried over."""
    year = case.year
    if year is None:
        return None
    return Pass({"year": year.ordinal, "starts_on": year.starts_on.isoformat(), "ends_on": year.ends_on.isoformat()})


@rule("ENT-D04", "quota")
def the_year_of_the_request_is_charged(case: Case) -> Answer:
    """A count is held when the request is accepted, in the year of the request; some services carry none."""
    service = case.law.service
    if service is None or case.year is None:
        return None
    return _HELD if service.quota is not None else _NOT_COUNTED


_HELD = Pass({"count": "HELD"})
_NOT_COUNTED = Pass({"count": "NONE"})


@rule("ENT-28", "quota")
def one_visit_a_year(case: Case) -> Answer:
    """OUTP: so many per member and policy year, within the service term."""
    service, year = case.law.service, case.year
    if service is None or service.quota is None or year is None:
        return None
    limit = service.quota.limit
    if case.used < limit:
        return Pass({"used": case.used, "limit": limit})
    remedy = {"earliest": start(year.ends_on), "needs": "RENEWAL"}
    return Refusal(service.quota.rule, "QUOTA_EXHAUSTED", {"used": case.used, "limit": limit}, remedy)


def _unlimited(case: Case) -> Answer:
    """Where the number is unlimited, nothing is counted."""
    return _UNLIMITED if case.law.service is not None and case.law.service.quota is None else None


_UNLIMITED = Pass({"limit": "UNLIMITED"})


@rule("ENT-36", "quota")
def claims_are_not_counted(case: Case) -> Answer:
    """SUBSIDY in A: the number of claims is unlimited."""
    return _unlimited(case)


@rule("ENT-38", "quota")
def advances_are_not_counted(case: Case) -> Answer:
    """ADVANCE in A: unlimited number of times."""
    return _unlimited(case)


@rule("ENT-40", "quota")
def many_advances(case: Case) -> Answer:
    """ADVANCE in B may be applied for many times within the service term."""
    return _unlimited(case)


@rule("ENT-D02", "quota")
def no_count_printed(case: Case) -> Answer:
    """Where B prints no count the number is unlimited."""
    return _unlimited(case)


RULES: list[Rule[Case]] = [
    years_are_policy_years, the_year_of_the_request_is_charged, one_visit_a_year, claims_are_not_counted,
    advances_are_not_counted, many_advances, no_count_printed,
]  # fmt: skip
