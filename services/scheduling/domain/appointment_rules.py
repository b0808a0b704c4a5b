"""The law of an appointment: what a proposed slot must be, and what its confirmation brings about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from services.scheduling.domain.engagement_commands import Propose
from services.scheduling.domain.terms import Terms
from shared.kernel.instant import day_of
from shared.kernel.law import Answer, Pass, Refusal, Review, Rule, rule
from shared.kernel.value import value

EXPERT_RANKS = ("resident", "attending", "associate_chief", "chief")
# Where in the vendor's record the refused value stands.
POINTERS = {
    "NOT_TERTIARY_A": "/data/hospital/grade",
    "BELOW_ASSOCIATE_CHIEF": "/data/expert_rank",
    "EXPERT_NOT_SELECTABLE": "/data/expert_source",
    "VISIT_TYPE_EXCLUDED": "/data/visit_type",
    "NOT_PUBLIC": "/data/hospital/ownership",
    "NETWORK_UNKNOWN": "/data/network_confirmed",
    "HOSPITAL_NOT_AS_DESIGNATED": "/data/hospital/code",
    "DEPARTMENT_NOT_AS_DESIGNATED": "/data/department",
}


@value
class Proposal:
    """A slot on the table, and what the member designated in the application."""

    slot: Propose
    terms: Terms
    wished_hospital: str | None = None
    wished_department: str | None = None

    @property
    def designated(self) -> bool:
        """Whether the member chose hospital and department."""
        return self.slot.selected_by == "member"


@rule("ENT-51")
def tertiary_a_and_expert(case: Proposal) -> Answer:
    """A tertiary-A hospital and an expert of associate-chief level or above."""
    terms, slot = case.terms.service.hospital, case.slot
    if terms is None or not case.terms.follows("ENT-51"):
        return None
    seen = {"grade": slot.grade, "expert_rank": slot.expert_rank, "ownership": slot.ownership}
    lowest = terms.expert_rank_min
    if lowest is not None and EXPERT_RANKS.index(slot.expert_rank) < EXPERT_RANKS.index(lowest):
        return Refusal("ENT-51", "BELOW_ASSOCIATE_CHIEF", seen, {"expert_rank": lowest})
    if terms.grade_min == "3A":
        # "3" says the level without its class: as little known as no grade at all.
        if slot.grade in (None, "3"):
            return Review("ENT-51", "HOSPITAL_STATUS", seen)
        if slot.grade != "3A":
            return Refusal("ENT-51", "NOT_TERTIARY_A", seen, {"grade": "3A"})
    if case.designated and slot.ownership == "private" and terms.private_if_member_designates == "review":
        return Review("ENT-51", "PRIVATE_TERTIARY_A", seen)
    return Pass(seen)


@rule("ENT-52")
def as_designated(case: Proposal) -> Answer:
    """What the member designated binds a recommendation."""
    if not case.terms.follows("ENT-52") or (case.wished_hospital is None and case.wished_department is None):
        return None
    seen = {"designated_hospital": case.wished_hospital, "designated_department": case.wished_department}
    remedy = {"selected_by": "member"}
    if not case.designated and case.wished_hospital not in (None, case.slot.hospital):
        return Refusal("ENT-52", "HOSPITAL_NOT_AS_DESIGNATED", seen, remedy)
    if not case.designated and case.wished_department not in (None, case.slot.department):
        return Refusal("ENT-52", "DEPARTMENT_NOT_AS_DESIGNATED", seen, remedy)
    return Pass(seen)


@rule("ENT-53")
def expert_not_selectable(case: Proposal) -> Answer:
    """The member may not designate the expert."""
    if not case.terms.follows("ENT-53") or case.slot.expert_source != "member":
        return None
    return Refusal("ENT-53", "EXPERT_NOT_SELECTABLE", {"expert_source": "member"}, {"expert_source": "adviser"})


@rule("ENT-54", "route")
def adviser_recommends(case: Proposal) -> Answer:
    """The adviser recommends the expert from the member's condition."""
    if not case.terms.follows("ENT-54") or case.slot.expert_source != "adviser":
        return None
    return Pass({"source": "ADVISER_RECOMMENDATION"})


@rule("ENT-55")
def visit_type_allowed(case: Proposal) -> Answer:
    """Antenatal, delivery, emergency, cosmetic dentistry and reproductive visits are excluded."""
    if not case.terms.follows("ENT-55"):
        return None
    if case.slot.visit_type in case.terms.service.excluded_visits:
        return Refusal("ENT-55", "VISIT_TYPE_EXCLUDED", {"visit_type": case.slot.visit_type})
    return Pass({"visit_type": case.slot.visit_type})


def _selection(rule_id: str) -> Rule[Proposal]:
    def check(case: Proposal) -> Answer:
        """Hospital and department are recommended from the condition or designated by the member."""
        if not case.terms.follows(rule_id):
            return None
        return Pass({"selection_source": "MEMBER" if case.designated else "RECOMMENDED"})

    return Rule(rule_id, "route", check)


@rule("INT-06")
def recommended_is_public(case: Proposal) -> Answer:
    """The case manager recommends public hospitals only."""
    terms = case.terms.service.hospital
    if case.designated or terms is None or terms.recommended_ownership != "public":
        return None
    if case.slot.ownership == "private":
        return Refusal("INT-06", "NOT_PUBLIC", {"ownership": "private"}, {"ownership": "public"})
    return Pass({"ownership": case.slot.ownership}) if case.slot.ownership else None


@rule("REF-D03")
def hospital_status(case: Proposal) -> Answer:
    """Ungraded, of unknown ownership, military, privately run or VIP: a person looks."""
    terms, slot = case.terms.service.hospital, case.slot
    if terms is None or not terms.special_review:
        return None
    why = {
        "ungraded": slot.grade is None,
        "unknown_ownership": slot.ownership is None,
        "military": slot.military,
        "privately_run_unit": slot.privately_run_unit,
        "vip_or_international": slot.vip_or_international,
    }
    doubts = [name for name, doubtful in why.items() if doubtful]
    return Review("REF-D03", "HOSPITAL_STATUS", {"doubts": doubts}) if doubts else Pass()


def _network(rule_id: str) -> Rule[Proposal]:
    def check(case: Proposal) -> Answer:
        """The network is known to the vendor alone: it confirms the hospital, nothing is accepted unseen."""
        terms = case.terms.service.hospital
        if terms is None or terms.network is None or not case.terms.follows(rule_id):
            return None
        if not case.slot.network_confirmed:
            remedy = {"network_confirmed": True}
            return Refusal(rule_id, "NETWORK_UNKNOWN", {"hospital": case.slot.hospital}, remedy)
        return Pass({"network": "CONFIRMED_BY_VENDOR"})

    return Rule(rule_id, "decide", check)


PROPOSAL: tuple[Rule[Proposal], ...] = (
    tertiary_a_and_expert,
    as_designated,
    expert_not_selectable,
    adviser_recommends,
    visit_type_allowed,
    _selection("INT-04"),
    _selection("INT-17"),
    recommended_is_public,
    hospital_status,
    _network("REF-06"),
    _network("REF-07"),
)


@value
class Arranging:
    """A slot that has become an appointment at ``at``."""

    slot_at: datetime
    at: datetime
    terms: Terms

    @property
    def booked_late(self) -> bool:
        """Booked on the day before the visit, or on the day itself."""
        return day_of(self.slot_at) - day_of(self.at) <= timedelta(days=1)


@rule("ENT-D04", "quota")
def booking_consumes(case: Arranging) -> Answer:
    """Where booking is the consume point, the held count is consumed now; else it stays held."""
    if case.terms.quota is None:
        return None
    if case.terms.quota.consume_at == "booking_confirmed":
        return Pass({"action": "consume", "cause": "BOOKING_CONFIRMED"})
    return Pass({"consume_at": case.terms.quota.consume_at})


@rule("SCH-12", "duty")
def confirmation_call(case: Arranging) -> Answer:
    """On the day before the visit the member is called."""
    row = case.terms.clock("confirmation_call")
    if row is None or case.booked_late or not case.terms.follows("SCH-12"):
        return None
    return Pass({"clock": row.id, "due_at": row.due(case.slot_at, case.terms.calendar).due_at.isoformat()})


@rule("SCH-D08", "duty")
def immediate_call(case: Arranging) -> Answer:
    """Booked the day before or on the day: the call is made at once, before the visit."""
    row = case.terms.clock("confirmation_call")
    if row is None or not case.booked_late or not case.terms.follows("SCH-D08"):
        return None
    return Pass({"clock": row.id, "due_at": case.slot_at.isoformat()})


@rule("SUB-30", "show")
def invoice_title_hint(case: Arranging) -> Answer:
    """Before the trip: ask the provider before having invoices issued."""
    return Pass({"notice": "SUB-30"}) if case.terms.follows("SUB-30", "SUBSIDY") else None


ARRANGING: tuple[Rule[Arranging], ...] = (booking_consumes, confirmation_call, immediate_call, invoice_title_hint)
RULES: tuple[Rule[Any], ...] = (*PROPOSAL, *ARRANGING)
