"""Running one service: its wiring, what only the door has, and the process around it."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

import typer
import uvloop

from services.front.exits import Exit, Told, judged_exit, say_why
from services.front.settings import FrontSettings, read_settings
from services.front.wirings import extras_of, wiring_of
from shared.calendar import china_calendar
from shared.runtime.logs import log_as_json
from shared.runtime.process import Process, ProcessSettings
from shared.runtime.topics import SERVICES

log = logging.getLogger("greenlane.front")


def process_of(service: str, settings: FrontSettings) -> Process:
    """The service, ready to run. Raises WrongSettings with every reason."""
    editions = settings.read_editions()
    where = ProcessSettings(
        settings.bootstrap, settings.dsn, settings.clock, settings.health_port, settings.session_timeout_ms
    )
    wiring = wiring_of(service, editions)
    process = Process(wiring, where, extras_of(service, settings, editions, wiring))
    log.info(
        "starting",
        extra={
            "service": service,
            "clock": settings.clock,
            "editions": sorted(editions.by_id),
            "calendar": china_calendar().version,
        },
    )
    return process


def command(service: Annotated[str, typer.Argument(help=", ".join(SERVICES))]) -> None:
    """Run one service until it is told to stop; it waits for its parts and refuses wrong settings (exit 78)."""
    if service not in SERVICES:
        raise typer.BadParameter(f"one of {', '.join(SERVICES)}", param_hint="service")
    try:
        settings = read_settings()
        log_as_json(settings.log_level, service=service)
        process = process_of(service, settings)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(process.run())
    except Exception as error:
        told = judged_exit(error)
        if told is None or told.code is not Exit.WRONG_SETTINGS:
            log.exception("stopped")
            raise typer.Exit(Exit.UNAVAILABLE if told is not None else Exit.NO) from None
        log.error("wrong settings", extra={"reasons": list(told.lines)})
        say_why(Told(told.code, *told.lines))
        raise typer.Exit(told.code) from None
