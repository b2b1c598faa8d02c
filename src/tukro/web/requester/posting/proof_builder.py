"""Putting a proof form together: rows that are added, moved and removed by plain submit buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tukro.questions.proof import Kind, Problem
from tukro.web.requester.posting.words import problem_words

ADD = "add"
_KEY = re.compile(r"field-([0-9]{1,3})-kind")
_MOVE = re.compile(r"(remove|up|down)-([0-9]{1,3})")
_MOST_ROWS = 60
# What else than the question of a row a fault is about.
_PARTS = {
    "unknown_kind": "kind",
    "help_too_long": "help",
    "too_few_options": "options",
    "too_many_options": "options",
    "same_option_twice": "options",
    "option_too_long": "options",
    "option_with_bar": "options",
    "limits_crossed": "minimum",
    "least_over_options": "minimum",
    "least_over_text": "minimum",
    "too_many_files_asked": "maximum",
    "recording_too_long_asked": "maximum",
}


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row, in words, and the id of what mends it on the page."""

    no: int  # from 0
    target: str
    words: str

    @classmethod
    def of(cls, problem: Problem) -> RowFault:
        """``problem``: one whose facts say the position, from 1."""
        no = int(str(problem.facts["position"])) - 1
        part = str(problem.facts.get("which", _PARTS.get(problem.code, "label")))
        return cls(no, f"field-{no}-{part}", problem_words(problem))


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the form being built, as it was typed."""

    kind: str = Kind.TEXT
    label: str = ""
    help: str = ""
    name: str = ""
    required: bool = True
    minimum: str = ""
    maximum: str = ""
    options: str = ""  # one per line
    faults: tuple[str, ...] = ()  # what was wrong with it, in words

    def as_spec(self) -> dict[str, object]:
        """What ``questions.proof.read_fields`` reads."""
        return {
            "kind": self.kind,
            "label": self.label,
            "help": self.help,
            "name": self.name,
            "required": self.required,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "options": self.options.splitlines(),
        }


def row_from_spec(spec: Mapping[str, Any]) -> Row:
    """A stored field, to be changed."""
    return Row(
        kind=spec["kind"],
        label=spec["label"],
        help=spec.get("help", ""),
        name=spec.get("name", ""),
        required=spec.get("required", True),
        minimum=str(spec.get("minimum", "")),
        maximum=str(spec.get("maximum", "")),
        options="\n".join(spec.get("options", [])),
    )


def posted_rows(posted: Mapping[str, str]) -> list[Row]:
    """The rows of a posted page, in their order."""
    numbers = sorted({int(match.group(1)) for key in posted if (match := _KEY.fullmatch(key))})
    return [_posted_row(posted, no) for no in numbers[:_MOST_ROWS]]


def changed(rows: list[Row], what: str) -> list[Row]:
    """The rows after a button was pressed: ``add``, ``remove-2``, ``up-2``, ``down-2`` (from 0)."""
    if what == ADD:
        return [*rows, Row()][:_MOST_ROWS]
    match = _MOVE.fullmatch(what)
    if match is None or int(match.group(2)) >= len(rows):
        return rows
    verb, no = match.group(1), int(match.group(2))
    row, rest = rows[no], rows[:no] + rows[no + 1 :]
    if verb == "remove":
        return rest
    place = no - 1 if verb == "up" else no + 1
    return [*rest[: max(place, 0)], row, *rest[max(place, 0) :]]


def with_faults(rows: list[Row], faults: Iterable[RowFault]) -> list[Row]:
    """The rows, each with what was found wrong with it."""
    of_row: dict[int, list[str]] = {}
    for fault in faults:
        of_row.setdefault(fault.no, []).append(fault.words)
    return [replace(row, faults=tuple(of_row.get(no, ()))) for no, row in enumerate(rows)]


def is_change(what: str) -> bool:
    """Whether a pressed button changes the rows, rather than saving them."""
    return what == ADD or _MOVE.fullmatch(what) is not None


def _posted_row(posted: Mapping[str, str], no: int) -> Row:
    def text(name: str) -> str:
        return posted.get(f"field-{no}-{name}", "").strip()

    return Row(
        kind=text("kind"),
        label=text("label"),
        help=text("help"),
        name=text("name"),
        required=bool(text("required")),
        minimum=text("minimum"),
        maximum=text("maximum"),
        options=text("options"),
    )
