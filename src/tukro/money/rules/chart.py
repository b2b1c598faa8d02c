"""The chart of accounts: in which part of a balance sheet each kind stands (docs/money.md tells the rest)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Part = Literal["assets", "liabilities", "equity", "income", "expenses"]

CHART: Mapping[str, Part] = {
    "outside": "assets",
    "exchange": "assets",
    "requester_available": "liabilities",
    "requester_refunding": "liabilities",
    "requester_disputed": "liabilities",
    "requester_debt": "assets",
    "unmatched": "liabilities",
    "batch_hold": "liabilities",
    "hold": "liabilities",
    "worker_available": "liabilities",
    "worker_reserved": "liabilities",
    "worker_transit": "liabilities",
    "worker_unclaimed": "liabilities",
    "requester_unclaimed": "liabilities",
    "tax_withheld": "liabilities",
    "capital": "equity",
    "fees": "income",
    "payout_fees": "income",
    "deposit_fees": "income",
    "rounding": "income",
    "given_up": "income",
    "exchange_result": "income",
    "goodwill": "expenses",
    "provider_costs": "expenses",
    "debt_losses": "expenses",
    "losses": "expenses",
}
