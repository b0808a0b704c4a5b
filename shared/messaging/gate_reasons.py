"""Why a record stands outside the gate: stable codes that vendors see in their receipts. Codes are only ever added."""

from __future__ import annotations

from enum import StrEnum


class GateReason(StrEnum):
    """The first thing wrong with a record, asked in this order: headers, key, bytes, JSON, envelope, contract, id."""

    UNKNOWN_TOPIC = "UNKNOWN_TOPIC"  # nobody outside speaks on this topic
    TIMESTAMP_OUT_OF_RANGE = "TIMESTAMP_OUT_OF_RANGE"  # the record's own timestamp is no instant of our times
    TOO_MANY_HEADERS = "TOO_MANY_HEADERS"
    HEADER_NAME_INVALID = "HEADER_NAME_INVALID"
    HEADER_VALUE_MISSING = "HEADER_VALUE_MISSING"
    HEADER_NOT_UTF8 = "HEADER_NOT_UTF8"
    HEADER_TOO_LARGE = "HEADER_TOO_LARGE"
    CONTENT_TYPE_INVALID = "CONTENT_TYPE_INVALID"  # said, and not JSON
    KEY_MISSING = "KEY_MISSING"
    KEY_NOT_UTF8 = "KEY_NOT_UTF8"
    KEY_NOT_SUBJECT = "KEY_NOT_SUBJECT"  # a vendor's records are keyed by its case reference
    EMPTY = "EMPTY"  # no value, or none but blanks
    TOO_LARGE = "TOO_LARGE"  # more than 256 KiB
    BYTE_ORDER_MARK = "BYTE_ORDER_MARK"
    NOT_UTF8 = "NOT_UTF8"
    CONTROL_CHARACTER = "CONTROL_CHARACTER"  # NUL and its kin, plain or escaped; tab and line ends may be escaped
    LONE_SURROGATE = "LONE_SURROGATE"
    BIDI_CONTROL = "BIDI_CONTROL"  # characters that turn the direction of reading
    NONCHARACTER = "NONCHARACTER"  # code points that Unicode keeps unassigned for ever
    TOO_DEEP = "TOO_DEEP"  # more than 32 levels
    TOO_MANY_VALUES = "TOO_MANY_VALUES"
    NOT_JSON = "NOT_JSON"
    TRAILING_GARBAGE = "TRAILING_GARBAGE"  # something follows the JSON value
    DUPLICATE_MEMBER = "DUPLICATE_MEMBER"
    NOT_A_NUMBER = "NOT_A_NUMBER"  # NaN, Infinity
    NUMBER_TOO_LARGE = "NUMBER_TOO_LARGE"  # beyond ±2^53, or too many digits
    NUMBER_WITH_EXPONENT = "NUMBER_WITH_EXPONENT"
    STRING_TOO_LONG = "STRING_TOO_LONG"
    NOT_AN_OBJECT = "NOT_AN_OBJECT"
    ENVELOPE_INVALID = "ENVELOPE_INVALID"  # not CloudEvents 1.0 as the contract has it; the pointer names the attribute
    SOURCE_NOT_THE_TOPICS = "SOURCE_NOT_THE_TOPICS"  # the identity is the topic; a source that differs is a mistake
    UNKNOWN_TYPE = "UNKNOWN_TYPE"  # not a type of this topic
    SUBJECT_NOT_OF_DATA = "SUBJECT_NOT_OF_DATA"  # the subject is not the number that the data name
    CONTRACT_INVALID = "CONTRACT_INVALID"  # the data do not keep the contract; the pointer names the first place
    ID_REUSED = "ID_REUSED"  # the same id came before with other content
