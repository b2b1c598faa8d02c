"""What a batch is called."""

from __future__ import annotations

from tukro.kernel.formats import Reader, digits

_BENGALI = range(0x0980, 0x0A00)


def numbered(name: str, no: int) -> str:
    """The project's name and a number, in digits of the script in which the name is written."""
    bengali = any(ord(char) in _BENGALI for char in name) and not any("0" <= char <= "9" for char in name)
    return f"{name} {digits(str(no), Reader(language='bn' if bengali else 'en'))}"
