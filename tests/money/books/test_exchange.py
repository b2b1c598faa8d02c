"""Other currencies: rounding neither makes nor loses a unit; a payout keeps the rate that it was shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as some

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN, add_bkash
from tests.together import PATIENCE, together, until_one_waits_for_a_lock
from tukro.journal.models import Event
from tukro.kernel.money import SCALES, Money
from tukro.money.actions import accounts
from tukro.money.actions.books.exchange import BadRate, NoRate, TooLittleToExchange, enter_rate, quote
from tukro.money.actions.paying_out import asking, payouts
from tukro.money.models import ExchangeRate
from tukro.money.queries import worker_balance
from tukro.money.rules import EXCHANGED, convert, rate_less_spread

RATES = some.decimals(min_value="0.000001", max_value="999999", places=6)
FIVE = Money.parse("5.00")


@given(some.integers(0, 10**15), RATES, some.sampled_from(EXCHANGED))
def test_converting_neither_makes_nor_loses_a_unit(units: int, rate: Decimal, currency: str) -> None:
    given_, price = Money(units), rate.scaleb(SCALES[currency] - SCALES["USD"])
    done = convert(given_, currency=currency, rate=rate)
    assert done.cost + done.rounding == given_
    assert done.rounding.units >= 0
    # Exactly what the cost buys, and the rest buys nothing more; nor does a micro-dollar less buy as much.
    assert int(done.cost.units * price) == done.receives.units == int(units * price)
    assert done.receives.units == 0 or int((done.cost.units - 1) * price) < done.receives.units


@given(RATES, some.integers(0, 9_999))
def test_the_spread_is_never_to_the_loss_of_the_house(rate: Decimal, basis_points: int) -> None:
    offered = rate_less_spread(rate, basis_points)
    assert 0 <= offered <= rate * (10_000 - basis_points) / 10_000
    assert (offered == rate) is (basis_points == 0) or rate < Decimal("0.01")


@pytest.mark.django_db
def test_a_quote_says_what_is_kept_and_what_arrives() -> None:
    rate = enter_rate(
        by=SHIRIN, currency="EUR", rate=Decimal("0.92"), source=" ECB ", spread_basis_points=100, now=NOW
    )
    quoted = quote(amount=FIVE, fee=Money.parse("0.25"), currency="EUR", now=NOW)
    assert (str(rate.offered), quoted.rate, rate.source) == ("0.910800", rate, "ECB")
    assert (quoted.receives.currency, str(quoted.receives)) == ("EUR", "4.32")  # 4.75 * 0.9108 = 4.3263
    assert quote(amount=FIVE, fee=Money.zero(), currency="USD", now=NOW).receives == FIVE
    told = Event.objects.get(name="ExchangeRateEntered")
    assert (told.actor, told.subject) == (str(SHIRIN), "exchange_rate:EUR")
    assert told.facts == {"rate": "0.92", "spread": 100, "source": "ECB"}


@pytest.mark.django_db
def test_a_rate_is_for_its_currency_and_for_some_days() -> None:
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal("121.5"), source="bank", now=NOW)
    for currency, days in [("INR", 0), ("BDT", 8), ("BDT", -1)]:
        with pytest.raises(NoRate):
            quote(amount=FIVE, fee=Money.zero(), currency=currency, now=NOW + timedelta(days=days))
    quoted = quote(amount=FIVE, fee=Money.zero(), currency="BDT", now=NOW + timedelta(days=7))
    assert str(quoted.receives) == "607.50"
    with pytest.raises(TooLittleToExchange):
        quote(amount=Money(10), fee=Money.zero(), currency="BDT", now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "currency", "rate", "source", "spread"),
    [
        ("currency", "USD", "1", "bank", 0),
        ("rate", "BDT", "0", "bank", 0),
        ("rate", "BDT", "1.0000001", "bank", 0),
        ("source", "BDT", "1", " ", 0),
        ("spread_basis_points", "BDT", "1", "bank", 10_000),
    ],
)
def test_a_rate_that_cannot_be_is_refused(
    field: str, currency: str, rate: str, source: str, spread: int
) -> None:
    with pytest.raises(BadRate) as refused:
        enter_rate(
            by=SHIRIN,
            currency=currency,
            rate=Decimal(rate),
            source=source,
            spread_basis_points=spread,
            now=NOW,
        )
    assert refused.value.facts == {"fields": [field]}


@pytest.mark.django_db
def test_a_rate_is_never_changed() -> None:
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal("121.5"), source="bank", now=NOW)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        ExchangeRate.objects.update(rate=2)


@pytest.mark.django_db
def test_what_is_under_way_in_another_currency_counts_as_the_dollars_that_left() -> None:
    rahima = cast.rahima()
    make.with_earnings(rahima, "25.00")
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal("121.57"), source="bank", now=NOW)
    payout = asking.request_payout(
        worker=rahima, method_id=add_bkash(rahima), amount=Money.parse("10.00"), currency="BDT", now=NOW
    )
    assert (payout.currency, str(payout.receives)) == ("BDT", "1215.70")
    payouts.send_payout(by=SHIRIN, payout_id=payout.public_id, reference="TX", now=NOW)
    assert [str(one) for one in worker_balance(rahima)] == ["15.00", "0.00", "10.00"]


@pytest.mark.django_db(transaction=True)
def test_the_first_money_of_a_currency_in_and_out_at_once_do_not_wait_for_each_other() -> None:
    def come_in() -> int:
        with transaction.atomic():
            accounts.outside("bkash", at=NOW, currency="BDT")
            accounts.exchange("BDT", at=NOW)
            return accounts.exchange("USD", at=NOW)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            dollars = accounts.exchange("USD", at=NOW)
            coming = pool.submit(together, come_in)
            until_one_waits_for_a_lock()
            accounts.exchange("BDT", at=NOW)  # a deadlock, had the other one opened it
        assert coming.result(PATIENCE) == [dollars]
