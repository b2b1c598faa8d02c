"""Lists of sanctioned people, read from files.

``ofac``: SDN.CSV of the United States' OFAC with its ALT.CSV and ADD.CSV, as ofac.treasury.gov documents
them: no heading, ``-0-`` for nothing, births in the remarks. ``plain``: a heading with ``name`` and, if
known, ``id``, ``aliases`` (between semicolons), ``birth_date`` and ``country``; other lists become one. XML
is read in xml_lists.py.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NOTHING = "-0-"
_BORN = re.compile(r"\bDOB\b[^;]*")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_MOST_YEARS = 12


class BadList(ValueError):
    """Not a list that we can read. ``line``: where.

    ``code``: no_columns, not_ofac, bad_xml, unknown_xml or nobody.
    """

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(f"{code} in line {line}")
        self.code, self.line = code, line


@dataclass(frozen=True, slots=True)
class Listed:
    """One person, or firm, on a list under every name."""

    ref: str
    names: tuple[str, ...]
    birth_years: tuple[int, ...] = ()
    countries: tuple[str, ...] = ()
    about: str = ""
    firm: bool = False


def looks_like_ofac(text: str) -> bool:
    """No heading: the first cell is a number, and there are twelve cells."""
    first = next(_rows(text), [])
    return len(first) >= 12 and first[0].isdigit()


def read_ofac(people: str, aliases: str = "", addresses: str = "") -> list[Listed]:
    """The persons and firms of SDN.CSV; ships and aircraft are left out. Raises BadList."""
    also: dict[str, list[str]] = defaultdict(list)
    for row in _rows(aliases):
        if len(row) >= 4:
            also[row[0]].append(row[3])
    where: dict[str, set[str]] = defaultdict(set)
    for row in _rows(addresses):
        if len(row) >= 5 and row[4] != _NOTHING:
            where[row[0]].add(row[4])
    found = []
    for line, row in enumerate(_rows(people), 1):
        if len(row) < 12 or not row[0].isdigit():
            raise BadList("not_ofac", line)
        ref, name, kind, program, remarks = row[0], row[1], row[2], row[3], row[11]
        if kind.lower() not in ("individual", _NOTHING):
            continue
        found.append(
            Listed(
                ref=ref,
                names=(name, *also[ref]),
                birth_years=years_in(" ".join(_BORN.findall(remarks))),
                countries=tuple(sorted(where[ref])),
                about="; ".join(part for part in (program, remarks) if part != _NOTHING)[:1000],
                firm=kind == _NOTHING,
            )
        )
    return somebody(found)


def read_plain(text: str) -> list[Listed]:
    """A CSV file with a heading. Raises BadList."""
    sheet = csv.DictReader(text.lstrip("\ufeff").splitlines())
    columns = {name.strip().lower(): name for name in sheet.fieldnames or ()}
    if "name" not in columns:
        raise BadList("no_columns", 1)

    def cell(row: dict[str, str], column: str) -> str:
        return (row.get(columns.get(column, ""), "") or "").strip()

    found = []
    for line, row in enumerate(sheet, 2):
        if not (name := cell(row, "name")):
            continue
        aliases = [one.strip() for one in cell(row, "aliases").split(";") if one.strip()]
        country = cell(row, "country")
        found.append(
            Listed(
                ref=cell(row, "id") or str(line),
                names=(name, *aliases),
                birth_years=years_in(cell(row, "birth_date")),
                countries=(country,) if country else (),
            )
        )
    return somebody(found)


def _rows(text: str) -> Iterator[list[str]]:
    for row in csv.reader(text.lstrip("\ufeff").replace("\x1a", "").splitlines(), skipinitialspace=True):
        if cells := [cell.strip() for cell in row]:
            yield cells


def years_in(text: str) -> tuple[int, ...]:
    """Every year that is named; of a range, all years between."""
    years = [int(year) for year in _YEAR.findall(text)]
    if len(years) == 2 and " to " in text and 0 < years[1] - years[0] < _MOST_YEARS:
        years = list(range(years[0], years[1] + 1))
    return tuple(sorted(set(years)))[:_MOST_YEARS]


def somebody(found: Iterable[Listed]) -> list[Listed]:
    """Them all. Raises BadList when there is nobody: a file that was cut off takes nobody from the list."""
    people = list(found)
    if not people:
        raise BadList("nobody")
    return people
