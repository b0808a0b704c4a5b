"""Every fact this service has ever stored. Append only: what is stored must stay readable."""

from __future__ import annotations

from services.scheduling.domain import engagement_facts as f

FACTS: tuple[type, ...] = (
    f.EngagementOpened,
    f.EngagementGranted,
    f.EngagementDismissed,
    f.WithdrawalRemembered,
    f.FeedbackRemembered,
    f.RecordApplied,
    f.RecordRefused,
    f.ClocksStarted,
    f.ClockNeared,
    f.ClockAsked,
    f.ClockStopped,
    f.ClockBreached,
    f.ClockWarned,
    f.ClockExtended,
    f.ClockRanOut,
    f.DutyMissed,
    f.WaitStarted,
    f.WaitEnded,
    f.HospitalHardToCoordinate,
    f.AppointmentArranged,
    f.AppointmentVoided,
    f.QuotaMoved,
    f.VisitConfirmed,
    f.AccompanimentDeclined,
    f.VisitClosed,
    f.ReviewOpened,
    f.ReviewClosed,
    f.ReviewOverdue,
    f.CoverEndKept,
    f.OutcomeSaid,
    f.EngagementFinished,
)
