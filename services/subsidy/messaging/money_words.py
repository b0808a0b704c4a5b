"""What people decided and what became of the money, in the published language."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from services.subsidy.domain import money_facts as money
from services.subsidy.domain.caps import CapHeld
from services.subsidy.messaging.words import told
from shared.contracts import messaging, scheduling, subsidy
from shared.contracts.base import AskedRule
from shared.handbook.model import Editions


def review_opened(fact: money.ReviewOpened, _: Editions) -> Iterable[BaseModel]:
    """A person must decide."""
    yield messaging.ReviewOpened(
        review_id=fact.review_id,
        request_id=fact.request_id,
        owner=fact.owner,
        reasons=[
            AskedRule(rule=a.rule, outcome="review", reason=a.reason, facts={**a.facts, "line": fact.line or None})
            for a in fact.reasons
        ],
        due_at=fact.due_at,
    )


def review_settled(fact: money.ReviewSettled, _: Editions) -> Iterable[BaseModel]:
    """A person decided."""
    yield messaging.ReviewClosed(
        review_id=fact.review_id,
        request_id=fact.request_id,
        decision=fact.decision,
        reason=fact.reason,
        actor=fact.actor,
    )


def review_mooted(fact: money.ReviewMooted, _: Editions) -> Iterable[BaseModel]:
    """What was asked has ended by itself: nobody decides any more."""
    yield messaging.ReviewClosed(
        review_id=fact.review_id,
        request_id=fact.request_id,
        decision="refuse",
        reason="NO_LONGER_ASKED",
        actor="system",
    )


def review_overdue(fact: money.ReviewOverdue, _: Editions) -> Iterable[BaseModel]:
    """Nobody has decided in time."""
    yield scheduling.ReviewOverdue(
        review_id=fact.review_id,
        request_id=fact.request_id,
        owner=fact.owner,
        due_at=fact.due_at,
        next_due_at=fact.next_due_at,
    )


def paid(fact: money.SubsidyPaid, _: Editions) -> Iterable[BaseModel]:
    """Approved money was paid; the vendor is told."""
    yield subsidy.SubsidyPaid(
        request_id=fact.request_id,
        payment_key=fact.payment_key,
        amount_fen=fact.amount_fen,
        lines=list(fact.lines),
        paid_at=fact.paid_at,
    )
    yield told(fact, "PAID", details={"lines": list(fact.lines), "amount_fen": fact.amount_fen})


def suspended(fact: money.MoneySuspended, _: Editions) -> Iterable[BaseModel]:
    """Money that matches no approval."""
    yield messaging.SuspenseRaised(request_id=fact.case_id, amount_fen=fact.amount_fen, reason=fact.reason)


def suspense_settled(fact: money.SuspenseSettled, _: Editions) -> Iterable[BaseModel]:
    """What finance made of it."""
    yield subsidy.SuspenseSettled(
        request_id=fact.case_id,
        payment_key=fact.payment_key,
        applied_fen=fact.applied_fen,
        returned_fen=fact.returned_fen,
    )


def payment_awaited(fact: money.PaymentAwaited, _: Editions) -> Iterable[BaseModel]:
    """Approved money is still to come."""
    yield subsidy.PaymentAwaited(request_id=fact.request_id, until=fact.until)


def cap_held(fact: CapHeld, _: Editions) -> Iterable[BaseModel]:
    """The last fen of a pool was approved."""
    if fact.left_fen == 0:
        yield subsidy.CapReached(
            request_id=fact.request_id, policy_ref=fact.policy_ref, pool=fact.pool, limit_fen=fact.limit_fen
        )
