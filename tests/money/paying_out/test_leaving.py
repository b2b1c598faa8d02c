"""Who leaves gets the little that is left, in the money of the place, or gives it up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.money.paying_out.test_payout_batches import BANK
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.paying_out.asking import BelowMinimum
from tukro.money.actions.paying_out.leaving import (
    Rest,
    RestCanBePaid,
    RestChanged,
    give_up_rest,
    rest_of,
    withdraw_rest,
)
from tukro.money.actions.paying_out.terms import change_terms
from tukro.money.queries import worker_balance
from tukro.money.rules import PayoutKindName
from tukro.people.models import Worker

pytestmark = pytest.mark.django_db


def leaver(amount: str) -> Worker:
    return make.with_earnings(cast.rahima(), amount)


def rest(worker: Worker) -> Rest:
    found = rest_of(worker, now=NOW)
    assert found is not None
    return found


def brings(worker: Worker) -> dict[str, str]:
    return {
        method.kind: f"{quoted.receives} {quoted.receives.currency}" for method, quoted in rest(worker).ways
    }


def terms(kind: str, *, minimum: str = "", maximum: str = "", fee: str = "", offered: bool = True) -> None:
    change_terms(
        by=SHIRIN,
        kind=kind,
        offered=offered,
        minimum=Money.parse(minimum) if minimum else None,
        maximum=Money.parse(maximum) if maximum else None,
        daily_maximum=None,
        fee=Money.parse(fee) if fee else None,
        approved_up_to=Money.zero(),
        now=NOW,
    )


@pytest.fixture
def taka() -> None:
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal("120"), source="bank", now=NOW)


@pytest.mark.usefixtures("taka")
@pytest.mark.parametrize(("kind", "details"), [("bank", BANK), ("bkash", None)])
def test_the_rest_goes_in_the_money_in_which_the_place_is_paid(
    kind: PayoutKindName, details: dict[str, str] | None
) -> None:
    rahima = leaver("0.50")
    place = make.payout_method(of=rahima, kind=kind, details=details)
    asked = withdraw_rest(worker=rahima, method_id=place.pk, payout_id=new_id(), now=NOW)
    assert asked.receives == Money(60_00, "BDT")
    assert rest_of(rahima, now=NOW) is None


def test_the_rest_is_asked_for_once_and_only_from_ones_own_place() -> None:
    rahima, key = leaver("0.50"), new_id()
    place, other = make.payout_method(of=rahima), make.payout_method(of=cast.tanvir())
    with pytest.raises(NotFound):
        withdraw_rest(worker=rahima, method_id=other.pk, payout_id=key, now=NOW)
    first, second = (
        withdraw_rest(worker=rahima, method_id=place.pk, payout_id=key, now=NOW) for _ in range(2)
    )
    assert (first, str(first.amount)) == (second, "0.50")


@pytest.mark.usefixtures("taka")
def test_only_places_that_take_so_little_are_ways_for_it() -> None:
    rahima = leaver("0.30")  # 36 taka, and a wallet takes 50 at once
    wallet = make.payout_method(of=rahima)
    assert (rest(rahima).has_place, brings(rahima)) == (True, {})
    with pytest.raises(BelowMinimum):
        withdraw_rest(worker=rahima, method_id=wallet.pk, payout_id=new_id(), now=NOW)
    make.payout_method(of=rahima, kind="bank", details=BANK)
    assert brings(rahima) == {"bank": "36.00 BDT"}


def test_what_the_fee_would_eat_up_has_no_way() -> None:
    rahima = leaver("0.30")
    make.payout_method(of=rahima)
    terms("bkash", fee="0.30")
    assert brings(rahima) == {}


def test_it_is_a_rest_where_no_place_takes_it_as_always() -> None:
    rahima = leaver("15.00")
    assert rest_of(rahima, now=NOW) is None  # as the house's least is 10
    make.payout_method(of=rahima)
    assert rest_of(rahima, now=NOW) is None
    terms("bkash", minimum="20.00")
    assert brings(rahima) == {"bkash": "15.00 USD"}
    terms("bkash", offered=False)
    assert brings(rahima) == {"bkash": "15.00 USD"}


def test_a_place_that_waits_is_no_way_yet() -> None:
    rahima = leaver("0.50")
    make.payout_method(of=rahima, now=NOW + timedelta(days=30))
    assert (rest(rahima).has_place, brings(rahima)) == (False, {})


def test_what_has_no_way_is_given_up_once_and_written_down() -> None:
    rahima = leaver("0.30")
    make.payout_method(of=rahima)
    terms("bkash", fee="0.30")
    for _ in range(2):
        give_up_rest(worker=rahima, amount=Money.parse("0.30"), now=NOW)
    assert (worker_balance(rahima)[0], rest_of(rahima, now=NOW)) == (Money.zero(), None)
    told = history(rahima.public_id).get(name="RestGivenUp")
    assert (told.actor, told.facts) == (str(rahima.actor), {"amount": Money.parse("0.30").units})


def test_who_has_no_place_may_give_up_a_rest_but_not_a_withdrawal() -> None:
    rahima = leaver("0.30")
    assert rest(rahima).can_be_given_up
    more = make.with_earnings(rahima, "9.70")
    with pytest.raises(RestCanBePaid):
        give_up_rest(worker=more, amount=Money.parse("10.00"), now=NOW)


def test_what_still_has_a_way_is_not_given_up() -> None:
    rahima = leaver("0.30")
    make.payout_method(of=rahima)
    with pytest.raises(RestCanBePaid):
        give_up_rest(worker=rahima, amount=Money.parse("0.30"), now=NOW)


def test_more_than_was_seen_is_not_given_up() -> None:
    rahima = make.with_earnings(leaver("0.30"), "0.20")
    with pytest.raises(RestChanged) as refused:
        give_up_rest(worker=rahima, amount=Money.parse("0.30"), now=NOW)
    assert refused.value.facts == {"amount": Money.parse("0.50")}


def test_more_than_a_closed_kind_pays_at_once_is_no_rest_to_give_up() -> None:
    rahima = leaver("500.00")
    make.payout_method(of=rahima)
    terms("bkash", offered=False, maximum="100.00")
    assert not rest(rahima).can_be_given_up
