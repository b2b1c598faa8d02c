"""Facts of the house as members of the wire, shared by operations."""

from __future__ import annotations

from tukro.api.mturk.errors import invalid_value
from tukro.kernel.money import Money, NotMoney


def amount(money: Money) -> str:
    """Exactly two decimals: ``0.50``. Parts of a cent, which only fees make, are left off."""
    return str(money.whole_cents())


def money_of(text: str, parameter: str) -> Money:
    """What a CurrencyAmount says: ``5``, ``5.``, ``0.1`` and ``0.50`` are all legal. Raises WireError."""
    try:
        return Money.parse(text)
    except NotMoney:
        raise invalid_value(parameter, text) from None
