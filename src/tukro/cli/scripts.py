"""Runs the scripts that belong to a clone and are no part of the package: measurements, photographs."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Sequence

from tukro.runtime.faults import CannotRun
from tukro.runtime.place import ROOT


def names_in(folder: str) -> list[str]:
    """The scripts in a folder of the clone."""
    return sorted(file.stem for file in (ROOT / folder).glob("[a-z]*.py"))


def refuse_without_development(command: str) -> None:
    """What tests, photographs and measurements stand on is only in an environment for development."""
    if importlib.util.find_spec("pytest") is None:
        raise CannotRun(
            "This needs the packages of requirements/dev.txt, which are not in this environment.",
            mend=f"From the clone: ./tukro {command} (installs them first)",
        )


def run_script(folder: str, name: str, words: Sequence[str]) -> int:
    """Run ``folder/name.py`` from the root of the clone; returns its exit code."""
    if name not in names_in(folder):
        known = ", ".join(names_in(folder)) or "nothing"
        raise CannotRun(f"There is no {folder}/{name}.py.", mend=f"In {folder}/ there is: {known}.")
    return subprocess.call([sys.executable, "-m", f"{folder}.{name}", *words], cwd=ROOT)
