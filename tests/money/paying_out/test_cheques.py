"""Cheques: numbered, posted, made void and printed anew; their withdrawals go along."""

from __future__ import annotations

from functools import partial

import pytest

from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.providers.paying import approved, balance, earner
from tests.together import outcomes, together
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.money.actions.paying_out.batches import BatchOver, drop_batch, hand_over_batch, make_batch
from tukro.money.actions.paying_out.cheques import (
    ChequeNumberTaken,
    ChequeOver,
    NoChequeMissing,
    NotAChequeNumber,
    number_cheques,
    post_cheque,
    void_cheque,
)
from tukro.money.actions.paying_out.payouts import ReasonMissing, return_payout, settle_payout
from tukro.money.models import Cheque, Payout, PayoutBatch
from tukro.money.queries import cheque_counts, cheques_in, next_cheque_number
from tukro.money.rules.cheques import cheque_number, numbers_from
from tukro.people.models import Worker

pytestmark = pytest.mark.django_db
HOME = {"payee": "রহিমা খাতুন", "address": "বাড়ি ১২, সড়ক ৫\nধানমন্ডি\nঢাকা ১২০৫"}
number = partial(number_cheques, by=SHIRIN, now=NOW)
post = partial(post_cheque, by=SHIRIN, now=NOW)
void = partial(void_cheque, by=SHIRIN, now=NOW)


@pytest.fixture
def worker() -> Worker:
    return earner("60.00")


def file_of(worker: Worker, count: int = 1) -> PayoutBatch:
    for _ in range(count):
        approved(worker, "cheque", HOME)
    return make_batch(by=SHIRIN, kind="cheque", layout="cheque", now=NOW)


def states() -> list[tuple[str, str, str]]:
    """Number and state of each cheque, and its withdrawal's."""
    rows = Cheque.objects.select_related("payout").order_by("id")
    return [(one.number, one.state.value, one.payout.state) for one in rows]


def test_a_file_gets_numbers_one_after_another_and_is_posted_with_them(worker: Worker) -> None:
    batch = file_of(worker, 3)
    made = number(batch_id=batch.public_id, first=" ০০৯৯ ৮")
    assert [cheque.number for cheque in made] == ["00998", "00999", "01000"]
    assert next_cheque_number() == "01001"
    with pytest.raises(NoChequeMissing):
        number(batch_id=batch.public_id, first="5")
    hand_over_batch(by=SHIRIN, batch_id=batch.public_id, reference="00998-01000", now=NOW)
    assert states() == [(one, "posted", "sent") for one in ("00998", "00999", "01000")]
    assert set(Payout.objects.values_list("reference", flat=True)) == {"00998", "00999", "01000"}
    assert balance(worker) == ("30.00", "0.00", "30.00")


def test_a_posted_cheque_is_cashed_or_comes_back_once(worker: Worker) -> None:
    batch = file_of(worker, 2)
    number(batch_id=batch.public_id, first="1")
    for _ in range(2):
        post(number="1")
    post(number="2")
    one, two = Payout.objects.order_by("id")
    settle_payout(by=SHIRIN, payout_id=one.public_id, now=NOW)
    for _ in range(2):
        return_payout(by=SHIRIN, payout_id=two.public_id, reason="Moved away", now=NOW)
    assert states() == [("1", "cashed", "settled"), ("2", "returned", "returned")]
    assert balance(worker) == ("50.00", "0.00", "0.00")
    for over in ("1", "2"):
        with pytest.raises(ChequeOver):
            void(number=over, reason="spoilt")
    return_payout(by=SHIRIN, payout_id=one.public_id, reason="Bounced", now=NOW)  # days after it was cashed
    assert balance(worker) == ("60.00", "0.00", "0.00")
    assert [cheque.number for cheque in cheques_in("returned")] == ["2", "1"]


def test_a_spoilt_sheet_is_void_and_another_takes_its_place(worker: Worker) -> None:
    batch = file_of(worker)
    number(batch_id=batch.public_id, first="7")
    with pytest.raises(ReasonMissing):
        void(number="7", reason=" ")
    for _ in range(2):
        void(number="7", reason="The printer ate it")
    with pytest.raises(ChequeNumberTaken):
        number(batch_id=batch.public_id, first="7")
    with pytest.raises(ChequeOver):
        post(number="7")
    number(batch_id=batch.public_id, first="8")
    post(number="8")
    assert states() == [("7", "void", "sent"), ("8", "posted", "sent")]
    void(number="8", reason="Lost in the post, stopped at the bank")
    number(batch_id=batch.public_id, first="9")
    assert states()[-1] == ("9", "printed", "sent")
    post(number="9")
    payout = Payout.objects.get()
    assert (payout.reference, payout.state) == ("9", "sent")
    assert balance(worker) == ("50.00", "0.00", "10.00")  # sent once, however many sheets it took
    assert [event.name for event in history(payout.public_id)][3:] == [
        *("ChequePrinted", "ChequeVoided", "ChequePrinted", "PayoutSent", "ChequePosted"),
        *("ChequeVoided", "ChequePrinted", "ChequePosted"),
    ]
    assert dict(cheque_counts()) == {"printed": 0, "posted": 1, "cashed": 0, "returned": 0, "void": 2}


def test_the_cheques_of_a_dropped_file_are_void(worker: Worker) -> None:
    batch = file_of(worker)
    number(batch_id=batch.public_id, first="1")
    drop_batch(by=SHIRIN, batch_id=batch.public_id, reason="Wrong paper", now=NOW)
    assert states() == [("1", "void", "approved")]
    with pytest.raises(BatchOver):
        number(batch_id=batch.public_id, first="2")
    again = make_batch(by=SHIRIN, kind="cheque", layout="cheque", now=NOW)
    assert [cheque.number for cheque in number(batch_id=again.public_id, first="2")] == ["2"]


def test_a_cheque_in_the_post_stays_there_when_the_rest_of_its_file_is_dropped(worker: Worker) -> None:
    batch = file_of(worker, 2)
    number(batch_id=batch.public_id, first="1")
    post(number="1")
    drop_batch(by=SHIRIN, batch_id=batch.public_id, reason="Out of envelopes", now=NOW)
    assert states() == [("1", "posted", "sent"), ("2", "void", "approved")]


@pytest.mark.parametrize("first", ["", "A12", "-4", "1234567890123", "999999999999"])
def test_what_is_no_number_is_refused(worker: Worker, first: str) -> None:
    with pytest.raises(NotAChequeNumber):
        number(batch_id=file_of(worker, 2).public_id, first=first)


def test_what_is_not_there_is_not_found(worker: Worker) -> None:
    approved(worker, "bkash", {"number": "01712345678"})
    wallet = make_batch(by=SHIRIN, kind="bkash", layout="wallet", now=NOW)
    with pytest.raises(NotFound):
        number(batch_id=wallet.public_id, first="1")
    with pytest.raises(NotFound):
        post(number="404")


@pytest.mark.django_db(transaction=True)
def test_two_who_number_a_file_at_once_give_each_withdrawal_one_cheque() -> None:
    batch = file_of(earner("60.00"), 3)
    results = together(*[partial(number, batch_id=batch.public_id, first=str(at)) for at in (10, 20, 30)])
    assert outcomes(results) == {"done": 1, "NoChequeMissing": 2}
    assert Cheque.objects.count() == 3


def test_numbers_keep_their_width() -> None:
    assert numbers_from("0099", 2) == ["0099", "0100"]
    assert numbers_from("99", 2) == ["99", "100"]
    assert (cheque_number("০০ ১২"), cheque_number("12a")) == ("0012", "")
