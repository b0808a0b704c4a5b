"""From the published language to the words of the law."""

from __future__ import annotations

from services.subsidy.domain import claim_commands as do
from services.subsidy.domain.claimed import Account, Care, Claimed, Expense, Invoice, Voucher
from services.subsidy.domain.trip import CoverYear
from shared.contracts import entitlement, intake
from shared.contracts.base import DocumentRef


def submit(heard: intake.RequestSubmitted) -> do.Submit:
    """An application as a command; one without a claim claims nothing."""
    said = heard.subsidy
    if said is None:
        return do.Submit(heard.member_ref, heard.vendor, Claimed("000000", (), ()))
    claimed = Claimed(
        hukou_city=said.hukou_city,
        care=tuple(
            Care(c.kind, c.starts_on, c.ends_on, c.hospital_city, c.request_id, c.case_known) for c in said.care
        ),
        lines=tuple(_expense(line) for line in said.lines),
        residence_city=said.residence_city,
        residence_proof=_paper(said.residence_proof),
        patient_is_minor=said.patient_is_minor,
        treatment_proof=tuple(paper.object_id for paper in said.treatment_proof),
        account=_account(said.account),
    )
    return do.Submit(heard.member_ref, heard.vendor, claimed)


def grant(heard: entitlement.EligibilityGranted) -> do.Grant:
    """A grant as a command."""
    year = CoverYear(heard.year.ordinal, heard.year.starts_on, heard.year.ends_on)
    return do.Grant(heard.edition, heard.calendar, heard.product, heard.policy_ref, year)


def papers(record: str, heard: intake.PapersSubmitted) -> do.GivePapers:
    """Late papers as a command."""
    return do.GivePapers(
        record,
        _account(heard.account),
        _paper(heard.residence_proof),
        tuple(paper.object_id for paper in heard.treatment_proof),
        tuple(Voucher(v.line, _invoice(v.invoice), _paper(v.payment_proof)) for v in heard.vouchers),
    )


def decision(record: str, heard: intake.ReviewDecided) -> do.SettleReview:
    """A person's decision as a command."""
    return do.SettleReview(
        record, heard.review_id, heard.decision, heard.reason, heard.actor, heard.role, heard.amount_fen, heard.pool
    )


def _expense(said: intake.ExpenseLineSaid) -> Expense:
    return Expense(
        said.line, said.item, said.amount_fen, said.person, said.incurred_on, said.city, said.fare_class,
        _invoice(said.invoice), _paper(said.payment_proof),
    )  # fmt: skip


def _invoice(said: intake.InvoiceSaid | None) -> Invoice | None:
    return None if said is None else Invoice(said.invoice_key, said.kind, said.title, said.tax_id)


def _account(said: intake.AccountSaid | None) -> Account | None:
    return None if said is None else Account(said.account_ref, said.holder)


def _paper(said: DocumentRef | None) -> str | None:
    return None if said is None else said.object_id
