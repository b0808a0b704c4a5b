"""Which fact is said to whom: events of our own, receipts and orders of the vendors, notices of the quarantine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from pydantic import BaseModel

from services.intake.domain import record as outside
from services.intake.domain import request_facts as facts
from services.intake.domain.feed import Heard
from shared.contracts import intake as told
from shared.contracts.messaging import RecordAnswered
from shared.contracts.orders import CaseClosed, CaseDecided, CaseOutcome, ClauseQuoted, OrderReason, WorkOrdered
from shared.contracts.outside import QUARANTINE_NOTICES, orders_topic, receipts_topic, said_as
from shared.contracts.receipts import ReceiptGiven, RecordQuarantined
from shared.contracts.vendor import SAYINGS
from shared.event_store.stored import Stored
from shared.handbook.model import Editions
from shared.kernel.law import Facts
from shared.messaging.wiring import Outbound, Publication

# Once the last moment has come: a person, an account, how a vendor calls its record.
PERSON, ACCOUNT, ADDRESS = "person", "account", "address"
CLOCKS_THAT_BREACH = ("hard", "promised_unqualified")

_SAID: dict[str, type[BaseModel]] = {
    **{said_as(contract): contract for contract in SAYINGS},
    **{
        f"{event.__name__}.v1": event
        for event in (
            told.PapersSubmitted, told.PolicyIssued, told.PolicyRenewed, told.PolicyLapsed, told.PolicySuspended,
            told.PolicyReinstated, told.SumInsuredChanged, told.MemberJoined, told.MemberLeft, told.ClaimAdjudicated,
            told.PaymentReported, told.ReviewDecided, told.WriteOffOrdered,
        )
    },
}  # fmt: skip


def _event(contract: type[BaseModel], what: Facts) -> BaseModel:
    return contract.model_validate_json(msgspec.json.encode(what))


def _own(type_: str, data: BaseModel, stored: Stored, member_ref: str) -> Publication:
    return Publication(type_, data, key=member_ref, subject=_request_of(stored))


def _request_of(stored: Stored) -> str:
    return stored.stream.rpartition("/")[2]


def _receipt(vendor: str, record: str, stage: str, **more: Any) -> Publication:
    data = ReceiptGiven.model_validate({"receipt": record, "stage": stage, **more})
    return Publication("ReceiptGiven.v1", data, receipts_topic(vendor), needs=(f"{ADDRESS}:{record}",))


def _order(vendor: str, first: str, data: BaseModel, stored: Stored, *needs: str) -> Publication:
    return Publication(
        f"{type(data).__name__}.v1", data, orders_topic(vendor), subject=_request_of(stored),
        needs=(f"{ADDRESS}:{first}", *needs),
    )  # fmt: skip


# -- of a request ---------------------------------------------------------------------------------------------------


def _submitted(fact: facts.Submitted, stored: Stored) -> Sequence[Publication]:
    event = _event(told.RequestSubmitted, fact.application)
    return (
        _own("RequestSubmitted.v1", event, stored, fact.member_ref),
        _receipt(fact.vendor, fact.record, "received", type="ServiceRequested.v1"),
    )


def _repeated_call(fact: facts.RequestRepeated, stored: Stored) -> Sequence[Publication]:
    answered = RecordAnswered(cause=fact.record, answer="applied", reason="REQUEST_REPEATED", rule=fact.rule)
    vendor, type_ = fact.vendor, "ServiceRequested.v1"
    return (
        Publication("RecordAnswered.v1", answered, key=fact.member_ref, subject=_request_of(stored)),
        _receipt(vendor, fact.record, "received", type=type_),
        _receipt(vendor, fact.record, "applied", type=type_, reason="REQUEST_REPEATED", rule=fact.rule),
    )


def _said(fact: facts.Said, stored: Stored) -> Sequence[Publication]:
    event = _event(_SAID[fact.type], fact.what)
    return (
        _own(fact.type, event, stored, fact.member_ref),
        _receipt(fact.vendor, fact.record, "received", type=fact.type),
    )


def _nothing_heard(fact: facts.NothingWasHeard, stored: Stored) -> Sequence[Publication]:
    event = told.NothingHeard(clock=fact.clock, due_at=fact.due_at)
    return (_own("NothingHeard.v1", event, stored, fact.member_ref),)


def _missed(fact: facts.ResponseMissed, stored: Stored) -> Sequence[Publication]:
    if fact.basis not in CLOCKS_THAT_BREACH:
        return ()
    event = told.ClockBreached.model_validate(
        {"request_id": _request_of(stored), "clock": fact.clock, "rule": fact.rule, "basis": fact.basis,
         "due_at": fact.due_at}
    )  # fmt: skip
    return (_own("ClockBreached.v1", event, stored, fact.member_ref),)


def _answer(fact: facts.AnswerGiven, stored: Stored) -> Sequence[Publication]:
    return (_receipt(fact.vendor, fact.record, fact.answer, reason=fact.reason, rule=fact.rule, pointer=fact.pointer),)


def _closed(fact: facts.Closed, stored: Stored) -> Sequence[Publication]:
    closed = told.RequestClosed(request_id=_request_of(stored), outcome=fact.outcome, said_by=fact.said_by)
    order = CaseClosed.model_validate(
        {"request_id": _request_of(stored), "service": fact.service, "outcome": fact.outcome}
    )
    return (
        _own("RequestClosed.v1", closed, stored, fact.member_ref),
        _order(fact.vendor, fact.first, order, stored),
    )


def _work(fact: facts.OrderPassedOn, stored: Stored) -> Sequence[Publication]:
    data = WorkOrdered.model_validate(
        {"request_id": _request_of(stored), "service": fact.service, "action": fact.action, "details": fact.details}
    )
    needs = [f"{PERSON}:{fact.member_ref}"]
    if isinstance(fact.details.get("account_ref"), str):
        needs.append(f"{ACCOUNT}:{fact.details['account_ref']}")
    return (_order(fact.vendor, fact.first, data, stored, *needs),)


# -- of what has no case ----------------------------------------------------------------------------------------------


def _refused(fact: outside.RecordRefused, stored: Stored) -> Sequence[Publication]:
    answered = RecordAnswered(
        cause=fact.record, answer="refused", reason=fact.reason, rule=fact.rule, pointer=fact.pointer
    )
    own = Publication("RecordAnswered.v1", answered)
    if fact.vendor is None:
        return (own,)
    why = {"reason": fact.reason, "rule": fact.rule, "pointer": fact.pointer}
    remedy = {name: value for name, value in fact.remedy.items() if name != "call"}
    return (
        own,
        _receipt(fact.vendor, fact.record, "received", type=fact.type),
        _receipt(fact.vendor, fact.record, "refused", type=fact.type, remedy=remedy, **why),
    )


def _came_again(fact: outside.RecordRepeated, stored: Stored) -> Sequence[Publication]:
    return () if fact.vendor is None else (_receipt(fact.vendor, fact.record, "duplicate", type=fact.type),)


def _quarantined(fact: outside.RecordQuarantined, stored: Stored) -> Sequence[Publication]:
    notice = RecordQuarantined(
        id=fact.id, source=fact.source, place=fact.place, reason=fact.reason, pointer=fact.pointer
    )
    told_staff = Publication("RecordQuarantined.v1", notice, QUARANTINE_NOTICES)
    if fact.vendor is None:
        return (told_staff,)
    receipt = _receipt(fact.vendor, fact.id, "quarantined", place=fact.place, reason=fact.reason, pointer=fact.pointer)
    return told_staff, receipt


def _heard(fact: Heard, stored: Stored) -> Sequence[Publication]:
    return (Publication(fact.type, _event(_SAID[fact.type], fact.what), key=fact.bus_key, subject=fact.subject),)


# -- with the words of the handbook -----------------------------------------------------------------------------------


def _reasons(terms: Editions, edition_id: str | None, reasons: Sequence[Facts]) -> list[OrderReason]:
    edition = terms.by_id.get(edition_id) if edition_id is not None else None

    def quoted(rule: str) -> list[ClauseQuoted]:
        clauses = () if edition is None else edition.clauses_of(rule)
        return [ClauseQuoted(section=c.section, quote=c.quote) for c in clauses]

    return [
        OrderReason(rule=r["rule"], reason=r.get("reason"), clauses=quoted(r["rule"]), remedy=r.get("remedy") or {})
        for r in reasons
    ]


def outbound(terms: Editions) -> Outbound:
    """The mapping, with the editions whose words a vendor reads beside a reason."""

    def decision(fact: facts.DecisionPassedOn, stored: Stored) -> Sequence[Publication]:
        data = CaseDecided.model_validate(
            {"request_id": _request_of(stored), "service": fact.service, "decision": fact.decision,
             "product": fact.product, "edition": fact.edition,
             "reasons": _reasons(terms, fact.edition, fact.reasons)}
        )  # fmt: skip
        return (_order(fact.vendor, fact.first, data, stored),)

    def outcome(fact: facts.OutcomePassedOn, stored: Stored) -> Sequence[Publication]:
        data = CaseOutcome.model_validate(
            {"request_id": _request_of(stored), "service": fact.service, "outcome": fact.outcome,
             "reasons": _reasons(terms, fact.edition, fact.reasons), "details": fact.details}
        )  # fmt: skip
        return (_order(fact.vendor, fact.first, data, stored),)

    by_fact: dict[type, Callable[[Any, Stored], Sequence[Publication]]] = {
        facts.Submitted: _submitted,
        facts.RequestRepeated: _repeated_call,
        facts.Said: _said,
        facts.NothingWasHeard: _nothing_heard,
        facts.ResponseMissed: _missed,
        facts.AnswerGiven: _answer,
        facts.DecisionPassedOn: decision,
        facts.OrderPassedOn: _work,
        facts.OutcomePassedOn: outcome,
        facts.Closed: _closed,
        outside.RecordRefused: _refused,
        outside.RecordRepeated: _came_again,
        outside.RecordQuarantined: _quarantined,
        Heard: _heard,
    }

    def publish(stored: Stored) -> Sequence[Publication]:
        speak = by_fact.get(type(stored.fact))
        return () if speak is None else speak(stored.fact, stored)

    return publish
