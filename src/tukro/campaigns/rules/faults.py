"""What can be wrong with a file, and what is merely worth saying about it."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

SHOWN_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why the file cannot be used; ``line`` is the file's own, from 1; 0 = the whole file."""

    line: int
    column: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return {"line": self.line, "column": self.column, "code": self.code, "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class Note:
    """Something the requester should know; it stops nothing."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "facts": dict(self.facts)}


class Unreadable(Exception):
    """The file as a whole cannot be read; ``faults`` say why, ``file`` which of several it was, if known."""

    def __init__(self, *faults: Fault, file: str = "") -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults, self.file = faults, file


@dataclass(slots=True)
class FaultList:
    """Counts every fault and keeps the first hundred."""

    first: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, fault: Fault) -> None:
        self.count += 1
        if len(self.first) < SHOWN_FAULTS:
            self.first.append(fault)


@dataclass(slots=True)
class Sighting:
    """How often something was seen, and where first."""

    count: int = 0
    line: int = 0
    column: str = ""

    def see(self, line: int, column: str = "") -> None:
        self.count += 1
        if self.count == 1:
            self.line, self.column = line, column


class Marks:
    """Which values were seen, as hashes, and on which line each first. Its memory never grows.

    ``most``: how many different values may come.
    """

    def __init__(self, most: int) -> None:
        self._size = 2 * most + 1  # half of the slots stay free, so that a search for one is short
        self._hashes = array("q", bytes(8 * self._size))  # 0 = free
        self._lines = array("q", bytes(8 * self._size))

    def first_line_of(self, value: tuple[str, ...], line: int) -> int:
        """Where ``value`` was seen first: on ``line``, when it was not seen before."""
        mark = hash(value) or 1
        slot = mark % self._size
        while self._hashes[slot] and self._hashes[slot] != mark:
            slot = (slot + 1) % self._size
        if not self._hashes[slot]:
            self._hashes[slot], self._lines[slot] = mark, line
        return self._lines[slot]
