"""Papers: what is required, when they are complete, and the clocks of their collection."""

from __future__ import annotations

from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import advance_facts as f
from services.advance_pay.domain import clocks
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain.advance_state import AdvanceState
from services.advance_pay.domain.closing import close, drop_reviews
from services.advance_pay.domain.draft import Draft
from shared.kernel.law import Answer, Asked, Pass, Refusal, Rule, ask, rule

# ADV-D01; no list is printed. The policy number and the hospital's name and grade come with the application and the grant.
REQUIRED = ("ADMISSION_NOTICE", "ID_CARD", "DIAGNOSIS_CERTIFICATE", "DEPOSIT_NOTICE")
# ADV-D01, at discharge; the original invoices are said by DischargeSettled itself.
CLAIM_PAPERS = frozenset({"ITEMISED_BILL", "DISCHARGE_SUMMARY"})


def missing(state: AdvanceState) -> tuple[str, ...]:
    """The required papers that have not come, in the order of the checklist."""
    return tuple(kind for kind in REQUIRED if kind not in state.kinds)


@rule("ADV-06", "duty")
def adviser_has_guided(state: AdvanceState) -> Answer:
    """The adviser guides the client before the documents can be complete."""
    return Pass() if state.guided else Refusal("ADV-06", "GUIDANCE_MISSING")


@rule("ADV-19", "duty")
def vendor_has_guided(state: AdvanceState) -> Answer:
    """The vendor guides and informs, and issues the checklist, before the documents can be complete."""
    return Pass() if state.guided else Refusal("ADV-19", "GUIDANCE_MISSING")


@rule("ADV-D01")
def all_required_papers_are_here(state: AdvanceState) -> Answer:
    """Admission notice, identity card, diagnosis material and the hospital's deposit notice before pre-review."""
    lacking = missing(state)
    return Refusal("ADV-D01", "DOCUMENTS_INCOMPLETE", {}, {"missing": list(lacking)}) if lacking else Pass()


RULES: tuple[Rule[AdvanceState], ...] = (adviser_has_guided, vendor_has_guided, all_required_papers_are_here)


def complete_if_ready(draft: Draft) -> None:
    """Guided and complete: the pre-review may begin."""
    if draft.state.phase != "collecting":
        return
    printed = draft.terms.rules
    if ask([r for r in RULES if r.id in printed], draft.state).verdict != "pass":
        return
    draft.say(f.DocumentsCompleted())
    clocks.stop(draft, "documents")
    clocks.drop(draft, clocks.SUPPLEMENT)
    drop_reviews(draft, "DOCUMENTS_COMPLETE", "stalled")
    clocks.start_printed(draft, "pre_review", draft.at)
    clocks.start_silence(draft, "OPS-PRE-REVIEW", draft.terms.operating.pre_review_silence_days)


def start_documents_clock(draft: Draft) -> None:
    """From the first response (SLA-32, SLA-57), or from the grant where the response came before it."""
    contacted = draft.state.contacted_at
    if draft.state.phase == "collecting" and contacted is not None:
        clocks.start_printed(draft, "documents", max(contacted, draft.at))


def record_contact(draft: Draft, command: c.RecordContact) -> None:
    """The first response starts the collection; intake judges whether it came in time."""
    if command.stage == "first_response" and draft.state.contacted_at is None:
        draft.say(f.ContactRecorded(draft.at))
        start_documents_clock(draft)


def record_guidance(draft: Draft, command: c.RecordGuidance) -> None:
    """The member has the checklist: asked for from now on (ADV-D08); whoever guides has responded."""
    if draft.state.guided:
        return
    draft.say(f.GuidanceRecorded(missing(draft.state)))
    if draft.state.contacted_at is None:
        draft.say(f.ContactRecorded(draft.at))
        start_documents_clock(draft)
    if clocks.SUPPLEMENT in draft.state.clocks:
        p = draft.terms.parameters
        clocks.start_days(
            draft, clocks.SUPPLEMENT, "ADV-D08", "close", p.supplement_days, remind_before=p.supplement_reminder_days
        )
    drop_reviews(draft, "GUIDANCE_GIVEN", "stalled")
    complete_if_ready(draft)


def receive_papers(draft: Draft, command: c.ReceivePapers) -> None:
    """Papers came: a wait for them is over."""
    new = tuple(kind for kind in dict.fromkeys(command.kinds) if kind not in draft.state.kinds)
    if draft.state.waiting_for == "documents":
        clocks.wait_ends(draft)
    if new:
        draft.say(f.PapersReceived(new))
    complete_if_ready(draft)
    if draft.state.phase == "collecting" and draft.state.guided:
        draft.tell("DOCUMENTS_INCOMPLETE", _lacking(draft.state))
    compile_claim_file(draft)


def _lacking(state: AdvanceState) -> tuple[Asked, ...]:
    return (Asked("ADV-D01", "refuse", "DOCUMENTS_INCOMPLETE", {}, {"missing": list(missing(state))}),)


def remind(draft: Draft, command: c.RemindOfPapers) -> None:
    """Some days before the end, the vendor is reminded of what is missing (ADV-D08)."""
    clock = draft.state.clocks.get(command.clock)
    lacking = missing(draft.state)
    if clock is None or clock.deadline.due_at != command.due_at or not lacking:
        return
    draft.say(f.SupplementReminded(lacking))
    draft.tell("SUPPLEMENT_REMINDER", _lacking(draft.state), due_at=command.due_at.isoformat())


def supplement_expired(draft: Draft) -> None:
    """Papers still missing close the case without prejudice; if only the guidance is missing, a person looks."""
    lacking = missing(draft.state)
    if not lacking:
        asked = Asked("ADV-06", "review", "GUIDANCE_MISSING")
        draft.review("stalled", "operations", (asked,), clock=clocks.SUPPLEMENT)
        return
    asked = Asked("ADV-D08", "refuse", "SUPPLEMENT_EXPIRED", {"missing": list(lacking)}, {"apply_again": True})
    close(draft, "SUPPLEMENT_EXPIRED", (asked,), prejudice=False)


def compile_claim_file(draft: Draft) -> None:
    """All papers of the claim are here: the file is compiled and its posting is due (ADV-12, ADV-23, SLA-36)."""
    s = draft.state
    if not s.discharged or s.file_compiled or s.file_sent or s.originals == "none" or not s.kinds >= CLAIM_PAPERS:
        return
    draft.say(m.ClaimFileCompiled())
    clocks.start_printed(draft, "mail", draft.at)
