"""Reading one mapping of data: every missing, mistaken or unknown field becomes a hole, none stops the reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from typing import Any, TypeVar

from shared.handbook.errors import Hole
from shared.handbook.terms import Clause

T = TypeVar("T")
_ABSENT = object()


class Fields:
    """A mapping being read. Ask for each field once, then ``close``; what nobody asked for is unknown."""

    def __init__(self, value: object, file: str, path: str, holes: list[Hole]) -> None:
        self.file, self.path, self.holes = file, path, holes
        self._asked: set[str] = set()
        self._rows: Mapping[str, Any] = {}
        if isinstance(value, dict):
            self._rows = {str(name): row for name, row in value.items()}
        else:
            self.hole("WRONG_VALUE", "", "a mapping is needed here")

    def hole(self, code: str, name: str, message: str) -> None:
        """Note one hole at a field of this mapping."""
        self.holes.append(Hole(code, self.file, ".".join(part for part in (self.path, name) if part), message))

    def has(self, name: str) -> bool:
        """Whether the field is there at all."""
        return name in self._rows

    def raw(self, name: str, default: Any = _ABSENT) -> Any:
        """The value as it is; a hole where it is absent and has no default."""
        self._asked.add(name)
        if name in self._rows:
            return self._rows[name]
        if default is _ABSENT:
            self.hole("FIELD_MISSING", name, "is needed")
            return None
        return default

    def text(self, name: str, default: Any = _ABSENT) -> str:
        """A text that is not empty."""
        return str(self._of(name, default, str, "a text", lambda value: bool(value.strip()) or value == default, ""))

    def maybe_text(self, name: str) -> str | None:
        """A text, or null, or nothing."""
        return None if self.raw(name, None) is None else self.text(name)

    def whole(self, name: str, default: Any = _ABSENT, at_least: int = 0) -> int:
        """A whole number."""
        wanted = f"a whole number of at least {at_least}"

        def good(value: int) -> bool:
            return not isinstance(value, bool) and value >= at_least

        return int(self._of(name, default, int, wanted, good, at_least))

    def maybe_whole(self, name: str) -> int | None:
        """A whole number, or null, or nothing."""
        return None if self.raw(name, None) is None else self.whole(name)

    def flag(self, name: str, default: Any = _ABSENT) -> bool:
        """True or false."""
        return bool(self._of(name, default, bool, "true or false", lambda _: True, False))

    def choice(self, name: str, allowed: tuple[Any, ...], default: Any = _ABSENT) -> Any:
        """One of the allowed values."""
        value = self.raw(name, default)
        if value not in allowed and (value is not None or name in self._rows):
            self.hole("WRONG_VALUE", name, f"must be one of {', '.join(map(str, allowed))}, not {value!r}")
        return value if value in allowed else allowed[0]

    def texts(self, name: str, default: Any = _ABSENT) -> tuple[str, ...]:
        """A list of texts."""
        rows = self._of(name, default, (list, tuple), "a list", lambda _: True, ())
        if any(not isinstance(row, str) for row in rows):
            self.hole("WRONG_VALUE", name, "must hold texts only (quote numbers)")
        return tuple(str(row) for row in rows)

    def instant(self, name: str) -> datetime | None:
        """An instant with its offset, or null."""
        value = self.raw(name, None)
        if value is None:
            return None
        try:
            at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            self.hole("WRONG_VALUE", name, f"must be an instant with an offset, not {value!r}")
            return None
        return at

    def clock_time(self, name: str) -> time | None:
        """A time of day as HH:MM, or nothing."""
        value = self.maybe_text(name)
        try:
            return None if value is None else time.fromisoformat(value)
        except ValueError:
            self.hole("WRONG_VALUE", name, f"must be a time of day, not {value!r}")
            return None

    def part(self, name: str, default: Any = _ABSENT) -> Fields:
        """A mapping inside this one."""
        value = self.raw(name, default)
        return Fields({} if value is None else value, self.file, f"{self.path}.{name}".lstrip("."), self.holes)

    def parts(self) -> Iterator[tuple[str, Fields]]:
        """Every entry of this mapping as a mapping of its own."""
        for name in self._rows:
            yield name, self.part(name)

    def rows(self, name: str, default: Any = _ABSENT) -> list[Fields]:
        """A list of mappings."""
        rows = self._of(name, default, (list, tuple), "a list", lambda _: True, ())
        path = f"{self.path}.{name}".lstrip(".")
        return [Fields(row, self.file, f"{path}[{n}]", self.holes) for n, row in enumerate(rows)]

    def clause(self, name: str = "clause", basis: Any = "text") -> Clause:
        """Where it is printed: section and quote."""
        return self.part(name).as_clause(basis)

    def clauses(self, name: str = "clauses", basis: Any = "text") -> tuple[Clause, ...]:
        """One clause or several."""
        rows = self.rows(name)
        if not rows and self.has(name):
            self.hole("WRONG_VALUE", name, "at least one clause is needed")
        return tuple(row.as_clause(basis) for row in rows)

    def as_clause(self, basis: Any = "text") -> Clause:
        """This mapping itself as a clause."""
        basis = self.choice("basis", ("text", "inferred"), basis)
        read = Clause(self.text("section"), self.text("quote"), basis)
        self.close()
        return read

    def close(self) -> None:
        """Everything was read: what is left over is a spelling mistake or belongs elsewhere."""
        for name in self._rows.keys() - self._asked:
            self.hole("UNKNOWN_FIELD", name, "is not a field of this file")

    def _of(
        self, name: str, default: Any, kind: type[Any] | tuple[type[Any], ...], wanted: str,
        good: Callable[[Any], bool], instead: Any,
    ) -> Any:  # fmt: skip
        value = self.raw(name, default)
        if value is None and name not in self._rows:
            return instead if default is _ABSENT else default
        if not isinstance(value, kind) or not good(value):
            self.hole("WRONG_VALUE", name, f"must be {wanted}, not {value!r}")
            return instead
        return value
