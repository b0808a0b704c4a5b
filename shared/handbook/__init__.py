"""The handbooks as data: editions, their terms, diseases, networks; and what proves them."""

from shared.handbook.errors import HandbookError, Hole, UnknownEdition
from shared.handbook.loader import load_editions
from shared.handbook.model import Edition, Editions

__all__ = ["Edition", "Editions", "HandbookError", "Hole", "UnknownEdition", "load_editions"]
