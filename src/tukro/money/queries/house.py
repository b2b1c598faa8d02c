"""What the house has, and what of it is owed: the figures without which nothing is taken out."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from tukro.kernel.money import SCALES, Money
from tukro.ledger.models import Account
from tukro.money.rules.chart import CHART

_OWED = tuple(code for code, part in CHART.items() if part == "liabilities")

# Debits less credits of every account that counts; what is not kept on the row is summed along its index.
_UNITS = """
    select a.code, case a.code when 'outside' then a.ref else '' end, a.currency, sum(case
        when a.cached then a.balance * case a.normal when 'D' then 1 else -1 end
        else coalesce((select sum(e.amount) from ledger_entry e where e.account_id = a.id), 0) end)::bigint
    from ledger_account a where a.code = any(%s) group by 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """The house in one currency.

    ``there`` lies at banks and providers, ``owed`` belongs to people and authorities. ``exchange`` below zero
    was taken from people who get another currency for it; it pays for that, and is not free.
    """

    currency: str
    there: Money
    owed: Money
    exchange: Money
    places: tuple[tuple[str, Money], ...]

    @property
    def free(self) -> Money:
        """What may be taken out; below zero, the house lacks it."""
        return self.there - self.owed + min(self.exchange, Money.zero(self.currency))

    @property
    def lacking(self) -> bool:
        return self.free < Money.zero(self.currency)


def house_standing() -> dict[str, Standing]:
    """By currency, dollars first; currencies in which nothing ever moved are left out."""
    sums: dict[str, dict[str, int]] = {}
    places: dict[str, list[tuple[str, Money]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, [["outside", "exchange", *_OWED]])
        for code, ref, currency, units in cursor.fetchall():
            of = sums.setdefault(currency, {"there": 0, "owed": 0, "exchange": 0})
            if code == "outside":
                of["there"] += units
                places.setdefault(currency, []).append((ref, Money(units, currency)))
            elif code == "exchange":
                of["exchange"] += units
            else:
                of["owed"] -= units
    return {
        currency: Standing(
            currency,
            places=tuple(sorted(places.get(currency, []))),
            **{name: Money(units, currency) for name, units in sums[currency].items()},
        )
        for currency in SCALES
        if currency in sums
    }


def lies_at(place: str, currency: str) -> Money:
    """What our books say is at a bank or provider."""
    account = Account.objects.filter(code="outside", ref=place, currency=currency).first()
    if account is None:
        return Money.zero(currency)
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(amount), 0)::bigint from ledger_entry where account_id = %s", [account.pk]
        )
        row: tuple[int] = cursor.fetchone()
    return Money(row[0], currency)
