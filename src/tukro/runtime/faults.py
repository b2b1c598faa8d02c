"""The refusals of a start: what is wrong, and what mends it."""

from __future__ import annotations


class CannotRun(Exception):
    """Something outside the program must change before it can run. The command line prints both parts."""

    def __init__(self, what: str, *, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend

    def __str__(self) -> str:
        return f"{self.what}\n  Mend: {self.mend}"
