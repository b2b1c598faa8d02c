"""Where the house's own money can lie: the rails of the account ``outside``. Play money lies nowhere."""

from __future__ import annotations

from typing import get_args

from tukro.money.rules.methods import PayoutKindName

PAY_IN_PLACES = ("stripe", "paypal", "sslcommerz", "bank")
PLACES: tuple[str, ...] = tuple(dict.fromkeys((*PAY_IN_PLACES, *get_args(PayoutKindName))))
