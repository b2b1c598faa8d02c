"""Opening and posting: once is once, however often it is said."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction

from tests.ledger.vault import NOW, balance, execute, move, outside, purse
from tukro.ledger.actions import (
    BelowFloor,
    IdempotencyConflict,
    Line,
    locked_balance,
    open_account,
    post,
    refusals,
)
from tukro.ledger.models import Account, Transfer

pytestmark = pytest.mark.django_db


def test_an_account_is_opened_once() -> None:
    assert purse("karim") == purse("karim")
    assert Account.objects.count() == 1


def test_accounts_differ_by_code_owner_ref_and_currency() -> None:
    opened = {
        open_account(code=code, owner=owner, ref=ref, currency=currency, normal="C", floor=0, at=NOW)
        for code in ("a", "b")
        for owner in ("", "x")
        for ref in ("", "y")
        for currency in ("USD", "BDT")
    }
    assert len(opened) == 16


def test_an_account_with_a_floor_or_an_owner_keeps_its_balance() -> None:
    kept = [
        open_account(code="k", owner="x", ref="", currency="USD", normal="C", floor=None, at=NOW),
        open_account(code="k", owner="", ref="y", currency="USD", normal="C", floor=0, at=NOW),
        outside(),
    ]
    assert [Account.objects.get(id=account).cached for account in kept] == [True, True, False]


def test_money_moves() -> None:
    karim, rahima = purse("karim", funds=1_000), purse("rahima")
    move(karim, rahima, 300, key="gift")
    assert (balance(karim), balance(rahima)) == (700, 300)


def test_a_debit_account_grows_with_debits() -> None:
    till = open_account(code="till", owner="", ref="", currency="USD", normal="D", floor=0, at=NOW)
    move(till, outside(), 50, key="in")
    assert balance(till) == 50
    with pytest.raises(BelowFloor), transaction.atomic():
        move(outside(), till, 51, key="out")


def test_the_same_key_and_input_is_the_same_transfer() -> None:
    karim = purse("karim")
    first = move(outside(), karim, 100, key="d")
    assert move(outside(), karim, 100, key="d") == first
    assert balance(karim) == 100


def test_the_same_key_at_another_time_is_still_the_same_transfer() -> None:
    """A retry after a lost connection comes later; the moment is not part of what was asked."""
    lines = [Line(outside(), 100), Line(purse("karim"), -100)]
    first = post(kind="move", key="d", lines=lines, subject="s", at=NOW)
    assert post(kind="move", key="d", lines=lines, subject="s", at=NOW.replace(hour=10)) == first


@pytest.mark.parametrize(
    ("kind", "subject", "amount"), [("other", "s", 100), ("move", "t", 100), ("move", "s", 101)]
)
def test_the_same_key_for_another_movement_is_refused(kind: str, subject: str, amount: int) -> None:
    house, karim = outside(), purse("karim")
    move(house, karim, 100, key="d", subject="s")
    with pytest.raises(IdempotencyConflict), transaction.atomic():
        move(house, karim, amount, key="d", kind=kind, subject=subject)
    assert balance(karim) == 100


def test_looking_under_lock_tells_the_balance() -> None:
    assert locked_balance(purse("karim", funds=70)) == 70


def test_other_errors_of_the_database_pass_through() -> None:
    with pytest.raises(Error, match="no_such_table"), transaction.atomic(), refusals():
        execute("select * from no_such_table")


def post_many(kind: str, *transfers: tuple[str, str, tuple[tuple[int, int], ...]]) -> int:
    """ledger_post_many with plain rows: (key, subject, three (account, amount))."""
    columns: list[list[object]] = [[key for key, _, _ in transfers], [s for _, s, _ in transfers]]
    for place in range(3):
        columns.append([lines[place][0] for _, _, lines in transfers])
        columns.append([lines[place][1] for _, _, lines in transfers])
    with refusals(), connection.cursor() as cursor:
        cursor.execute(
            "select ledger_post_many(%s, %s::text[], %s::text[], %s"
            + ", %s::bigint[], %s::bigint[]" * 3
            + ")",
            [kind, *columns[:2], NOW, *columns[2:]],
        )
        row: tuple[int] = cursor.fetchone()
    return row[0]


def test_many_transfers_are_posted_at_once() -> None:
    house, karim, rahima = outside(), purse("karim", funds=1_000), purse("rahima")
    done = post_many(
        "pay",
        ("p1", "a1", ((karim, 60), (rahima, -50), (house, -10))),
        ("p2", "a2", ((karim, 50), (rahima, -50), (house, 0))),
    )
    assert (done, balance(karim), balance(rahima)) == (2, 890, 100)
    assert list(Transfer.objects.filter(kind="pay").order_by("key").values_list("key", "subject")) == [
        ("p1", "a1"),
        ("p2", "a2"),
    ]


def test_of_many_only_the_new_ones_are_posted() -> None:
    house, karim, rahima = outside(), purse("karim", funds=1_000), purse("rahima")
    first = ("p1", "a1", ((karim, 60), (rahima, -50), (house, -10)))
    again = ("p2", "a2", ((karim, 50), (rahima, -50), (house, 0)))
    assert post_many("pay", first, again) == 2
    third = ("p3", "a3", ((karim, 60), (rahima, -50), (house, -10)))
    assert post_many("pay", first, again, third) == 1
    assert (balance(karim), balance(rahima)) == (830, 150)


def test_one_and_many_agree_on_what_is_the_same() -> None:
    house, karim, rahima = outside(), purse("karim", funds=1_000), purse("rahima")
    lines = [Line(karim, 60), Line(rahima, -50), Line(house, -10)]
    post(kind="pay", key="p1", lines=lines, subject="a1", at=NOW)
    assert post_many("pay", ("p1", "a1", ((karim, 60), (rahima, -50), (house, -10)))) == 0


def test_many_with_a_key_used_otherwise_are_all_refused() -> None:
    house, karim, rahima = outside(), purse("karim", funds=1_000), purse("rahima")
    post_many("pay", ("p1", "a1", ((karim, 60), (rahima, -50), (house, -10))))
    with pytest.raises(IdempotencyConflict), transaction.atomic():
        post_many(
            "pay",
            ("p1", "a1", ((karim, 66), (rahima, -55), (house, -11))),
            ("p2", "a2", ((karim, 60), (rahima, -50), (house, -10))),
        )
    assert balance(rahima) == 50


def test_many_that_together_exceed_the_balance_are_all_refused() -> None:
    house, karim, rahima = outside(), purse("karim", funds=100), purse("rahima")
    with pytest.raises(BelowFloor), transaction.atomic():
        post_many(
            "pay",
            ("p1", "a1", ((karim, 60), (rahima, -50), (house, -10))),
            ("p2", "a2", ((karim, 60), (rahima, -50), (house, -10))),
        )
    assert balance(karim) == 100
