"""The file ./tukro: which virtual environment counts as finished, and how it hands over."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from tukro.runtime.place import ROOT


@pytest.fixture
def launcher(tmp_path: Path) -> ModuleType:
    """The launcher of a clone in a folder of its own, with small requirement files."""
    clone = tmp_path / "clone"
    (clone / "requirements").mkdir(parents=True)
    for kind in ("runtime", "dev"):
        (clone / "requirements" / f"{kind}.txt").write_text(f"# what {kind} needs\n")
    copy = clone / "tukro"
    copy.write_text((ROOT / "tukro").read_text())
    copy.chmod(0o755)
    loader = SourceFileLoader("launcher", str(copy))
    spec = importlib.util.spec_from_loader("launcher", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def finish(launcher: ModuleType) -> Callable[[str], None]:
    """Leave behind what a finished installation leaves."""

    def finish(kind: str) -> None:
        Path(launcher.VENV_PYTHON).parent.mkdir(parents=True, exist_ok=True)
        if not os.path.exists(launcher.VENV_PYTHON):
            os.symlink(sys.executable, launcher.VENV_PYTHON)
        Path(launcher.STAMP).write_text(launcher.stamp(kind) + "\n")

    return finish


def test_without_a_stamp_nothing_counts(launcher: ModuleType, finish: Callable[[str], None]) -> None:
    assert not launcher.is_installed("runtime")
    finish("runtime")
    assert launcher.is_installed("runtime")
    os.unlink(launcher.STAMP)  # what an interrupted installation looks like
    assert not launcher.is_installed("runtime")


def test_development_serves_all_and_runtime_only_itself(
    launcher: ModuleType, finish: Callable[[str], None]
) -> None:
    finish("runtime")
    assert not launcher.is_installed("dev")
    finish("dev")
    assert launcher.is_installed("runtime")
    assert launcher.is_installed("dev")


def test_changed_requirements_ask_for_a_new_installation(
    launcher: ModuleType, finish: Callable[[str], None]
) -> None:
    finish("runtime")
    Path(launcher.requirements("runtime")).write_text("# something more\n")
    assert not launcher.is_installed("runtime")


def test_a_moved_clone_asks_for_a_new_installation(
    launcher: ModuleType, finish: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    finish("runtime")
    monkeypatch.setattr(launcher, "ROOT", str(Path(launcher.ROOT)) + "-elsewhere")
    monkeypatch.setattr(launcher, "requirements", lambda kind: f"{ROOT}/requirements/{kind}.txt")
    assert not launcher.is_installed("runtime")


def test_a_vanished_interpreter_asks_for_a_new_installation(
    launcher: ModuleType, finish: Callable[[str], None]
) -> None:
    finish("runtime")
    os.unlink(launcher.VENV_PYTHON)
    os.symlink("/no/such/python", launcher.VENV_PYTHON)
    assert not launcher.is_installed("runtime")


def test_two_starts_install_one_after_the_other(launcher: ModuleType) -> None:
    second = (
        "import fcntl, os, sys; handle = os.open(sys.argv[1], os.O_RDONLY)\n"
        "try: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
        "except OSError: print('waits')"
    )
    with launcher.one_installer_at_a_time():
        told = subprocess.run(
            [sys.executable, "-c", second, f"{launcher.ROOT}/requirements"], capture_output=True, text=True
        )
    assert told.stdout == "waits\n"


def test_it_hands_the_words_over_as_they_are(launcher: ModuleType, finish: Callable[[str], None]) -> None:
    package = Path(launcher.ROOT) / "src" / "tukro" / "cli"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package.parent / "__init__.py").touch()
    (package / "__main__.py").write_text("import sys; print(sys.argv[1:])")
    finish("runtime")
    Path(launcher.VENV_PYTHON).unlink()
    _shell_in_place_of_python(Path(launcher.VENV_PYTHON), package)
    told = subprocess.run([f"{launcher.ROOT}/tukro", "up", "--x", "a b"], capture_output=True, text=True)
    assert told.stdout == "['up', '--x', 'a b']\n"


def _shell_in_place_of_python(path: Path, package: Path) -> None:
    path.write_text(f'#!/bin/sh\nPYTHONPATH={package.parents[1]} exec "{sys.executable}" "$@"\n')
    path.chmod(0o755)
