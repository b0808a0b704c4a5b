"""The law of a grant: which clocks start, who accompanies, what the vendor must pass on to the member."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

from services.scheduling.domain.terms import SERVICE
from shared.handbook.model import Edition
from shared.kernel.law import DISABLED, Answer, Pass, Receipt, Rule, ask, rule
from shared.kernel.value import value


@value
class Granting:
    """OUTP under an edition; ``names_expert``: the application names a doctor."""

    edition: Edition
    names_expert: bool = False

    def follows(self, rule_id: str, service: str = SERVICE) -> bool:
        """Whether the edition binds a service to a rule."""
        return self.edition.offers(service) and rule_id in self.edition.service(service).rules


def _clock(rule_id: str, step: str, statement: str) -> Rule[Granting]:
    def check(case: Granting) -> Answer:
        for row in case.edition.clocks(SERVICE, step):
            if rule_id in row.rules:
                return Pass({"clock": row.id})
        return None

    check.__doc__ = statement
    return Rule(rule_id, "clock", check)


def _notice(rule_id: str, statement: str) -> Rule[Granting]:
    def check(case: Granting) -> Answer:
        return Pass({"notice": rule_id}) if case.follows(rule_id) else None

    check.__doc__ = statement
    return Rule(rule_id, "show", check)


@rule("ENT-41", "route")
def bundled(case: Granting) -> Answer:
    """OUTP includes the escort; no separate escort count is touched."""
    return Pass({"accompaniment": "BUNDLED"}) if case.follows("ENT-41", "ESCORT") else None


@rule("SCH-D10", "duty")
def offered(case: Granting) -> Answer:
    """The work order offers accompaniment by default; the member may decline it."""
    return Pass({"accompaniment": "OFFERED"}) if case.follows("SCH-D10") else None


@rule("ENT-53", "decide")
def expert_wish(case: Granting) -> Answer:
    """The member may not designate the expert: the wish is rejected, the request goes on."""
    if not case.names_expert or not case.follows("ENT-53"):
        return None
    return Pass({"expert_wish": "EXPERT_NOT_SELECTABLE"})


GRANTING: tuple[Rule[Granting], ...] = (
    _clock("SLA-05", "feedback", "A: feedback within 2 working days, hard."),
    _clock("SLA-38", "feedback", "B: feedback within 2 working days, hard."),
    _clock("SLA-06", "complete", "A: completion within 7 working days on average."),
    _clock("SLA-39", "complete", "B: completion within 7 working days on average."),
    _clock("SLA-07", "visit_arranged", "A: the visit is usually arranged within 7 working days after submission."),
    bundled,
    offered,
    expert_wish,
    _notice("INT-37", "The same slot must not be booked through several channels."),
    _notice("INT-38", "The member must give the necessary material and information."),
    _notice("INT-40", "The member may decide whether to give records."),
    _notice("INT-44", "Questions go to the member's agent or to 95383."),
    _notice("SCH-01", "Once booked it cannot be cancelled."),
    _notice("SCH-02", "The member must attend punctually."),
    _notice("SCH-23", "Fees paid to the hospital are the client's."),
    _notice("SCH-D09", "Fees paid to the hospital are the client's."),
    _notice("NOT-04", "Health advice is for reference only."),
    _notice("NOT-06", "The doctor's opinion is a medical act of the hospital."),
    _notice("NOT-09", "Advice replaces no diagnosis and no prescription."),
    _notice("NOT-10", "The insurer is not liable for health advice."),
    _notice("NOT-16", "The member is reminded to protect personal information."),
    _notice("NOT-17", "The insurer is not liable for what the member gives the vendor directly."),
)
RULES: tuple[Rule[Any], ...] = GRANTING


@value
class GrantPlan:
    """What a grant starts."""

    receipt: Receipt
    clocks: tuple[str, ...]
    notices: tuple[str, ...]
    accompaniment: Literal["BUNDLED", "OFFERED", "NONE"]
    expert_wish: str | None


def grant_plan(edition: Edition, names_expert: bool) -> GrantPlan:
    """What a grant under this edition starts; worked out once, because every accepted request asks it."""
    return _plan(edition, names_expert, frozenset(DISABLED))


@lru_cache(maxsize=256)
def _plan(edition: Edition, names_expert: bool, _disabled: frozenset[str]) -> GrantPlan:
    receipt = ask(GRANTING, Granting(edition, names_expert))

    def said(name: str) -> tuple[str, ...]:
        return tuple(line.facts[name] for line in receipt.asked if name in line.facts)

    company: tuple[Literal["BUNDLED", "OFFERED"], ...] = said("accompaniment")  # type: ignore[assignment]
    wish = said("expert_wish")
    return GrantPlan(
        receipt, said("clock"), said("notice"), company[0] if company else "NONE", wish[0] if wish else None
    )
