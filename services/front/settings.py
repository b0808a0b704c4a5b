"""Where the parts are and how the house runs: one set of settings for every command, from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.handbook import Editions, HandbookError, load_editions
from shared.privacy.keys import Keys, KeysUnreadable, read_keys
from shared.runtime.clock import ClockName
from shared.runtime.logs import LogLevel
from shared.runtime.process import WrongSettings

PREFIX = "GREENLANE_"


def state_dir() -> Path:
    """Where this user's state lives: XDG_STATE_HOME, or ``~/.local/state``."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "greenlane"


class FrontSettings(BaseSettings):
    """Everything the commands ask of their environment (each name with GREENLANE_ before it).

    Attributes:
        kafka: bootstrap servers, ``host:port``.
        postgres: connection address.
        clock: ``live`` (the database's) or ``recording`` (the player's).
        vault_keys: the file of the vault's keys, or the keys themselves (JSON); absent: a file in the state folder.
        health_port: where a service answers health and metrics; absent: nowhere.
        log_level: DEBUG, INFO, WARNING or ERROR.
        editions: further folders of handbook editions, as PATH is written.
        allow_demo_parameters: whether values marked as demonstrations may run; absent: under the recording's clock alone.
        replication: copies of each topic partition that `provision` makes.
        session_timeout_ms: after so long without a sign of life a replica's partitions go to another.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, hide_input_in_errors=True)

    kafka: str | None = None
    postgres: SecretStr | None = None
    clock: ClockName = "live"
    vault_keys: SecretStr | None = None
    health_port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    log_level: LogLevel = "INFO"
    editions: Annotated[tuple[Path, ...], NoDecode] = ()
    allow_demo_parameters: bool | None = None
    replication: Annotated[int, Field(ge=1, le=9)] = 1
    session_timeout_ms: Annotated[int, Field(ge=1_000, le=300_000)] = 10_000

    @field_validator("editions", mode="before")
    @classmethod
    def _as_paths(cls, value: object) -> object:
        return tuple(part for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @property
    def bootstrap(self) -> str:
        """Where Kafka is. Raises WrongSettings where nobody said."""
        if self.kafka is None:
            raise WrongSettings([f"{PREFIX}KAFKA is not set: host:port of the broker"])
        return self.kafka

    @property
    def dsn(self) -> str:
        """Where PostgreSQL is. Raises WrongSettings where nobody said."""
        if self.postgres is None:
            raise WrongSettings([f"{PREFIX}POSTGRES is not set: postgresql://user:password@host/database"])
        return self.postgres.get_secret_value()

    @property
    def keys_file(self) -> Path | None:
        """The file of the vault's keys; None where the variable holds the keys themselves."""
        said = self.vault_keys.get_secret_value() if self.vault_keys else ""
        if said.lstrip().startswith("{"):
            return None
        return Path(said).expanduser() if said else state_dir() / "vault-keys.json"

    def keys(self) -> Keys:
        """The vault's keys. Raises WrongSettings where they can't be read."""
        file = self.keys_file
        try:
            if file is None:
                assert self.vault_keys is not None
                return read_keys(self.vault_keys.get_secret_value())
            return read_keys(file.read_text("utf-8"))
        except FileNotFoundError:
            raise WrongSettings(
                [f"no vault keys at {file}: run greenlane provision, or set {PREFIX}VAULT_KEYS"]
            ) from None
        except (OSError, KeysUnreadable) as error:
            raise WrongSettings([f"the vault keys can't be read ({file or PREFIX + 'VAULT_KEYS'}): {error}"]) from None

    def read_editions(self) -> Editions:
        """The handbooks. Raises WrongSettings with a line for every hole."""
        demo = self.clock == "recording" if self.allow_demo_parameters is None else self.allow_demo_parameters
        try:
            return load_editions(self.editions, allow_demo=demo)
        except HandbookError as error:
            raise WrongSettings([f"{h.code} {h.file} {h.field}: {h.message}" for h in error.holes]) from None


def read_settings() -> FrontSettings:
    """The settings of the environment. Raises WrongSettings with a line for each one that is wrong."""
    try:
        return FrontSettings()
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False, include_context=False)
        raise WrongSettings([f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in wrong]) from None
