"""How references come to be: random where it is real; derived from the blind index in a recording, which repeats."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Literal, Protocol

from shared.privacy.keys import Entropy

Kind = Literal["member", "policy", "account"]
_PREFIX: dict[Kind, str] = {"member": "m", "policy": "p", "account": "a"}
REFERENCE_BYTES = 15  # 120 bits are 24 characters of base 32 without padding


class References(Protocol):
    """A source of new references. What is asked twice may differ: the vault keeps the first."""

    def new(self, kind: Kind, blind_index: bytes) -> str:
        """A reference of 26 characters: ``m_…`` a member, ``p_…`` a policy, ``a_…`` an account."""
        ...


def _written(kind: Kind, raw: bytes) -> str:
    return f"{_PREFIX[kind]}_{base64.b32encode(raw).decode().lower()}"


class RandomReferences:
    """References that say nothing about what they name."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy

    def new(self, kind: Kind, blind_index: bytes) -> str:
        """A reference nobody can foretell."""
        return _written(kind, self._entropy(REFERENCE_BYTES))


class DerivedReferences:
    """References that follow from the keyed blind index: the same person, the same reference, run after run."""

    def new(self, kind: Kind, blind_index: bytes) -> str:
        """The reference of this blind index."""
        return _written(kind, sha256(b"reference\x1f" + blind_index).digest()[:REFERENCE_BYTES])
