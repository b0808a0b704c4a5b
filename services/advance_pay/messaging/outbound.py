"""From stored facts to published events: one translation a fact, silence for what concerns nobody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, cast

from pydantic import BaseModel

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import clock_facts as k
from services.advance_pay.domain import liability as share
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain import suspense
from services.advance_pay.domain.record_law import POINTERS
from services.advance_pay.domain.terms import SERVICE
from shared.contracts import advance_pay as say
from shared.contracts import messaging as common
from shared.contracts import scheduling
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


def _ran_out(r: str, e: k.ClockRanOut) -> tuple[BaseModel, ...]:
    if e.out != "breach":
        return ()
    basis = cast("Any", e.basis)
    if e.warns:
        return (scheduling.ClockWarned(request_id=r, clock=e.clock, rule=e.rule, basis=basis, due_at=e.due_at),)
    return (ClockBreached(request_id=r, clock=e.clock, rule=e.rule, basis=basis, due_at=e.due_at),)


def _stopped(r: str, e: k.ClockStopped) -> BaseModel:
    if not e.printed:
        return say.AdvanceClockEnded(request_id=r, clock=e.clock)
    return scheduling.ClockStopped(
        request_id=r, product=e.product, service=SERVICE, clock=e.clock, step=e.step, rule=e.rule,
        basis=cast("Any", e.basis), started_at=e.started_at, stopped_at=e.stopped_at, due_at=e.due_at, met=e.met,
        gross_working_days=e.gross_working_days, net_working_days=e.net_working_days,
    )  # fmt: skip


def _clock(r: str, e: k.ClockStarted | k.ClockMoved) -> BaseModel:
    rule = e.rule if isinstance(e, k.ClockStarted) else None
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
    k.ClockStarted: _clock,
    k.ClockMoved: _clock,
    k.ClockStopped: _stopped,
    k.ClockDropped: _same(say.AdvanceClockEnded),
    k.ClockNearing: _same(scheduling.ClockNeared),
    k.MemberWaitBegan: lambda r, e: scheduling.MemberWaited(request_id=r, waiting_for=e.waiting_for, since=e.at),
    k.MemberWaitOver: lambda r, e: scheduling.MemberWaited(
        request_id=r, waiting_for=e.waiting_for, since=e.begun_at, until=e.ended_at
    ),
    k.ClockAsked: _same(common.ClockDue),
    k.ClockRanOut: _ran_out,
    f.ReviewAsked: _review,
    f.ReviewOverdue: _same(scheduling.ReviewOverdue),
    f.ReviewSettled: _same(common.ReviewClosed),
    m.PreReviewDecided: lambda r, e: say.PreReviewDecided(
        request_id=r, decision=e.decision, amount_fen=e.amount_fen, receipt=asked_rules(e.receipt)
    ),
    m.AgreementRecorded: lambda r, e: say.AgreementRecorded(request_id=r, complete=e.complete),
    m.Posted: lambda r, e: posted(r, e.posting),
    m.DepositAdvanced: _same(say.DepositAdvanced, "receipt_key"),
    m.SuspenseRaised: lambda r, e: common.SuspenseRaised(request_id=r, amount_fen=e.amount_fen, reason=e.reason),
    m.SuspenseCleared: _same(say.SuspenseCleared, "posting"),
    m.DischargeNoted: _same(say.DischargeNoted),
    m.AdvanceSettled: _same(say.AdvanceSettled),
    m.ClaimFileCompiled: _same(say.ClaimFileCompiled),
    m.ClaimFileSent: _same(say.ClaimFileSent),
    m.ClaimOffset: _same(say.ClaimOffset),
    m.RefundDemanded: _same(say.RefundDemanded),
    m.RefundOverdue: _same(say.RefundOverdue),
    m.RefundSettled: _same(say.RefundSettled),
    m.AdvanceWrittenOff: _same(say.AdvanceWrittenOff),
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
        where = POINTERS.get(fact.reason)
        return (
            common.RecordAnswered(
                cause=fact.record, answer="refused", reason=fact.reason, rule="ADV-D03", pointer=where
            ),
        )
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
    if isinstance(fact, suspense.MoneyOverdue):
        return (
            scheduling.ReviewOverdue(
                review_id=fact.review_id, request_id=key, owner="finance",
                due_at=fact.due_at, next_due_at=fact.next_due_at,
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
