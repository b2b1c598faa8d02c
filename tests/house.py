"""A house that was migrated from nothing, made once: what needs one of its own starts from a copy.

It is kept in the virtual environment until something changes that it was made by. A clone has none yet.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.runtime.market import Market
from tukro.runtime.place import ROOT

_MADE_BY = (
    "migrations/**/*",
    "rules/**/*.py",
    "rules.py",
    "models/**/*.py",
    "models.py",
    "kernel/*.py",
    "settings/*.py",
    "runtime/*.py",
)


def copy_house(target: Path) -> Path:
    """A data directory (TUKRO_DATA) as ``tukro migrate`` leaves it; returns ``target``."""
    houses = Path(sys.prefix) / "houses"
    houses.mkdir(exist_ok=True)
    with (houses / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        house = houses / _digest()
        if not house.exists():
            for older in houses.glob("*/"):
                shutil.rmtree(older)
            _make(house)
        # With the owners of its files: the server may run as another user.
        subprocess.run(["cp", "--archive", house, target], check=True)
    (target / "pg" / "port").unlink()  # each finds one for itself
    return target


def _make(house: Path) -> None:
    draft = Market(house.with_suffix(".new"))
    migrated = draft.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    draft.data.rename(house)


def _digest() -> str:
    found = hashlib.sha256(sys.version.encode())
    for path in sorted(_sources()):
        found.update(f"{path}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    """What rows and tables of a new house come from."""
    yield ROOT / "requirements" / "runtime.txt"
    for pattern in _MADE_BY:
        for path in (ROOT / "src" / "tukro").glob(f"**/{pattern}"):
            if path.is_file() and path.suffix != ".pyc":
                yield path
