"""The words in which an expected outcome is said. Every code that a service chose itself stands here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from examples.record import said

# What a refusal is called → the rules that may say it. Any one of them must be among the refusals that were published.
REFUSALS: dict[str, tuple[str, ...]] = {
    "WAITING_PERIOD": ("ENT-01", "ENT-06", "ENT-08", "ENT-09", "ENT-D20"),
    "DIAGNOSED_IN_WAITING": ("ENT-11",),
    "SERVICE_TERMINATED": ("ENT-16", "ENT-D21"),
    "SERVICE_EXPIRED": ("ENT-12", "ENT-14", "ENT-91"),
    "POLICY_NOT_IN_FORCE": ("ENT-03",),
    "PURCHASE_BEFORE_CUTOFF": ("ENT-02",),
    "NO_LISTED_DISEASE": ("ENT-18", "ENT-19", "ENT-20", "ENT-21", "REF-D04"),
    "QUOTA_EXHAUSTED": ("ENT-28",),
    "VISIT_TYPE_EXCLUDED": ("ENT-55",),
    "NOT_TERTIARY_A": ("ENT-51",),
    "NOT_CONFIRMED": ("ADV-16", "ADV-27"),
    "CITY_NOT_COVERED": ("ADV-15",),
    "NOT_PUBLIC": ("ADV-15",),
    "HOSPITAL_NOT_LISTED": ("ADV-15", "ADV-31", "ADV-33"),
    "WRONG_CHANNEL": ("INT-D04",),
    # the pre-review of an advance
    "NOT_LIABLE": ("ADV-04", "ADV-17"),
    "OUT_OF_NETWORK": ("ADV-17", "ADV-33"),
    "NON_DISCLOSURE": ("ADV-26",),
    "SUM_INSURED_EXHAUSTED": ("ADV-28",),
    "POLICY_EXCLUSION": ("ADV-30",),
    "NO_ORIGINAL_INVOICE": ("ADV-32",),
    # a subsidy claim and its lines
    "LATE": ("SUB-03", "SUB-04", "SUB-06", "SUB-07", "SUB-D05"),
    "SAME_CITY": ("SUB-08",),
    "NO_GREEN_SERVICE": ("SUB-01",),
    "SEAT_CLASS": ("SUB-13",),
    "CABIN_CLASS": ("SUB-14",),
    "NOT_AT_PLACE_OF_TREATMENT": ("SUB-17", "SUB-18"),
    "COMPANION_COST": ("SUB-10",),
    "INVOICE_TITLE": ("SUB-22", "SUB-24", "SUB-29", "SUB-D06"),
    "TAX_ID_MISMATCH": ("SUB-31",),
    "NOT_TRANSPORT_OR_LODGING": ("SUB-20",),
    "INVOICE_USED": ("SUB-D03",),
}

# How a case ends (RequestClosed.outcome), by what it is called in the scenarios.
CLOSED: dict[str, str] = {
    "denied": "DENIED",
    "withdrawn": "WITHDRAWN",
    "attended": "ATTENDED",
    "no_show": "CLIENT_NO_SHOW",
    "cancelled": "CANCELLED",
    "not_startable": "NOT_STARTABLE",
    "data_declined": "MEMBER_DECLINED_DATA",
    "slot_declined": "SLOT_DECLINED",
    "terminated": "SERVICE_TERMINATED",
    "settled": "SETTLED",
    "pre_review_rejected": "REJECTED",
    "supplement_expired": "SUPPLEMENT_EXPIRED",
    "paid": "PAID",
    "partly_paid": "PARTLY_PAID",
    "cap_reached": "CAP_REACHED",
    "expired": "EXPIRED",
    "refused": "REFUSED",
}

Verdict = Literal["granted", "denied", "withdrawn", "not_opened"]
Quota = Literal["consumed", "released", "held", "none"]
Breach = tuple[str, datetime]


@dataclass(frozen=True)
class Expected:
    """What must have become of one application when the recording has been played.

    Attributes:
        verdict: entitlement's last word; ``not_opened``: the door opened no request at all.
        refusals: reasons of the denial or of the rejected pre-review or claim (`REFUSALS` has the rules); all of them must
            be published, and others that rest on the same facts may stand beside them.
        reviews: reasons for which a person was asked, in order, whoever asked.
        waits: papers that entitlement waited for.
        quota: what became of the count.
        arranged: how many AppointmentArranged events.
        advanced: how many DepositAdvanced events; ``offset``: ClaimOffset events.
        money: yuan: advanced, returned, offset, refunded, written_off, outstanding, or approved and paid.
        lines: subsidy: line → ``approved 200``, ``refused REASON``, ``expired``.
        breaches: hard clocks that ran out, with their limits.
        duties: duties towards the member that were missed (DutyMissed.duty); none of them ends the case.
        refused_records: type and reason of every record of the case that was answered ``refused``.
        suspense: yuan in the suspense account because of this case.
        closed: a key of `CLOSED`, or None where the case is still open at the end of the recording.
    """

    verdict: Verdict
    closed: str | None
    refusals: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    quota: Quota = "none"
    arranged: int = 0
    advanced: int = 0
    offset: int = 0
    money: dict[str, int] = field(default_factory=dict)
    lines: dict[int, str] = field(default_factory=dict)
    breaches: tuple[Breach, ...] = ()
    duties: tuple[str, ...] = ()
    refused_records: tuple[tuple[str, str], ...] = ()
    suspense: int = 0

    def plain(self) -> dict[str, Any]:
        """As the expectation file says it; what is empty is left out."""
        out: dict[str, Any] = {"verdict": self.verdict}
        if self.refusals:
            out["refusals"] = {reason: list(REFUSALS[reason]) for reason in self.refusals}
        for name in ("reviews", "waits", "duties"):
            if getattr(self, name):
                out[name] = list(getattr(self, name))
        out["quota"] = self.quota
        for name in ("arranged", "advanced", "offset", "suspense"):
            if getattr(self, name):
                out[name] = getattr(self, name)
        if self.money:
            out["money_yuan"] = dict(self.money)
        if self.lines:
            out["lines"] = dict(self.lines)
        if self.breaches:
            out["breaches"] = [{"clock": clock, "due_at": said(due)} for clock, due in self.breaches]
        if self.refused_records:
            out["refused_records"] = [{"type": t, "reason": r} for t, r in self.refused_records]
        out["closed"] = CLOSED[self.closed] if self.closed else None
        return out
