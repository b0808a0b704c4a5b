"""What the rules of the claim look at, and how a trip is read: its anchor, its window, its cities, its year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Final, Literal

from services.subsidy.domain.claimed import Care, Claimed, Pool
from shared.calendar import Calendar, Deadline, deadline
from shared.handbook.cities import province_of, same_city
from shared.handbook.model import Edition, SubsidyTerms
from shared.kernel.instant import anniversary
from shared.kernel.value import value

SERVICE: Final = "SUBSIDY"
Situation = Literal["same_city", "permit_needed", "residence_is_hospital_city", "out_of_town"]
POOL_IS_NAMED_BY_A_PERSON = frozenset({"RESIDENCE_IS_HOSPITAL_CITY", "HOSPITAL_CITIES_DIFFER"})


@value
class Link:
    """What is known of a visit that the claim names."""

    standing: Literal["unknown", "confirmed", "voided"]
    visit_on: date | None = None
    hospital_city: str | None = None
    same_member: bool = True


@value
class CoverYear:
    """The policy year of the request, half-open, and its ordinal in the continuous cover."""

    ordinal: int
    starts_on: date
    ends_on: date


@value
class TripCase:
    """What the rules of the claim look at. ``patient`` for a visit not yet known: False once the wait is over."""

    claimed: Claimed
    applied_at: datetime
    year: CoverYear
    edition: Edition
    calendar: Calendar
    links: Mapping[str, Link] = field(default_factory=dict)
    patient: bool = True

    @property
    def terms(self) -> SubsidyTerms:
        """The subsidy's terms in the case's edition."""
        return self.edition.subsidy


def anchor_care(claimed: Claimed) -> Care:
    """The care whose last day opens the window: the latest of the trip (SUB-D05)."""
    return max(claimed.care, key=lambda care: (care.anchor_on, care.kind == "inpatient"))


def window(claimed: Claimed, terms: SubsidyTerms, calendar: Calendar) -> Deadline:
    """By when the application must be started: the anchor day is not counted (SUB-D01)."""
    return deadline(anchor_care(claimed).anchor_on, terms.window_working_days, "working_day", calendar)


def situation(claimed: Claimed, hospital_city: str) -> tuple[Situation, str]:
    """One hospital city against hukou and proven residence, and the departure city (SUB-D02, one definition)."""
    hukou, residence = claimed.hukou_city, claimed.residence_city
    elsewhere = residence is not None and not same_city(residence, hukou)
    proven = elsewhere and claimed.residence_proof is not None
    departure = residence if proven and residence is not None else hukou
    if same_city(hukou, hospital_city):
        if not elsewhere:
            return "same_city", departure
        return ("out_of_town" if proven else "permit_needed"), departure
    if proven and same_city(departure, hospital_city):
        return "residence_is_hospital_city", departure
    return "out_of_town", departure


def pools(claimed: Claimed) -> frozenset[Pool]:
    """The pools that the trip's out-of-town hospitals fall into: province of departure against province of hospital."""
    found: set[Pool] = set()
    for care in claimed.care:
        said, departure = situation(claimed, care.hospital_city)
        if said == "out_of_town":
            same = province_of(departure) == province_of(care.hospital_city)
            found.add("in_province" if same else "out_of_province")
    return frozenset(found)


def year_of_care(claimed: Claimed, year: CoverYear) -> int | None:
    """The ordinal of the policy year in which the anchor day lies; None before the first one (SUB-D02)."""
    on, ordinal, starts_on = anchor_care(claimed).anchor_on, year.ordinal, year.starts_on
    while on < starts_on:
        ordinal, starts_on = ordinal - 1, anniversary(starts_on, -1)
    ends_on = year.ends_on
    while on >= ends_on:
        ordinal, ends_on = ordinal + 1, anniversary(ends_on, 1)
    return ordinal if ordinal >= 1 else None
