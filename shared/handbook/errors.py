"""What is wrong with a handbook's data, said so that a machine can list it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, order=True)
class Hole:
    """One thing that keeps an edition from being published.

    ``code``: CONFIG_MISSING, CONFIG_DEMO, FILE_MISSING, FIELD_MISSING, WRONG_VALUE, UNKNOWN_FIELD, CONFLICT,
    NOT_VERBATIM or SHA256_DIFFERS. ``file`` is relative to the folder of editions, ``field`` a dotted path inside it.
    """

    code: str
    file: str
    field: str
    message: str


class HandbookError(ValueError):
    """An edition that cannot be published; ``holes`` names every reason, not only the first."""

    def __init__(self, holes: Iterable[Hole]) -> None:
        self.holes = tuple(sorted(set(holes)))
        super().__init__("\n".join(f"{h.code} {h.file} {h.field}: {h.message}" for h in self.holes))

    def as_rows(self) -> list[dict[str, str]]:
        """The holes as plain values."""
        return [asdict(hole) for hole in self.holes]


class UnknownEdition(KeyError):
    """No edition of this id was loaded."""
