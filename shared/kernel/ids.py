"""Ids that follow from what they identify, so that the same input names the same thing twice."""

from __future__ import annotations

from uuid import UUID, uuid5

GREENLANE = UUID("6ba7b811-9dad-51d1-8045-67726e6c6e65")


def cause_of(source: str, record_id: str) -> UUID:
    """What an outside record is called inside: outside ids never enter our events."""
    return uuid5(GREENLANE, f"{source}\x1f{record_id}")


def follow(cause: UUID, n: int) -> UUID:
    """The id of the n-th thing that a cause brought about."""
    return uuid5(cause, str(n))


def named(kind: str, *parts: str) -> UUID:
    """An id derived from a kind and its natural key."""
    return uuid5(GREENLANE, "\x1f".join((kind, *parts)))
