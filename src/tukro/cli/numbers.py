"""Numbers on the command line that must lie within bounds."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def whole_number(smallest: int, largest: int) -> Callable[[str], int]:
    """A type for argparse: a whole number from ``smallest`` to ``largest``."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not smallest <= int(text) <= largest:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {smallest} to {largest}")
        return int(text)

    return read


def seconds(text: str) -> float:
    """A type for argparse: a tenth of a second to an hour."""
    try:
        given = float(text)
    except ValueError:
        given = 0.0
    if not 0.1 <= given <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0.1 to 3600")
    return given
