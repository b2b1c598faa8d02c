"""Numbers of cheques: digits that keep their leading noughts, one after another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tukro.kernel.typed import ascii_digits

LONGEST = 12
_NUMBER = re.compile(rf"[0-9]{{1,{LONGEST}}}")


def cheque_number(text: str) -> str:
    """The number that somebody typed, in digits of any script and with gaps; '' when it is none."""
    plain = "".join(ascii_digits(text).split())
    return plain if _NUMBER.fullmatch(plain) else ""


def numbers_from(first: str, count: int) -> Sequence[str] | None:
    """``0098``, ``0099``, ``0100``: as wide as the first; None when they outgrow the longest number."""
    numbers = [f"{int(first) + place:0{len(first)}d}" for place in range(count)]
    return numbers if all(len(number) <= LONGEST for number in numbers) else None
