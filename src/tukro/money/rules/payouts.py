"""The states of a payout and what moves it between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

# Which verb takes a payout from which state to which. Every other pair is refused.
PayoutVerb = Literal["send", "settle", "return", "cancel"]
PAYOUT_MOVES: Mapping[tuple[str, PayoutVerb], str] = {
    ("requested", "send"): "sent",
    ("requested", "cancel"): "cancelled",
    ("sent", "settle"): "settled",
    ("sent", "return"): "returned",
    ("settled", "return"): "returned",  # "sent" and even "settled" are never final on any rail
}
