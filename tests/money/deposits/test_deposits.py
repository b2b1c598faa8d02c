"""Play money comes in, within reason."""

from __future__ import annotations

from functools import partial

import pytest

from tests import make
from tests.make import NOW
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.deposits import AmountNotPositive, AmountTooLarge, deposit_play_money
from tukro.money.models import Deposit
from tukro.money.queries import requester_balance
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db


@pytest.fixture
def karim() -> Requester:
    return make.requester(funds="0")


def test_a_deposit_is_available_at_once_and_in_the_journal(karim: Requester) -> None:
    deposit = deposit_play_money(requester=karim, amount=Money.parse("100.00"), now=NOW)
    assert requester_balance(karim) == (Money.parse("100.00"), Money.zero())
    (event,) = history(deposit.public_id)
    assert (event.name, event.actor, event.facts) == (
        "DepositSettled",
        f"requester:{karim.public_id}",
        {"requester": karim.public_id, "amount": 100_000_000, "provider": "play"},
    )


def test_two_deposits_are_two(karim: Requester) -> None:
    for _ in range(2):
        deposit_play_money(requester=karim, amount=Money.parse("1.00"), now=NOW)
    assert requester_balance(karim)[0] == Money.parse("2.00")


def test_one_deposit_asked_for_twice_is_one_and_belongs_to_who_asked(karim: Requester) -> None:
    give = partial(deposit_play_money, amount=Money.parse("1.00"), deposit_id=new_id(), now=NOW)
    assert give(requester=karim) == give(requester=karim)
    assert requester_balance(karim)[0] == Money.parse("1.00")
    with pytest.raises(NotFound):
        give(requester=make.requester(funds="0"))


@pytest.mark.parametrize("amount", ["0", "-1.00"])
def test_nothing_is_not_a_deposit(karim: Requester, amount: str) -> None:
    with pytest.raises(AmountNotPositive):
        deposit_play_money(requester=karim, amount=Money.parse(amount), now=NOW)
    assert not Deposit.objects.exists()


def test_a_million_is_the_most_at_once(karim: Requester) -> None:
    deposit_play_money(requester=karim, amount=Money.parse("1,000,000"), now=NOW)
    with pytest.raises(AmountTooLarge) as caught:
        deposit_play_money(requester=karim, amount=Money.parse("1,000,000.01"), now=NOW)
    assert caught.value.facts["limit"] == Money.parse("1,000,000")
