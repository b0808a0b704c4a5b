"""The law of a payment: approved, signed for, within the amount, under a number of its own.

A report that money moved is never refused. What these rules refuse is to count it as an advance: it goes to suspense.
"""

from __future__ import annotations

from datetime import datetime

from services.advance_pay.domain import accounts, clocks
from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain.closing import drop_reviews
from services.advance_pay.domain.draft import Draft
from shared.kernel.law import Answer, Asked, Pass, Receipt, Refusal, Rule, ask, rule
from shared.kernel.value import value

PAYABLE = ("approved", "tracking")
# Asked of every case, whatever the edition: they guard the ledger, not a handbook's sentence.
ALWAYS = frozenset({"ADV-34", "ADV-D02"})


@value
class PaymentCase:
    """The report, and what was approved and signed."""

    phase: str
    decided: str | None
    approved_fen: int
    advanced_fen: int
    amount_fen: int
    agreement: m.AgreementRecorded | None
    receipt_used: bool
    approvable: bool


@rule("ADV-34")
def paid_after_approval(case: PaymentCase) -> Answer:
    """Application, documents, pre-review, agreement and advance, settlement: in this order."""
    if case.phase in PAYABLE:
        return Pass({"phase": case.phase})
    return Refusal("ADV-34", "STEP_ORDER", {"phase": case.phase})


@rule("ADV-04")
def approved_by_pre_review(case: PaymentCase) -> Answer:
    """Only what the pre-review approved may be advanced."""
    return _approved("ADV-04", case)


@rule("ADV-17")
def approved_in_network(case: PaymentCase) -> Answer:
    """Only what the pre-review approved may be advanced."""
    return _approved("ADV-17", case)


def _approved(rule_id: str, case: PaymentCase) -> Answer:
    if case.decided == "approved" and case.approvable:
        return Pass({"approved_fen": case.approved_fen})
    return Refusal(rule_id, "UNAPPROVED_PAYMENT", {"decided": case.decided})


@rule("ADV-09")
def signed_before_payment(case: PaymentCase) -> Answer:
    """The agreement is signed on site, and signature precedes payment."""
    return _signed("ADV-09", case)


@rule("ADV-21")
def signed_on_site(case: PaymentCase) -> Answer:
    """A medical assistant has the agreement signed on site before the deposit is paid."""
    return _signed("ADV-21", case)


def _signed(rule_id: str, case: PaymentCase) -> Answer:
    if case.agreement is None:
        return Refusal(rule_id, "AGREEMENT_MISSING", {"signed": False})
    if rule_id == "ADV-09" and not case.agreement.complete:
        return Refusal(rule_id, "AGREEMENT_MISSING", _clauses(case.agreement))
    return Pass({"signed": True})


@rule("ADV-D04")
def agreement_secures_offset_and_refund(case: PaymentCase) -> Answer:
    """Offset and refund are secured by the agreement, never by the handbook alone."""
    if case.agreement is not None and case.agreement.complete:
        return Pass(_clauses(case.agreement))
    facts = _clauses(case.agreement) if case.agreement else {"signed": False}
    return Refusal("ADV-D04", "AGREEMENT_MISSING", facts)


def _clauses(agreement: m.AgreementRecorded) -> dict[str, object]:
    return {"offset_clause": agreement.offset_clause, "refund_clause": agreement.refund_clause}


@rule("ADV-D02", "money")
def within_the_approved_amount(case: PaymentCase) -> Answer:
    """All deposits of a stay together stay within the approved amount."""
    facts = {"approved_fen": case.approved_fen, "advanced_fen": case.advanced_fen, "amount_fen": case.amount_fen}
    if case.decided != "approved" or case.advanced_fen + case.amount_fen <= case.approved_fen:
        return Pass(facts)
    return Refusal("ADV-D02", "OVER_APPROVED_AMOUNT", facts)


@rule("ADV-D02", "money")
def under_a_receipt_of_its_own(case: PaymentCase) -> Answer:
    """One receipt number stands for one payment."""
    return Refusal("ADV-D02", "RECEIPT_NUMBER_USED", {}) if case.receipt_used else Pass()


RULES: tuple[Rule[PaymentCase], ...] = (
    approved_by_pre_review, approved_in_network, signed_before_payment, signed_on_site,
    agreement_secures_offset_and_refund, within_the_approved_amount, under_a_receipt_of_its_own, paid_after_approval,
)  # fmt: skip


def judge(case: PaymentCase, printed: frozenset[str]) -> Receipt:
    """Ask the rules of the edition, and those that guard the ledger."""
    return ask([r for r in RULES if r.id in printed or r.id in ALWAYS], case)


def sign(draft: Draft, command: c.SignAgreement) -> None:
    """The on-site agreement: after the approval, once complete never again."""
    complete = command.offset_clause and command.refund_clause
    draft.say(m.AgreementRecorded(command.offset_clause, command.refund_clause, complete))
    if not complete:
        missing = Asked("ADV-D04", "refuse", "AGREEMENT_MISSING", _clauses_said(command))
        draft.tell("AGREEMENT_INCOMPLETE", (missing,))


def _clauses_said(command: c.SignAgreement) -> dict[str, object]:
    return {"offset_clause": command.offset_clause, "refund_clause": command.refund_clause}


def report_deposit(draft: Draft, command: c.ReportDeposit) -> None:
    """Money went to the hospital: an advance where the law agrees, else suspense and a person."""
    s = draft.state
    case = PaymentCase(
        s.phase, s.decided, s.approved_fen, s.advanced_fen, command.amount_fen, s.agreement, command.receipt_used,
        command.approvable,
    )  # fmt: skip
    receipt = judge(case, draft.terms.rules)
    if receipt.verdict == "pass" and command.approvable:
        advance(draft, command.amount_fen, command.receipt_key, command.paid_at)
        return
    reasons = receipt.refusals or (Asked("ADV-D02", "refuse", "UNAPPROVED_PAYMENT", {"approvable": False}),)
    suspend_paid(draft, command, reasons)


def advance(
    draft: Draft,
    amount_fen: int,
    receipt_key: str,
    paid_at: datetime | None = None,
    reported_at: datetime | None = None,
) -> None:
    """The deposit is advanced: the ledger owes, the stay is tracked (ADV-10)."""
    draft.post(accounts.deposit(draft.state.next_posting, amount_fen))
    s = draft.state
    draft.say(m.DepositAdvanced(amount_fen, receipt_key, s.advanced_fen + amount_fen, s.outstanding_fen, paid_at))
    clocks.stop(draft, "pay", reported_at)
    clocks.drop(draft, "OPS-PAYMENT")
    drop_reviews(draft, "PAID", "stalled")
    if draft.state.phase == "tracking" and not draft.state.clocks.get("OPS-DISCHARGE"):
        clocks.start_silence(draft, "OPS-DISCHARGE", draft.terms.operating.discharge_silence_days)
        draft.tell("ADVANCED", (), amount_fen=amount_fen, advanced_fen=draft.state.advanced_fen)


def suspend_paid(draft: Draft, command: c.ReportDeposit, reasons: tuple[Asked, ...]) -> None:
    """Money that nobody approved: into suspense, before a person, and the vendor is told why."""
    posting = draft.post(accounts.unapproved(draft.state.next_posting, command.amount_fen))
    approved = draft.state.decided == "approved"
    headline = (reasons[0].reason or "") if approved else "UNAPPROVED_PAYMENT"
    draft.say(m.SuspenseRaised("paid", command.amount_fen, headline, posting))
    draft.review(
        "suspense_paid", "finance", reasons,
        amount_fen=command.amount_fen, posting=posting, receipt_key=command.receipt_key,
    )  # fmt: skip
    draft.tell(headline, reasons, amount_fen=command.amount_fen)
