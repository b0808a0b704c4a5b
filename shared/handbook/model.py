"""The handbooks as values: an edition of a product with its services, quotas, clocks, parameters and clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.handbook.errors import UnknownEdition
from shared.handbook.network import CityNetwork
from shared.handbook.sickness import DiseaseList
from shared.handbook.terms import (
    Clause,
    ClockTerms,
    HospitalTerms,
    ItemTerms,
    Parameters,
    ParameterSource,
    QuotaTerms,
    ServiceTerms,
    SubsidyTerms,
    VendorTerms,
)

__all__ = [
    "CityNetwork",
    "Clause",
    "ClockTerms",
    "DiseaseList",
    "Edition",
    "Editions",
    "HospitalTerms",
    "ItemTerms",
    "ParameterSource",
    "Parameters",
    "QuotaTerms",
    "ServiceTerms",
    "SubsidyTerms",
    "VendorTerms",
]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Edition:
    """One printed edition of one product's handbook, in force in ``[valid_from, valid_until)`` (open where None).

    Compared by identity: an edition is loaded once, and is a cheap key of caches.
    """

    id: str
    product: str
    name: str
    printed_edition: str | None
    sha256: str
    valid_from: datetime | None
    valid_until: datetime | None
    insurer_hotline: str
    insurer_clause: Clause
    change_notice_channels: tuple[str, ...]
    vendors: Mapping[str, VendorTerms]
    parameters: Parameters
    parameter_sources: Mapping[str, ParameterSource]
    services: Mapping[str, ServiceTerms]
    clocks_by_id: Mapping[str, ClockTerms]
    subsidy_terms: SubsidyTerms | None
    diseases: DiseaseList
    advance_cities: CityNetwork | None
    clauses: Mapping[str, tuple[Clause, ...]]
    _clocks: dict[tuple[str, str], tuple[ClockTerms, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Edition({self.id})"

    def offers(self, service: str) -> bool:
        """Whether this edition has the service at all."""
        return service in self.services

    def service(self, code: str) -> ServiceTerms:
        """The terms of a service. Raises KeyError where the edition does not offer it."""
        return self.services[code]

    def clock(self, clock_id: str) -> ClockTerms:
        """One clock by its id, or by the id of a printed row that says the same. Raises KeyError."""
        return self.clocks_by_id[clock_id]

    def clocks(self, service: str, step: str) -> tuple[ClockTerms, ...]:
        """The clocks of one step of a service (``feedback``, ``complete``, ``first_response`` …), each once."""
        found = self._clocks.get((service, step))
        if found is None:
            distinct = {c.id: c for c in self.clocks_by_id.values() if c.step == step and service in c.services}
            found = self._clocks[service, step] = tuple(distinct.values())
        return found

    @property
    def subsidy(self) -> SubsidyTerms:
        """The subsidy's terms. Raises KeyError where the edition does not offer it."""
        if self.subsidy_terms is None:
            raise KeyError("SUBSIDY")
        return self.subsidy_terms

    def clauses_of(self, rule: str) -> tuple[Clause, ...]:
        """The clauses a rule rests on in this edition; none where the edition prints nothing near it."""
        return self.clauses.get(rule, ())

    def valid_at(self, on: datetime) -> bool:
        """Whether the edition is in force at an instant."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on < self.valid_until
        )


@dataclass(frozen=True, slots=True, eq=False)
class Editions:
    """Every edition that was loaded."""

    by_id: Mapping[str, Edition]

    @property
    def products(self) -> tuple[str, ...]:
        """Product codes, sorted."""
        return tuple(sorted({edition.product for edition in self.by_id.values()}))

    def get(self, edition_id: str) -> Edition:
        """The edition a case was decided under. Raises UnknownEdition (a KeyError)."""
        try:
            return self.by_id[edition_id]
        except KeyError:
            raise UnknownEdition(edition_id) from None

    def current(self, product: str, on: datetime) -> Edition | None:
        """The edition of a product in force at an instant; None for a product no handbook covers then."""
        for edition in self.by_id.values():
            if edition.product == product and edition.valid_at(on):
                return edition
        return None
