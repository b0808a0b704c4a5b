"""Discharge, claim file and claim: what the hospital returns, what the claim pays back, what was too much."""

from __future__ import annotations

from services.advance_pay.domain import accounts, clocks
from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain.advance_state import AdvanceState
from services.advance_pay.domain.closing import drop_reviews, finish_if_clear
from services.advance_pay.domain.collecting import compile_claim_file
from services.advance_pay.domain.draft import Draft
from services.advance_pay.domain.recovery import demand, settle_clocks, suspend_received
from shared.kernel.instant import start_of
from shared.kernel.law import Answer, Asked, Pass, Refusal, Rule, ask, rule
from shared.kernel.value import value


@value
class ClaimCase:
    """An adjudicated claim meets what is outstanding."""

    outstanding_fen: int
    payable_fen: int
    agreement: m.AgreementRecorded | None

    @property
    def offset_fen(self) -> int:
        return min(self.payable_fen, self.outstanding_fen)


@rule("ADV-01", "money")
def claim_offsets_the_advance(case: ClaimCase) -> Answer:
    """After discharge the claim payment offsets the advanced amount; the member gets the rest."""
    return Pass({"offset_fen": case.offset_fen})


@rule("ADV-D04", "money")
def agreement_lets_the_claim_offset(case: ClaimCase) -> Answer:
    """The offset is secured through the agreement signed on site, never by the handbook alone."""
    if case.agreement is None or not case.agreement.offset_clause:
        return Refusal("ADV-D04", "AGREEMENT_MISSING", {"offset_clause": False, "refund_fen": case.outstanding_fen})
    return Pass({"offset_fen": case.offset_fen, "refund_fen": case.outstanding_fen - case.offset_fen})


@rule("ADV-14", "money")
def too_much_is_returned(case: ClaimCase) -> Answer:
    """What was advanced too much, the member returns."""
    left = case.outstanding_fen - case.offset_fen
    return Pass({"refund_fen": left}) if left and case.payable_fen else None


@rule("ADV-13", "money")
def the_approval_binds_no_claim(case: ClaimCase) -> Answer:
    """Where the claim is declined, the whole amount is refundable, whatever the pre-review said."""
    return Pass({"refund_fen": case.outstanding_fen}) if case.payable_fen == 0 else None


CLAIM_RULES: tuple[Rule[ClaimCase], ...] = (
    claim_offsets_the_advance, agreement_lets_the_claim_offset, too_much_is_returned, the_approval_binds_no_claim,
)  # fmt: skip


@rule("ADV-D06", "money")
def originals_at_discharge(state: AdvanceState) -> Answer:
    """Without originals, or electronic invoices that claims accept, the whole net advance is claimed back."""
    if state.originals != "none":
        return Pass({"originals": state.originals})
    return Refusal("ADV-D06", "NO_ORIGINAL_INVOICE", {"net_fen": state.outstanding_fen})


@rule("ADV-11", "money")
def hospital_return_goes_to_the_advancing_party(command: c.SettleDischarge) -> Answer:
    """What the hospital pays back goes to the advancing party."""
    return Pass({"returned_fen": command.returned_fen})


@rule("ADV-22", "money")
def settled_with_the_difference(command: c.SettleDischarge) -> Answer:
    """The advanced amount is settled with bill, deposit and difference."""
    return Pass({"returned_fen": command.returned_fen})


RETURN_RULES = (hospital_return_goes_to_the_advancing_party, settled_with_the_difference)


def note_discharge(draft: Draft, command: c.NoteDischarge) -> None:
    """The settlement is due on the day after the later of notice and discharge date (SLA-35, SLA-60)."""
    start = max(draft.at, start_of(command.discharge_on))
    clocks.drop(draft, "discharge")
    draft.say(m.DischargeNoted(command.discharge_on))
    clocks.start_printed(draft, "discharge", start)


def settle_discharge(draft: Draft, command: c.SettleDischarge) -> None:
    """Settled at the hospital; what it returned reduces what is outstanding."""
    asked = ask([r for r in RETURN_RULES if r.id in draft.terms.rules], command)
    returned = int(asked.asked[0].facts["returned_fen"]) if asked.asked else 0
    from_advanced = min(returned, draft.state.book.balance(accounts.ADVANCED.code))
    from_due = min(returned - from_advanced, draft.state.refund_due_fen)
    taken = from_advanced + from_due
    if taken:
        draft.post(accounts.hospital_return(draft.state.next_posting, from_advanced, from_due))
    s = draft.state
    net = s.advanced_fen - s.returned_fen - taken
    draft.say(
        m.AdvanceSettled(command.bill_fen, s.advanced_fen, taken, net, s.outstanding_fen, command.originals),
        f.PapersReceived(command.kinds),
    )
    clocks.stop(draft, "discharge")
    clocks.drop(draft, "OPS-DISCHARGE")
    drop_reviews(draft, "DISCHARGED", "stalled")
    if returned > taken:
        suspend_received(draft, returned - taken, "RETURNED_TOO_MUCH", "ADV-11")
    _after_settlement(draft)


def _after_settlement(draft: Draft) -> None:
    compile_claim_file(draft)
    originals = ask([r for r in (originals_at_discharge,) if r.id in draft.terms.rules], draft.state)
    if originals.refusals and draft.state.outstanding_fen:
        demand(draft, "NO_ORIGINAL_INVOICE", originals.refusals)
    offset_kept_claims(draft)
    settle_clocks(draft)
    if draft.state.phase == "settled" and not draft.state.finished:
        clocks.start_silence(draft, "OPS-CLAIM", draft.terms.operating.claim_silence_days)


def offset_kept_claims(draft: Draft) -> None:
    """Claims that were adjudicated before the stay was settled."""
    for kept in draft.state.kept_claims:
        offset_claim(draft, kept.claim_key, kept.payable_fen)


def hospital_returned_out_of_turn(draft: Draft, command: c.SettleDischarge) -> None:
    """A settlement that fits no step but reports money: the money is booked, a person looks."""
    suspend_received(draft, command.returned_fen, "STEP_ORDER", "ADV-34")


def send_claim_file(draft: Draft, command: c.SendClaimFile) -> None:
    """The claim file went to the insurer: within three days of the papers in A (SLA-36)."""
    if draft.state.file_sent:
        return
    if not draft.state.file_compiled:
        draft.say(m.ClaimFileCompiled())
    draft.say(m.ClaimFileSent())
    clocks.stop(draft, "mail")
    finish_if_clear(draft)


def adjudicate_claim(draft: Draft, command: c.AdjudicateClaim) -> None:
    """The insurer decided the claim: offset now, or when the stay is settled."""
    s = draft.state
    if command.claim_key in s.claims or s.phase == "absent":
        return
    if s.phase in ("settled", "refunding") or (s.phase == "closed" and s.outstanding_fen):
        offset_claim(draft, command.claim_key, command.payable_fen)
    elif s.phase == "closed":
        draft.say(m.ClaimOffset(command.claim_key, command.payable_fen, 0, command.payable_fen, 0))
    else:
        draft.say(m.ClaimKept(command.claim_key, command.payable_fen))


def offset_claim(draft: Draft, claim_key: str, payable_fen: int) -> None:
    """Offset = min(payable, outstanding); the rest is the member's, what is left over-advanced is demanded."""
    s = draft.state
    case = ClaimCase(s.outstanding_fen, payable_fen, s.agreement)
    asked = ask([r for r in CLAIM_RULES if r.id in draft.terms.rules], case)
    offset = max((int(a.facts.get("offset_fen", 0)) for a in asked.asked if a.outcome == "pass"), default=0)
    from_due = min(offset, s.refund_due_fen)
    draft.post(accounts.offset(s.next_posting, payable_fen, from_due, offset - from_due))
    draft.say(m.ClaimOffset(claim_key, payable_fen, offset, payable_fen - offset, draft.state.outstanding_fen))
    clocks.drop(draft, "OPS-CLAIM")
    drop_reviews(draft, "ADJUDICATED", "stalled")
    if any(a.facts.get("refund_fen") for a in asked.asked):
        demand(draft, _why_refundable(payable_fen, asked.refusals), asked.refusals)
    settle_clocks(draft)


def _why_refundable(payable_fen: int, refusals: tuple[Asked, ...]) -> str:
    if refusals:
        return refusals[0].reason or "AGREEMENT_MISSING"
    return "CLAIM_DECLINED" if payable_fen == 0 else "OVER_ADVANCED"
