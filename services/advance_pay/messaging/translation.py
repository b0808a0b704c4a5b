"""From the published language to commands: what the law is asked is made of plain values."""

from __future__ import annotations

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import money_facts as m
from shared.contracts import intake, vendor
from shared.contracts.base import DocumentRef
from shared.contracts.entitlement import EligibilityGranted


def kinds(documents: list[DocumentRef]) -> tuple[str, ...]:
    """The kinds of papers, each once, in order."""
    return tuple(dict.fromkeys(d.kind for d in documents))


def stay_of(need: vendor.AdvanceNeed | None) -> f.Stay | None:
    """The stay of an application."""
    if need is None:
        return None
    h = need.hospital
    hospital = f.StayHospital(
        h.code, h.city_code, h.grade, h.ownership, h.military, h.privately_run_unit, h.vip_or_international
    )
    return f.Stay(hospital, need.admission_on, need.deposit.fen)


def diagnosis_of(said: intake.DiagnosisSaid | None, product: str) -> f.DiagnosisSeen | None:
    """The diagnosis as this product's list sees it; ``none`` where it has no finding for the product."""
    if said is None:
        return None
    own = next((one for one in said.findings if one.product == product), None)
    match, code = (own.match, own.code) if own else ("none", None)
    return f.DiagnosisSeen(said.status, match, code, said.named_in_contract)


def granted_of(said: EligibilityGranted) -> f.AdvanceGranted:
    """The grant as a fact of the case; review reasons in its receipt were answered by a person."""
    application = said.application
    settled = tuple(a.reason for a in said.receipt if a.reason and (a.outcome == "review" or "reviewed_by" in a.facts))
    return f.AdvanceGranted(
        said.product, said.edition, said.calendar, said.policy_ref, said.year.ordinal, said.sum_insured_fen,
        application.cause, stay_of(application.advance), diagnosis_of(application.diagnosis, said.product),
        kinds(application.documents), settled, member_ref=said.member_ref, vendor=said.vendor,
    )  # fmt: skip


def found_of(said: vendor.PreReviewReported) -> m.PreReviewFound:
    """What the pre-review found."""
    estimate = said.liability_estimate.fen if said.liability_estimate else None
    return m.PreReviewFound(
        said.within_liability, estimate, said.undisclosed_history, said.policy_exclusion, said.in_network,
        said.originals_promised,
    )  # fmt: skip
