"""Withdrawals: asked for, sent, arrived, come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from tests import cast, make
from tests.make import NOW
from tests.money.bank import BKASH, SHIRIN, add_bkash
from tukro.journal.models import Event
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.holds import hold_payout, release_payout
from tukro.money.actions.paying_out import asking, payouts
from tukro.money.actions.paying_out import methods as payout_methods
from tukro.money.actions.paying_out.asking import AboveMaximum, BelowMinimum, NotWholeCents
from tukro.money.actions.paying_out.methods import BadDetails
from tukro.money.actions.paying_out.payouts import (
    PayoutNotMovable,
    ReasonMissing,
    ReferenceMissing,
    SentUnderAnother,
)
from tukro.money.actions.paying_out.sending import claim_payout, record_news
from tukro.money.actions.policy import change_policy
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.models import Payout, PayoutMethod, PayoutSignal, PayoutState, PayoutTerms
from tukro.money.queries import payout_methods_of, payout_queue, payouts_of, worker_balance
from tukro.money.rules import PAYOUT_MOVES, DetailProblem, PayoutKindName, PayoutVerb
from tukro.money.rules.payouts import PAYOUT_ENDS, PayoutNews, Said
from tukro.people.models import Worker, WorkerState

pytestmark = pytest.mark.django_db
TEN = Money.parse("10.00")


@pytest.fixture
def rahima() -> Worker:
    """Rahima has earned 25 dollars."""
    return make.with_earnings(cast.rahima(), "25.00")


def ask(worker: Worker, amount: Money = TEN) -> Payout:
    return asking.request_payout(worker=worker, method_id=add_bkash(worker), amount=amount, now=NOW)


def test_a_request_whose_answer_was_lost_has_the_same_answer_whatever_changed_since(rahima: Worker) -> None:
    method = add_bkash(rahima)
    say = partial(asking.request_payout, method_id=method, amount=TEN, payout_id=new_id(), now=NOW)
    first = say(worker=rahima)
    payout_methods.remove_method(worker=rahima, method_id=method, now=NOW)
    assert say(worker=rahima) == first
    with pytest.raises(NotFound):  # the id is hers alone
        say(worker=cast.tanvir())
    assert balance(rahima) == ("15.00", "10.00", "0.00")


def balance(worker: Worker) -> tuple[str, str, str]:
    available, reserved, transit = worker_balance(worker)
    return str(available), str(reserved), str(transit)


def act(verb: PayoutVerb, payout: Payout) -> Payout:
    acts: dict[PayoutVerb, Callable[[], Payout]] = {
        "send": lambda: payouts.send_payout(
            by=SHIRIN, payout_id=payout.public_id, reference=" TX1 ", now=NOW + timedelta(hours=1)
        ),
        "settle": lambda: payouts.settle_payout(
            by=SHIRIN, payout_id=payout.public_id, now=NOW + timedelta(hours=2)
        ),
        "return": lambda: payouts.return_payout(
            by=SHIRIN, payout_id=payout.public_id, reason=" Account closed ", now=NOW + timedelta(hours=3)
        ),
        "cancel": lambda: payouts.cancel_payout(worker=payout.worker, payout_id=payout.public_id, now=NOW),
        "approve": lambda: payouts.approve_payout(by=SHIRIN, payout_id=payout.public_id, now=NOW),
        "hold": lambda: hold_payout(by=SHIRIN, payout_id=payout.public_id, reason="Odd", now=NOW),
        "release": lambda: release_payout(by=SHIRIN, payout_id=payout.public_id, reason="Fine", now=NOW),
        "fail": lambda: payouts.refuse_payout(
            by=SHIRIN, payout_id=payout.public_id, reason="Not now", now=NOW
        ),
        "claim": _claim,
        "lose": lambda: _news(payout, "unclear"),
    }
    return acts[verb]()


def _claim() -> Payout:
    claimed = claim_payout(providers={"bkash": "test"}, now=NOW)
    assert claimed is not None
    return claimed


def _news(payout: Payout, said: Said) -> Payout:
    return record_news(payout_id=payout.public_id, attempt=1, news=PayoutNews(said, reason="x"), now=NOW)


PATHS: dict[str, list[PayoutVerb]] = {
    "requested": [],
    "held": ["hold"],
    "approved": ["approve"],
    "sending": ["approve", "claim"],
    "unknown": ["approve", "claim", "lose"],
    "sent": ["send"],
    "settled": ["send", "settle"],
    "failed": ["fail"],
    "returned": ["send", "return"],
    "cancelled": ["cancel"],
}
BALANCES = {
    "requested": ("15.00", "10.00", "0.00"),
    "held": ("15.00", "10.00", "0.00"),
    "approved": ("15.00", "10.00", "0.00"),
    "sending": ("15.00", "10.00", "0.00"),
    "unknown": ("15.00", "10.00", "0.00"),
    "failed": ("25.00", "0.00", "0.00"),
    "sent": ("15.00", "0.00", "10.00"),
    "settled": ("15.00", "0.00", "0.00"),
    "returned": ("25.00", "0.00", "0.00"),
    "cancelled": ("25.00", "0.00", "0.00"),
}
BY_PEOPLE: list[PayoutVerb] = [
    "approve",
    "hold",
    "release",
    "cancel",
    "send",
    "settle",
    "fail",
    "return",
]
# What only the provider's word, or a decision with a reason, may do.
NOT_BY_HAND = {
    ("sending", "settle"),
    ("unknown", "settle"),
    ("sending", "fail"),
    ("unknown", "fail"),
    ("sent", "fail"),
}


@pytest.mark.parametrize("verb", BY_PEOPLE)
@pytest.mark.parametrize("state", PayoutState.values)
def test_every_state_and_verb(rahima: Worker, state: str, verb: PayoutVerb) -> None:
    """Moves as the table says; where it already is, it stays; all else is refused and moves nothing."""
    payout = ask(rahima)
    for step in PATHS[state]:
        act(step, payout)
    after = PAYOUT_MOVES.get((state, verb)) or (state if PAYOUT_ENDS[verb] == state else None)
    if (state, verb) in NOT_BY_HAND:
        after = None
    if after is None:
        with pytest.raises(PayoutNotMovable) as caught:
            act(verb, payout)
        assert caught.value.facts == {"state": state, "verb": verb}
    else:
        assert act(verb, payout).state == after
    payout.refresh_from_db()
    assert (payout.state, balance(rahima)) == (after or state, BALANCES[after or state])


def test_a_payout_that_comes_back_after_it_arrived_restores_the_balance_once(rahima: Worker) -> None:
    payout = ask(rahima)
    verbs: list[PayoutVerb] = ["send", "settle", "return", "return"]
    for verb in verbs:
        act(verb, payout)
    assert balance(rahima) == ("25.00", "0.00", "0.00")


def test_the_operators_fee_stays_with_the_house_until_money_comes_back(rahima: Worker) -> None:
    change_policy(by=SHIRIN, now=NOW, payout_fee=Money.parse("0.50"))
    payout = ask(rahima)
    assert (str(payout.fee), str(payout.paid_out)) == ("0.50", "9.50")
    act("send", payout)
    assert balance(rahima) == ("15.00", "0.00", "9.50")
    act("return", payout)
    assert balance(rahima) == ("25.00", "0.00", "0.00")


def test_each_step_keeps_its_moment_and_words(rahima: Worker) -> None:
    payout = ask(rahima)
    verbs: list[PayoutVerb] = ["send", "settle", "return"]
    for verb in verbs:
        act(verb, payout)
    payout.refresh_from_db()
    assert (payout.sent_at, payout.settled_at, payout.returned_at) == tuple(
        NOW + timedelta(hours=hours) for hours in (1, 2, 3)
    )
    assert (payout.reference, payout.reason) == ("TX1", "Account closed")


def test_a_return_can_have_a_reference_of_its_own(rahima: Worker) -> None:
    payout = ask(rahima)
    act("send", payout)
    back = payouts.return_payout(
        by=SHIRIN, payout_id=payout.public_id, reason="closed", reference="R9", now=NOW
    )
    assert back.reference == "R9"


def test_the_journal_tells_who_did_each_step(rahima: Worker) -> None:
    payout = ask(rahima)
    verbs: list[PayoutVerb] = ["send", "settle", "settle"]
    for verb in verbs:
        act(verb, payout)
    assert [(event.name, event.actor) for event in history(payout.public_id)] == [
        ("PayoutRequested", f"worker:{rahima.public_id}"),
        ("PayoutSent", "staff:7"),
        ("PayoutSettled", "staff:7"),
    ]


def test_the_journal_does_not_tell_account_numbers(rahima: Worker) -> None:
    act("send", ask(rahima))
    assert not [event for event in Event.objects.all() if BKASH["number"] in str(event.facts)]


def test_the_least_amount_is_ten_dollars(rahima: Worker) -> None:
    with pytest.raises(BelowMinimum) as caught:
        ask(rahima, Money.parse("9.99"))
    assert caught.value.facts == {"amount": Money.parse("9.99"), "minimum": TEN}


def test_fractions_of_a_cent_are_not_paid_out(rahima: Worker) -> None:
    with pytest.raises(NotWholeCents):
        ask(rahima, Money(10_000_001))


def test_more_than_the_balance_is_refused(rahima: Worker) -> None:
    with pytest.raises(InsufficientFunds) as caught:
        ask(rahima, Money.parse("25.01"))
    assert caught.value.facts == {"needed": Money.parse("25.01"), "available": Money.parse("25.00")}
    assert not Payout.objects.exists()


def test_a_worker_who_never_earned_has_nothing_to_withdraw() -> None:
    with pytest.raises(InsufficientFunds):
        ask(cast.tanvir())


def test_a_payout_is_not_sent_without_a_reference(rahima: Worker) -> None:
    with pytest.raises(ReferenceMissing):
        payouts.send_payout(by=SHIRIN, payout_id=ask(rahima).public_id, reference=" ", now=NOW)


def test_who_sends_what_a_colleague_sent_under_another_number_hears_of_it(rahima: Worker) -> None:
    payout = ask(rahima).public_id
    payouts.send_payout(by=SHIRIN, payout_id=payout, reference="TX1", now=NOW)
    again = payouts.send_payout(by=SHIRIN, payout_id=payout, reference=" TX1 ", now=NOW)
    assert (again.state, again.reference) == ("sent", "TX1")
    with pytest.raises(SentUnderAnother) as refused:
        payouts.send_payout(by=SHIRIN, payout_id=payout, reference="TX2", now=NOW)
    assert refused.value.facts == {"reference": "TX1"}
    assert Payout.objects.get().reference == "TX1"


def test_a_payout_is_not_returned_without_a_reason(rahima: Worker) -> None:
    with pytest.raises(ReasonMissing):
        payouts.return_payout(by=SHIRIN, payout_id=ask(rahima).public_id, reason=" ", now=NOW)


def test_other_peoples_payouts_and_methods_look_absent(rahima: Worker) -> None:
    tanvir, payout = cast.tanvir(), ask(rahima)
    method = PayoutMethod.objects.get().pk
    with pytest.raises(NotFound):
        payouts.cancel_payout(worker=tanvir, payout_id=payout.public_id, now=NOW)
    with pytest.raises(NotFound):
        asking.request_payout(worker=tanvir, method_id=method, amount=TEN, now=NOW)
    with pytest.raises(NotFound):
        payout_methods.remove_method(worker=tanvir, method_id=method, now=NOW)
    with pytest.raises(NotFound):
        payouts.send_payout(by=SHIRIN, payout_id="unknown", reference="x", now=NOW)


def test_details_are_sealed_at_rest_and_bound_to_the_worker(rahima: Worker) -> None:
    payout = ask(rahima)
    assert payout.details == BKASH
    assert BKASH["number"].encode() not in bytes(payout.sealed_details)
    payout.worker = cast.tanvir()
    with pytest.raises(ValueError, match="does not open"):
        assert payout.details


def test_details_that_cannot_be_right_are_refused(rahima: Worker) -> None:
    with pytest.raises(BadDetails) as caught:
        payout_methods.add_method(worker=rahima, kind="bkash", details={"number": "12"}, now=NOW)
    assert caught.value.facts == {"problems": [DetailProblem("number", "not_a_mobile_number")]}
    assert not PayoutMethod.objects.exists()


def test_an_unknown_kind_of_payout_is_refused(rahima: Worker) -> None:
    with pytest.raises(NotFound):
        payout_methods.add_method(worker=rahima, kind="gold", details={}, now=NOW)  # type: ignore[arg-type]  # no such kind


def test_a_removed_method_is_gone_but_its_payouts_stay(rahima: Worker) -> None:
    payout = ask(rahima)
    method = PayoutMethod.objects.get()
    for _ in range(2):
        payout_methods.remove_method(worker=rahima, method_id=method.pk, now=NOW)
    assert list(payout_methods_of(rahima)) == []
    assert Payout.objects.get().details == payout.details
    assert [event.name for event in history(rahima.public_id)] == [
        "PayoutMethodAdded",
        "PayoutMethodConfirmed",
        "PayoutMethodRemoved",
    ]
    with pytest.raises(NotFound):
        asking.request_payout(worker=rahima, method_id=method.pk, amount=TEN, now=NOW)


def test_the_queue_is_in_the_order_of_asking(rahima: Worker) -> None:
    first, second = ask(rahima), ask(rahima)
    assert list(payout_queue("requested")) == [first, second]
    assert list(payouts_of(rahima)) == [second, first]
    act("send", first)
    assert (list(payout_queue("requested")), list(payout_queue("sent"))) == ([second], [first])


@pytest.mark.parametrize(
    ("kind", "rate", "said", "limit"),
    [
        ("nagad", "1.00", BelowMinimum, ("minimum", "50.00")),
        ("topup", "1.50", BelowMinimum, ("minimum", "20.00")),
        ("rocket", "2500.10", AboveMaximum, ("maximum", "25000.00")),
        ("bkash", "5000.10", AboveMaximum, ("maximum", "50000.00")),
    ],
)
def test_what_a_wallet_does_not_take_is_refused_before_it_is_asked_for(
    rahima: Worker, kind: PayoutKindName, rate: str, said: type[Refused], limit: tuple[str, str]
) -> None:
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal(rate), source="bank", now=NOW)
    method = make.payout_method(of=rahima, kind=kind, details={"number": "01712345678"})
    ask_for = partial(
        asking.request_payout, worker=rahima, method_id=method.pk, amount=TEN, currency="BDT", now=NOW
    )
    with pytest.raises(said) as caught:
        ask_for()
    assert str(caught.value.facts[limit[0]]) == limit[1]
    if said is AboveMaximum:  # the operator's own contract with the wallet goes above it
        PayoutTerms.objects.create(kind=kind, maximum=Money.parse("100.00").units)
        assert ask_for().receives.currency == "BDT"


def test_what_comes_back_for_a_closed_account_is_shown_to_staff(rahima: Worker) -> None:
    kept, lost = ask(rahima), ask(rahima)
    for one in (kept, lost):
        payouts.send_payout(by=SHIRIN, payout_id=one.public_id, reference="TX1", now=NOW)
        payouts.settle_payout(by=SHIRIN, payout_id=one.public_id, now=NOW)
    payouts.return_payout(by=SHIRIN, payout_id=kept.public_id, reason="Wrong number", now=NOW)
    assert not PayoutSignal.objects.exists()
    Worker.objects.filter(pk=rahima.pk).update(state=WorkerState.CLOSED)
    for _ in range(2):
        payouts.return_payout(by=SHIRIN, payout_id=lost.public_id, reason="Wrong number", now=NOW)
    signal = PayoutSignal.objects.get()
    assert (signal.kind, signal.payout_id) == ("nobody", lost.pk)
