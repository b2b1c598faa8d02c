"""Turns the .po catalogues into the .mo files that are read at run time, without gettext's tools."""

from __future__ import annotations

import os
from pathlib import Path

import polib

from tukro.runtime.faults import CannotRun

CATALOGUES = Path(__file__).resolve().parents[1] / "locale"


def compile_catalogues(folder: Path = CATALOGUES) -> int:
    """Compile each catalogue that changed since it was compiled; returns how many there were."""
    stale = stale_catalogues(folder)
    for source in stale:
        _compile(source)
    return len(stale)


def stale_catalogues(folder: Path = CATALOGUES) -> list[Path]:
    """The catalogues that changed since they were compiled."""
    return [source for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns != source.stat().st_mtime_ns


def _compile(source: Path) -> None:
    # Beside and then renamed: a reader sees the old catalogue or the new one. The times are made equal, so
    # that an older .po (another branch) counts as a change as well.
    draft = source.with_suffix(f".mo.{os.getpid()}")
    time = source.stat().st_mtime_ns
    try:
        polib.pofile(str(source)).save_as_mofile(str(draft))
        os.utime(draft, ns=(time, time))
        draft.replace(source.with_suffix(".mo"))
    except PermissionError:
        raise CannotRun(
            f"{source.parent} is not writable for this user, and its catalogue has changed.",
            mend="Run ./tukro up once as the owner of the clone.",
        ) from None
