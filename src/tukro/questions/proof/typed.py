"""What people type: numbers in any digits, addresses without their scheme."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import urlsplit

from tukro.kernel.typed import ascii_digits, without_commas

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+-]*:")


def plain_number(text: str) -> Decimal | None:
    """The number that a person typed, Bengali digits included; None when it is none."""
    plain = without_commas(ascii_digits(text).strip())
    if not re.fullmatch(r"[+-]?([0-9]{1,20}(\.[0-9]{0,10})?|\.[0-9]{1,10})", plain):
        return None
    return Decimal(plain)


def web_address(text: str) -> str:
    """The http or https address that a person typed; '' when it is none.

    Nobody types ``https://`` on a phone: what begins with a host's name is taken for one.
    """
    address = text.strip()
    if not _SCHEME.match(address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    is_one = parts.scheme in {"http", "https"} and "." in host and not re.search(r"\s", address)
    # Without a scheme, a number with a point or a mail address is no host.
    if is_one and address != text.strip():
        is_one = "@" not in parts.netloc and any(char.isalpha() for char in host.rpartition(".")[2])
    return address if is_one else ""
