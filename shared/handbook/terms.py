"""The parts of an edition. Amounts in fen, days as whole numbers, lists as tuples; nothing is ever changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Literal

from shared.calendar import Calendar, Deadline, Pause, ServiceHours, Unit, deadline
from shared.calendar.deadlines import before_day, minutes_before, next_time, same_day
from shared.kernel.value import value

Basis = Literal["text", "inferred"]
ClockBasis = Literal["hard", "average", "promised_unqualified", "typical"]
ClockUnit = Unit | Literal["day_before", "same_day", "clock_time", "minutes_before"]
Voucher = Literal["PERSONAL_INVOICE", "TITLED_OR_FIXED", "TITLED_LOCAL", "MEDICAL_INVOICE"]


@value
class Clause:
    """Where the handbook says it: the section and the words, verbatim. ``inferred``: the nearest words, no more."""

    section: str
    quote: str
    basis: Basis = "text"


@value
class VendorTerms:
    """One of the two service providers as this edition prints it."""

    code: str
    name: str
    hotline: str
    tax_id: str | None
    clauses: tuple[Clause, ...]


@value
class QuotaTerms:
    """How often per policy year, what consumes a held count, what gives it back, what a person decides (ENT-D04)."""

    limit: int
    rule: str
    hold_at: str
    consume_at: str
    consume_causes: frozenset[str]
    release_causes: frozenset[str]
    review_causes: frozenset[str]
    shared_with_family: bool
    clause: Clause


@value
class HospitalTerms:
    """What a hospital must be. ``special_review``: ungraded, military, VIP wings … go to a person (REF-D03)."""

    grade_min: Literal["3A", "2"] | None
    ownership: Literal["public"] | None
    recommended_ownership: Literal["public"] | None
    private_if_member_designates: Literal["review"] | None
    network: Literal["snapshot_or_vendor", "city_list"] | None
    special_review: bool
    named_hospital: str | None
    expert_rank_min: Literal["associate_chief", "chief"] | None
    expert_selectable: bool
    rules: tuple[str, ...]
    clause: Clause


@value
class ServiceTerms:
    """One bookable service of an edition. ``quota`` None: unlimited. ``rules``: every rule id that touches it here."""

    code: str
    line: str
    name: str
    vendor: str
    hotline: str
    hours: ServiceHours
    quota: QuotaTerms | None
    needs_listed_disease: bool
    suspicion_suffices: bool
    cooling_off: bool
    excluded_visits: tuple[str, ...]
    hospital: HospitalTerms | None
    rules: tuple[str, ...]
    clause: Clause

    def follows(self, rule: str) -> bool:
        """Whether a rule binds this service in this edition."""
        return rule in self.rules


@value
class ClockTerms:
    """One time limit. ``amount`` is the upper end of a printed range; the lower is descriptive (``amount_min``).

    ``hard`` is judged case by case, ``average`` per month (SLA-D05), ``typical`` is an indication,
    ``promised_unqualified`` a process step printed without 平均. ``start``: what starts it. ``care``: for which kinds
    of care the row is used (SUB-D05), empty for all.
    """

    id: str
    services: tuple[str, ...]
    step: str
    amount: int
    amount_min: int | None
    unit: ClockUnit
    basis: ClockBasis
    owed_by: Literal["vendor", "member", "limit"]
    start: str
    clock_time: time | None
    care: tuple[str, ...]
    net_of_member_waiting: bool
    hours: ServiceHours | None
    rules: tuple[str, ...]
    clauses: tuple[Clause, ...]

    @property
    def service(self) -> str:
        """The first (mostly the only) service of the row."""
        return self.services[0]

    def due(self, start: datetime, calendar: Calendar, pauses: Iterable[Pause] = ()) -> Deadline:
        """The deadline of a clock started at this instant, net of waits for the member (SLA-D01..D03)."""
        if self.unit == "day_before":
            return before_day(start, calendar)
        if self.unit == "same_day":
            return same_day(start, calendar)
        if self.unit == "clock_time":
            return next_time(start, self.clock_time or time(0), calendar)
        if self.unit == "minutes_before":
            return minutes_before(start, self.amount, calendar)
        return deadline(start, self.amount, self.unit, calendar, self.hours, pauses)


@value
class ItemTerms:
    """One kind of travel cost (SUB-13..19) and the voucher it needs (SUB-21..24)."""

    code: str
    rule: str
    kind: Literal["transport", "lodging", "transfer"]
    fare_classes_allowed: tuple[str, ...] | None
    fare_class_refusal: str | None
    at_place_of_treatment: bool
    voucher: Voucher
    titled: bool
    fixed_amount_ok: bool
    clause: Clause


@value
class SubsidyTerms:
    """The out-of-town travel subsidy of an edition: caps per policy year, window, items, designated title."""

    cap_in_province_fen: int
    cap_out_of_province_fen: int
    window_working_days: int
    linked_visit: Literal["required", "expected"]
    account_of_others: Literal["review", "wait"]
    account_of_a_minors_guardian: Literal["review", "wait"]
    items: Mapping[str, ItemTerms]
    title: str
    tax_id: str
    cap_clauses: tuple[Clause, ...]
    title_clauses: tuple[Clause, ...]


@value
class ParameterSource:
    """Where a parameter's value comes from: printed, inferred, the product contract, or for demonstrations."""

    name: str
    origin: Literal["text", "inferred", "contract", "demo"]
    rules: tuple[str, ...]
    clause: Clause


@value
class Parameters:
    """What the handbook leaves to the product (ENT-D01). ``demo``: some value is a demonstration's."""

    waiting_days: int
    cooling_off_days: int | None
    waiting_waived_for_accident: bool
    sum_insured_standard_fen: int | None
    subsidy_mailbox: str
    table_requirement: str | None
    renewal_grant: Literal["GRANT", "WITHHOLD"]
    continuous_cover_max_gap_days: int
    reinstatement_restarts_waiting: bool
    pre_existing: Literal["review", "grant", "refuse"]
    voucher_days_before: int
    voucher_days_after: int
    supplement_days: int
    supplement_reminder_days: int
    refund_due_days: int
    advance_second_approval_above_fen: int | None
    purchase_cutoff: datetime | None
    term_months: int
    demo: bool
    contract_only_diseases: tuple[str, ...] | None
    renewal_automatic: bool
