"""Web hooks over HTTP, and many of them at once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.providers.deposits import LATER, available, begun, fresh, looked
from tests.providers.played.paypal import PayPalContract
from tests.providers.played.server import Reply
from tests.providers.played.stripe import StripeContract
from tests.together import outcomes, together
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions.deposits import note_sighting
from tukro.money.actions.deposits.bank import take_in_line
from tukro.money.actions.deposits.disputes import note_dispute
from tukro.money.actions.deposits.unmatched import assign_unmatched, keep
from tukro.money.models import Deposit, Dispute, ProviderNotice, UnmatchedMoney
from tukro.money.providers.deposits import desk
from tukro.money.providers.deposits.contract import Hook
from tukro.money.queries import debt_of
from tukro.money.rules.bank_lines import BankLine
from tukro.money.rules.deposits import SeenDispute, Sighting
from tukro.people.models import Requester


def post(client: Client, provider: str, hook: tuple[bytes, dict[str, str]]) -> int:
    answer = client.post(f"/hooks/{provider}", hook[0], content_type="application/json", headers=hook[1])
    return answer.status_code


@pytest.mark.django_db
def test_a_web_hook_is_taken_without_session_and_token_of_forms(
    stripe_contract: StripeContract, karim: Requester
) -> None:
    deposit = begun(karim, "stripe", now=timezone.now())
    stripe_contract.pay(deposit.provider_ref)
    hook = stripe_contract.hook("checkout.session.completed", stripe_contract.sessions[deposit.provider_ref])
    client = Client(enforce_csrf_checks=True)
    assert [post(client, "stripe", hook), post(client, "stripe", hook)] == [204, 204]
    desk.look_at_due_deposits(timezone.now())
    assert (fresh(deposit).state, available(karim)) == ("settled", "100.00")


@pytest.mark.django_db
def test_what_is_forged_unknown_or_not_a_post_is_refused(
    paypal_contract: PayPalContract, stripe_contract: StripeContract
) -> None:
    client = Client()
    assert post(client, "stripe", (b"{}", {})) == 400
    assert post(client, "bank", (b"{}", {})) == 404  # not set up
    assert post(client, "nobody", (b"{}", {})) == 404
    assert client.get("/hooks/stripe").status_code == 405
    body, headers = paypal_contract.hook("CHECKOUT.ORDER.APPROVED", {})
    paypal_contract.next = [Reply(200, {"access_token": "A21.token", "expires_in": 9}), Reply(500)]
    assert post(client, "paypal", (body, headers)) == 503
    assert stripe_contract.calls == []


@pytest.mark.django_db
def test_payers_come_back_from_sslcommerz_without_their_session() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/hooks/sslcommerz/back/3ABC/paid", {"status": "VALID"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/requester/deposits/3ABC?from=paid")
    assert client.post("/hooks/sslcommerz/back/3ABC/https:evil").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_everything_that_comes_eight_times_at_once_counts_once(stripe_contract: StripeContract) -> None:
    karim = make.requester(funds="0")
    deposit = begun(karim, "stripe")
    stripe_contract.pay(deposit.provider_ref)
    body, headers = stripe_contract.hook(
        "checkout.session.completed", stripe_contract.sessions[deposit.provider_ref]
    )
    hook = Hook(headers=headers, body=body)

    def comes() -> None:
        desk.receive("stripe", hook, now=LATER)
        desk.look(deposit.public_id, LATER)

    assert outcomes(together(*[comes] * 8)) == {"done": 8}
    looked(deposit)
    assert (fresh(deposit).state, available(karim)) == ("settled", "100.00")
    assert ProviderNotice.objects.get().times == 8

    paid = Sighting("paid", paid=Money.parse("100.00"), payment="pi_other")
    told = [lambda: note_sighting(deposit_id=deposit.public_id, seen=paid, now=LATER)] * 8
    assert outcomes(together(*told)) == {"done": 8}
    assert UnmatchedMoney.objects.get().why == "paid_twice"

    seen = SeenDispute(ref="dp_1", amount=Money.parse("100.00"), taken=True, closed=False)
    taken = [lambda: note_dispute(deposit_id=deposit.public_id, seen=seen, now=LATER)] * 8
    assert outcomes(together(*taken)) == {"done": 8}
    assert (Dispute.objects.count(), available(karim), debt_of(karim)) == (1, "0.00", Money.zero())


@pytest.mark.django_db(transaction=True)
def test_a_bank_line_and_a_decision_that_two_make_at_once_count_once() -> None:
    karim = make.requester(funds="0")
    kept = keep(provider="bank", payment_ref="T0", paid=Money.parse("7.00"), why="no_reference", at=LATER)

    def gives() -> Deposit:
        return assign_unmatched(
            by=HOUSE, unmatched_id=kept.public_id, requester=karim, reason="asked", now=LATER
        )

    assert outcomes(together(*[gives] * 4)) == {"done": 1, "AlreadyDecided": 3}
    line = BankLine("T1", Money.parse("5.00"), memo="nothing")
    results = together(*[lambda: take_in_line(by=HOUSE, line=line, now=LATER)] * 4)
    assert sorted(map(str, results)).count("unmatched") >= 1
    assert available(karim) == "7.00"
    assert UnmatchedMoney.objects.filter(payment_ref="T1").count() == 1
