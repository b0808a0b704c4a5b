"""The accounts of one case and the postings of its steps. Debits are positive; every posting sums to zero."""

from __future__ import annotations

from shared.ledger import Account, Posting, post

FUNDS = Account("funds", "credit", "垫付资金")
ADVANCED = Account("advanced", "debit", "垫付款（待冲抵）")
REFUND_DUE = Account("refund_due", "debit", "应收多垫退款")
SUSPENSE_PAID = Account("suspense_paid", "debit", "待查付款")
SUSPENSE_RECEIVED = Account("suspense_received", "credit", "待查收款")
VENDOR_DUE = Account("vendor_due", "debit", "应收服务商退款")
CLAIMS = Account("claims", "debit", "理赔给付")
PAYOUT = Account("payout", "credit", "应付被保险人理赔余额")
WRITTEN_OFF = Account("written_off", "debit", "核销")
TO_RETURN = Account("to_return", "credit", "应退回多收款")
UNCLAIMED = Account("unclaimed", "credit", "无主款")

CHART: tuple[Account, ...] = (
    FUNDS, ADVANCED, REFUND_DUE, SUSPENSE_PAID, SUSPENSE_RECEIVED, VENDOR_DUE, CLAIMS, PAYOUT, WRITTEN_OFF, TO_RETURN,
    UNCLAIMED,
)  # fmt: skip


def deposit(posting_id: str, fen: int) -> Posting:
    """The deposit went to the hospital: the member owes it until the claim, the hospital or a refund returns it."""
    return post(posting_id, "DEPOSIT", {ADVANCED.code: fen, FUNDS.code: -fen})


def unapproved(posting_id: str, fen: int) -> Posting:
    """Money that nobody approved has left: it waits for a person."""
    return post(posting_id, "SUSPENSE_PAID", {SUSPENSE_PAID.code: fen, FUNDS.code: -fen})


def unexplained(posting_id: str, fen: int) -> Posting:
    """Money came that nobody owes."""
    return post(posting_id, "SUSPENSE_RECEIVED", {FUNDS.code: fen, SUSPENSE_RECEIVED.code: -fen})


def hospital_return(posting_id: str, from_advanced: int, from_due: int) -> Posting:
    """What the hospital pays back at discharge goes to the advancing party (ADV-11)."""
    legs = {FUNDS.code: from_advanced + from_due, ADVANCED.code: -from_advanced, REFUND_DUE.code: -from_due}
    return post(posting_id, "HOSPITAL_RETURN", legs)


def offset(posting_id: str, payable: int, from_due: int, from_advanced: int) -> Posting | None:
    """The claim pays what is outstanding first and the member the rest (ADV-01). None where nothing is payable."""
    if payable == 0:
        return None
    legs = {
        CLAIMS.code: payable,
        REFUND_DUE.code: -from_due,
        ADVANCED.code: -from_advanced,
        PAYOUT.code: from_due + from_advanced - payable,
    }
    return post(posting_id, "OFFSET", legs)


def demand(posting_id: str, fen: int) -> Posting:
    """What was advanced too much becomes a receivable with a date of its own (ADV-14, ADV-D03)."""
    return post(posting_id, "DEMAND", {REFUND_DUE.code: fen, ADVANCED.code: -fen})


def refund(posting_id: str, from_due: int, from_advanced: int) -> Posting:
    """The member paid back."""
    legs = {FUNDS.code: from_due + from_advanced, REFUND_DUE.code: -from_due, ADVANCED.code: -from_advanced}
    return post(posting_id, "REFUND", legs)


def write_off(posting_id: str, from_due: int, from_advanced: int) -> Posting:
    """Finance gives up what is outstanding."""
    legs = {WRITTEN_OFF.code: from_due + from_advanced, REFUND_DUE.code: -from_due, ADVANCED.code: -from_advanced}
    return post(posting_id, "WRITE_OFF", legs)


def vendor_demand(posting_id: str, fen: int) -> Posting:
    """What the vendor paid without approval is the vendor's to return."""
    return post(posting_id, "VENDOR_DEMAND", {VENDOR_DUE.code: fen, FUNDS.code: -fen})


def vendor_refund(posting_id: str, fen: int) -> Posting:
    """The vendor returned what it had paid without approval."""
    return post(posting_id, "VENDOR_REFUND", {FUNDS.code: fen, VENDOR_DUE.code: -fen})


def vendor_write_off(posting_id: str, fen: int) -> Posting:
    """Finance gives up what the vendor owes."""
    return post(posting_id, "VENDOR_WRITE_OFF", {WRITTEN_OFF.code: fen, VENDOR_DUE.code: -fen})


def hand_back(posting_id: str, fen: int) -> Posting:
    """Money that nobody owed goes back to who sent it."""
    return post(posting_id, "HAND_BACK", {FUNDS.code: fen, TO_RETURN.code: -fen})


def keep(posting_id: str, fen: int) -> Posting:
    """Money that nobody owed and nobody can be given stays apart."""
    return post(posting_id, "KEEP", {FUNDS.code: fen, UNCLAIMED.code: -fen})
