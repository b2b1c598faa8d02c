"""CSV files written in steps, so that nothing in memory grows with them, and harmless in spreadsheets.

And what tells a file that only passes for one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"  # spreadsheets take a file with it for UTF-8
# How files begin that people take for CSV: workbooks (a zip, or the old binary kind), and others.
WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
NO_TEXTS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")
_LINES_AT_ONCE: Final = 200
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


class Lines:
    """Quoted CSV lines that were written since the last look."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, quoting=csv.QUOTE_ALL, lineterminator="\n")

    def write(self, line: Sequence[str]) -> None:
        self._writer.writerow(line)

    def taken(self) -> str:
        text = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return text


def spreadsheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A whole file for spreadsheets, some hundred lines at a time. Texts of strangers have to be harmless."""
    lines = Lines()
    lines.write(columns)
    yield BYTE_ORDER_MARK + lines.taken()
    for no, row in enumerate(rows, start=1):
        lines.write(row)
        if no % _LINES_AT_ONCE == 0:
            yield lines.taken()
    yield lines.taken()


class Echo:
    """A file for ``csv.writer`` that gives every line back: quotes stand only where a cell needs them."""

    def write(self, line: str) -> str:
        return line


def harmless(line: Sequence[str]) -> list[str]:
    """Texts of strangers with an apostrophe before what a spreadsheet would run as a formula."""
    return ["'" + text if text.startswith(_FORMULA_STARTS) else text for text in line]
