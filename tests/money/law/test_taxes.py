"""Tax withheld of withdrawals: never more than the share, frozen when asked, remitted at most once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN, summed
from tukro.journal.queries import history
from tukro.kernel.money import BASIS_POINTS, SCALES, Money
from tukro.money.actions.books.bookings import put_in, reverse_booking
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.books.exchange import enter_rate, quote
from tukro.money.actions.law.taxes import change_tax_rule, remit_tax
from tukro.money.actions.paying_out.asking import BelowMinimum, request_payout
from tukro.money.actions.paying_out.payouts import send_payout
from tukro.money.actions.policy import BadPolicy, change_policy
from tukro.money.models import Payout, TaxRule
from tukro.money.queries.taxes import withheld, withholding_of
from tukro.money.rules import convert
from tukro.money.rules.taxes import HIGHEST_TAX, tax_on
from tukro.people.models import Worker

TEN = Money.parse("10.00")
CENTS = some.integers(0, 10**9).map(lambda cents: Money(cents * 10_000))


@given(CENTS, some.integers(0, HIGHEST_TAX))
def test_tax_is_whole_cents_and_never_more_than_the_share(amount: Money, share: int) -> None:
    tax = tax_on(amount, share)
    exact = Decimal(amount.units) * share / BASIS_POINTS
    assert tax.units % 10_000 == 0
    assert tax.units <= exact < tax.units + 10_000


@given(CENTS.filter(bool), some.integers(1, HIGHEST_TAX), some.decimals("0.01", "9999", places=6))
def test_fee_tax_exchange_and_rounding_are_all_that_left(amount: Money, share: int, rate: Decimal) -> None:
    tax, fee = tax_on(amount, share), Money(min(250_000, amount.units // 4 // 10_000 * 10_000))
    receives = quote(amount=amount, fee=fee, tax=tax, currency="USD", now=NOW).receives
    assert fee + tax + receives == amount
    done = convert(receives, currency="BDT", rate=rate)
    assert fee + tax + done.cost + done.rounding == amount
    assert done.receives.units == int(receives.units * rate.scaleb(SCALES["BDT"] - SCALES["USD"]))


def taxed(country: str = "BD", share: int = 1_000) -> Worker:
    rahima = cast.rahima()
    correct_balance(by=SHIRIN, person=rahima, amount=Money.parse("30.00"), reason="test", now=NOW)
    change_tax_rule(by=SHIRIN, country=country, basis_points=share, authority="NBR", now=NOW)
    return rahima


def send(worker: Worker, *, currency: str = "USD") -> Payout:
    method = make.payout_method(of=worker)
    asked = request_payout(worker=worker, method_id=method.pk, amount=TEN, currency=currency, now=NOW)
    return send_payout(by=SHIRIN, payout_id=asked.public_id, reference="TX", now=NOW)


@pytest.mark.django_db
def test_the_rule_of_the_workers_country_holds_and_is_journalled() -> None:
    rahima = taxed("IN")
    assert withholding_of(rahima, TEN).tax == Money.zero()
    assert send(rahima).tax_country == ""
    change_tax_rule(by=SHIRIN, country="IN", basis_points=0, authority="", now=NOW)
    assert not TaxRule.objects.exists()
    shares = [event.facts["basis_points"] for event in history("tax:IN")]
    assert shares == [[0, 1_000], [1_000, 0]]
    for country, share, authority in [("bd", 1, "NBR"), ("BD", HIGHEST_TAX + 1, "NBR"), ("BD", 1, " ")]:
        with pytest.raises(BadPolicy):
            change_tax_rule(by=SHIRIN, country=country, basis_points=share, authority=authority, now=NOW)


@pytest.mark.django_db
def test_what_arrives_in_taka_is_less_by_the_tax_and_it_is_remitted_in_taka() -> None:
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal(120), source="bank", now=NOW)
    payout = send(taxed(), currency="BDT")
    assert [str(one) for one in (payout.tax, payout.receives)] == ["1.00", "1080.00"]
    paid = Money.parse("121.00", "BDT")
    put_in(by=SHIRIN, place="bank", amount=paid, reference="1", now=NOW)
    gone = remit_tax(
        by=SHIRIN, country="BD", amount=Money.parse("1.00"), place="bank", paid=paid, reference="2", now=NOW
    )
    assert withheld() == {"BD": Money.zero()}
    assert (str(summed("exchange", grows=1)), str(summed("exchange", grows=1, currency="BDT"))) == (
        "-10.00",
        "1201.00",
    )
    reverse_booking(by=SHIRIN, booking_id=gone.public_id, reason="bounced", now=NOW)
    assert withheld() == {"BD": Money.parse("1.00")}


@pytest.mark.django_db
def test_a_withdrawal_of_which_nothing_would_be_left_is_refused() -> None:
    rahima = taxed(share=HIGHEST_TAX)
    change_policy(by=SHIRIN, payout_fee=Money.parse("0.05"), now=NOW)
    method = make.payout_method(of=rahima)
    with pytest.raises(BelowMinimum):
        request_payout(worker=rahima, method_id=method.pk, amount=Money.parse("0.09"), closing=True, now=NOW)
