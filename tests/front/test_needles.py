"""The canary's search: finds what it must, wherever it stands; takes nothing harmless for a person."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.front.invariants.needles import Needles

PERSON = ("欧阳明月", "110101199003074514", "+8613912345678", "DEMO-B-202603-008", "E12345678", "Smith Anna")


@pytest.fixture
def needles() -> Needles:
    found = Needles(frozenset({"国庆节"}))
    for word in PERSON:
        found.add(word)
    return found


@pytest.mark.parametrize("word", PERSON)
def test_a_word_is_found_alone_in_a_sentence_and_in_json(needles: Needles, word: str) -> None:
    for text in (
        word,
        f"前{word}后",
        f" x {word} y ",
        json.dumps({"a": word}),
        json.dumps({"a": word}, ensure_ascii=False),
    ):
        assert word in needles.within(text)


def test_nothing_is_found_where_nothing_is(needles: Needles) -> None:
    assert not needles.within(
        "holiday:国庆节 2026-10-01 p_gg7s5otcg33m3pszcibvwlyu 208a26d2-a0d3-59f0-bde0-bee4fe0939c0"
    )


def test_the_name_of_a_holiday_is_no_person() -> None:
    needles = Needles(frozenset({"国庆节"}))
    needles.add("国庆")
    assert not needles.within("holiday:国庆节")
    assert needles.within("李国庆")


@given(st.text(max_size=40), st.text(max_size=40), st.integers(min_value=10_000_000, max_value=10**18))
def test_a_number_is_found_whatever_stands_around_it(before: str, after: str, number: int) -> None:
    needles = Needles()
    needles.add(str(number))
    assert str(number) in needles.within(f"{before}{number}{after}")
