"""The law of the visit: the call before it, being seen, staying away, being disturbed, and who pays the hospital."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services.scheduling.domain.terms import Terms
from shared.kernel.law import Answer, Pass, Refusal, Review, Rule, rule
from shared.kernel.value import value

VENDOR_CAUSES = {
    "expert_suspended": "HOSPITAL_OR_EXPERT_FAILURE",
    "hospital_reason": "HOSPITAL_OR_EXPERT_FAILURE",
    "epidemic": "FORCE_MAJEURE",
    "natural_disaster": "FORCE_MAJEURE",
    "force_majeure": "FORCE_MAJEURE",
    "vendor_failure": "VENDOR_FAILURE",
    "duplicate_booking": "VOID_DUPLICATE",
}


@value
class Calling:
    """The confirmation call of a day, for a visit of another."""

    on: date
    visit_on: date
    id_reminder: bool
    terms: Terms


@rule("SCH-13", "duty")
def id_reminder(case: Calling) -> Answer:
    """The member is reminded to bring ID documents."""
    if not case.terms.follows("SCH-13"):
        return None
    if not case.id_reminder:
        return Refusal("SCH-13", "ID_REMINDER_MISSING", {"id_reminder": False}, {"id_reminder": True})
    return Pass({"id_reminder": True})


@rule("SCH-12", "duty")
def not_before_the_day_before(case: Calling) -> Answer:
    """The call is that of the day before the visit, not an earlier one."""
    if not case.terms.follows("SCH-12"):
        return None
    earliest = case.visit_on - timedelta(days=1)
    if case.on < earliest:
        return Refusal("SCH-12", "CALL_TOO_EARLY", {"on": case.on.isoformat()}, {"earliest": earliest.isoformat()})
    return Pass({"on": case.on.isoformat()})


CALLING: tuple[Rule[Calling], ...] = (id_reminder, not_before_the_day_before)


@value
class Seeing:
    """The member was seen."""

    terms: Terms
    accompaniment: str = "NONE"
    accompanied: bool = False
    minutes: int | None = None
    fees_fen: int | None = None


@rule("ENT-D04", "quota")
def attendance_consumes(case: Seeing) -> Answer:
    """Where being seen is the consume point, the held count is consumed now."""
    quota = case.terms.quota
    if quota is None or quota.consume_at != "visit_attended":
        return None
    return Pass({"action": "consume", "cause": "VISIT_ATTENDED"})


@rule("SCH-14", "duty")
def accompanied(case: Seeing) -> Answer:
    """The member is accompanied through the visit, unless declined."""
    if not case.terms.follows("SCH-14") or case.accompaniment in ("NONE", "DECLINED"):
        return None
    return Pass({"met": case.accompanied})


@rule("SCH-17", "duty")
def escort_length(case: Seeing) -> Answer:
    """One escort lasts at most 4 hours; a longer stay is not owed."""
    row = case.terms.clock("max_length", "ESCORT")
    if case.minutes is None or row is None or not case.terms.follows("SCH-17", "ESCORT"):
        return None
    most = row.amount * 60
    return Pass({"owed_minutes": min(case.minutes, most), "owed_minutes_max": most})


def _fees(rule_id: str) -> Rule[Seeing]:
    def check(case: Seeing) -> Answer:
        """Fees paid directly to the hospital are the client's."""
        if not case.fees_fen or not case.terms.follows(rule_id):
            return None
        return Pass({"payer": "CLIENT", "amount_fen": case.fees_fen})

    return Rule(rule_id, "money", check)


SEEING: tuple[Rule[Seeing], ...] = (
    attendance_consumes, accompanied, escort_length, _fees("SCH-23"), _fees("SCH-D09"),
)  # fmt: skip


@value
class Missing:
    """The member did not come, or too late."""

    terms: Terms
    fee_fen: int | None = None


@rule("SCH-02")
def punctual(case: Missing) -> Answer:
    """The client must attend punctually at the agreed time."""
    return Pass({"outcome": "CLIENT_NO_SHOW"}) if case.terms.follows("SCH-02") else None


@rule("SCH-03", "money")
def fee_on_the_client(case: Missing) -> Answer:
    """A registration fee that arose is the client's; where none arose nothing is charged."""
    if not case.fee_fen or not case.terms.follows("SCH-03"):
        return None
    return Pass({"payer": "CLIENT", "amount_fen": case.fee_fen})


@rule("SCH-D09", "money")
def fee_on_the_client_too(case: Missing) -> Answer:
    """No text promises to pay hospital fees: the client pays."""
    if not case.fee_fen or not case.terms.follows("SCH-D09"):
        return None
    return Pass({"payer": "CLIENT", "amount_fen": case.fee_fen})


@rule("SCH-D01", "quota")
def no_show_consumes(case: Missing) -> Answer:
    """A client-caused no-show after booking uses the year's count."""
    return Pass({"action": "consume", "cause": "CLIENT_NO_SHOW"}) if case.terms.follows("SCH-D01") else None


@rule("SCH-D06")
def no_show_is_reviewed(case: Missing) -> Answer:
    """B prints nothing about staying away: a person decides."""
    return Review("SCH-D06", "NO_SHOW") if case.terms.follows("SCH-D06") else None


MISSING: tuple[Rule[Missing], ...] = (
    punctual, fee_on_the_client, fee_on_the_client_too, no_show_consumes, no_show_is_reviewed,
)  # fmt: skip


@value
class Disrupting:
    """The confirmed visit cannot be given; ``cause`` as the vendor names it."""

    cause: str
    terms: Terms


@rule("INT-37", "quota")
def void_duplicate(case: Disrupting) -> Answer:
    """A booking made void by the member's own second booking releases the hold."""
    if case.cause != "duplicate_booking" or not case.terms.follows("INT-37"):
        return None
    return Pass({"close": "VOID_DUPLICATE"})


@rule("SCH-04", "duty")
def another_time(case: Disrupting) -> Answer:
    """The vendor agrees another visit time with the client."""
    if not case.terms.follows("SCH-04"):
        return None
    return Pass({"status": "RESCHEDULING", "cause": case.cause.upper()})


@rule("SCH-D02", "quota")
def nothing_consumed(case: Disrupting) -> Answer:
    """A failure not the client's consumes nothing: the same count is held for the new slot."""
    if not case.terms.follows("SCH-D02"):
        return None
    return Pass({"action": "restore", "cause": VENDOR_CAUSES[case.cause]})


DISRUPTING: tuple[Rule[Disrupting], ...] = (void_duplicate, another_time, nothing_consumed)


@value
class Withdrawing:
    """The member no longer wants it, on a day; ``visit_on`` None: nothing is arranged."""

    on: date
    visit_on: date | None
    terms: Terms


@rule("SCH-01")
def not_cancellable(case: Withdrawing) -> Answer:
    """Once the booking has succeeded it cannot be cancelled."""
    if case.visit_on is None or not case.terms.follows("SCH-01"):
        return None
    return Refusal("SCH-01", "NON_CANCELLABLE", {"visit_on": case.visit_on.isoformat()})


@rule("SCH-D06")
def free_before_the_visit_day(case: Withdrawing) -> Answer:
    """Before the visit day a cancellation releases the count; on the day a person decides."""
    if case.visit_on is None or not case.terms.follows("SCH-D06"):
        return None
    if case.on < case.visit_on:
        return Pass({"action": "release", "cause": "CANCELLED_BEFORE_VISIT_DAY"})
    return Review("SCH-D06", "LATE_CANCELLATION", {"visit_on": case.visit_on.isoformat()})


@rule("ENT-D04", "quota")
def nothing_booked_releases(case: Withdrawing) -> Answer:
    """Withdrawn before the consume point: the hold is released."""
    quota = case.terms.quota
    if case.visit_on is not None or quota is None:
        return None
    names = ("withdrawn_before_consume", "cancelled_before_visit_day")
    cause = next((n for n in names if n in quota.release_causes), names[0])
    return Pass({"action": "release", "cause": cause.upper()})


WITHDRAWING: tuple[Rule[Withdrawing], ...] = (not_cancellable, free_before_the_visit_day, nothing_booked_releases)
RULES: tuple[Rule[Any], ...] = (*CALLING, *SEEING, *MISSING, *DISRUPTING, *WITHDRAWING)
