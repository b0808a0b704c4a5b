"""How a command ends: stable exit codes, and an error in a few lines instead of a traceback."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from enum import IntEnum
from typing import Any, TypeVar

import asyncpg
import typer
from aiokafka.errors import KafkaError
from confluent_kafka import KafkaException
from rich.console import Console
from rich.text import Text

from services.front.player import BadRecording
from shared.event_store.commit import StoreUnavailable
from shared.privacy.crypto import Unopenable
from shared.runtime.process import WrongSettings
from shared.runtime.topics import TopicMismatch

T = TypeVar("T")


class Exit(IntEnum):
    """Exit codes; those above 63 are the ones of sysexits.h."""

    DONE = 0
    NO = 1  # the answer is no: a violation, nothing found, a record refused
    USAGE = 2
    BAD_INPUT = 65
    UNAVAILABLE = 69
    WRONG_SETTINGS = 78


class Told(Exception):
    """A command that ends with something to say, each line for a person to read."""

    def __init__(self, code: Exit, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.code = code
        self.lines = lines


def judged_exit(error: BaseException) -> Told | None:
    """The error in words with its exit code; None for a fault of ours, whose traceback is wanted."""
    match error:
        case Told():
            return error
        case WrongSettings():
            return Told(Exit.WRONG_SETTINGS, *error.reasons)
        case TopicMismatch():
            return Told(Exit.WRONG_SETTINGS, str(error))
        case BadRecording():
            return Told(Exit.BAD_INPUT, str(error))
        case Unopenable():
            return Told(Exit.WRONG_SETTINGS, f"the vault's keys do not open this: {error}")
        case _:
            return _judged_of_drivers(error)


def _judged_of_drivers(error: BaseException) -> Told | None:
    match error:
        case asyncpg.UndefinedTableError() | asyncpg.InvalidSchemaNameError() | asyncpg.UndefinedFunctionError():
            return Told(Exit.WRONG_SETTINGS, "the database is not provisioned: run greenlane provision")
        case KafkaException() | KafkaError():
            return Told(Exit.UNAVAILABLE, f"Kafka does not answer: {type(error).__name__}")
        case asyncpg.PostgresError() | asyncpg.InterfaceError() | StoreUnavailable() | OSError() | TimeoutError():
            return Told(Exit.UNAVAILABLE, f"PostgreSQL or Kafka does not answer: {type(error).__name__}")
        case _:
            return None


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; an error ends it with its exit code and its lines on standard error."""
    try:
        return asyncio.run(work)
    except Exception as error:
        told = judged_exit(error)
        if told is None:
            raise
        say_why(told)
        raise typer.Exit(told.code) from None


def say_why(told: Told) -> None:
    """The lines of an ending, on standard error."""
    console = Console(stderr=True)
    for line in told.lines:
        console.print(Text(line, style="red"), soft_wrap=True)
