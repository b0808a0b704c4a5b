"""Strict JSON: a total function from bytes to a value or a reason. It never raises, whatever the bytes are.

Cheap scans over the bytes come first; ``json.loads`` with hooks refuses duplicate members and numbers that others would
read differently; only documents that look suspicious (escapes, long, nested) are walked value by value.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from shared.kernel.value import value
from shared.messaging.gate_reasons import GateReason


@value
class Limits:
    """How large a document may be. ``values_max`` bounds members and items of the whole document together."""

    bytes_max: int = 256 * 1024
    depth_max: int = 32
    values_max: int = 10_000
    string_max: int = 8_192
    digits_max: int = 16


@value
class Parsed:
    """The value that the bytes say."""

    value: Any


@value
class Malformed:
    """Why the bytes say nothing. ``detail`` never holds anything that was sent but a place in it."""

    reason: GateReason
    detail: str = ""


class _Refused(Exception):
    def __init__(self, reason: GateReason) -> None:
        super().__init__(reason)
        self.reason = reason


LIMITS = Limits()
SAFE_INTEGER_MAX = 2**53
_BOM = b"\xef\xbb\xbf"
# as bytes: what is a control character wherever it stands; tab and line ends are JSON's own blanks outside strings
_CONTROLS = bytes((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_C1 = re.compile("[\x80-\x9f]")
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_SUSPECT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_BIDI}{_NONCHARACTERS}]")
_BIDI_ONE = re.compile(f"[{_BIDI}]")
# an escape of what _SUSPECT would find, or of half an astral character: only then are the strings looked at one by one
_SUSPECT_ESCAPE = re.compile(rb"\\u(?:00[01789]|[dD][89a-fA-F]|061[cC]|20[026]|[fF][dD][dDeE]|[fF]{3}[eEfF])")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
# in UTF-8, whatever _SUSPECT finds begins with one of these; common Chinese characters do not
_SUSPECT_LEADS = b"\xc2\xd8\xe2\xef\xf0\xf1\xf2\xf3\xf4"
_BRACKET = re.compile(rb"[\[\]{}]")


def parse(raw: bytes | None, limits: Limits = LIMITS) -> Parsed | Malformed:
    """What the bytes say, or why they say nothing. Total: never raises.

    Limits: ``limits``. Reasons: `GateReason`, from EMPTY to STRING_TOO_LONG.
    """
    try:
        return _parse(raw, limits)
    except _Refused as refused:
        return Malformed(refused.reason)
    except json.JSONDecodeError as error:
        return Malformed(_json_reason(error), f"at {error.pos}")
    except (ValueError, RecursionError, OverflowError, MemoryError):
        return Malformed(GateReason.NOT_JSON)


def _parse(raw: bytes | None, limits: Limits) -> Parsed | Malformed:
    if raw is None or not raw.strip():
        return Malformed(GateReason.EMPTY)
    if len(raw) > limits.bytes_max:
        return Malformed(GateReason.TOO_LARGE)
    if raw.startswith(_BOM):
        return Malformed(GateReason.BYTE_ORDER_MARK)
    if len(raw.translate(None, _CONTROLS)) != len(raw):
        return Malformed(GateReason.CONTROL_CHARACTER)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return Malformed(GateReason.NOT_UTF8, f"at {error.start}")
    if len(raw.translate(None, _SUSPECT_LEADS)) != len(raw) and (found := _SUSPECT.search(text)):
        return Malformed(_character(found[0]), f"at {found.start()}")
    _measure(raw, limits)
    value = _decoder(limits).decode(text)
    if len(raw) > limits.string_max or _SUSPECT_ESCAPE.search(raw):
        _walk(value, limits)
    return Parsed(value)


def _measure(raw: bytes, limits: Limits) -> None:
    """Depth and number of values before anything is built; strings are taken out only where they might matter."""
    opened = raw.count(b"{") + raw.count(b"[")
    if opened <= limits.depth_max and opened + raw.count(b",") <= limits.values_max:
        return
    bare = _STRING.sub(b"", raw)
    if bare.count(b",") + bare.count(b"{") + bare.count(b"[") > limits.values_max:
        raise _Refused(GateReason.TOO_MANY_VALUES)
    depth = 0
    for bracket in _BRACKET.findall(bare):
        depth += 1 if bracket in b"{[" else -1
        if depth > limits.depth_max:
            raise _Refused(GateReason.TOO_DEEP)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Refused(GateReason.DUPLICATE_MEMBER)
    return members


def _constant(_: str) -> NoReturn:
    raise _Refused(GateReason.NOT_A_NUMBER)


def _decoder(limits: Limits) -> json.JSONDecoder:
    return _DECODER if limits is LIMITS else _new_decoder(limits)


def _new_decoder(limits: Limits) -> json.JSONDecoder:
    digits_max = limits.digits_max

    def integer(said: str) -> int:
        if len(said) > digits_max + 1:
            raise _Refused(GateReason.NUMBER_TOO_LARGE)
        number = int(said)
        if not -SAFE_INTEGER_MAX <= number <= SAFE_INTEGER_MAX:
            raise _Refused(GateReason.NUMBER_TOO_LARGE)
        return number

    def fraction(said: str) -> float:
        if "e" in said or "E" in said:
            raise _Refused(GateReason.NUMBER_WITH_EXPONENT)
        if len(said) > 2 * digits_max:
            raise _Refused(GateReason.NUMBER_TOO_LARGE)
        return float(said)

    return json.JSONDecoder(
        object_pairs_hook=_members, parse_int=integer, parse_float=fraction, parse_constant=_constant
    )


_DECODER = _new_decoder(LIMITS)


def _walk(value: Any, limits: Limits) -> None:
    """Look at every string once more: escapes hide characters, and length shows only here."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            _text(one, limits)
        elif isinstance(one, dict):
            pending.extend(one.keys())
            pending.extend(one.values())
        elif isinstance(one, list):
            pending.extend(one)


def _text(said: str, limits: Limits) -> None:
    if len(said) > limits.string_max:
        raise _Refused(GateReason.STRING_TOO_LONG)
    if found := _SUSPECT.search(said):
        raise _Refused(_character(found[0]))


def _character(one: str) -> GateReason:
    if "\ud800" <= one <= "\udfff":
        return GateReason.LONE_SURROGATE
    if _BIDI_ONE.match(one):
        return GateReason.BIDI_CONTROL
    if one < "\x20" or _C1.match(one) or one == "\x7f":
        return GateReason.CONTROL_CHARACTER
    return GateReason.NONCHARACTER


def _json_reason(error: json.JSONDecodeError) -> GateReason:
    if error.msg.startswith("Extra data"):
        return GateReason.TRAILING_GARBAGE
    if error.msg.startswith("Invalid control character"):
        return GateReason.CONTROL_CHARACTER
    return GateReason.NOT_JSON
