"""OUTP of product A that is granted: everything that can become of an appointment.

Working days: 24 September is a Thursday; 25 to 27 are off; 28 (Mon) is the first and 29 (Tue) the second working day, so the
feedback of an application of that day is due on 29 September at 24:00 (SLA-05). 1 to 7 October are off, the 10th is worked.
In A the count is consumed when the booking is confirmed (ENT-28, ENT-D04).
"""

from __future__ import annotations

from examples.outcomes import Expected
from examples.record import fen, on
from examples.story import Case, Stage, apply, confirmed, note, scenario, suspected
from examples.visits import attend, booked_and_seen, hospital, propose

CITIES = ("shanghai", "hangzhou", "shanghai", "nanjing", "beijing")
DAYS = (("10-11", "10-12"), ("10-12", "10-13"), ("10-13", "10-14"))
NAMES = ("OUTP", "专家门诊预约", "重疾门诊安排")  # one service under three names (CAT-D01)
FEEDBACK_DUE = on("09-30 00:00")
SEEN = Expected("granted", "attended", quota="consumed", arranged=1)


def asks(stage: Stage, name: str, i: int) -> Case:
    """A plain member of A asks for an appointment, by turns confirmed and suspected with a document."""
    person = stage.plain("A")
    diagnosis = confirmed() if i % 2 else suspected("尿毒症")
    return apply(stage, name, NAMES[i % 3], person, {"diagnosis": diagnosis, "documents": note(person)})


@scenario(30)
def outp_a_attended(stage: Stage, name: str, i: int) -> None:
    """Granted (ENT-18: suspicion with a document suffices), fed back in time, booked, called, seen."""
    case = asks(stage, name, i)
    eve, day = DAYS[i % 3]
    booked_and_seen(case, CITIES[i % 5], day, eve)
    case.expect(SEEN)


@scenario(4)
def outp_a_feedback_late(stage: Stage, name: str, i: int) -> None:
    """The vendor's first word comes on 30 September: the hard limit of 2 working days is over (SLA-05, AMB-20)."""
    case = asks(stage, name, i)
    case.feedback("09-30 09:00")
    propose(case, "09-30 14:00", "shanghai", "10-13 10:00")
    attend(case, "10-12", "10-13", "shanghai")
    case.expect(
        Expected("granted", "attended", quota="consumed", arranged=1, breaches=(("A-OUTP-FEEDBACK", FEEDBACK_DUE),))
    )


@scenario(1)
def outp_a_vendor_silent(stage: Stage, name: str, i: int) -> None:
    """Nothing for four weeks, then the case turns out not to be startable: breach, and the count comes back."""
    case = asks(stage, name, i)
    case.say("NotStartableReported", "10-20 10:00", reason="RECORDS_INSUFFICIENT")
    case.expect(Expected("granted", "not_startable", quota="released", breaches=(("A-OUTP-FEEDBACK", FEEDBACK_DUE),)))


@scenario(3)
def outp_a_slow_but_only_on_average(stage: Stage, name: str, i: int) -> None:
    """Booked on 19 October, far beyond 7 working days: an average and a usual time warn, they never breach (SLA-06, SLA-07)."""
    case = asks(stage, name, i)
    case.feedback("09-28 10:00")
    if i == 0:
        case.say("HardToCoordinateReported", "09-30 10:00")  # SCH-28: EXTENDED with its reason
    propose(case, "10-19 11:00", "beijing", "10-26 09:00")
    attend(case, "10-25", "10-26", "beijing")
    case.expect(SEEN)


PROPOSALS = (
    ({"hospital": hospital("shanghai", code="H-310104-09", grade="3B")}, "NOT_TERTIARY_A"),  # ENT-51
    ({"expert_rank": "attending"}, "BELOW_ASSOCIATE_CHIEF"),  # ENT-51: associate chief or above
    ({"expert_source": "member"}, "EXPERT_NOT_SELECTABLE"),  # ENT-53
    ({"network_confirmed": False}, "NETWORK_UNKNOWN"),  # REF-06: never accepted by itself
    ({"visit_type": "emergency"}, "VISIT_TYPE_EXCLUDED"),  # ENT-55
)


@scenario(10)
def outp_a_proposal_corrected(stage: Stage, name: str, i: int) -> None:
    """A first proposal breaks a rule and is refused with its pointer; nothing is arranged; the corrected one stands."""
    case = asks(stage, name, i)
    case.feedback("09-28 10:00")
    wrong, reason = PROPOSALS[i % 5]
    propose(case, "09-28 15:00", "shanghai", "10-12 09:30", **wrong)
    propose(case, "09-29 11:00", "shanghai", "10-13 09:30")
    attend(case, "10-12", "10-13", "shanghai")
    case.expect(
        Expected(
            "granted", "attended", quota="consumed", arranged=1, refused_records=(("AppointmentProposed", reason),)
        )
    )


@scenario(3)
def outp_a_no_show(stage: Stage, name: str, i: int) -> None:
    """Booked, called, not there: consumed at the booking and stays so (SCH-D01); the member bears the fee (SCH-03)."""
    case = asks(stage, name, i)
    case.feedback("09-28 10:00")
    propose(case, "09-29 11:00", "shanghai", "10-12 09:30")
    case.say("ConfirmationCallReported", "10-11 15:00", id_reminder=True)
    case.say("VisitMissed", "10-12 11:00", **({"registration_fee": fen(300)} if i else {}))
    case.expect(Expected("granted", "no_show", quota="consumed", arranged=1))


@scenario(3)
def outp_a_withdrawn_too_late(stage: Stage, name: str, i: int) -> None:
    """Once booked it can't be cancelled (SCH-01): the withdrawal is refused, the visit takes place."""
    case = asks(stage, name, i)
    case.feedback("09-28 10:00")
    propose(case, "09-29 11:00", "shanghai", "10-13 09:30")
    case.say("WithdrawalRequested", "10-09 10:00")
    attend(case, "10-12", "10-13", "shanghai")
    case.expect(
        Expected(
            "granted", "attended", quota="consumed", arranged=1,
            refused_records=(("WithdrawalRequested", "NON_CANCELLABLE"),),
        )
    )  # fmt: skip


@scenario(4)
def outp_a_withdrawn_before_booking(stage: Stage, name: str, i: int) -> None:
    """Withdrawn after the grant and before the booking: released (ENT-D04)."""
    case = asks(stage, name, i)
    case.feedback("09-28 10:00")
    case.say("WithdrawalRequested", "09-28 16:00")
    case.expect(Expected("granted", "cancelled", quota="released"))


@scenario(4)
def outp_a_disrupted_and_moved(stage: Stage, name: str, i: int) -> None:
    """The clinic is suspended: the count goes back to held and moves to the new slot, used once in all (SCH-04, SCH-D02)."""
    case = asks(stage, name, i)
    case.feedback("09-28 10:00")
    propose(case, "09-29 11:00", "shanghai", "10-12 09:30")
    cause = ("expert_suspended", "hospital_reason", "epidemic", "natural_disaster")[i % 4]
    case.say("VisitDisrupted", "10-10 10:00", cause=cause)
    propose(case, "10-12 10:00", "shanghai", "10-19 09:30")
    attend(case, "10-18", "10-19", "shanghai")
    case.expect(Expected("granted", "attended", quota="consumed", arranged=2))


@scenario(3)
def outp_a_new_slot_declined(stage: Stage, name: str, i: int) -> None:
    """Disrupted, and no new slot suits: released (SCH-D02); a double booking found by the hospital likewise (INT-37)."""
    case = asks(stage, name, i)
    case.feedback("09-28 10:00")
    propose(case, "09-29 11:00", "shanghai", "10-14 09:30")
    cause = ("vendor_failure", "force_majeure", "expert_suspended")[i % 3]
    case.say("VisitDisrupted", "10-12 10:00", cause=cause)
    case.say("SlotDeclined", "10-13 10:00")
    case.expect(Expected("granted", "slot_declined", quota="released", arranged=1))


@scenario(3)
def outp_a_not_startable(stage: Stage, name: str, i: int) -> None:
    """The specialist finds that the service can't start (INT-02): released."""
    case = asks(stage, name, i)
    case.say("NotStartableReported", "09-28 10:00", reason="NO_LISTED_DISEASE_IN_RECORDS")
    case.expect(Expected("granted", "not_startable", quota="released"))


@scenario(2)
def outp_a_data_declined(stage: Stage, name: str, i: int) -> None:
    """The member gives no records: closed without penalty, nothing used (INT-40 for B; member_declined_data in A too)."""
    case = asks(stage, name, i)
    case.feedback("09-28 10:00")
    case.say("DataDeclined", "09-29 10:00")
    case.expect(Expected("granted", "data_declined", quota="released"))


@scenario(2)
def outp_a_member_left_alone(stage: Stage, name: str, i: int) -> None:
    """Nobody phones on 11 October (SCH-12), nobody goes along on the 12th (SCH-14): two duties missed, the visit is held."""
    case = asks(stage, name, i)
    case.feedback("09-28 10:00")
    propose(case, "09-29 11:00", "hangzhou", "10-12 14:00")
    case.say("VisitAttended", "10-12 17:00", attended_on="2026-10-12")
    case.visit_on = "10-12"
    stage.visits.setdefault("A-hangzhou", []).append(case)
    missed = ("D1_CALL_MISSED", "ACCOMPANIMENT_MISSED")
    case.expect(Expected("granted", "attended", quota="consumed", arranged=1, duties=missed))
