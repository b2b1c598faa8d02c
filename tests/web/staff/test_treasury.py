"""Staff book about the house's own money, and are told what is free."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.money.bank import SHIRIN, free_of
from tests.web.market import signed_in
from tukro.kernel.actors import HOUSE
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.books.bookings import buy_currency, put_in
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.policy import change_policy
from tukro.money.models import Booking
from tukro.money.queries.house import lies_at

pytestmark = pytest.mark.django_db
BANK = {"place": "bank", "currency": "USD", "amount": "৫০", "reference": "TT 1"}


def test_staff_book_reverse_and_read_what_is_free() -> None:
    make.requester(funds="100.00")
    client = signed_in(cast.shirin())
    assert client.get("/staff/treasury/book/theft").status_code == 404
    said = BANK | {"booking": new_id()}
    for _ in range(2):  # the button was pressed twice
        assert client.post("/staff/treasury/book/capital_in", said).status_code == 302
    bought = {"to_place": "bkash", "got": "2430.00", "got_currency": "BDT", "booking": new_id()}
    answer = client.post(
        "/staff/treasury/book/currency_bought", BANK | bought | {"amount": "20", "reference": "2"}
    )
    assert answer.status_code == 302
    assert (str(lies_at("bkash", "BDT")), str(lies_at("bank", "USD"))) == ("2430.00", "30.00")
    refused = client.post(
        "/staff/treasury/book/capital_out", BANK | {"amount": "31", "reason": "rent", "booking": "x"}
    )
    assert refused.status_code == 422
    assert "of which $100.00 belongs to people; at most $30.00 can be taken out" in refused.content.decode()
    page = client.get("/staff/treasury").content.decode()
    for words in ("Taken out", "Our bank account", "$30.00", "BDT", "2,430.00", "Free"):
        assert words in page, words
    one = Booking.objects.get(kind="capital_in")
    address = f"/staff/treasury/{one.public_id}"
    assert client.post(address, {"reason": ""}).status_code == 422
    refused = client.post(address, {"reason": "never came"})
    assert "at most $30.00" in refused.content.decode()
    other = Booking.objects.get(kind="currency_bought")
    for back in (f"/staff/treasury/{other.public_id}", address):
        assert client.post(back, {"reason": "never came"}).status_code == 302
    assert "never came" in client.get(address).content.decode()
    assert free_of("USD") == Money.zero()
    assert client.get("/staff/treasury/nothing").status_code == 404


def test_what_exchanging_came_to_is_shown_before_it_is_booked() -> None:
    client, address, now = signed_in(cast.shirin()), "/staff/treasury/book/exchange_result", timezone.now()
    nothing = client.get(address).content.decode()
    assert "At the rates of today exchanging won and lost nothing." in nothing
    assert "Book it" not in nothing
    five, taka = Money.parse("5.00"), Money.parse("600.00", "BDT")
    put_in(by=SHIRIN, place="bank", amount=five, reference="TT 0", now=now)
    buy_currency(by=SHIRIN, place="bank", paid=five, to_place="bkash", got=taka, reference="x", now=now)
    assert "Nothing can be paid in BDT now" in client.get(address).content.decode()  # without a rate
    enter_rate(by=HOUSE, currency="BDT", rate=Decimal("100"), source="BB", now=now)
    page = client.get(address).content.decode()
    for words in ("<dt>Won by exchanging</dt><dd><strong>$1.00</strong>", "1 USD = 100 BDT (BB", "Book it"):
        assert words in page, words
    assert "a colleague will be asked" not in page
    enter_rate(by=HOUSE, currency="BDT", rate=Decimal("200"), source="BB", now=now)
    change_policy(by=HOUSE, two_persons_above=Money.parse("1.99"), now=now)
    page = client.get(address).content.decode()
    for words in ("<dt>Lost by exchanging</dt><dd><strong>$2.00</strong>", "a colleague will be asked"):
        assert words in page, words


def test_the_page_asks_as_much_however_much_was_booked(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(cast.shirin())
    for no in range(35):
        said = BANK | {"amount": "1", "reference": f"TT {no}", "booking": new_id()}
        client.post("/staff/treasury/book/provider_cost", said)
    with django_assert_max_num_queries(8):
        page = client.get("/staff/treasury").content.decode()
    assert "TT 34" in page
    last = Booking.objects.order_by("pk")[5]
    assert f"?after={last.pk}" in page
    assert "TT 0" in client.get(f"/staff/treasury?after={last.pk}").content.decode()
