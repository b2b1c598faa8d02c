"""What can be wrong with a file, and what is merely worth saying about it."""

from __future__ import annotations

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
