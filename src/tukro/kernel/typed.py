"""What people type, spelled one way: digits of any script, and spaces as their keyboard gave them."""

from __future__ import annotations

import unicodedata


def ascii_digits(text: str) -> str:
    """Digits of any script as 0-9, for what machines and post offices read: ``১২১৬`` is ``1216``."""
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def in_one_line(text: str) -> str:
    """Composed (NFC), with single spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def in_lines(text: str) -> str:
    """The same line by line; empty lines are left out."""
    lines = (in_one_line(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
