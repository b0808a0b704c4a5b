"""Reading the editions: the packaged ones and those of folders elsewhere, validated whole (a product is data alone).

A folder of editions holds one folder per edition. A folder with ``edition.yaml`` is an edition; one with only a
``parameters.yaml`` naming its ``edition:`` replaces parameters of an edition that is loaded too, which is how
production brings the product contract's own values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from shared.handbook.errors import HandbookError, Hole
from shared.handbook.fields import Fields
from shared.handbook.model import Edition, Editions
from shared.handbook.network import CityNetwork
from shared.handbook.read_lists import read_clauses, read_diseases, read_network
from shared.handbook.read_parameters import read_parameters
from shared.handbook.read_terms import read_clocks, read_quotas, read_services, read_subsidy, read_vendors

HERE = Path(__file__).parent
PACKAGED = HERE / "editions"
NETWORKS = HERE / "networks"


def load_editions(extra_dirs: Iterable[Path | str] = (), allow_demo: bool = True) -> Editions:
    """Every edition of the package and of ``extra_dirs``. Raises HandbookError naming every hole of every edition.

    ``allow_demo=False`` (production) refuses values that are marked as demonstrations.
    """
    return _load(tuple(Path(directory) for directory in extra_dirs), allow_demo)


@lru_cache(maxsize=16)
def _load(extra_dirs: tuple[Path, ...], allow_demo: bool) -> Editions:
    holes: list[Hole] = []
    folders = [folder for root in (PACKAGED, *extra_dirs) for folder in _folders(root, holes)]
    overlays = [_overlay(folder, holes) for folder in folders if not (folder / "edition.yaml").exists()]
    editions = [
        EditionFolder(folder, holes).read(overlays, allow_demo)
        for folder in folders
        if (folder / "edition.yaml").exists()
    ]
    _consistent(editions, overlays, holes)
    if holes:
        raise HandbookError(holes)
    return Editions({edition.id: edition for edition in editions})


def _folders(root: Path, holes: list[Hole]) -> list[Path]:
    if not root.is_dir():
        holes.append(Hole("FILE_MISSING", str(root), "", "is not a folder of editions"))
        return []
    return sorted(folder for folder in root.iterdir() if folder.is_dir())


def _overlay(folder: Path, holes: list[Hole]) -> tuple[str, dict[str, Any]]:
    """Which edition an overlay is for, and its parameters."""
    rows = _read(folder / "parameters.yaml", holes)
    edition = str(rows.pop("edition", ""))
    if not edition:
        where = f"{folder.name}/parameters.yaml"
        holes.append(
            Hole("FIELD_MISSING", where, "edition", "without an edition.yaml it must name the edition it is for")
        )
    return edition, rows


def _consistent(editions: Sequence[Edition], overlays: Iterable[tuple[str, Any]], holes: list[Hole]) -> None:
    seen: list[Edition] = []
    for one in editions:
        for other in seen:
            if other.id == one.id:
                holes.append(Hole("CONFLICT", "edition.yaml", "id", f"{one.id} is there twice"))
            elif other.product == one.product and _overlap(one, other):
                message = f"{one.id} and {other.id} of product {one.product} are in force at the same time"
                holes.append(Hole("CONFLICT", "edition.yaml", "valid_from", message))
        seen.append(one)
    for edition_id, _ in overlays:
        if edition_id and edition_id not in {one.id for one in editions}:
            holes.append(Hole("CONFLICT", "parameters.yaml", "edition", f"no edition {edition_id} was loaded"))


def _overlap(one: Edition, other: Edition) -> bool:
    starts_before = one.valid_from is None or other.valid_until is None or one.valid_from < other.valid_until
    ends_after = other.valid_from is None or one.valid_until is None or other.valid_from < one.valid_until
    return starts_before and ends_after


class EditionFolder:
    """One folder of data being read."""

    def __init__(self, folder: Path, holes: list[Hole]) -> None:
        self.folder = folder
        self.holes = holes

    def read(self, overlays: Iterable[tuple[str, dict[str, Any]]], allow_demo: bool) -> Edition:
        """The edition of this folder, with the parameters that overlays bring."""
        head = self._file("edition.yaml")
        edition_id, product = head.text("id"), head.text("product")
        vendors = read_vendors(head)
        quotas, unlimited = read_quotas(self._file("quotas.yaml"))
        services = read_services(self._file("services.yaml"), quotas, unlimited, vendors)
        rows = _read(self.folder / "parameters.yaml", self.holes)
        for _, replaced in (overlay for overlay in overlays if overlay[0] == edition_id):
            rows |= {name: {**rows.get(name, {}), "demo": False, **row} for name, row in replaced.items()}
        parameters, sources = read_parameters(
            Fields(rows, f"{self.folder.name}/parameters.yaml", "", self.holes), services, allow_demo
        )
        edition = Edition(
            id=edition_id,
            product=product,
            name=head.text("name"),
            printed_edition=head.maybe_text("printed_edition"),
            sha256=head.text("text_sha256"),
            valid_from=head.instant("valid_from"),
            valid_until=head.instant("valid_until"),
            insurer_hotline=head.text("insurer_hotline"),
            insurer_clause=head.clause("insurer_clause"),
            change_notice_channels=head.texts("change_notice_channels", ()),
            vendors=vendors,
            parameters=parameters,
            parameter_sources=sources,
            services=services,
            clocks_by_id=read_clocks(self._file("clocks.yaml"), services),
            subsidy_terms=read_subsidy(self._file("subsidy.yaml")) if "SUBSIDY" in services else None,
            diseases=read_diseases(self._file("diseases.yaml")),
            advance_cities=self._network(head, product) if "ADVANCE" in services else None,
            clauses=read_clauses(self._file("clauses.yaml")),
        )
        self._every_rule_has_its_clause(edition)
        head.raw("advance_cities", None)
        head.close()
        return edition

    def _every_rule_has_its_clause(self, edition: Edition) -> None:
        rules = {rule for service in edition.services.values() for rule in service.rules}
        rules |= {service.quota.rule for service in edition.services.values() if service.quota is not None}
        rules |= {rule for clock in edition.clocks_by_id.values() for rule in clock.rules}
        rules |= {rule for source in edition.parameter_sources.values() for rule in source.rules}
        if edition.subsidy_terms is not None:
            rules |= {item.rule for item in edition.subsidy_terms.items.values()}
        for rule in sorted(rules - edition.clauses.keys()):
            message = "the edition follows this rule and cites no clause for it"
            self.holes.append(Hole("FIELD_MISSING", f"{self.folder.name}/clauses.yaml", rule, message))

    def _network(self, head: Fields, product: str) -> CityNetwork:
        """The edition's own list of cities, else the packaged one of that name."""
        name = f"{head.text('advance_cities')}.yaml"
        own = self.folder / name
        path = own if own.exists() else NETWORKS / name
        return read_network(Fields(_read(path, self.holes), f"{path.parent.name}/{name}", "", self.holes), product)

    def _file(self, name: str) -> Fields:
        return Fields(_read(self.folder / name, self.holes), f"{self.folder.name}/{name}", "", self.holes)


def _read(path: Path, holes: list[Hole]) -> dict[str, Any]:
    where = f"{path.parent.name}/{path.name}"
    try:
        rows = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    except FileNotFoundError:
        holes.append(Hole("FILE_MISSING", where, "", "is needed"))
        return {}
    except yaml.YAMLError as error:
        holes.append(Hole("WRONG_VALUE", where, "", f"is no YAML: {' '.join(str(error).split())}"))
        return {}
    if not isinstance(rows, dict):
        holes.append(Hole("WRONG_VALUE", where, "", "must be a mapping"))
        return {}
    return rows
