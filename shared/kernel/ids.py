"""Ids that follow from what they identify, so that the same input names the same thing twice."""

from __future__ import annotations

from hashlib import sha1
from uuid import UUID, SafeUUID

GREENLANE = UUID("6ba7b811-9dad-51d1-8045-67726e6c6e65")


_put = object.__setattr__
_VERSION_5 = 5 << 76 | 8 << 60  # RFC 9562: version and variant
_REST = ~(0xF << 76 | 0xC << 60)


def uuid5(namespace: UUID, name: str) -> UUID:
    """As the standard library's in half its time: a request costs two dozen of them."""
    number = int.from_bytes(sha1(namespace.bytes + name.encode(), usedforsecurity=False).digest()[:16], "big")
    made = object.__new__(UUID)
    _put(made, "int", number & _REST | _VERSION_5)
    _put(made, "is_safe", SafeUUID.unknown)
    return made


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
