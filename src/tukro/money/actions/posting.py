"""How a fact of business moves money once: the key of its transfer is its kind and the fact's own name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tukro.ledger import actions as ledger
from tukro.ledger.actions import Line


def post_fact(
    kind: str, fact: str | int, lines: Mapping[int, int], *, at: datetime, subject: str = ""
) -> int:
    """Post the movement ``kind`` of ``fact`` under the key ``kind:fact`` (docs/money.md); the transfer's id.

    ``lines``: smallest units by account, debit positive, credit negative; nothing is no line. ``subject``:
    what the transfer is about, when that is not the fact. The same again gives the earlier id and moves
    nothing. Refuses IdempotencyConflict and BelowFloor as ``ledger.post`` does.
    """
    return ledger.post(
        kind=kind,
        key=f"{kind}:{fact}",
        lines=[Line(account, units) for account, units in lines.items() if units],
        subject=subject or str(fact),
        at=at,
    )
