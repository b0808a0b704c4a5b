"""What people did by hand, and why: who looked at raw bytes, who sent a parked case on. Rows are only ever added."""

from __future__ import annotations

import re
from typing import Annotated

import asyncpg
import typer

TABLE = "greenlane_deeds.deeds"
SCHEMA = """
CREATE SCHEMA IF NOT EXISTS greenlane_deeds;
CREATE TABLE IF NOT EXISTS greenlane_deeds.deeds (
    seq    bigserial PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT now(),
    actor  text        NOT NULL,
    deed   text        NOT NULL,
    object text        NOT NULL,
    reason text        NOT NULL
);
CREATE OR REPLACE FUNCTION greenlane_deeds.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'deeds are never updated or deleted' USING ERRCODE = 'GL009';
END $$;
CREATE OR REPLACE TRIGGER deeds_are_final BEFORE UPDATE OR DELETE ON greenlane_deeds.deeds
    FOR EACH ROW EXECUTE FUNCTION greenlane_deeds.refuse_change();
"""
_ACTOR = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REASON = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


async def note(connection: asyncpg.Connection, actor: str, deed: str, what: str, reason: str) -> None:
    """Write a deed down; done before the deed itself, so that none goes unseen."""
    await connection.execute(
        "INSERT INTO greenlane_deeds.deeds (actor, deed, object, reason) VALUES ($1, $2, $3, $4)",
        actor,
        deed,
        what,
        reason,
    )


def _actor(value: str | None) -> str | None:
    if value is not None and not _ACTOR.fullmatch(value):
        raise typer.BadParameter("a staff number: letters, digits, - and _, never a name")
    return value


def _reason(value: str | None) -> str | None:
    if value is not None and not _REASON.fullmatch(value):
        raise typer.BadParameter("a code like VENDOR_ASKED, never free text")
    return value


Actor = Annotated[str | None, typer.Option("--actor", help="your staff number", callback=_actor)]
Reason = Annotated[str | None, typer.Option("--reason", help="why, as a code: VENDOR_ASKED", callback=_reason)]
