"""OUTP of product A where entitlement says no, asks a person, waits, or ends the cover in the middle."""

from __future__ import annotations

from examples.cast import Person
from examples.outcomes import Expected
from examples.outpatient_a import SEEN
from examples.record import Json, on
from examples.story import Case, Stage, apply, confirmed, note, scenario, suspected
from examples.visits import attend, booked_and_seen, hospital, propose


def ask(stage: Stage, name: str, person: Person, diagnosis: Json | None = None, **more: object) -> Case:
    """This person asks for an appointment, confirmed and with a document unless said."""
    body = {"diagnosis": diagnosis or confirmed(), "documents": note(person), **more}
    return apply(stage, name, "OUTP", person, body)


def denied(*reasons: str) -> Expected:
    """No, for these reasons; nothing is held."""
    return Expected("denied", "denied", refusals=reasons)


@scenario(4)
def outp_a_second_in_the_year(stage: Stage, name: str, i: int) -> None:
    """One a policy year (ENT-28): the first is used at its booking, the second of 20 October is refused."""
    first = ask(stage, name, stage.plain("A"))
    booked_and_seen(first)
    first.expect(SEEN)
    body: Json = {"diagnosis": confirmed("系统性硬皮病", "2026-10-15"), "documents": note(first.person, "2026-10-15")}
    second = apply(stage, name, "OUTP", first.person, body, at=first.when("10-20 10:00"))
    second.expect(denied("QUOTA_EXHAUSTED"))


@scenario(2)
def outp_a_names_an_expert(stage: Stage, name: str, i: int) -> None:
    """The expert can't be chosen (ENT-53): the wish is dropped, not the request (AMB-17); nor may a slot be of that kind."""
    case = ask(stage, name, stage.plain("A"), outpatient={"names_expert": True})
    case.feedback("09-28 10:00")
    propose(case, "09-29 11:00", "shanghai", "10-13 09:30", expert_source="member")
    propose(case, "09-29 15:00", "shanghai", "10-14 09:30")
    attend(case, "10-13", "10-14", "shanghai")
    refused = (("AppointmentProposed", "EXPERT_NOT_SELECTABLE"),)
    case.expect(Expected("granted", "attended", quota="consumed", arranged=1, refused_records=refused))


@scenario(4)
def outp_a_excluded_visit(stage: Stage, name: str, i: int) -> None:
    """Antenatal, delivery, dental-cosmetic and reproductive visits are excluded in A (ENT-55)."""
    kind = ("reproductive", "antenatal", "dental_cosmetic", "delivery")[i]
    ask(stage, name, stage.plain("A"), outpatient={"visit_type": kind}).expect(denied("VISIT_TYPE_EXCLUDED"))


@scenario(2)
def outp_a_designates_no_tertiary_a(stage: Stage, name: str, i: int) -> None:
    """A hospital may be designated (ENT-52), but it must be tertiary-A (ENT-51)."""
    place = hospital("hangzhou", code="H-330106-07", grade=("3B", "2A")[i])
    wish = {"designated_hospital": place, "department": "ONCOLOGY"}
    ask(stage, name, stage.plain("A"), outpatient=wish).expect(denied("NOT_TERTIARY_A"))


@scenario(3)
def outp_a_private_tertiary(stage: Stage, name: str, i: int) -> None:
    """A private tertiary-A hospital of the member's choice: a person decides (ENT-51, AMB-15). Twice yes, once no."""
    place = hospital("shanghai", code="H-310104-21", ownership="private")
    case = ask(stage, name, stage.plain("A"), outpatient={"designated_hospital": place})
    if i == 2:
        case.reviewed("09-28 09:30", "E1", "operations", "refuse", "PRIVATE_NOT_ACCEPTED")
        case.expect(Expected("denied", "denied", reviews=("PRIVATE_TERTIARY_A",)))
        return
    case.reviewed("09-28 09:30", "E1", "operations", "grant", "NETWORK_MEMBER")
    case.feedback("09-29 10:00")
    # the private one had no slot; the member then chose a public one
    propose(case, "09-29 14:00", "shanghai", "10-14 09:30", selected_by="member")
    attend(case, "10-13", "10-14", "shanghai")
    case.expect(Expected("granted", "attended", reviews=("PRIVATE_TERTIARY_A",), quota="consumed", arranged=1))


@scenario(4)
def outp_a_disease_not_listed(stage: Stage, name: str, i: int) -> None:
    """Not among the 40 of Annex 1 (ENT-18, ENT-19): severe asthma is B's alone; a nodule is not sarcoidosis (REF-D04)."""
    disease = ("严重哮喘", "骨折", "肺结节", "普通感冒")[i]
    ask(stage, name, stage.plain("A"), confirmed(disease)).expect(denied("NO_LISTED_DISEASE"))


@scenario(3)
def outp_a_broader_name(stage: Stage, name: str, i: int) -> None:
    """帕金森病 is broader than 严重原发性帕金森病: a medical reviewer decides (REF-D04). Twice yes, once no."""
    case = ask(stage, name, stage.plain("A"), confirmed("帕金森病"))
    if i == 2:
        case.reviewed("09-28 09:30", "E1", "medical_reviewer", "refuse", "NOT_SEVERE")
        case.expect(Expected("denied", "denied", reviews=("DISEASE_NAME_BROADER",)))
        return
    case.reviewed("09-28 09:30", "E1", "medical_reviewer", "grant", "SEVERE_BY_RECORDS")
    case.feedback("09-29 10:00")
    propose(case, "09-29 14:00", "nanjing", "10-13 09:30")
    attend(case, "10-12", "10-13", "nanjing")
    case.expect(Expected("granted", "attended", reviews=("DISEASE_NAME_BROADER",), quota="consumed", arranged=1))


@scenario(2)
def outp_a_confirmed_before_the_cover(stage: Stage, name: str, i: int) -> None:
    """Confirmed in 2025, before the cover began: the parameter pre_existing says review (ENT-D19)."""
    case = ask(stage, name, stage.plain("A"), confirmed("尿毒症", "2025-11-20"))
    case.reviewed("09-28 09:30", "E1", "medical_reviewer", "grant", "ACCEPTED_ON_GOODWILL")
    case.feedback("09-29 10:00")
    propose(case, "09-29 14:00", "shanghai", "10-12 13:30")
    attend(case, "10-11", "10-12", "shanghai")
    case.expect(Expected("granted", "attended", reviews=("PRE_EXISTING_DIAGNOSIS",), quota="consumed", arranged=1))


@scenario(4)
def outp_a_suspected_without_document(stage: Stage, name: str, i: int) -> None:
    """A self-description is not enough (ENT-D14): the request waits; the note comes on the 28th, or the member gives up."""
    person = stage.plain("A")
    case = apply(stage, name, "OUTP", person, {"diagnosis": suspected("肝细胞癌")})
    if i == 3:
        case.say("WithdrawalRequested", "09-28 09:30")
        case.expect(Expected("withdrawn", "withdrawn", waits=("SUSPICION_EVIDENCE",)))
        return
    case.say("DocumentsSubmitted", "09-28 09:30", documents=note(person, "2026-09-27"))
    case.feedback("09-29 10:00")
    propose(case, "09-29 14:00", "shanghai", "10-14 09:30")
    attend(case, "10-13", "10-14", "shanghai")
    case.expect(Expected("granted", "attended", waits=("SUSPICION_EVIDENCE",), quota="consumed", arranged=1))


@scenario(3)
def outp_a_in_the_waiting_period(stage: Stage, name: str, i: int) -> None:
    """Effective on 1 September with 30 days: the 30th is the last waiting day (ENT-01, ENT-D10)."""
    policy = stage.shared.get(name) or stage.cast.policy("A", "2026-09-01", scenario=name)
    stage.shared[name] = policy
    person = stage.cast.join(policy, scenario=name)
    ask(stage, name, person, confirmed("肺腺癌", "2026-09-20")).expect(denied("WAITING_PERIOD", "DIAGNOSED_IN_WAITING"))


@scenario(2)
def outp_a_diagnosed_in_the_waiting_period(stage: Stage, name: str, i: int) -> None:
    """Confirmed on 20 July, inside the waiting period of 1 to 30 July: barred though the period is over (ENT-11)."""
    policy = stage.shared.get(name) or stage.cast.policy("A", "2026-07-01", scenario=name)
    stage.shared[name] = policy
    person = stage.cast.join(policy, scenario=name)
    ask(stage, name, person, confirmed("肺腺癌", "2026-07-20")).expect(denied("DIAGNOSED_IN_WAITING"))


@scenario(2)
def outp_a_joined_in_mid_year(stage: Stage, name: str, i: int) -> None:
    """Covered from 10 September: waits until 9 October 24:00 though the policy is older (ENT-D20); then it is granted."""
    policy = stage.shared.get(name) or stage.cast.policy("A", "2026-04-01", scenario=name)
    stage.shared[name] = policy
    person = stage.cast.join(policy, "2026-09-10", scenario=name)
    early = apply(
        stage, name, "OUTP", person, {"diagnosis": suspected("尿毒症", "2026-09-23"), "documents": note(person)}
    )
    early.expect(denied("WAITING_PERIOD"))
    # newly found after the period: 10 October is a Saturday that is worked; feedback is due on Tuesday the 13th at 24:00
    late_body: Json = {"diagnosis": confirmed("系统性硬皮病", "2026-10-10"), "documents": note(person, "2026-10-10")}
    late = apply(stage, name, "OUTP", person, late_body, at=early.when("10-10 14:00"))
    late.feedback("10-12 10:00")
    propose(late, "10-12 14:00", "shanghai", "10-20 09:30")
    attend(late, "10-19", "10-20", "shanghai")
    late.expect(SEEN)


@scenario(2)
def outp_a_left_the_group(stage: Stage, name: str, i: int) -> None:
    """Left on 20 September 24:00: the services of this person ended with it, LEFT_GROUP (ENT-D21)."""
    policy = stage.shared.get(name) or stage.cast.policy("A", "2026-05-01", scenario=name)
    stage.shared[name] = policy
    person = stage.cast.join(policy, scenario=name)
    left = {"person": person.particulars, "left_at": "2026-09-21T00:00:00+08:00"}
    stage.cast.core("MemberLeft", policy.number, left, on(f"09-21 09:0{i}"), name)
    ask(stage, name, person).expect(denied("SERVICE_TERMINATED"))


@scenario(6)
def outp_a_lapse_in_the_middle(stage: Stage, name: str, i: int) -> None:
    """The policy lapses on 9 October 0:00: what is not booked is closed, what is booked is kept (ENT-16, ENT-D11)."""
    if name not in stage.shared:
        stage.shared[name] = stage.cast.policy("A", "2026-06-01", scenario=name)
        number = stage.shared[name].number
        stage.cast.core("PolicyLapsed", number, {"lapsed_at": "2026-10-09T00:00:00+08:00"}, on("10-09 08:00"), name)
    person = stage.cast.join(stage.shared[name], scenario=name)
    if i >= 4:  # asked on the day of the lapse
        body: Json = {"diagnosis": confirmed(), "documents": note(person)}
        late = apply(stage, name, "OUTP", person, body, at=on(f"10-09 1{i}:00"))
        late.expect(denied("SERVICE_TERMINATED"))
        return
    case = ask(stage, name, person)
    case.feedback("09-28 10:00")
    if i % 2:
        case.expect(Expected("granted", "terminated", quota="released"))
        return
    propose(case, "09-29 11:00", "shanghai", "10-12 09:30")
    attend(case, "10-11", "10-12", "shanghai")
    stage.visits["A-kept"] = [*stage.visits.get("A-kept", []), stage.visits["A-shanghai"].pop()]
    case.expect(SEEN)


@scenario(2)
def outp_a_expired(stage: Stage, name: str, i: int) -> None:
    """The year ended on 14 September 24:00 and was not renewed (ENT-12, ENT-D16)."""
    policy = stage.shared.get(name) or stage.cast.policy("A", "2025-09-15", scenario=name)
    stage.shared[name] = policy
    ask(stage, name, stage.cast.join(policy, scenario=name)).expect(denied("SERVICE_EXPIRED"))


@scenario(4)
def outp_a_policy_not_yet_known(stage: Stage, name: str, i: int) -> None:
    """The policy's records come 40 minutes after the call: until then "not yet", never "no"; some withdraw meanwhile."""
    policy = stage.cast.policy("A", "2026-05-01", told_at=on(f"09-24 20:4{i}"), scenario=name)
    person = stage.cast.join(policy, told_at=on(f"09-24 20:5{i}"), scenario=name)
    body: Json = {"diagnosis": confirmed(), "documents": note(person)}
    case = apply(stage, name, "OUTP", person, body, at=on(f"09-24 20:1{i}"))
    if i % 2:
        case.say("WithdrawalRequested", on(f"09-24 20:3{i}"))
        case.expect(Expected("withdrawn", "withdrawn"))
        return
    booked_and_seen(case)
    case.expect(SEEN)
