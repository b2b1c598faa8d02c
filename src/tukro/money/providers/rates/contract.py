"""A source of exchange rates: asked, it answers with rates or with why not. Each source has its file."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from tukro.money.rules import RATE_DECIMALS
from tukro.money.rules.exchange import FoundRate
from tukro.outside.http import Answered, Door

_MOST_BYTES = 1024 * 1024
_STEP = Decimal(1).scaleb(-RATE_DECIMALS)


class SourceFault(Exception):
    """The source did not answer, or not with rates. The text is for staff and logs."""


class RateSource(Protocol):
    """``name`` is what workers read as the source of a rate."""

    @property
    def name(self) -> str: ...

    def fetch(self) -> list[FoundRate]:
        """What the source says now. Raises SourceFault."""
        ...


def read(address: str) -> bytes:
    """The document at an http(s) address, or a file of this machine at ``file:``. Raises SourceFault."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        try:
            with Path(parts.path).open("rb") as file:
                return file.read(_MOST_BYTES)
        except OSError as fault:
            raise SourceFault(f"{parts.path}: {fault.strerror}") from None
    outcome = Door(base="", headers={"Accept": "*/*"}).ask("GET", address)
    if not isinstance(outcome, Answered):
        status = getattr(outcome, "status", 0)
        raise SourceFault(f"{parts.netloc}: {getattr(outcome, 'reason', '') or status}")
    return outcome.body


def as_rate(value: Decimal) -> Decimal:
    """Rounded to what a rate may have, down: never to the loss of the house. Raises SourceFault."""
    if not value.is_finite() or not 0 < value <= 1_000_000:
        raise SourceFault(f"{value} is no rate")
    rate = value.quantize(_STEP, rounding=ROUND_DOWN)
    if not rate:
        raise SourceFault(f"{value} is no rate")
    return rate
