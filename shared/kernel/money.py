"""Money is a whole number of fen (1 CNY = 100 fen): an ``int`` whose name ends in ``_fen``, never a float."""

from __future__ import annotations

FEN_PER_YUAN = 100


def yuan(amount: int) -> int:
    """Whole yuan as fen."""
    return amount * FEN_PER_YUAN


def show(fen: int) -> str:
    """Fen for a reader: ``-1,234.05``."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}"
