"""One service, several names: what a request calls it and what we call it (CAT-D01)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

import yaml

NAMES = Path(__file__).parent / "services.yaml"
UNLISTED = "UNLISTED"


def resolve_service(text: str) -> str:
    """The code of the service a text names (by code or by any printed name), else ``UNLISTED`` (CAT-D03).

    A heading that covers two services (专家住院及手术协调) answers with the first; ``resolve_services`` gives both.
    """
    codes = resolve_services(text)
    return codes[0] if codes else UNLISTED


def resolve_services(text: str) -> tuple[str, ...]:
    """Every service a text names; none where nothing of the kind is listed."""
    return _by_name().get(_plain(text), ())


@lru_cache(maxsize=1)
def _by_name() -> dict[str, tuple[str, ...]]:
    rows: dict[str, list[str]] = yaml.load(NAMES.read_bytes(), yaml.CSafeLoader)
    by_name: dict[str, tuple[str, ...]] = {}
    for joined, names in rows.items():
        codes = tuple(joined.split(","))
        for name in (*names, *(codes if len(codes) == 1 else ())):
            by_name[_plain(name)] = codes
    return by_name


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
