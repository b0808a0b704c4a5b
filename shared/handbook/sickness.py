"""The list of diseases of an edition: printed names, aliases, borderline findings (annex 1, REF-D04, ENT-D18)."""

from __future__ import annotations

from collections.abc import Mapping

from shared.kernel.value import value


@value
class Disease:
    """One printed disease. ``broader``: names wider than it, for a person to judge; ``operation``: it is one."""

    code: str
    number: int
    name: str
    operation: bool
    aliases: tuple[str, ...]
    broader: tuple[str, ...]


@value
class BorderlineFinding:
    """A finding that only a person judges: the text holds every word of ``about``, and the papers state the finding or
    the text itself matches ``pattern`` (a regular expression over the normalised text).
    """

    finding: str
    about: tuple[str, ...]
    pattern: str | None
    operations_only: bool


@value
class DiseaseList:
    """Every disease of an edition, with the rules of matching that go with it."""

    by_code: Mapping[str, Disease]
    review_tokens: tuple[str, ...]
    borderline: tuple[BorderlineFinding, ...]
    definitions_source: str | None
