"""Which policy a request uses (INT-D02): one, and its own counts; never several added up."""

from __future__ import annotations

from collections.abc import Sequence

from shared.kernel.law import Answer, Asked, Facts, Outcome, Pass, Receipt, Refusal, Review, Rule, ask, rule
from shared.kernel.value import value


@value
class Candidate:
    """One policy of the person and what the law said of the request under it."""

    policy_ref: str
    product: str
    verdict: Outcome


@rule("INT-D02", "route")
def one_policy_a_request(candidates: Sequence[Candidate]) -> Answer:
    """None named: the only eligible policy; several → a person names it; none → refused with the reasons of each."""
    passed = [c for c in candidates if c.verdict == "pass"]
    possible = passed or [c for c in candidates if c.verdict == "review"]
    facts: Facts = {"policies": [c.policy_ref for c in candidates], "possible": [c.policy_ref for c in possible]}
    if not possible:
        return Refusal("INT-D02", "NO_ELIGIBLE_POLICY", facts)
    return Review("INT-D02", "POLICY_NOT_NAMED", facts) if len(possible) > 1 else Pass(facts)


RULES: list[Rule[Sequence[Candidate]]] = [one_policy_a_request]


def choose(candidates: Sequence[Candidate]) -> tuple[Receipt, int]:
    """What the rule says, and the first candidate that is most likely to be the one."""
    rank: dict[Outcome, int] = {"pass": 0, "review": 1, "refuse": 2}
    best = min(range(len(candidates)), key=lambda n: rank[candidates[n].verdict])
    return ask(RULES, candidates), best


def of_policy(policy_ref: str, product: str, receipt: Receipt) -> Receipt:
    """The reasons of one policy among several, each saying whose it is."""
    return Receipt(tuple(
        Asked(a.rule, a.outcome, a.reason, {**a.facts, "policy_ref": policy_ref, "product": product}, a.remedy)
        for a in receipt.asked
    ))  # fmt: skip
