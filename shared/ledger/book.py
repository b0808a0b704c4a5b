"""The book: entries are never changed; what was wrong is reversed by entries that follow the original ones.

A debit is positive, a credit negative. The entries of a posting sum to zero, hence all balances of a book do too.
No balance is stored anywhere: a balance is the sum of entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from shared.kernel.value import value

Normal = Literal["debit", "credit"]


@value
class Account:
    """A place where fen stand: its code, on which side it normally stands, and its name for readers."""

    code: str
    normal: Normal
    title: str


@value
class Entry:
    """One line: ``fen`` > 0 debits the account, < 0 credits it; never zero."""

    account: str
    fen: int


@value
class Posting:
    """What one step does to the accounts. ``reverses`` names the posting whose entries it takes back.

    Raises ValueError where the entries do not sum to zero, one is empty, or an account stands twice.
    """

    id: str
    step: str
    entries: tuple[Entry, ...]
    reverses: str | None = None

    def __post_init__(self) -> None:
        if len(self.entries) < 2 or any(e.fen == 0 for e in self.entries):
            raise ValueError(f"posting {self.id}: two entries or more, none of them empty")
        if sum(e.fen for e in self.entries) != 0:
            raise ValueError(f"posting {self.id}: the entries do not sum to zero")
        if len({e.account for e in self.entries}) != len(self.entries):
            raise ValueError(f"posting {self.id}: an account stands twice")


def post(posting_id: str, step: str, legs: Mapping[str, int]) -> Posting:
    """A posting from account → fen; legs of nothing are left out. ValueError as for `Posting`."""
    return Posting(posting_id, step, tuple(Entry(account, fen) for account, fen in legs.items() if fen))


def reversal(original: Posting, posting_id: str, step: str) -> Posting:
    """The posting that takes another back: the same accounts in the same order, every sign turned."""
    return Posting(posting_id, step, tuple(Entry(e.account, -e.fen) for e in original.entries), original.id)


@value
class Book:
    """All postings of one case, in order."""

    postings: tuple[Posting, ...] = ()

    def add(self, posting: Posting) -> Book:
        """The book with one more posting. Raises ValueError for what a book may not hold.

        That is: an id twice; the reversal of an unknown posting, of a reversal, of one already reversed, or one
        whose entries do not follow the original's.
        """
        if self.find(posting.id) is not None:
            raise ValueError(f"posting {posting.id} stands in the book already")
        if posting.reverses is not None:
            self._check_reversal(posting)
        return Book((*self.postings, posting))

    def _check_reversal(self, posting: Posting) -> None:
        original = self.find(posting.reverses or "")
        if original is None or original.reverses is not None:
            raise ValueError(f"posting {posting.id} reverses nothing that can be reversed")
        if any(p.reverses == original.id for p in self.postings):
            raise ValueError(f"posting {original.id} is reversed already")
        if posting.entries != tuple(Entry(e.account, -e.fen) for e in original.entries):
            raise ValueError(f"posting {posting.id} does not follow the entries of {original.id}")

    def find(self, posting_id: str) -> Posting | None:
        """The posting of this id, or None."""
        return next((p for p in self.postings if p.id == posting_id), None)

    def balance(self, account: str) -> int:
        """Fen on one account: debits less credits."""
        return sum(e.fen for p in self.postings for e in p.entries if e.account == account)

    def balances(self) -> Mapping[str, int]:
        """Fen per account that was ever used, in order of first use."""
        sums: dict[str, int] = {}
        for posting in self.postings:
            for entry in posting.entries:
                sums[entry.account] = sums.get(entry.account, 0) + entry.fen
        return MappingProxyType(sums)

    def total(self) -> int:
        """The sum over all accounts: always zero."""
        return sum(self.balances().values())

    def turnover(self, account: str, steps: Iterable[str]) -> int:
        """Fen that the postings of some steps, less their reversals, moved on one account."""
        wanted = set(steps)
        undone = {p.reverses for p in self.postings if p.reverses}
        return sum(
            e.fen
            for p in self.postings
            if p.step in wanted and p.id not in undone and p.reverses is None
            for e in p.entries
            if e.account == account
        )


EMPTY = Book()
