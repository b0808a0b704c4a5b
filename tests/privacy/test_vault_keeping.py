"""The promises of keeping, on both vaults: wishes, what is kept and what is old, rows under a new key."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.kernel.ids import named
from shared.kernel.instant import CST
from shared.privacy.crypto import Cipher
from shared.privacy.keeping import Kept, Old, Wish
from shared.privacy.keys import Entropy, Keys, rotated
from shared.privacy.memory import MemoryVault
from shared.privacy.postgres import PostgresVault
from shared.privacy.vault import AccountSeen, Batch, CaseSeen, NoteSeen, PersonSeen, RawKept, Vault
from tests.front.ground import NOON
from tests.front.planted import REQUEST
from tests.privacy.scene import ACCOUNT, APPLIED, JOINED, LAPSED, OUYANG, SHANGGUAN, TODAY, record


async def test_a_wish_waits_with_its_first_words_until_it_is_carried_out(vault: Vault) -> None:
    at, later = datetime(2026, 9, 24, tzinfo=CST), datetime(2026, 9, 25, tzinfo=CST)
    ref = (await vault.take_in(Batch(persons=[PersonSeen(OUYANG, JOINED)]))).members[0].ref
    assert await vault.wish_of(ref) is None
    await vault.remember(Wish(ref, "staff-1", "FIRST", at, ("balance: x",)))
    await vault.remember(Wish(ref, "staff-2", "SECOND", later, ("open case: y",)))
    assert await vault.wishes() == [Wish(ref, "staff-1", "FIRST", at, ("open case: y",))]
    assert await vault.erase(ref, (), later) is True
    assert (await vault.wishes(), await vault.wish_of(ref)) == ([], Wish(ref, "staff-1", "FIRST", at, (), later))
    await vault.remember(Wish(ref, "staff-3", "AGAIN", later))  # who came back may go again
    assert await vault.wishes() == [Wish(ref, "staff-3", "AGAIN", later)]


async def test_both_vaults_bring_every_kind_of_row_under_the_new_key(
    vault: Vault, keys: Keys, entropy: Entropy
) -> None:
    raws = [RawKept(named("a"), "t", 0, 0, "NOT_JSON", "", b"{", b"[]", NOON)]
    seen = Batch(persons=[PersonSeen(OUYANG, JOINED)], records=[record(JOINED)], raws=raws)
    ref = (await vault.take_in(seen)).members[0].ref
    (account,) = await vault.keep([AccountSeen(ACCOUNT, ref)], [NoteSeen(named("note"), ref, "病历已核")])
    newer = rotated(keys, entropy, "k2")
    beneath(vault, Cipher(newer, entropy))
    assert await vault.stale() == {"persons": 1, "accounts": 1, "notes": 1, "records": 1, "quarantine": 1}
    while await vault.rewrap(2):
        pass
    assert set((await vault.stale()).values()) == {0}
    beneath(vault, Cipher(Keys("k2", {"k2": newer.wrapping["k2"]}, keys.index), entropy))
    told = await vault.tell([ref], [account], [JOINED], "test")
    assert (told.members, told.accounts, set(told.addresses)) == ({ref: OUYANG}, {account: ACCOUNT}, {JOINED})


def beneath(vault: Vault, cipher: Cipher) -> None:
    """The same rows, as a process with another key file sees them."""
    if isinstance(vault, MemoryVault):
        vault.cipher = cipher
    else:
        assert isinstance(vault, PostgresVault)
        vault._cipher = cipher


async def test_what_is_kept_of_whom_and_what_is_old_can_be_asked_before_it_is_deleted(vault: Vault) -> None:
    seen = Batch(
        persons=[PersonSeen(OUYANG, JOINED), PersonSeen(SHANGGUAN, APPLIED)],
        cases=[CaseSeen(named("c"), REQUEST, 1)],
        records=[record(JOINED, NOON - timedelta(days=2)), record(APPLIED)],
        raws=[RawKept(named("a"), "t", 0, 0, "NOT_JSON", "", b"{", b"[]", NOON)],
    )
    one, two = (m.ref for m in (await vault.take_in(seen)).members)
    await vault.keep([AccountSeen(ACCOUNT, one)], [NoteSeen(named("note"), one, "病历已核")])
    assert await vault.kept_of(one, [JOINED, LAPSED]) == Kept(1, 1, 1, 1)
    assert (await vault.requests_of(one), await vault.requests_of(two)) == ([], [REQUEST])
    assert [m.member_ref for m in await vault.first_named_before(NOON)] == [one]
    assert await vault.old_before(NOON) == Old(1, 0)
    assert await vault.old_before(TODAY, {JOINED}) == Old(1, 1)
    assert await vault.forget_before(TODAY, {JOINED}) == 2
    assert len(await vault.first_named_before(NOON)) == 2  # whose first record is forgotten came long ago
    assert await vault.stale() == {"persons": 0, "accounts": 0, "notes": 0, "records": 0, "quarantine": 0}
