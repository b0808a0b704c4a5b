"""One advance: ``advance/{request_id}``, from the application to a balance of zero.

Commands are in `advance_commands`, facts in `advance_facts`, the state in `advance_state`; RULES are gathered here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import (
    clocks,
    collecting,
    opening,
    payment,
    pre_review,
    record_law,
    recovery,
    reviewing,
    reviews,
    settlement,
)
from services.advance_pay.domain.advance_state import AdvanceState, evolve
from services.advance_pay.domain.draft import Draft
from services.advance_pay.domain.terms import Terms
from shared.kernel.aggregate import Aggregate
from shared.kernel.law import Rule

ADVANCE: Aggregate[AdvanceState] = Aggregate("advance", AdvanceState, evolve)

RULES: tuple[Rule[Any], ...] = (
    *collecting.RULES, *pre_review.RULES, *payment.RULES, *record_law.RULES, *reviewing.NOTICES,
    *settlement.CLAIM_RULES, settlement.originals_at_discharge, *settlement.RETURN_RULES,
)  # fmt: skip


def _begin_wait(draft: Draft, command: c.BeginWait) -> None:
    if draft.state.waiting_since is None:
        clocks.wait_begins(draft, command.waiting_for)


Decide = Callable[[Draft, Any], None]
_DECIDE: dict[type[c.Command], Decide] = {
    c.OpenCase: opening.open_case,
    c.GrantCase: opening.grant_case,
    c.EndUngranted: opening.end_ungranted,
    c.EndCover: opening.end_cover,
    c.Withdraw: opening.withdraw,
    c.CloseUnstarted: opening.close_unstarted,
    c.RecordContact: collecting.record_contact,
    c.RecordGuidance: collecting.record_guidance,
    c.ReceivePapers: collecting.receive_papers,
    c.RemindOfPapers: collecting.remind,
    c.BeginWait: _begin_wait,
    c.EndWait: lambda draft, command: clocks.wait_ends(draft),
    c.ReportPreReview: reviewing.report_pre_review,
    c.SignAgreement: payment.sign,
    c.ReportDeposit: payment.report_deposit,
    c.NoteDischarge: settlement.note_discharge,
    c.SettleDischarge: settlement.settle_discharge,
    c.SendClaimFile: settlement.send_claim_file,
    c.AdjudicateClaim: settlement.adjudicate_claim,
    c.ReceiveMoney: recovery.receive_money,
    c.WriteOff: recovery.write_off,
    c.DecideReview: reviews.decide_review,
    c.AskClock: lambda draft, command: clocks.ask(draft, command.clock, command.due_at),
    c.WarnOfClock: lambda draft, command: clocks.near(draft, command.clock, command.due_at),
    c.HearNothing: reviews.hear_nothing,
    c.LapseReview: reviews.lapse_review,
}


def decide(command: c.Command, state: AdvanceState, terms: Terms) -> list[Any]:
    """The facts that follow from one command; none where it was taken before."""
    if command.cause and command.cause in state.seen:
        return []
    draft = Draft(state, terms, command.at, command.request_id)
    if isinstance(command, c.Withdraw) and state.phase == "submitted":
        draft.say(f.WithdrawalRemembered(command.cause, command.record))
        return draft.facts
    no = record_law.refusal(state, command, terms.rules) if command.cause else None
    if no is not None and isinstance(command, c.SettleDischarge) and command.returned_fen:
        draft.say(f.RecordApplied(command.cause, command.record))
        settlement.hospital_returned_out_of_turn(draft, command)
    elif no is not None:
        pointer = record_law.POINTERS.get(no.reason or "")
        draft.say(f.RecordRefused(command.cause, command.record, no.reason or "", no.rule, pointer))
    else:
        if command.cause:
            draft.say(f.RecordApplied(command.cause, command.record))
        _DECIDE[type(command)](draft, command)
    return draft.facts
