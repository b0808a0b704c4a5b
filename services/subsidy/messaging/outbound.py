"""From facts to the published language: what the vendor is told, what core pays, what everyone may know; else silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from pydantic import BaseModel

from services.subsidy.domain import claim_facts as said
from services.subsidy.domain import clock_facts as clocks
from services.subsidy.domain import money_facts as money
from services.subsidy.domain.caps import CapHeld
from services.subsidy.domain.trip import SERVICE
from services.subsidy.messaging import clock_words, money_words
from services.subsidy.messaging.words import asked, told
from shared.contracts import messaging, scheduling, subsidy
from shared.contracts.base import Vendor
from shared.event_store.stored import Stored
from shared.handbook.model import Editions
from shared.kernel.instant import in_china
from shared.kernel.law import Asked
from shared.messaging.wiring import Outbound, Publication

Words = Callable[[Any, Editions], Iterable[BaseModel]]


def outbound(terms: Editions) -> Outbound:
    """The mapping; mailbox, title and tax id are looked up in the edition, so that facts carry codes only."""

    def publish(stored: Stored) -> Sequence[Publication]:
        words = _WORDS.get(type(stored.fact))
        if words is None:
            return ()
        return tuple(Publication(f"{type(one).__name__}.v1", one) for one in words(stored.fact, terms))

    return publish


# -- the case --------------------------------------------------------------------------------------------------------


def _opened(fact: said.ClaimOpened, terms: Editions) -> Iterable[BaseModel]:
    edition = terms.get(fact.edition)
    vendor = cast(Vendor, fact.vendor)
    details: dict[str, object] = {
        "mailbox": edition.parameters.subsidy_mailbox,
        "invoice_title": edition.subsidy.title,
        "invoice_tax_id": edition.subsidy.tax_id,
        "hint": "CONTACT_BEFORE_INVOICES",
        "applied_at": in_china(fact.applied_at).isoformat(),
        "rules": ["SUB-28", "SUB-30", "SUB-31"],
    }
    yield subsidy.SubsidyApplied(
        request_id=fact.request_id,
        vendor=vendor,
        applied_at=fact.applied_at,
        anchor_on=fact.anchor_on,
        apply_until=fact.apply_until,
    )
    yield messaging.WorkOrderIssued(
        request_id=fact.request_id, vendor=vendor, service=SERVICE, action="COLLECT_SUBSIDY_PAPERS", details=details
    )


def _applied(fact: said.RecordApplied, _: Editions) -> Iterable[BaseModel]:
    yield messaging.RecordAnswered(cause=fact.record, answer="applied")


def _refused_record(fact: said.RecordRefused, _: Editions) -> Iterable[BaseModel]:
    yield messaging.RecordAnswered(
        cause=fact.record, answer="refused", reason=fact.reason, rule=fact.rule, pointer=fact.pointer
    )


def _member_awaited(fact: said.MemberAwaited, _: Editions) -> Iterable[BaseModel]:
    yield scheduling.MemberWaited(request_id=fact.request_id, waiting_for=fact.waiting_for, since=fact.since)


def _member_heard(fact: said.MemberHeard, _: Editions) -> Iterable[BaseModel]:
    yield scheduling.MemberWaited(
        request_id=fact.request_id, waiting_for=fact.waiting_for, since=fact.since, until=fact.at
    )


def _papers(fact: said.PapersAsked | said.PapersReminded, outcome: str) -> messaging.OutcomeTold:
    details: dict[str, object] = {
        "papers": [{"line": p.line or None, "document": p.document, "rule": p.rule} for p in fact.papers],
        "expires_at": in_china(fact.expires_at).isoformat(),
    }
    return told(fact, outcome, details=details)


def _papers_asked(fact: said.PapersAsked, _: Editions) -> Iterable[BaseModel]:
    yield _papers(fact, "WAITING_DOCUMENT")


def _papers_reminded(fact: said.PapersReminded, _: Editions) -> Iterable[BaseModel]:
    yield _papers(fact, "SUPPLEMENT_REMINDER")


# -- lines -----------------------------------------------------------------------------------------------------------


def _approved(fact: said.SubsidyApproved, _: Editions) -> Iterable[BaseModel]:
    yield subsidy.SubsidyApproved(
        request_id=fact.request_id,
        member_ref=fact.member_ref,
        policy_ref=fact.policy_ref,
        product=fact.product,
        edition=fact.edition,
        year=fact.year,
        round=fact.round,
        pool=fact.pool,
        lines=[
            subsidy.ApprovedLine(
                line=one.line, claimed_fen=one.claimed_fen, payable_fen=one.payable_fen, receipt=asked(one.receipt)
            )
            for one in fact.lines
        ],
        claimed_fen=fact.claimed_fen,
        payable_fen=fact.payable_fen,
        capped=any(a.rule in ("SUB-11", "SUB-12") for a in fact.receipt) and fact.payable_fen < fact.claimed_fen,
        receipt=asked(fact.receipt),
    )
    details: dict[str, object] = {
        "pool": fact.pool,
        "lines": [
            {"line": one.line, "claimed_fen": one.claimed_fen, "payable_fen": one.payable_fen} for one in fact.lines
        ],
        "payable_fen": fact.payable_fen,
    }
    yield told(fact, "APPROVED" if fact.payable_fen else "CAP_REACHED", details=details)


def _refused(fact: said.LinesRefused, _: Editions) -> Iterable[BaseModel]:
    lines = [
        subsidy.RefusedLine(line=one.line, claimed_fen=one.claimed_fen, reasons=asked(one.reasons))
        for one in fact.lines
    ]
    yield subsidy.SubsidyRefused(request_id=fact.request_id, edition=fact.edition, lines=lines)
    reasons = [
        Asked(a.rule, a.outcome, a.reason, {**a.facts, "line": one.line}, a.remedy)
        for one in fact.lines
        for a in one.reasons
    ]
    yield told(fact, "REFUSED", reasons, {"lines": [one.line for one in fact.lines]})


def _expired(fact: said.LinesExpired, _: Editions) -> Iterable[BaseModel]:
    reasons = [
        Asked("SUB-D08", "refuse", "SUPPLEMENT_EXPIRED", {"line": p.line or None, "document": p.document})
        for p in fact.papers
    ]
    yield told(fact, "SUPPLEMENT_EXPIRED", reasons, {"lines": list(fact.lines), "without_prejudice": True})


def _lines_closed(fact: said.LinesClosed, _: Editions) -> Iterable[BaseModel]:
    reasons = [Asked(fact.rule, "refuse", fact.reason)] if fact.rule else []
    outcome = "CANCELLED" if fact.reason == "WITHDRAWN" else fact.reason
    yield told(fact, outcome, reasons, {"lines": list(fact.lines)})


def _closed(fact: said.ClaimClosed, _: Editions) -> Iterable[BaseModel]:
    yield subsidy.SubsidyClosed(
        request_id=fact.request_id,
        product=fact.product,
        outcome=fact.outcome,
        claimed_fen=fact.claimed_fen,
        approved_fen=fact.approved_fen,
        paid_fen=fact.paid_fen,
        lines=[
            subsidy.LineEnded(
                line=one.line,
                ending=one.ending,
                claimed_fen=one.claimed_fen,
                payable_fen=one.payable_fen,
                complete_at=one.complete_at,
                ended_at=one.ended_at,
            )
            for one in fact.lines
        ],
    )
    yield messaging.RequestFinished(request_id=fact.request_id, service=SERVICE, outcome=fact.outcome)


_WORDS: dict[type, Words] = {
    said.ClaimOpened: _opened,
    said.RecordApplied: _applied,
    said.RecordRefused: _refused_record,
    said.MemberAwaited: _member_awaited,
    said.MemberHeard: _member_heard,
    said.PapersAsked: _papers_asked,
    said.PapersReminded: _papers_reminded,
    said.PapersLimitReached: clock_words.asked,
    said.SubsidyApproved: _approved,
    said.LinesRefused: _refused,
    said.LinesExpired: _expired,
    said.LinesClosed: _lines_closed,
    said.ClaimClosed: _closed,
    money.ReviewOpened: money_words.review_opened,
    money.ReviewSettled: money_words.review_settled,
    money.ReviewMooted: money_words.review_mooted,
    money.ReviewOverdue: money_words.review_overdue,
    money.SubsidyPaid: money_words.paid,
    money.MoneySuspended: money_words.suspended,
    money.SuspenseSettled: money_words.suspense_settled,
    money.PaymentAwaited: money_words.payment_awaited,
    CapHeld: money_words.cap_held,
    clocks.ClockNearing: clock_words.neared,
    clocks.ClockAsked: clock_words.asked,
    clocks.ClockStopped: clock_words.stopped,
    clocks.ClockOverrun: clock_words.overrun,
}
