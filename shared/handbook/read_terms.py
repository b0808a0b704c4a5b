"""From the data of one edition to its services, quotas, clocks and subsidy. Holes are noted, never raised."""

from __future__ import annotations

from typing import get_args

from shared.calendar import ROUND_THE_CLOCK, ServiceHours
from shared.calendar.deadlines import UNITS
from shared.handbook.fields import Fields
from shared.handbook.terms import (
    ClockBasis,
    ClockTerms,
    HospitalTerms,
    ItemTerms,
    QuotaTerms,
    ServiceTerms,
    SubsidyTerms,
    VendorTerms,
    Voucher,
)

CONSUME_POINTS = (
    "booking_confirmed", "visit_attended", "clinic_appointment_confirmed", "case_opened_with_expert_side",
    "session_held", "treatment",
)  # fmt: skip
CLOCK_UNITS = (*UNITS, "day_before", "same_day", "clock_time", "minutes_before")


def read_vendors(edition: Fields) -> dict[str, VendorTerms]:
    """The vendors this edition names."""
    vendors = {}
    for code, row in edition.part("vendors").parts():
        vendors[code] = VendorTerms(
            code, row.text("name"), row.text("hotline"), row.maybe_text("tax_id"), row.clauses()
        )
        row.close()
    return vendors


def read_quotas(file: Fields) -> tuple[dict[str, QuotaTerms], set[str]]:
    """The counted services, and those without a count."""
    counted = {}
    for code, row in file.part("counted", {}).parts():
        causes = {name: frozenset(row.texts(f"{name}_causes")) for name in ("consume", "release", "review")}
        counted[code] = QuotaTerms(
            limit=row.whole("limit", at_least=1),
            rule=row.text("rule"),
            hold_at=row.choice("hold_at", ("request_accepted", "visit_booked")),
            consume_at=row.choice("consume_at", CONSUME_POINTS),
            consume_causes=causes["consume"],
            release_causes=causes["release"],
            review_causes=causes["review"],
            shared_with_family=row.flag("shared_with_family", False),
            clause=row.clause(),
        )
        if doubled := (causes["consume"] & causes["release"]) | (causes["review"] & causes["release"]):
            row.hole("CONFLICT", "release_causes", f"also elsewhere: {', '.join(sorted(doubled))}")
        row.close()
    unlimited = {code for code, _ in file.part("unlimited", {}).parts()}
    for code in unlimited & counted.keys():
        file.hole("CONFLICT", f"unlimited.{code}", "is counted and unlimited at once")
    file.close()
    return counted, unlimited


def read_services(
    file: Fields, counted: dict[str, QuotaTerms], unlimited: set[str], vendors: dict[str, VendorTerms]
) -> dict[str, ServiceTerms]:
    """Every service of the edition with its quota."""
    services = {code: _service(code, row, counted, vendors) for code, row in file.parts()}
    for code in services.keys() - counted.keys() - unlimited:
        file.hole("FIELD_MISSING", code, "quotas.yaml must say whether it is counted or unlimited")
    for code in (counted.keys() | unlimited) - services.keys():
        file.hole("CONFLICT", code, "has a quota but is not a service of the edition")
    return services


def _service(code: str, row: Fields, counted: dict[str, QuotaTerms], vendors: dict[str, VendorTerms]) -> ServiceTerms:
    vendor, listed = row.text("vendor"), row.flag("needs_listed_disease")
    if vendor not in vendors:
        row.hole("CONFLICT", "vendor", f"edition.yaml names no vendor {vendor!r}")
    terms = ServiceTerms(
        code=code,
        line=row.text("line"),
        name=row.text("name"),
        vendor=vendor,
        hotline=vendors[vendor].hotline if vendor in vendors else "",
        hours=_hours(row),
        quota=counted.get(code),
        needs_listed_disease=listed,
        suspicion_suffices=row.flag("suspicion_suffices") if listed else True,
        cooling_off=row.flag("cooling_off"),
        excluded_visits=row.texts("excluded_visits", ()),
        hospital=_hospital(row.part("hospital")) if row.has("hospital") else None,
        rules=row.texts("rules"),
        clause=row.clause(),
    )
    row.close()
    return terms


def _hours(row: Fields) -> ServiceHours:
    if row.raw("hours") == "round_the_clock":
        return ROUND_THE_CLOCK
    span = row.part("hours")
    opens, closes = span.clock_time("opens"), span.clock_time("closes")
    if opens is None or closes is None or opens >= closes:
        row.hole("WRONG_VALUE", "hours", "must be round_the_clock or {opens: HH:MM, closes: HH:MM}")
    span.close()
    return ServiceHours(opens, closes)


def _hospital(row: Fields) -> HospitalTerms:
    terms = HospitalTerms(
        grade_min=row.choice("grade_min", (None, "3A", "2"), None),
        ownership=row.choice("ownership", (None, "public"), None),
        recommended_ownership=row.choice("recommended_ownership", (None, "public"), None),
        private_if_member_designates=row.choice("private_if_member_designates", (None, "review"), None),
        network=row.choice("network", (None, "snapshot_or_vendor", "city_list"), None),
        special_review=row.flag("special_review", False),
        named_hospital=row.maybe_text("named_hospital"),
        expert_rank_min=row.choice("expert_rank_min", (None, "associate_chief", "chief"), None),
        expert_selectable=row.flag("expert_selectable", True),
        rules=row.texts("rules"),
        clause=row.clause(),
    )
    row.close()
    return terms


def read_clocks(file: Fields, services: dict[str, ServiceTerms]) -> dict[str, ClockTerms]:
    """Every clock under its id and under the ids of the rows that print it again."""
    clocks: dict[str, ClockTerms] = {}
    for clock_id, row in file.parts():
        terms = _clock(clock_id, row, services)
        for name in (clock_id, *row.texts("also_printed_as", ())):
            if name in clocks:
                row.hole("CONFLICT", "also_printed_as", f"{name} is printed twice")
            clocks[name] = terms
        row.close()
    return clocks


def _clock(clock_id: str, row: Fields, services: dict[str, ServiceTerms]) -> ClockTerms:
    codes = row.texts("services")
    unit = row.choice("unit", CLOCK_UNITS)
    for code in codes:
        if code not in services:
            row.hole("CONFLICT", "services", f"{code} is not a service of the edition")
    if not codes:
        row.hole("FIELD_MISSING", "services", "at least one is needed")
    hours = services[codes[0]].hours if codes and codes[0] in services else ROUND_THE_CLOCK
    return ClockTerms(
        id=clock_id,
        services=codes,
        step=row.text("step"),
        amount=row.whole("amount", at_least=1),
        amount_min=row.maybe_whole("amount_min"),
        unit=unit,
        basis=row.choice("basis", get_args(ClockBasis)),
        owed_by=row.choice("owed_by", ("vendor", "member", "limit")),
        start=row.text("start"),
        clock_time=row.clock_time("clock_time"),
        care=row.texts("care", ()),
        net_of_member_waiting=row.flag("net_of_member_waiting", False),
        hours=hours if unit == "half_hour" and not hours.round_the_clock else None,
        rules=row.texts("rules"),
        clauses=row.clauses(),
    )


def read_subsidy(file: Fields) -> SubsidyTerms:
    """The travel subsidy: caps, window, items."""
    items = {code: _item(code, row) for code, row in file.part("items").parts()}
    terms = SubsidyTerms(
        cap_in_province_fen=file.whole("cap_in_province_fen"),
        cap_out_of_province_fen=file.whole("cap_out_of_province_fen"),
        window_working_days=file.whole("window_working_days", at_least=1),
        linked_visit=file.choice("linked_visit", ("required", "expected")),
        account_of_others=file.choice("account_of_others", ("review", "wait")),
        account_of_a_minors_guardian=file.choice("account_of_a_minors_guardian", ("review", "wait")),
        items=items,
        title=file.text("title"),
        tax_id=file.text("tax_id"),
        cap_clauses=file.clauses("cap_clauses"),
        title_clauses=file.clauses("title_clauses"),
    )
    file.close()
    return terms


def _item(code: str, row: Fields) -> ItemTerms:
    classes = row.texts("fare_classes_allowed", ())
    item = ItemTerms(
        code=code,
        rule=row.text("rule"),
        kind=row.choice("kind", ("transport", "lodging", "transfer")),
        fare_classes_allowed=classes or None,
        fare_class_refusal=row.text("fare_class_refusal") if classes else None,
        at_place_of_treatment=row.flag("at_place_of_treatment"),
        voucher=row.choice("voucher", get_args(Voucher)),
        titled=row.flag("titled"),
        fixed_amount_ok=row.flag("fixed_amount_ok"),
        clause=row.clause(),
    )
    row.close()
    return item
