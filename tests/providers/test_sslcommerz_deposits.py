"""Deposits by SSLCommerz in taka, against a server that plays it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.make import NOW
from tests.providers.deposits import LATER, available, begun, fresh, looked, told
from tests.providers.played.sslcommerz import SslCommerzContract
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions.books.exchange import NoRate, enter_rate
from tukro.money.actions.deposits.unmatched import assign_unmatched, return_unmatched
from tukro.money.models import UnmatchedMoney
from tukro.money.providers.deposits import desk
from tukro.money.providers.deposits.contract import Forged, Hook
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rate(karim: Requester) -> None:
    enter_rate(
        by=HOUSE, currency="BDT", rate=Decimal("121.57"), source="a bank", spread_basis_points=100, now=NOW
    )


def test_a_deposit_is_asked_for_in_taka_rounded_up_at_a_rate_that_stays(
    ssl_contract: SslCommerzContract, karim: Requester
) -> None:
    deposit = begun(karim, "sslcommerz", "10.01")
    assert str(deposit.asked) == "1229.09"  # 10.01 × 121.57 × 1.01 = 1229.0848…
    assert ssl_contract.asked_for[deposit.public_id]["total_amount"] == "1229.09"
    enter_rate(by=HOUSE, currency="BDT", rate=Decimal("150"), source="a bank", now=LATER)
    told("sslcommerz", ssl_contract.hook(ssl_contract.pay(deposit.public_id)))
    assert (fresh(deposit).state, available(karim)) == ("settled", "10.01")


def test_without_a_rate_of_these_days_nothing_is_asked_for(
    ssl_contract: SslCommerzContract, karim: Requester
) -> None:
    with pytest.raises(NoRate):
        begun(karim, "sslcommerz", now=NOW + timedelta(days=8))
    assert ssl_contract.calls == []


def test_what_its_message_says_is_checked_with_the_validation_service(
    ssl_contract: SslCommerzContract, karim: Requester
) -> None:
    """The hash is good and the amount is a lie: what counts is what validation says."""
    deposit = begun(karim, "sslcommerz")
    said = {**ssl_contract.pay(deposit.public_id, amount="1.00"), "amount": str(deposit.asked)}
    told("sslcommerz", ssl_contract.hook(said))
    assert (fresh(deposit).state, fresh(deposit).why) == ("failed", "wrong_amount")
    kept = UnmatchedMoney.objects.get()
    assert (kept.amount, available(karim)) == (Money.parse("1.00", "BDT"), "0.00")


@pytest.mark.parametrize(
    ("covers", "password"),
    [("tran_id", "tukro@ssl"), ("tran_id,val_id,status", "tukro@ssl"), ("", "guessed")],
)
def test_a_hash_over_too_little_or_with_another_password_is_no_proof(
    ssl_contract: SslCommerzContract, karim: Requester, covers: str, password: str
) -> None:
    said = ssl_contract.pay(begun(karim, "sslcommerz").public_id)
    body, headers = ssl_contract.hook(said, covers=covers, password=password)
    with pytest.raises(Forged):
        desk.receive("sslcommerz", Hook(headers, body), now=NOW)


def test_a_payer_may_fail_and_try_again(ssl_contract: SslCommerzContract, karim: Requester) -> None:
    deposit = begun(karim, "sslcommerz")
    told("sslcommerz", ssl_contract.hook(ssl_contract.pay(deposit.public_id, status="FAILED")))
    assert fresh(deposit).state == "created"
    ssl_contract.pay(deposit.public_id, status="PENDING")
    assert looked(deposit).state == "pending"
    ssl_contract.pay(deposit.public_id)
    assert looked(deposit).state == "settled"
    ssl_contract.pay(deposit.public_id)  # and a second time by mistake: never seen, the first one counts
    assert looked(deposit).state == "settled"
    assert available(karim) == "100.00"


def test_taka_that_come_after_the_deposit_was_given_up_are_still_money(
    ssl_contract: SslCommerzContract, karim: Requester
) -> None:
    deposit = begun(karim, "sslcommerz")
    assert looked(deposit, NOW + timedelta(days=31)).state == "expired"
    late = ssl_contract.hook(ssl_contract.pay(deposit.public_id))
    told("sslcommerz", late, NOW + timedelta(days=32))
    assert (fresh(deposit).state, available(karim)) == ("settled", "100.00")


def test_a_risky_payment_waits_for_staff_who_give_it_or_send_it_back(
    ssl_contract: SslCommerzContract, karim: Requester
) -> None:
    first, second = begun(karim, "sslcommerz"), begun(karim, "sslcommerz", "20.00")
    for each in (first, second):
        ssl_contract.pay(each.public_id, risk="1")
        assert looked(each).why == "risky"
    assert available(karim) == "0.00"
    one, other = UnmatchedMoney.objects.order_by("id")
    made = assign_unmatched(
        by=HOUSE, unmatched_id=one.public_id, requester=karim, reason="asked them", now=LATER
    )
    assert (str(made.amount), made.currency, available(karim)) == ("100.00", "BDT", "100.00")
    return_unmatched(by=HOUSE, unmatched_id=other.public_id, reason="a stolen card", now=LATER)
    assert looked(first).state == "failed"  # told of it again, nothing is kept twice
    assert UnmatchedMoney.objects.count() == 2
    for paid in ssl_contract.tries[second.public_id]:
        paid["risk_level"] = "0"  # lifted after all: the payment is in the books already
    assert (looked(second).state, available(karim)) == ("failed", "100.00")
