"""Deposits by Stripe, against a server that plays Stripe."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from tests.make import NOW
from tests.ports import free_port
from tests.providers.deposits import BACK, LATER, available, begun, fresh, looked, told
from tests.providers.played.proxy import Fault, between
from tests.providers.played.stripe import HOOK_SECRET, StripeContract
from tukro.kernel.money import Money
from tukro.money.actions.deposits import AmountTooLarge, DepositNotMovable, cancel_deposit
from tukro.money.actions.deposits.refunds import ask_refund
from tukro.money.models import Deposit, ProviderNotice, UnmatchedMoney
from tukro.money.providers.deposits import desk
from tukro.money.providers.deposits.contract import Forged, Hook
from tukro.money.queries import debt_of
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db


def paid_hook(stripe: StripeContract, deposit: Deposit, event: str = "") -> tuple[bytes, dict[str, str]]:
    return stripe.hook("checkout.session.completed", stripe.sessions[deposit.provider_ref], event=event)


def test_a_deposit_opens_one_session_with_what_is_asked(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe")
    assert (deposit.state, deposit.pay_url) == (
        "created",
        f"https://checkout.stripe.example/{deposit.provider_ref}",
    )
    desk.begin(fresh(deposit), back=BACK, now=NOW)
    [call] = stripe_contract.asked("POST", "/v1/checkout/sessions")
    assert call.form["line_items[0][price_data][unit_amount]"] == "10000"
    assert call.form["success_url"] == f"{BACK}?from=paid"


def test_a_web_hook_settles_it_once(stripe_contract: StripeContract, karim: Requester) -> None:
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    hook = paid_hook(stripe_contract, deposit)
    for _ in range(3):  # repeated, and replayed after it was handled
        told("stripe", hook)
    assert (fresh(deposit).state, available(karim)) == ("settled", "100.00")
    [notice] = ProviderNotice.objects.all()
    assert (notice.times, notice.outcome) == (3, "settled")


def test_what_a_web_hook_says_is_not_believed(stripe_contract: StripeContract, karim: Requester) -> None:
    """A genuine event may be old, and a body may say anything: Stripe is asked."""
    deposit = begun(karim, "stripe")
    lie = {**stripe_contract.sessions[deposit.provider_ref], "status": "complete", "payment_status": "paid"}
    told("stripe", stripe_contract.hook("checkout.session.completed", lie))
    assert (fresh(deposit).state, available(karim)) == ("created", "0.00")


def test_without_any_web_hook_it_settles_when_asked(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    assert desk.look_at_due_deposits(LATER) == 1
    assert (fresh(deposit).state, fresh(deposit).due_at) == ("settled", None)
    assert desk.look_at_due_deposits(LATER + timedelta(days=1)) == 0


def test_a_slow_payment_is_pending_until_it_is_paid_or_fails(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    first, second = begun(karim, "stripe"), begun(karim, "stripe", "20.00")
    for deposit in (first, second):
        stripe_contract.pay(deposit.provider_ref, status="unpaid")
        assert looked(deposit).state == "pending"
    stripe_contract.pay(first.provider_ref)
    stripe_contract.fail_later(second.provider_ref)
    assert [looked(each).state for each in (first, second)] == ["settled", "failed"]
    assert available(karim) == "100.00"


def test_another_amount_settles_nothing_and_waits_for_staff(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref, cents=9_999)
    for _ in range(2):
        assert (looked(deposit).state, fresh(deposit).why) == ("failed", "wrong_amount")
    [kept] = UnmatchedMoney.objects.all()
    assert (kept.amount, kept.why, kept.deposit) == (Money.parse("99.99"), "wrong_amount", deposit)
    assert available(karim) == "0.00"


def test_a_session_of_somebody_else_settles_nothing(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    stripe_contract.sessions[deposit.provider_ref]["client_reference_id"] = "another"
    assert (looked(deposit).state, fresh(deposit).why) == ("failed", "not_ours")


def test_what_nobody_pays_expires_and_late_money_is_still_money(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe")
    assert looked(deposit, NOW + timedelta(hours=25)).state == "expired"
    stripe_contract.pay(deposit.provider_ref)
    told("stripe", paid_hook(stripe_contract, deposit), NOW + timedelta(hours=26))
    assert (fresh(deposit).state, available(karim)) == ("settled", "100.00")


def test_a_cancelled_deposit_is_over_unless_it_is_paid(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe")
    for _ in range(2):
        cancelled = cancel_deposit(deposit_id=deposit.public_id, requester=karim, now=NOW)
        assert (cancelled.state, cancelled.why) == ("expired", "cancelled")
    stripe_contract.pay(deposit.provider_ref)
    assert looked(deposit).state == "settled"
    with pytest.raises(DepositNotMovable):
        cancel_deposit(deposit_id=deposit.public_id, requester=karim, now=NOW)


@pytest.mark.parametrize("change", ["body", "secret", "old", "none", "no_moment", "two_moments", "not_json"])
def test_a_forged_web_hook_is_refused(stripe_contract: StripeContract, karim: Requester, change: str) -> None:
    deposit = begun(karim, "stripe")
    body, headers = paid_hook(stripe_contract, deposit)
    match change:
        case "body":
            body = body.replace(b"completed", b"Completed")
        case "secret":
            body, headers = stripe_contract.hook("x", {}, secret="whsec_other")
        case "old":
            body, headers = stripe_contract.hook("x", {}, age=301)
        case "none":
            headers = {}
        case "no_moment":
            headers = {"stripe-signature": headers["stripe-signature"].replace("t=", "t=x")}
        case "two_moments":
            headers = {"stripe-signature": headers["stripe-signature"] + f",t={int(time.time())}"}
        case "not_json":
            body, headers = stripe_contract.hook("x", {})
            body = b"[]"
    with pytest.raises(Forged):
        desk.receive("stripe", Hook(headers, body), now=NOW)
    assert not ProviderNotice.objects.exists()


def test_two_hook_secrets_may_be_valid_while_one_replaces_the_other(
    stripe_contract: StripeContract, karim: Requester, settings: Settings
) -> None:
    settings.STRIPE_HOOK_SECRET = f"whsec_new, {HOOK_SECRET}"
    told("stripe", paid_hook(stripe_contract, begun(karim, "stripe")))
    assert ProviderNotice.objects.count() == 1


def test_an_event_about_nothing_of_ours_is_remembered_and_done_with(stripe_contract: StripeContract) -> None:
    told("stripe", stripe_contract.hook("customer.created", {"id": "cus_1"}))
    [notice] = ProviderNotice.objects.all()
    assert (notice.outcome, notice.deposit) == ("nothing_ours", None)


@pytest.mark.parametrize(
    ("fault", "sessions"), [(Fault.CUT_BEFORE, 0), (Fault.CUT_AFTER, 1), (Fault.BAD_GATEWAY_AFTER, 1)]
)
def test_a_start_that_broke_is_started_again_as_the_same(
    stripe_contract: StripeContract,
    karim: Requester,
    settings: Settings,
    fault: Fault,
    sessions: int,
) -> None:
    with between(settings.STRIPE_URL) as proxy:
        settings.STRIPE_URL = proxy.url
        proxy.faults = [fault]
        deposit = begun(karim, "stripe")
        assert (deposit.state, deposit.pay_url) == ("created", "")
        assert len(stripe_contract.sessions) == sessions
        assert desk.begin(deposit, back=BACK, now=LATER).pay_url
        assert len(stripe_contract.sessions) == 1


def test_a_provider_that_is_away_is_asked_again_later(
    stripe_contract: StripeContract, karim: Requester, settings: Settings
) -> None:
    deposit, url = begun(karim, "stripe"), settings.STRIPE_URL
    stripe_contract.pay(deposit.provider_ref)
    settings.STRIPE_URL = f"http://127.0.0.1:{free_port()}"
    told("stripe", paid_hook(stripe_contract, deposit))
    assert (fresh(deposit).state, ProviderNotice.objects.get().handled_at) == ("created", None)
    settings.STRIPE_URL = url
    desk.look_at_due_deposits(LATER + timedelta(minutes=5))
    assert (fresh(deposit).state, ProviderNotice.objects.get().outcome) == ("settled", "settled")


def test_a_declined_start_fails_the_deposit(
    stripe_contract: StripeContract, karim: Requester, settings: Settings
) -> None:
    settings.STRIPE_SECRET = "sk_wrong"
    deposit = begun(karim, "stripe")
    assert (deposit.state, deposit.why) == ("failed", "declined")
    assert stripe_contract.sessions == {}


def test_a_dispute_takes_what_is_there_and_makes_the_rest_a_debt(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    looked(deposit)
    name = stripe_contract.dispute(deposit.provider_ref)
    hook = stripe_contract.hook("charge.dispute.created", stripe_contract.disputes[name])
    told("stripe", hook)
    told("stripe", hook)
    assert (fresh(deposit).standing, available(karim)) == ("charged_back", "0.00")
    stripe_contract.disputes[name]["status"] = "won"
    told("stripe", stripe_contract.hook("charge.dispute.closed", stripe_contract.disputes[name]))
    assert (fresh(deposit).standing, available(karim), debt_of(karim)) == ("settled", "100.00", Money.zero())


def test_an_inquiry_freezes_what_is_unspent_until_it_ends(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    looked(deposit)
    name = stripe_contract.dispute(deposit.provider_ref, status="warning_needs_response", cents=4_000)
    told("stripe", stripe_contract.hook("charge.dispute.created", stripe_contract.disputes[name]))
    assert (fresh(deposit).standing, available(karim)) == ("disputed", "60.00")
    with pytest.raises(AmountTooLarge):
        ask_refund(requester=karim, deposit_id=deposit.public_id, amount=Money.parse("60.01"), now=NOW)
    stripe_contract.disputes[name]["status"] = "warning_closed"
    told("stripe", stripe_contract.hook("charge.dispute.closed", stripe_contract.disputes[name]))
    assert (fresh(deposit).standing, available(karim)) == ("settled", "100.00")
    assert deposit.disputes.get().state == "won"


def test_an_inquiry_takes_nothing_and_a_lost_dispute_stays(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    looked(deposit)
    name = stripe_contract.dispute(deposit.provider_ref, status="warning_needs_response", cents=4_000)
    assert (looked(deposit).standing, available(karim)) == ("disputed", "60.00")
    stripe_contract.disputes[name]["status"] = "lost"
    looked(deposit)
    assert (fresh(deposit).disputed, available(karim)) == (Money.parse("40.00"), "60.00")
    assert deposit.disputes.get().state == "lost"


def test_a_dispute_that_is_told_before_the_payment_waits_for_it(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    """Events come in any order."""
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    name = stripe_contract.dispute(deposit.provider_ref)
    body, headers = stripe_contract.hook("charge.dispute.created", stripe_contract.disputes[name])
    desk.receive("stripe", Hook(headers, body), now=NOW)
    assert (fresh(deposit).state, ProviderNotice.objects.get().outcome) == ("created", "nothing_ours")
    told("stripe", paid_hook(stripe_contract, deposit))
    assert (fresh(deposit).standing, available(karim)) == ("charged_back", "0.00")
