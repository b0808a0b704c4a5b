"""How secrets are kept: AES-256-GCM under a data key of their own, wrapped by a key-encryption key; blind indexes.

Deleting a row deletes its data key with it. The row's own name is authenticated too, so that rows cannot be swapped.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kernel.value import value
from shared.privacy.keys import KEY_BYTES, Entropy, Keys

NONCE_BYTES = 12


class Unopenable(Exception):
    """A sealed row does not open: another key, another row, or changed bytes."""


@value
class Sealed:
    """A secret at rest: which key wraps its data key, the wrapped key, the ciphertext. Nonces lead ciphertexts."""

    key_id: str
    wrapped_key: bytes
    ciphertext: bytes


class Cipher:
    """Seals and opens, and finds again by keyed hashes. Holds the keys; does no input or output."""

    def __init__(self, keys: Keys, entropy: Entropy) -> None:
        self._active = keys.active
        self._wrapping = {name: AESGCM(key) for name, key in keys.wrapping.items()}
        self._index = keys.index
        self._entropy = entropy

    @property
    def active(self) -> str:
        """The id of the key that wraps now."""
        return self._active

    def seal(self, secret: bytes, name: str) -> Sealed:
        """Encrypt under a new data key. ``name`` says whose row it is and must be said again to open it."""
        data_key = self._entropy(KEY_BYTES)
        return Sealed(
            self._active,
            self._encrypt(self._wrapping[self._active], data_key, name),
            self._encrypt(AESGCM(data_key), secret, name),
        )

    def open(self, sealed: Sealed, name: str) -> bytes:
        """The secret. Raises Unopenable."""
        data_key = self._unwrap(sealed, name)
        return self._decrypt(AESGCM(data_key), sealed.ciphertext, name)

    def rewrap(self, sealed: Sealed, name: str) -> Sealed:
        """The same ciphertext, its data key wrapped by the active key. Raises Unopenable."""
        wrapped = self._encrypt(self._wrapping[self._active], self._unwrap(sealed, name), name)
        return Sealed(self._active, wrapped, sealed.ciphertext)

    def seal_plainly(self, secret: bytes, name: str) -> bytes:
        """Encrypt under the active key itself, for what is short-lived and of no person: the key's id leads."""
        return self._active.encode() + b"\x00" + self._encrypt(self._wrapping[self._active], secret, name)

    def open_plainly(self, sealed: bytes, name: str) -> bytes:
        """The secret. Raises Unopenable."""
        key_id, _, ciphertext = sealed.partition(b"\x00")
        return self._decrypt(self._key(key_id.decode("utf-8", "replace")), ciphertext, name)

    def blind(self, kind: str, *parts: str) -> bytes:
        """The blind index of something that must be found again: HMAC-SHA256 over its kind and its parts."""
        said = "\x1f".join((kind, *parts)).encode("utf-8", "surrogatepass")
        return hmac.digest(self._index, said, sha256)

    def fingerprint(self, said: bytes) -> bytes:
        """A keyed hash of 16 bytes: equal for equal content, and no help to anyone who guesses at it."""
        return hmac.digest(self._index, b"fingerprint\x1f" + said, sha256)[:16]

    def _key(self, key_id: str) -> AESGCM:
        try:
            return self._wrapping[key_id]
        except KeyError:
            raise Unopenable("no key of that id") from None

    def _unwrap(self, sealed: Sealed, name: str) -> bytes:
        return self._decrypt(self._key(sealed.key_id), sealed.wrapped_key, name)

    def _encrypt(self, key: AESGCM, secret: bytes, name: str) -> bytes:
        nonce = self._entropy(NONCE_BYTES)
        return nonce + key.encrypt(nonce, secret, name.encode())

    @staticmethod
    def _decrypt(key: AESGCM, ciphertext: bytes, name: str) -> bytes:
        try:
            return key.decrypt(ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):
            raise Unopenable("does not open") from None
