"""A proposed slot before the law, and what its confirmation brings about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import clocks
from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from services.scheduling.domain.appointment_rules import ARRANGING, POINTERS, PROPOSAL, Arranging, Proposal
from services.scheduling.domain.draft import Draft, Refused, refused, said
from shared.kernel.instant import day_of, start_of
from shared.kernel.law import Asked, Receipt, ask


def propose(draft: Draft, command: c.Propose) -> Refused | None:
    """A slot that the hospital has confirmed: arranged, refused, or before a person."""
    if command.slot_at <= draft.at:
        return Refused("SLOT_NOT_IN_FUTURE", pointer="/data/slot_at")
    s = draft.state
    receipt = ask(PROPOSAL, Proposal(command, draft.terms, s.wished_hospital, s.wished_department))
    if receipt.verdict == "refuse":
        return refused(receipt, POINTERS.get(receipt.refusals[0].reason or ""))
    slot = f.Appointment(
        command.hospital, command.city, command.department, command.visit_type, command.expert_rank,
        command.selected_by, command.slot_at,
    )  # fmt: skip
    open_doubts = [a for a in receipt.reviews if not _settled(draft, command.hospital, a.reason)]
    if open_doubts:
        draft.review("proposal", open_doubts, slot)
    else:
        arrange(draft, slot, receipt.asked)
    return None


def _settled(draft: Draft, hospital: str, doubt: str | None) -> bool:
    """Whether a person at entitlement has already let this very hospital pass."""
    return hospital == draft.state.wished_hospital and doubt in draft.state.settled


def arrange(draft: Draft, slot: f.Appointment, proposal: Sequence[Asked]) -> None:
    """The slot is the appointment: the booking's clocks stop, the visit's start, the count is settled."""
    draft.moot("ARRANGED")
    receipt = ask(ARRANGING, Arranging(slot.slot_at, draft.at, draft.terms))
    for step in ("feedback", "complete", "visit_arranged"):
        clocks.stop(draft, step)
    s = draft.state
    draft.say(
        f.AppointmentArranged(
            s.member_ref,
            s.product or "",
            s.edition or "",
            slot,
            draft.at,
            s.arrangements + 1,
            s.accompaniment,
            s.vendor,
            _visit_clocks(draft, slot, receipt),
            tuple(line.facts["notice"] for line in receipt.asked if "notice" in line.facts),
            (*proposal, *receipt.asked),
        )
    )
    if said(receipt, "action") == "consume":
        draft.consume(said(receipt, "cause"), "ENT-D04")


def _visit_clocks(draft: Draft, slot: f.Appointment, receipt: Receipt) -> tuple[t.Clock, ...]:
    visit_on = day_of(slot.slot_at)
    after = draft.terms.working_days(start_of(visit_on), draft.terms.limits.visit_outcome_working_days)
    outcome = clocks.watch(clocks.VISIT_OUTCOME, "visit_outcome", slot.slot_at, after)
    call = next((line for line in receipt.asked if "clock" in line.facts), None)
    if call is None:
        return (outcome,)
    due_at = datetime.fromisoformat(call.facts["due_at"])
    immediate = call.rule == "SCH-D08"
    day = visit_on if immediate else visit_on - timedelta(days=1)
    proof = ((day, True, "immediate_call" if immediate else "day_before"),)
    row = draft.terms.clock("confirmation_call")
    basis = row.basis if row else "hard"
    return (t.Clock(call.facts["clock"], "confirmation_call", basis, call.rule, draft.at, due_at, proof), outcome)
