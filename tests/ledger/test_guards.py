"""What the database refuses by itself, whoever asks."""

from __future__ import annotations

import pytest
from django.db import Error, transaction

from tests.ledger.vault import NOW, balance, execute, move, outside, purse
from tests.together import together
from tukro.ledger.actions import BelowFloor, Line, post
from tukro.ledger.models import Account, Entry, Transfer

pytestmark = pytest.mark.django_db


def refusal(sql: str, *params: object) -> str:
    """The first line of what the database says to this statement, tried at once as at a commit."""
    with pytest.raises(Error) as caught:
        _commit(sql, *params)
    return str(caught.value).splitlines()[0]


def _commit(sql: str, *params: object) -> None:
    with transaction.atomic():
        execute(sql, *params)
        execute("set constraints all immediate")


MAKE_TRANSFER = """
    insert into ledger_transfer (kind, key, subject, posted_at) values ('move', %s, '', now())
"""


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("update ledger_transfer set kind = 'other'", "UPDATE on ledger_transfer"),
        ("delete from ledger_transfer", "DELETE on ledger_transfer"),
        ("truncate ledger_transfer", "TRUNCATE on ledger_transfer"),
        ("update ledger_entry set amount = 1", "UPDATE on ledger_entry"),
        ("delete from ledger_entry", "DELETE on ledger_entry"),
        ("truncate ledger_entry", "TRUNCATE on ledger_entry"),
        ("delete from ledger_account", "DELETE on ledger_account"),
        ("truncate ledger_account", "TRUNCATE on ledger_account"),
        ("update ledger_account set balance = balance + 1", "UPDATE on ledger_account"),
        ("update ledger_account set floor = null", "UPDATE on ledger_account"),
        ("update ledger_account set code = 'other', opened_at = now()", "UPDATE on ledger_account"),
    ],
)
def test_the_ledger_only_grows(statement: str, table: str) -> None:
    move(outside(), purse("karim"), 100, key="funds")
    execute("set constraints all immediate")  # or TRUNCATE has to wait for what the commit would check
    assert refusal(statement) == f"{table} is refused: the ledger only grows"


def test_the_identity_of_an_account_is_kept_even_from_a_trigger() -> None:
    purse("karim")
    execute("create table passer_by (id int)")
    execute("""
        create function passer_by() returns trigger language plpgsql as $$
        begin update ledger_account set floor = null; return null; end $$
    """)
    execute("create trigger passer_by after insert on passer_by execute function passer_by()")
    assert refusal("insert into passer_by values (1)").startswith("UPDATE on ledger_account is refused")


@pytest.mark.parametrize(
    ("normal", "floor", "cached", "balance"),
    [("C", 0, True, 5), ("X", 0, True, 0), ("C", 0, False, 0), ("D", None, False, 1)],
)
def test_an_account_is_born_empty_and_sound(
    normal: str, floor: int | None, cached: bool, balance: int
) -> None:
    said = refusal(
        """
        insert into ledger_account (code, currency, normal, floor, cached, balance, opened_at)
        values ('odd', 'USD', %s, %s, %s, %s, now())
        """,
        normal,
        floor,
        cached,
        balance,
    )
    assert said == "INSERT on ledger_account is refused: the ledger only grows"


def test_a_transfer_without_entries_is_refused_at_commit() -> None:
    assert refusal(MAKE_TRANSFER, "empty").endswith("has no entries")


def test_entries_that_do_not_sum_to_zero_are_refused() -> None:
    a, b = outside(), purse("karim")
    assert refusal(
        "select ledger_post('move', 'k', '', now(), array[%s, %s]::bigint[], array[100, -99]::bigint[])", a, b
    ) == ("the entries of a transfer do not sum to zero")


def test_a_single_entry_is_refused() -> None:
    assert refusal(
        "select ledger_post('move', 'k', '', now(), array[%s]::bigint[], array[100]::bigint[])", outside()
    ) == ("the entries of a transfer do not sum to zero")


def test_an_entry_of_nothing_is_refused() -> None:
    assert refusal(
        "select ledger_post('move', 'k', '', now(), array[%s, %s]::bigint[], array[0, 0]::bigint[])",
        outside(),
        purse("karim"),
    ) == ("an entry moves nothing")


def test_currencies_do_not_mix() -> None:
    dollars, taka = outside(), purse("karim", currency="BDT")
    assert refusal(
        "select ledger_post('move', 'k', '', now(), array[%s, %s]::bigint[], array[1, -1]::bigint[])",
        dollars,
        taka,
    ) == ("the entries of a transfer do not sum to zero")


def test_a_transfer_in_two_currencies_sums_to_zero_in_each() -> None:
    usd, bdt = purse("karim", funds=1_000), purse("karim", currency="BDT")
    position, position_bdt = outside(), outside(currency="BDT")
    lines = [Line(usd, 1_000), Line(position, -1_000), Line(position_bdt, 121_500), Line(bdt, -121_500)]
    post(kind="change", key="fx", lines=lines, subject="", at=NOW)
    assert (balance(usd), balance(bdt)) == (0, 121_500)


def test_an_account_that_does_not_exist_is_refused() -> None:
    assert refusal(
        "select ledger_post('move', 'k', '', now(), array[%s, -1]::bigint[], array[1, -1]::bigint[])",
        outside(),
    ) == ("an entry names an account that does not exist")


def test_an_account_stands_in_one_line_of_a_transfer_only() -> None:
    a = purse("karim")
    assert "ledger_entry_pkey" in refusal(
        "select ledger_post('move', 'k', '', now(), array[%s, %s]::bigint[], array[1, -1]::bigint[])", a, a
    )


def test_the_floor_holds() -> None:
    purse_of_karim = purse("karim", funds=100)
    with pytest.raises(BelowFloor), transaction.atomic():
        move(purse_of_karim, outside(), 101, key="too much")
    assert balance(purse_of_karim) == 100


def test_the_house_has_no_floor_and_keeps_no_balance() -> None:
    house = outside()
    move(house, purse("karim"), 100, key="in")
    assert balance(house) == 0
    assert sum(Entry.objects.filter(account=house).values_list("amount", flat=True)) == 100


@pytest.mark.django_db(transaction=True)
def test_a_transfer_of_an_earlier_transaction_takes_no_more_entries() -> None:
    transfer = move(outside(), purse("karim"), 100, key="first")
    tanvir, rahima = purse("tanvir"), purse("rahima")
    said = refusal(
        "insert into ledger_entry (transfer_id, account_id, amount) values (%s, %s, 1), (%s, %s, -1)",
        transfer,
        tanvir,
        transfer,
        rahima,
    )
    assert said == "an entry names a transfer of another transaction"


def test_entries_are_judged_statement_by_statement() -> None:
    """Even when the check at commit was called early, nothing unbalanced can be added behind it."""
    a, b = outside(), purse("karim")
    transfer = move(a, b, 100, key="first")
    execute("set constraints all immediate")
    said = refusal(
        "insert into ledger_entry (transfer_id, account_id, amount) values (%s, %s, 1)", transfer, purse("x")
    )
    assert said == "the entries of a transfer do not sum to zero"


def test_posting_inside_savepoints_is_one_transaction() -> None:
    a, b = outside(), purse("karim")
    with transaction.atomic(), transaction.atomic():
        move(a, b, 100, key="deep")
    assert balance(b) == 100


def test_a_refused_transfer_leaves_nothing() -> None:
    a = purse("karim", funds=100)
    before = (Transfer.objects.count(), Entry.objects.count(), Account.objects.count())
    with pytest.raises(BelowFloor), transaction.atomic():
        move(a, outside(), 500, key="refused")
    assert (Transfer.objects.count(), Entry.objects.count(), Account.objects.count()) == before


@pytest.mark.django_db(transaction=True)
def test_house_accounts_are_not_locked_by_a_movement() -> None:
    """Many payments share them: a lock there would let one payment in at a time."""
    house, karim, rahima = outside(), purse("karim"), purse("rahima")
    with transaction.atomic():
        move(house, karim, 100, key="first")
        [free] = together(unlocked)
    assert free == {house, rahima}


def unlocked() -> set[int]:
    """Accounts that another connection could lock this moment."""
    with transaction.atomic():
        rows = Account.objects.select_for_update(skip_locked=True)
        return set(rows.values_list("id", flat=True))
