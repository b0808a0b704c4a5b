"""The law of waiting: waiting period, cooling-off, accidents, joiners, renewals after a gap, policy years."""

from __future__ import annotations

from services.entitlement.domain.case import PASS, Case, doubtful, start, waits
from shared.kernel.law import Answer, Pass, Refusal, Review, Rule, rule


@rule("ENT-01")
def waiting_passed_a(case: Case) -> Answer:
    """Services may be used only after the waiting period."""
    return waits(case, "ENT-01") if case.waiting else None


@rule("ENT-05")
def cooling_off_over(case: Case) -> Answer:
    """GREEN takes effect after the cooling-off period; an accident does not shorten it."""
    over_on = case.standing.cooling_off_over_on
    if over_on is None or case.standing.day >= over_on:
        return PASS
    return Refusal("ENT-05", "COOLING_OFF", {"on": case.standing.day.isoformat()}, {"earliest": start(over_on)})


@rule("ENT-06")
def advance_waits_a(case: Case) -> Answer:
    """ADVANCE takes effect once the contract is issued and the waiting period has passed."""
    return waits(case, "ENT-06")


@rule("ENT-07", "data")
def green_waits_as_the_product(case: Case) -> Answer:
    """The waiting period of GREEN is the product's, read from the product."""
    return Pass(case.waiting_facts)


@rule("ENT-08")
def green_waits_b(case: Case) -> Answer:
    """GREEN takes effect after the product's waiting period."""
    return waits(case, "ENT-08")


@rule("ENT-09")
def advance_waits_b(case: Case) -> Answer:
    """ADVANCE takes effect after the product's waiting period."""
    return waits(case, "ENT-09")


@rule("ENT-10", "data")
def waiting_is_the_products(case: Case) -> Answer:
    """Every line waits as long as the product's contract says."""
    return Pass(case.waiting_facts)


@rule("ADV-29")
def applied_after_waiting(case: Case) -> Answer:
    """An ADVANCE applied for during the waiting period does not qualify; the date of the application decides."""
    return waits(case, "ADV-29")


@rule("ENT-D08")
def green_starts_later_of(case: Case) -> Answer:
    """GREEN starts at the later of the ends of cooling-off and waiting; for a waived accident after the cooling-off."""
    s = case.standing
    days = [d for d in (s.cooling_off_over_on, None if case.waived else s.serves_from) if d is not None]
    starts_on = max(days, default=s.since)
    if s.day >= starts_on:
        return Pass({"service_start": start(starts_on)})
    if doubtful(case):
        return None
    return Refusal("ENT-D08", "BEFORE_SERVICE_START", {"on": s.day.isoformat()}, {"earliest": start(starts_on)})


@rule("ENT-D10")
def accidents_may_not_wait(case: Case) -> Answer:
    """N waiting days from day 1, N inclusive; an accident waits where the product says so, in doubt a person judges."""
    if doubtful(case):
        return Review("ENT-D10", "ACCIDENT_UNCLEAR", case.waiting_facts)
    return _WAIVED if case.waived else PASS


_WAIVED = Pass({"waived_for": "ACCIDENT"})


@rule("ENT-D17")
def a_gap_starts_anew(case: Case) -> Answer:
    """Cover is continuous within the allowed gap; a longer gap or a reinstatement starts a new waiting period."""
    s = case.standing
    if not s.restarted:
        return PASS if s.renewed else None
    if case.waiting and not doubtful(case):
        facts = {"continuous_from": s.cover_began_on.isoformat()}
        return Refusal("ENT-D17", "WAITING_PERIOD", facts, {"earliest": start(s.serves_from)})
    return Pass({"continuous_from": s.cover_began_on.isoformat()})


@rule("ENT-D20")
def joiners_wait_for_themselves(case: Case) -> Answer:
    """Who joins in mid-year waits from the own cover start; counts are the policy year's, in full."""
    s = case.standing
    if s.since == s.cover_began_on:
        return None
    if case.waiting and not doubtful(case):
        return Refusal(
            "ENT-D20", "WAITING_PERIOD", {"joined_on": s.since.isoformat()}, {"earliest": start(s.serves_from)}
        )
    return Pass({"joined_on": s.since.isoformat()})


RULES: list[Rule[Case]] = [
    waiting_passed_a, cooling_off_over, advance_waits_a, green_waits_as_the_product, green_waits_b, advance_waits_b,
    waiting_is_the_products, applied_after_waiting, green_starts_later_of, accidents_may_not_wait, a_gap_starts_anew,
    joiners_wait_for_themselves,
]  # fmt: skip
