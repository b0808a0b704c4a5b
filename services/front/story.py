"""`greenlane story`: one case, whole: who decided what, by which clause, on which facts, and what it came to."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from services.front.exits import run
from services.front.invariants import snapshot
from services.front.settings import FrontSettings, read_settings
from services.front.telling.gathering import find_request, gather
from services.front.telling.showing import show_story
from services.front.telling.story import Story, tell
from services.front.wirings import wirings


async def story_of(settings: FrontSettings, request: str) -> Story:
    """The story of a request named by its id or how that begins. Raises Told where that names none or several."""
    editions = settings.read_editions()
    async with snapshot(settings.dsn) as connection:
        request_id = await find_request(connection, request)
        return tell(await gather(connection, wirings(editions), request_id), editions)


def command(
    request: Annotated[str, typer.Argument(help="the request's id, or how it begins")],
    as_json: Annotated[bool, typer.Option("--json", help="for machines: everything, with nothing left out")] = False,
    passed: Annotated[bool, typer.Option("--all", help="rules that were met too, each with its clause")] = False,
) -> None:
    """Tell one case across all services: decisions with their clauses, deadlines with their proof, money, reviews."""
    story = run(_story(request))
    if as_json:
        typer.echo(json.dumps(story, ensure_ascii=False, indent=2))
    else:
        show_story(Console(), story, passed=passed)


async def _story(request: str) -> Story:
    return await story_of(read_settings(), request)
