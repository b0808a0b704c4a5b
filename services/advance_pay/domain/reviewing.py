"""The pre-review is reported, judged, and its outcome told."""

from __future__ import annotations

from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import clocks, pre_review
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain.closing import close, drop_reviews
from services.advance_pay.domain.draft import Draft, owner_of
from services.advance_pay.domain.record_law import grantable_fen
from shared.kernel.law import Answer, Asked, Pass, Receipt, Rule, ask, rule
from shared.kernel.value import value


@value
class Rejection:
    """A "no" that is to be told."""

    reasons: tuple[Asked, ...]


@rule("ADV-08", "duty")
def told_with_an_explanation(case: Rejection) -> Answer:
    """Who does not meet the conditions is told, and given an explanation."""
    return Pass({"notice": "REASONS"})


@rule("ADV-D07", "duty")
def told_in_b_too(case: Rejection) -> Answer:
    """A rejection is communicated with its reason in every product."""
    return Pass({"notice": "REASONS"})


@rule("ADV-25", "show")
def right_to_claim(case: Rejection) -> Answer:
    """Who could not use the advance may still file a claim."""
    return Pass({"notice": "RIGHT_TO_CLAIM"})


@rule("ADV-24", "show")
def not_the_claim_decision(case: Rejection) -> Answer:
    """The advance decision is not the insurer's final claim decision."""
    return Pass({"notice": "NOT_THE_CLAIM_DECISION"})


@rule("ADV-13", "show")
def not_the_claim_result(case: Rejection) -> Answer:
    """The advance does not represent the final claim result."""
    return Pass({"notice": "NOT_THE_CLAIM_DECISION"})


NOTICES: tuple[Rule[Rejection], ...] = (
    told_with_an_explanation, told_in_b_too, right_to_claim, not_the_claim_decision, not_the_claim_result,
)  # fmt: skip
# B prints the right to claim, A does not; both members are told (AMB-59).
IN_BOTH = frozenset({"ADV-25"})


def case_of(draft: Draft, found: m.PreReviewFound, command: c.ReportPreReview) -> pre_review.PreReviewCase:
    """What the law looks at."""
    s, left = draft.state, command.liability
    above = draft.terms.parameters.advance_second_approval_above_fen
    return pre_review.PreReviewCase(
        found, s.stay, s.diagnosis, command.city, left.sum_insured_fen, left.paid_fen, left.remaining_fen, above,
        s.settled_reasons,
    )  # fmt: skip


def report_pre_review(draft: Draft, command: c.ReportPreReview) -> None:
    """Judge what the pre-review found: approved, rejected, or before a person."""
    draft.say(command.found)
    clocks.stop(draft, "pre_review")
    clocks.drop(draft, "OPS-PRE-REVIEW")
    drop_reviews(draft, "PRE_REVIEWED", "stalled")
    case = case_of(draft, command.found, command)
    receipt = pre_review.judge(case, draft.terms.rules)
    if receipt.verdict == "refuse":
        reject(draft, receipt)
    elif receipt.verdict == "review":
        draft.review(
            "pre_review", owner_of(receipt.reviews, _default_owner(receipt)), receipt.reviews,
            amount_fen=case.amount_fen,
        )  # fmt: skip
        draft.tell("IN_REVIEW", receipt.reviews)
    else:
        approve(draft, case.amount_fen, receipt)


def _default_owner(receipt: Receipt) -> f.Owner:
    money = {"SECOND_APPROVAL", "LIABILITY_HELD_BY_OTHERS", "DEPOSIT_UNKNOWN"}
    return "finance" if all(a.reason in money for a in receipt.reviews) else "operations"


def approve(draft: Draft, amount_fen: int, receipt: Receipt) -> None:
    """Ready to advance: the vendor goes to the hospital, has the agreement signed and pays (ADV-07, ADV-20)."""
    draft.say(m.PreReviewDecided("approved", amount_fen, receipt.asked))
    clocks.start_printed(draft, "pay", draft.at)
    clocks.start_silence(draft, "OPS-PAYMENT", draft.terms.operating.payment_silence_days)
    draft.say(f.WorkOrdered("SIGN_AND_PAY", {"amount_fen": amount_fen}))


def reject(draft: Draft, receipt: Receipt) -> None:
    """Rejected: told with all reasons and the right to claim; no payment is possible."""
    draft.say(m.PreReviewDecided("rejected", 0, receipt.asked))
    reasons = receipt.refusals
    told = ask([r for r in NOTICES if r.id in draft.terms.rules or r.id in IN_BOTH], Rejection(reasons))
    notices = tuple(dict.fromkeys(str(a.facts["notice"]) for a in told.asked))
    said = reasons if "REASONS" in notices else ()
    draft.say(f.ClientInformed("PRE_REVIEW_REJECTED", said, notices))
    draft.tell("PRE_REVIEW_REJECTED", said, notices=list(notices))
    close(draft, "REJECTED", reasons, told=True)


def decide_pre_review(draft: Draft, command: c.DecideReview, review: f.ReviewAsked) -> None:
    """A person decided what the law could not."""
    decided: dict[str, object] = {"review": review.review_id, "role": command.role}
    if command.decision == "refuse":
        lines = (Asked(review.reasons[0].rule, "refuse", command.reason, decided),)
        reject(draft, Receipt(lines))
        return
    amount = grantable_fen(draft.state, command)
    passed = tuple(Asked(a.rule, "pass", None, {**a.facts, **decided, "reason": a.reason}) for a in review.reasons)
    approve(draft, amount, Receipt((*passed, Asked("ADV-D02", "pass", None, {"amount_fen": amount}))))
