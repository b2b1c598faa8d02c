"""What work says when SQL answers that the requester's balance did not pay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tukro.kernel.money import Money
from tukro.money.actions.balances.spending import lack_of_funds
from tukro.people.models import Requester


def refuse_lack_of_funds(row: Mapping[str, Any], payer: Requester) -> None:
    """Refuses InsufficientFunds, or RequesterInDebt, when the row's code says so; else nothing happens."""
    if row["code"] == "insufficient_funds":
        needed, available = Money(int(row["needed"])), Money(int(row["available"]))
        raise lack_of_funds(payer.public_id, needed=needed, available=available)
