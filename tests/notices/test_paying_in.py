"""Requesters hear what became of money that they paid in or asked back."""

from __future__ import annotations

import pytest

from tests import cast, make
from tests.debtors import disputed, paid_in, taken_back
from tests.make import NOW
from tests.money.bank import SHIRIN
from tukro.journal.models import Event
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions.books.corrections import correct_balance, reverse_correction
from tukro.money.actions.deposits import create_deposit, note_sighting
from tukro.money.actions.deposits.bank import take_in_line
from tukro.money.actions.deposits.disputes import record_dispute_by_hand
from tukro.money.actions.deposits.refunds import ask_refund, fail_refund_by_hand, finish_refund_by_hand
from tukro.money.actions.deposits.unmatched import assign_unmatched, return_unmatched
from tukro.money.actions.deposits.write_offs import reinstate_debt, write_off_debt
from tukro.money.models import Deposit, UnmatchedMoney
from tukro.money.queries.deposits import debt_of
from tukro.money.rules.bank_lines import BankLine
from tukro.money.rules.deposits import Sighting
from tukro.notices.actions.letters import letters_of
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db


@pytest.fixture
def karim() -> Requester:
    """Play money is on the balance: nobody is written to because of it."""
    made = make.requester(funds="5.00")
    made.user.language = "en"
    made.user.save()
    return made


def asked(of: Requester, provider: str = "bank") -> Deposit:
    return create_deposit(requester=of, amount=Money.parse("50.00"), provider=provider, now=NOW)


def told() -> list[str]:
    return [letter.subject for letter in letters_of(list(Event.objects.order_by("id")))]


def test_money_that_came_went_back_or_was_taken_back_is_told(karim: Requester) -> None:
    deposit = asked(karim)
    make.settled(deposit, payment_ref="T1", now=NOW)
    for amount, goes in (("20.00", True), ("10.00", False)):
        refund = ask_refund(
            requester=karim, deposit_id=deposit.public_id, amount=Money.parse(amount), now=NOW
        ).public_id
        if goes:
            finish_refund_by_hand(by=HOUSE, refund_id=refund, reference="R1", now=NOW)
        else:
            fail_refund_by_hand(by=HOUSE, refund_id=refund, reason="closed account", now=NOW)
    for won in (False, True):
        record_dispute_by_hand(
            by=HOUSE,
            deposit_id=deposit.public_id,
            reference="D1",
            amount=Money.parse("40.00"),
            reason="",
            won=won,
            now=NOW,
        )
    letters = list(letters_of(list(Event.objects.order_by("id"))))
    assert [letter.subject for letter in letters] == [
        "$50.00 is in your balance",
        "$20.00 was sent back to you",
        "$10.00 could not be sent back",
        "$40.00 was taken back by the payer's bank",
        "$40.00 is back after a dispute",
    ]
    assert "you owe this" in letters[3].text  # 35.00 was there
    assert f"/requester/deposits/{deposit.public_id}" in letters[0].text


def test_money_that_did_not_fit_is_told_when_it_comes_and_when_it_is_decided(karim: Requester) -> None:
    deposit = asked(karim)
    for ref, amount in (("T1", "49.00"), ("T2", "1.00")):
        line = BankLine(ref, Money.parse(amount), memo=deposit.reference)
        assert take_in_line(by=HOUSE, line=line, now=NOW) == "unmatched"
    first, second = UnmatchedMoney.objects.order_by("id")
    reason = "their letter"
    assign_unmatched(by=HOUSE, unmatched_id=first.public_id, requester=karim, reason=reason, now=NOW)
    return_unmatched(by=HOUSE, unmatched_id=second.public_id, reason=reason, now=NOW)
    letters = list(letters_of(list(Event.objects.order_by("id"))))
    assert [letter.subject for letter in letters] == [
        "Your payment of $49.00 is being looked at",
        "Your payment of $1.00 is being looked at",
        "$49.00 is in your balance",
        "$1.00 was sent back to you",
    ]
    made = Deposit.objects.get(payment_ref="T1")
    assert f"/requester/deposits/{made.public_id}" in letters[2].text


def test_a_payment_whose_owner_nobody_knew_is_told_to_whom_it_is_given(karim: Requester) -> None:
    line = BankLine("T1", Money.parse("49.00"), memo="for you")
    take_in_line(by=HOUSE, line=line, now=NOW)
    kept = UnmatchedMoney.objects.get()
    assign_unmatched(by=HOUSE, unmatched_id=kept.public_id, requester=karim, reason="they called", now=NOW)
    assert told() == ["$49.00 is in your balance"]


def test_a_correction_says_how_much_and_why(karim: Requester) -> None:
    worker = cast.rahima()
    correct_balance(by=HOUSE, person=karim, amount=Money.parse("-2.00"), reason="paid by cheque", now=NOW)
    made = correct_balance(by=HOUSE, person=worker, amount=Money.parse("3.00"), reason="lost work", now=NOW)
    reverse_correction(by=HOUSE, correction_id=made, reason="it was another's", now=NOW)
    letters = list(letters_of(list(Event.objects.filter(name__contains="Correct").order_by("id"))))
    assert [letter.subject for letter in letters] == [
        "Our staff took $2.00 from your balance",
        "Our staff put $3.00 into your balance",
        "Our staff took $3.00 from your balance",
    ]
    assert ["paid by cheque" in letters[0].text, "lost work" in letters[1].text] == [True, True]
    assert "it was another's" in letters[2].text


def test_a_debt_that_staff_give_up_or_take_up_again_is_told_with_why(karim: Requester) -> None:
    deposit = paid_in(karim, "50.00")
    correct_balance(by=HOUSE, person=karim, amount=Money.parse("-30.00"), reason="spent", now=NOW)
    taken_back(deposit)
    given_up = write_off_debt(
        by=SHIRIN, requester=karim, amount=Money.parse("10.00"), reason="long ago", now=NOW
    )
    reinstate_debt(by=SHIRIN, write_off_id=given_up.public_id, reason="found after all", now=NOW)
    letters = list(letters_of(list(Event.objects.filter(name__startswith="DebtW").order_by("id"))))
    letters += letters_of(list(Event.objects.filter(name__startswith="DebtR").order_by("id")))
    assert [letter.subject for letter in letters] == ["You no longer owe $10.00", "You owe $10.00 again"]
    assert ["long ago" in letters[0].text, "found after all" in letters[1].text] == [True, True]


def test_what_a_won_dispute_pays_of_a_debt_that_was_given_up_is_told_once(karim: Requester) -> None:
    deposit = paid_in(karim, "50.00")
    correct_balance(by=HOUSE, person=karim, amount=Money.parse("-30.00"), reason="spent", now=NOW)
    taken_back(deposit)
    debt = debt_of(karim)
    write_off_debt(by=HOUSE, requester=karim, amount=debt, reason="long ago", now=NOW)
    before = len(told())
    disputed(deposit, won=True)
    assert Event.objects.filter(name="DebtReinstated").exists()
    assert told()[before:] == ["$50.00 is back after a dispute"]


def test_only_what_staff_look_at_is_told_of_what_failed(karim: Requester) -> None:
    declined, wrong = asked(karim, "stripe"), asked(karim, "stripe")
    note_sighting(deposit_id=declined.public_id, seen=Sighting("failed"), now=NOW)
    paid = Sighting("paid", paid=Money.parse("49.00"), payment="pi_1")
    note_sighting(deposit_id=wrong.public_id, seen=paid, now=NOW)
    assert told() == ["Your payment of $50.00 is being looked at"]
