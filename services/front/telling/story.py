"""A case as a story: its steps with their decisions, deadlines, money, reviews and receipts; plain values, ready for JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from services.front.telling.gathering import Case, Part
from services.front.telling.reading import (
    as_json,
    clauses_of,
    deadlines_in,
    meaning_of,
    plain_of,
    postings_in,
    rules_in,
    statements,
    title_of,
)
from shared.contracts.messaging import RecordAnswered
from shared.contracts.receipts import ReceiptGiven
from shared.handbook import Edition, Editions
from shared.kernel.instant import in_china

Story = dict[str, Any]
_HEAD = ("service", "vendor", "hotline", "product", "edition", "calendar")


def tell(case: Case, editions: Editions) -> Story:
    """The whole case."""
    story: Story = {"request_id": case.request_id, "head": {}, "steps": [], "reviews": {}, "receipts": {}}
    edition: Edition | None = None
    for part in case.parts:
        edition = _edition(part, editions) or edition
        story["steps"].append(_step(part, edition))
        _head(story["head"], part)
        _review(story["reviews"], part)
        _receipts(story["receipts"], part)
    story["ledger"] = _ledger(case)
    story["waiting"] = [as_json(timer) for timer in case.waiting]
    story["parked"] = [as_json(message) for message in case.parked]
    story["head"]["outcome"] = story["head"].get("outcome") or ("parked" if case.parked else "open")
    return story


def _edition(part: Part, editions: Editions) -> Edition | None:
    named = getattr(part.stored.fact, "edition", None)
    return editions.by_id.get(named) if isinstance(named, str) else None


def _step(part: Part, edition: Edition | None) -> Story:
    stored = part.stored
    return {
        "at": in_china(stored.at).isoformat(),
        "service": part.service,
        "stream": stored.stream,
        "version": stored.version,
        "fact": type(stored.fact).__name__,
        "words": title_of(stored.fact),
        "meaning": meaning_of(stored.fact),
        "said": as_json(plain_of(stored.fact)),
        "everything": as_json(stored.fact),
        "rules": [_rule(asked.asked, asked.of, edition) for asked in rules_in(stored.fact)],
        "deadlines": [
            {
                "clock": d.clock, "rule": d.rule, "basis": d.basis, "due_at": d.due_at.isoformat(),
                "provisional": d.provisional,
                "days": [{"day": day, "counted": counted, "why": why} for day, counted, why in d.days],
            }
            for d in deadlines_in(stored.fact)
        ],
        "postings": [as_json(posting) for posting in postings_in(stored.fact)],
        "published": [{"type": p.type, "topic": p.topic or f"greenlane.{part.service}.events.v1"} for p in part.said],
    }  # fmt: skip


def _rule(asked: Any, of: str, edition: Edition | None) -> Story:
    return {
        "rule": asked.rule,
        "statement": statements().get(asked.rule, ""),
        "outcome": asked.outcome,
        "reason": asked.reason,
        "of": of,
        "facts": as_json(asked.facts),
        "remedy": as_json(asked.remedy),
        "edition": edition.id if edition else None,
        "clauses": clauses_of(edition, asked.rule),
    }


def _head(head: Story, part: Part) -> None:
    fact = part.stored.fact
    for name in _HEAD:
        value = getattr(fact, name, None)
        if isinstance(value, str) and value:
            head.setdefault(name, value)
    if type(fact).__name__ == "Submitted":
        head["received_at"] = in_china(part.stored.at).isoformat()
    if any(said.type == "RequestClosed.v1" for said in part.said):
        head["outcome"] = getattr(fact, "outcome", None)
        head["closed_at"] = in_china(part.stored.at).isoformat()


def _review(reviews: dict[str, Story], part: Part) -> None:
    """Reviews as the published language tells them: who must decide by when, who did, why."""
    at = in_china(part.stored.at).isoformat()
    for said in part.said:
        event: Any = said.data
        if said.type == "ReviewOpened.v1":
            reviews[event.review_id] = {
                "service": part.service, "opened_at": at, "owner": event.owner, "due_at": as_json(event.due_at),
                "reasons": [{"rule": r.rule, "reason": r.reason} for r in event.reasons],
            }  # fmt: skip
        elif said.type == "ReviewClosed.v1":
            reviews.setdefault(event.review_id, {"service": part.service}).update(
                closed_at=at, decision=event.decision, reason=event.reason, actor=event.actor
            )
        elif said.type == "ReviewOverdue.v1":
            reviews.setdefault(event.review_id, {"service": part.service})["overdue_at"] = at


def _receipts(receipts: dict[str, Story], part: Part) -> None:
    """What became of every record: what the vendor was told, or what was said inside where nobody gets receipts."""
    at = in_china(part.stored.at).isoformat()
    record, type_ = getattr(part.stored.fact, "record", None), getattr(part.stored.fact, "type", None)
    if isinstance(record, str) and isinstance(type_, str):
        receipts.setdefault(record, {"stages": []})["type"] = type_
    for said in part.said:
        if isinstance(said.data, ReceiptGiven):
            receipt = said.data
            entry = receipts.setdefault(receipt.receipt, {"stages": []})
            if receipt.type:
                entry["type"] = receipt.type
            entry["stages"].append(_stage(at, receipt.stage, receipt.reason, receipt.rule, receipt.pointer))
        elif isinstance(said.data, RecordAnswered) and part.service != "intake":
            answered = said.data
            entry = receipts.setdefault(answered.cause, {"stages": []})
            entry["answered_by"] = part.service
            if not any(stage["stage"] == answered.answer for stage in entry["stages"]):
                entry["answer"] = _stage(at, answered.answer, answered.reason, answered.rule, answered.pointer)


def _stage(at: str, stage: str, reason: str | None, rule: str | None, pointer: str | None) -> Story:
    return {"at": at, "stage": stage, "reason": reason, "rule": rule, "pointer": pointer}


def _ledger(case: Case) -> Story:
    """The postings of the case in order, and where its money stands."""
    balance: Counter[str] = Counter()
    postings = []
    for part in case.parts:
        for posting in postings_in(part.stored.fact):
            for entry in posting.entries:
                balance[entry.account] += entry.fen
            postings.append({"at": in_china(part.stored.at).isoformat(), **as_json(posting)})
    return {"postings": postings, "balances": dict(balance), "total": sum(balance.values())}
