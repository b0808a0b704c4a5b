"""OUTP of product B: consumed at the visit, free to cancel until the day before it, and a first response within half an hour.

An application of 24 September is to be fed back by 29 September 24:00 (SLA-38). B's own text: SCH-D06, ENT-D04, SLA-37.
"""

from __future__ import annotations

from datetime import timedelta

from examples.cast import Person
from examples.outcomes import Expected, Quota
from examples.record import CST, Json, Line, envelope, on
from examples.story import Case, Stage, apply, confirmed, note, scenario, suspected
from examples.visits import attend, booked_and_seen, hospital, propose

CITIES = ("shanghai", "shanghai", "hangzhou", "nanjing")
DAYS = (("10-11", "10-12"), ("10-12", "10-13"), ("10-13", "10-14"))
FEEDBACK_DUE = on("09-30 00:00")
SEEN = Expected("granted", "attended", quota="consumed", arranged=1)


def asks(stage: Stage, name: str, person: Person | None = None, diagnosis: Json | None = None) -> Case:
    """A plain member of B asks for an appointment and is phoned back within twelve minutes."""
    who = person or stage.plain("B")
    case = apply(stage, name, "专家门诊预约", who, {"diagnosis": diagnosis or confirmed(), "documents": note(who)})
    case.contacted()
    return case


def denied(*reasons: str) -> Expected:
    """No, for these reasons; nothing is held."""
    return Expected("denied", "denied", refusals=reasons)


@scenario(22)
def outp_b_attended(stage: Stage, name: str, i: int) -> None:
    """Granted, phoned back, fed back, booked, called, seen: only the visit uses the count."""
    case = asks(stage, name, diagnosis=suspected("严重哮喘") if i % 4 == 3 else None)
    eve, day = DAYS[i % 3]
    alone = i % 5 == 0
    booked_and_seen(case, CITIES[i % 4], day, eve, alone=alone)
    if alone:
        case.say("AccompanimentDeclined", "09-30 10:00")  # SCH-D10: the visit stands
    case.expect(SEEN)


@scenario(3)
def outp_b_first_response_late(stage: Stage, name: str, i: int) -> None:
    """Phoned back after 31 minutes or more: the half hour runs day and night (SLA-37)."""
    person = stage.plain("B")
    case = apply(stage, name, "OUTP", person, {"diagnosis": confirmed(), "documents": note(person)})
    case.contacted((31, 45, 90)[i])
    booked_and_seen(case, "hangzhou")
    late = (("B-GREEN-RESPONSE", case.at + timedelta(minutes=30)),)
    case.expect(Expected("granted", "attended", quota="consumed", arranged=1, breaches=late))


@scenario(2)
def outp_b_feedback_late(stage: Stage, name: str, i: int) -> None:
    """The plan comes on 30 September, after the second working day (SLA-38)."""
    case = asks(stage, name)
    case.feedback("09-30 09:00")
    propose(case, "09-30 14:00", "shanghai", "10-13 10:00")
    attend(case, "10-12", "10-13", "shanghai")
    late = (("B-OUTP-FEEDBACK", FEEDBACK_DUE),)
    case.expect(Expected("granted", "attended", quota="consumed", arranged=1, breaches=late))


def booked(stage: Stage, name: str) -> Case:
    """Up to a slot on 13 October."""
    case = asks(stage, name)
    case.feedback("09-28 10:00")
    propose(case, "09-29 11:00", "shanghai", "10-13 09:30")
    return case


@scenario(3)
def outp_b_cancelled_the_day_before(stage: Stage, name: str, i: int) -> None:
    """Cancelled on 12 October for the 13th: free, released (SCH-D06)."""
    case = booked(stage, name)
    case.say("WithdrawalRequested", "10-12 10:00")
    case.expect(Expected("granted", "cancelled", quota="released", arranged=1))


@scenario(2)
def outp_b_cancelled_on_the_day(stage: Stage, name: str, i: int) -> None:
    """Cancelled at 7 on the day of the visit: a person decides about the count (SCH-D06); one is given back, one is not."""
    case = booked(stage, name)
    case.say("ConfirmationCallReported", "10-12 15:00", id_reminder=True)
    case.say("WithdrawalRequested", "10-13 07:00")
    answer = ("grant", "refuse")[i]
    case.reviewed("10-14 10:00", "S1", "operations", answer, ("ILL_ON_THE_DAY", "NO_GOOD_REASON")[i])
    quota: Quota = "released" if i == 0 else "consumed"
    case.expect(Expected("granted", "cancelled", reviews=("LATE_CANCELLATION",), quota=quota, arranged=1))


@scenario(2)
def outp_b_no_show(stage: Stage, name: str, i: int) -> None:
    """Not there: a person decides about the count (SCH-D06)."""
    case = booked(stage, name)
    case.say("ConfirmationCallReported", "10-12 15:00", id_reminder=True)
    case.say("VisitMissed", "10-13 11:00")
    answer = ("grant", "refuse")[i]
    case.reviewed("10-15 10:00", "S1", "operations", answer, ("TRAFFIC_ACCIDENT", "NO_GOOD_REASON")[i])
    quota: Quota = "released" if i == 0 else "consumed"
    case.expect(Expected("granted", "no_show", reviews=("NO_SHOW",), quota=quota, arranged=1))


@scenario(2)
def outp_b_disrupted_and_moved(stage: Stage, name: str, i: int) -> None:
    """The hospital moves the visit: the same hold goes to the new slot (SCH-D02)."""
    case = booked(stage, name)
    case.say("VisitDisrupted", "10-10 10:00", cause=("hospital_reason", "epidemic")[i])
    propose(case, "10-12 10:00", "shanghai", "10-19 09:30")
    attend(case, "10-18", "10-19", "shanghai")
    case.expect(Expected("granted", "attended", quota="consumed", arranged=2))


@scenario(1)
def outp_b_new_slot_declined(stage: Stage, name: str, i: int) -> None:
    """Disrupted, and no new slot suits: released (SCH-D02)."""
    case = booked(stage, name)
    case.say("VisitDisrupted", "10-12 10:00", cause="expert_suspended")
    case.say("SlotDeclined", "10-12 15:00")
    case.expect(Expected("granted", "slot_declined", quota="released", arranged=1))


@scenario(2)
def outp_b_not_startable(stage: Stage, name: str, i: int) -> None:
    """The records do not show even a suspicion (INT-15)."""
    case = asks(stage, name)
    case.say("NotStartableReported", "09-28 10:00", reason="NO_LISTED_DISEASE_IN_RECORDS")
    case.expect(Expected("granted", "not_startable", quota="released"))


@scenario(2)
def outp_b_data_declined(stage: Stage, name: str, i: int) -> None:
    """The member gives no records: closed without penalty (INT-40)."""
    case = asks(stage, name)
    case.say("DataDeclined", "09-28 10:00")
    case.expect(Expected("granted", "data_declined", quota="released"))


@scenario(2)
def outp_b_second_in_the_year(stage: Stage, name: str, i: int) -> None:
    """The visit used the one of the year (ENT-28)."""
    first = asks(stage, name)
    booked_and_seen(first)
    first.expect(SEEN)
    body: Json = {"diagnosis": confirmed("尿毒症", "2026-10-15"), "documents": note(first.person, "2026-10-15")}
    second = apply(stage, name, "OUTP", first.person, body, at=first.when("10-20 10:00"))
    second.contacted()
    second.expect(denied("QUOTA_EXHAUSTED"))


@scenario(4)
def outp_b_purchase_cutoff(stage: Stage, name: str, i: int) -> None:
    """Bought one second before 8 January 2024: no; at 0:00 of that day: yes (ENT-02)."""
    bought = ("2024-01-07T23:59:59+08:00", "2024-01-08T00:00:00+08:00")[i % 2]
    policy = stage.cast.policy("B", f"2026-02-{10 + i}", purchased=bought, scenario=name)
    case = asks(stage, name, stage.cast.join(policy, scenario=name))
    if i % 2 == 0:
        case.expect(denied("PURCHASE_BEFORE_CUTOFF"))
        return
    booked_and_seen(case)
    case.expect(SEEN)


@scenario(1)
def outp_b_suspended(stage: Stage, name: str, i: int) -> None:
    """Suspended since 20 September (ENT-03)."""
    policy = stage.cast.policy("B", "2026-04-02", scenario=name)
    person = stage.cast.join(policy, scenario=name)
    stage.cast.core(
        "PolicySuspended", policy.number, {"suspended_at": "2026-09-20T00:00:00+08:00"}, on("09-20 09:00"), name
    )
    asks(stage, name, person).expect(denied("POLICY_NOT_IN_FORCE"))


@scenario(2)
def outp_b_in_the_waiting_period(stage: Stage, name: str, i: int) -> None:
    """Effective on 1 September: no service before 1 October 0:00 (ENT-08, ENT-D10); B bars no disease for it (AMB-03)."""
    policy = stage.cast.policy("B", "2026-09-01", scenario=name)
    asks(stage, name, stage.cast.join(policy, scenario=name)).expect(denied("WAITING_PERIOD"))


@scenario(1)
def outp_b_expired(stage: Stage, name: str, i: int) -> None:
    """The year ended on 9 September 24:00 and was not renewed (ENT-14)."""
    policy = stage.cast.policy("B", "2025-09-10", scenario=name)
    asks(stage, name, stage.cast.join(policy, scenario=name)).expect(denied("SERVICE_EXPIRED"))


@scenario(2)
def outp_b_disease_not_listed(stage: Stage, name: str, i: int) -> None:
    """骨折 and 肺结节 are none of the 126 (ENT-20, ENT-21)."""
    asks(stage, name, diagnosis=confirmed(("骨折", "肺结节")[i])).expect(denied("NO_LISTED_DISEASE"))


@scenario(1)
def outp_b_broader_name(stage: Stage, name: str, i: int) -> None:
    """Intractable epilepsy is broader than 严重癫痫 (REF-D04): a person says no."""
    case = asks(stage, name, diagnosis=confirmed("难治性癫痫"))
    case.reviewed("09-28 09:30", "E1", "medical_reviewer", "refuse", "NOT_SEVERE")
    case.expect(Expected("denied", "denied", reviews=("DISEASE_NAME_BROADER",)))


@scenario(2)
def outp_b_private_tertiary_is_fine(stage: Stage, name: str, i: int) -> None:
    """B prints tertiary-A and nothing about ownership: a private one of the member's choice is no question (ENT-51)."""
    person = stage.plain("B")
    place = hospital("shanghai", code="H-310104-21", ownership="private")
    body: Json = {"diagnosis": confirmed(), "documents": note(person), "outpatient": {"designated_hospital": place}}
    case = apply(stage, name, "OUTP", person, body)
    case.contacted()
    case.feedback("09-28 10:00")
    propose(case, "09-29 11:00", "shanghai", "10-12 09:30", hospital=place, selected_by="member")
    attend(case, "10-11", "10-12", "shanghai")
    case.expect(SEEN)


@scenario(2)
def outp_b_withdrawn_before_booking(stage: Stage, name: str, i: int) -> None:
    """Before a visit day is set a withdrawal is free (SCH-D06)."""
    case = asks(stage, name)
    case.say("WithdrawalRequested", "09-28 16:00")
    case.expect(Expected("granted", "cancelled", quota="released"))


@scenario(4)
def wrong_channel(stage: Stage, name: str, i: int) -> None:
    """An advance asked of Hengyu, an appointment asked of Youjia: refused with the right channel, nothing opened (INT-D04)."""
    person = stage.again("AB"[i % 2])
    service, vendor = (("住院垫付", "hengyu"), ("OUTP", "youjia"))[i // 2]
    case = apply(stage, name, service, person, {"diagnosis": confirmed(), "documents": note(person)}, source=vendor)
    refused = (("ServiceRequested", "WRONG_CHANNEL"),)
    case.expect(Expected("not_opened", None, refusals=("WRONG_CHANNEL",), refused_records=refused))


@scenario(2)
def same_call_told_twice(stage: Stage, name: str, i: int) -> None:
    """The clerk enters one call twice, under two record ids: one request exists (INT-D01)."""
    person = stage.plain("B")
    body: Json = {"diagnosis": confirmed(), "documents": note(person)}
    case = apply(stage, name, "OUTP", person, body)
    first = stage.lines[-1].value or {}
    case.say("ServiceRequested", case.at + timedelta(seconds=90), **first["data"])
    stage.repeated_calls += 1
    case.contacted()
    booked_and_seen(case)
    case.expect(SEEN)


@scenario(3)
def two_vendors_at_odds(stage: Stage, name: str, i: int) -> None:
    """Youjia speaks of Hengyu's case: the very answer that a case unknown to everyone gets (CAT-07, CAT-09, INT-39)."""
    case = asks(stage, name)
    booked_and_seen(case)
    case.expect(SEEN)
    foreign = (
        ("VisitAttended", case.ref, {"attended_on": "2026-09-29"}),
        ("WithdrawalRequested", case.ref, {}),
        ("ContactReported", "YJ-20260924-9999", {"stage": "feedback"}),
    )[i]
    type_, ref, body = foreign
    at = case.when("09-29 17:00").astimezone(CST)
    value = envelope("youjia", f"yj-odd-{i + 1:02d}", type_, ref, at, body)
    stage.tell(Line(at, "youjia", ref, value, None, name))
    stage.foreign_refused.append((type_, "UNKNOWN_CASE"))
