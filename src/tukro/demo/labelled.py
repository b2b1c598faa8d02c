"""Work that draws and labels: sheets with digits scattered over them, and sentences whose names are known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from tukro.demo.digits import Box, Digit, ink_box, png_of_sheet, read_digits

_SENTENCES: Final = Path(__file__).parent / "data" / "named_sentences.txt"
_NAMED: Final = re.compile(r"\[([^|\]]+)\|([a-z]+)\]")
_CELL: Final = 120  # pixels; a digit is 96 wide, so there is room to lie askew
_COLUMNS, _ROWS, _DIGITS = 4, 3, 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture with four digits on it, and what a careful worker draws: a box around the ink of each."""

    id: str
    png: bytes
    boxes: tuple[tuple[int, Box], ...]  # what the digit is, and where


@dataclass(frozen=True, slots=True)
class NamedSentence:
    """A sentence and the names in it: label, and the code points from start to end."""

    id: str
    text: str
    names: tuple[tuple[str, int, int], ...]


@cache
def read_sheets(count: int = 12) -> tuple[Sheet, ...]:
    # From the end of the set, so that nobody meets the same digits in two projects.
    digits = list(read_digits())[-count * _DIGITS :]
    return tuple(_sheet(no, digits[no * _DIGITS : (no + 1) * _DIGITS]) for no in range(count))


def _sheet(no: int, digits: list[Digit]) -> Sheet:
    chance = Random(no)
    cells = chance.sample(range(_COLUMNS * _ROWS), _DIGITS)
    placed: list[tuple[Digit, tuple[int, int]]] = []
    for digit, cell in zip(digits, sorted(cells), strict=True):
        left, top = (cell % _COLUMNS) * _CELL, (cell // _COLUMNS) * _CELL
        placed.append((digit, (left + chance.randint(0, 24), top + chance.randint(0, 24))))
    boxes = tuple((digit.truth, ink_box(digit).moved(*at)) for digit, at in placed)
    png = png_of_sheet(placed, (_COLUMNS * _CELL, _ROWS * _CELL))
    return Sheet(f"sheet-{no + 1:02}", png, boxes)


@cache
def read_named_sentences() -> tuple[NamedSentence, ...]:
    lines = _SENTENCES.read_text(encoding="utf-8").splitlines()
    return tuple(_named(f"named-{no:02}", line) for no, line in enumerate(lines, start=1))


def _named(id: str, line: str) -> NamedSentence:
    text, names, last = "", [], 0
    for found in _NAMED.finditer(line):
        text += line[last : found.start()]
        names.append((found[2], len(text), len(text) + len(found[1])))
        text += found[1]
        last = found.end()
    return NamedSentence(id, text + line[last:], tuple(names))
