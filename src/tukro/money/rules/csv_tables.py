"""Tables that banks and providers hand out as CSV: found columns, whatever they are called, line by line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tukro.kernel.csv_lines import NO_TEXTS, WORKBOOKS

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 5_000
_COMMA_DECIMALS = re.compile(r"-?\d{1,3}(\.\d{3})*,\d{2}")

FaultCode = Literal["workbook", "not_text", "no_columns", "not_an_amount", "too_long"]


@dataclass(frozen=True, slots=True)
class TableFault:
    """The first thing that is wrong with a file; the words are chosen at the door."""

    code: FaultCode
    line: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below a head whose columns were recognised."""

    places: Mapping[str, int]
    lines: Sequence[Sequence[str]]

    def cells(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Line number and cells by our names; a cell that is not there is empty."""
        for number, row in enumerate(self.lines, start=2):
            yield (
                number,
                {name: row[at].strip() if at < len(row) else "" for name, at in self.places.items()},
            )


def read_table(
    data: bytes, *, names: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> Table | TableFault:
    """``names``: our name of a column → what banks call it, the first that is there is taken."""
    if data.startswith(WORKBOOKS):
        return TableFault("workbook")
    if data.startswith(NO_TEXTS):
        return TableFault("not_text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text or not text.strip():
        return TableFault("not_text")
    lines = text.lstrip().splitlines()
    delimiter = max(",;\t", key=lines[0].count)
    rows = csv.reader(lines, delimiter=delimiter)
    places = _places(next(rows), names)
    if any(name not in places for name in needed):
        return TableFault("no_columns", line=1, text=lines[0][:200])
    below = list(rows)
    if len(below) > MOST_LINES:
        return TableFault("too_long", line=MOST_LINES + 2)
    return Table(places, below)


def plain_amount(amount: str) -> str:
    """``1.234,50`` as ``1234.50``; a currency's sign or name is left out."""
    bare = re.sub(r"[A-Za-z$€৳₹\s\u00a0']", "", amount)
    return bare.replace(".", "").replace(",", ".") if _COMMA_DECIMALS.fullmatch(bare) else bare


def _places(head: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    given = [" ".join(name.lower().replace("_", " ").split()) for name in head]
    return {
        ours: given.index(theirs)
        for ours, many in names.items()
        for theirs in [next((each for each in many if each in given), None)]
        if theirs is not None
    }
