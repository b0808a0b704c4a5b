"""What the vendor says of a confirmed visit."""

from __future__ import annotations

from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import clocks
from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from services.scheduling.domain.case_rules import ENDING, Ending
from services.scheduling.domain.draft import Draft, Refused, refused, said
from services.scheduling.domain.ending import finish, void
from services.scheduling.domain.visit_rules import (
    CALLING,
    DISRUPTING,
    MISSING,
    SEEING,
    VENDOR_CAUSES,
    WITHDRAWING,
    Calling,
    Disrupting,
    Missing,
    Seeing,
    Withdrawing,
)
from shared.kernel.instant import day_of
from shared.kernel.law import Receipt, ask


def withdraw(draft: Draft, command: c.Withdraw) -> Refused | None:
    """The member no longer wants it: cancelled, too late, or for a person to decide."""
    s = draft.state
    if _absence_in_review(draft):
        return Refused("REVIEW_PENDING")
    receipt = ask(WITHDRAWING, Withdrawing(day_of(command.at), s.visit_on, draft.terms))
    if receipt.verdict == "refuse":
        return refused(receipt)
    if receipt.verdict == "review":
        void(draft, "CANCELLED_ON_VISIT_DAY", final=True)
        draft.review("late_cancellation", receipt.reviews)
        return None
    cancel(draft, receipt)
    return None


def _absence_in_review(draft: Draft) -> bool:
    return draft.state.review is not None and draft.state.review.kind in ("late_cancellation", "no_show")


def cancel(draft: Draft, receipt: Receipt) -> None:
    """Cancelled in time: nothing is used."""
    cause = said(receipt, "cause") or "WITHDRAWN_BEFORE_CONSUME"
    void(draft, cause, final=True)
    rule = next((line.rule for line in receipt.asked if "action" in line.facts), "ENT-D04")
    draft.release(cause, rule)
    finish(draft, "CANCELLED", receipt.asked)


def report_call(draft: Draft, command: c.ReportCall) -> Refused | None:
    """The member was called before the visit."""
    visit_on = draft.state.visit_on
    if visit_on is None:
        return Refused("NOT_ARRANGED")
    receipt = ask(CALLING, Calling(day_of(command.at), visit_on, command.id_reminder, draft.terms))
    if receipt.verdict == "refuse":
        pointer = "/data/id_reminder" if receipt.refusals[0].rule == "SCH-13" else "/time"
        return refused(receipt, pointer)
    if draft.state.confirmed:
        return None
    clock = draft.state.open_clock("confirmation_call")
    met = clock is not None and command.at < clock.due_at
    if met:
        clocks.stop(draft, "confirmation_call")
    elif clock is not None:
        clocks.run_out(draft, clock)
    draft.say(f.VisitConfirmed(command.at, met))
    return None


def decline_company(draft: Draft, _: c.DeclineCompany) -> Refused | None:
    """The member wants no company; the visit stands (SCH-D10)."""
    if draft.state.accompaniment != "DECLINED":
        draft.say(f.AccompanimentDeclined())
    return None


def attend(draft: Draft, command: c.Attend) -> Refused | None:
    """The member was seen on the day of the visit."""
    s = draft.state
    slot, visit_on = s.appointment, s.visit_on
    if slot is None or visit_on is None:
        return Refused("NOT_ARRANGED")
    if command.attended_on != visit_on:
        return Refused("VISIT_DAY_DIFFERS", pointer="/data/attended_on")
    if day_of(command.at) < visit_on:
        return Refused("VISIT_NOT_DUE", pointer="/data/attended_on")
    case = Seeing(
        draft.terms, s.accompaniment, command.accompanied, command.accompanied_minutes, command.hospital_fees_fen
    )
    receipt = ask(SEEING, case)
    draft.moot("ATTENDED")
    draft.say(
        f.VisitClosed(
            s.member_ref,
            s.product or "",
            "ATTENDED",
            slot.hospital,
            slot.city,
            visit_on,
            _costs(receipt),
            command.attended_on,
            command.accompanied,
            command.accompanied_minutes,
            said(receipt, "owed_minutes"),
        )
    )
    if said(receipt, "met") is False:
        draft.say(t.DutyMissed("ACCOMPANIMENT_MISSED", "SCH-14", slot.slot_at))
    if said(receipt, "action") == "consume":
        draft.consume(said(receipt, "cause"), "ENT-D04")
    finish(draft, "ATTENDED", receipt.asked)
    return None


def miss(draft: Draft, command: c.Miss) -> Refused | None:
    """The member did not come: the count is used, or a person decides."""
    s = draft.state
    slot, visit_on = s.appointment, s.visit_on
    if slot is None or visit_on is None:
        return Refused("NOT_ARRANGED")
    if command.at < slot.slot_at:
        return Refused("VISIT_NOT_DUE")
    if _absence_in_review(draft):
        return Refused("REVIEW_PENDING")
    receipt = ask(MISSING, Missing(draft.terms, command.registration_fee_fen))
    draft.say(
        f.VisitClosed(
            s.member_ref, s.product or "", "CLIENT_NO_SHOW", slot.hospital, slot.city, visit_on, _costs(receipt)
        )
    )
    if receipt.verdict == "review":
        draft.review("no_show", receipt.reviews)
        return None
    if said(receipt, "action") == "consume":
        draft.consume(said(receipt, "cause"), "SCH-D01")  # a count used at booking stays used
    else:
        draft.release("CLIENT_NO_SHOW")
    finish(draft, said(receipt, "outcome") or "CLIENT_NO_SHOW", receipt.asked)
    return None


def _costs(receipt: Receipt) -> tuple[f.CostAllocated, ...]:
    return tuple(
        f.CostAllocated(line.rule, "CLIENT", line.facts["amount_fen"])
        for line in receipt.asked
        if line.facts.get("payer") == "CLIENT"
    )


def disrupt(draft: Draft, command: c.Disrupt) -> Refused | None:
    """The confirmed visit cannot be given: another time is agreed, with the same count."""
    receipt = ask(DISRUPTING, Disrupting(command.cause, draft.terms))
    draft.moot("DISRUPTED")
    if (voided := said(receipt, "close")) is not None:
        void(draft, voided, final=True)
        draft.release(voided, "INT-37")
        finish(draft, voided, receipt.asked)
        return None
    void(draft, command.cause.upper(), final=False)
    if said(receipt, "action") == "restore":
        draft.restore(said(receipt, "cause"), "SCH-D02")
    draft.tell("RESCHEDULING", receipt.asked)
    clocks.watch_silence(draft)
    return None


def decline_slot(draft: Draft, _: c.DeclineSlot) -> Refused | None:
    """No new slot, or the member declines it: the count is given back."""
    receipt = ask(ENDING, Ending("slot_declined", draft.terms, confirmed=True))
    cause = VENDOR_CAUSES.get(draft.state.disruption.lower(), "VENDOR_FAILURE")
    draft.release(cause, receipt.asked[0].rule if receipt.asked else "ENT-D04")
    finish(draft, "SLOT_DECLINED", receipt.asked)
    return None
