"""What a claim makes of a command: it takes it, answers the record that asked, and leaves the rest to the assessment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.subsidy.domain import claim_commands as do
from services.subsidy.domain import clocks, payment, trip
from services.subsidy.domain.assessment import Seen, assess
from services.subsidy.domain.claim_facts import (
    ClaimBarred,
    ClaimGranted,
    ClaimOpened,
    ClaimSubmitted,
    FeedbackGiven,
    LinesClosed,
    LinesExpired,
    MemberAwaited,
    MemberHeard,
    Paper,
    PapersGiven,
    PapersLimitReached,
    PapersReminded,
    RecordApplied,
    RecordRefused,
    WithdrawalKept,
)
from services.subsidy.domain.claim_state import ClaimState
from services.subsidy.domain.draft import Draft, Law
from services.subsidy.domain.money_facts import ReviewOverdue

PAPERS = "SUB-D08"  # the clock of missing papers, by its rule
NOT_ACCEPTED = ("STATE_NOT_ACCEPTED", "INT-03")


def decide(command: do.Command, state: ClaimState, law: Law, at: datetime, case_id: str) -> list[Any]:
    """The facts of one command; none where it was heard before. What follows for an open claim: ``consequences``."""
    if getattr(command, "record", None) in state.records:
        return []
    draft = Draft(state, law, at, case_id)
    _TAKE[type(command)](draft, command)
    return draft.facts


def consequences(state: ClaimState, law: Law, at: datetime, case_id: str, seen: Seen) -> list[Any]:
    """What follows for an open claim from what is known now, inside it and outside; asked again, nothing."""
    draft = Draft(state, law, at, case_id)
    assess(draft, seen)
    return draft.facts


# -- the case --------------------------------------------------------------------------------------------------------


def _submit(draft: Draft, command: do.Submit) -> None:
    if draft.state.claimed is None:
        draft.say(ClaimSubmitted(command.member_ref, command.vendor, draft.at, command.claimed))
        _open(draft)


def _grant(draft: Draft, command: do.Grant) -> None:
    if draft.state.grant is not None or draft.state.status == "barred":
        return
    draft.say(
        ClaimGranted(
            command.edition, command.calendar, command.product, command.policy_ref, command.year, draft.at
        )
    )  # fmt: skip
    _open(draft)


def _open(draft: Draft) -> None:
    """Submitted and granted, in whichever order they were heard."""
    state = draft.state
    if state.claimed is None or state.grant is None or state.applied_at is None or state.status != "submitted":
        return
    anchor_on = apply_until = None
    if state.claimed.care:
        anchor_on = trip.anchor_care(state.claimed).anchor_on
        apply_until = trip.window(state.claimed, draft.edition.subsidy, draft.law.calendar).due_at
    edition = state.grant.edition
    draft.say(ClaimOpened(draft.case_id, state.vendor, edition, state.applied_at, anchor_on, apply_until))
    for record in state.withdrawals:
        _withdraw(draft, do.Withdraw(record))


def _bar(draft: Draft, command: do.Bar) -> None:
    if draft.state.status in ("unknown", "submitted") and draft.state.grant is None:
        draft.say(ClaimBarred(command.reason))


# -- what the vendor says --------------------------------------------------------------------------------------------


def _accepts(draft: Draft, record: str) -> bool:
    """Whether the case is open; else the record is refused: not yet (INT-03), or no more."""
    if draft.state.status == "open":
        return True
    reason, rule = NOT_ACCEPTED if draft.state.status == "submitted" else ("ALREADY_CLOSED", None)
    draft.say(RecordRefused(record, reason, rule))
    return False


def _give_papers(draft: Draft, command: do.GivePapers) -> None:
    # papers that entitlement asked for come before the grant: kept, not refused
    if draft.state.status != "submitted" and not _accepts(draft, command.record):
        return
    for index, voucher in enumerate(command.vouchers):
        line = draft.state.lines.get(voucher.line)
        if line is None or line.standing != "open":
            reason = "UNKNOWN_LINE" if line is None else "LINE_ALREADY_DECIDED"
            draft.say(RecordRefused(command.record, reason, "SUB-33", f"/data/vouchers/{index}/line"))
            return
    draft.say(
        PapersGiven(command.account, command.residence_proof, command.treatment_proof, command.vouchers),
        RecordApplied(command.record),
    )


def _contact(draft: Draft, command: do.ReportContact) -> None:
    if command.stage == "first_response":  # intake's clock; nothing here depends on it
        draft.say(RecordApplied(command.record))
        return
    if not _accepts(draft, command.record):
        return
    draft.say(RecordApplied(command.record))
    if draft.state.feedback_at is None:
        draft.say(FeedbackGiven(draft.at))
        for n, clock in sorted(draft.state.clocks.items()):
            if clock.started.step == "feedback":
                clocks.done(draft, n, draft.at)


def _start_wait(draft: Draft, command: do.StartWait) -> None:
    if _accepts(draft, command.record):
        draft.say(RecordApplied(command.record))
        if draft.state.member_since is None:
            draft.say(MemberAwaited(draft.case_id, command.waiting_for, draft.at))


def _end_wait(draft: Draft, command: do.EndWait) -> None:
    if _accepts(draft, command.record):
        state = draft.state
        draft.say(RecordApplied(command.record))
        if state.member_since is not None:
            draft.say(MemberHeard(draft.case_id, state.member_for, state.member_since, draft.at))


def _withdraw(draft: Draft, command: do.Withdraw) -> None:
    state = draft.state
    if state.status == "submitted":
        if command.record not in state.withdrawals:
            draft.say(WithdrawalKept(command.record))
        return
    if state.status == "barred":  # entitlement has the case, and answers
        return
    if state.paid_fen or state.status == "closed":
        draft.say(RecordRefused(command.record, "TOO_LATE" if state.paid_fen else "ALREADY_CLOSED"))
        return
    lines = tuple(n for n, line in sorted(state.lines.items()) if not line.ended)
    draft.say(
        RecordApplied(command.record),
        LinesClosed(draft.case_id, state.vendor, lines, "WITHDRAWN", None, draft.at),
    )


def _close(draft: Draft, command: do.Close) -> None:
    if not _accepts(draft, command.record):
        return
    lines = tuple(line.expense.line for line in draft.state.open_lines)
    if not lines:
        draft.say(RecordRefused(command.record, "ALREADY_DECIDED", command.rule))
        return
    draft.say(
        RecordApplied(command.record),
        LinesClosed(draft.case_id, draft.state.vendor, lines, command.reason, command.rule, draft.at),
    )


# -- time ------------------------------------------------------------------------------------------------------------


def _asked_until(draft: Draft, expires_at: datetime) -> tuple[Paper, ...]:
    waits = sorted(draft.state.waits.items())
    rules = {(p.line, p.document): p.rule for _, asked in waits for p in asked.papers}
    return tuple(Paper(*key, rules[key]) for key, asked in waits if asked.expires_at == expires_at)


def _remind(draft: Draft, command: do.Remind) -> None:
    papers = _asked_until(draft, command.expires_at)
    if papers and draft.state.status == "open" and command.expires_at not in draft.state.reminded:
        draft.say(PapersReminded(draft.case_id, draft.state.vendor, papers, command.expires_at))


def _ask_papers(draft: Draft, command: do.AskPapers) -> None:
    """Nobody is late because we are: whether papers came before the limit, intake says."""
    asked = command.expires_at in draft.state.limits_reached
    if draft.state.status == "open" and not asked and _asked_until(draft, command.expires_at):
        draft.say(PapersLimitReached(draft.case_id, PAPERS, command.expires_at))


def _hear_nothing(draft: Draft, command: do.HearNothing) -> None:
    """Everything said before a limit was read: what still waits has waited in vain."""
    if command.clock != PAPERS:
        clocks.unheard(draft, command.clock, command.due_at)
    elif command.due_at in draft.state.limits_reached:
        _expire(draft, command.due_at)


def _expire(draft: Draft, expires_at: datetime) -> None:
    """The claim's own paper ends every open line, a voucher only its own (SUB-D08, SUB-33)."""
    papers = _asked_until(draft, expires_at)
    late = {paper.line for paper in papers}
    lines = tuple(one.expense.line for one in draft.state.open_lines if 0 in late or one.expense.line in late)
    if lines and draft.state.status == "open":
        draft.say(LinesExpired(draft.case_id, draft.state.vendor, lines, papers, draft.at))


def _overrun_review(draft: Draft, command: do.OverrunReview) -> None:
    question = draft.state.questions.get(command.review_id)
    if question is None or question.standing != "open" or question.due_at != command.due_at:
        return
    owner = question.opened.owner
    draft.say(ReviewOverdue(command.review_id, draft.case_id, owner, command.due_at, draft.review_due_at()))


def _nothing(_: Draft, __: do.LookAgain) -> None:
    """Looking again is all assessment."""


_TAKE: dict[type, Callable[[Draft, Any], None]] = {
    do.Submit: _submit,
    do.Grant: _grant,
    do.Bar: _bar,
    do.GivePapers: _give_papers,
    do.ReportContact: _contact,
    do.StartWait: _start_wait,
    do.EndWait: _end_wait,
    do.Withdraw: _withdraw,
    do.Close: _close,
    do.SettleReview: payment.settle_review,
    do.ReportPayment: payment.report,
    do.LookAgain: _nothing,
    do.Remind: _remind,
    do.AskPapers: _ask_papers,
    do.AskClock: lambda draft, command: clocks.ask(draft, command.n, command.due_at),
    do.NearClock: lambda draft, command: clocks.near(draft, command.n, command.due_at),
    do.HearNothing: _hear_nothing,
    do.OverrunReview: _overrun_review,
}
