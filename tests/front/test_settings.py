"""Settings say every reason at once, and never repeat a secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.front.settings import FrontSettings, read_settings, state_dir
from shared.privacy.keys import make_keys
from shared.runtime.process import WrongSettings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [n for n in os.environ if n.startswith("GREENLANE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_every_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLANE_CLOCK", "sundial")
    monkeypatch.setenv("GREENLANE_HEALTH_PORT", "99999")
    with pytest.raises(WrongSettings) as wrong:
        read_settings()
    assert [r.partition(":")[0] for r in wrong.value.reasons] == ["GREENLANE_CLOCK", "GREENLANE_HEALTH_PORT"]
    assert "sundial" not in str(wrong.value)


def test_what_is_needed_and_missing_is_named() -> None:
    settings = read_settings()
    with pytest.raises(WrongSettings, match="GREENLANE_KAFKA is not set"):
        _ = settings.bootstrap
    with pytest.raises(WrongSettings, match="GREENLANE_POSTGRES is not set"):
        _ = settings.dsn
    with pytest.raises(WrongSettings, match="run greenlane provision"):
        settings.keys()


def test_keys_come_from_the_variable_or_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keys = make_keys(lambda n: b"k" * n)
    monkeypatch.setenv("GREENLANE_VAULT_KEYS", keys.dump())
    assert read_settings().keys() == keys
    assert read_settings().keys_file is None
    monkeypatch.delenv("GREENLANE_VAULT_KEYS")
    assert read_settings().keys_file == state_dir() / "vault-keys.json" == tmp_path / "greenlane" / "vault-keys.json"


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLANE_POSTGRES", "postgresql://me:s3cret@host/db")
    assert "s3cret" not in repr(read_settings())
    assert read_settings().dsn.endswith("host/db")


def test_demo_parameters_run_on_the_recordings_clock_alone() -> None:
    assert FrontSettings(clock="recording").read_editions().by_id
    assert FrontSettings(clock="live", allow_demo_parameters=True).read_editions().by_id
    with pytest.raises(WrongSettings) as wrong:
        FrontSettings(clock="live").read_editions()
    assert all(r.startswith("CONFIG_DEMO ") for r in wrong.value.reasons)


def test_folders_of_editions_are_written_like_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLANE_EDITIONS", os.pathsep.join(["/a", "/b"]))
    assert read_settings().editions == (Path("/a"), Path("/b"))
