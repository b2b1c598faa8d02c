"""Other currencies: staff enter what a dollar is worth; a withdrawal freezes the rate that it was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import Refused
from tukro.kernel.money import BASIS_POINTS, Money
from tukro.money.actions import accounts
from tukro.money.actions.two_persons import check_rules
from tukro.money.models import ExchangeRate
from tukro.money.queries import latest_rate
from tukro.money.rules import EXCHANGED, RATE_DECIMALS, RATE_LIVES, Conversion, convert

_HIGHEST = Decimal(1_000_000)
_NOTHING = Money(0)


class NoRate(Refused):
    """Nothing is exchanged without a rate of these days. Facts: ``currency``."""


class TooLittleToExchange(Refused):
    """Not even one smallest unit of the other currency. Facts: ``amount``, ``currency``."""


class BadRate(Refused):
    """No rate can be this. Facts: ``fields``, the names of those at fault."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What leaves a balance, what the house and the tax authority keep, and what arrives, as it stays.

    ``amount``, ``fee`` and ``tax`` are dollars; ``receives`` is in the currency that was asked for. Dollars
    need no ``rate``.
    """

    amount: Money
    fee: Money
    receives: Money
    rate: ExchangeRate | None = None
    tax: Money = _NOTHING


def quote(*, amount: Money, fee: Money, currency: str, now: datetime, tax: Money = _NOTHING) -> Quote:
    """What arrives in ``currency`` when ``amount`` leaves a balance and ``fee`` and ``tax`` are kept of it.

    Refuses NoRate (none was entered, or the last one is older than RATE_LIVES) and TooLittleToExchange.
    """
    if currency == "USD":
        return Quote(amount=amount, fee=fee, tax=tax, receives=amount - fee - tax)
    rate = current_rate(currency, now=now)
    conversion = convert(amount - fee - tax, currency=currency, rate=rate.offered)
    if not conversion.receives:
        raise TooLittleToExchange(amount=amount, currency=currency)
    return Quote(amount=amount, fee=fee, tax=tax, receives=conversion.receives, rate=rate)


def current_rate(currency: str, *, now: datetime) -> ExchangeRate:
    """The rate of these days. Refuses NoRate (none was entered, or the last one is older than RATE_LIVES)."""
    rate = latest_rate(currency, now)
    if rate is None or now - rate.entered_at > RATE_LIVES:
        raise NoRate(currency=currency)
    return rate


@transaction.atomic
def enter_rate(
    *,
    by: Actor,
    currency: str,
    rate: Decimal,
    source: str,
    spread_basis_points: int = 0,
    published: date | None = None,
    now: datetime,
    first: Actor | None = None,
) -> ExchangeRate:
    """From now on a dollar is ``rate`` of ``currency``, as ``source`` says.

    Refuses BadRate, SecondPersonNeeded.
    """
    good = {
        "currency": currency in EXCHANGED,
        "rate": 0 < rate <= _HIGHEST and rate == round(rate, RATE_DECIMALS),
        "source": 0 < len(source.strip()) <= 80,
        "spread_basis_points": 0 <= spread_basis_points < BASIS_POINTS,
    }
    if faults := [field for field, holds in good.items() if not holds]:
        raise BadRate(fields=faults)
    check_rules(by=by, first=first)
    entered = ExchangeRate.objects.create(
        currency=currency,
        rate=rate,
        spread_basis_points=spread_basis_points,
        source=source.strip(),
        published=published,
        entered_by=str(by),
        entered_at=now,
    )
    record(
        name="ExchangeRateEntered",
        actor=by,
        subject=f"exchange_rate:{currency}",
        at=now,
        facts={"rate": str(rate), "spread": spread_basis_points, "source": entered.source},
    )
    return entered


def exchange_lines(conversion: Conversion, *, at: datetime) -> dict[int, Money]:
    """The lines that turn dollars, which another line takes, into a currency, which another line gives.

    Zero in each currency together with those two. Their signs turned, they take it back at the same rate.
    """
    currency = conversion.receives.currency
    return {
        accounts.exchange("USD", at=at): -conversion.cost,
        accounts.rounding(at=at): -conversion.rounding,
        accounts.exchange(currency, at=at): conversion.receives,
    }
