"""The books under seal: nothing that was sealed can change unseen, and nothing comes to be behind a seal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from hashlib import sha256
from threading import Event, Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as some

from tests.ledger.vault import NOW, execute, move, outside, purse
from tukro.ledger.actions.sealing import seal_settled, sign_days
from tukro.ledger.models import Account, Day, Entry, Seal
from tukro.ledger.proofs.chain import chain_faults
from tukro.ledger.rules.seals import SealedEntry, microseconds
from tukro.ledger.rules.tree import leaf_hash, path_of, root_from, split, tree_root

KEY = Ed25519PrivateKey.generate()
DAY = timedelta(days=1)


@pytest.fixture(name="proofs")
def no_proofs() -> Callable[[], Sequence[object]]:
    """These tests plant faults."""
    return list


@pytest.fixture
def sealed(db: None) -> int:
    """Three transfers under two seals, in a day that is closed. The account of Karim."""
    karim = purse("karim", funds=100)
    move(karim, outside(), 30, key="a\nb", subject="ঋণ")
    seal_settled(now=NOW, most=1)
    move(karim, outside(), 20, key="c")
    seal_settled(now=NOW, most=1)
    sign_days(key=KEY, now=NOW + DAY)
    execute("set constraints all immediate; set constraints all deferred")
    return karim


@pytest.fixture
def unguarded(sealed: int) -> int:
    for table in ("account", "transfer", "entry", "seal", "day"):
        execute(f"alter table ledger_{table} disable trigger user")
    return sealed


@given(some.lists(some.binary(min_size=1, max_size=4), min_size=1, max_size=40), some.data())
def test_every_leaf_has_a_way_to_the_root_and_no_other_leaf_takes_it(
    texts: list[bytes], data: some.DataObject
) -> None:
    leaves = [sha256(b"\0" + text).digest() for text in texts]
    index = data.draw(some.integers(0, len(leaves) - 1))
    path, root = path_of(leaves, index), tree_root(leaves)
    assert root == _root_of_rfc_6962(leaves)
    assert root_from(leaves[index], index, len(leaves), path) == root
    assert root_from(sha256(b"other").digest(), index, len(leaves), path) != root


def _root_of_rfc_6962(leaves: list[bytes]) -> bytes:
    """As the RFC defines it: the left part is the largest power of two that is smaller than the whole."""
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    halves = _root_of_rfc_6962(leaves[:left]) + _root_of_rfc_6962(leaves[left:])
    return sha256(b"\1" + halves).digest()


def test_a_path_that_is_none_is_refused() -> None:
    leaves = [leaf_hash(str(n)) for n in range(3)]
    with pytest.raises(ValueError):
        root_from(leaves[0], 3, 3, path_of(leaves, 0))
    with pytest.raises(ValueError):
        root_from(leaves[0], 0, 3, [*path_of(leaves, 0), leaves[1]])


def test_sql_writes_an_entry_in_the_words_that_are_documented(sealed: int) -> None:
    written = [
        leaf_hash(
            SealedEntry(
                transfer=entry.transfer.id,
                posted_at=microseconds(entry.transfer.posted_at),
                kind=entry.transfer.kind,
                account=entry.account.id,
                code=entry.account.code,
                owner=entry.account.owner,
                ref=entry.account.ref,
                currency=entry.account.currency,
                amount=entry.amount,
                key=entry.transfer.key,
                subject=entry.transfer.subject,
            ).text
        )
        for entry in Entry.objects.select_related("transfer", "account").order_by("transfer", "account")
    ]
    assert [leaf for seal in Seal.objects.order_by("id") for leaf in split(bytes(seal.leaves))] == written
    assert sealed in Account.objects.values_list("id", flat=True)


def test_seals_follow_each_other_and_days_close_over_them(sealed: int) -> None:
    del sealed
    assert list(Seal.objects.order_by("id").values_list("id", "entries")) == [(1, 2), (2, 2), (3, 2)]
    assert [(d.day, d.first_seal, d.last_seal) for d in Day.objects.all()] == [(date(2026, 11, 2), 1, 3)]
    assert chain_faults() == []
    assert (seal_settled(now=NOW), sign_days(key=KEY, now=NOW + DAY)) == (0, 0)
    # A clock that is behind does not seal into a day that is closed.
    move(outside(), purse("rahima"), 5, key="d")
    seal_settled(now=NOW)
    assert sign_days(key=KEY, now=NOW + DAY) == 0
    assert sign_days(key=KEY, now=NOW + 2 * DAY) == 1
    assert chain_faults() == []


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (
            "update ledger_entry set amount = -31 where amount = -30",
            [{"seal": 2, "account": "outside", "is": "changed"}],
        ),
        (
            "update ledger_transfer set subject = 'x' where key = 'c'",
            [
                {"seal": 3, "account": "karim", "is": "changed"},
                {"seal": 3, "account": "outside", "is": "changed"},
            ],
        ),
        (
            "delete from ledger_entry where amount = -30",
            [{"seal": 2, "after": True, "is": "gone or changed"}],
        ),
        (
            "insert into ledger_entry select min(transfer_id), -5, 1 from ledger_entry",
            [{"seal": 1, "account": -5, "is": "added or changed"}],
        ),
        ("update ledger_account set owner = 'rahim' where owner = 'karim'", 3),
        ("update ledger_seal set entries = 3, leaves = leaves || root where id = 2", "root, hash"),
        ("update ledger_seal set sealed_at = now() where id = 2", "hash"),
        ("update ledger_seal set previous = sha256('') where id = 2", "previous, hash"),
        ("delete from ledger_day; delete from ledger_seal where id = 2", "number, previous"),
        ("update ledger_day set signature = sha256('')", "signature"),
        ("update ledger_day set key = 'z6Mk'", "signature"),
        ("update ledger_day set day = '2026-11-01'", "hash, signature"),
        ("update ledger_day set last_seal = 2", "root, hash, signature"),
    ],
)
def test_what_was_changed_behind_the_seals_is_found_and_named(
    unguarded: int, fault: str, found: object
) -> None:
    ids = {unguarded: "karim", outside(): "outside", -5: -5}
    execute(fault)
    rows = [row for fault in chain_faults() for row in fault.rows]
    match found:
        case str():
            assert rows[0]["broken"] == found
        case int():
            assert len(rows) == found
        case _:
            named = [
                {"seal": row["seal"], "is": row["is"]}
                | ({"account": ids[row["account_id"]]} if "account_id" in row else {"after": True})
                for row in rows
            ]
            assert named == found


@pytest.mark.parametrize(
    "sql",
    [
        "update ledger_seal set root = root",
        "delete from ledger_day",
        "delete from ledger_seal",
        "truncate ledger_seal cascade",
        "truncate ledger_day",
    ],
)
def test_seals_are_kept(sealed: int, sql: str) -> None:
    del sealed
    with pytest.raises(Exception, match="only grows"), transaction.atomic():
        execute(sql)


@pytest.mark.django_db(transaction=True)
def test_who_still_writes_holds_the_seal_back_and_nobody_is_held_by_it() -> None:
    """The number of the slow transfer is lower than that of the quick one, and it commits later."""
    karim, house = purse("karim", funds=100), outside()
    seal_settled(now=NOW)
    wrote, go_on = Event(), Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                move(house, karim, 1, key="slow")
                wrote.set()
                go_on.wait(20)
        finally:
            connection.close()

    writer = Thread(target=slow)
    writer.start()
    assert wrote.wait(20)
    move(house, purse("rahima"), 1, key="quick")
    assert [seal_settled(now=NOW) for _ in range(3)] == [0, 0, 0]
    go_on.set()
    writer.join(20)
    assert seal_settled(now=NOW) == 1
    assert Seal.objects.order_by("-id").values_list("entries", flat=True)[0] == 4
    assert chain_faults() == []
