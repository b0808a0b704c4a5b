"""What everyone may know of a clock. A moot stop says nothing: there was no deed and no verdict."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from services.subsidy.domain.claim_facts import PapersLimitReached
from services.subsidy.domain.clock_facts import ClockAsked, ClockNearing, ClockOverrun, ClockStopped
from services.subsidy.domain.trip import SERVICE
from shared.contracts import intake, messaging, scheduling
from shared.handbook.model import Editions

BREACHING = frozenset({"hard", "promised_unqualified"})


def neared(fact: ClockNearing, _: Editions) -> Iterable[BaseModel]:
    """A day is left of a hard limit."""
    yield scheduling.ClockNeared(request_id=fact.request_id, clock=fact.clock, rule=fact.rule, due_at=fact.due_at)


def asked(fact: ClockAsked | PapersLimitReached, _: Editions) -> Iterable[BaseModel]:
    """The limit has come: intake says whether anything was heard."""
    yield messaging.ClockDue(request_id=fact.request_id, clock=fact.clock, due_at=fact.due_at)


def overrun(fact: ClockOverrun, _: Editions) -> Iterable[BaseModel]:
    """A hard or promised limit breaches; an average or typical one warns (AMB-20, SLA-D05)."""
    if fact.basis in BREACHING:
        yield intake.ClockBreached(
            request_id=fact.request_id, clock=fact.clock, rule=fact.rule, basis=fact.basis, due_at=fact.due_at
        )
    else:
        yield scheduling.ClockWarned(
            request_id=fact.request_id, clock=fact.clock, rule=fact.rule, basis=fact.basis, due_at=fact.due_at
        )


def stopped(fact: ClockStopped, _: Editions) -> Iterable[BaseModel]:
    """The deed was done, in time or not."""
    if not fact.moot:
        yield scheduling.ClockStopped(
            request_id=fact.request_id,
            product=fact.product,
            service=SERVICE,
            clock=fact.clock,
            step=fact.step,
            rule=fact.rule,
            basis=fact.basis,
            started_at=fact.started_at,
            stopped_at=fact.at,
            due_at=fact.due_at,
            met=fact.met,
            gross_working_days=fact.gross_working_days,
            net_working_days=fact.net_working_days,
        )
