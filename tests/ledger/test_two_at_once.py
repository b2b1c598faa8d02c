"""Scarce things wanted by many at the same moment."""

from __future__ import annotations

import random
from contextlib import suppress
from functools import partial

import pytest

from tests.ledger.vault import balance, move, outside, purse
from tests.together import outcomes, together
from tukro.ledger import proofs
from tukro.ledger.actions import BelowFloor
from tukro.ledger.models import Transfer

pytestmark = pytest.mark.django_db(transaction=True)


def test_twelve_spend_one_balance_and_never_overspend() -> None:
    karim, shop = purse("karim", funds=1_000), outside()

    def spend(thread: int) -> int:
        done = 0
        for attempt in range(10):
            with suppress(BelowFloor):
                move(karim, shop, 100, key=f"spend:{thread}:{attempt}")
                done += 1
        return done

    results = together(*(partial(spend, thread) for thread in range(12)))
    assert sum(r for r in results if isinstance(r, int)) == 10
    assert balance(karim) == 0


def test_one_key_at_once_is_one_transfer() -> None:
    house, karim = outside(), purse("karim")
    results = together(*(partial(move, house, karim, 100, key="once") for _ in range(8)))
    assert len(set(map(str, results))) == 1
    assert (balance(karim), Transfer.objects.count()) == (100, 1)


def test_one_key_at_once_for_two_movements_is_one_and_refusals() -> None:
    house, karim = outside(), purse("karim")
    results = together(*(partial(move, house, karim, 100 + n, key="once") for n in range(4)))
    assert outcomes(results) == {"done": 1, "IdempotencyConflict": 3}


def test_one_account_opened_at_once_is_one_account() -> None:
    assert len(set(together(*(partial(purse, "karim") for _ in range(8))))) == 1


def test_movements_in_every_direction_never_deadlock() -> None:
    """Lines come in any order; accounts are locked in the order of their ids."""
    purses = [purse(f"person{n}", funds=1_000_000) for n in range(6)]

    def shuffle_money(thread: int) -> None:
        chance = random.Random(thread)
        for attempt in range(40):
            source, target = chance.sample(purses, 2)
            move(source, target, chance.randint(1, 50), key=f"{thread}:{attempt}")

    results = together(*(partial(shuffle_money, thread) for thread in range(8)))
    assert outcomes(results) == {"done": 8}
    assert sum(map(balance, purses)) == 6_000_000
    assert proofs.faults(proofs.PROOFS) == []
