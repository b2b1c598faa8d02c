"""The house's own money: what is booked is booked once, and what belongs to people is never taken out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as some

from tests import make
from tests.make import NOW
from tests.money.bank import SHIRIN, free_of, summed
from tests.together import PATIENCE, together, until_one_waits_for_a_lock
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger.models import Transfer
from tukro.money.actions.accounts import capital
from tukro.money.actions.books.booking_moves import (
    BadBooking,
    BookedBefore,
    BookingNeedsReason,
    BookingNeedsReference,
    OwedToOthers,
    lock_house,
)
from tukro.money.actions.books.bookings import (
    book_cost,
    book_exchange_result,
    book_loss,
    book_settlement,
    buy_currency,
    put_in,
    reverse_booking,
    take_out,
)
from tukro.money.actions.books.exchange import NoRate, enter_rate
from tukro.money.models import Booking
from tukro.money.queries.house import house_standing
from tukro.money.rules.exchange import exchange_gain

FIVE = Money.parse("5.00")
TAKA = some.integers(-(10**12), 10**12).map(lambda units: Money(units, "BDT"))
RATES = some.decimals(min_value="0.000001", max_value="999999", places=6)


def take(amount: Money, *, reference: str = "TT 1") -> Booking:
    return take_out(by=SHIRIN, place="bank", amount=amount, reference=reference, reason="fees", now=NOW)


@pytest.mark.django_db
def test_the_same_booking_and_the_same_reference_are_booked_once() -> None:
    booking = new_id()
    cost = partial(book_cost, by=SHIRIN, place="stripe", amount=FIVE, reference=" txn_1 ", now=NOW)
    first, again = cost(booking_id=booking), cost(booking_id=booking)
    assert (first.pk, first.reference, Transfer.objects.count()) == (again.pk, "txn_1", 1)
    with pytest.raises(BookedBefore):
        cost()
    reverse_booking(by=SHIRIN, booking_id=booking, reason="of another month", now=NOW)
    cost()  # the reference is free again
    assert summed("provider_costs", grows=1) == FIVE
    with pytest.raises(NotFound):  # the id is another kind's
        put_in(by=SHIRIN, place="bank", amount=FIVE, reference="x", booking_id=booking, now=NOW)


@pytest.mark.django_db
def test_what_exchanging_won_is_counted_once_and_said_again_when_the_rates_are_too_old() -> None:
    put_in(by=SHIRIN, place="bank", amount=FIVE, reference="TT 0", now=NOW)
    taka = Money.parse("600.00", "BDT")
    buy_currency(by=SHIRIN, place="bank", paid=FIVE, to_place="bkash", got=taka, reference="x", now=NOW)
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal(100), source="BB", spread_basis_points=0, now=NOW)
    count = partial(book_exchange_result, by=SHIRIN, booking_id=new_id())
    first = count(now=NOW)
    assert (str(first.amount), count(now=NOW + timedelta(days=30))) == ("1.00", first)
    with pytest.raises(NoRate):
        book_exchange_result(by=SHIRIN, now=NOW + timedelta(days=30))


@pytest.mark.django_db
def test_who_booked_what_and_why_is_in_the_journal() -> None:
    made = put_in(by=SHIRIN, place="bank", amount=FIVE, reference="TT 9", reason="start", now=NOW)
    reverse_booking(by=SHIRIN, booking_id=made.public_id, reason=" wrong bank ", now=NOW)
    put, back = history(made.public_id)
    assert (put.name, put.actor, put.facts) == (
        "CapitalPutIn",
        str(SHIRIN),
        {"place": "bank", "amount": FIVE.units, "currency": "USD", "reference": "TT 9", "reason": "start"},
    )
    assert (back.name, back.facts["reason"]) == ("BookingReversed", "wrong bank")


@pytest.mark.django_db
def test_what_cannot_be_booked_says_which_field_is_wrong() -> None:
    cents = Money.parse("0.00")
    with pytest.raises(BadBooking) as bad:
        book_settlement(
            by=SHIRIN, place="cellar", to_place="cellar", amount=-FIVE, cost=cents, reference="x", now=NOW
        )
    assert bad.value.facts == {"fields": ["amount", "cost", "to_place", "place"]}
    with pytest.raises(BadBooking):  # play money is not at a bank
        put_in(by=SHIRIN, place="play", amount=FIVE, reference="x", now=NOW)
    with pytest.raises(BadBooking):  # dollars do not buy dollars
        buy_currency(by=SHIRIN, place="bank", paid=FIVE, to_place="bkash", got=FIVE, reference="x", now=NOW)
    with pytest.raises(BookingNeedsReference):
        book_cost(by=SHIRIN, place="bank", amount=FIVE, reference=" ", now=NOW)
    with pytest.raises(BookingNeedsReason):
        book_loss(by=SHIRIN, place="bank", amount=FIVE, reference="x", reason=" ", now=NOW)
    with pytest.raises(NotFound):
        reverse_booking(by=SHIRIN, booking_id="X", reason="x", now=NOW)
    assert Booking.objects.count() == Transfer.objects.count() == 0


@pytest.mark.django_db
def test_what_belongs_to_people_is_not_taken_out_and_the_refusal_says_the_figures() -> None:
    make.requester(funds="100.00")  # at play, so that the bank has only the operator's own
    own = put_in(by=SHIRIN, place="bank", amount=Money.parse("20.00"), reference="TT 0", now=NOW)
    with pytest.raises(OwedToOthers) as owed:
        take(Money.parse("20.01"))
    said = {name: str(amount) for name, amount in owed.value.facts.items()}
    assert said == {"amount": "20.01", "free": "20.00", "there": "120.00", "owed": "100.00"}
    take(Money.parse("20.00"))
    with pytest.raises(OwedToOthers):  # what was put in is gone: it was not a mistake any more
        reverse_booking(by=SHIRIN, booking_id=own.public_id, reason="never came", now=NOW)
    assert (free_of("USD"), free_of("BDT")) == (Money.zero(), Money.zero("BDT"))


@pytest.mark.django_db
def test_taka_that_stand_for_peoples_dollars_are_not_free() -> None:
    put_in(by=SHIRIN, place="bank", amount=Money.parse("20.00"), reference="TT 0", now=NOW)
    taka = Money.parse("1200.00", "BDT")
    buy_currency(
        by=SHIRIN, place="bank", paid=Money.parse("10.00"), to_place="bkash", got=taka, reference="x", now=NOW
    )
    standing = house_standing()
    # They were bought with the house's own, but not yet for anybody: only buying dollars frees them.
    assert {code: (str(one.there), str(one.free)) for code, one in standing.items()} == {
        "USD": ("10.00", "10.00"),
        "BDT": ("1200.00", "0.00"),
    }


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_what_is_free_once() -> None:
    put_in(by=SHIRIN, place="bank", amount=FIVE, reference="TT 0", now=NOW)
    outcomes = together(*(partial(take, FIVE, reference=f"TT {n}") for n in (1, 2)))
    assert sorted(type(one).__name__ for one in outcomes) == ["Booking", "OwedToOthers"]


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_the_house_keeps_nobody_from_an_account() -> None:
    put_five = partial(put_in, by=SHIRIN, place="bank", amount=FIVE, reference="TT 0", now=NOW)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_house()
            waiting = pool.submit(together, put_five)
            until_one_waits_for_a_lock()
            capital(at=NOW)  # a deadlock, were it opened before the wait
        (booked,) = waiting.result(PATIENCE)
    assert isinstance(booked, Booking), booked


@given(TAKA, RATES, some.integers(-(10**12), 10**12))
def test_never_too_much_is_won_by_exchanging(taka: Money, rate: Decimal, dollars: int) -> None:
    gain = exchange_gain({"USD": Money(dollars), "BDT": taka}, {"BDT": rate})
    exact = -(Decimal(dollars) + Decimal(taka.units) * 10_000 / rate)
    assert gain.units <= exact < gain.units + 1
