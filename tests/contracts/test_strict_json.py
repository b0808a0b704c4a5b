"""Strict JSON: one reason for everything that two readers could read differently, and never an exception."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.messaging.gate_reasons import GateReason
from shared.messaging.strict_json import Limits, Malformed, Parsed, parse

BAD: list[tuple[bytes | None, str]] = [
    (None, "EMPTY"), (b"", "EMPTY"), (b" \r\n\t", "EMPTY"),
    (b"[" + b" " * 262_144 + b"]", "TOO_LARGE"),
    (b"\xef\xbb\xbf{}", "BYTE_ORDER_MARK"),
    (b'"\xff"', "NOT_UTF8"), (b'"\xed\xa0\x80"', "NOT_UTF8"), (b'"\xc0\xaf"', "NOT_UTF8"),
    ('{"a":1}'.encode("utf-16"), "CONTROL_CHARACTER"),
    (b'"\x00"', "CONTROL_CHARACTER"), (b'"\\u0000"', "CONTROL_CHARACTER"), (b'"a\nb"', "CONTROL_CHARACTER"),
    (b'"\\u001b[0m"', "CONTROL_CHARACTER"), (b'"\x7f"', "CONTROL_CHARACTER"), ('"\x85"'.encode(), "CONTROL_CHARACTER"),
    (b'"\\ud800"', "LONE_SURROGATE"), (b'{"\\udc00":1}', "LONE_SURROGATE"),
    ('"\u202e"'.encode(), "BIDI_CONTROL"), (b'"\\u2066"', "BIDI_CONTROL"), (b'"\\u200f"', "BIDI_CONTROL"),
    ('"\ufdd0"'.encode(), "NONCHARACTER"), (b'"\\uffff"', "NONCHARACTER"), ('"\U0001fffe"'.encode(), "NONCHARACTER"),
    (b"[" * 33 + b"]" * 33, "TOO_DEEP"), (b'{"a":' * 40 + b"1" + b"}" * 40, "TOO_DEEP"),
    (b"[" + b"1," * 10_001 + b"1]", "TOO_MANY_VALUES"), (b"[" * 100_000, "TOO_MANY_VALUES"),
    (b"{", "NOT_JSON"), (b"{'a':1}", "NOT_JSON"), (b'{"a":1,}', "NOT_JSON"), (b"[1 2]", "NOT_JSON"), (b"nul", "NOT_JSON"),
    (b"{} {}", "TRAILING_GARBAGE"), (b"01", "TRAILING_GARBAGE"),
    (b'{"a":1,"a":1}', "DUPLICATE_MEMBER"), (b'{"a":1,"\\u0061":1}', "DUPLICATE_MEMBER"),
    (b'[{"b":{"a":1,"a":1}}]', "DUPLICATE_MEMBER"),
    (b"NaN", "NOT_A_NUMBER"), (b"[-Infinity]", "NOT_A_NUMBER"),
    (b"9007199254740993", "NUMBER_TOO_LARGE"), (b"-9007199254740993", "NUMBER_TOO_LARGE"),
    (b"1" * 5_000, "NUMBER_TOO_LARGE"), (b"0." + b"1" * 5_000, "NUMBER_TOO_LARGE"),
    (b"1e3", "NUMBER_WITH_EXPONENT"), (b"1E999", "NUMBER_WITH_EXPONENT"),
    (b'"' + b"a" * 8_193 + b'"', "STRING_TOO_LONG"),
]  # fmt: skip
GOOD: list[bytes] = [
    b"null", b"[]", b"1.5", b"-0", b"9007199254740992", b"-9007199254740992", "“中文，标点”".join('""').encode(), b'"\\n\\t"',
    b'"\\ud83d\\ude00"', b"[" * 32 + b"]" * 32, b'"' + b"[" * 100 + b'"', b' {"a": [true, false]}\n',
    '"😀 ①"'.encode(), b'"1111111111111111111111"',
]  # fmt: skip


@pytest.mark.parametrize(("raw", "reason"), BAD, ids=lambda v: repr(v)[:24])
def test_what_is_not_strict_has_one_stable_reason(raw: bytes | None, reason: str) -> None:
    outcome = parse(raw)
    assert isinstance(outcome, Malformed), outcome
    assert outcome.reason == reason


@pytest.mark.parametrize("raw", GOOD, ids=lambda v: repr(v)[:24])
def test_what_is_strict_is_read_as_everyone_reads_it(raw: bytes) -> None:
    assert parse(raw) == Parsed(json.loads(raw))


def test_a_reason_never_repeats_what_was_sent() -> None:
    outcome = parse('{"name":"王小明","name":"王小明"}'.encode())
    assert isinstance(outcome, Malformed)
    assert "王" not in repr(outcome)


def test_limits_are_the_callers() -> None:
    assert parse(b"[[1]]", Limits(depth_max=1)) == Malformed(GateReason.TOO_DEEP)
    assert parse(b"123456", Limits(digits_max=4)) == Malformed(GateReason.NUMBER_TOO_LARGE)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_parse_never_raises(raw: bytes) -> None:
    outcome = parse(raw)
    if isinstance(outcome, Parsed):
        json.loads(raw)


@settings(max_examples=200, deadline=None)
@given(st.text('{}[]",:\\u0de9 -.1eEtrufalsn', max_size=120))
def test_parse_never_raises_on_what_looks_like_json(text: str) -> None:
    parse(text.encode())


@pytest.mark.parametrize(
    "evil", [b'"' + b'\\"' * 120_000, b'["' * 120_000, b"\\" * 250_000, b'{"a":' * 50_000, b'"\\u00"' * 40_000]
)
def test_hostile_bytes_cost_milliseconds(evil: bytes) -> None:
    began = time.perf_counter()
    assert isinstance(parse(evil), Malformed)
    assert time.perf_counter() - began < 1.0
