"""The five services as the commands know them: their wirings, and what only the door of the house has."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module

import asyncpg

from services.front.settings import FrontSettings
from services.intake.app import open_door
from services.intake.messaging.last_moment import at_the_last_moment
from shared.calendar import china_calendar
from shared.handbook import Editions
from shared.messaging.wiring import Wiring
from shared.privacy.crypto import Cipher
from shared.privacy.postgres import PostgresVault
from shared.privacy.references import DerivedReferences, RandomReferences, References
from shared.runtime.process import Extras, WrongSettings
from shared.runtime.topics import SERVICES

log = logging.getLogger("greenlane.front")

DOOR = "intake"
PARKED = "parked"  # what a sealed parked message is authenticated as
_PAUSE_MAX_S = 5.0
_VAULT_SETTINGS = {
    "statement_timeout": "30s",
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",
    "application_name": "greenlane-vault",
    "jit": "off",
}


def wiring_of(service: str, editions: Editions) -> Wiring:
    """The wiring of one service. KeyError for a name that is none."""
    if service not in SERVICES:
        raise KeyError(service)
    wire: Callable[..., Wiring] = import_module(f"services.{service}.app").wire
    return wire(editions, china_calendar())


def wirings(editions: Editions) -> Mapping[str, Wiring]:
    """All of them, in the order of the flow."""
    return {service: wiring_of(service, editions) for service in SERVICES}


def cipher_of(settings: FrontSettings) -> Cipher:
    """What seals and opens. Raises WrongSettings where the keys can't be read."""
    return Cipher(settings.keys(), secrets.token_bytes)


def extras_of(
    service: str, settings: FrontSettings, editions: Editions, wiring: Wiring
) -> Callable[[], Awaitable[Extras]] | None:
    """What a service needs besides its wiring: the door needs its vault. Raises WrongSettings without keys."""
    if service != DOOR:
        return None
    cipher = cipher_of(settings)

    async def make() -> Extras:
        pool = await _vault_pool(settings.dsn)
        references: References = (
            DerivedReferences() if settings.clock == "recording" else RandomReferences(secrets.token_bytes)
        )
        vault = PostgresVault(pool, cipher, references)
        return Extras(
            open_door(vault, editions, wiring),
            at_the_last_moment(vault),
            lambda raw: cipher.seal_plainly(raw, PARKED),
            lambda sealed: cipher.open_plainly(sealed, PARKED),
            pool.close,
        )

    return make


async def _vault_pool(dsn: str) -> asyncpg.Pool:
    """The vault's own connections; waits while the database can't answer."""
    pause = 0.2
    while True:
        try:
            pool = await asyncpg.create_pool(
                dsn, min_size=1, max_size=4, command_timeout=30, server_settings=_VAULT_SETTINGS
            )
            if not await pool.fetchval("SELECT to_regclass('vault.persons') IS NOT NULL"):
                await pool.close()
                raise WrongSettings(["the vault is not provisioned: run greenlane provision"])
            return pool
        except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError) as error:
            log.warning("waiting", extra={"for": "PostgreSQL (vault)", "error": type(error).__name__})
        await asyncio.sleep(pause)
        pause = min(pause * 2, _PAUSE_MAX_S)
