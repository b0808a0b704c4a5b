"""Every fact of entitlement that may lie in the store. Append only: a name, once stored, is for ever."""

from __future__ import annotations

from services.entitlement.domain.allowance_facts import (
    CountConsumed,
    CountCorrected,
    CountReleased,
    CountRestored,
    CoverEndTold,
    GrantClosed,
    GrantOpened,
    HoldConflicted,
    LimitExceeded,
)
from services.entitlement.domain.answers import RecordApplied, RecordRefused
from services.entitlement.domain.cover_facts import (
    CoverIssued,
    CoverRenewed,
    ForceChanged,
    MemberListed,
    MembersCalled,
    SumInsuredChanged,
)
from services.entitlement.domain.eligibility_facts import (
    Denied,
    Granted,
    PapersAsked,
    PapersLimitReached,
    Reassessed,
    ReviewCalled,
    ReviewRanLate,
    ReviewSettled,
    WaitStarted,
    Withdrawn,
)
from services.entitlement.domain.member import DenialRemembered, DiseaseBarred, MemberJoined, MemberLeft

FACTS: tuple[type, ...] = (
    RecordApplied, RecordRefused,
    CoverIssued, CoverRenewed, ForceChanged, SumInsuredChanged, MemberListed, MembersCalled,
    MemberJoined, MemberLeft, DiseaseBarred, DenialRemembered,
    GrantOpened, CountConsumed, CountReleased, CountRestored, HoldConflicted, CountCorrected, LimitExceeded,
    GrantClosed, CoverEndTold,
    WaitStarted, Granted, Denied, ReviewCalled, ReviewSettled, ReviewRanLate, Withdrawn, Reassessed,
    PapersAsked, PapersLimitReached,
)  # fmt: skip
