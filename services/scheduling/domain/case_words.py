"""What is said of a case that concerns no visit yet: contacts, waits, papers, and ways to end early."""

from __future__ import annotations

from services.scheduling.domain import case_rules, clocks, ending, visits
from services.scheduling.domain import clock_facts as t
from services.scheduling.domain import engagement_commands as c
from services.scheduling.domain import engagement_facts as f
from services.scheduling.domain.case_rules import DELAYING, ENDING, WAITING
from services.scheduling.domain.draft import UNANSWERED, Draft, Refused, refused, said
from shared.kernel.law import ask


def hear_contact(draft: Draft, command: c.HearContact) -> Refused | None:
    """A first response is intake's clock; feedback stops ours, before the grant too."""
    if command.stage == "feedback":
        if draft.state.status != "submitted":
            clocks.stop(draft, "feedback")
        elif draft.state.feedback_at is None:
            draft.say(f.FeedbackRemembered(command.at))
    return None


def start_wait(draft: Draft, command: c.StartWait) -> Refused | None:
    """The vendor waits for the member: its clocks pause."""
    receipt = ask(WAITING, case_rules.Waiting(draft.state.waiting_since is not None, draft.terms))
    if receipt.verdict == "refuse":
        return refused(receipt)
    if draft.state.waiting_since is not None:
        return Refused("ALREADY_WAITING", "INT-38")
    if said(receipt, "pauses") or draft.state.status == "submitted":
        draft.say(t.WaitStarted(command.waiting_for, command.at))
        clocks.watch_silence(draft)
    return None


def end_wait(draft: Draft, command: c.EndWait) -> Refused | None:
    """The member's answer came: paused clocks go on, with new limits."""
    since = draft.state.waiting_since
    if since is None:
        return Refused("NOT_WAITING", "INT-38")
    moved = clocks.resumed(draft, since) if draft.terms.edition is not None else ()
    draft.say(t.WaitEnded(draft.state.waiting_for, since, command.at, moved))
    return None


def take_papers(_draft: Draft, _command: c.TakePapers) -> Refused | None:
    """Papers are kept at the door; here they are only answered."""
    return None


def not_startable(draft: Draft, command: c.ReportNotStartable) -> Refused | None:
    """The specialist found that the service cannot be started."""
    receipt = ask(ENDING, case_rules.Ending("not_startable", draft.terms))
    draft.release("NOT_STARTABLE", receipt.asked[0].rule if receipt.asked else "ENT-D04")
    ending.finish(draft, said(receipt, "outcome") or "NOT_STARTABLE", receipt.asked, command.reason)
    return None


def decline_records(draft: Draft, _: c.DeclineRecords) -> Refused | None:
    """The member declines to give records."""
    receipt = ask(ENDING, case_rules.Ending("member_declined_data", draft.terms))
    draft.release("MEMBER_DECLINED_DATA", receipt.asked[0].rule if receipt.asked else "ENT-D04")
    ending.finish(draft, "MEMBER_DECLINED_DATA", receipt.asked)
    return None


def withdraw(draft: Draft, command: c.Withdraw) -> Refused | None:
    """The member no longer wants it: ours only where something was granted."""
    status = draft.state.status
    if status == "submitted":
        draft.say(f.WithdrawalRemembered(command.record))
    if status in ("submitted", "dismissed", "unknown"):
        return UNANSWERED  # entitlement answers where nothing was granted, the grant where it comes after all
    return Refused("CASE_CLOSED") if status == "closed" else visits.withdraw(draft, command)


def hard_to_coordinate(draft: Draft, _: c.ReportHardToCoordinate) -> Refused | None:
    """The hospital is hard to coordinate."""
    receipt = ask(DELAYING, case_rules.Delaying(draft.terms))
    if not receipt.asked:
        return Refused("EXTENSION_NOT_PRINTED", "SCH-28")
    if not draft.state.hard_to_coordinate:
        draft.say(f.HospitalHardToCoordinate(receipt.asked[0].rule))
    return None
