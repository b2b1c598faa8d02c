"""Corrections are new transfers with a reason; a wrong one is reversed, once."""

from __future__ import annotations

import pytest

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN, summed
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.ledger.models import Transfer
from tukro.money.actions.books.corrections import (
    CorrectionNeedsReason,
    NothingToCorrect,
    correct_balance,
    reverse_correction,
)
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.queries import requester_available, worker_balance

pytestmark = pytest.mark.django_db
FIVE = Money.parse("5.00")


def test_the_house_makes_good_and_takes_it_back_once() -> None:
    rahima = cast.rahima()
    made = correct_balance(by=SHIRIN, person=rahima, amount=FIVE, reason=" lost work ", now=NOW)
    assert worker_balance(rahima)[0] == summed("goodwill", grows=1) == FIVE
    for _ in range(2):
        reverse_correction(by=SHIRIN, correction_id=made, reason="wrong worker", now=NOW)
    assert worker_balance(rahima)[0] == summed("goodwill", grows=1) == Money.zero()
    assert Transfer.objects.filter(subject=made).count() == 2
    first, *_ = history(made)
    assert (first.name, first.actor, first.facts["reason"]) == ("BalanceCorrected", str(SHIRIN), "lost work")


def test_a_correction_takes_no_more_than_there_is() -> None:
    karim = make.requester(email="karim@example.org", funds="3.00")
    with pytest.raises(InsufficientFunds):
        correct_balance(by=SHIRIN, person=karim, amount=-FIVE, reason="given twice", now=NOW)
    made = correct_balance(by=SHIRIN, person=karim, amount=Money.parse("-3.00"), reason="twice", now=NOW)
    assert requester_available(karim) == Money.zero()
    reverse_correction(by=SHIRIN, correction_id=made, reason="it was not", now=NOW)
    assert requester_available(karim) == Money.parse("3.00")


def test_a_correction_says_why_and_what() -> None:
    rahima = cast.rahima()
    with pytest.raises(CorrectionNeedsReason):
        correct_balance(by=SHIRIN, person=rahima, amount=FIVE, reason=" ", now=NOW)
    with pytest.raises(NothingToCorrect):
        correct_balance(by=SHIRIN, person=rahima, amount=Money.zero(), reason="because", now=NOW)
    with pytest.raises(CorrectionNeedsReason):
        reverse_correction(by=SHIRIN, correction_id="X", reason="", now=NOW)
    with pytest.raises(NotFound):
        reverse_correction(by=SHIRIN, correction_id="X", reason="because", now=NOW)
