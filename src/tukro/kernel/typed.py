"""What people type, spelled one way: digits of any script, commas in numbers, spaces of any keyboard."""

from __future__ import annotations

import re
import unicodedata

# 1,234,567 and 12,34,567: as English and Bengali write thousands, lakhs and crores.
_WITH_COMMAS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}(\.[0-9]*)?")

_MAIL_NAME = re.compile(r"[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+(\.[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+)*")
_MAIL_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+(?![0-9]+$)[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.I)


def ascii_digits(text: str) -> str:
    """Digits of any script as 0-9, for what machines and post offices read: ``১২১৬`` is ``1216``."""
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def without_commas(number: str) -> str:
    """The number without commas between its thousands; any other comma stays: 1,50 is never 150."""
    return number.replace(",", "") if _WITH_COMMAS.fullmatch(number) else number


def in_one_line(text: str) -> str:
    """Composed (NFC), with single spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_mail_address(text: str) -> bool:
    """Whether a mail can be sent there: a plain name, and a domain that fits into the net's names."""
    name, _, domain = text.rpartition("@")
    try:
        in_ascii = domain.encode("idna").decode()
    except UnicodeError:  # an empty part, or one of more than 63 letters once they are Latin
        return False
    return bool(_MAIL_NAME.fullmatch(name) and _MAIL_DOMAIN.fullmatch(in_ascii))


def in_lines(text: str) -> str:
    """The same line by line; empty lines are left out."""
    lines = (in_one_line(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
