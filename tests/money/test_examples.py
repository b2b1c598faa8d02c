"""docs/money.md is true: its examples are run, its tables are compared with the code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN, Shop, add_bkash, exchanged, fees_and_outside, worker_and_requester
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.ledger.models import Account
from tukro.money.actions.balances import escrow
from tukro.money.actions.balances.unclaimed import claim_balance
from tukro.money.actions.books.bookings import (
    book_cost,
    book_exchange_result,
    book_loss,
    book_settlement,
    buy_currency,
    put_in,
    reverse_booking,
    take_out,
)
from tukro.money.actions.books.corrections import correct_balance, reverse_correction
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.deposits import create_deposit, deposit_play_money
from tukro.money.actions.deposits.disputes import note_dispute
from tukro.money.actions.deposits.refunds import ask_refund, note_refund, take_refund_to_send
from tukro.money.actions.deposits.unmatched import keep
from tukro.money.actions.deposits.write_offs import write_off_debt
from tukro.money.actions.law.taxes import change_tax_rule, remit_tax
from tukro.money.actions.paying_out import asking, payouts
from tukro.money.actions.paying_out.leaving import give_up_rest
from tukro.money.actions.policy import change_policy
from tukro.money.jobs import look_for_unclaimed
from tukro.money.models import Booking, Deposit, Payout, Refund
from tukro.money.queries import faults, policy, requester_balance, worker_balance
from tukro.money.rules import CHART, FEE_PRESETS, fee_for
from tukro.money.rules.deposits import SeenDispute, SeenRefund
from tukro.people.models import Requester, User

PAGE = (Path(__file__).parents[2] / "docs" / "money.md").read_text()
ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)


def table(text: str) -> tuple[list[str], list[list[str]]]:
    """The first table of ``text``: its head and its rows."""
    lines = text[text.index("\n|") :].split("\n\n", 1)[0]
    head, _rule, *rows = ([cell.strip() for cell in row.split("|")] for row in ROW.findall(lines))
    return head, rows


def section(title: str) -> str:
    """The text below a heading, up to the next one."""
    return re.split(r"^##", PAGE.split(f"{title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


EXAMPLES = re.findall(r"^### (.+)$", PAGE, re.MULTILINE)
SENTENCES: dict[str, Callable[..., None]] = {}


def says(pattern: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def keep(act: Callable[..., None]) -> Callable[..., None]:
        SENTENCES[pattern] = act
        return act

    return keep


@dataclass
class Story:
    """The people of an example and what they have under way."""

    shop: Shop
    method: int
    payouts: list[Payout] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)

    deposit: Deposit | None = None

    def dispute(self, seen: SeenDispute) -> None:
        assert self.deposit is not None
        note_dispute(deposit_id=self.deposit.public_id, seen=seen, now=NOW)

    def book(self, verb: Callable[..., Booking], *, reference: str = "", **said: object) -> None:
        number = reference or f"line {len(self.bookings)}"
        self.bookings.append(verb(by=SHIRIN, reference=number, now=NOW, **said))

    @property
    def price(self) -> Money:
        return self.shop.reward + self.shop.fee


@says(r"Karim deposits (\S+)")
def _(story: Story, amount: str) -> None:
    deposit_play_money(requester=story.shop.karim, amount=Money.parse(amount), now=NOW)


@says(r"Karim publishes (\d+) places at (\S+)")
def _(story: Story, places: str, reward: str) -> None:
    story.shop.reward = Money.parse(reward)
    story.shop.fee = fee_for(story.shop.reward, policy(), places=int(places))
    story.shop.publish(places=int(places), batch=f"B{places}")


@says(r"the operator takes the table (\w+)")
def _(story: Story, table: str) -> None:
    del story
    terms: dict[str, Any] = dict(FEE_PRESETS[table])
    change_policy(by=SHIRIN, now=NOW, **terms)


@says(r"work (\d+) is approved")
def _(story: Story, number: str) -> None:
    story.shop.pay(f"work {number}")


@says(r"the rejection of work (\d+) is final")
def _(story: Story, number: str) -> None:
    story.shop.give_back(places=1, key=f"release:work {number}")


@says(r"(\d+) places? expires?")
def _(story: Story, places: str) -> None:
    story.shop.give_back(places=int(places), key=f"expire:{places}")


@says(r"the rejection of work (\d+) is overturned late")
def _(story: Story, number: str) -> None:
    story.shop.pay_late(f"work {number}")


@says(r"Karim pays a bonus of (\S+)")
def _(story: Story, amount: str) -> None:
    bonus = Money.parse(amount)
    escrow.pay_bonus(
        requester_id=story.shop.karim.public_id,
        worker_id=story.shop.rahima.public_id,
        amount=bonus,
        fee=fee_for(bonus, policy()),
        key=f"bonus:{amount}",
        subject="work 1",
        at=NOW,
    )


@says(r"Rahima has earned (\S+)")
def _(story: Story, amount: str) -> None:
    change_policy(by=SHIRIN, now=NOW, payout_fee=Money.parse("0.25"))
    earned = Money.parse(amount)
    deposit_play_money(requester=story.shop.karim, amount=earned + fee_for(earned, policy()), now=NOW)
    SENTENCES[r"Karim pays a bonus of (\S+)"](story, amount)


@says(r"Rahima asks for (\S+)")
def _(story: Story, amount: str) -> None:
    asked = asking.request_payout(
        worker=story.shop.rahima, method_id=story.method, amount=Money.parse(amount), now=NOW
    )
    story.payouts.append(asked)


@says(r"Rahima asks for (\S+) in (\w+)")
def _(story: Story, amount: str, currency: str) -> None:
    story.payouts.append(
        asking.request_payout(
            worker=story.shop.rahima,
            method_id=story.method,
            amount=Money.parse(amount),
            currency=currency,
            now=NOW,
        )
    )


@says(r"a dollar is (\S+) (\w+)")
def _(story: Story, rate: str, currency: str) -> None:
    del story
    enter_rate(by=SHIRIN, currency=currency, rate=Decimal(rate), source="the bank", now=NOW)


@says(r"the house makes (\S+) good to Rahima")
def _(story: Story, amount: str) -> None:
    paid = Money.parse(amount)
    story.corrections.append(
        correct_balance(by=SHIRIN, person=story.shop.rahima, amount=paid, reason="lost work", now=NOW)
    )


@says(r"the house takes (\S+) back from Karim")
def _(story: Story, amount: str) -> None:
    taken = -Money.parse(amount)
    story.corrections.append(
        correct_balance(by=SHIRIN, person=story.shop.karim, amount=taken, reason="twice", now=NOW)
    )


@says(r"the last correction is reversed")
def _(story: Story) -> None:
    reverse_correction(by=SHIRIN, correction_id=story.corrections[-1], reason="wrong", now=NOW)


@says(r"the operator puts (\S+) into (\w+)")
def _(story: Story, amount: str, place: str) -> None:
    story.book(put_in, place=place, amount=Money.parse(amount))


@says(r"the operator takes (\S+) from (\w+)")
def _(story: Story, amount: str, place: str) -> None:
    story.book(take_out, place=place, amount=Money.parse(amount), reason="fees of the month")


@says(r"(\w+) settles (\S+) to (\w+) and keeps (\S+)")
def _(story: Story, place: str, amount: str, to_place: str, cost: str) -> None:
    story.book(
        book_settlement,
        reference=f"po_{amount}",
        place=place,
        to_place=to_place,
        amount=Money.parse(amount),
        cost=Money.parse(cost),
    )


@says(r"(\w+) keeps (\S+)")
def _(story: Story, place: str, amount: str) -> None:
    story.book(book_cost, place=place, amount=Money.parse(amount))


@says(r"(\S+) are lost at (\w+)")
def _(story: Story, amount: str, place: str) -> None:
    story.book(book_loss, place=place, amount=Money.parse(amount), reason="stolen")


@says(r"(\S+) (\w+) are bought with (\S+) of (\w+) for (\w+)")
def _(story: Story, got: str, currency: str, paid: str, place: str, to_place: str) -> None:
    story.book(
        buy_currency,
        place=place,
        paid=Money.parse(paid),
        to_place=to_place,
        got=Money.parse(got, currency),
    )


@says(r"what exchanging won is counted")
def _(story: Story) -> None:
    story.bookings.append(book_exchange_result(by=SHIRIN, now=NOW))


@says(r"of withdrawals to (\w\w) (\S+) percent is kept as tax")
def _(story: Story, country: str, percent: str) -> None:
    del story
    share = int(Decimal(percent) * 100)
    change_tax_rule(by=SHIRIN, country=country, basis_points=share, authority="NBR", now=NOW)


@says(r"(\S+) of tax goes to (\w\w) from (\w+)")
def _(story: Story, amount: str, country: str, place: str) -> None:
    tax = Money.parse(amount)
    story.book(remit_tax, country=country, amount=tax, place=place, paid=tax)


@says(r"Karim pays (\S+) by stripe")
def _(story: Story, amount: str) -> None:
    price = Money.parse(amount)
    deposit = create_deposit(requester=story.shop.karim, amount=price, provider="stripe", now=NOW)
    make.settled(deposit, payment_ref=f"pi_{amount}", now=NOW)
    story.deposit = story.deposit or deposit


@says(r"Karim's bank takes (\S+) back")
def _(story: Story, amount: str) -> None:
    story.dispute(SeenDispute(ref="dp_1", amount=Money.parse(amount), taken=True, closed=False))


@says(r"Karim's payer asks for (\S+) back")
def _(story: Story, amount: str) -> None:
    story.dispute(SeenDispute(ref="dp_1", amount=Money.parse(amount), taken=False, closed=False))


@says(r"Karim takes (\S+) back")
def _(story: Story, amount: str) -> None:
    assert story.deposit is not None
    deposit_id, karim = story.deposit.public_id, story.shop.karim
    ask_refund(requester=karim, deposit_id=deposit_id, amount=Money.parse(amount), now=NOW)


@says(r"the dispute is won")
def _(story: Story) -> None:
    story.dispute(SeenDispute(ref="dp_1", amount=Money.zero(), taken=False, closed=True))


@says(r"(\S+) of Karim's debt are given up")
def _(story: Story, amount: str) -> None:
    given_up = Money.parse(amount)
    write_off_debt(by=SHIRIN, requester=story.shop.karim, amount=given_up, reason="fled", now=NOW)


@says(r"balances are set apart after (\d+) months")
def _(story: Story, months: str) -> None:
    del story
    change_policy(by=SHIRIN, unclaimed_after_months=int(months), now=NOW)


@says(r"nothing is heard of (?:Rahima|Karim) for (\d+) months")
def _(story: Story, months: str) -> None:
    del story
    User.objects.update(joined_at=NOW, last_login=None)
    look_for_unclaimed(NOW + int(months) * timedelta(days=30))


@says(r"Rahima gives up (\S+)")
def _(story: Story, amount: str) -> None:
    give_up_rest(worker=story.shop.rahima, amount=Money.parse(amount), now=NOW)


@says(r"Rahima takes it back")
def _(story: Story) -> None:
    claim_balance(person=story.shop.rahima, now=NOW)


@says(r"Karim claims what was set apart")
def _(story: Story) -> None:
    claim_balance(person=story.shop.karim, now=NOW)


@says(r"the refund fails")
def _(story: Story) -> None:
    del story
    refund_id = Refund.objects.get().public_id
    take_refund_to_send(refund_id=refund_id, now=NOW)
    note_refund(refund_id=refund_id, seen=SeenRefund(key=refund_id, ref="", state="failed"), now=NOW)


@says(r"the last booking is reversed")
def _(story: Story) -> None:
    reverse_booking(by=SHIRIN, booking_id=story.bookings[-1].public_id, reason="wrong", now=NOW)


@says(r"Rahima cancels")
def _(story: Story) -> None:
    payouts.cancel_payout(worker=story.shop.rahima, payout_id=story.payouts[-1].public_id, now=NOW)


@says(r"Shirin sends it")
def _(story: Story) -> None:
    payouts.send_payout(by=SHIRIN, payout_id=story.payouts[-1].public_id, reference="TX1", now=NOW)


@says(r"it arrives")
def _(story: Story) -> None:
    payouts.settle_payout(by=SHIRIN, payout_id=story.payouts[-1].public_id, now=NOW)


@says(r"it comes back")
def _(story: Story) -> None:
    payouts.return_payout(by=SHIRIN, payout_id=story.payouts[-1].public_id, reason="closed", now=NOW)


@contextmanager
def ending(refusal: str) -> Iterator[None]:
    """The step is done, or refused with the named refusal."""
    name = "done"
    try:
        with transaction.atomic():
            yield
    except Refused as error:
        name = type(error).__name__
    assert name == (refusal or "done")


def tell(story: Story, sentence: str) -> None:
    what, _, refusal = sentence.partition(": refused ")
    for pattern, act in SENTENCES.items():
        if found := re.fullmatch(pattern, what):
            with ending(refusal):
                act(story, *found.groups())
            return
    raise AssertionError(f"docs/money.md says something that no test can do: {what}")


def balances(story: Story) -> dict[str, str]:
    """Every column that an example may have."""
    available, set_aside = requester_balance(story.shop.karim)
    worker, reserved, transit = worker_balance(story.shop.rahima)
    names = ("available", "set aside", "worker", "reserved", "in transit")
    known = dict(zip(names, map(str, (available, set_aside, worker, reserved, transit)), strict=True))
    return known | fees_and_outside() | exchanged("BDT")


@pytest.mark.django_db
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_true(example: str) -> None:
    rahima, karim = worker_and_requester()
    story = Story(Shop(karim, rahima), method=add_bkash(rahima))
    head, rows = table(section(f"### {example}"))
    for sentence, *expected in rows:
        tell(story, sentence)
        known = balances(story)
        assert [sentence, *(known[column] for column in head[1:])] == [sentence, *expected]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 19


def test_the_movements_are_those_that_the_proofs_allow() -> None:
    allowed = set(re.findall(r"\('(\w+)', '(\w+)', '([DC])'\)", faults._SHAPES))
    _, rows = table(section("## Movements"))
    written = {
        (kind.strip("`"), code, side)
        for kind, _, debit, credit, _ in rows
        for side, cell in (("D", debit), ("C", credit))
        for code in re.findall(r"`(\w+)`", cell)
    }
    assert written == allowed


def live_through_deposits(karim: Requester) -> None:
    """A deposit with a fee, a part of it sent back, the rest disputed; and money that fits nothing."""
    change_policy(by=HOUSE, deposit_fee_basis_points=300, now=NOW)
    deposit = create_deposit(requester=karim, amount=Money.parse("20.00"), provider="stripe", now=NOW)
    make.settled(deposit, payment_ref="pi_1", now=NOW)
    ask_refund(requester=karim, deposit_id=deposit.public_id, amount=Money.parse("1.00"), now=NOW)
    rest = requester_balance(karim)[0] - Money.parse("1.00")
    correct_balance(by=HOUSE, person=karim, amount=-rest, reason="so that the dispute is a debt", now=NOW)
    for taken in (False, True):
        seen = SeenDispute(ref="dp_1", amount=Money.parse("19.00"), taken=taken, closed=False)
        note_dispute(deposit_id=deposit.public_id, seen=seen, now=NOW)
    keep(provider="bank", payment_ref="line 1", paid=Money.parse("5.00"), why="no_reference", at=NOW)


@pytest.mark.django_db
def test_the_accounts_are_as_the_chart_says() -> None:
    """Every kind of account is opened once by living through a little of everything."""
    shop = Shop(cast.karim(), make.worker())
    shop.publish(places=1)
    shop.pay("work 1")
    deposit_play_money(requester=shop.karim, amount=Money.parse("50.00"), now=NOW)
    story = Story(shop, method=add_bkash(shop.rahima))
    for sentence in (
        "Rahima has earned 20.00",
        "a dollar is 121.57 BDT",
        "of withdrawals to BD 10 percent is kept as tax",
        "Rahima asks for 10.00 in BDT",
        "Shirin sends it",
        "it arrives",
        "the house makes 1.00 good to Rahima",
        "the operator puts 20.00 into bank",
        "bank keeps 0.25",
        "1.00 are lost at bank",
        "1000.00 BDT are bought with 9.50 of bank for bkash",
        "what exchanging won is counted",
    ):
        tell(story, sentence)
    live_through_deposits(shop.karim)
    owed = Money(Account.objects.get(code="requester_debt").balance)
    write_off_debt(by=SHIRIN, requester=shop.karim, amount=owed, reason="fled", now=NOW)
    deposit_play_money(requester=shop.karim, amount=Money.parse("5.00"), now=NOW)
    tell(story, "balances are set apart after 12 months")
    tell(story, "nothing is heard of Rahima for 13 months")
    tell(story, "nothing is heard of Rahima for 16 months")
    tell(story, "Rahima has earned 0.20")
    tell(story, "Rahima gives up 0.20")
    _, rows = table(section("## Chart of accounts"))
    chart = {(code.strip("`"), side, owner != "–", kept) for code, side, owner, _, kept, _ in rows}
    opened = {
        (account.code, account.normal, account.owner != "", "yes" if account.cached else "no")
        for account in Account.objects.all()
        if (account.floor == 0) == account.cached
    }
    assert opened == chart
    assert set(CHART) == {code for code, *_ in chart}
