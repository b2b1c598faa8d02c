"""Reading a CSV file as a stream: columns, rows, and every fault with its line, column and cause.

Memory does not grow with the file: rows are handed on one by one, only the first hundred faults are kept.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from tukro.campaigns.rules.encodings import Encoding, detect_encoding
from tukro.campaigns.rules.faults import Fault, FaultList, Marks, Note, Sighting, Unreadable

MAX_FILE_BYTES = 25 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_COLUMN_NAME = 100
_HEAD_CHARS = 1 << 16
_DELIMITERS = (",", ";", "\t")
_EXCEL_SEPARATOR = re.compile(r'^"?sep=(.)"?\r?\n', re.I)
# What Excel leaves of Bengali when a sheet is saved in an encoding that has no Bengali letters.
_LOST_LETTERS = re.compile(r"\?{3,}")
# Bengali in UTF-8 that a program took for Latin letters and saved as these: "à¦†à¦®à¦¿" for "আমি".
_LATIN_BENGALI = re.compile(r"à[¦§].{1,2}à[¦§]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be used; ``no`` counts usable rows from 1, ``line`` is where it starts in the file."""

    no: int
    line: int
    values: dict[str, str]


@dataclass(slots=True)
class Table:
    """An opened file with a good header. ``rows`` is read once; then faults and notes are complete."""

    file: BinaryIO
    encoding: Encoding
    delimiter: str
    skip_lines: int
    width: int  # cells in the header, trailing nameless ones included
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    faults: FaultList = field(default_factory=FaultList)
    row_count: int = 0
    _empty_rows: Sighting = field(default_factory=Sighting)
    _empty_cells: Sighting = field(default_factory=Sighting)
    _lost_letters: Sighting = field(default_factory=Sighting)
    _latin_bengali: Sighting = field(default_factory=Sighting)
    _plain_http: Sighting = field(default_factory=Sighting)  # task pages load pictures over https alone
    _same_rows: Sighting = field(default_factory=Sighting)  # tasks that differ in nothing that workers see
    _like_line: int = 0  # what the first of them repeats

    def rows(self) -> Generator[Row, None, None]:
        """Every good row, in order. Bad ones become faults; wholly empty ones are passed over."""
        marks = Marks(MAX_ROWS)
        for line, cells in self.records():
            if not any(cell.strip() for cell in cells):
                self._empty_rows.see(line)
                continue
            values = self._values(line, cells)
            if values is None:
                continue
            if self.row_count == MAX_ROWS:
                self.faults.add(Fault(line, "", "too_many_rows", {"limit": MAX_ROWS}))
                return
            self.row_count += 1
            self._look_for_same(marks, line, values)
            yield Row(self.row_count, line, values)
        if not self.row_count and not self.faults.count:
            self.faults.add(Fault(0, "", "no_rows"))

    def notes(self) -> list[Note]:
        """What to tell the requester of a file that was read to its end."""
        notes = []
        if self.encoding.is_guessed:
            notes.append(Note("encoding_guessed", {"encoding": "Windows-1252"}))
        if extra := [name for name in self.columns if name not in self.needed]:
            notes.append(Note("extra_columns", {"columns": extra}))
        for code, seen in (
            ("empty_rows", self._empty_rows),
            ("empty_cells", self._empty_cells),
            ("lost_letters", self._lost_letters),
            ("latin_bengali", self._latin_bengali),
            ("plain_http", self._plain_http),
        ):
            if seen.count:
                notes.append(Note(code, {"count": seen.count, "line": seen.line, "column": seen.column}))
        if self._same_rows.count:
            facts = {
                "count": self._same_rows.count,
                "line": self._same_rows.line,
                "like": self._like_line,
            }
            notes.append(Note("same_rows", facts))
        return notes

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Records as they stand, with the line that each starts on; malformed ones become faults."""
        text = io.TextIOWrapper(self.file, encoding=self.encoding.name, newline="")
        try:
            for _ in range(self.skip_lines):
                next(text, "")
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            next(reader, None)  # the header
            while True:
                line = self.skip_lines + reader.line_num + 1
                try:
                    yield line, next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    self.faults.add(_broken_record(line, error))
        finally:
            text.detach()  # the file is not ours to close

    def _values(self, line: int, cells: list[str]) -> dict[str, str] | None:
        """The row as column → value in Unicode form C, or None and faults."""
        used, beyond = cells[: len(self.columns)], cells[len(self.columns) :]
        if len(cells) > self.width or any(cell.strip() for cell in beyond):
            facts = {"expected": len(self.columns), "found": len(cells)}
            self.faults.add(Fault(line, "", "too_many_cells", facts))
            return None
        if len(used) < len(self.columns):
            missing = self.columns[len(used)]
            facts = {"expected": len(self.columns), "found": len(cells)}
            self.faults.add(Fault(line, missing, "too_few_cells", facts))
            return None
        values = {
            name: unicodedata.normalize("NFC", cell) for name, cell in zip(self.columns, used, strict=True)
        }
        return values if self._cells_are_good(line, values) else None

    def _look_for_same(self, marks: Marks, line: int, values: dict[str, str]) -> None:
        first = marks.first_line_of(tuple(values[name] for name in self.needed), line)
        if first != line:
            self._same_rows.see(line)
            self._like_line = self._like_line or first

    def _cells_are_good(self, line: int, values: dict[str, str]) -> bool:
        good = True
        for name, value in values.items():
            if "\x00" in value:
                self.faults.add(Fault(line, name, "nul_character"))
                good = False
            elif _LOST_LETTERS.search(value):
                self._lost_letters.see(line, name)
            elif _LATIN_BENGALI.search(value):
                self._latin_bengali.see(line, name)
            elif name in self.needed and not value.strip():
                self._empty_cells.see(line, name)
            elif name in self.needed and value.lower().startswith("http://"):
                self._plain_http.see(line, name)
        return good


def open_table(file: BinaryIO, needed: Sequence[str], *, foreign: bool = False) -> Table:
    """Find encoding, delimiter and columns of a CSV file. Raises Unreadable with all that is wrong so far.

    ``foreign``: another house wrote it, in its own way; only the columns that are needed must be good.
    """
    table = open_records(file, needed)
    table.columns, faults = _check_header(
        list(table.columns), needed, line=table.skip_lines + 1, foreign=foreign
    )
    if faults:
        raise Unreadable(*faults)
    return table


def open_records(file: BinaryIO, needed: Sequence[str]) -> Table:
    """The same of a file whose reader judges its header and its ``records`` itself. Raises Unreadable."""
    encoding = detect_encoding(file)
    head, is_whole = _read_head(file, encoding.name)
    separator = _EXCEL_SEPARATOR.match(head)
    skip_lines = 1 if separator else 0
    if separator:
        head = head[separator.end() :]
    delimiter, cells = _read_header(head, separator.group(1) if separator else "", needed, is_whole=is_whole)
    return Table(file, encoding, delimiter, skip_lines, len(cells), tuple(cells), tuple(needed))


def _read_head(file: BinaryIO, encoding: str) -> tuple[str, bool]:
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    head = text.read(_HEAD_CHARS)
    is_whole = not text.read(1)
    text.detach().seek(0)
    return head, is_whole


def _read_header(head: str, told: str, needed: Sequence[str], *, is_whole: bool) -> tuple[str, list[str]]:
    """The delimiter under which the header makes most sense, and the header's cells."""
    wanted = {name.casefold() for name in needed}
    best: tuple[int, int, str, list[str]] | None = None
    broken: Fault | None = None
    for delimiter in (told,) if told else _DELIMITERS:
        try:
            cells = next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, strict=is_whole), [])
        except csv.Error as error:
            broken = _broken_record(1, error)
            continue
        found = len(wanted & {_column_name(cell).casefold() for cell in cells})
        if best is None or (found, len(cells)) > best[:2]:
            best = (found, len(cells), delimiter, cells)
    if best is None:
        assert broken is not None
        raise Unreadable(broken)
    return best[2], best[3]


def _check_header(
    cells: list[str], needed: Sequence[str], *, line: int, foreign: bool
) -> tuple[tuple[str, ...], list[Fault]]:
    names = [_column_name(cell) for cell in cells]
    while names and not names[-1]:  # a spreadsheet's empty columns at the right
        names.pop()
    if not names:
        return (), [Fault(line, "", "no_header")]
    if len(names) > MAX_COLUMNS and not foreign:
        return (), [Fault(line, "", "too_many_columns", {"limit": MAX_COLUMNS, "found": len(names)})]
    faults: list[Fault] = []
    for position, name in enumerate(names, start=1):
        if name in needed or not foreign:
            faults += _check_column(name, position, names, line)
    for name in needed:
        if name not in names:
            facts = {"column": name, "similar": _similar(name, names)}
            faults.append(Fault(line, name, "missing_column", facts))
    return tuple(names), faults


def _check_column(name: str, position: int, names: list[str], line: int) -> list[Fault]:
    if not name:
        return [Fault(line, "", "column_without_name", {"position": position})]
    if "\x00" in name:
        return [Fault(line, name.replace("\x00", ""), "nul_character")]
    if len(name) > MAX_COLUMN_NAME:
        return [
            Fault(line, name[:40], "column_name_too_long", {"position": position, "limit": MAX_COLUMN_NAME})
        ]
    if names.index(name) + 1 < position:
        return [Fault(line, name, "duplicate_column", {"first": names.index(name) + 1, "position": position})]
    return []


def _similar(name: str, names: list[str]) -> str:
    """A column that differs only in capitals, blanks or joining signs: most likely the one that was meant."""
    return next((other for other in names if _simple(other) == _simple(name)), "")


def _simple(name: str) -> str:
    return re.sub(r"[\s_.-]", "", name).casefold()


def _column_name(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip().removeprefix("\ufeff")


def _broken_record(line: int, error: csv.Error) -> Fault:
    """Python's csv module tells its troubles only in words; these are all it has for a readable text."""
    words = str(error)
    if "unexpected end of data" in words:
        return Fault(line, "", "quote_not_closed")
    if "expected after" in words:
        return Fault(line, "", "text_after_quote")
    if "field larger than field limit" in words:
        return Fault(line, "", "cell_too_long", {"limit": csv.field_size_limit()})
    return Fault(line, "", "broken_row")
