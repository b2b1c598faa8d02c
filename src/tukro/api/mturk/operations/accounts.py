"""GetAccountBalance (mturk-api 6.18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from tukro.api.mturk.forms import amount
from tukro.api.mturk.operations.registry import operation
from tukro.money.queries import requester_can_spend
from tukro.people.models import Requester

_SANDBOX_BALANCE = "10000.00"


@operation("GetAccountBalance")
def get_account_balance(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """What the requester can spend; in the sandbox always the same. Nothing is on hold at a bank's side."""
    del given, now
    if settings.MODE == "sandbox":
        return {"AvailableBalance": _SANDBOX_BALANCE}
    return {"AvailableBalance": amount(requester_can_spend(caller))}
