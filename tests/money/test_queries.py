"""Balances and statements; what is broken is found; what cannot be trusted is told."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN, Shop, add_bkash
from tukro.kernel.money import Money
from tukro.money.actions.balances import escrow
from tukro.money.actions.deposits import deposit_play_money
from tukro.money.actions.paying_out import asking, payouts
from tukro.money.jobs import count_held
from tukro.money.queries import (
    check_database,
    every_movement,
    ledger_faults,
    period_rows,
    period_statement,
    requester_balance,
    statement,
    worker_balance,
)
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db


@pytest.fixture
def karim() -> Requester:
    """Twelve deposits of 1.00, 2.00, … 12.00, a minute apart."""
    requester = make.requester(funds="0")
    for number in range(1, 13):
        moment = NOW + timedelta(minutes=number)
        deposit_play_money(requester=requester, amount=Money.parse(f"{number}.00"), now=moment)
    return requester


def test_people_without_money_have_zero() -> None:
    assert requester_balance(make.requester(funds="0")) == (Money(0), Money(0))
    assert worker_balance(cast.rahima()) == (Money(0), Money(0), Money(0))
    assert statement("nobody") == []


def test_a_statement_is_newest_first_with_the_balance_after_each_line(karim: Requester) -> None:
    Shop(karim, cast.rahima()).publish(places=10)
    rows = statement(karim.public_id, limit=3)
    assert [(row.kind, str(row.amount), str(row.balance_after)) for row in rows] == [
        ("set_aside", "-6.00", "72.00"),
        ("deposit", "12.00", "78.00"),
        ("deposit", "11.00", "66.00"),
    ]
    assert (rows[0].subject, rows[1].at) == ("B1", NOW + timedelta(minutes=12))


def test_pages_of_a_statement_join_without_a_gap(karim: Requester) -> None:
    pages, before = [], None
    while rows := statement(karim.public_id, before=before, limit=5):
        pages.append([str(row.amount) for row in rows])
        before = rows[-1].id
    assert [len(page) for page in pages] == [5, 5, 2]
    assert list(chain.from_iterable(pages)) == [f"{number}.00" for number in range(12, 0, -1)]
    oldest = statement(karim.public_id, before=before + 1 if before else None, limit=1)
    assert [str(row.balance_after) for row in oldest] == ["1.00"]


def test_a_page_of_a_statement_takes_the_same_few_queries(
    karim: Requester, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        first = statement(karim.public_id, limit=5)
    with django_assert_num_queries(3):
        statement(karim.public_id, before=first[-1].id, limit=5)


def test_steps_of_one_act_are_one_line_that_no_page_tears(karim: Requester) -> None:
    shop = Shop(karim, cast.rahima())
    hold, later = shop.publish(places=10), NOW + timedelta(hours=1)
    for step in range(7):
        if step == 5:  # somebody's money comes in between
            deposit_play_money(requester=karim, amount=Money.parse("1.00"), now=later)
        escrow.give_back(hold=hold, amount=Money.parse("0.60"), key=f"s{step}", subject="B1", at=later)
    escrow.give_back(
        hold=hold, amount=Money.parse("0.60"), key="o", subject="B1", at=NOW + timedelta(hours=2)
    )
    escrow.give_back(
        hold=hold, amount=Money.parse("0.60"), key="p", subject="B2", at=NOW + timedelta(hours=2)
    )
    lines = statement(karim.public_id)
    assert [(row.subject, str(row.amount), str(row.balance_after), row.steps) for row in lines[:6]] == [
        ("B2", "0.60", "78.40", 1),
        ("B1", "0.60", "77.80", 1),
        ("B1", "1.20", "77.20", 2),
        (lines[3].subject, "1.00", "76.00", 1),
        ("B1", "3.00", "75.00", 5),
        ("B1", "-6.00", "72.00", 1),
    ]
    for size in (1, 2, 3, 4):
        paged, before = [], None
        while rows := statement(karim.public_id, before=before, limit=size):
            paged += rows
            before = rows[-1].id
        assert paged == lines
    assert sum(row.steps for row in lines) == len(list(every_movement(karim.public_id))) == 23


def test_a_period_counts_and_lists_the_same_lines(karim: Requester) -> None:
    hold = Shop(karim, cast.rahima()).publish(places=10)
    later = NOW + timedelta(hours=1)
    for step in range(4):
        subject = f"B{1 + step // 3}"  # three steps, and one of another act
        escrow.give_back(hold=hold, amount=Money.parse("0.60"), key=f"s{step}", subject=subject, at=later)
    until = NOW + timedelta(days=1)
    rows = list(period_rows(karim.public_id, since=NOW, until=until))
    assert [(str(row.amount), str(row.balance_after), row.steps) for row in rows[-2:]] == [
        ("1.80", "73.80", 3),
        ("0.60", "74.40", 1),
    ]
    sums = period_statement(karim.public_id, since=NOW, until=until).sums
    assert {one.kind: one.count for one in sums} == Counter(row.kind for row in rows)


def test_a_workers_statement_shows_earnings_and_withdrawals() -> None:
    shop = Shop(cast.karim(), cast.rahima(), reward=Money.parse("10.00"))
    shop.publish(places=1)
    shop.pay("work 1")
    asking.request_payout(
        worker=shop.rahima, method_id=add_bkash(shop.rahima), amount=Money.parse("10.00"), now=NOW
    )
    rows = statement(shop.rahima.public_id)
    assert [(row.kind, str(row.amount), str(row.balance_after)) for row in rows] == [
        ("payout_asked", "-10.00", "0.00"),
        ("reward", "10.00", "10.00"),
    ]


def test_what_is_set_aside_is_the_same_before_while_and_after_it_is_counted() -> None:
    for _ in range(2):
        count_held(NOW)  # numbers that were given out before
    shop = Shop(cast.karim(), cast.rahima())
    shop.publish(places=10)
    assert str(requester_balance(shop.karim)[1]) == "6.00"
    assert count_held(NOW) == 0  # looks how far it may go the next time
    assert count_held(NOW) > 0
    assert str(requester_balance(shop.karim)[1]) == "6.00"
    shop.pay("work 1")
    assert str(requester_balance(shop.karim)[1]) == "5.40"
    assert ledger_faults() == []


@pytest.mark.django_db(transaction=True)
def test_what_moves_while_it_is_counted_is_counted_once() -> None:
    """A movement that began before the count and ends after it keeps the count from going past it."""
    shop = Shop(cast.karim(), cast.rahima())
    shop.publish(places=10)
    count_held(NOW)
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        shop.pay("work 1")

        def elsewhere() -> tuple[int, str]:
            try:
                count_held(NOW)  # up to the number that it saw before the payment began
                count_held(NOW)
                return count_held(NOW), str(requester_balance(shop.karim)[1])
            finally:
                connection.close()

        assert other.submit(elsewhere).result() == (0, "6.00")
    assert str(requester_balance(shop.karim)[1]) == "5.40"
    count_held(NOW)
    count_held(NOW)
    assert str(requester_balance(shop.karim)[1]) == "5.40"
    assert ledger_faults() == []


def test_a_sound_database_can_be_trusted() -> None:
    assert check_database() == []


def test_a_database_that_may_lose_commits_cannot_be_trusted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")
    assert check_database() == ["synchronous_commit_off"]


def test_a_database_whose_numbers_are_behind_cannot_be_trusted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("""
            insert into journal_event (at, name, actor, subject, facts, xact)
            values (now(), 'Made', 'house', 'T1', '{}', '9000000000000000000')
        """)
    assert check_database() == ["transaction_numbers_behind"]


class TestPlantedFaults:
    """Each proof finds the fault that it is for; the guards are switched off to plant it."""

    @pytest.fixture(name="proofs")
    def no_proofs(self) -> Any:
        return list

    @pytest.fixture(autouse=True)
    def unguarded_market(self) -> None:
        shop = Shop(cast.karim(), cast.rahima(), reward=Money.parse("10.00"))
        shop.publish(places=3)
        for number in range(2):
            shop.pay(f"work {number}")
        payout = asking.request_payout(
            worker=shop.rahima, method_id=add_bkash(shop.rahima), amount=Money.parse("10.00"), now=NOW
        )
        payouts.send_payout(by=SHIRIN, payout_id=payout.public_id, reference="TX1", now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            for table in ("account", "transfer", "entry"):
                cursor.execute(f"alter table ledger_{table} disable trigger user")

    def test_a_sound_market_has_none(self) -> None:
        assert ledger_faults(clock=True) == []

    @pytest.mark.parametrize(
        ("fault", "names"),
        [
            (
                "alter table ledger_transfer drop constraint money_paid_once;"
                " update ledger_transfer set subject = 'x' where kind = 'reward'",
                ["I5"],
            ),
            ("update ledger_transfer set kind = 'bonus' where kind = 'reward'", ["I11"]),
            ("update money_payout set state = 'settled', settled_at = now()", ["I12", "I13"]),
            ("update money_payout set state = 'requested', sent_at = null", ["I12", "I13"]),
            ("update money_deposit set amount = 1, asked_units = 1", ["I13"]),
            ("delete from money_deposit", ["I13"]),
            ("update ledger_account set owner = 'nobody' where code = 'batch_hold'", ["I13"]),
            ("update ledger_transfer set posted_at = now() + interval '1 day'", ["I14"]),
            ("update money_held_place set counted_to = 9000000000000000000", ["I16"]),
        ],
    )
    def test_a_planted_one_is_found(self, fault: str, names: list[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(fault)
        found = [fault.name.split()[0] for fault in ledger_faults(clock=True)]
        assert found == names
