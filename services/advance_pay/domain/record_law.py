"""The law of records: which saying fits which step. What does not fit is refused to its sender, and nothing happens.

Reports that money moved do not stand here: they are never refused.
"""

from __future__ import annotations

from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain.advance_state import AdvanceState
from shared.kernel.law import Answer, Asked, Pass, Refusal, Rule, ask, rule
from shared.kernel.value import value

OPEN = frozenset({"collecting", "reviewing", "deciding", "approved", "tracking", "settled", "refunding"})
BEFORE_PAYMENT = frozenset({"collecting", "reviewing", "deciding", "approved"})

STEPS: dict[type[c.Command], frozenset[str]] = {
    c.RecordContact: OPEN | {"submitted"},
    c.ReceivePapers: OPEN | {"submitted"},
    c.RecordGuidance: OPEN,
    c.BeginWait: OPEN,
    c.EndWait: OPEN,
    c.CloseUnstarted: OPEN,
    c.Withdraw: OPEN | {"submitted"},
    c.ReportPreReview: frozenset({"reviewing"}),
    c.SignAgreement: frozenset({"approved", "tracking"}),
    c.NoteDischarge: frozenset({"tracking", "refunding"}),
    c.SettleDischarge: frozenset({"tracking", "refunding"}),
    c.SendClaimFile: frozenset({"settled", "refunding"}),
}


@value
class RecordCase:
    """A record, and the case it speaks of."""

    state: AdvanceState
    command: c.Command


@rule("ADV-34")
def in_the_fixed_order(case: RecordCase) -> Answer:
    """Application, documents, pre-review, agreement and advance, settlement, claim file: in this order."""
    fitting = STEPS.get(type(case.command))
    phase = case.state.phase
    if fitting is None or phase in fitting:
        return None
    reason = {"closed": "CASE_CLOSED", "submitted": "STATE_NOT_ACCEPTED"}.get(phase, "STEP_ORDER")
    return Refusal("ADV-34", reason, {"phase": phase})


@rule("ADV-34")
def too_late_once_money_moved(case: RecordCase) -> Answer:
    """Before payment a case can be withdrawn or closed; after it, money is always finished."""
    if not isinstance(case.command, c.Withdraw | c.CloseUnstarted) or not case.state.money_moved:
        return None
    return Refusal("ADV-34", "TOO_LATE", {"phase": case.state.phase})


@rule("ADV-34")
def settled_once(case: RecordCase) -> Answer:
    """A stay is settled at the hospital once."""
    if not isinstance(case.command, c.NoteDischarge | c.SettleDischarge) or not case.state.discharged:
        return None
    return Refusal("ADV-34", "STEP_ORDER", {"discharged": True})


@rule("ADV-34")
def signed_once(case: RecordCase) -> Answer:
    """A complete agreement is not signed again."""
    signed = case.state.agreement
    if not isinstance(case.command, c.SignAgreement) or signed is None or not signed.complete:
        return None
    return Refusal("ADV-34", "ALREADY_SIGNED", {})


@rule("ADV-06")
def guided_before_waiting(case: RecordCase) -> Answer:
    """The member is guided and has the checklist before anyone waits for papers."""
    return _guided("ADV-06", case)


@rule("ADV-19")
def guided_before_waiting_in_b(case: RecordCase) -> Answer:
    """The member is guided and has the checklist before anyone waits for papers."""
    return _guided("ADV-19", case)


def _guided(rule_id: str, case: RecordCase) -> Answer:
    if not isinstance(case.command, c.BeginWait) or case.command.waiting_for != "documents":
        return None
    return Pass() if case.state.guided else Refusal(rule_id, "GUIDANCE_MISSING", {})


@rule("ADV-D03", "money")
def written_off_by_finance(case: RecordCase) -> Answer:
    """Finance alone gives up what is outstanding, and no more than that."""
    if not isinstance(case.command, c.WriteOff):
        return None
    owed = case.state.outstanding_fen + case.state.vendor_due_fen
    if case.command.role != "finance":
        return Refusal("ADV-D03", "ROLE_NOT_ALLOWED", {"role": case.command.role})
    if case.command.amount_fen > owed:
        return Refusal("ADV-D03", "EXCEEDS_OUTSTANDING", {"outstanding_fen": owed})
    return Pass({"outstanding_fen": owed})


@rule("ADV-D02", "money")
def an_amount_is_something(case: RecordCase) -> Answer:
    """A report of no money is no report of money."""
    if not isinstance(case.command, c.ReportDeposit | c.ReceiveMoney | c.WriteOff) or case.command.amount_fen > 0:
        return None
    return Refusal("ADV-D02", "NO_AMOUNT", {})


@rule("ADV-34")
def decided_by_its_owner(case: RecordCase) -> Answer:
    """An open review is decided once, by the role that owns it."""
    if not isinstance(case.command, c.DecideReview):
        return None
    review = case.state.reviews.get(case.command.review_id)
    if review is None:
        return Refusal("ADV-34", "REVIEW_NOT_OPEN" if _was_opened(case) else "UNKNOWN_REVIEW", {})
    if review.owner != case.command.role:
        return Refusal("ADV-34", "ROLE_NOT_ALLOWED", {"owner": review.owner})
    return Pass({"owner": review.owner})


def _was_opened(case: RecordCase) -> bool:
    assert isinstance(case.command, c.DecideReview)
    n = case.command.review_id.removeprefix(f"{case.command.request_id}-A")
    return n.isdecimal() and 1 <= int(n) <= case.state.reviews_opened


@rule("ADV-D02", "money")
def a_grant_leaves_something_to_advance(case: RecordCase) -> Answer:
    """A person cannot advance more than the deposit and the remaining liability, nor nothing."""
    command = case.command
    if not isinstance(command, c.DecideReview) or command.decision != "grant":
        return None
    review = case.state.reviews.get(command.review_id)
    if review is None or review.kind != "pre_review":
        return None
    amount = grantable_fen(case.state, command)
    return Pass({"amount_fen": amount}) if amount > 0 else Refusal("ADV-D02", "NOTHING_TO_ADVANCE", {})


@rule("ADV-34")
def money_before_a_grant_stays_unapproved(case: RecordCase) -> Answer:
    """Where the service was never granted, no person can turn a payment into an advance."""
    command = case.command
    if not isinstance(command, c.DecideReview) or command.decision != "grant" or case.state.granted:
        return None
    review = case.state.reviews.get(command.review_id)
    if review is None or review.kind != "suspense_paid":
        return None
    return Refusal("ADV-34", "NOT_GRANTED", {"phase": case.state.phase})


def grantable_fen(state: AdvanceState, command: c.DecideReview) -> int:
    """min(deposit notice, remaining liability, what the person says or else the estimate) (ADV-D02)."""
    limits = [command.liability.remaining_fen if command.liability else 0]
    if state.stay is not None:
        limits.append(state.stay.deposit_fen)
    estimate = state.finding.liability_estimate_fen if state.finding else None
    said = command.amount_fen if command.amount_fen is not None else estimate
    if said is not None:
        limits.append(said)
    elif state.stay is None:
        return 0
    return min(limits)


RULES: tuple[Rule[RecordCase], ...] = (
    in_the_fixed_order, too_late_once_money_moved, settled_once, signed_once, guided_before_waiting, guided_before_waiting_in_b,
    written_off_by_finance, an_amount_is_something, decided_by_its_owner,
    a_grant_leaves_something_to_advance, money_before_a_grant_stays_unapproved,
)  # fmt: skip
# Asked of every case, whatever the edition prints: they guard the order of the case and its ledger.
ALWAYS = frozenset({"ADV-34", "ADV-D02", "ADV-D03"})
POINTERS = {
    "NO_AMOUNT": "/data/amount/fen", "EXCEEDS_OUTSTANDING": "/data/amount/fen", "GUIDANCE_MISSING": "/data",
    "UNKNOWN_REVIEW": "/data/review_id", "REVIEW_NOT_OPEN": "/data/review_id", "ROLE_NOT_ALLOWED": "/data/actor/role",
}  # fmt: skip


def refusal(state: AdvanceState, command: c.Command, printed: frozenset[str]) -> Asked | None:
    """Why this record cannot be taken now; None where it can."""
    asked = ask([r for r in RULES if r.id in printed or r.id in ALWAYS], RecordCase(state, command))
    return asked.refusals[0] if asked.refusals else None
