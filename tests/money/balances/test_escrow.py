"""Requesters' money around tasks, in Python and in the SQL that work calls."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import Error, transaction

from tests import cast, make
from tests.make import NOW
from tests.money.bank import Shop, call, spread_batch, summed
from tukro.kernel.money import Money
from tukro.ledger.models import Account, Transfer
from tukro.money.actions.balances import escrow
from tukro.money.actions.refusals import (
    AlreadyPaid,
    HoldExhausted,
    IdempotencyConflict,
    InsufficientFunds,
)
from tukro.money.queries import held, requester_balance, set_aside_for_batch, worker_balance
from tukro.people.models import Requester, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    made = Shop(cast.karim(), cast.rahima())
    made.publish(places=10)
    return made


def balance(requester: Requester) -> tuple[str, str]:
    available, set_aside = requester_balance(requester)
    return str(available), str(set_aside)


def earned(worker: Worker) -> str:
    return str(worker_balance(worker)[0])


def test_a_batch_sets_its_whole_price_aside(shop: Shop) -> None:
    assert balance(shop.karim) == ("994.00", "6.00")


def test_setting_aside_again_is_the_same_as_once(shop: Shop) -> None:
    escrow.set_aside_batch(requester=shop.karim, batch_id="B1", amount=shop.price * 10, at=NOW)
    assert balance(shop.karim) == ("994.00", "6.00")


def test_a_batch_that_costs_too_much_says_what_is_missing(shop: Shop) -> None:
    before = Transfer.objects.count(), Account.objects.count()
    with pytest.raises(InsufficientFunds) as caught:
        escrow.set_aside_batch(requester=shop.karim, batch_id="B2", amount=Money.parse("994.01"), at=NOW)
    assert caught.value.facts == {"needed": Money.parse("994.01"), "available": Money.parse("994.00")}
    assert (Transfer.objects.count(), Account.objects.count()) == before


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_not_set_aside(shop: Shop, amount: int) -> None:
    with pytest.raises(Error, match="nothing to set aside"):
        escrow.set_aside_batch(requester=shop.karim, batch_id="B2", amount=Money(amount), at=NOW)


def spread(batch: str, key: str, *amounts: str) -> list[int]:
    shares = [(f"{batch}/{n}", Money.parse(amount)) for n, amount in enumerate(amounts)]
    return spread_batch(batch_id=batch, shares=shares, key=key, at=NOW)


def balances(holds: Sequence[int]) -> list[str]:
    return [str(held([hold])) for hold in holds]


def test_a_batch_is_spread_over_lanes_in_the_order_given(shop: Shop) -> None:
    escrow.set_aside_batch(requester=shop.karim, batch_id="B2", amount=Money.parse("6.00"), at=NOW)
    holds = spread("B2", "chunk 1", "3.00", "1.00", "2.00")
    assert balances(holds) == ["3.00", "1.00", "2.00"]
    assert spread("B2", "chunk 1", "3.00", "1.00", "2.00") == holds
    assert balances(holds) == ["3.00", "1.00", "2.00"]


def test_a_lane_without_a_price_has_an_empty_hold(shop: Shop) -> None:
    escrow.set_aside_batch(requester=shop.karim, batch_id="B2", amount=Money.parse("6.00"), at=NOW)
    assert balances(spread("B2", "chunk 1", "0.00", "1.00")) == ["0.00", "1.00"]
    assert balances(spread("B2", "chunk 2", "0.00")) == ["0.00"]
    assert spread("B2", "chunk 3") == []


def test_a_batch_cannot_be_spread_beyond_what_was_set_aside(shop: Shop) -> None:
    escrow.set_aside_batch(requester=shop.karim, batch_id="B2", amount=Money.parse("6.00"), at=NOW)
    with pytest.raises(HoldExhausted):
        spread("B2", "chunk 1", "3.00", "3.01")


def test_the_rest_of_a_batch_goes_back(shop: Shop) -> None:
    escrow.set_aside_batch(requester=shop.karim, batch_id="B2", amount=Money.parse("6.00"), at=NOW)
    spread("B2", "chunk 1", "2.00")
    assert str(escrow.give_back_rest_of_batch(batch_id="B2", at=NOW)) == "4.00"
    assert str(escrow.give_back_rest_of_batch(batch_id="B2", at=NOW)) == "0.00"
    assert balance(shop.karim) == ("992.00", "8.00")
    assert str(set_aside_for_batch("B2")) == "2.00"


def test_set_aside_for_a_batch_counts_its_own_hold_and_its_lanes(shop: Shop) -> None:
    shop.pay("work 1")
    assert str(set_aside_for_batch("B1")) == "5.40"
    assert str(set_aside_for_batch("unknown")) == "0.00"
    assert str(held([])) == "0.00"


def test_approved_work_pays_worker_and_house_from_the_hold(shop: Shop) -> None:
    shop.pay("work 1")
    assert (earned(shop.rahima), str(summed("fees", grows=-1))) == ("0.50", "0.10")
    assert balance(shop.karim) == ("994.00", "5.40")


def test_work_is_paid_once(shop: Shop) -> None:
    shop.pay("work 1")
    shop.pay("work 1")
    assert earned(shop.rahima) == "0.50"


def test_work_is_not_paid_to_somebody_else_later(shop: Shop) -> None:
    shop.pay("work 1")
    with pytest.raises(AlreadyPaid), transaction.atomic():
        shop.pay("work 1", worker=cast.tanvir())


def test_a_path_with_a_key_of_its_own_does_not_pay_again(shop: Shop) -> None:
    """Whatever code comes later: the key of a payment is its assignment."""
    shop.pay("work 1")
    hold, worker = shop.hold, Account.objects.get(owner=shop.rahima.public_id).pk
    lines = "array[%s, %s]::bigint[], array[5, -5]::bigint[]"
    with pytest.raises(AlreadyPaid), transaction.atomic():
        call(f"ledger_post('reward', 'another key', 'work 1', %s, {lines})", NOW, hold, worker)


def test_a_hold_pays_no_more_than_was_set_aside(shop: Shop) -> None:
    for number in range(10):
        shop.pay(f"work {number}")
    with pytest.raises(HoldExhausted), transaction.atomic():
        shop.pay("work 11")
    assert earned(shop.rahima) == "5.00"


PAY_MANY = "money_pay_rewards(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s)"


def pay_many(*payments: tuple[int, Worker, int, int, str]) -> None:
    columns = zip(*((h, w.public_id, reward, fee, work) for h, w, reward, fee, work in payments), strict=True)
    call(PAY_MANY, *map(list, columns), NOW)


def test_many_are_paid_at_once(shop: Shop) -> None:
    tanvir = cast.tanvir()
    first, other = shop.hold, shop.publish(places=5, batch="B2")
    pay_many(
        (other, shop.rahima, 500_000, 100_000, "a"),
        (other, tanvir, 500_000, 100_000, "b"),
        (first, shop.rahima, 500_000, 100_000, "c"),
    )
    assert (earned(shop.rahima), earned(tanvir)) == ("1.00", "0.50")
    assert str(summed("fees", grows=-1)) == "0.30"


def test_one_and_many_pay_the_same_work_once(shop: Shop) -> None:
    shop.pay("a")
    pay_many((shop.hold, shop.rahima, 500_000, 100_000, "a"), (shop.hold, shop.rahima, 500_000, 100_000, "b"))
    shop.pay("b")
    assert earned(shop.rahima) == "1.00"


@pytest.mark.parametrize(
    ("reward", "fee", "earns", "house"),
    [(500_000, 0, "0.50", "0.00"), (0, 100_000, "0.00", "0.10"), (0, 0, "0.00", "0.00")],
)
def test_a_side_that_is_zero_has_no_entry(shop: Shop, reward: int, fee: int, earns: str, house: str) -> None:
    call("money_pay_reward(%s, %s, %s, %s, 'a', %s)", shop.hold, shop.rahima.public_id, reward, fee, NOW)
    assert (earned(shop.rahima), str(summed("fees", grows=-1))) == (earns, house)


@pytest.mark.parametrize(("reward", "fee"), [(-1, 5), (5, -1)])
def test_a_negative_payment_is_refused(shop: Shop, reward: int, fee: int) -> None:
    with pytest.raises(Error, match="negative reward or fee"), transaction.atomic():
        call("money_pay_reward(%s, %s, %s, %s, 'a', %s)", shop.hold, shop.rahima.public_id, reward, fee, NOW)


def test_nobody_to_pay_is_nothing_to_do(shop: Shop) -> None:
    call(PAY_MANY, [], [], [], [], [], NOW)
    assert balance(shop.karim) == ("994.00", "6.00")


def test_places_can_be_added_from_the_balance(shop: Shop) -> None:
    first, other = shop.hold, shop.publish(places=1, batch="B2")
    add = "money_add_to_holds(%s, %s::bigint[], %s::bigint[], %s, %s, %s)"
    wanted = (shop.karim.public_id, [other, first, other], [300_000, 1_200_000, 300_000])
    assert call(add, *wanted, "extend 1", "B2", NOW) is None
    assert call(add, *wanted, "extend 1", "B2", NOW) is None
    assert balances([first, other]) == ["7.20", "1.20"]
    assert call(add, shop.karim.public_id, [other], [10**12], "extend 2", "B2", NOW) == 991_600_000
    assert call(add, shop.karim.public_id, [], [], "extend 3", "B2", NOW) is None


GIVE_BACK_MANY = "money_give_back_many(%s::bigint[], %s::bigint[], %s, 'B1', %s)"


def test_many_holds_are_given_back_as_one_movement(shop: Shop) -> None:
    first, other = shop.hold, shop.publish(places=1, batch="B2")
    call(GIVE_BACK_MANY, [first, other, first], [5_000_000, 600_000, 1_000_000], "cancel", NOW)
    assert balance(shop.karim) == ("1000.00", "0.00")
    assert Transfer.objects.filter(kind="give_back").count() == 1


def test_nothing_to_give_back_is_nothing_to_do(shop: Shop) -> None:
    call(GIVE_BACK_MANY, [shop.hold], [0], "cancel", NOW)
    call(GIVE_BACK_MANY, [], [], "cancel", NOW)
    assert Transfer.objects.filter(kind="give_back").count() == 0


def test_a_negative_amount_is_not_given_back(shop: Shop) -> None:
    first, other = shop.hold, shop.publish(places=1, batch="B2")
    with pytest.raises(Error, match="a negative amount"), transaction.atomic():
        call(GIVE_BACK_MANY, [first, other], [600_000, -1], "cancel", NOW)


def test_holds_of_two_requesters_are_not_given_back_together(shop: Shop) -> None:
    other = Shop(make.requester(), shop.rahima).publish(places=1, batch="B2")
    with pytest.raises(Error, match="more than one row"), transaction.atomic():
        call(GIVE_BACK_MANY, [shop.hold, other], [600_000, 600_000], "cancel", NOW)


@pytest.mark.usefixtures("shop")
def test_the_hold_of_a_batch_is_found_by_its_name() -> None:
    assert call("money_batch_hold('B1')") == Account.objects.get(code="batch_hold").pk
    with pytest.raises(Error, match="no rows"), transaction.atomic():
        call("money_batch_hold('unknown')")


def pay_bonus(shop: Shop, amount: str, key: str = "bonus:1") -> None:
    escrow.pay_bonus(
        requester_id=shop.karim.public_id,
        worker_id=shop.rahima.public_id,
        amount=Money.parse(amount),
        fee=Money.parse("0.10"),
        key=key,
        subject="work 1",
        at=NOW,
    )


def test_a_bonus_comes_from_the_available_balance(shop: Shop) -> None:
    pay_bonus(shop, "0.50")
    pay_bonus(shop, "0.50")
    assert (earned(shop.rahima), balance(shop.karim)) == ("0.50", ("993.40", "6.00"))


def test_a_bonus_key_is_for_one_bonus(shop: Shop) -> None:
    pay_bonus(shop, "0.50")
    with pytest.raises(IdempotencyConflict):
        pay_bonus(shop, "0.60")


def test_a_bonus_that_costs_too_much_is_refused(shop: Shop) -> None:
    with pytest.raises(InsufficientFunds) as caught:
        pay_bonus(shop, "994.00")
    assert caught.value.facts == {"needed": Money.parse("994.10"), "available": Money.parse("994.00")}


def test_another_broken_check_is_not_taken_for_a_lack_of_funds(shop: Shop) -> None:
    available = Account.objects.get(code="requester_available", owner=shop.karim.public_id).pk
    lines = "array[%s, %s]::bigint[], array[5, -5]::bigint[]"
    with pytest.raises(AlreadyPaid), transaction.atomic():
        call(
            f"money_post_from_balance(%s, 'reward', 'another key', 'work 1', %s, {lines})",
            *(available, NOW, available, shop.hold),
        )
