"""SUBSIDY where a line or the whole claim is refused, or where a person is asked."""

from __future__ import annotations

from collections.abc import Callable

from examples.outcomes import Expected
from examples.record import Json, on, paper
from examples.story import Case, Stage, scenario
from examples.subsidy_paid import filed, money
from examples.trips import HEFEI, SHANGHAI, Trip, account, claims, paid

OTHER_TITLE = {"title": "某某科技有限公司", "tax_id": "91310000MA1AAAAA1X"}
WRONG_LINES: tuple[tuple[Callable[[Trip], Trip], str], ...] = (
    (lambda t: t.train(890, fare_class="FIRST_CLASS"), "SEAT_CLASS"),  # SUB-13
    (lambda t: t.air(2_400, fare_class="BUSINESS"), "CABIN_CLASS"),  # SUB-14
    (lambda t: t.taxi(38, city=HEFEI), "NOT_AT_PLACE_OF_TREATMENT"),  # SUB-17: a taxi at home
    (lambda t: t.train(214, person="companion"), "COMPANION_COST"),  # SUB-10
    (lambda t: t.add("TOLL", 120, "titled", invoice=OTHER_TITLE), "INVOICE_TITLE"),  # SUB-29
    (lambda t: t.taxi(52, invoice={"tax_id": "91310112MA1GBAW55I"}), "TAX_ID_MISMATCH"),  # SUB-31: an I for a 1
    (lambda t: t.add("MEAL", 60, "titled"), "NOT_TRANSPORT_OR_LODGING"),  # SUB-20
    (lambda t: t.lodging(300, kind="fixed_amount"), "INVOICE_TITLE"),  # SUB-24, SUB-D06
)


@scenario(8)
def subsidy_one_line_refused(stage: Stage, name: str, i: int) -> None:
    """One line is wrong, another right: the right one is paid, the wrong one uses no cap (SUB-D03)."""
    visit = stage.visit("AB"[i % 2], "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).train(214)
    wrong, reason = WRONG_LINES[i]
    wrong(trip)
    case = claims(stage, name, trip, filed(stage), visit)
    case.feedback("10-16 10:00")
    paid(case, 214)
    lines = {1: "approved 214", 2: f"refused {reason}"}
    case.expect(Expected("granted", "partly_paid", lines=lines, money=money(214)))


def refused(trip: Trip, *reasons: str) -> Expected:
    """The whole claim refused: every line for the same reasons."""
    lines = {line["line"]: f"refused {reasons[0]}" for line in trip.lines}
    return Expected("granted", "refused", refusals=reasons, lines=lines, money=money(0))


@scenario(3)
def subsidy_too_late(stage: Stage, name: str, i: int) -> None:
    """A visit of the 12th claimed on the 27th: the tenth working day was the 26th (SUB-03, SUB-06)."""
    visit = stage.visit("AAB"[i], "shanghai", "10-12")
    trip = Trip(stage, visit.person, "shanghai", "10-12").train(214).lodging(300)
    case = claims(stage, name, trip, on(f"10-27 0{i * 4}:00:0{i}"), visit)
    case.expect(refused(trip, "LATE"))


@scenario(2)
def subsidy_same_city(stage: Stage, name: str, i: int) -> None:
    """Registered in Shanghai, treated in Shanghai (SUB-08); districts of one municipality are one city (SUB-D07)."""
    visit = stage.visit("AB"[i], "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).taxi(60)
    case = claims(stage, name, trip, filed(stage), visit, hukou=(SHANGHAI, "310115")[i])
    case.expect(refused(trip, "SAME_CITY"))


@scenario(2)
def subsidy_a_without_a_visit(stage: Stage, name: str, i: int) -> None:
    """A trip to a doctor found by oneself: no GREEN service (SUB-01)."""
    person = stage.again("A")
    trip = Trip(stage, person, "shanghai", "10-12").train(214).train(214, after=1)
    case = claims(stage, name, trip, filed(stage))
    case.expect(refused(trip, "NO_GREEN_SERVICE"))


def decided(case: Case, trip: Trip, review: str, grant: bool, **more: object) -> None:
    """An operations officer answers on the 20th; what was granted is paid on the 28th."""
    case.feedback("10-16 10:00")
    answer, reason = ("grant", "EVIDENCE_SEEN") if grant else ("refuse", "EVIDENCE_MISSING")
    case.reviewed("10-20 10:00", "B1", "operations", answer, reason, **more)
    if grant:
        paid(case, trip.yuan, "10-28 14:00")
        case.expect(Expected("granted", "paid", reviews=(review,), lines=trip.approved, money=money(trip.yuan)))
        return
    lines = {line["line"]: f"refused {review}" for line in trip.lines}
    case.expect(Expected("granted", "refused", reviews=(review,), lines=lines, money=money(0)))


@scenario(3)
def subsidy_b_without_a_visit(stage: Stage, name: str, i: int) -> None:
    """B: without a linked visit a person decides (SUB-02, SUB-32). Twice yes, once no."""
    person = stage.again("B")
    trip = Trip(stage, person, "shanghai", "10-12").train(214).train(214, after=1)
    decided(claims(stage, name, trip, filed(stage)), trip, "NO_LINKED_GREEN_SERVICE", i < 2)


@scenario(2)
def subsidy_unlisted_transport(stage: Stage, name: str, i: int) -> None:
    """A coach is transport and not on the list: a person decides (SUB-20)."""
    visit = stage.visit("AB"[i], "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).add("COACH", 160, "titled", after=-1)
    decided(claims(stage, name, trip, filed(stage), visit), trip, "OTHER_ITEM", i == 0)


@scenario(2)
def subsidy_outside_the_time_range(stage: Stage, name: str, i: int) -> None:
    """A night four days before the visit: three are the range (SUB-27, SUB-D04)."""
    visit = stage.visit("AB"[i], "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).lodging(300, after=-4)
    decided(claims(stage, name, trip, filed(stage), visit), trip, "OUTSIDE_TIME_RANGE", i == 1)


@scenario(1)
def subsidy_a_account_of_another(stage: Stage, name: str, i: int) -> None:
    """A: an account that is not the patient's goes to a person (SUB-25)."""
    visit = stage.visit("A", "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).train(214)
    case = claims(stage, name, trip, filed(stage), visit, account=account(visit.person, "other", "家属"))
    decided(case, trip, "ACCOUNT_NOT_PATIENT", True)


@scenario(1)
def subsidy_lives_where_the_hospital_is(stage: Stage, name: str, i: int) -> None:
    """Registered in Hefei, proven resident of Shanghai, treated there: a person decides and names the pool (SUB-D02)."""
    visit = stage.visit("A", "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).train(214)
    permit = paper("RESIDENCE_PERMIT", visit.person.id_number)
    proof: Json = {"residence_city": SHANGHAI, "residence_proof": permit}
    case = claims(stage, name, trip, filed(stage), visit, **proof)
    decided(case, trip, "RESIDENCE_IS_HOSPITAL_CITY", True, pool="out_of_province")


@scenario(2)
def subsidy_invoice_used_twice(stage: Stage, name: str, i: int) -> None:
    """The same invoice in a second claim, of another member the second time: paid once across all (SUB-D03)."""
    visit = stage.visit("A", "shanghai")
    trip = Trip(stage, visit.person, "shanghai", visit.visit_on).taxi(88)
    one = claims(stage, name, trip, filed(stage), visit)
    one.feedback("10-16 10:00")
    paid(one, 88)
    one.expect(Expected("granted", "paid", lines=trip.approved, money=money(88)))
    other = visit if i == 0 else stage.visit("A", "shanghai")
    number = trip.lines[0]["invoice"]["number"]
    again = Trip(stage, other.person, "shanghai", other.visit_on).taxi(88, invoice={"number": number})
    two = claims(stage, name, again, filed(stage, "10-21"), other)
    two.expect(refused(again, "INVOICE_USED"))


@scenario(1)
def subsidy_paid_though_refused(stage: Stage, name: str, i: int) -> None:
    """The payment system pays 320 for a claim that was refused as late: suspense, and finance looks."""
    visit = stage.visit("A", "shanghai", "10-12")
    trip = Trip(stage, visit.person, "shanghai", "10-12").train(320)
    case = claims(stage, name, trip, on("10-27 11:00:30"), visit)
    stage.pays(on("11-03 10:00"), "subsidy", 320, case.request_id, name)
    expected = refused(trip, "LATE")
    case.expect(
        Expected(
            "granted", "refused", refusals=expected.refusals, reviews=("NOTHING_APPROVED",), lines=expected.lines,
            money=expected.money, suspense=320,
        )
    )  # fmt: skip
