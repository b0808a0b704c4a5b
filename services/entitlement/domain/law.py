"""The whole law of a request, in the order in which it is asked; and who answers what no rule may."""

from __future__ import annotations

from services.entitlement.domain import law_count, law_disease, law_hospital, law_policy, law_waiting
from services.entitlement.domain.case import PASS, Case, Law
from services.entitlement.domain.eligibility_facts import Owner
from shared.kernel.law import DISABLED, Asked, Pass, Receipt, Rule, ask

RULES: list[Rule[Case]] = [
    *law_policy.RULES, *law_waiting.RULES, *law_disease.RULES, *law_hospital.RULES, *law_count.RULES,
]  # fmt: skip

# Who decides what. The first owner with a reason of his decides all of it.
OWNERS: tuple[tuple[Owner, frozenset[str]], ...] = (
    ("medical_reviewer", frozenset({
        "DISEASE_NAME_BROADER", "DISEASE_NAME_UNCLEAR", "BORDERLINE_FINDING", "NOT_MET_DEFINITION",
        "SUSPECTED_IN_WAITING", "PRE_EXISTING_DIAGNOSIS", "DIAGNOSIS_UNDATED",
    })),
    ("insurer", frozenset({"DISEASE_ONLY_IN_CONTRACT", "ACCIDENT_UNCLEAR", "TABLE_REQUIREMENT"})),
)  # fmt: skip


def owner_of(receipt: Receipt) -> Owner:
    """The role that decides these reviews."""
    reasons = {a.reason for a in receipt.reviews}
    return next((owner for owner, theirs in OWNERS if reasons & theirs), "operations")


# The line of a rule that passes without a word, made once: most of a receipt, and this is the hot path.
_PASSED: dict[str, Asked] = {r.id: Asked(r.id, "pass") for r in RULES}


def ask_law(law: Law, case: Case) -> Receipt:
    """The same as `shared.kernel.law.ask`, which answers wherever a rule is switched off."""
    if DISABLED:
        return ask(law.rules, case)
    lines: list[Asked] = []
    for rule in law.rules:
        answer = rule.check(case)
        if answer is None:
            continue
        if answer is PASS:
            lines.append(_PASSED[rule.id])
        elif isinstance(answer, Pass):
            lines.append(Asked(rule.id, "pass", None, answer.facts))
        else:
            lines.extend(ask((rule,), case).asked)
    return Receipt(tuple(lines))


def with_answers(receipt: Receipt, answered: tuple[tuple[str, str, str], ...]) -> Receipt:
    """The receipt with what persons have answered: a reviewed reason passes, and says by whom."""
    if not answered:
        return receipt
    by = {(rule, reason): actor for rule, reason, actor in answered}
    return Receipt(tuple(
        Asked(a.rule, "pass", a.reason, {**a.facts, "reviewed_by": by[a.rule, a.reason]})
        if a.outcome == "review" and a.reason is not None and (a.rule, a.reason) in by else a
        for a in receipt.asked
    ))  # fmt: skip
