"""Where the house's own money can lie: the rails of the account ``outside``. Play money lies nowhere."""

from __future__ import annotations

from tukro.money.rules.methods import PAYOUT_KINDS

PAY_IN_PLACES = ("stripe", "paypal", "sslcommerz", "bank")
PLACES: tuple[str, ...] = tuple(dict.fromkeys((*PAY_IN_PLACES, *PAYOUT_KINDS)))
