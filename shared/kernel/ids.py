"""Ids that follow from what they identify, so that the same input names the same thing twice."""

from __future__ import annotations

from uuid import UUID, uuid5

GREENLANE = UUID("6ba7b811-9dad-51d1-8045-67726e6c6e65")


def cause_of(source: str, record_id: str) -> UUID:
    """What an outside record is called inside: outside ids never enter our events."""
    return uuid5(GREENLANE, f"{source}\x1f{record_id}")


def fact_id(cause: UUID, service: str, n: int) -> UUID:
    """The id of the n-th fact that a service says because of one message: another service hears it and says others."""
    return uuid5(cause, f"{service}/{n}")


def event_id(fact: UUID, n: int) -> UUID:
    """The id of the n-th event that a fact is published as; the first bears the fact's own."""
    return fact if n == 0 else uuid5(fact, f"event/{n}")


def timer_id(fact: UUID, n: int) -> UUID:
    """The id of the n-th timer that a fact arms."""
    return uuid5(fact, f"timer/{n}")


def named(kind: str, *parts: str) -> UUID:
    """An id derived from a kind and its natural key."""
    return uuid5(GREENLANE, "\x1f".join((kind, *parts)))
