"""Why a PostgreSQL did not start, read from the end of its log, and what mends it."""

from __future__ import annotations

from pathlib import Path

from tukro.runtime.faults import CannotRun

_DAMAGED = "Files of the database are damaged or missing. Put a copy back: docs/operate/running.md."
_FULL = "The disk is full: make room."
# What the log says, and what mends it; the first that fits speaks.
_SIGNS = (
    ("has invalid permissions", "chmod 700 {data}"),
    ("has wrong ownership", "chown -R {user} {data}"),
    ("Permission denied", "chown -R {user} {data}"),
    ("No space left on device", _FULL),
    ("could not locate a valid checkpoint record", _DAMAGED),
    ("could not find the database system", _DAMAGED),
)


def said_since(log: Path, before: int) -> str:
    """What was written into the log after its first ``before`` bytes."""
    with log.open("rb") as file:
        file.seek(before if file.seek(0, 2) >= before else 0)  # a long log is begun anew
        return file.read().decode(errors="replace")


def mend_of(said: str, *, data: Path, user: str) -> str | None:
    """The mend for what a server that ended has ``said``; None when nothing known is in it."""
    for sign, mend in _SIGNS:
        if sign in said:
            return mend.format(data=data, user=user)
    return None


def did_not_start(log: Path, said: str, mend: str | None) -> CannotRun:
    """The refusal for a server that does not come up: the end of what it said, and the mend."""
    lines = said.strip().splitlines()
    return CannotRun(
        "PostgreSQL did not start. The end of its log:\n  " + "\n  ".join(lines[-8:]),
        mend=mend or f"The whole log is {log}.",
    )
