"""Taking a command for a claim: what it says, what follows for the claim, and what that means for caps and invoices."""

from __future__ import annotations

from services.subsidy.domain import caps, once, trip
from services.subsidy.domain.assessment import Seen
from services.subsidy.domain.caps import CAPS
from services.subsidy.domain.claim import consequences, decide
from services.subsidy.domain.claim_commands import Bar, Command, Grant, ReportPayment, SettleReview, Submit
from services.subsidy.domain.claim_evolve import CLAIM
from services.subsidy.domain.claim_state import ClaimState, Round
from services.subsidy.domain.draft import Law
from services.subsidy.domain.once import UNIQUE
from services.subsidy.domain.visit import VISIT
from shared.messaging.wiring import Desk

# These may be the first word of a claim's stream; whatever else is said of an unopened one is another service's.
_OPENING = (Submit, Grant, Bar, ReportPayment, SettleReview)


def take(desk: Desk, case_id: str, command: Command, law: Law) -> None:
    """Take a command for one claim, and say everything that follows. Another service's case says nothing."""
    stream = CLAIM.stream(case_id)
    before = desk.new(CLAIM, stream) if isinstance(command, Submit) else desk.load(CLAIM, stream)
    if before == ClaimState() and not isinstance(command, _OPENING):
        return
    facts = decide(command, before, law, desk.at, case_id)
    state = desk.record(CLAIM, stream, *facts) if facts else before
    repeated = getattr(command, "record", None) in before.records
    if state.status == "open" and not repeated:
        facts = consequences(state, law, desk.at, case_id, _see(desk, case_id, state))
        state = desk.record(CLAIM, stream, *facts) if facts else state
    _settle(desk, case_id, before, state)


def report_payment(desk: Desk, command: ReportPayment, law: Law) -> None:
    """Take a payment; its number counts once, whatever becomes of it."""
    stream = UNIQUE.stream("payment", command.payment_key)
    seen = desk.load(UNIQUE, stream)
    known = seen.amount_fen if seen.holder is not None else None
    take(desk, command.case_id, command.seen_as(known), law)
    if facts := once.see(seen, command.case_id, command.amount_fen):
        desk.record(UNIQUE, stream, *facts)


def _see(desk: Desk, case_id: str, state: ClaimState) -> Seen:
    """What the law needs from outside the claim: nothing where no line is open."""
    claimed, grant = state.claimed, state.grant
    if claimed is None or grant is None or not state.open_lines or not claimed.care:
        return Seen()
    named = {care.request_id for care in claimed.care if care.request_id is not None} if not state.rounds else set()
    keys = {line.expense.invoice.key for line in state.open_lines if line.expense.invoice is not None}
    year = trip.year_of_care(claimed, grant.year) or 1
    return Seen(
        visits={one: desk.load(VISIT, VISIT.stream(one)) for one in sorted(named)},
        invoices={key: desk.load(UNIQUE, UNIQUE.stream("invoice", key)).holder for key in sorted(keys)},
        caps=desk.load(CAPS, CAPS.stream(state.member_ref, year)),
    )


def _settle(desk: Desk, case_id: str, before: ClaimState, after: ClaimState) -> None:
    """Caps and invoices follow the rounds: held when approved, paid when paid, free again when stopped."""
    for number, one in sorted(after.rounds.items()):
        was = before.rounds.get(number)
        if was == one:
            continue
        commands: list[caps.Command] = []
        paid_before = 0 if was is None else was.paid_fen
        if was is None:
            commands.append(
                caps.HoldApproved(case_id, number, one.policy_ref, one.pool, one.payable_fen, one.limit_fen)
            )
        if one.paid_fen > paid_before:
            commands.append(caps.RecordPaid(case_id, number, one.paid_fen - paid_before, paid_before))
        if one.stopped:
            commands.append(caps.ReleaseUnpaid(case_id, number))
        stream = CAPS.stream(after.member_ref, one.year)
        for command in commands:
            if facts := caps.decide(command, desk.load(CAPS, stream)):
                desk.record(CAPS, stream, *facts)
        _use_invoices(desk, case_id, after, one)


def _use_invoices(desk: Desk, case_id: str, state: ClaimState, one: Round) -> None:
    for number in one.lines:
        invoice = state.lines[number].expense.invoice
        if invoice is None:
            continue
        stream = UNIQUE.stream("invoice", invoice.key)
        known = desk.load(UNIQUE, stream)
        given_up = one.stopped and one.paid_fen == 0
        facts = once.free(known, case_id, number) if given_up else once.use(known, case_id, number)
        if facts:
            desk.record(UNIQUE, stream, *facts)
