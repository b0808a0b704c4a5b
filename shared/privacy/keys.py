"""The keys of the vault: key-encryption keys by id, one of them active, and the key of the blind index.

They live in a file or an environment variable that `provision` makes (`make_keys`), never in the database. A new active
key may be added at any time (`rotated`); old ones stay until every row was wrapped anew. The index key never changes:
it is what finds a person again.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import field

from shared.kernel.value import value

KEY_BYTES = 32
Entropy = Callable[[int], bytes]


class KeysUnreadable(Exception):
    """The key file is not one; says what is wrong, never what is in it."""


@value
class Keys:
    """Everything that opens the vault. Never shown: its repr holds ids alone."""

    active: str
    wrapping: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)

    def dump(self) -> str:
        """The key file's text (JSON)."""
        said = {
            "active": self.active,
            "wrapping": {name: base64.b64encode(key).decode() for name, key in self.wrapping.items()},
            "index": base64.b64encode(self.index).decode(),
        }
        return json.dumps(said, indent=2, sort_keys=True) + "\n"


def make_keys(entropy: Entropy, name: str = "k1") -> Keys:
    """New keys from an entropy source (``secrets.token_bytes`` where it is real)."""
    return Keys(name, {name: entropy(KEY_BYTES)}, entropy(KEY_BYTES))


def rotated(keys: Keys, entropy: Entropy, name: str) -> Keys:
    """The same keys with a new active one. Raises ValueError for a name in use."""
    if name in keys.wrapping:
        raise ValueError(f"a key is called {name} already")
    return Keys(name, {**keys.wrapping, name: entropy(KEY_BYTES)}, keys.index)


def read_keys(text: str) -> Keys:
    """The keys of a key file's text. Raises KeysUnreadable."""
    try:
        said = json.loads(text)
        wrapping = {str(name): base64.b64decode(key, validate=True) for name, key in said["wrapping"].items()}
        keys = Keys(str(said["active"]), wrapping, base64.b64decode(said["index"], validate=True))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise KeysUnreadable(type(error).__name__) from None
    if any(len(key) != KEY_BYTES for key in (*keys.wrapping.values(), keys.index)):
        raise KeysUnreadable("a key has the wrong length")
    if keys.active not in keys.wrapping:
        raise KeysUnreadable("the active key is missing")
    return keys
