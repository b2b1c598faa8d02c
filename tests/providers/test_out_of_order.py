"""What providers tell in no good order: refunds made on their own pages, replays after days, repetitions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests import cast
from tests.make import NOW
from tests.providers.deposits import LATER, available, begun, fresh, looked, told
from tests.providers.played.paypal import PayPalContract
from tests.providers.played.sslcommerz import SslCommerzContract
from tests.providers.played.stripe import StripeContract
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions.balances import escrow
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.deposits.refunds import ask_refund
from tukro.money.models import Deposit, ProviderNotice
from tukro.money.providers.deposits import desk
from tukro.money.providers.deposits.contract import Forged, Hook
from tukro.money.queries import debt_of
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db
DAYS_LATER = NOW + timedelta(days=9)


@pytest.fixture
def paid(stripe_contract: StripeContract, karim: Requester) -> Deposit:
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    return looked(deposit)


def told_of_refunds(stripe: StripeContract, deposit: Deposit) -> None:
    """Stripe's event about each refund, twice."""
    for refund in list(stripe.refunds.values()) * 2:
        told("stripe", stripe.hook("refund.updated", refund))
    fresh(deposit)


# --- refunds that somebody makes at the provider ----------------------------------------------------


def test_parts_sent_back_on_stripes_pages_leave_the_balance_once_each(
    paid: Deposit, stripe_contract: StripeContract
) -> None:
    stripe_contract.refund_by_hand(paid.provider_ref, 4_000)
    told_of_refunds(stripe_contract, paid)
    assert (available(paid.requester), fresh(paid).disputed) == ("60.00", Money.parse("40.00"))
    stripe_contract.refund_by_hand(paid.provider_ref, 2_500)
    told_of_refunds(stripe_contract, paid)
    assert (available(paid.requester), fresh(paid).disputed) == ("35.00", Money.parse("65.00"))
    assert {each.why for each in paid.disputes.all()} == {desk.REFUNDED_THERE}


def test_our_own_refund_is_not_taken_for_one_of_theirs(
    paid: Deposit, stripe_contract: StripeContract
) -> None:
    ten = Money.parse("10.00")
    ask_refund(requester=paid.requester, deposit_id=paid.public_id, amount=ten, refund_id="", now=NOW)
    desk.work_off_due_refunds(LATER)
    stripe_contract.refund_by_hand(paid.provider_ref, 2_000)
    told_of_refunds(stripe_contract, paid)
    assert available(paid.requester) == "70.00"
    assert (fresh(paid).refunded, fresh(paid).disputed) == (Money.parse("10.00"), Money.parse("20.00"))


def test_a_refund_that_is_told_before_its_payment_waits_for_it(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    ref = stripe_contract.refund_by_hand(deposit.provider_ref, 4_000)
    body, headers = stripe_contract.hook("refund.created", stripe_contract.refunds[ref])
    desk.receive("stripe", Hook(headers, body), now=NOW)
    assert (fresh(deposit).state, available(karim)) == ("created", "0.00")
    session = stripe_contract.sessions[deposit.provider_ref]
    told("stripe", stripe_contract.hook("checkout.session.completed", session))
    assert (fresh(deposit).state, available(karim)) == ("settled", "60.00")


def test_a_refund_there_of_money_that_was_spent_is_a_debt(
    paid: Deposit, stripe_contract: StripeContract
) -> None:
    escrow.pay_bonus(
        requester_id=paid.requester.public_id,
        worker_id=cast.rahima().public_id,
        amount=Money.parse("90.00"),
        fee=Money.zero(),
        key="bonus:1",
        subject="work",
        at=LATER,
    )
    stripe_contract.refund_by_hand(paid.provider_ref, 4_000)
    told_of_refunds(stripe_contract, paid)
    assert (available(paid.requester), debt_of(paid.requester)) == ("0.00", Money.parse("30.00"))


def test_a_refund_on_stripes_pages_that_is_under_way_or_failed_takes_nothing(
    paid: Deposit, stripe_contract: StripeContract
) -> None:
    for status in ("pending", "failed"):
        stripe_contract.refund_status = status
        stripe_contract.refund_by_hand(paid.provider_ref, 1_000)
        told_of_refunds(stripe_contract, paid)
        assert available(paid.requester) == "100.00"


def test_parts_sent_back_on_paypals_pages_leave_the_balance_once_each(
    paypal_contract: PayPalContract, karim: Requester
) -> None:
    deposit = begun(karim, "paypal")
    paypal_contract.approve(deposit.provider_ref)
    looked(deposit)
    made = paypal_contract.refund_by_hand(deposit.provider_ref, "40.00")
    resource = {**made, "supplementary_data": {"related_ids": {"order_id": deposit.provider_ref}}}
    for _ in range(2):
        told("paypal", paypal_contract.hook("PAYMENT.CAPTURE.REFUNDED", resource))
    assert (available(karim), fresh(deposit).disputed) == ("60.00", Money.parse("40.00"))


# --- replays ----------------------------------------------------------------------------------------


def test_an_old_message_of_stripe_is_refused_and_one_sent_again_by_stripe_counts_once(
    paid: Deposit, stripe_contract: StripeContract
) -> None:
    session = stripe_contract.sessions[paid.provider_ref]
    kind, week = "checkout.session.completed", 7 * 24 * 3600
    told("stripe", stripe_contract.hook(kind, session, event="evt_once"))
    body, headers = stripe_contract.hook(kind, session, event="evt_once", age=week)
    with pytest.raises(Forged):
        desk.receive("stripe", Hook(headers, body), now=DAYS_LATER)
    told("stripe", stripe_contract.hook(kind, session, event="evt_once"), DAYS_LATER)
    assert (ProviderNotice.objects.get().times, available(paid.requester)) == (2, "100.00")


def test_paypals_and_sslcommerzs_messages_replayed_after_days_move_nothing(
    paypal_contract: PayPalContract, ssl_contract: SslCommerzContract, karim: Requester
) -> None:
    enter_rate(by=HOUSE, currency="BDT", rate=Decimal("120"), source="a bank", now=NOW)
    one, other = begun(karim, "paypal"), begun(karim, "sslcommerz", "20.00")
    paypal_contract.approve(one.provider_ref)
    hooks = {
        "paypal": paypal_contract.hook("CHECKOUT.ORDER.APPROVED", paypal_contract.orders[one.provider_ref]),
        "sslcommerz": ssl_contract.hook(ssl_contract.pay(other.public_id)),
    }
    for at in (LATER, DAYS_LATER):
        for provider, hook in hooks.items():
            told(provider, hook, at)
    assert (fresh(one).state, fresh(other).state, available(karim)) == ("settled", "settled", "120.00")
    assert set(ProviderNotice.objects.values_list("times", flat=True)) == {2}
