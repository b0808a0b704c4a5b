"""The double-entry book: zero sums, reversals that follow, balances as sums."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger import EMPTY, Book, Entry, Posting, post, reversal

ACCOUNTS = st.sampled_from(["bank", "advanced", "claims", "payout"])
LEGS = (
    st.dictionaries(ACCOUNTS, st.integers(-(10**12), 10**12).filter(bool), min_size=1, max_size=3)
    .map(lambda legs: {**legs, "rest": -sum(legs.values())})
    .filter(lambda legs: sum(1 for fen in legs.values() if fen) >= 2)
)


def test_a_posting_sums_to_zero_or_does_not_exist() -> None:
    assert post("p1", "DEPOSIT", {"advanced": 2_000_000, "bank": -2_000_000}).entries[0].fen == 2_000_000
    with pytest.raises(ValueError, match="sum to zero"):
        post("p1", "DEPOSIT", {"advanced": 2_000_000, "bank": -1_999_999})


def test_a_posting_has_two_entries_none_empty_and_no_account_twice() -> None:
    with pytest.raises(ValueError, match="two entries"):
        post("p1", "DEPOSIT", {"advanced": 0, "bank": 0})
    with pytest.raises(ValueError, match="none of them empty"):
        Posting("p1", "DEPOSIT", (Entry("a", 0), Entry("b", 0)))
    with pytest.raises(ValueError, match="twice"):
        Posting("p1", "DEPOSIT", (Entry("a", 1), Entry("a", -1)))


def test_legs_of_nothing_are_left_out() -> None:
    assert len(post("p1", "CLAIM", {"claims": 5, "advanced": -5, "payout": 0}).entries) == 2


def test_the_same_posting_enters_the_book_once() -> None:
    one = post("p1", "DEPOSIT", {"advanced": 1, "bank": -1})
    with pytest.raises(ValueError, match="already"):
        EMPTY.add(one).add(one)


def test_a_reversal_follows_the_original_entries_and_leaves_nothing() -> None:
    one = post("p1", "SUSPENSE", {"suspense": 700, "bank": -700})
    back = reversal(one, "p2", "CLEAR")
    assert back.entries == (Entry("suspense", -700), Entry("bank", 700))
    book = EMPTY.add(one).add(back)
    assert set(book.balances().values()) == {0}
    assert book.turnover("suspense", ["SUSPENSE", "CLEAR"]) == 0


def test_a_reversal_of_something_else_is_refused() -> None:
    one = post("p1", "SUSPENSE", {"suspense": 700, "bank": -700})
    book = EMPTY.add(one)
    with pytest.raises(ValueError, match="nothing that can be reversed"):
        book.add(Posting("p2", "CLEAR", (Entry("suspense", -700), Entry("bank", 700)), "p9"))
    with pytest.raises(ValueError, match="does not follow"):
        book.add(Posting("p2", "CLEAR", (Entry("suspense", -600), Entry("bank", 600)), "p1"))
    once = book.add(reversal(one, "p2", "CLEAR"))
    with pytest.raises(ValueError, match="reversed already"):
        once.add(reversal(one, "p3", "CLEAR"))
    with pytest.raises(ValueError, match="nothing that can be reversed"):
        once.add(reversal(reversal(one, "p2", "CLEAR"), "p3", "CLEAR"))


@given(st.lists(LEGS, max_size=12))
def test_any_book_sums_to_zero_and_balances_are_sums(many: list[dict[str, int]]) -> None:
    book = EMPTY
    for n, legs in enumerate(many):
        book = book.add(post(str(n), "STEP", legs))
    assert book.total() == 0
    for account, fen in book.balances().items():
        assert fen == book.balance(account) == sum(legs.get(account, 0) for legs in many)


@given(st.lists(LEGS, min_size=1, max_size=8), st.data())
def test_reversing_any_posting_gives_the_book_without_it(many: list[dict[str, int]], data: st.DataObject) -> None:
    book = EMPTY
    for n, legs in enumerate(many):
        book = book.add(post(str(n), "STEP", legs))
    chosen = data.draw(st.sampled_from(book.postings))
    undone = book.add(reversal(chosen, "back", "UNDO"))
    without = Book(tuple(p for p in book.postings if p.id != chosen.id))
    for account in undone.balances():
        assert undone.balance(account) == without.balance(account)
    assert undone.total() == 0
