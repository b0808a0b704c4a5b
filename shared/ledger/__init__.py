"""Double entry in whole fen: accounts, postings that sum to zero, reversals, balances that are sums."""

from shared.ledger.book import EMPTY, Account, Book, Entry, Posting, post, reversal

__all__ = ["EMPTY", "Account", "Book", "Entry", "Posting", "post", "reversal"]
