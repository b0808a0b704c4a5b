"""Every fact of this service, under the name of its class. Append only."""

from __future__ import annotations

from services.subsidy.domain.caps import CapHeld, CapPaid, CapReleased
from services.subsidy.domain.claim_facts import (
    ClaimBarred,
    ClaimClosed,
    ClaimGranted,
    ClaimOpened,
    ClaimSubmitted,
    FeedbackGiven,
    LinesClosed,
    LinesExpired,
    LinesRefused,
    MemberAwaited,
    MemberHeard,
    PapersAsked,
    PapersGiven,
    PapersLimitReached,
    PapersReminded,
    PapersSettled,
    RecordApplied,
    RecordRefused,
    SubsidyApproved,
    VisitAwaited,
    WithdrawalKept,
)
from services.subsidy.domain.clock_facts import (
    ClockAsked,
    ClockNearing,
    ClockOverrun,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockStopped,
)
from services.subsidy.domain.money_facts import (
    MoneySuspended,
    PaymentAwaited,
    ReviewMooted,
    ReviewOpened,
    ReviewOverdue,
    ReviewSettled,
    SubsidyPaid,
    SuspenseSettled,
)
from services.subsidy.domain.once import InvoiceFreed, InvoiceUsed, PaymentSeen
from services.subsidy.domain.visit import VisitKnown, VisitSeen, VisitVoided

FACTS: tuple[type, ...] = (
    ClaimSubmitted, ClaimGranted, ClaimOpened, ClaimBarred, WithdrawalKept, RecordApplied, RecordRefused, VisitAwaited,
    FeedbackGiven, MemberAwaited, MemberHeard,
    PapersAsked, PapersReminded, PapersGiven, PapersSettled,
    SubsidyApproved, LinesRefused, LinesExpired, LinesClosed, ClaimClosed,
    ReviewOpened, ReviewSettled, ReviewMooted, ReviewOverdue,
    SubsidyPaid, MoneySuspended, SuspenseSettled, PaymentAwaited,
    ClockStarted, ClockPaused, ClockResumed, ClockNearing, ClockAsked, ClockStopped, ClockOverrun,
    CapHeld, CapPaid, CapReleased,
    InvoiceUsed, InvoiceFreed, PaymentSeen,
    VisitKnown, VisitSeen, VisitVoided,
    PapersLimitReached,
)  # fmt: skip
