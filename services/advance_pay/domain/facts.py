"""Everything this service stores, under its class name and version. Append only."""

from __future__ import annotations

from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import liability, suspense, unique

FACTS: tuple[type, ...] = (
    f.AdvanceRequested, f.AdvanceGranted, f.AdvanceNotGranted, f.WorkOrdered, f.OutcomeSaid, f.ClientInformed,
    f.CaseClosed, f.CaseFinished, f.RecordApplied, f.RecordRefused, f.WithdrawalRemembered, f.ContactRecorded,
    f.GuidanceRecorded, f.PapersReceived, f.DocumentsCompleted, f.SupplementReminded, f.MemberWaitBegan,
    f.MemberWaitOver, f.ClockStarted, f.ClockMoved, f.ClockStopped, f.ClockAsked, f.ClockRanOut, f.ReviewAsked,
    f.ReviewOverdue, f.ReviewSettled, f.PreReviewFound, f.PreReviewDecided, f.AgreementRecorded, f.Posted,
    f.DepositAdvanced, f.SuspenseRaised, f.SuspenseCleared, f.DischargeNoted, f.AdvanceSettled, f.ClaimFileCompiled,
    f.ClaimFileSent, f.ClaimKept, f.ClaimOffset, f.RefundDemanded, f.RefundOverdue, f.RefundSettled,
    f.AdvanceWrittenOff,
    liability.YearInsured, liability.LiabilityHeld, liability.HoldReleased, liability.ClaimCounted,
    liability.LiabilityExceeded, liability.ClaimRecorded,
    suspense.MoneyTakenIn, suspense.MoneyResolved, suspense.ResolutionRefused, suspense.RepeatIgnored,
    unique.Claimed,
)  # fmt: skip
