"""Keys, seals and blind indexes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.privacy.crypto import Cipher, Unopenable
from shared.privacy.keys import Entropy, Keys, KeysUnreadable, make_keys, read_keys, rotated
from shared.privacy.memory import MemoryVault
from shared.privacy.references import DerivedReferences, RandomReferences
from shared.privacy.vault import Batch, Particulars, PersonSeen
from tests.privacy.conftest import counted_entropy
from tests.privacy.test_vault import cause

SECRET = "王小明 11010119900307123X".encode()


def test_what_is_sealed_opens_under_its_own_name_alone(cipher: Cipher) -> None:
    sealed = cipher.seal(SECRET, "row-1")
    assert cipher.open(sealed, "row-1") == SECRET
    assert SECRET not in sealed.ciphertext
    with pytest.raises(Unopenable):
        cipher.open(sealed, "row-2")


def changed(said: bytes) -> bytes:
    return said[:-1] + bytes([said[-1] ^ 1])


def test_a_changed_byte_is_noticed(cipher: Cipher) -> None:
    sealed = cipher.seal(SECRET, "row-1")
    with pytest.raises(Unopenable):
        cipher.open(replace(sealed, wrapped_key=changed(sealed.wrapped_key)), "row-1")
    with pytest.raises(Unopenable):
        cipher.open(replace(sealed, ciphertext=changed(sealed.ciphertext)), "row-1")


def test_every_row_has_a_data_key_of_its_own(cipher: Cipher) -> None:
    one, two = cipher.seal(SECRET, "row"), cipher.seal(SECRET, "row")
    assert one.wrapped_key != two.wrapped_key
    assert one.ciphertext != two.ciphertext


def test_a_plain_seal_opens_and_names_its_key(cipher: Cipher) -> None:
    sealed = cipher.seal_plainly(SECRET, "cause")
    assert cipher.open_plainly(sealed, "cause") == SECRET
    for broken in (b"", b"k1", b"k9\x00" + sealed[3:], sealed[:-1]):
        with pytest.raises(Unopenable):
            cipher.open_plainly(broken, "cause")


def test_the_blind_index_needs_the_key_and_tells_kinds_and_parts_apart(keys: Keys, entropy: Entropy) -> None:
    cipher, stranger = Cipher(keys, entropy), Cipher(make_keys(entropy), entropy)
    assert cipher.blind("person", "a", "b") == cipher.blind("person", "a", "b")
    others = {cipher.blind("person", "ab", ""), cipher.blind("policy", "a", "b"), stranger.blind("person", "a", "b")}
    assert cipher.blind("person", "a", "b") not in others
    assert len(others) == 3


def test_keys_survive_their_file_and_never_show_themselves(keys: Keys) -> None:
    assert read_keys(keys.dump()) == keys
    assert repr(keys) == "Keys(active='k1')"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"active":"k1","wrapping":{"k1":"AAAA"},"index":"AAAA"}', '{"active":1,"wrapping":2}']
)
def test_what_is_no_key_file_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(KeysUnreadable):
        read_keys(text)


async def test_after_a_rotation_old_rows_open_and_are_wrapped_anew(keys: Keys, entropy: Entropy) -> None:
    old = MemoryVault(Cipher(keys, entropy), DerivedReferences())
    person = Particulars("王小明", "resident_id", "11010119900307123X")
    ref = (await old.take_in(Batch(persons=[PersonSeen(person, cause("one"))]))).members[0].ref
    newer = rotated(keys, entropy, "k2")
    new = MemoryVault(Cipher(newer, entropy), DerivedReferences(), persons=old.persons)
    assert (await new.tell([ref], [], [], "test")).members == {ref: person}
    assert await new.rewrap(10) == 1
    assert await new.rewrap(10) == 0
    only_new = MemoryVault(
        Cipher(Keys("k2", {"k2": newer.wrapping["k2"]}, keys.index), entropy), DerivedReferences(), persons=old.persons
    )
    assert (await only_new.tell([ref], [], [], "test")).members == {ref: person}


def test_references_are_random_where_it_is_real_and_repeat_in_a_recording(cipher: Cipher) -> None:
    index = cipher.blind("person", "resident_id", "1")
    live = RandomReferences(counted_entropy("live"))
    assert live.new("member", index) != live.new("member", index)
    assert DerivedReferences().new("member", index) == DerivedReferences().new("member", index)
    assert len(live.new("policy", index)) == len(DerivedReferences().new("policy", index)) == 26
