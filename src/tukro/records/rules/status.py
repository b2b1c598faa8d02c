"""Which records were taken back: a Bitstring Status List (W3C), one bit for each record.

A list has at least 131,072 bits so that asking for it tells nobody which record is looked at.
"""

from __future__ import annotations

import gzip
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tukro.kernel.formats import iso

BITS = 131_072
_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_MOST_BYTES = BITS  # a list of eight times our size is still read


class BadStatusList(ValueError):
    """The document is no list of revocations that we can read."""


def list_address(site: str, number: int) -> str:
    return f"{site.rstrip('/')}/records/status/{number}"


def place_of(index: int) -> tuple[int, int]:
    """Which list a record's status stands in, counted from 1, and at which bit of it."""
    number, bit = divmod(index, BITS)
    return number + 1, bit


def entry(site: str, index: int) -> dict[str, str]:
    """What a record says of where to look whether it still holds."""
    number, bit = place_of(index)
    address = list_address(site, number)
    return {
        "id": f"{address}#{bit}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(bit),
        "statusListCredential": address,
    }


def status_list(
    *, site: str, issuer: str, number: int, revoked: Iterable[int], now: datetime
) -> dict[str, Any]:
    """The unsigned list: ``revoked`` are the bits that are set."""
    address = list_address(site, number)
    return {
        "@context": [_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": iso(now),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(revoked),
        },
    }


def encoded(bits: Iterable[int]) -> str:
    """Multibase base64url of the GZIP of the bits, the first one leftmost."""
    row = bytearray(BITS // 8)
    for bit in bits:
        row[bit // 8] |= 0x80 >> bit % 8
    return "u" + urlsafe_b64encode(gzip.compress(bytes(row), mtime=0)).rstrip(b"=").decode()


def is_set(document: dict[str, Any], bit: int) -> bool:
    """Whether the list says that the record at ``bit`` was taken back. Raises BadStatusList."""
    subject = document.get("credentialSubject")
    text = subject.get("encodedList") if isinstance(subject, dict) else None
    if not isinstance(text, str) or not text.startswith("u"):
        raise BadStatusList
    try:
        packed = urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
        unpack = zlib.decompressobj(wbits=31)
        row = unpack.decompress(packed, _MOST_BYTES)
    except (ValueError, zlib.error):
        raise BadStatusList from None
    if not 0 <= bit < len(row) * 8:
        raise BadStatusList
    return bool(row[bit // 8] & (0x80 >> bit % 8))
