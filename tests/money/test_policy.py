"""The operator's fees and limits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.make import NOW
from tests.money.bank import SHIRIN
from tukro.journal.queries import history
from tukro.kernel.money import Money
from tukro.money.actions.policy import BadPolicy, change_policy
from tukro.money.models import MoneyPolicy
from tukro.money.queries import policy

pytestmark = pytest.mark.django_db


def test_a_new_house_has_the_defaults() -> None:
    fresh = policy()
    assert (fresh.fee_basis_points, str(fresh.minimum_fee), str(fresh.minimum_payout)) == (
        2000,
        "0.01",
        "10.00",
    )
    assert not MoneyPolicy.objects.exists()


def test_a_change_is_kept_and_journalled() -> None:
    change_policy(by=SHIRIN, now=NOW, fee_basis_points=1500, minimum_payout=Money.parse("5.00"))
    assert (policy().fee_basis_points, policy().minimum_payout) == (1500, Money.parse("5.00"))
    (event,) = history("money_policy")
    assert (event.name, event.actor, event.facts) == (
        "MoneyPolicyChanged",
        "staff:7",
        {"fee_basis_points": [2000, 1500], "minimum_payout": [10_000_000, 5_000_000]},
    )


def test_what_is_not_named_stays() -> None:
    change_policy(by=SHIRIN, now=NOW, fee_basis_points=0)
    change_policy(by=SHIRIN, now=NOW, payout_fee=Money.parse("0.25"))
    assert (policy().fee_basis_points, policy().payout_fee) == (0, Money.parse("0.25"))


def test_no_change_writes_nothing() -> None:
    change_policy(by=SHIRIN, now=NOW, fee_basis_points=2000)
    assert not history("money_policy").exists()


@pytest.mark.parametrize(
    ("change", "at_fault"),
    [
        ({"fee_basis_points": 10_001}, "fee_basis_points"),
        ({"fee_basis_points": -1}, "fee_basis_points"),
        ({"minimum_fee": Money(-1)}, "minimum_fee"),
        ({"minimum_reward": Money(0)}, "minimum_reward"),
        ({"minimum_reward": Money(10_001)}, "minimum_reward"),
        ({"maximum_reward": Money(1)}, "maximum_reward"),
        ({"minimum_payout": Money(10_001)}, "minimum_payout"),
        ({"payout_fee": Money.parse("10.00")}, "payout_fee"),
        ({"payout_fee": Money(-10_000)}, "payout_fee"),
        ({"payout_fee": Money(1)}, "payout_fee"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(change: dict[str, Any], at_fault: str) -> None:
    with pytest.raises(BadPolicy) as caught:
        change_policy(by=SHIRIN, now=NOW, **change)
    assert caught.value.facts == {"fields": [at_fault]}
    assert policy().fee_basis_points == 2000
