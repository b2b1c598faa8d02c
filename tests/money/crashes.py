"""A crash at any moment of a verb: before or after any statement, or when the commit's answer is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection


class Crashed(Exception):
    """The process is gone in the middle of it."""


@dataclass(frozen=True, slots=True)
class Crash:
    """``before`` or ``after`` the statement with this number; ``lost``: the commit with this number was made,
    and nobody heard of it. ``cut``: the connection goes too; otherwise what was going on is broken off."""

    how: Literal["before", "after", "lost"]
    statement: int = 1
    cut: bool = True


def run_and_crash(act: Callable[[], object], crash: Crash) -> bool:
    """Do ``act`` on this thread's connection and lose the connection on the way. False: it came through.

    A crash at a statement that the act does not reach is none. What the act itself raises is raised.
    """
    watch = _Watch(crash)
    try:
        with connection.execute_wrapper(watch):
            own: Any = connection  # its commit is Django's own, which the stubs do not know
            commit = own._commit
            if crash.how == "lost":
                own._commit = watch.losing(commit)
            try:
                act()
            finally:
                own._commit = commit
    except Exception:
        # A lost connection is told in many ways on the way out; what counts is that we cut it.
        if not watch.crashed:
            raise
        if crash.cut:
            connection.close()
    return watch.crashed


class _Watch:
    def __init__(self, crash: Crash) -> None:
        self.crash, self.seen, self.commits, self.crashed = crash, 0, 0, False

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.seen += 1
        here = self.seen == self.crash.statement and not self.crashed
        if here and self.crash.how == "before":
            self._die()
        answer = execute(sql, params, many, context)
        if here and self.crash.how == "after":
            self._die()
        return answer

    def losing(self, commit: Callable[[], None]) -> Callable[[], None]:
        def committed_and_gone() -> None:
            commit()
            self.commits += 1
            if self.commits == self.crash.statement and not self.crashed:
                self._die()

        return committed_and_gone

    def _die(self) -> None:
        """As a killed process does it: the socket closes, the server rolls back what was open."""
        self.crashed = True
        if self.crash.cut:
            connection.connection.close()
        raise Crashed
