"""The hand-written digits: read, drawn as pictures, written as files that a project can be published from.

Source and licence stand in ``data/README.md``.
"""

from __future__ import annotations

import base64
import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from PIL import Image, ImageOps

_FILE = Path(__file__).parent / "data" / "digits.csv.gz"
_SIDE = 8  # pixels of the original
_INK = 16  # the darkest value of the original
_ENLARGED = 12  # pixels of the picture per pixel of the original: 96 x 96
# Sixteen greys are enough for the eye and make the file a third.
_TO_FEW_GREYS = [round(grey / 17) for grey in range(256)]
_FEW_GREYS = [grey * 17 for grey in range(16) for _ in "rgb"]
_CLEARLY_INK = 160


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit that somebody wrote: its number in the set, what it is, and its 64 grey values."""

    no: int
    truth: int
    ink: bytes

    @property
    def id(self) -> str:
        return f"digit-{self.no:04}"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, from the top left."""

    left: int
    top: int
    width: int
    height: int

    def moved(self, right: int, down: int) -> Box:
        return Box(self.left + right, self.top + down, self.width, self.height)


def read_digits(limit: int | None = None) -> Iterator[Digit]:
    """The digits in the order of the set."""
    with gzip.open(_FILE, "rt", encoding="ascii", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        for no, row in enumerate(rows, start=1):
            if limit is not None and no > limit:
                return
            yield Digit(no, int(row[0]), bytes(map(int, row[1:])))


def png_of(digits: Iterable[Digit]) -> bytes:
    """A PNG of the digits side by side, dark ink on white, large enough to read."""
    pictures = [_enlarged(digit) for digit in digits]
    strip = Image.new("L", (sum(p.width for p in pictures), pictures[0].height), color=255)
    left = 0
    for picture in pictures:
        strip.paste(picture, (left, 0))
        left += picture.width
    return _png(strip)


def png_of_sheet(placed: Iterable[tuple[Digit, tuple[int, int]]], size: tuple[int, int]) -> bytes:
    """A PNG of ``size`` with digits at the given left and top."""
    sheet = Image.new("L", size, color=255)
    for digit, at in placed:
        sheet.paste(_enlarged(digit), at)
    return _png(sheet)


def ink_box(digit: Digit) -> Box:
    """The smallest box around what is clearly ink on the picture of one digit."""
    ink = _enlarged(digit).point([255 if grey < _CLEARLY_INK else 0 for grey in range(256)])
    found = ink.getbbox()
    assert found is not None, "every digit was written with ink"
    return Box(found[0], found[1], found[2] - found[0], found[3] - found[1])


def data_url(png: bytes) -> str:
    """A picture as text that fits into a CSV cell and an ``img`` tag."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def write_tasks_csv(digits: Iterable[Digit], file: TextIO) -> None:
    """What a requester uploads: ``id`` and ``image``. The truth is not in it."""
    rows = csv.writer(file)
    rows.writerow(["id", "image"])
    rows.writerows([digit.id, data_url(png_of([digit]))] for digit in digits)


def export_digits(directory: Path) -> int:
    """Write a PNG per digit, ``digits.csv`` (to upload), ``truth.csv`` (to review against). Returns how many.

    Files of the same names in ``directory`` are overwritten.
    """
    directory.mkdir(parents=True, exist_ok=True)
    digits = list(read_digits())
    for digit in digits:
        (directory / f"{digit.id}.png").write_bytes(png_of([digit]))
    with (directory / "digits.csv").open("w", encoding="utf-8", newline="") as file:
        write_tasks_csv(digits, file)
    with (directory / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "truth"])
        rows.writerows([digit.id, digit.truth] for digit in digits)
    return len(digits)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    few = picture.point(_TO_FEW_GREYS)
    few.putpalette(_FEW_GREYS)
    few.save(file, "PNG", optimize=True, bits=4)
    return file.getvalue()


def _enlarged(digit: Digit) -> Image.Image:
    paper = bytes(255 - value * 255 // _INK for value in digit.ink)
    small = ImageOps.expand(Image.frombytes("L", (_SIDE, _SIDE), paper), border=1, fill=255)
    smooth = small.resize([side * _ENLARGED for side in small.size], Image.Resampling.BICUBIC)
    return ImageOps.crop(smooth, border=_ENLARGED)
