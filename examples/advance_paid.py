"""ADVANCE that is paid, in both products: to the zero balance of ADV-D03, on all the ways there.

Clocks of an application of Thursday 24 September: first response half an hour (SLA-31, SLA-56); papers by the 25th 24:00;
pre-review by Monday the 28th 24:00 in A (a working day, SLA-33), by the 25th 24:00 in B (a natural day, SLA-58); deposit within
one natural day of the approval, holiday or not (SLA-34, SLA-59).
"""

from __future__ import annotations

from datetime import timedelta

from examples.outcomes import Expected
from examples.record import fen, on
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
    refunds,
    signs,
    until_paid,
)  # fmt: skip
from examples.story import Stage, scenario
from examples.visits import hospital


@scenario(14)
def advance_a_offset_to_zero(stage: Stage, name: str, i: int) -> None:
    """20,000 advanced, claim 26,000: 20,000 offset, 6,000 paid out, nothing left (ADV-01). No disease is asked for (ADV-03)."""
    deposit = 10_000 + 1_000 * i
    cause = "accident" if i % 3 == 0 else "illness"
    case = asks_advance(stage, name, stage.again("A"), deposit, cause=cause)
    until_paid(case, deposit)
    discharged(case, bill=deposit + 8_000)
    mailed(case)
    adjudicated(case, deposit + 6_000)
    money = books(deposit, offset=deposit)
    case.expect(Expected("granted", "settled", advanced=1, offset=1, money=money))


@scenario(10)
def advance_b_offset_to_zero(stage: Stage, name: str, i: int) -> None:
    """B: a confirmed listed disease, in the network, offset by the agreement (ADV-16, ADV-17, ADV-D04). No time for the mail."""
    deposit = 30_000 + 2_000 * i
    case = asks_advance(stage, name, stage.again("B"), deposit)
    until_paid(case, deposit)
    discharged(case, bill=deposit + 20_000)
    mailed(case, "10-19 16:00")
    adjudicated(case, deposit + 15_000, "10-23 14:00")
    case.expect(Expected("granted", "settled", advanced=1, offset=1, money=books(deposit, offset=deposit)))


@scenario(4)
def advance_hospital_returns_a_part(stage: Stage, name: str, i: int) -> None:
    """Deposit 20,000, bill 18,000: the hospital returns 2,000 to the advancing party (ADV-11); the claim pays the rest."""
    case = asks_advance(stage, name, stage.again("AB"[i % 2]))
    until_paid(case, 20_000)
    discharged(case, bill=18_000, returned=2_000)
    mailed(case)
    adjudicated(case, 18_000)
    money = books(20_000, returned=2_000, offset=18_000)
    case.expect(Expected("granted", "settled", advanced=1, offset=1, money=money))


@scenario(4)
def advance_too_much_refunded_in_time(stage: Stage, name: str, i: int) -> None:
    """Net 18,000, claim 15,000 on 20 October: 3,000 are due by 4 November 24:00 (ADV-14, ADV-D03); they come on the 30th."""
    case = asks_advance(stage, name, stage.again("AB"[i % 2]))
    until_paid(case, 20_000)
    discharged(case, bill=18_000, returned=2_000)
    mailed(case)
    adjudicated(case, 15_000)
    refunds(case, 3_000, "10-30 10:00")
    money = books(20_000, returned=2_000, offset=15_000, refunded=3_000)
    case.expect(Expected("granted", "settled", advanced=1, offset=1, money=money))


@scenario(2)
def advance_refund_overdue_then_paid(stage: Stage, name: str, i: int) -> None:
    """15 natural days after 20 October end on 4 November 24:00: overdue, dunned, a person looks; paid on the 12th."""
    case = asks_advance(stage, name, stage.again("A"))
    until_paid(case, 20_000)
    discharged(case, bill=20_000)
    mailed(case)
    adjudicated(case, 16_000)
    refunds(case, 4_000, "11-12 10:00")
    money = books(20_000, offset=16_000, refunded=4_000)
    case.expect(Expected("granted", "settled", reviews=("REFUND_OVERDUE",), advanced=1, offset=1, money=money))


@scenario(1)
def advance_claim_declined(stage: Stage, name: str, i: int) -> None:
    """The pre-review binds no claim (ADV-13): payable 0, the whole net amount is to be refunded, in two parts."""
    case = asks_advance(stage, name, stage.again("A"))
    until_paid(case, 20_000)
    discharged(case, bill=20_000)
    mailed(case)
    adjudicated(case, 0)
    refunds(case, 12_000, "10-26 10:00")
    refunds(case, 8_000, "11-02 10:00")
    money = books(20_000, refunded=20_000)
    case.expect(Expected("granted", "settled", advanced=1, offset=1, money=money))


@scenario(1)
def advance_rest_written_off(stage: Stage, name: str, i: int) -> None:
    """5,000 are due; 4,000 come, finance gives up the last 1,000 (ADV-D03)."""
    case = asks_advance(stage, name, stage.again("A"))
    until_paid(case, 20_000)
    discharged(case, bill=20_000)
    mailed(case)
    adjudicated(case, 15_000)
    refunds(case, 4_000, "10-28 10:00")
    stage.orders(
        case.when("11-02 10:00"), "WriteOffOrdered", "finance", name,
        request=case.request_id, amount=fen(1_000), reason="HARDSHIP",
    )  # fmt: skip
    money = books(20_000, offset=15_000, refunded=4_000, written_off=1_000)
    case.expect(Expected("granted", "settled", advanced=1, offset=1, money=money))


@scenario(2)
def advances_share_what_is_left(stage: Stage, name: str, i: int) -> None:
    """Sum insured 60,000: the first stay holds 50,000, so that the second gets 10,000 of its 30,000 (ADV-D02)."""
    policy = stage.cast.policy("A", f"2026-05-{10 + i}", sum_insured=60_000, scenario=name)
    person = stage.cast.join(policy, scenario=name)
    first = asks_advance(stage, name, person, 50_000, at=on(f"09-24 09:2{i}"))
    until_paid(first, 50_000)
    second = asks_advance(stage, name, person, 30_000, hospital("nanjing"), at=on(f"09-24 15:3{i}"))
    until_paid(second, 10_000)
    for case, amount in ((first, 50_000), (second, 10_000)):
        discharged(case, bill=amount + 2_000)
        mailed(case)
    adjudicated(first, 50_000, "10-20 14:00")
    adjudicated(second, 10_000, "10-21 14:00")
    first.expect(Expected("granted", "settled", advanced=1, offset=1, money=books(50_000, offset=50_000)))
    second.expect(Expected("granted", "settled", advanced=1, offset=1, money=books(10_000, offset=10_000)))


@scenario(2)
def advance_two_deposits_of_one_stay(stage: Stage, name: str, i: int) -> None:
    """Approved 20,000, paid as 12,000 and 8,000: further deposits of the stay are payments of the same case (ADV-D02)."""
    case = asks_advance(stage, name, stage.again("AB"[i % 2]))
    until_paid(case, 12_000)
    pays_deposit(case, 8_000, "09-30 11:00")
    discharged(case, bill=20_000)
    mailed(case)
    adjudicated(case, 20_000)
    case.expect(Expected("granted", "settled", advanced=2, offset=1, money=books(20_000, offset=20_000)))


@scenario(4)
def advance_papers_missing_then_supplied(stage: Stage, name: str, i: int) -> None:
    """The deposit notice is missing (ADV-D01); the member is waited for, it comes on the 25th, the clocks have paused."""
    case = asks_advance(stage, name, stage.again("AB"[i % 2]))
    answered(case)
    papers(case, "ID_CARD", "POLICY_NUMBER", "ADMISSION_NOTICE", "DIAGNOSIS_CERTIFICATE", hours=1)
    case.say("MemberWaitStarted", case.at + timedelta(minutes=70), waiting_for="documents")
    papers(case, "DEPOSIT_NOTICE", at="09-25 10:00")
    case.say("MemberWaitEnded", "09-25 10:01")
    pre_review(case, "09-25 14:00")
    signs(case, "09-25 16:00")
    pays_deposit(case, 20_000, "09-26 10:00")
    discharged(case, bill=20_000)
    mailed(case)
    adjudicated(case, 20_000)
    case.expect(Expected("granted", "settled", advanced=1, offset=1, money=books(20_000, offset=20_000)))


@scenario(2)
def advance_paid_before_signature(stage: Stage, name: str, i: int) -> None:
    """Paid before the agreement (ADV-09, ADV-21, ADV-D04): suspense; then signed, and finance accepts it that day."""
    case = asks_advance(stage, name, stage.again("AB"[i % 2]))
    answered(case)
    papers(case)
    pre_review(case)
    if i:
        signs(case, "09-25 09:00", refund_clause=False)  # an agreement without the refund clause secures nothing
    pays_deposit(case, 20_000, "09-25 11:00")
    signs(case, "09-25 15:00")
    case.reviewed("09-25 17:00", "A1", "finance", "grant", "SIGNED_AFTERWARDS")
    discharged(case, bill=20_000)
    mailed(case)
    adjudicated(case, 20_000)
    money = books(20_000, offset=20_000)
    case.expect(Expected("granted", "settled", reviews=("AGREEMENT_MISSING",), advanced=1, offset=1, money=money))


@scenario(2)
def advance_receipt_number_used_twice(stage: Stage, name: str, i: int) -> None:
    """The same receipt reported again: one number is one payment (pipeline, ADV-D02); the second goes to suspense and back."""
    case = asks_advance(stage, name, stage.again("A"))
    answered(case)
    papers(case)
    pre_review(case)
    signs(case)
    receipt = f"RC-{case.ref[3:]}-SAME"
    pays_deposit(case, 12_000, "09-25 11:00", receipt)
    pays_deposit(case, 8_000, "09-25 13:00", receipt)
    case.reviewed("09-28 10:00", "A1", "finance", "refuse", "REPORTED_BY_MISTAKE")
    stage.pays(case.when("10-08 10:00"), "refund", 8_000, case.request_id, name)  # Youjia gives it back
    discharged(case, bill=12_000)
    mailed(case)
    adjudicated(case, 12_000)
    case.expect(
        Expected(
            "granted", "settled", reviews=("RECEIPT_NUMBER_USED",), advanced=1, offset=1,
            money=books(12_000, offset=12_000),
        )
    )  # fmt: skip


@scenario(6)
def advance_a_clock_runs_out(stage: Stage, name: str, i: int) -> None:
    """One of A's hard limits is missed by each; the money takes its way all the same."""
    case = asks_advance(stage, name, stage.again("A"))
    due = (
        ("A-ADV-RESPONSE", case.at + timedelta(minutes=30)),
        ("A-ADV-DOCS", on("09-26 00:00")),
        ("A-ADV-PREREVIEW", on("09-29 00:00")),
        ("A-ADV-PAY", on("09-26 00:00")),
        ("A-ADV-DISCHARGE", on("10-11 00:00")),
        ("A-ADV-MAIL", on("10-13 00:00")),
    )[i]
    answered(case, 31 if i == 0 else 15)
    papers(case, at="09-26 10:00" if i == 1 else None)
    pre_review(case, {1: "09-26 15:00", 2: "09-29 09:00"}.get(i))
    signs(case, "09-26 17:00" if i == 1 else "09-29 10:00" if i == 2 else "09-25 09:00")
    pays_deposit(case, 20_000, {1: "09-27 10:00", 2: "09-29 14:00", 3: "09-26 10:00"}.get(i, "09-25 11:00"))
    discharged(case, bill=20_000, settled="10-11 10:00" if i == 4 else "10-09 15:00")
    mailed(case, {4: "10-12 10:00", 5: "10-13 10:00"}.get(i, "10-10 16:00"))
    adjudicated(case, 20_000)
    case.expect(
        Expected("granted", "settled", advanced=1, offset=1, breaches=(due,), money=books(20_000, offset=20_000))
    )


@scenario(3)
def advance_asked_in_the_evening(stage: Stage, name: str, i: int) -> None:
    """20:50 → by 21:20; 21:00 and 21:10 are outside the hours → by 9:30 the next morning (SLA-03, SLA-D02)."""
    at = on(("09-23 20:50", "09-23 21:00", "09-23 21:10")[i])
    case = asks_advance(stage, name, stage.again("AB"[i % 2]), at=at)
    answered(case, (30, 750, 735)[i])  # 21:20, 9:30, 9:25: all in time
    papers(case, at="09-24 10:00")
    pre_review(case, "09-24 15:00")
    signs(case, "09-24 17:00")
    pays_deposit(case, 20_000, "09-25 11:00")
    discharged(case, bill=20_000)
    mailed(case)
    adjudicated(case, 20_000)
    case.expect(Expected("granted", "settled", advanced=1, offset=1, money=books(20_000, offset=20_000)))
