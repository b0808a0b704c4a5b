"""The promises of the vault, on both vaults."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from shared.privacy.vault import (
    AccountParticulars,
    AccountSeen,
    Address,
    Batch,
    CaseSeen,
    NoteSeen,
    Particulars,
    PersonSeen,
    RawKept,
    RecordSeen,
    Vault,
)

NAMES = UUID(int=7)
AT = datetime(2026, 4, 10, 2, 0, tzinfo=UTC)
WANG = Particulars("王小明", "resident_id", "11010119900307123X", "13800001111")
LI = Particulars("李雷", "passport", "E12345678")


def cause(name: str) -> UUID:
    return uuid5(NAMES, name)


async def ref_of(vault: Vault, person: Particulars, by: str = "one", *, core: bool = False) -> str:
    return (await vault.take_in(Batch(persons=[PersonSeen(person, cause(by), core)]))).members[0].ref


async def test_a_person_has_one_reference_however_often_it_is_named(vault: Vault) -> None:
    taken = await vault.take_in(
        Batch(persons=[PersonSeen(WANG, cause("one")), PersonSeen(LI, cause("two")), PersonSeen(WANG, cause("three"))])
    )
    again = await vault.take_in(Batch(persons=[PersonSeen(WANG, cause("four"))]))
    assert taken.members[0] == taken.members[2] == again.members[0]
    assert taken.members[0].ref != taken.members[1].ref
    assert taken.members[0].ref.startswith("m_")


async def test_who_was_first_stays_first_so_that_known_means_the_same_on_redelivery(vault: Vault) -> None:
    batch = Batch(persons=[PersonSeen(WANG, cause("one"))])
    first, repeated = await vault.take_in(batch), await vault.take_in(batch)
    later = await vault.take_in(Batch(persons=[PersonSeen(WANG, cause("two"))]))
    assert first.members[0].first_by == repeated.members[0].first_by == later.members[0].first_by == cause("one")


async def test_the_words_of_the_core_replace_those_of_a_vendor_and_not_the_other_way_round(vault: Vault) -> None:
    ref = await ref_of(vault, replace(WANG, name="王晓明"))
    await ref_of(vault, WANG, "core", core=True)
    await ref_of(vault, replace(WANG, name="王小名"), "vendor")
    assert (await vault.tell([ref], [], [], "test")).members == {ref: WANG}


async def test_policies_have_references_of_their_own(vault: Vault) -> None:
    taken = await vault.take_in(Batch(policies=["P-1", "P-2", "P-1"]))
    assert taken.policies[0] == taken.policies[2] != taken.policies[1]
    assert taken.policies[0].startswith("p_")


async def test_a_case_keeps_its_first_request_and_is_found_in_the_same_batch(vault: Vault) -> None:
    key, other = cause("case"), cause("other case")
    taken = await vault.take_in(
        Batch(
            persons=[PersonSeen(WANG, cause("one")), PersonSeen(LI, cause("two"))],
            cases=[CaseSeen(key, "request-1", 0), CaseSeen(key, "request-2", 1)],
            asked_cases=[key, other],
        )
    )
    assert set(taken.cases) == {key}
    assert taken.cases[key].request_id == "request-1"
    assert taken.cases[key].member_ref == taken.members[0].ref
    found = await vault.take_in(Batch(asked_requests=["request-1", "request-9"]))
    assert found.requests == {"request-1": taken.members[0].ref}


async def test_an_address_is_told_and_a_record_keeps_the_hash_it_had_first(vault: Vault) -> None:
    address = Address("hengyu", "evt-1", "HY-1")
    seen = RecordSeen(cause("one"), b"a" * 16, address, AT)
    await vault.take_in(Batch(records=[seen]))
    again = await vault.take_in(Batch(records=[replace(seen, hash=b"b" * 16)]))
    assert again.first_hashes == {cause("one"): b"a" * 16}
    told = await vault.tell([], [], [cause("one"), cause("two")], "test")
    assert told.addresses == {cause("one"): address}


async def test_erasing_a_person_takes_key_accounts_and_notes_along(vault: Vault) -> None:
    ref = await ref_of(vault, WANG)
    account = AccountParticulars("王小明", "工商银行", "6222020200112233", "patient")
    (account_ref,) = await vault.keep([AccountSeen(account, ref)], [NoteSeen(cause("note"), ref, "病历已核")])
    assert (await vault.tell([ref], [account_ref], [], "test")).accounts == {account_ref: account}
    assert await vault.erase(ref) is True
    told = await vault.tell([ref], [account_ref], [], "test")
    assert (told.members, told.accounts) == ({}, {})
    assert await vault.erase(ref) is False


async def test_a_person_who_comes_back_after_erasure_is_kept_anew(vault: Vault) -> None:
    ref = await ref_of(vault, WANG)
    await vault.erase(ref)
    again = await ref_of(vault, WANG, "two")
    assert (await vault.tell([again], [], [], "test")).members == {again: WANG}


async def test_the_same_account_of_a_member_has_one_reference_and_none_is_kept_for_strangers(vault: Vault) -> None:
    ref = await ref_of(vault, WANG)
    account = AccountParticulars("王小明", "工商银行", "6222020200112233", "patient")
    one = await vault.keep([AccountSeen(account, ref)], [])
    two = await vault.keep([AccountSeen(account, ref)], [])
    (strange,) = await vault.keep([AccountSeen(account, "m_nobody")], [])
    assert one == two
    assert (await vault.tell([], [strange], [], "test")).accounts == {}


async def test_what_is_old_is_forgotten(vault: Vault) -> None:
    raw = RawKept(cause("raw"), "vendor.hengyu.in.events.v1", 0, 7, "NOT_JSON", "", b"{", b"[]", AT)
    old = RecordSeen(cause("one"), b"h" * 16, Address("hengyu", "1", "HY-1"), AT)
    new = RecordSeen(cause("two"), b"h" * 16, Address("hengyu", "2", "HY-1"), AT + timedelta(days=2))
    await vault.take_in(Batch(records=[old, new], raws=[raw, raw]))
    assert await vault.forget_before(AT + timedelta(days=1)) == 2
    told = await vault.tell([], [], [cause("one"), cause("two")], "test")
    assert set(told.addresses) == {cause("two")}


async def test_nothing_is_a_batch_too(vault: Vault) -> None:
    taken = await vault.take_in(Batch())
    assert (taken.members, taken.policies, taken.cases, taken.requests) == ([], [], {}, {})
    assert await vault.rewrap(10) == 0
