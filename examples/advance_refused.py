"""ADVANCE that is not paid, or not as asked: denied, rejected in the pre-review, decided by a person, given up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from examples.cast import Person
from examples.outcomes import Expected
from examples.record import Json, on
from examples.stay import (
    adjudicated,
    answered,
    asks_advance,
    books,
    discharged,
    mailed,
    papers,
    pays_deposit,
    pre_review,
    signs,
    until_paid,
)  # fmt: skip
from examples.story import Case, Stage, confirmed, scenario, suspected
from examples.visits import hospital

NOTHING = {"advanced": 0, "outstanding": 0}


def asked_and_answered(stage: Stage, name: str, person: Person, place: Json | None = None, **more: Any) -> Case:
    """Up to the complete papers."""
    case = asks_advance(stage, name, person, place=place, **more)
    answered(case)
    papers(case)
    return case


def rejected(*reasons: str) -> Expected:
    """Entitled, and rejected in the pre-review for these reasons."""
    return Expected("granted", "pre_review_rejected", refusals=reasons, money=NOTHING)


@scenario(2)
def advance_a_not_liable(stage: Stage, name: str, i: int) -> None:
    """The stay is outside claim liability (ADV-04): rejected and explained (ADV-08)."""
    case = asked_and_answered(stage, name, stage.again("A"))
    pre_review(case, within_liability="no")
    case.expect(rejected("NOT_LIABLE"))


def denied(*reasons: str) -> Expected:
    """The application alone shows it: denied before anyone collects papers."""
    return Expected("denied", "denied", refusals=reasons, money=NOTHING)


@scenario(2)
def advance_a_city_not_covered(stage: Stage, name: str, i: int) -> None:
    """Yuxi is not among the cities of Annex 2 (ADV-15)."""
    asks_advance(stage, name, stage.again("A"), place=hospital("530402")).expect(denied("CITY_NOT_COVERED"))


@scenario(2)
def advance_a_private_hospital(stage: Stage, name: str, i: int) -> None:
    """Private, though grade three, in Hangzhou (ADV-15)."""
    place = hospital("hangzhou", ownership="private")
    asks_advance(stage, name, stage.again("A"), place=place).expect(denied("NOT_PUBLIC"))


@scenario(1)
def advance_a_grade_one(stage: Stage, name: str, i: int) -> None:
    """Public, but grade one (ADV-15)."""
    place = hospital("hangzhou", grade="1A")
    asks_advance(stage, name, stage.again("A"), place=place).expect(denied("HOSPITAL_NOT_LISTED"))


@scenario(3)
def advance_military_hospital(stage: Stage, name: str, i: int) -> None:
    """A military hospital is neither refused nor passed (REF-D03): a person decides. Twice yes, once no."""
    case = asks_advance(stage, name, stage.again("AB"[i % 2]), place=hospital("hangzhou", military=True))
    case.contacted(15)
    if i == 2:
        case.reviewed("09-25 08:00", "E1", "operations", "refuse", "NOT_ACCEPTED")
        case.expect(Expected("denied", "denied", reviews=("HOSPITAL_STATUS",), money=NOTHING))
        return
    case.reviewed("09-25 08:00", "E1", "operations", "grant", "OPEN_TO_THE_PUBLIC")
    case.say("GuidanceGiven", "09-25 09:00")
    papers(case, at="09-25 10:00")
    pre_review(case, "09-25 14:00")
    signs(case, "09-25 16:00")
    pays_deposit(case, 20_000, "09-26 10:00")
    discharged(case, bill=20_000)
    mailed(case)
    adjudicated(case, 20_000)
    money = books(20_000, offset=20_000)
    case.expect(Expected("granted", "settled", reviews=("HOSPITAL_STATUS",), advanced=1, offset=1, money=money))


@scenario(2)
def advance_b_undisclosed_history(stage: Stage, name: str, i: int) -> None:
    """① undisclosed hypertension (ADV-26)."""
    case = asked_and_answered(stage, name, stage.again("B"))
    pre_review(case, undisclosed_history=True)
    case.expect(rejected("NON_DISCLOSURE"))


@scenario(2)
def advance_b_not_confirmed(stage: Stage, name: str, i: int) -> None:
    """② only suspected: suspicion is not enough for an advance (ADV-16, ADV-27)."""
    case = asks_advance(stage, name, stage.again("B"), diagnosis=suspected())
    case.expect(denied("NOT_CONFIRMED"))


@scenario(1)
def advance_b_sum_insured_exhausted(stage: Stage, name: str, i: int) -> None:
    """③ claims of this policy year have paid out the whole sum insured of 50,000 (ADV-28)."""
    policy = stage.cast.policy("B", "2026-03-10", sum_insured=50_000, scenario=name)
    person = stage.cast.join(policy, scenario=name)
    stage.adjudicates(on("09-21 10:00"), person, 50_000, None, name)
    case = asked_and_answered(stage, name, person)
    pre_review(case)
    case.expect(rejected("SUM_INSURED_EXHAUSTED"))


@scenario(2)
def advance_in_the_waiting_period(stage: Stage, name: str, i: int) -> None:
    """④ effective on 1 September: asked on the 24th day (ADV-29, ENT-09); A's waits likewise (ENT-06), accident or not."""
    policy = stage.cast.policy("BA"[i], "2026-09-01", scenario=name)
    case = asks_advance(stage, name, stage.cast.join(policy, scenario=name), cause=("illness", "accident")[i])
    case.expect(denied("WAITING_PERIOD"))


@scenario(2)
def advance_b_policy_exclusion(stage: Stage, name: str, i: int) -> None:
    """⑤ the cause is an exclusion of the policy (ADV-30); two reasons at once are both said."""
    case = asked_and_answered(stage, name, stage.again("B"))
    pre_review(case, policy_exclusion=True, originals_promised=i == 0)
    case.expect(rejected("POLICY_EXCLUSION", *(["NO_ORIGINAL_INVOICE"] if i else [])))


@scenario(2)
def advance_b_hospital_not_listed(stage: Stage, name: str, i: int) -> None:
    """⑥ grade one in Hangzhou; a city off the list (ADV-31, ADV-33)."""
    place, reason = ((hospital("hangzhou", grade="1A"), "HOSPITAL_NOT_LISTED"), (hospital("530402"), "OUT_OF_NETWORK"))[
        i
    ]
    asks_advance(stage, name, stage.again("B"), place=place).expect(denied(reason))


@scenario(2)
def advance_b_no_originals(stage: Stage, name: str, i: int) -> None:
    """⑦ the originals go to another insurer (ADV-32)."""
    case = asked_and_answered(stage, name, stage.again("B"))
    pre_review(case, originals_promised=False)
    case.expect(rejected("NO_ORIGINAL_INVOICE"))


@scenario(2)
def advance_b_out_of_network(stage: Stage, name: str, i: int) -> None:
    """Within liability and not in the network: both are asked for (ADV-17)."""
    case = asked_and_answered(stage, name, stage.again("B"))
    pre_review(case, in_network=False)
    case.expect(rejected("OUT_OF_NETWORK"))


@scenario(1)
def advance_b_private_hospital(stage: Stage, name: str, i: int) -> None:
    """Private, in Shanghai (ADV-33)."""
    place = hospital("shanghai", ownership="private")
    asks_advance(stage, name, stage.again("B"), place=place).expect(denied("HOSPITAL_NOT_LISTED"))


@scenario(1)
def advance_b_no_originals_at_discharge(stage: Stage, name: str, i: int) -> None:
    """Promised, and not there at discharge: the full net advance is to be refunded (ADV-D06), due 24 October 24:00."""
    case = asks_advance(stage, name, stage.again("B"))
    until_paid(case, 20_000)
    discharged(case, bill=20_000, originals="none")
    case.say("RefundReceived", "10-20 10:00", amount={"fen": 2_000_000}, receipt_number=f"RF-{case.ref[3:]}")
    case.expect(Expected("granted", "settled", advanced=1, money=books(20_000, refunded=20_000)))


@scenario(2)
def advance_supplement_expired(stage: Stage, name: str, i: int) -> None:
    """Papers asked for on 24 September and still missing on 24 October 24:00: closed without prejudice (ADV-D08)."""
    case = asks_advance(stage, name, stage.again("AB"[i]))
    answered(case)
    papers(case, "ID_CARD", "POLICY_NUMBER", hours=1)
    case.say("MemberWaitStarted", case.at + timedelta(minutes=70), waiting_for="documents")
    case.expect(Expected("granted", "supplement_expired", money=NOTHING))


@scenario(2)
def advance_withdrawn_before_payment(stage: Stage, name: str, i: int) -> None:
    """Withdrawn while the papers are read: nothing moved, nothing is owed."""
    case = asked_and_answered(stage, name, stage.again("AB"[i]))
    case.say("WithdrawalRequested", case.at + timedelta(hours=2, minutes=10))
    case.expect(Expected("granted", "cancelled", money=NOTHING))


@scenario(1)
def advance_paid_though_rejected(stage: Stage, name: str, i: int) -> None:
    """The vendor pays 9,000 after a rejection: money that moved is never refused, it lies in suspense before finance."""
    case = asked_and_answered(stage, name, stage.again("A"))
    pre_review(case, within_liability="no")
    pays_deposit(case, 9_000, "09-25 11:00")
    case.expect(
        Expected(
            "granted", "pre_review_rejected", refusals=("NOT_LIABLE",), reviews=("UNAPPROVED_PAYMENT",),
            money=NOTHING, suspense=9_000,
        )
    )  # fmt: skip


@scenario(1)
def advance_b_disease_only_in_the_contract(stage: Stage, name: str, i: int) -> None:
    """A confirmed disease that only the contract names: the insurer decides, not a list (AMB-12, ENT-21)."""
    body = {**confirmed("严重类天疱疮"), "named_in_contract": True}
    case = asks_advance(stage, name, stage.again("B"), diagnosis=body)
    case.contacted(15)
    case.reviewed("09-25 10:00", "E1", "insurer", "refuse", "NOT_NAMED_AFTER_ALL")
    case.expect(Expected("denied", "denied", reviews=("DISEASE_ONLY_IN_CONTRACT",), money=NOTHING))
