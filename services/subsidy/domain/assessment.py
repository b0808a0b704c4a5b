"""The assessment of an open claim: every consequence of what is known now. Asked again, it says only what is new.

Refused, in review, waiting for a paper, or approved: each line by itself (SUB-33), under what holds for the claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from services.subsidy.domain import answers, caps, clocks, expense, once, trip, trip_rules
from services.subsidy.domain.claim_facts import (
    ApprovedLine,
    ClaimClosed,
    LineEnded,
    LinesRefused,
    Paper,
    PapersAsked,
    PapersSettled,
    RefusedLine,
    SubsidyApproved,
    VisitAwaited,
)
from services.subsidy.domain.claim_state import ClaimState, Line
from services.subsidy.domain.claimed import Pool
from services.subsidy.domain.draft import Draft
from services.subsidy.domain.money_facts import PaymentAwaited, ReviewMooted
from services.subsidy.domain.visit import VisitState
from shared.calendar import deadline
from shared.kernel.instant import start_of
from shared.kernel.law import Asked, Receipt
from shared.kernel.value import value


@value
class Seen:
    """What lies outside the claim: visits, who used an invoice, the caps of the year."""

    visits: Mapping[str, VisitState] = field(default_factory=dict)
    invoices: Mapping[str, str | None] = field(default_factory=dict)
    caps: caps.CapsState = field(default_factory=caps.CapsState)


@value
class Judged:
    """One open line with what the law says of it."""

    line: Line
    receipt: Receipt
    refusals: tuple[Asked, ...]
    questions: tuple[Asked, ...]

    @property
    def number(self) -> int:
        """The line's number."""
        return self.line.expense.line

    @property
    def ready(self) -> bool:
        """Nothing stands against it any more."""
        return not (self.refusals or self.questions or answers.waits(self.receipt))


def assess(draft: Draft, seen: Seen) -> None:
    """Say everything that follows for an open claim."""
    if draft.state.status != "open":
        return
    if not draft.claimed.care or not draft.claimed.lines:
        _refuse_nothing(draft)
        return
    _start_feedback(draft)
    receipt = _judge_trip(draft, seen)
    against = (*answers.refusals(receipt), *_refused_by_person(draft.state, 0))
    judged = _judge_lines(draft, seen, receipt)
    _refuse(draft, judged, against)
    judged = [one for one in judged if not (one.refusals or against)]
    questions = answers.unsettled(receipt, 0, draft.state.granted) if judged else ()
    _ask_papers(draft, receipt, judged)
    _ask_visit(draft, receipt, judged)
    _start_completion(draft, judged)
    if not questions and not answers.waits(receipt):
        _approve(draft, seen, receipt, [one for one in judged if one.ready])
    _ask_people(draft, questions, judged)
    clocks.keep_pauses(draft)
    clocks.settle(draft)
    _chase_payment(draft)
    _close(draft)


# -- judging ---------------------------------------------------------------------------------------------------------


def _judge_trip(draft: Draft, seen: Seen) -> Receipt:
    """The claim's own rules; once a round was approved they have been answered for good."""
    state, grant = draft.state, draft.state.grant
    if state.rounds or grant is None or state.applied_at is None:
        return Receipt()
    links = {
        key: trip.Link(
            visit.standing, visit.visit_on, visit.hospital_city, visit.member_ref in (None, state.member_ref)
        )
        for key, visit in seen.visits.items()
    }
    patient = state.visits_until is None or draft.at < state.visits_until
    return trip_rules.judge(
        trip.TripCase(
            draft.claimed, state.applied_at, grant.year, draft.edition, draft.law.calendar, links, patient
        )
    )  # fmt: skip


def _judge_lines(draft: Draft, seen: Seen, trip_receipt: Receipt) -> list[Judged]:
    state = draft.state
    papers = tuple(answers.document(asked) for asked in answers.papers(trip_receipt))
    used = {
        line.expense.invoice.key: once.holder(draft.case_id, number)
        for number, line in state.lines.items()
        if line.expense.invoice is not None and line.standing in ("approved", "paid")
    }
    judged: list[Judged] = []
    for line in state.open_lines:
        number, invoice = line.expense.line, line.expense.invoice
        mine = once.holder(draft.case_id, number)
        by = None if invoice is None else used.get(invoice.key) or seen.invoices.get(invoice.key)
        case = expense.LineCase(line.expense, draft.claimed, draft.edition, None if by == mine else by, papers)
        receipt = expense.judge(case)
        refusals = (*answers.refusals(receipt), *_refused_by_person(state, number))
        judged.append(Judged(line, receipt, refusals, answers.unsettled(receipt, number, state.granted)))
        if invoice is not None and not refusals:
            used.setdefault(invoice.key, mine)
    return judged


def _refused_by_person(state: ClaimState, line: int) -> tuple[Asked, ...]:
    return tuple(
        Asked(asked.rule, "refuse", asked.reason, {**asked.facts, "decided_by": "person"})
        for asked in state.refused.get(line, ())
    )


# -- saying ----------------------------------------------------------------------------------------------------------


def _start_feedback(draft: Draft) -> None:
    state = draft.state
    if state.applied_at is None or state.grant is None or state.feedback_at is not None:
        return
    if any(clock.started.step == "feedback" for clock in state.clocks.values()):
        return
    # until the grant the vendor could do nothing: the insurer's time is not the vendor's
    granted_at = state.grant.granted_at
    waited = ((state.applied_at, granted_at),) if granted_at > state.applied_at else ()
    clocks.begin(draft, "feedback", state.applied_at, pauses=waited)


def _refuse(draft: Draft, judged: list[Judged], against: tuple[Asked, ...]) -> None:
    refused = tuple(
        RefusedLine(one.number, one.line.expense.amount_fen, (*against, *one.refusals))
        for one in judged
        if one.refusals or against
    )
    if refused:
        draft.say(LinesRefused(draft.case_id, draft.state.vendor, draft.edition.id, refused, draft.at))


def _refuse_nothing(draft: Draft) -> None:
    """A claim without care or without lines: nothing of the set of SUB-33 is there."""
    reason = Asked("SUB-33", "refuse", "NOTHING_CLAIMED")
    lines = tuple(RefusedLine(n, line.expense.amount_fen, (reason,)) for n, line in sorted(draft.state.lines.items()))
    draft.say(LinesRefused(draft.case_id, draft.state.vendor, draft.edition.id, lines, draft.at))
    _close(draft)


def _ask_papers(draft: Draft, receipt: Receipt, judged: list[Judged]) -> None:
    needed = [Paper(0, answers.document(a), a.rule) for a in answers.papers(receipt)] if judged else []
    needed += [Paper(one.number, answers.document(a), a.rule) for one in judged for a in answers.papers(one.receipt)]
    keys = {(paper.line, paper.document) for paper in needed}
    here = tuple(Paper(n, name, "") for n, name in sorted(draft.state.waits) if (n, name) not in keys)
    if here:
        draft.say(PapersSettled(here))
    asked = tuple(paper for paper in needed if (paper.line, paper.document) not in draft.state.waits)
    if not asked:
        return
    parameters = draft.edition.parameters
    limit = deadline(draft.at, parameters.supplement_days, "natural_day", draft.law.calendar)
    remind_at = start_of(limit.last_day - timedelta(days=parameters.supplement_reminder_days))
    vendor = draft.state.vendor
    draft.say(PapersAsked(draft.case_id, vendor, asked, draft.at, max(remind_at, draft.at), limit.due_at))


def _ask_visit(draft: Draft, receipt: Receipt, judged: list[Judged]) -> None:
    waits = [asked for asked in receipt.refusals if asked.reason == answers.WAITING_VISIT]
    if judged and waits and draft.state.visits_until is None:
        visits = tuple(str(one) for one in waits[0].facts["visits"])
        draft.say(VisitAwaited(visits, draft.at + draft.law.visit_wait))


def _start_completion(draft: Draft, judged: list[Judged]) -> None:
    """Complete = the claim's own papers and the line's vouchers are in (SUB-33): its clock starts, in review or not."""
    complete = [one.number for one in judged if one.line.complete_at is None and not _lacks_papers(one)]
    if complete:
        clocks.begin(draft, "complete", draft.at, complete)


def _lacks_papers(one: Judged) -> bool:
    return any(asked.reason in (answers.WAITING_DOCUMENT, answers.WAITING_CLAIM) for asked in one.receipt.refusals)


def _approve(draft: Draft, seen: Seen, receipt: Receipt, ready: list[Judged]) -> None:
    state, grant = draft.state, draft.state.grant
    if not ready or grant is None:
        return
    pool = state.pool or _pool(draft)
    amounts = [state.amounts_fen.get(one.number, one.line.expense.amount_fen) for one in ready]
    used_fen = seen.caps.used_fen(grant.policy_ref, pool)
    share = caps.share(caps.ShareCase(pool, used_fen, amounts, draft.edition))
    lines = tuple(
        ApprovedLine(one.number, one.line.expense.amount_fen, payable_fen, one.receipt.asked)
        for one, payable_fen in zip(ready, share.payable_fen, strict=True)
    )
    draft.say(
        SubsidyApproved(
            draft.case_id, state.vendor, state.member_ref, grant.policy_ref, grant.product, grant.edition,
            trip.year_of_care(draft.claimed, grant.year) or 1, len(state.rounds) + 1, pool, lines,
            sum(one.claimed_fen for one in lines), sum(share.payable_fen), share.limit_fen,
            receipt.asked + share.receipt.asked, draft.at,
        )
    )  # fmt: skip


def _pool(draft: Draft) -> Pool:
    found = sorted(trip.pools(draft.claimed))
    return found[0] if found else "out_of_province"


def _ask_people(draft: Draft, claim_questions: tuple[Asked, ...], judged: list[Judged]) -> None:
    asked = {0: claim_questions, **{one.number: one.questions for one in judged}}
    for question in list(draft.state.questions.values()):
        opened = question.opened
        if question.standing != "open" or opened.kind not in ("claim", "line"):
            continue
        still = {(one.rule, one.reason) for one in asked.get(opened.line, ())}
        if not any((one.rule, one.reason) in still for one in opened.reasons):
            draft.say(ReviewMooted(opened.review_id, draft.case_id))
    for number, questions in sorted(asked.items()):
        if questions and draft.state.asks(number) is None:
            draft.ask_person("line" if number else "claim", "operations", questions, number)


def _chase_payment(draft: Draft) -> None:
    """An approved amount that is not paid keeps a live clock, a wait, or a person of finance."""
    state = draft.state
    if state.unpaid_fen == 0 or state.open_review("payment"):
        return
    lines = {n for one in state.rounds.values() if one.unpaid_fen for n in one.lines}
    mine = [clock for clock in state.clocks.values() if lines & set(clock.started.lines)]
    if any(clock.open and clock.since is None for clock in mine):
        return
    if state.payment_until is None and not any(clock.standing == "overrun" for clock in mine):
        draft.say(PaymentAwaited(draft.case_id, draft.review_due_at()))
    elif state.payment_until is None or draft.at >= state.payment_until:
        rule = mine[0].started.rule if mine else "SUB-33"
        draft.ask_person(
            "payment", "finance", [Asked(rule, "review", "PAYMENT_MISSING", {"unpaid_fen": state.unpaid_fen})]
        )


def _close(draft: Draft) -> None:
    state = draft.state
    if not all(line.ended for line in state.lines.values()) or state.unpaid_fen:
        return
    for question in list(state.questions.values()):
        if question.standing == "open" and question.opened.kind == "payment":
            draft.say(ReviewMooted(question.opened.review_id, draft.case_id))
    for n in sorted(draft.state.clocks):
        clocks.drop(draft, n)
    ended = tuple(
        LineEnded(
            n, line.standing, line.expense.amount_fen, line.payable_fen, line.complete_at, line.ended_at or draft.at
        )
        for n, line in sorted(state.lines.items())
        if line.standing != "open"
    )  # fmt: skip
    draft.say(
        ClaimClosed(
            draft.case_id, state.vendor, state.grant.product if state.grant else "", outcome(state),
            sum(one.claimed_fen for one in ended), sum(one.payable_fen for one in state.rounds.values()),
            state.paid_fen, ended,
        )
    )  # fmt: skip


def outcome(state: ClaimState) -> str:
    """What became of the claim as a whole: never REFUSED where a line only expired, was closed or met the cap."""
    lines = list(state.lines.values())
    if state.paid_fen:
        whole = all(line.standing == "paid" and line.payable_fen == line.expense.amount_fen for line in lines)
        return "PAID" if whole else "PARTLY_PAID"
    closed = [line.reason for line in lines if line.standing == "closed"]
    if closed:
        return "CANCELLED" if "WITHDRAWN" in closed else closed[0]
    if any(line.standing == "expired" for line in lines):
        return "EXPIRED"
    return "CAP_REACHED" if any(line.standing == "capped" for line in lines) else "REFUSED"
