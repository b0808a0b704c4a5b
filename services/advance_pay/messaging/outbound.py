"""From stored facts to published events: one translation a fact, silence for what concerns nobody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, cast

from pydantic import BaseModel

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import liability as share
from services.advance_pay.domain import suspense
from services.advance_pay.domain.terms import SERVICE
from shared.contracts import advance_pay as say
from shared.contracts import messaging as common
from shared.contracts.base import AskedRule
from shared.contracts.intake import ClockBreached
from shared.event_store.stored import Stored
from shared.kernel.law import Asked
from shared.ledger import Posting
from shared.messaging.wiring import Publication


def outbound(stored: Stored) -> Sequence[Publication]:
    """The events of one fact; a case's are keyed by its member, so that they keep their order."""
    kind = stored.stream.partition("/")[0]
    if kind == "advance":
        return _of_case(stored)
    if kind == "liability":
        return _of_liability(stored.fact, stored)
    if kind == "suspense":
        return [_publish(model) for model in _of_suspense(stored.stream.split("/", 1)[1], stored.fact)]
    return ()


def _publish(model: BaseModel, key: str | None = None, subject: str | None = None) -> Publication:
    return Publication(f"{type(model).__name__}.v1", model, key=key or None, subject=subject)


def asked_rules(asked: Sequence[Asked]) -> list[AskedRule]:
    """Lines of a receipt in the published language."""
    return [
        AskedRule(rule=a.rule, outcome=a.outcome, reason=a.reason, facts=a.facts, remedy=a.remedy) for a in asked
    ]  # fmt: skip


def _of_case(stored: Stored) -> Sequence[Publication]:
    fact = stored.fact
    # a receipt finds its record by the subject under which the record came
    if isinstance(fact, f.RecordApplied):
        return (_publish(common.RecordAnswered(cause=fact.record, answer="applied")),)
    if isinstance(fact, f.RecordRefused):
        refused = common.RecordAnswered(
            cause=fact.record, answer="refused", reason=fact.reason, rule=fact.rule, pointer=fact.pointer
        )
        return (_publish(refused),)
    say_it = _CASE.get(type(fact))
    if say_it is None:
        return ()
    request_id = stored.stream.split("/", 1)[1]
    said = say_it(request_id, fact)
    models = said if isinstance(said, tuple) else (said,)
    return [_publish(model, fact.member_ref, request_id) for model in models]


def _plain(fact: Any, *leave: str) -> dict[str, Any]:
    skip = {"member_ref", "vendor", *leave}
    return {k: v for k, v in asdict(fact).items() if k not in skip}


def _work(r: str, e: f.WorkOrdered) -> BaseModel:
    vendor = cast("Any", e.vendor)
    return common.WorkOrderIssued(request_id=r, vendor=vendor, service=SERVICE, action=e.action, details=e.details)


def _outcome(r: str, e: f.OutcomeSaid) -> BaseModel:
    return common.OutcomeTold(
        request_id=r, vendor=cast("Any", e.vendor), service=SERVICE,
        outcome=e.outcome, reasons=asked_rules(e.reasons), details=e.details,
    )  # fmt: skip


def _opened(r: str, e: f.AdvanceGranted) -> BaseModel:
    deposit = e.stay.deposit_fen if e.stay else None
    return say.AdvanceOpened(request_id=r, product=e.product, edition=e.edition, year=e.year, deposit_fen=deposit)


def _review(r: str, e: f.ReviewAsked) -> BaseModel:
    return common.ReviewOpened(
        review_id=e.review_id, request_id=r, owner=e.owner, reasons=asked_rules(e.reasons), due_at=e.due_at
    )


def _ran_out(r: str, e: f.ClockRanOut) -> tuple[BaseModel, ...]:
    if e.out != "breach":
        return ()
    if e.warns:
        return (say.AdvanceClockWarned(request_id=r, clock=e.clock, rule=e.rule, due_at=e.due_at),)
    basis = cast("Any", e.basis)
    return (ClockBreached(request_id=r, clock=e.clock, rule=e.rule, basis=basis, due_at=e.due_at),)


def _clock(r: str, e: f.ClockStarted | f.ClockMoved) -> BaseModel:
    rule = e.rule if isinstance(e, f.ClockStarted) else None
    return say.AdvanceClockStarted(
        request_id=r, clock=e.clock, rule=rule, due_at=e.deadline.due_at, provisional=e.deadline.provisional
    )


def posted(case: str, posting: Posting) -> say.LedgerPosted:
    """Entries of the ledger in the published language."""
    entries = [say.LedgerEntry(account=e.account, fen=e.fen) for e in posting.entries]
    return say.LedgerPosted(
        case=case, posting=posting.id, step=posting.step, entries=entries, reverses=posting.reverses
    )


_Say = Callable[[str, Any], BaseModel | tuple[BaseModel, ...]]


def _same(model: type[BaseModel], *leave: str) -> _Say:
    """A fact whose fields are those of its event."""
    return lambda r, e: model.model_validate({"request_id": r, **_plain(e, *leave)})


_CASE: dict[type, _Say] = {
    f.AdvanceGranted: _opened,
    f.WorkOrdered: _work,
    f.OutcomeSaid: _outcome,
    f.ClientInformed: lambda r, e: say.ClientInformed(
        request_id=r, outcome=e.outcome, reasons=asked_rules(e.reasons), notices=list(e.notices)
    ),
    f.DocumentsCompleted: _same(say.DocumentsCompleted),
    f.SupplementReminded: lambda r, e: say.SupplementReminded(request_id=r, missing=list(e.missing)),
    f.ClockStarted: _clock,
    f.ClockMoved: _clock,
    f.ClockStopped: _same(say.AdvanceClockStopped),
    f.ClockAsked: _same(common.ClockDue),
    f.ClockRanOut: _ran_out,
    f.ReviewAsked: _review,
    f.ReviewOverdue: lambda r, e: say.ReviewLapsed(review_id=e.review_id, request_id=r),
    f.ReviewSettled: _same(common.ReviewClosed),
    f.PreReviewDecided: lambda r, e: say.PreReviewDecided(
        request_id=r, decision=e.decision, amount_fen=e.amount_fen, receipt=asked_rules(e.receipt)
    ),
    f.AgreementRecorded: lambda r, e: say.AgreementRecorded(request_id=r, complete=e.complete),
    f.Posted: lambda r, e: posted(r, e.posting),
    f.DepositAdvanced: _same(say.DepositAdvanced, "receipt_key"),
    f.SuspenseRaised: lambda r, e: common.SuspenseRaised(request_id=r, amount_fen=e.amount_fen, reason=e.reason),
    f.SuspenseCleared: _same(say.SuspenseCleared, "posting"),
    f.DischargeNoted: _same(say.DischargeNoted),
    f.AdvanceSettled: _same(say.AdvanceSettled),
    f.ClaimFileCompiled: _same(say.ClaimFileCompiled),
    f.ClaimFileSent: _same(say.ClaimFileSent),
    f.ClaimOffset: _same(say.ClaimOffset),
    f.RefundDemanded: _same(say.RefundDemanded),
    f.RefundOverdue: _same(say.RefundOverdue),
    f.RefundSettled: _same(say.RefundSettled),
    f.AdvanceWrittenOff: _same(say.AdvanceWrittenOff),
    f.CaseClosed: _same(say.AdvanceClosed),
    f.CaseFinished: lambda r, e: common.RequestFinished(request_id=r, service=SERVICE, outcome=e.outcome),
}


def _of_liability(fact: Any, stored: Stored) -> Sequence[Publication]:
    if isinstance(fact, share.ClaimRecorded):
        answer: Any = "refused" if fact.reason else "applied"
        rule = "ADV-D02" if fact.reason else None
        return (_publish(common.RecordAnswered(cause=fact.record, answer=answer, reason=fact.reason, rule=rule)),)
    changed = _CHANGES.get(type(fact))
    if changed is None:
        return ()
    what, amount = changed(fact)
    model = say.LiabilityChanged(
        member_ref=fact.member_ref, year=fact.year, what=what, amount_fen=amount,
        request_id=getattr(fact, "request_id", None),
    )  # fmt: skip
    return (_publish(model, fact.member_ref, stored.subject),)


_CHANGES: dict[type, Callable[[Any], tuple[Any, int]]] = {
    share.YearInsured: lambda e: ("INSURED", e.sum_insured_fen),
    share.LiabilityHeld: lambda e: ("HELD", e.amount_fen),
    share.HoldReleased: lambda e: ("RELEASED", e.amount_fen),
    share.ClaimCounted: lambda e: ("CLAIMED", e.payable_fen),
    share.LiabilityExceeded: lambda e: ("EXCEEDED", e.paid_fen + e.held_fen - e.sum_insured_fen),
}


def _of_suspense(key: str, fact: Any) -> Sequence[BaseModel]:
    if isinstance(fact, suspense.RepeatIgnored):
        return (common.RecordAnswered(cause=fact.record, answer="applied"),)
    if isinstance(fact, suspense.ResolutionRefused):
        return (common.RecordAnswered(cause=fact.record, answer="refused", reason=fact.reason, rule="ADV-D03"),)
    if isinstance(fact, suspense.MoneyTakenIn):
        return (
            common.RecordAnswered(cause=fact.record, answer="applied"),
            posted(key, fact.posting),
            common.SuspenseRaised(request_id=None, amount_fen=fact.amount_fen, reason=fact.reasons[0].reason or ""),
            common.ReviewOpened(
                review_id=fact.review_id, request_id=key, owner="finance",
                reasons=asked_rules(fact.reasons), due_at=fact.due_at,
            ),
        )  # fmt: skip
    return _resolved(key, fact) if isinstance(fact, suspense.MoneyResolved) else ()


def _resolved(key: str, fact: suspense.MoneyResolved) -> Sequence[BaseModel]:
    became: Any = {"VENDOR_DEMAND": "VENDOR_DUE", "HAND_BACK": "HANDED_BACK", "KEEP": "UNCLAIMED"}[
        fact.postings[-1].step
    ]
    fen = sum(e.fen for e in fact.postings[-1].entries if e.fen > 0)
    direction: Any = "paid" if became == "VENDOR_DUE" else "received"
    return (
        common.RecordAnswered(cause=fact.record, answer="applied"),
        *(posted(key, posting) for posting in fact.postings),
        common.ReviewClosed(
            review_id=fact.review_id, request_id=key, decision=fact.decision, reason=fact.reason, actor=fact.actor
        ),
        say.SuspenseCleared(request_id=None, direction=direction, amount_fen=fen, became=became),
    )
