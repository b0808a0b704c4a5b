"""Bytes, encodings, JSON, headers and keys that are wrong before anyone asks what is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from tests.corpus.entry import Entry, Long, entry, raw
from tests.corpus.good import GOOD, good, text_of

NAME = "无名氏"


def _application(name: str) -> bytes:
    """An application whose person's name is these very characters, written out as JSON would escape them or not."""
    return text_of(good("ServiceRequested")).replace(NAME.encode(), name.encode("utf-8", "surrogatepass"))


def _escaped(escape: str) -> bytes:
    return text_of(good("ServiceRequested")).replace(NAME.encode(), escape.encode())


def _bytes_for(name: bytes) -> bytes:
    return text_of(good("ServiceRequested")).replace(NAME.encode(), name)


def encodings() -> Iterator[Entry]:
    text = text_of(good("ServiceRequested"))
    for name, value in {
        "a lone continuation byte": _bytes_for(b"\x80"),
        "a truncated sequence": _bytes_for(b"\xe6\x97"),
        "an overlong slash of two bytes": _bytes_for(b"\xc0\xaf"),
        "an overlong quote of two bytes": _bytes_for(b"\xc0\xa2"),
        "an overlong slash of three bytes": _bytes_for(b"\xe0\x80\xaf"),
        "an overlong slash of four bytes": _bytes_for(b"\xf0\x80\x80\xaf"),
        "an overlong NUL as Java writes it": _bytes_for(b"\xc0\x80"),
        "a surrogate in bytes (CESU-8)": _bytes_for(b"\xed\xa0\x80"),
        "a pair of surrogates in bytes (CESU-8)": _bytes_for(b"\xed\xa0\xbd\xed\xb8\x80"),
        "beyond the last code point": _bytes_for(b"\xf4\x90\x80\x80"),
        "a byte that UTF-8 never uses": _bytes_for(b"\xff"),
        "a five byte sequence": _bytes_for(b"\xf8\x88\x80\x80\x80"),
        "GBK": text.decode().encode("gbk"),
        "GB18030": text.decode().encode("gb18030"),
        "Big5": _bytes_for("無名".encode("big5")),
        "Latin-1": _bytes_for("café".encode("latin-1")),
        "Windows-1252": _bytes_for("€".encode("cp1252")),
        "gzip": b"\x1f\x8b\x08\x00\xff\xff\xff\xff\x00\x03",
        "Avro with a schema id": b"\xff\xfe" + text,
        "cut in the middle of a character": text[: text.index(NAME.encode()) + 1],
    }.items():
        reason = "CONTROL_CHARACTER" if name == "gzip" else "NOT_UTF8"
        yield raw(f"bytes: {name}", reason, value)
    yield raw(
        "bytes: UTF-16 little endian", "CONTROL_CHARACTER", json.dumps(good("ContactReported")).encode("utf-16-le")
    )
    yield raw("bytes: UTF-16 big endian", "CONTROL_CHARACTER", json.dumps(good("ContactReported")).encode("utf-16-be"))
    yield raw("bytes: UTF-16 with its mark", "CONTROL_CHARACTER", json.dumps(good("ContactReported")).encode("utf-16"))
    yield raw("bytes: UTF-32", "CONTROL_CHARACTER", json.dumps(good("ContactReported")).encode("utf-32"))
    yield raw("bytes: UTF-8 with its mark", "BYTE_ORDER_MARK", b"\xef\xbb\xbf" + text)
    yield raw("bytes: protobuf", "CONTROL_CHARACTER", b"\x08\x96\x01\x12\x07testing")
    yield raw("bytes: a mark and nothing", "BYTE_ORDER_MARK", b"\xef\xbb\xbf")
    yield raw("bytes: null value, a tombstone", "EMPTY", None)
    yield raw("bytes: none", "EMPTY", b"")
    yield raw("bytes: blanks only", "EMPTY", b" \t\r\n ")


def characters() -> Iterator[Entry]:
    for point in (0x00, 0x01, 0x08, 0x0B, 0x0C, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F):
        yield raw(f"character: U+{point:04X} escaped", "CONTROL_CHARACTER", _escaped(f"a\\u{point:04x}b"))
    for point in (0x00, 0x07, 0x1B, 0x7F, 0x85, 0x9B):
        yield raw(f"character: U+{point:04X} as it is", "CONTROL_CHARACTER", _application(f"a{chr(point)}b"))
    for name, character in {"tab": "\t", "line feed": "\n", "carriage return": "\r"}.items():
        yield raw(f"character: a raw {name} inside a string", "CONTROL_CHARACTER", _application(f"a{character}b"))
    for point in (0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069):
        yield raw(f"character: bidi control U+{point:04X}", "BIDI_CONTROL", _application(f"a{chr(point)}b"))
    yield raw("character: bidi control escaped", "BIDI_CONTROL", _escaped("a\\u202eb"))
    for escape in ("\\ud800", "\\udfff", "\\ud800x", "\\udc00\\ud800", "\\ud83d\\u0041", "\\uD83D"):
        yield raw(f"character: lone surrogate {escape[1:]}", "LONE_SURROGATE", _escaped(escape))
    for point in (0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF):
        yield raw(f"character: U+{point:04X} is none", "NONCHARACTER", _application(f"a{chr(point)}b"))
    hidden = text_of(good("ContactReported")).replace(b'"stage"', b'"sta\\u0000ge"')
    yield raw("character: NUL in a member's name", "CONTROL_CHARACTER", hidden)


def json_tricks() -> Iterator[Entry]:
    text = text_of(good("ServiceRequested"))
    small = text_of(good("ContactReported"))
    money = text_of(good("VisitMissed"))
    for name, value in {
        "cut off": text[:-1],
        "cut off in a string": text[: text.index(b"OUTP") + 2],
        "one brace": b"{",
        "a bare word": b"ServiceRequested",
        "single quotes": small.replace(b'"', b"'"),
        "a trailing comma": small[:-1] + b",}",
        "a comment": b"/* hello */" + small,
        "a line comment": b"// hello\n" + small,
        "unquoted member names": small.replace(b'"stage"', b"stage"),
        "a missing colon": small.replace(b'"stage":', b'"stage"'),
        "a hexadecimal number": money.replace(b"120000", b"0x1D4C0"),
        "a leading zero": money.replace(b"120000", b"0120000"),
        "a plus sign": money.replace(b"120000", b"+120000"),
        "a number ending in a point": money.replace(b"120000", b"120000."),
        "True of Python": small.replace(b'"feedback"', b"True"),
        "undefined": small.replace(b'"feedback"', b"undefined"),
        "a bad escape": _escaped("\\x41"),
        "a half escape": _escaped("\\u12"),
        "YAML": b"type: ServiceRequested.v1\n",
        "XML": b"<event/>",
        "a form": b"type=ServiceRequested.v1&id=1",
    }.items():
        yield raw(f"json: {name}", "NOT_JSON", value)
    for name, tail in {"another object": b"{}", "a brace": b"}", "a word": b" and more", "a number": b"1"}.items():
        yield raw(f"json: followed by {name}", "TRAILING_GARBAGE", small + tail)
    yield raw("json: two records in one", "TRAILING_GARBAGE", small + b"\n" + small)
    for name, value in {
        "the id twice": small.replace(b'"id":', b'"id":"other","id":'),
        "the type twice": small.replace(b'"type":', b'"type":"DepositPaid.v1","type":'),
        "data twice": small[:-1] + b',"data":{}}',
        "a member of the data twice": small.replace(b'"stage":', b'"stage":"first_response","stage":'),
        "twice, once escaped": small.replace(b'"stage":', b'"st\\u0061ge":"first_response","stage":'),
        "fen twice": money.replace(b'"fen":', b'"fen":1,"fen":'),
        "twice with the same value": small.replace(b'"stage":', b'"stage":"feedback","stage":'),
    }.items():
        yield raw(f"json: {name}", "DUPLICATE_MEMBER", value)
    for word in ("NaN", "Infinity", "-Infinity"):
        yield raw(f"json: {word}", "NOT_A_NUMBER", money.replace(b"120000", word.encode()))
    for name, number in {
        "2^53 + 1": "9007199254740993", "-2^53 - 1": "-9007199254740993", "2^63": "9223372036854775808",
        "2^64": "18446744073709551616", "forty digits": "1" * 40, "five thousand digits": "9" * 5000,
        "a long fraction": "0." + "1" * 60,
    }.items():  # fmt: skip
        yield raw(f"json: the number {name}", "NUMBER_TOO_LARGE", money.replace(b"120000", number.encode()))
    for number in ("1e5", "1E5", "12.0e4", "1e999", "1e-5"):
        yield raw(f"json: the number {number}", "NUMBER_WITH_EXPONENT", money.replace(b"120000", number.encode()))
    for name, value in {
        "an array": b"[" + small + b"]", "a string": b'"ServiceRequested.v1"', "a number": b"1", "null": b"null",
        "true": b"true", "an empty array": b"[]",
    }.items():  # fmt: skip
        yield raw(f"json: {name}", "NOT_AN_OBJECT", value)


def sizes() -> Iterator[Entry]:
    yield raw("size: 40 levels of arrays", "TOO_DEEP", b"[" * 40 + b"]" * 40)
    yield raw("size: 33 levels of objects", "TOO_DEEP", b'{"a":' * 33 + b"1" + b"}" * 33)
    yield raw("size: 100,000 levels", "TOO_MANY_VALUES", Long(b"", b"[", 100_000, b""))
    yield raw("size: levels never closed", "TOO_DEEP", b"[" * 2_000)
    yield raw("size: 20,000 items", "TOO_MANY_VALUES", Long(b'{"data":[0', b",0", 20_000, b"]}"))
    yield raw("size: 12,000 members", "TOO_MANY_VALUES", Long(b'{"data":[{}', b',{"a":1}', 6_000, b"]}"))
    yield raw(
        "size: 257 KiB of blanks and a record", "TOO_LARGE", Long(b"", b" ", 263_000, text_of(good("ContactReported")))
    )
    yield raw("size: a megabyte in one string", "TOO_LARGE", Long(b'{"data":"', b"a", 1_000_000, b'"}'))
    yield raw("size: a string of 9,000 characters", "STRING_TOO_LONG", _application("字" * 9_000))
    long_name = text_of(good("ContactReported")).replace(b'"stage"', b'"' + b"s" * 9_000 + b'"')
    yield raw("size: a member's name of 9,000 characters", "STRING_TOO_LONG", long_name)


def headers() -> Iterator[Entry]:
    base = entry("", "", good("ServiceRequested"))
    for name, reason, extra in (
        ("a null value", "HEADER_VALUE_MISSING", (("traceparent", None),)),
        ("a null content type", "HEADER_VALUE_MISSING", (("content-type", None),)),
        ("bytes that are not UTF-8", "HEADER_NOT_UTF8", (("trace", b"\xff\xfe"),)),
        ("a truncated character", "HEADER_NOT_UTF8", (("trace", "字".encode()[:2]),)),
        ("an empty name", "HEADER_NAME_INVALID", (("", b"x"),)),
        ("a name with a line feed", "HEADER_NAME_INVALID", (("a\nb", b"x"),)),
        ("a name with NUL", "HEADER_NAME_INVALID", (("a\x00b", b"x"),)),
        ("a name of 200 characters", "HEADER_NAME_INVALID", (("h" * 200, b"x"),)),
        ("40 of them", "TOO_MANY_HEADERS", tuple((f"h{n}", b"x") for n in range(40))),
        ("33 empty ones", "TOO_MANY_HEADERS", tuple((f"h{n}", b"") for n in range(33))),
        ("one of 10 KiB", "HEADER_TOO_LARGE", (("trace", b"x" * 10_240),)),
        (
            "many small ones that are large together",
            "HEADER_TOO_LARGE",
            tuple((f"h{n}", b"x" * 600) for n in range(20)),
        ),
        ("avro", "CONTENT_TYPE_INVALID", (("content-type", b"application/avro"),)),
        ("plain text", "CONTENT_TYPE_INVALID", (("Content-Type", b"text/plain"),)),
        ("an empty content type", "CONTENT_TYPE_INVALID", (("content-type", b""),)),
    ):
        yield replace(base, name=f"header: {name}", reason=reason, headers=extra)


def keys() -> Iterator[Entry]:
    base = entry("", "", good("ServiceRequested"))
    for name, reason, key in (
        ("missing", "KEY_MISSING", None),
        ("empty", "KEY_NOT_SUBJECT", b""),
        ("another case's", "KEY_NOT_SUBJECT", b"CASE-0002"),
        ("of another case of letters", "KEY_NOT_SUBJECT", b"case-0001"),
        ("with a blank behind it", "KEY_NOT_SUBJECT", b"CASE-0001 "),
        ("in quotes", "KEY_NOT_SUBJECT", b'"CASE-0001"'),
        ("not UTF-8", "KEY_NOT_UTF8", b"\xffCASE-0001"),
        ("a number of four bytes", "KEY_NOT_UTF8", b"\x80\x00\x00\x01"),
    ):
        yield replace(base, name=f"key: {name}", reason=reason, key=key)
    youjia = entry("", "", good("DepositPaid"))
    yield replace(youjia, name="key: missing at Youjia", reason="KEY_MISSING", key=None)
    for sender, types in GOOD.items():
        record = entry("", "", good(next(iter(types))))
        yield replace(record, name=f"key: not UTF-8 at {sender}", reason="KEY_NOT_UTF8", key=b"\xfe")
    yield replace(base, name="topic: unknown", reason="UNKNOWN_TOPIC", topic="vendor.nobody.in.events.v1")
    yield replace(base, name="topic: one of our own", reason="UNKNOWN_TOPIC", topic="greenlane.intake.events.v1")
    for name, ms in {"before 2000": 0, "no time at all": -1, "the year 5138": 99_999_999_999_999}.items():
        yield replace(base, name=f"timestamp: {name}", reason="TIMESTAMP_OUT_OF_RANGE", timestamp_ms=ms)


def everything() -> Iterator[Entry]:
    for part in (encodings, characters, json_tricks, sizes, headers, keys):
        yield from part()
