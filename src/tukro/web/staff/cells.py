"""Cells of files that staff open in a spreadsheet."""

from __future__ import annotations

# A cell that begins like this would be a formula in a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(text: str) -> str:
    """Text that a spreadsheet shows and does not calculate."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class Echo:
    """A file for csv.writer that gives every line back."""

    def write(self, line: str) -> str:
        return line
