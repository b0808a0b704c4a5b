"""How a case begins, and how it ends before money moved."""

from __future__ import annotations

from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import clocks
from services.advance_pay.domain.closing import close
from services.advance_pay.domain.collecting import REQUIRED, complete_if_ready, missing, start_documents_clock
from services.advance_pay.domain.draft import Draft
from shared.kernel.law import Asked


def open_case(draft: Draft, command: c.OpenCase) -> None:
    """An application, phoned to the vendor's line, was accepted at the door: from now on the case is known (ADV-05, ADV-18).

    A member may apply any number of times: every request is a case of its own (ENT-38, ENT-40).
    """
    if draft.state.phase != "absent":
        return
    draft.say(f.AdvanceRequested(command.kinds, member_ref=command.member_ref, vendor=command.vendor))


def grant_case(draft: Draft, command: c.GrantCase) -> None:
    """Entitled: ask for the papers and start the clocks; a withdrawal that came before is obeyed now."""
    if draft.state.phase not in ("absent", "submitted"):
        return
    draft.say(command.granted)
    withdrawal = draft.state.withdrawal
    if withdrawal is not None:
        draft.say(f.RecordApplied(withdrawal.cause, withdrawal.record))
        close(draft, "CANCELLED")
        return
    details: dict[str, object] = {"checklist": list(REQUIRED), "missing": list(missing(draft.state))}
    draft.say(f.WorkOrdered("COLLECT_DOCUMENTS", details))
    p = draft.terms.parameters
    clocks.start_days(
        draft, clocks.SUPPLEMENT, "ADV-D08", "close", p.supplement_days, remind_before=p.supplement_reminder_days
    )
    start_documents_clock(draft)
    complete_if_ready(draft)


def end_ungranted(draft: Draft, command: c.EndUngranted) -> None:
    """Entitlement said no, or answered the withdrawal itself: nothing begins here."""
    if draft.state.phase == "submitted":
        draft.say(f.AdvanceNotGranted(command.outcome))


def end_cover(draft: Draft, command: c.EndCover) -> None:
    """The cover ended: what is not paid is closed, what is paid is always finished (ENT-D11)."""
    if draft.state.granted and draft.state.phase != "closed" and draft.state.advanced_fen == 0:
        close(draft, "SERVICE_TERMINATED", (Asked("ENT-D11", "refuse", command.reason),))


def withdraw(draft: Draft, command: c.Withdraw) -> None:
    """Before payment the member may withdraw: the hold is released."""
    close(draft, "CANCELLED")


def close_unstarted(draft: Draft, command: c.CloseUnstarted) -> None:
    """It cannot be started, or the member declines what is needed."""
    rule = {"NOT_STARTABLE": "INT-02", "DATA_DECLINED": "INT-40"}[command.outcome]
    close(draft, command.outcome, (Asked(rule, "refuse", command.reason),))
