"""The pre-review and people's decisions need the member-year's liability and the hospital's city beside the case."""

from __future__ import annotations

from services.advance_pay.application.deciding import House, advance_of, carry_out, liability_of
from services.advance_pay.domain import advance_commands as c
from services.advance_pay.domain import money_facts as m
from services.advance_pay.domain.advance_state import AdvanceState
from services.advance_pay.domain.pre_review import City
from services.advance_pay.domain.suspense import SUSPENSE, Lapse, Resolve
from services.advance_pay.domain.suspense import decide as decide_suspense
from shared.handbook.cities import advance_city
from shared.messaging.wiring import Desk


def report_pre_review(desk: Desk, house: House, request_id: str, record: str, found: m.PreReviewFound) -> None:
    """Judge a pre-review on what is left of the year at this very version of it."""
    state = advance_of(desk, request_id)
    if state.phase == "absent":
        return
    if state.granted:
        left = liability_of(desk, request_id, state)
    else:
        left = c.Liability(sum_insured_fen=0, paid_fen=0, held_by_others_fen=0, held_fen=0)
    command = c.ReportPreReview(
        request_id=request_id, at=desk.at, cause=str(desk.cause), record=record,
        found=found, liability=left, city=city_of(house, state),
    )  # fmt: skip
    carry_out(desk, house, command)


def city_of(house: House, state: AdvanceState) -> City:
    """Whether the hospital's city is on the edition's list; ``unknown`` where no hospital was named."""
    if state.stay is None or not state.granted:
        return "unknown"
    answer: City = advance_city(house.editions.get(state.edition), state.stay.hospital.city_code)
    return answer


def decide_review(desk: Desk, house: House, command: c.DecideReview) -> None:
    """A person's decision: of a case, or of money without one."""
    state = advance_of(desk, command.request_id)
    if state.phase == "absent":
        _resolve(desk, house, command)
        return
    left = liability_of(desk, command.request_id, state) if state.granted else None
    carry_out(
        desk, house,
        c.DecideReview(
            request_id=command.request_id, at=command.at, cause=command.cause, record=command.record,
            review_id=command.review_id, decision=command.decision, reason=command.reason, actor=command.actor,
            role=command.role, amount_fen=command.amount_fen, liability=left,
        ),
    )  # fmt: skip


def lapse_review(desk: Desk, house: House, stream: str, command: c.LapseReview) -> None:
    """A person is late: with a case, or with money without one."""
    if stream != SUSPENSE.stream(command.request_id):
        carry_out(desk, house, command)
        return
    late = Lapse(command.request_id, command.review_id, command.at)
    desk.record(SUSPENSE, stream, *decide_suspense(late, desk.load(SUSPENSE, stream), house.terms()))


def _resolve(desk: Desk, house: House, command: c.DecideReview) -> None:
    stream = SUSPENSE.stream(command.request_id)
    state = desk.load(SUSPENSE, stream)
    asked = Resolve(
        command.request_id, command.review_id, command.decision, command.reason, command.actor, command.role,
        command.cause, command.record,
    )  # fmt: skip
    desk.record(SUSPENSE, stream, *decide_suspense(asked, state, house.terms()))
