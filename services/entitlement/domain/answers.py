"""The second stage of a record's receipt, where the record brought about no other fact (one answer a record)."""

from __future__ import annotations

from shared.kernel.value import value


@value
class RecordApplied:
    """The record was taken; it said nothing that was not known."""

    cause: str


@value
class RecordRefused:
    """The record was not taken. ``pointer``: the JSON pointer of the field that stands against it."""

    cause: str
    reason: str
    rule: str | None = None
    pointer: str | None = None
