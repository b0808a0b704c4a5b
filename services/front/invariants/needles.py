"""Finding many known words in many bytes: each word is looked up by its longest run of digits, letters or Chinese."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_RUNS = re.compile(r"[0-9]{4,}|[A-Za-z]{3,}|[\u2e80-\u9fff\uf900-\ufaff]+")
_CHINESE = "\u2e80"
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def core_of(word: str) -> str | None:
    """The run by which a word is found: the longest one; None where it has none that is long enough."""
    runs = [r for r in _RUNS.findall(word) if r[0] < _CHINESE or len(r) >= 2]
    return max(runs, key=len, default=None)


@dataclass(slots=True)
class Needles:
    """Known words. ``harmless``: words of ours that may contain one, such as the names of holidays."""

    harmless: frozenset[str] = frozenset()
    _by_core: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _lengths: set[int] = field(default_factory=set)
    unfindable: int = 0

    def add(self, word: str) -> None:
        """One more word to be found."""
        core = core_of(word)
        if core is None:
            self.unfindable += 1
            return
        self._by_core[core].add(word)
        self._lengths.add(len(core))

    def __len__(self) -> int:
        return sum(len(words) for words in self._by_core.values())

    def within(self, text: str) -> set[str]:
        """The known words that a text contains."""
        if "\\u" in text:
            text = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)
        for word in self.harmless:
            if word in text:
                text = text.replace(word, " ")
        return {word for core in self._cores(text) for word in self._by_core[core] if word in text}

    def _cores(self, text: str) -> Iterator[str]:
        for run in _RUNS.findall(text):
            if run in self._by_core:
                yield run
            if run[0].isdigit() or run[0] >= _CHINESE:
                yield from self._inside(run)

    def _inside(self, run: str) -> Iterable[str]:
        """Words need not stand alone: every part of a run of digits or Chinese is looked up."""
        for length in self._lengths:
            for at in range(len(run) - length + 1):
                if run[at : at + length] in self._by_core:
                    yield run[at : at + length]
