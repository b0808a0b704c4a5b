"""SUBSIDY that is paid, whole or in part: two products, two pools, two caps.

A visit of Monday 12 October may be claimed for until the 26th 24:00 (ten working days, SUB-D01); feedback is due on the next
working day (SLA-23, SLA-46); money within 15 working days of the complete papers: from the 15th until 5 November (SLA-24).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from examples.outcomes import Expected
from examples.record import Json, on, paper
from examples.story import Case, Stage, scenario
from examples.trips import HEFEI, NINGBO, SHANGHAI, Trip, account, claims, paid


def filed(stage: Stage, day: str = "10-15") -> datetime:
    """An instant of the day on which a claim is phoned in."""
    return on(f"{day} 09:00") + timedelta(seconds=stage.number("filed") * 97 % 21_600)


def money(yuan: int) -> dict[str, int]:
    """Approved and paid, both so much."""
    return {"approved": yuan, "paid": yuan}


def usual(stage: Stage, product: str, i: int) -> tuple[Trip, Case]:
    """By train, by air, by car or by ambulance; a taxi and a night at the place of treatment."""
    visit = stage.visit(product, "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on)
    if i % 4 == 0:
        trip.train(214).train(214, after=1).taxi(46).lodging(420)
    elif i % 4 == 1:
        trip.air(880).air(790, after=1).taxi(120)
    elif i % 4 == 2:
        trip.add("FUEL", 360, "titled", after=-1).add("TOLL", 185, "titled", after=-1).parking(40).lodging(380)
    else:
        trip.ambulance(1_500).taxi(35)
    return trip, visit


@scenario(18)
def subsidy_a_out_of_province(stage: Stage, name: str, i: int) -> None:
    """Hefei to Shanghai for a visit that Hengyu arranged: every line approved, paid in time (SUB-01, SUB-08, SUB-12)."""
    trip, visit = usual(stage, "A", i)
    case = claims(stage, name, trip, filed(stage), visit)
    case.feedback("10-16 10:00")
    paid(case, trip.yuan)
    case.expect(Expected("granted", "paid", lines=trip.approved, money=money(trip.yuan)))


@scenario(10)
def subsidy_b_out_of_province(stage: Stage, name: str, i: int) -> None:
    """The same for B, with its half hour of first response (SUB-02, SLA-37)."""
    trip, visit = usual(stage, "B", i)
    case = claims(stage, name, trip, filed(stage), visit)
    case.feedback("10-16 10:00")
    paid(case, trip.yuan)
    case.expect(Expected("granted", "paid", lines=trip.approved, money=money(trip.yuan)))


@scenario(4)
def subsidy_in_province(stage: Stage, name: str, i: int) -> None:
    """Ningbo to Hangzhou: another city of the same province, the pool of 2,000 (SUB-11, SUB-D07)."""
    visit = stage.visit("AB"[i % 2], "hangzhou")
    trip = Trip(stage, visit.person, "hangzhou", visit.visit_on).train(71).train(71, after=1).lodging(300)
    case = claims(stage, name, trip, filed(stage), visit, hukou=NINGBO)
    case.feedback("10-16 10:00")
    paid(case, 442)
    case.expect(Expected("granted", "paid", lines=trip.approved, money=money(442)))


@scenario(2)
def subsidy_at_the_last_minute(stage: Stage, name: str, i: int) -> None:
    """Started on 26 October at 23:59: the tenth working day is not over (SUB-03, SUB-D01)."""
    visit = stage.visit("A", "shanghai", "10-12")
    trip = Trip(stage, visit.person, "shanghai", "10-12").train(214).train(214, after=1)
    case = claims(stage, name, trip, on(f"10-26 23:59:{10 + i}"), visit)
    case.feedback("10-27 10:00")
    paid(case, 428, "11-03 14:00")
    case.expect(Expected("granted", "paid", lines=trip.approved, money=money(428)))


@scenario(2)
def subsidy_anchored_at_the_discharge(stage: Stage, name: str, i: int) -> None:
    """The visit of the 12th led to a stay until the 19th: the window runs from the discharge, to 2 November (SUB-D05)."""
    visit = stage.visit("A", "shanghai", "10-12")
    trip = Trip(stage, visit.person, "shanghai", "10-12").train(214).train(214, after=8)
    stay = {"kind": "inpatient", "starts_on": "2026-10-12", "ends_on": "2026-10-19", "hospital_city": trip.city}
    case = claims(stage, name, trip, on(f"10-30 10:0{i}"), visit, more_care=[stay])
    case.feedback("10-30 16:00")
    paid(case, 428, "11-06 14:00")
    case.expect(Expected("granted", "paid", lines=trip.approved, money=money(428)))


@scenario(1)
def subsidy_cap_in_province(stage: Stage, name: str, i: int) -> None:
    """1,800 paid in the province, then 500 claimed: 200 are left of 2,000 (SUB-11, SUB-D03)."""
    visit = stage.visit("A", "hangzhou")
    first = Trip(stage, visit.person, "hangzhou", visit.visit_on).ambulance(1_800)
    one = claims(stage, name, first, filed(stage), visit, hukou=NINGBO)
    one.feedback("10-16 10:00")
    paid(one, 1_800)
    one.expect(Expected("granted", "paid", lines=first.approved, money=money(1_800)))
    second = Trip(stage, visit.person, "hangzhou", visit.visit_on).lodging(500)
    two = claims(stage, name, second, filed(stage, "10-20"), visit, hukou=NINGBO)
    two.feedback("10-21 10:00")
    paid(two, 200, "10-27 14:00")
    two.expect(Expected("granted", "partly_paid", lines={1: "approved 200"}, money=money(200)))


@scenario(2)
def subsidy_cap_out_of_province(stage: Stage, name: str, i: int) -> None:
    """5,600 claimed out of the province: 5,000 (SUB-12); a further claim of that year meets an empty pool."""
    product = "AB"[i]
    visit = stage.visit(product, "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).ambulance(4_800).lodging(800)
    one = claims(stage, name, trip, filed(stage), visit)
    one.feedback("10-16 10:00")
    paid(one, 5_000)
    one.expect(Expected("granted", "partly_paid", lines={1: "approved 4800", 2: "approved 200"}, money=money(5_000)))
    again = Trip(stage, visit.person, "shanghai", visit.visit_on).taxi(66)
    two = claims(stage, name, again, filed(stage, "10-20"), visit)
    two.expect(Expected("granted", "cap_reached", lines={1: "approved 0"}, money=money(0)))


@scenario(2)
def subsidy_line_waits_for_its_voucher(stage: Stage, name: str, i: int) -> None:
    """The train goes on, the taxi waits for its payment screenshot (SUB-21, SUB-22, SUB-33); it comes, both are paid at once."""
    visit = stage.visit("AB"[i], "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).train(200).taxi(45, proof=False)
    case = claims(stage, name, trip, filed(stage), visit)
    case.feedback("10-16 10:00")
    proof = paper("PAYMENT_SCREENSHOT", f"{case.ref}/2")
    case.say("DocumentsSubmitted", "10-19 10:00", vouchers=[{"line": 2, "payment_proof": proof}])
    paid(case, 245, "10-26 14:00")
    case.expect(Expected("granted", "paid", lines=trip.approved, money=money(245)))


@scenario(3)
def subsidy_claim_waits_for_its_papers(stage: Stage, name: str, i: int) -> None:
    """No proof of treatment (SUB-26); somebody else's account in B (SUB-25); no residence permit on the way home (SUB-09)."""
    product = "ABA"[i]
    visit = stage.visit(product, "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).train(214).lodging(420)
    person = visit.person
    lacking: Json = (
        {"treatment_proof": None},
        {"account": account(person, "other", "家属")},
        {"hukou": SHANGHAI, "residence_city": HEFEI},
    )[i]
    case = claims(stage, name, trip, filed(stage), visit, **lacking)
    case.feedback("10-16 10:00")
    later: Json = (
        {"treatment_proof": [paper("REGISTRATION_SLIP", person.id_number)]},
        {"account": account(person)},
        {"residence_proof": paper("RESIDENCE_PERMIT", person.id_number)},
    )[i]
    case.say("DocumentsSubmitted", "10-20 10:00", **later)
    paid(case, 634, "10-28 14:00")
    case.expect(Expected("granted", "paid", lines=trip.approved, money=money(634)))


@scenario(2)
def subsidy_line_expires(stage: Stage, name: str, i: int) -> None:
    """The taxi's screenshot never comes: after 30 natural days that line closes without prejudice (SUB-D08)."""
    visit = stage.visit("AB"[i], "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).train(200).taxi(45, proof=False)
    case = claims(stage, name, trip, filed(stage), visit)
    case.feedback("10-16 10:00")
    paid(case, 200)
    lines = {1: "approved 200", 2: "expired"}  # asked on 15 October, over on 14 November 24:00
    case.expect(Expected("granted", "partly_paid", lines=lines, money=money(200)))


@scenario(2)
def subsidy_feedback_late(stage: Stage, name: str, i: int) -> None:
    """Filed on Thursday the 15th, fed back on Monday the 19th: due on Friday 24:00 (SLA-23, SLA-46)."""
    visit = stage.visit("AB"[i], "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).train(214)
    case = claims(stage, name, trip, filed(stage), visit)
    case.feedback("10-19 10:00")
    paid(case, 214)
    late = (("AB"[i] + "-SUBSIDY-FEEDBACK", on("10-17 00:00")),)
    case.expect(Expected("granted", "paid", lines=trip.approved, money=money(214), breaches=late))


@scenario(2)
def subsidy_paid_late(stage: Stage, name: str, i: int) -> None:
    """Paid on 9 November, after 15 working days: hard in A (SLA-24), an average in B that only warns (SLA-47)."""
    visit = stage.visit("AB"[i], "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).train(214)
    case = claims(stage, name, trip, filed(stage), visit)
    case.feedback("10-16 10:00")
    paid(case, 214, "11-09 14:00")
    late = (("A-SUBSIDY-COMPLETE", on("11-06 00:00")),) if i == 0 else ()
    case.expect(Expected("granted", "paid", lines=trip.approved, money=money(214), breaches=late))


@scenario(1)
def subsidy_for_a_visit_kept_after_the_lapse(stage: Stage, name: str, i: int) -> None:
    """The cover lapsed on 9 October, the visit of the 12th was kept: its subsidy may still be claimed (ENT-D11)."""
    visit = stage.visits["A-kept"][0]
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).train(214).train(214, after=1)
    case = claims(stage, name, trip, filed(stage), visit)
    case.feedback("10-16 10:00")
    paid(case, 428)
    case.expect(Expected("granted", "paid", lines=trip.approved, money=money(428)))
