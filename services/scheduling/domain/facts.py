"""Every fact this service has ever stored. Append only: what is stored must stay readable."""

from __future__ import annotations

from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import engagement_facts as f

FACTS: tuple[type, ...] = (
    f.EngagementOpened,
    f.EngagementGranted,
    f.EngagementDismissed,
    f.WithdrawalRemembered,
    f.FeedbackRemembered,
    f.RecordApplied,
    f.RecordRefused,
    t.ClocksStarted,
    t.ClockNeared,
    t.ClockAsked,
    t.ClockStopped,
    t.ClockBreached,
    t.ClockWarned,
    t.ClockExtended,
    t.ClockRanOut,
    t.DutyMissed,
    t.WaitStarted,
    t.WaitEnded,
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
