"""Unused money goes back to its source: once, whatever happens to the call."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from tests.make import NOW
from tests.ports import free_port
from tests.providers.deposits import LATER, available, begun, looked
from tests.providers.played.paypal import PayPalContract
from tests.providers.played.proxy import Fault, between
from tests.providers.played.sslcommerz import SslCommerzContract
from tests.providers.played.stripe import StripeContract
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions.balances.escrow import set_aside_batch
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.deposits import AmountNotPositive, AmountTooLarge, deposit_play_money
from tukro.money.actions.deposits.disputes import record_dispute_by_hand
from tukro.money.actions.deposits.refunds import (
    NotRefundable,
    RefundNotMovable,
    ask_refund,
    fail_refund_by_hand,
    finish_refund_by_hand,
    left_of,
    take_refund_to_send,
)
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.models import Deposit, Refund
from tukro.money.providers.deposits import desk
from tukro.money.queries import debt_of
from tukro.money.queries.deposits import refunds_for_staff
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(stripe_contract: StripeContract, karim: Requester) -> Deposit:
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    return looked(deposit)


def asked(of: Deposit, amount: str, refund_id: str = "") -> Refund:
    return ask_refund(
        requester=of.requester,
        deposit_id=of.public_id,
        amount=Money.parse(amount),
        refund_id=refund_id,
        now=NOW,
    )


def worked_off(refund: Refund, *, after: timedelta = timedelta(0)) -> Refund:
    """The refund after the job had its turn."""
    desk.work_off_due_refunds(LATER + after)
    return Refund.objects.select_related("deposit").get(pk=refund.pk)


def test_unused_money_goes_back_to_its_source(paid: Deposit, stripe_contract: StripeContract) -> None:
    refund = asked(paid, "40.00", "3REFUND")
    assert asked(paid, "40.00", "3REFUND") == refund  # pressed twice
    assert available(paid.requester) == "60.00"
    assert worked_off(refund).state == "done"
    [made] = stripe_contract.refunds.values()
    assert (made["amount"], made["payment_intent"]) == (4_000, paid.payment_ref)
    assert looked(paid).standing == "refunded_in_part"
    assert worked_off(asked(paid, "60.00")).state == "done"
    assert looked(paid).standing == "refunded"


def test_no_more_goes_back_than_came_from_there_and_is_unused(paid: Deposit) -> None:
    deposit_play_money(requester=paid.requester, amount=Money.parse("500.00"), now=NOW)
    with pytest.raises(AmountTooLarge) as caught:
        asked(paid, "100.01")
    assert caught.value.facts["limit"] == Money.parse("100.00")
    for nothing in ("0", "-1.00"):
        with pytest.raises(AmountNotPositive):
            asked(paid, nothing)
    record_dispute_by_hand(
        by=HOUSE,
        deposit_id=paid.public_id,
        reference="d1",
        amount=Money.parse("30.00"),
        reason="",
        won=False,
        now=NOW,
    )
    assert left_of(looked(paid)) == Money.parse("70.00")


def test_play_money_and_what_never_came_is_not_sent_back(
    karim: Requester, stripe_contract: StripeContract
) -> None:
    play = deposit_play_money(requester=karim, amount=Money.parse("5.00"), now=NOW)
    for deposit in (play, begun(karim, "stripe")):
        with pytest.raises(NotRefundable):
            asked(deposit, "1.00")
    assert stripe_contract.refunds == {}


def test_spent_money_does_not_go_back(paid: Deposit) -> None:
    asked(paid, "90.00")
    with pytest.raises(AmountTooLarge):
        asked(paid, "10.01")
    record_dispute_by_hand(
        by=HOUSE,
        deposit_id=paid.public_id,
        reference="d1",
        amount=Money.parse("5.00"),
        reason="",
        won=False,
        now=NOW,
    )
    play = deposit_play_money(requester=paid.requester, amount=Money.parse("1.00"), now=NOW)
    assert str(play.amount) == "1.00"
    with pytest.raises(AmountTooLarge):
        asked(paid, "7.00")


def test_what_is_set_aside_does_not_go_back(paid: Deposit) -> None:
    set_aside_batch(requester=paid.requester, batch_id="B1", amount=Money.parse("95.00"), at=NOW)
    with pytest.raises(InsufficientFunds) as caught:
        asked(paid, "5.01")
    assert caught.value.facts["available"] == Money.parse("5.00")
    asked(paid, "5.00")


@pytest.mark.parametrize(
    "fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.BAD_GATEWAY, Fault.BAD_GATEWAY_AFTER, Fault.TWICE]
)
@pytest.mark.parametrize("way", ["stripe", "paypal"])
def test_a_refund_whose_answer_was_lost_is_done_once(
    way: str,
    fault: Fault,
    karim: Requester,
    settings: Settings,
    stripe_contract: StripeContract,
    paypal_contract: PayPalContract,
) -> None:
    deposit = begun(karim, way)
    if way == "stripe":
        stripe_contract.pay(deposit.provider_ref)
    else:
        paypal_contract.approve(deposit.provider_ref)
    refund = asked(looked(deposit), "25.00")
    name = f"{way.upper()}_URL"
    with between(getattr(settings, name)) as proxy:
        setattr(settings, name, proxy.url)
        proxy.faults = [fault] if way == "stripe" else [Fault.PASS, fault]  # PayPal: its token first
        expected = "done" if fault is Fault.TWICE else "unknown"
        assert worked_off(refund).state == expected
        assert available(karim) == "75.00"
        for minutes in (2, 5, 10, 20):
            worked_off(refund, after=timedelta(minutes=minutes))
    refund.refresh_from_db()
    assert (refund.state, available(karim)) == ("done", "75.00")
    if way == "stripe":
        assert [made["amount"] for made in stripe_contract.refunds.values()] == [2_500]
    else:
        order = paypal_contract.orders[deposit.provider_ref]
        assert len(order["purchase_units"][0]["payments"]["refunds"]) == 1


def test_where_nobody_listens_it_is_sent_later(
    paid: Deposit, stripe_contract: StripeContract, settings: Settings
) -> None:
    url, settings.STRIPE_URL = settings.STRIPE_URL, f"http://127.0.0.1:{free_port()}"
    refund = asked(paid, "40.00")
    assert worked_off(refund).state == "asked"
    settings.STRIPE_URL = url
    assert worked_off(refund, after=timedelta(minutes=2)).state == "done"
    assert len(stripe_contract.refunds) == 1


def test_a_crash_while_it_was_sent_is_looked_up(paid: Deposit, stripe_contract: StripeContract) -> None:
    refund = asked(paid, "40.00")
    taken = take_refund_to_send(refund_id=refund.public_id, now=NOW)
    assert taken is not None  # and the process dies here
    assert worked_off(refund).state == "asked"  # Stripe knows of none: it is sent again with its key
    assert worked_off(refund, after=timedelta(minutes=2)).state == "done"
    assert len(stripe_contract.refunds) == 1


def test_what_the_provider_declines_or_gives_back_is_in_the_balance_again(
    paid: Deposit, stripe_contract: StripeContract
) -> None:
    stripe_contract.refund_status = "pending"
    refund = asked(paid, "40.00")
    assert worked_off(refund).state == "sent"
    [made] = stripe_contract.refunds.values()
    made["status"] = "succeeded"
    assert worked_off(refund, after=timedelta(hours=2)).state == "done"
    made["status"] = "failed"  # the card's bank sent it back days later
    looked(paid)
    assert worked_off(refund).state == "failed"
    assert (available(paid.requester), looked(paid).standing) == ("100.00", "settled")


def test_a_refund_in_taka_goes_back_at_the_deposits_rate(
    ssl_contract: SslCommerzContract, karim: Requester
) -> None:
    enter_rate(by=HOUSE, currency="BDT", rate=Decimal("121.57"), source="a bank", now=NOW)
    deposit = begun(karim, "sslcommerz")
    ssl_contract.pay(deposit.public_id)
    enter_rate(by=HOUSE, currency="BDT", rate=Decimal("200"), source="a bank", now=LATER)
    refund = asked(looked(deposit), "50.00")
    assert worked_off(refund).state == "sent"
    [made] = ssl_contract.refunds.values()
    assert made["refund_amount"] == "6078.50"
    made["status"] = "refunded"
    assert worked_off(refund, after=timedelta(hours=2)).state == "done"
    assert available(karim) == "50.00"


def test_one_that_cannot_be_looked_up_is_never_sent_again_and_staff_decide(
    ssl_contract: SslCommerzContract, karim: Requester, settings: Settings
) -> None:
    enter_rate(by=HOUSE, currency="BDT", rate=Decimal("121.57"), source="a bank", now=NOW)
    deposit = begun(karim, "sslcommerz")
    ssl_contract.pay(deposit.public_id)
    refund = asked(looked(deposit), "50.00")
    with between(settings.SSLCOMMERZ_URL) as proxy:
        settings.SSLCOMMERZ_URL = proxy.url
        proxy.faults = [Fault.CUT_AFTER]
        assert worked_off(refund).state == "unknown"
        for hours in (1, 5, 24):
            assert worked_off(refund, after=timedelta(hours=hours)).state == "unknown"
    assert len(ssl_contract.refunds) == 1
    assert list(refunds_for_staff(LATER + timedelta(hours=2))) == [refund]
    finish_refund_by_hand(by=HOUSE, refund_id=refund.public_id, reference="REFUND1", now=LATER)
    with pytest.raises(RefundNotMovable):
        finish_refund_by_hand(by=HOUSE, refund_id=asked(deposit, "1.00").public_id, reference="x", now=LATER)


def test_a_lost_one_that_was_not_done_is_back_in_the_balance_once(paid: Deposit) -> None:
    refund = asked(paid, "40.00")
    Refund.objects.filter(pk=refund.pk).update(state="unknown", sent_at=NOW)
    for _ in range(2):
        fail_refund_by_hand(by=HOUSE, refund_id=refund.public_id, reason="not at Stripe", now=LATER)
    assert available(paid.requester) == "100.00"


def test_a_debt_is_paid_by_what_comes_back(paid: Deposit) -> None:
    refund = asked(paid, "40.00")
    record_dispute_by_hand(
        by=HOUSE,
        deposit_id=paid.public_id,
        reference="d1",
        amount=Money.parse("100.00"),
        reason="",
        won=False,
        now=NOW,
    )
    assert str(debt_of(paid.requester)) == "40.00"
    Refund.objects.filter(pk=refund.pk).update(state="unknown", sent_at=NOW)
    fail_refund_by_hand(by=HOUSE, refund_id=refund.public_id, reason="disputed", now=LATER)
    assert (str(debt_of(paid.requester)), available(paid.requester)) == ("0.00", "0.00")
