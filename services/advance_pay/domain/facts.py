"""Everything this service stores, under its class name and version. Append only."""

from __future__ import annotations

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import clock_facts as k
from services.advance_pay.domain import liability, suspense, unique
from services.advance_pay.domain import money_facts as m

FACTS: tuple[type, ...] = (
    f.AdvanceRequested, f.AdvanceGranted, f.AdvanceNotGranted, f.WorkOrdered, f.OutcomeSaid, f.ClientInformed,
    f.CaseClosed, f.CaseFinished, f.RecordApplied, f.RecordRefused, f.WithdrawalRemembered, f.ContactRecorded,
    f.GuidanceRecorded, f.PapersReceived, f.DocumentsCompleted, f.SupplementReminded, k.MemberWaitBegan,
    k.MemberWaitOver, k.ClockStarted, k.ClockMoved, k.ClockStopped,
    k.ClockDropped,
    k.ClockNearing, k.ClockAsked, k.ClockRanOut, f.ReviewAsked,
    f.ReviewOverdue, f.ReviewSettled, m.PreReviewFound, m.PreReviewDecided, m.AgreementRecorded, m.Posted,
    m.DepositAdvanced, m.SuspenseRaised, m.SuspenseCleared, m.DischargeNoted, m.AdvanceSettled, m.ClaimFileCompiled,
    m.ClaimFileSent, m.ClaimKept, m.ClaimOffset, m.RefundDemanded, m.RefundOverdue, m.RefundSettled,
    m.AdvanceWrittenOff,
    liability.YearInsured, liability.LiabilityHeld, liability.HoldReleased, liability.ClaimCounted,
    liability.LiabilityExceeded, liability.ClaimRecorded,
    suspense.MoneyTakenIn, suspense.MoneyResolved, suspense.ResolutionRefused, suspense.RepeatIgnored,
    unique.Claimed,
    suspense.MoneyOverdue,
)  # fmt: skip
