"""Requesters' and staff's pages about deposits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests import make
from tests.ports import free_port
from tests.providers.played import stripe
from tests.providers.played.server import serving
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.deposits import create_deposit
from tukro.money.actions.deposits.disputes import record_dispute_by_hand
from tukro.money.models import Deposit, Refund, UnmatchedMoney
from tukro.money.providers.deposits import desk
from tukro.money.queries import requester_balance
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db
ADD = "/requester/balance/add"
LOOKED_AT = "Money came: our staff look at it"


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]  # a User
    return client


@pytest.fixture
def as_staff() -> Client:
    return signed_in(make.staff())


@pytest.fixture
def card(settings: Settings) -> Iterator[stripe.StripeContract]:
    contract = stripe.StripeContract()
    with serving(contract) as url:
        settings.STRIPE_URL = url
        settings.STRIPE_SECRET, settings.STRIPE_HOOK_SECRET = stripe.SECRET, stripe.HOOK_SECRET
        yield contract


@pytest.fixture
def bank(settings: Settings) -> None:
    settings.BANK_DETAILS = "Bank: City Bank|Account: 0012345"


def paid(of: Requester, amount: str = "50.00", ref: str = "line 1") -> Deposit:
    now = timezone.now()
    made = create_deposit(requester=of, amount=Money.parse(amount), provider="bank", now=now)
    return make.settled(made, payment_ref=ref, now=now)


def test_paying_by_card_from_beginning_to_end(
    as_karim: Client, karim: Requester, card: stripe.StripeContract
) -> None:
    shown = as_karim.get(ADD)
    assert [way.code for way in shown.context["ways"]] == ["stripe", "play"]
    given = {"amount": "25", "way": "stripe", "deposit_id": shown.context["form"].initial["deposit_id"]}
    address = as_karim.post(ADD, given).headers["Location"]
    assert as_karim.post(ADD, given).headers["Location"] == address  # pressed twice
    [session] = card.sessions.values()
    assert session["url"] in as_karim.get(address).content.decode()

    card.pay(session["id"])
    back = as_karim.get(f"{address}?from=paid").content.decode()
    assert "data-waiting" in back
    assert requester_balance(karim)[0] == Money.parse("1000.00")  # coming back proves nothing
    desk.look_at_due_deposits(timezone.now())
    assert requester_balance(karim)[0] == Money.parse("1025.00")
    after = as_karim.get(f"{address}?from=paid").content.decode()
    assert "data-waiting" not in after
    assert "25.00" in as_karim.get(f"{address}/receipt").content.decode()


def test_a_provider_that_is_away_can_be_tried_again(
    as_karim: Client, card: stripe.StripeContract, settings: Settings
) -> None:
    url, settings.STRIPE_URL = settings.STRIPE_URL, f"http://127.0.0.1:{free_port()}"
    address = as_karim.post(ADD, {"amount": "25", "way": "stripe"}).headers["Location"]
    assert f"{address}/again" in as_karim.get(address).content.decode()
    settings.STRIPE_URL = url
    as_karim.post(f"{address}/again")
    assert len(card.sessions) == 1
    assert f"{address}/again" not in as_karim.get(address).content.decode()


@pytest.mark.parametrize("amount", ["9.99", "10000.01"])
@pytest.mark.usefixtures("card")
def test_too_little_and_too_much_is_said(as_karim: Client, amount: str) -> None:
    assert as_karim.post(ADD, {"amount": amount, "way": "stripe"}).status_code == 422
    assert Deposit.objects.filter(provider="stripe").count() == 0


@pytest.mark.usefixtures("bank")
def test_a_bank_transfer_says_where_to_and_with_which_number(as_karim: Client, as_staff: Client) -> None:
    address = as_karim.post(ADD, {"amount": "25", "way": "bank"}).headers["Location"]
    made = Deposit.objects.get(provider="bank")
    page = as_karim.get(address).content.decode()
    assert f"{made.reference[:5]}-{made.reference[5:]}" in page
    assert "0012345" in page
    as_karim.post(f"{address}/cancel")
    made.refresh_from_db()
    assert (made.state, made.why) == ("expired", "cancelled")
    rows = f"Description,Credit\n{made.reference},25.00\nunknown,3.00\n".encode()
    answer = as_staff.post("/staff/deposits/bank", {"file": SimpleUploadedFile("list.csv", rows)})
    assert answer.headers["Location"] == "/staff/deposits/unmatched"
    made.refresh_from_db()
    assert made.state == "settled"


def test_a_dollar_costs_the_same_before_and_after_it_is_asked_for(
    as_karim: Client, karim: Requester, settings: Settings
) -> None:
    settings.SSLCOMMERZ_STORE = settings.SSLCOMMERZ_PASSWORD = "x"
    now = timezone.now()
    rate = enter_rate(by=HOUSE, currency="BDT", rate=Decimal("123.391"), source="a bank", now=now)
    [taka, _play] = as_karim.get(ADD).context["ways"]
    asked = create_deposit(
        requester=karim, amount=Money.parse("100.00"), provider=taka.code, currency=rate.currency, now=now
    )
    frozen = as_karim.get(f"/requester/deposits/{asked.public_id}").context["rate"]
    assert (taka.a_dollar, frozen) == (Money.parse("123.40", "BDT"), Money.parse("123.40", "BDT"))


def test_nothing_is_offered_that_is_not_set_up(as_karim: Client, settings: Settings) -> None:
    settings.PLAY_MONEY = False
    assert as_karim.get(ADD).context["ways"] == []
    assert as_karim.post(ADD, {"amount": "5"}).status_code == 200
    settings.MODE = "sandbox"
    settings.BANK_DETAILS = "Bank: X"
    assert [way.code for way in as_karim.get(ADD).context["ways"]] == ["play"]


def test_the_list_costs_the_same_for_few_and_many(
    as_karim: Client, karim: Requester, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 5):
        for number in range(count):
            paid(karim, ref=f"{count}-{number}")
        with django_assert_num_queries(2):
            shown = as_karim.get("/requester/deposits").context
    assert len(shown["deposits"]) == 7


def test_deposits_of_others_are_not_found(as_karim: Client) -> None:
    address = f"/requester/deposits/{paid(make.requester()).public_id}"
    assert [as_karim.get(address).status_code, as_karim.get(f"{address}/receipt").status_code] == [404, 404]
    assert as_karim.post(f"{address}/refund", {"amount": "1"}).status_code == 404
    theirs = create_deposit(
        requester=make.requester(), amount=Money.parse("15.00"), provider="bank", now=timezone.now()
    )
    assert as_karim.post(f"/requester/deposits/{theirs.public_id}/cancel").status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "created"


def test_unused_money_is_asked_back_and_staff_send_it(
    as_karim: Client, as_staff: Client, karim: Requester
) -> None:
    made = paid(karim)
    address = f"/requester/deposits/{made.public_id}"
    assert as_karim.post(f"{address}/refund", {"amount": "50.01"}).status_code == 422
    assert as_karim.post(f"{address}/refund", {"amount": "20"}).status_code == 302
    refund = Refund.objects.get()
    assert refund.public_id in as_staff.get("/staff/deposits/refunds").content.decode()
    act = f"/staff/deposits/refunds/{refund.public_id}"
    as_staff.post(act, {"act": "done", "note": ""})
    refund.refresh_from_db()
    assert refund.state == "asked"  # not without a reference
    as_staff.post(act, {"act": "done", "note": "TRX 9"})
    refund.refresh_from_db()
    assert (refund.state, refund.provider_ref) == ("done", "TRX 9")


def test_money_without_an_owner_is_given_or_sent_back(as_staff: Client, karim: Requester) -> None:
    for number in "12":
        line = {"ref": f"T{number}", "amount": "7.00", "memo": "hello", "payer": "Karim"}
        as_staff.post("/staff/deposits/bank", line)
    first, second = UnmatchedMoney.objects.order_by("id")
    page = "/staff/deposits/unmatched"
    as_staff.post(f"{page}/{first.public_id}/assign", {"email": "nobody@example.org", "reason": "x"})
    as_staff.post(f"{page}/{first.public_id}/assign", {"email": karim.user.email, "reason": "called him"})
    as_staff.post(f"{page}/{second.public_id}/return", {"reason": "a stranger"})
    states = [one.state for one in UnmatchedMoney.objects.order_by("id")]
    assert states == ["assigned", "returned"]
    assert requester_balance(karim)[0] == Money.parse("1007.00")


def test_a_payment_of_another_amount_stands_on_the_page_of_its_deposit_until_it_is_decided(
    as_karim: Client, as_staff: Client, karim: Requester
) -> None:
    asked = create_deposit(requester=karim, amount=Money.parse("50.00"), provider="bank", now=timezone.now())
    mine, other = f"/requester/deposits/{asked.public_id}", make.requester(email="other@example.org")
    for ref, amount in (("T1", "49.00"), ("T2", "1.00"), ("T3", "2.00")):
        line = {"ref": ref, "amount": amount, "memo": asked.reference, "payer": ""}
        as_staff.post("/staff/deposits/bank", line)
    page = as_karim.get(mine, headers={"Accept-Language": "en"}).content.decode()
    assert page.count("Kept apart: our staff look at it, do not pay again") == 3
    assert ["Our staff look at it and write to you." in page, "How to send it" in page] == [True, False]
    assert LOOKED_AT in as_karim.get("/requester/deposits").content.decode()
    assert LOOKED_AT in as_staff.get("/staff/deposits?state=created").content.decode()
    page = as_staff.get(f"/staff/deposits/{asked.public_id}").content.decode()
    assert page.count('">Without an owner</a></dd>') == 3
    first, second, third = UnmatchedMoney.objects.order_by("id")
    given = {"email": karim.user.email, "reason": "their letter"}
    as_staff.post(f"/staff/deposits/unmatched/{first.public_id}/assign", given)
    as_staff.post(f"/staff/deposits/unmatched/{second.public_id}/return", given)
    as_staff.post(f"/staff/deposits/unmatched/{third.public_id}/assign", given | {"email": other.user.email})
    page = as_karim.get(mine, headers={"Accept-Language": "en"}).content.decode()
    assert "In your balance, as a deposit of its own" in page
    assert "Sent back to where it came from" in page
    assert Deposit.objects.get(payment_ref="T1").public_id in page
    assert "$2.00" not in page  # it was somebody else's
    assert "Our staff look at it" not in page
    assert "What came is in your balance, as a deposit of its own." in page
    asked.refresh_from_db()
    assert (asked.state, asked.why) == ("expired", "came_otherwise")
    assert "Came as another deposit" in as_karim.get("/requester/deposits").content.decode()
    page = as_staff.get(f"/staff/deposits/{asked.public_id}").content.decode()
    assert page.count("Given as a deposit of its own</a>") == 2
    assert "other@example.org" in page


def test_a_deposit_whose_wrong_payment_was_sent_back_can_still_be_paid(
    as_karim: Client, as_staff: Client, karim: Requester
) -> None:
    asked = create_deposit(requester=karim, amount=Money.parse("50.00"), provider="bank", now=timezone.now())
    line = {"ref": "T1", "amount": "49.00", "memo": asked.reference, "payer": ""}
    as_staff.post("/staff/deposits/bank", line)
    kept = UnmatchedMoney.objects.get()
    as_staff.post(f"/staff/deposits/unmatched/{kept.public_id}/return", {"reason": "their wish"})
    page = as_karim.get(f"/requester/deposits/{asked.public_id}").content.decode()
    assert ["Waiting for payment" in page, "How to send it" in page] == [True, True]
    as_staff.post("/staff/deposits/bank", line | {"ref": "T2", "amount": "50.00"})
    asked.refresh_from_db()
    assert asked.state == "settled"


def test_staff_write_down_a_dispute_and_the_debtor_can_publish_nothing(
    as_karim: Client, as_staff: Client
) -> None:
    debtor = make.requester(funds="0", email="debtor@example.org")
    made = paid(debtor)
    make.batch(of=debtor, of_terms=make.terms(reward="30.00"), now=timezone.now())
    given = {"reference": "CB 1", "amount": "50.00", "reason": "not theirs", "outcome": "taken"}
    assert as_staff.get(f"/staff/deposits/{made.public_id}").status_code == 200
    as_staff.post(f"/staff/deposits/{made.public_id}/dispute", given)
    client = signed_in(debtor.user)
    assert "36.00" in client.get("/requester/balance").content.decode()
    record_dispute_by_hand(
        by=HOUSE,
        deposit_id=made.public_id,
        reference="CB 1",
        amount=Money.parse("50.00"),
        reason="",
        won=True,
        now=timezone.now(),
    )
    assert str(requester_balance(debtor)[0]) == "14.00"
    assert as_karim.get(f"/staff/deposits/{made.public_id}").status_code == 404
