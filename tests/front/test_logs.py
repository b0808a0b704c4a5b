"""Nothing personal gets into a log line: unknown fields, messages of exceptions and values of other libraries stay out."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from shared.runtime.logs import log_as_json


@pytest.fixture
def lines() -> Iterator[Any]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    log_as_json("INFO", service="intake", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)


def test_known_fields_are_said_and_unknown_ones_dropped(lines: Any) -> None:
    logging.getLogger("greenlane.x").info("started", extra={"clock": "live", "name_of_member": "张三", "phone": "139"})
    (said,) = lines()
    assert said["event"] == "started"
    assert (said["clock"], said["service"], said["level"], said["logger"]) == ("live", "intake", "info", "greenlane.x")
    assert set(said) == {"event", "clock", "service", "level", "logger", "at"}


def test_a_known_field_can_not_carry_a_number_or_a_name(lines: Any) -> None:
    logging.getLogger("greenlane.x").warning("waiting", extra={"error": "Key (phone)=(13912345678) of 张三\nDETAIL: x"})
    (said,) = lines()
    assert said["error"] == "Key (phone)=(#) of #"


def test_an_exception_is_its_type_and_its_places(lines: Any) -> None:
    try:
        raise ValueError("张三 13912345678")
    except ValueError:
        logging.getLogger("greenlane.x").exception("parked")
    (said,) = lines()
    assert said["error_type"] == "ValueError"
    assert said["frames"][0].startswith("test_logs.py:")
    assert "张三" not in json.dumps(said, ensure_ascii=False)
    assert "13912345678" not in json.dumps(said)


def test_other_libraries_are_heard_only_when_they_warn_and_without_their_values(lines: Any) -> None:
    logging.getLogger("aiokafka").info("%s", "张三")
    logging.getLogger("aiokafka").error("cannot decode %s", "张三")
    (said,) = lines()
    assert said["event"] == "cannot decode %s"


def test_structlog_speaks_the_same_way(lines: Any) -> None:
    import structlog

    structlog.get_logger("greenlane.x").info("counted", count=3, name="张三")
    (said,) = lines()
    assert said["count"] == 3
    assert "name" not in said
