"""The books as other tools read them: a tool that is not ours adds it up and compares every balance."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.make import NOW
from tests.money.bank import SHIRIN, Shop, add_bkash, worker_and_requester
from tests.money.independent import bean_check, hledger_balances, hledger_check, write_books
from tukro.kernel.money import Money
from tukro.ledger.models import Account
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.deposits import deposit_play_money
from tukro.money.actions.paying_out import asking, payouts
from tukro.money.queries import Format, find_account, movements
from tukro.money.queries.export import _WRITERS, Named
from tukro.money.rules import CHART

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def lived() -> Shop:
    """A little of everything on three days, in two currencies."""
    rahima, karim = worker_and_requester()
    shop = Shop(karim, rahima)
    deposit_play_money(requester=karim, amount=Money.parse("60.00"), now=NOW - DAY)
    shop.publish(places=40)
    for n in range(30):
        shop.pay(f"work {n}")
    shop.give_back(places=3, key="back")
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal("121.57"), source="bank", now=NOW)
    method = add_bkash(rahima)
    for later, currency in enumerate(["BDT", "USD"]):
        asked = asking.request_payout(
            worker=rahima,
            method_id=method,
            amount=Money.parse("7.00") if later else Money.parse("8.00"),
            currency=currency,
            closing=True,
            now=NOW,
        )
        payouts.send_payout(by=SHIRIN, payout_id=asked.public_id, reference="TX", now=NOW)
        if currency == "BDT":
            payouts.settle_payout(by=SHIRIN, payout_id=asked.public_id, now=NOW + DAY)
    return shop


def write(path: Path, form: Format, *, since: datetime | None = None) -> Path:
    return write_books(path, form, since=since, until=NOW + 2 * DAY)


@pytest.mark.usefixtures("lived")
def test_beancount_finds_every_balance_to_be_what_we_say(tmp_path: Path) -> None:
    file = write(tmp_path / "books.beancount", "beancount")
    said = file.read_text()
    assert said.count(" balance ") == Account.objects.count()  # every account is asserted
    assert bean_check(file) == ""
    for since in (NOW, NOW + DAY):
        assert bean_check(write(tmp_path / "part.beancount", "beancount", since=since)) == ""
    # And it does compare: one balance is a micro-dollar off.
    off = said.replace("-3.000000 ~ 0 USD", "-3.000001 ~ 0 USD")
    assert off != said
    (tmp_path / "off.beancount").write_text(off)
    assert "Balance failed for 'Income:Fees'" in bean_check(tmp_path / "off.beancount")


@pytest.mark.usefixtures("lived")
def test_hledger_adds_up_every_account_as_our_statements_do(tmp_path: Path) -> None:
    file = write(tmp_path / "books.journal", "hledger")
    assert hledger_check(file) == ""
    ours = {}
    for one in Account.objects.all():
        last = [*movements(one, since=None, until=NOW + 2 * DAY)][-1:]
        named = Named(one.id, one.code, one.owner, one.ref, one.currency)
        units = (last[0].balance if last else 0) * (1 if one.normal == "D" else -1)
        ours[_WRITERS["hledger"].name(named), one.currency] = Money(units, one.currency).amount
    assert hledger_balances(file) == {name: amount for name, amount in ours.items() if amount}
    # And it does compare: one balance is a micro-dollar off.
    (said := file.read_text()).index("income:fees  0.000000 USD = -3.000000 USD")
    (tmp_path / "off.journal").write_text(said.replace("= -3.000000 USD", "= -3.000001 USD"))
    assert "assertion" in hledger_check(tmp_path / "off.journal")
    for since in (NOW, NOW + DAY):
        assert hledger_check(write(tmp_path / "part.journal", "hledger", since=since)) == ""


def test_a_statement_says_what_an_account_was_at_any_moment(lived: Shop) -> None:
    account = find_account(f"requester_available:{lived.karim.public_id}")
    until = {NOW - DAY: ["60"], NOW: ["60", "36", "37.8"], NOW - 2 * DAY: []}
    for moment, balances in until.items():
        found = [Money(line.balance).amount for line in movements(account, since=None, until=moment)]
        assert found == [Decimal(balance) for balance in balances]
    (moved, back) = movements(account, since=NOW, until=NOW + DAY)
    assert (Money(moved.amount).amount, Money(back.balance).amount) == (Decimal(-24), Decimal("37.8"))


@pytest.mark.usefixtures("lived")
def test_every_kind_of_account_has_its_part_of_the_balance_sheet() -> None:
    assert set(Account.objects.values_list("code", flat=True)) <= set(CHART)
