"""Deposits by PayPal, against a server that plays PayPal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Sum
from pytest_django import Settings

from tests.make import NOW
from tests.providers.deposits import LATER, available, begun, fresh, looked, told
from tests.providers.played.paypal import PayPalContract
from tests.providers.played.proxy import Fault, between
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.ledger.models import Entry
from tukro.money.actions.balances.escrow import give_back_rest_of_batch, set_aside_batch
from tukro.money.actions.policy import change_policy
from tukro.money.models import Deposit, Dispute, UnmatchedMoney
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db


def approved_hook(paypal: PayPalContract, deposit: Deposit) -> tuple[bytes, dict[str, str]]:
    return paypal.hook("CHECKOUT.ORDER.APPROVED", paypal.orders[deposit.provider_ref])


def test_an_approved_order_is_captured_and_settles(paypal_contract: PayPalContract, karim: Requester) -> None:
    deposit = begun(karim, "paypal")
    assert deposit.pay_url == f"https://paypal.example/pay/{deposit.provider_ref}"
    assert looked(deposit).state == "created"
    paypal_contract.approve(deposit.provider_ref)
    for _ in range(2):
        told("paypal", approved_hook(paypal_contract, deposit))
    assert (fresh(deposit).state, available(karim)) == ("settled", "100.00")
    assert fresh(deposit).payment_ref == paypal_contract.capture_of(deposit.provider_ref)["id"]
    assert len(paypal_contract.asked("POST", f"/v2/checkout/orders/{deposit.provider_ref}/capture")) == 1


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.BAD_GATEWAY_AFTER, Fault.TWICE, Fault.CUT_BEFORE])
def test_a_capture_whose_answer_was_lost_is_looked_up(
    paypal_contract: PayPalContract, karim: Requester, settings: Settings, fault: Fault
) -> None:
    deposit = begun(karim, "paypal")
    paypal_contract.approve(deposit.provider_ref)
    looked(begun(karim, "paypal", "10.00"))  # a token is there
    with between(settings.PAYPAL_URL) as proxy:
        settings.PAYPAL_URL = proxy.url
        proxy.faults = [Fault.PASS, Fault.PASS, fault]  # token, order, capture
        assert looked(deposit).state in ("pending", "settled")
        assert looked(deposit, LATER + timedelta(minutes=5)).state == "settled"
    assert available(karim) == "100.00"
    captures = paypal_contract.orders[deposit.provider_ref]["purchase_units"][0]["payments"]["captures"]
    assert len(captures) == 1


def test_a_declined_card_leaves_the_order_open_and_another_may_pay(
    paypal_contract: PayPalContract, karim: Requester
) -> None:
    deposit = begun(karim, "paypal")
    paypal_contract.approve(deposit.provider_ref)
    paypal_contract.declines = "INSTRUMENT_DECLINED"
    assert looked(deposit).state == "created"
    paypal_contract.declines = ""
    assert looked(deposit).state == "settled"


@pytest.mark.parametrize(
    ("status", "state"), [("PENDING", "pending"), ("DECLINED", "failed"), ("FAILED", "failed")]
)
def test_only_a_completed_capture_is_money(
    paypal_contract: PayPalContract, karim: Requester, status: str, state: str
) -> None:
    deposit = begun(karim, "paypal")
    paypal_contract.approve(deposit.provider_ref)
    paypal_contract.capture_status = status
    assert looked(deposit).state == state
    assert available(karim) == "0.00"
    paypal_contract.capture_of(deposit.provider_ref)["status"] = "COMPLETED"
    assert looked(deposit).state == "settled"


@pytest.mark.parametrize("change", ["amount", "currency", "owner"])
def test_another_amount_currency_or_owner_settles_nothing(
    paypal_contract: PayPalContract, karim: Requester, change: str
) -> None:
    deposit = begun(karim, "paypal")
    paypal_contract.approve(deposit.provider_ref)
    paypal_contract.capture_status = "PENDING"
    looked(deposit)
    capture = paypal_contract.capture_of(deposit.provider_ref)
    capture["status"] = "COMPLETED"
    match change:
        case "amount":
            capture["amount"] = {"currency_code": "USD", "value": "1.00"}
        case "currency":
            capture["amount"] = {"currency_code": "INR", "value": "100.00"}
        case "owner":
            capture["custom_id"] = "3SOMEBODYELSE"
    assert looked(deposit).state == "failed"
    assert available(karim) == "0.00"
    kept = [str(one.amount) for one in UnmatchedMoney.objects.all()]
    assert kept == {"amount": ["1.00"], "currency": ["100.00"], "owner": []}[change]


def test_an_order_that_paypal_forgot_has_expired(paypal_contract: PayPalContract, karim: Requester) -> None:
    deposit = begun(karim, "paypal")
    del paypal_contract.orders[deposit.provider_ref]
    assert looked(deposit).state == "expired"


def test_an_order_that_is_paid_after_it_was_given_up_is_still_money(
    paypal_contract: PayPalContract, karim: Requester
) -> None:
    deposit = begun(karim, "paypal")
    order = paypal_contract.orders.pop(deposit.provider_ref)
    assert looked(deposit).state == "expired"
    paypal_contract.orders[deposit.provider_ref] = order
    paypal_contract.approve(deposit.provider_ref)
    told("paypal", approved_hook(paypal_contract, deposit), NOW + timedelta(days=2))
    assert (fresh(deposit).state, available(karim)) == ("settled", "100.00")


def test_a_token_that_ended_is_fetched_anew(paypal_contract: PayPalContract, karim: Requester) -> None:
    deposit = begun(karim, "paypal")
    paypal_contract.token = "A21.another"
    paypal_contract.approve(deposit.provider_ref)
    assert looked(deposit).state == "settled"
    assert len(paypal_contract.asked("POST", "/v1/oauth2/token")) == 2


@pytest.mark.parametrize(
    ("stage", "status", "outcome", "standing"),
    [
        ("INQUIRY", "OPEN", "", "settled"),
        ("CHARGEBACK", "OPEN", "", "charged_back"),
        ("CHARGEBACK", "RESOLVED", "RESOLVED_BUYER_FAVOUR", "charged_back"),
        ("CHARGEBACK", "RESOLVED", "RESOLVED_SELLER_FAVOUR", "settled"),
        ("CHARGEBACK", "RESOLVED", "CANCELED_BY_BUYER", "settled"),
        ("CHARGEBACK", "RESOLVED", "RESOLVED_WITH_PAYOUT", "settled"),
    ],
)
def test_a_dispute_takes_money_when_paypal_does(
    paypal_contract: PayPalContract,
    karim: Requester,
    stage: str,
    status: str,
    outcome: str,
    standing: str,
) -> None:
    deposit = begun(karim, "paypal")
    paypal_contract.approve(deposit.provider_ref)
    looked(deposit)
    name = paypal_contract.dispute(deposit.provider_ref)
    resource = {"disputed_transactions": [{"seller_transaction_id": fresh(deposit).payment_ref}]}
    told("paypal", paypal_contract.hook("CUSTOMER.DISPUTE.CREATED", resource))
    assert fresh(deposit).standing == "charged_back"
    paypal_contract.disputes[name] |= {
        "status": status,
        "dispute_life_cycle_stage": stage,
        "dispute_outcome": {"outcome_code": outcome},
    }
    assert looked(deposit).standing == standing
    assert available(karim) == ("0.00" if standing == "charged_back" else "100.00")


def test_an_inquiry_that_becomes_a_chargeback_freezes_first_and_takes_then(
    paypal_contract: PayPalContract, karim: Requester
) -> None:
    """PayPal's disputes begin with a question to the seller; what it asks about changes when it escalates."""
    deposit = begun(karim, "paypal")
    paypal_contract.approve(deposit.provider_ref)
    looked(deposit)
    set_aside_batch(requester=karim, batch_id="B1", amount=Money.parse("70.00"), at=NOW)
    name = paypal_contract.dispute(deposit.provider_ref, stage="INQUIRY")
    dispute = paypal_contract.disputes[name]
    dispute["dispute_amount"] = {"currency_code": "USD", "value": "40.00"}

    def hear(kind: str) -> Dispute:
        resource = {"disputed_transactions": [{"seller_transaction_id": fresh(deposit).payment_ref}]}
        told("paypal", paypal_contract.hook(f"CUSTOMER.DISPUTE.{kind}", resource))
        return deposit.disputes.get()

    asked = hear("CREATED")
    assert (asked.state, asked.frozen, available(karim)) == ("frozen", Money.parse("30.00"), "0.00")
    assert (fresh(deposit).standing, booked("paypal")) == ("disputed", Money.parse("100.00"))
    give_back_rest_of_batch(batch_id="B1", at=NOW)
    assert available(karim) == "60.00"
    dispute |= {"dispute_life_cycle_stage": "CHARGEBACK", "dispute_amount": {**dispute["dispute_amount"]}}
    dispute["dispute_amount"]["value"] = "100.00"
    for _ in range(2):  # PayPal tells of every change, and again
        taken = hear("UPDATED")
    assert (taken.state, taken.frozen, taken.from_balance) == ("taken", Money.zero(), deposit.amount)
    assert (fresh(deposit).standing, available(karim)) == ("charged_back", "0.00")
    assert booked("paypal") == Money.zero()
    dispute |= {"status": "RESOLVED", "dispute_outcome": {"outcome_code": "RESOLVED_SELLER_FAVOUR"}}
    assert hear("RESOLVED").state == "won"
    assert (fresh(deposit).standing, available(karim)) == ("settled", "100.00")


@pytest.mark.parametrize(
    ("outcome", "left"), [("CANCELED_BY_BUYER", "100.00"), ("RESOLVED_BUYER_FAVOUR", "0.00")]
)
def test_an_inquiry_that_ends_as_one_is_free_again_or_was_paid_back(
    paypal_contract: PayPalContract, karim: Requester, outcome: str, left: str
) -> None:
    deposit = begun(karim, "paypal")
    paypal_contract.approve(deposit.provider_ref)
    looked(deposit)
    name = paypal_contract.dispute(deposit.provider_ref, stage="INQUIRY")
    assert (looked(deposit).standing, available(karim)) == ("disputed", "0.00")
    paypal_contract.disputes[name] |= {"status": "RESOLVED", "dispute_outcome": {"outcome_code": outcome}}
    looked(deposit)
    assert (available(karim), booked("paypal")) == (left, Money.parse(left))


def booked(place: str) -> Money:
    entries = Entry.objects.filter(account__code="outside", account__ref=place)
    return Money(entries.aggregate(total=Sum("amount"))["total"] or 0)


def test_a_fee_is_paid_on_top_and_is_the_houses(paypal_contract: PayPalContract, karim: Requester) -> None:
    change_policy(by=HOUSE, deposit_fee_basis_points=333, now=NOW)
    deposit = begun(karim, "paypal", "10.00")
    asked = paypal_contract.orders[deposit.provider_ref]["purchase_units"][0]["amount"]["value"]
    assert (asked, str(deposit.fee)) == ("10.34", "0.34")  # 0.333, up to the cent
    paypal_contract.approve(deposit.provider_ref)
    assert (looked(deposit).state, available(karim)) == ("settled", "10.00")
