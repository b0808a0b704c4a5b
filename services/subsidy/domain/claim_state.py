"""A claim as its facts have made it: ``claim/{request_id}``; how they do is in ``claim_evolve``.

Money in suspense stands on the same kind of stream, so that a payment for a case that nobody knows has one, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Literal

from services.subsidy.domain import claim_facts as said
from services.subsidy.domain import clock_facts as clocks
from services.subsidy.domain import money_facts as money
from services.subsidy.domain.claimed import Claimed, Expense, Pool
from shared.kernel.law import Asked
from shared.kernel.value import value

Status = Literal["unknown", "submitted", "open", "closed", "barred"]
ENDED = frozenset({"capped", "paid", "refused", "expired", "closed"})


@value
class Line:
    """One expense line and how far it came. ``approved`` waits for its payment."""

    expense: Expense
    standing: Literal["open"] | said.LineEnding = "open"
    payable_fen: int = 0
    round: int = 0
    reason: str = ""
    complete_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        """Nothing more will come of it."""
        return self.standing in ENDED


@value
class Round:
    """One round of approvals: what is payable for its lines together, and what of it was paid."""

    policy_ref: str
    limit_fen: int
    pool: Pool
    year: int
    lines: tuple[int, ...]
    payable_fen: int
    paid_fen: int = 0
    stopped: bool = False

    @property
    def unpaid_fen(self) -> int:
        """What is still to be paid."""
        return 0 if self.stopped else self.payable_fen - self.paid_fen


@value
class Question:
    """A review and what became of it."""

    opened: money.ReviewOpened
    standing: Literal["open", "grant", "refuse", "moot"] = "open"
    due_at: datetime | None = None


@value
class Clock:
    """One clock; ``since`` while it is paused."""

    started: clocks.ClockStarted
    due_at: datetime
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    since: datetime | None = None
    standing: Literal["running", "asked", "stopped", "overrun"] = "running"
    nearing: bool = False

    @property
    def open(self) -> bool:
        """Neither stopped nor overrun."""
        return self.standing in ("running", "asked")


@value
class ClaimState:
    """One claim. ``granted`` = questions answered with yes, as (line, rule, reason)."""

    status: Status = "unknown"
    member_ref: str = ""
    vendor: str = ""
    applied_at: datetime | None = None
    claimed: Claimed | None = None
    grant: said.ClaimGranted | None = None
    withdrawals: tuple[str, ...] = ()
    outcome: str | None = None
    records: frozenset[str] = frozenset()
    lines: Mapping[int, Line] = field(default_factory=dict)
    waits: Mapping[tuple[int, str], said.PapersAsked] = field(default_factory=dict)
    reminded: frozenset[datetime] = frozenset()
    limits_reached: frozenset[datetime] = frozenset()
    visits_until: datetime | None = None
    questions: Mapping[str, Question] = field(default_factory=dict)
    granted: frozenset[tuple[int, str, str]] = frozenset()
    refused: Mapping[int, tuple[Asked, ...]] = field(default_factory=dict)
    amounts_fen: Mapping[int, int] = field(default_factory=dict)
    pool: Pool | None = None
    rounds: Mapping[int, Round] = field(default_factory=dict)
    clocks: Mapping[int, Clock] = field(default_factory=dict)
    feedback_at: datetime | None = None
    member_since: datetime | None = None
    member_for: str = ""
    payment_until: datetime | None = None
    suspense_fen: Mapping[str, int] = field(default_factory=dict)
    paid_fen: int = 0

    @property
    def open_lines(self) -> tuple[Line, ...]:
        """Lines still to be decided, in order."""
        return tuple(line for _, line in sorted(self.lines.items()) if line.standing == "open")

    @property
    def unpaid_fen(self) -> int:
        """Approved and not yet paid."""
        return sum(one.unpaid_fen for one in self.rounds.values())

    def asks(self, line: int) -> money.ReviewOpened | None:
        """The open review of a line, or (0) of the claim."""
        for question in self.questions.values():
            opened = question.opened
            if question.standing == "open" and opened.line == line and opened.kind in ("claim", "line"):
                return opened
        return None

    def open_review(self, kind: money.ReviewKind) -> bool:
        """Whether a review of this kind waits for its person."""
        return any(q.standing == "open" and q.opened.kind == kind for q in self.questions.values())
