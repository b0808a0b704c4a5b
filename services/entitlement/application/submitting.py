"""A request comes in: decide it, or wait for what is not known yet and decide it then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.entitlement.application.ground import Ground
from services.entitlement.application.judging import Question, Unknown, rule_on
from services.entitlement.domain import allowance, eligibility, law_policy, law_waiting, member
from services.entitlement.domain.allowance import ALLOWANCE, OpenGrant
from services.entitlement.domain.eligibility import ELIGIBILITY, Eligibility
from services.entitlement.domain.eligibility_commands import AskPapers, Decide, Ruling, Wait
from services.entitlement.domain.eligibility_facts import Denied, Filed, Granted
from services.entitlement.domain.member import MEMBER, RememberDenial
from shared.contracts.base import DocumentRef
from shared.contracts.intake import RequestSubmitted
from shared.messaging.wiring import Desk

HANGS_ON_COVER = frozenset(r.id for r in (*law_policy.RULES, *law_waiting.RULES) if not r.id.startswith("CAT"))


def submit(ground: Ground, desk: Desk, application: RequestSubmitted) -> None:
    """Decide a request at its instant. A request already known adds nothing."""
    stream = ELIGIBILITY.stream(application.request_id)
    state = desk.new(ELIGIBILITY, stream)
    if state.phase != "new":
        return
    ruling = rule_on(ground, desk, Question(application, desk.at, desk.at))
    filed = Filed(application.model_dump(mode="json", exclude_none=True), desk.at)
    if isinstance(ruling, Unknown):
        wait = Wait(filed, ruling.reason, ground.ask_again(desk.at))
        desk.record(ELIGIBILITY, stream, *eligibility.decide(wait, state))
        return
    say(ground, desk, state, filed, ruling, answers=True)


def ask_again(ground: Ground, desk: Desk, request_id: str, *, final: bool) -> None:
    """Look again for a member or policy that was unknown; after the last time a person does."""
    state = desk.load(ELIGIBILITY, ELIGIBILITY.stream(request_id))
    if state.phase != "waiting" or state.filed is None:
        return
    ruling = rule_on(ground, desk, question_of(state, desk, final=final))
    if isinstance(ruling, Unknown):
        if not final:
            return
        ruling = Ruling(ruling.receipt)
    say(ground, desk, state, state.filed, ruling, answers=False)


def question_of(state: Eligibility, desk: Desk, *, final: bool) -> Question:
    """A stored request as it is decided now: at its own instant, by what is known now."""
    assert state.filed is not None
    return Question(application_of(state), state.filed.at, desk.at, state.answered, None, final)


def application_of(state: Eligibility) -> RequestSubmitted:
    """The application as it was published to us."""
    return RequestSubmitted.model_validate(state.application, strict=False)


def take_papers(ground: Ground, desk: Desk, request_id: str, papers: Sequence[DocumentRef]) -> None:
    """The paper may have come: decide again with it. The performer answers the record that brought it."""
    state = desk.load(ELIGIBILITY, ELIGIBILITY.stream(request_id))
    if state.phase != "papers" or state.filed is None:
        return
    known = state.application.get("documents", [])
    documents = [*known, *(p.model_dump(mode="json", exclude_none=True) for p in papers)]
    filed = Filed({**state.application, "documents": documents}, state.filed.at)
    application = RequestSubmitted.model_validate(filed.application, strict=False)
    ruling = rule_on(ground, desk, Question(application, filed.at, desk.at, state.answered))
    if not isinstance(ruling, Unknown):
        say(ground, desk, state, filed, ruling, answers=False)


def ask_papers(desk: Desk, request_id: str, due_at: datetime) -> None:
    """The limit of the paper has come. Nobody is late because we are: whether it was sent before, intake says."""
    stream = ELIGIBILITY.stream(request_id)
    desk.record(ELIGIBILITY, stream, *eligibility.decide(AskPapers(due_at), desk.load(ELIGIBILITY, stream)))


def papers_overdue(ground: Ground, desk: Desk, request_id: str, due_at: datetime) -> None:
    """Everything sent before the limit was read, and no paper: denied, and the member may ask again with it."""
    state = desk.load(ELIGIBILITY, ELIGIBILITY.stream(request_id))
    if state.phase != "papers" or state.filed is None:
        return
    if state.papers_until != due_at or not state.papers_limit_reached:
        return
    ruling = rule_on(ground, desk, question_of(state, desk, final=True))
    if not isinstance(ruling, Unknown):
        say(ground, desk, state, state.filed, ruling, answers=False, wait=False)


def say(
    ground: Ground,
    desk: Desk,
    state: Eligibility,
    filed: Filed,
    ruling: Ruling,
    *,
    answers: bool,
    wait: bool = True,
) -> None:
    """Record the ruling and what goes with it: the held count, the barred disease. ``wait``: for a missing paper."""
    request_id, member_ref = str(filed.application["request_id"]), str(filed.application["member_ref"])
    verdict = ruling.receipt.verdict
    due_at = ground.review_due(desk.at) if verdict == "review" else desk.at
    until = ground.papers_until(desk.at) if verdict == "refuse" and wait else None
    command = Decide(filed, ruling, ground.calendar.version, due_at, until, answers)
    facts = eligibility.decide(command, state)
    desk.record(ELIGIBILITY, ELIGIBILITY.stream(request_id), *facts)
    for fact in facts:
        if isinstance(fact, Granted):
            _hold(desk, fact, request_id, member_ref, ruling)
        elif isinstance(fact, Denied):
            _remember(desk, request_id, member_ref, filed, ruling)


def _hold(desk: Desk, granted: Granted, request_id: str, member_ref: str, ruling: Ruling) -> None:
    stream = ALLOWANCE.stream(member_ref, granted.year)
    service = str(granted.filed.application["service"])
    opened = OpenGrant(request_id, granted.policy_ref, service, ruling.limit, granted.filed.at)
    desk.record(ALLOWANCE, stream, *allowance.decide(opened, desk.load(ALLOWANCE, stream)))


def _remember(desk: Desk, request_id: str, member_ref: str, filed: Filed, ruling: Ruling) -> None:
    stream = MEMBER.stream(member_ref)
    if ruling.bar is not None:
        desk.record(MEMBER, stream, *member.decide(ruling.bar, desk.load(MEMBER, stream)))
    if any(no.rule in HANGS_ON_COVER for no in ruling.receipt.refusals):
        denial = RememberDenial(request_id, filed.at)
        desk.record(MEMBER, stream, *member.decide(denial, desk.load(MEMBER, stream)))
