"""What a process writes: one JSON object a line, and only fields that are known to hold no person.

An unknown field is dropped, not shown; an exception is its type and its frames, never its message; what other
libraries say is kept as their template, without the values they fill in.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import IO, Any, Literal

import structlog

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

# Codes, names of ours, counts and places. A new field is a decision: does it ever hold a person's particulars?
FIELDS = frozenset({
    "service", "clock", "for", "error", "error_type", "frames", "race", "where", "type", "reason", "reasons", "topic",
    "partition", "offset", "position", "positions", "count", "counts", "seconds", "stream_kind", "stage", "actor",
    "edition", "editions", "calendar", "port", "holder", "attempt",
})  # fmt: skip
_OWN = frozenset({"at", "level", "logger", "event"})
_OURS = "greenlane"
_TEXT_MAX = 300
_FRAMES_MAX = 12
# What an error of a driver may quote: long numbers, and words that no code of ours contains.
_QUOTED = re.compile(r"[0-9]{7,}|[\u2e80-\u9fff\uf900-\ufaff]+")

Said = MutableMapping[str, Any]


def scrub(text: str) -> str:
    """The first line of a text, cut, without long numbers and Chinese words."""
    return _QUOTED.sub("#", text.partition("\n")[0])[:_TEXT_MAX]


def only_known_fields(_logger: object, _method: str, said: Said) -> Said:
    """Drop every field that is not on the list, and all of a value that is not plain."""
    return {name: _plain(value) for name, value in said.items() if name in FIELDS or name in _OWN}


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value[:50]]
    if isinstance(value, dict):
        return {str(k): v for k, v in value.items() if isinstance(v, int)}
    return scrub(str(value))


def shape_of_error(_logger: object, _method: str, said: Said) -> Said:
    """An exception as its type and the places it came through."""
    caught = said.pop("exc_info", None)
    if caught is True:
        caught = sys.exc_info()
    error = caught[1] if isinstance(caught, tuple) else caught
    if isinstance(error, BaseException):
        said["error_type"] = type(error).__name__
        said["frames"] = _frames(error.__traceback__)
    return said


def _frames(trace: TracebackType | None) -> list[str]:
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-_FRAMES_MAX:]


class _Strangers(logging.Filter):
    """Other libraries: warnings and worse, as templates without their values."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == _OURS or record.name.startswith(f"{_OURS}."):
            return True
        record.msg, record.args = str(record.msg), ()
        return record.levelno >= logging.WARNING


def log_as_json(level: LogLevel = "INFO", *, service: str = "", stream: IO[str] | None = None) -> None:
    """Make the whole process log this way; ``service`` stands on every line."""

    def name_the_service(_logger: object, _method: str, said: Said) -> Said:
        if service:
            said.setdefault("service", service)
        return said

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        name_the_service,
        shape_of_error,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            only_known_fields,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        keep_exc_info=False,
    )
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_Strangers())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
