"""Dollars and other currencies: what arrives at a rate, and what rounding leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tukro.kernel.money import BASIS_POINTS, SCALES, Money

RATE_DECIMALS = 6
RATE_LIVES = timedelta(days=7)  # an older rate is not offered any more
EXCHANGED = tuple(currency for currency in SCALES if currency != "USD")


@dataclass(frozen=True, slots=True)
class Conversion:
    """Dollars turned into another currency: ``cost`` buys exactly ``receives``.

    ``rounding`` is too little to buy one more smallest unit; ``cost`` and ``rounding`` together are what was
    given, to the micro-dollar.
    """

    receives: Money
    cost: Money
    rounding: Money


@dataclass(frozen=True, slots=True)
class FoundRate:
    """What a source says one US dollar is in ``currency``; ``published`` is its own day, if it says one."""

    currency: str
    rate: Decimal
    published: date | None = None


def jumps(before: Decimal, after: Decimal, basis_points: int) -> bool:
    """Whether ``after`` is further from ``before`` than so many ten-thousandths of it."""
    return abs(after - before) * BASIS_POINTS > before * basis_points


def convert(amount: Money, *, currency: str, rate: Decimal) -> Conversion:
    """What ``amount`` dollars are in ``currency`` at ``rate`` (its units for one dollar), rounded down."""
    assert amount.units >= 0, "only what somebody has is exchanged"
    price, scale = _millionths(rate) * 10 ** SCALES[currency], 10 ** (RATE_DECIMALS + SCALES["USD"])
    receives = amount.units * price // scale
    cost = -(-receives * scale // price)  # the fewest micro-dollars that are worth it
    return Conversion(
        receives=Money(receives, currency), cost=Money(cost), rounding=Money(amount.units - cost)
    )


def exchange_gain(positions: Mapping[str, Money], rates: Mapping[str, Decimal]) -> Money:
    """What exchanging won, in dollars; below zero, it lost. ``positions``: the balances of ``exchange``.

    A position above zero was given to people, one below zero was taken from them. Each other currency is
    counted at its rate (its units for one dollar), rounded so that never too much is won.
    """
    given = positions.get("USD", Money.zero()).units
    for currency, position in positions.items():
        if currency != "USD" and position:
            given += dollars_of(position, rates[currency]).units
    return Money(-given)


def dollars_of(amount: Money, rate: Decimal) -> Money:
    """What an amount of another currency is in dollars at ``rate`` (its units for one), rounded up."""
    price = _millionths(rate) * 10 ** SCALES[amount.currency]
    return Money(-(-amount.units * 10 ** (RATE_DECIMALS + SCALES["USD"]) // price))


def rate_less_spread(rate: Decimal, basis_points: int) -> Decimal:
    """The rate that people get: the source's less the house's share of it, rounded down."""
    units = _millionths(rate) * (BASIS_POINTS - basis_points) // BASIS_POINTS
    return Decimal(units).scaleb(-RATE_DECIMALS)


def _millionths(rate: Decimal) -> int:
    return int(rate.scaleb(RATE_DECIMALS))
