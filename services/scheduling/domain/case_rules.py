"""The law of the case as such: before acceptance, waiting for the member, and ways to end without a visit."""

from __future__ import annotations

from typing import Any, Literal

from services.scheduling.domain.terms import Terms
from shared.kernel.law import Answer, Pass, Refusal, Rule, rule
from shared.kernel.value import value


@value
class BeforeAcceptance:
    """Something is said that only an accepted request allows."""

    terms: Terms


@rule("INT-03")
def accepted_first(case: BeforeAcceptance) -> Answer:
    """Only after acceptance does the service go on."""
    if case.terms.follows("INT-16"):
        return None
    return Refusal("INT-03", "STATE_NOT_ACCEPTED")


@rule("INT-16")
def accepted_first_in_b(case: BeforeAcceptance) -> Answer:
    """Only after acceptance does the service go on."""
    return Refusal("INT-16", "STATE_NOT_ACCEPTED") if case.terms.follows("INT-16") else None


BEFORE_ACCEPTANCE: tuple[Rule[BeforeAcceptance], ...] = (accepted_first, accepted_first_in_b)


@value
class Waiting:
    """The vendor waits for the member, or does so already."""

    already: bool
    terms: Terms


@rule("INT-38", "duty")
def member_cooperates(case: Waiting) -> Answer:
    """What the member owes is waited for, once at a time."""
    if not case.terms.follows("INT-38"):
        return None
    if case.already:
        return Refusal("INT-38", "ALREADY_WAITING")
    return Pass({"status": "WAITING_MEMBER"})


@rule("SLA-D03", "clock")
def clocks_pause(case: Waiting) -> Answer:
    """Vendor clocks pause while the member is waited for."""
    return Pass({"pauses": True}) if case.terms.follows("SLA-D03") else None


WAITING: tuple[Rule[Waiting], ...] = (member_cooperates, clocks_pause)


@value
class Delaying:
    """The hospital is hard to coordinate."""

    terms: Terms


@rule("SCH-28", "clock")
def may_be_extended(case: Delaying) -> Answer:
    """The usual time may be extended where a hospital is hard to coordinate."""
    if not case.terms.follows("SCH-28"):
        return None
    return Pass({"status": "EXTENDED", "reason": "HARD_TO_COORDINATE"})


DELAYING: tuple[Rule[Delaying], ...] = (may_be_extended,)

Reason = Literal["not_startable", "member_declined_data", "slot_declined", "cover_ended"]


@value
class Ending:
    """An end without a visit. ``confirmed``: a visit had been confirmed; ``cover``: how the cover ended."""

    reason: Reason
    terms: Terms
    confirmed: bool = False
    cover: str = ""

    @property
    def expired(self) -> bool:
        """Whether the term simply ran out, without renewal."""
        return self.cover == "SERVICE_EXPIRED"


def _not_startable(rule_id: str) -> Rule[Ending]:
    def check(case: Ending) -> Answer:
        """The specialist found that the service cannot be started: no count is touched."""
        if case.reason != "not_startable" or not case.terms.follows(rule_id):
            return None
        return Pass({"outcome": "NOT_STARTABLE"})

    return Rule(rule_id, "decide", check)


@rule("INT-40", "quota")
def records_declined(case: Ending) -> Answer:
    """The member may decline to give records: no penalty, nothing consumed."""
    if case.reason != "member_declined_data" or not case.terms.follows("INT-40"):
        return None
    return Pass({"outcome": "MEMBER_DECLINED_DATA"})


@rule("SCH-D02", "quota")
def slot_declined(case: Ending) -> Answer:
    """No new slot, or the client declines it: the count is released."""
    if case.reason != "slot_declined" or not case.terms.follows("SCH-D02"):
        return None
    return Pass({"outcome": "SLOT_DECLINED"})


@rule("ENT-D11")
def termination(case: Ending) -> Answer:
    """On termination what is not confirmed is closed, what is confirmed is kept."""
    if case.reason != "cover_ended" or case.expired:
        return None
    return Pass({"kept": True} if case.confirmed else {"outcome": "SERVICE_TERMINATED"})


@rule("ENT-D16")
def expiry(case: Ending) -> Answer:
    """On expiry without renewal what is not confirmed is closed, what is confirmed is kept."""
    if case.reason != "cover_ended" or not case.expired:
        return None
    return Pass({"kept": True} if case.confirmed else {"outcome": "SERVICE_EXPIRED"})


ENDING: tuple[Rule[Ending], ...] = (
    _not_startable("INT-02"), _not_startable("INT-15"), records_declined, slot_declined, termination, expiry,
)  # fmt: skip
RULES: tuple[Rule[Any], ...] = (*BEFORE_ACCEPTANCE, *WAITING, *DELAYING, *ENDING)
