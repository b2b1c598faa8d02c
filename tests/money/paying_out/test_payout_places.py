"""Where money goes: confirmed by mail, usable after a while, one worker's alone; and schedules."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests import cast, make
from tests.make import NOW
from tests.money.bank import BKASH, SHIRIN
from tests.providers.paying import earner
from tests.together import outcomes, together
from tukro.journal.models import Event
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.paying_out import payouts, schedules
from tukro.money.actions.paying_out.asking import AboveMaximum, MethodNotReady, OverDailyLimit, request_payout
from tukro.money.actions.paying_out.methods import (
    ASKED_EVERY,
    AskedJustNow,
    IdentityTaken,
    KindNotOffered,
    LinkStale,
    add_method,
    ask_again,
    confirm_method,
    confirmation_token,
    forget_methods,
    method_of_token,
    remove_method,
)
from tukro.money.actions.paying_out.schedules import BadSchedule, set_schedule, withdraw_on_schedule
from tukro.money.actions.paying_out.terms import change_cooling, change_terms
from tukro.money.actions.policy import BadPolicy
from tukro.money.jobs import withdraw_on_schedules
from tukro.money.models import (
    Payout,
    PayoutIdentity,
    PayoutMethod,
    PayoutSchedule,
    PayoutSignal,
    PayoutTerms,
)
from tukro.money.queries import terms_of
from tukro.people.models import Worker

pytestmark = pytest.mark.django_db
TEN = Money.parse("10.00")


def added(worker: Worker, number: str = BKASH["number"]) -> PayoutMethod:
    return add_method(worker=worker, kind="bkash", details={"number": number}, now=NOW)


def ask(method: PayoutMethod, *, hours: int, amount: Money = TEN) -> Payout:
    return request_payout(
        worker=method.worker, method_id=method.pk, amount=amount, now=NOW + timedelta(hours=hours)
    )


def terms(**said: Any) -> None:
    usual: dict[str, Any] = {
        "offered": True,
        "minimum": None,
        "maximum": None,
        "daily_maximum": None,
        "fee": None,
        "approved_up_to": Money(0),
    }
    change_terms(by=SHIRIN, kind="bkash", now=NOW, **(usual | said))


# --- confirming and waiting ----------------------------------------------------------------------


def test_a_new_place_waits_for_its_mail_and_for_three_days() -> None:
    method = added(earner())
    with pytest.raises(MethodNotReady) as caught:
        ask(method, hours=100)
    assert caught.value.facts["confirmed"] is False
    confirm_method(method=method_of_token(confirmation_token(method)), now=NOW)
    with pytest.raises(MethodNotReady) as caught:
        ask(method, hours=71)
    assert caught.value.facts == {"confirmed": True, "usable_from": NOW + timedelta(hours=72)}
    assert ask(method, hours=72).state == "requested"


def test_the_operator_says_how_long_and_only_for_places_from_then_on() -> None:
    worker = earner()
    before = added(worker)
    change_cooling(by=SHIRIN, hours=0, now=NOW)
    after = added(worker, "01812345678")
    for method in (before, after):
        confirm_method(method=method, now=NOW)
    assert ask(after, hours=0).state == "requested"
    with pytest.raises(MethodNotReady):
        ask(before, hours=0)
    with pytest.raises(BadPolicy):
        change_cooling(by=SHIRIN, hours=721, now=NOW)


def test_a_link_that_is_forged_or_about_a_removed_place_opens_nothing() -> None:
    method = added(earner())
    token = confirmation_token(method)
    with pytest.raises(LinkStale):
        method_of_token(token[:-1] + ("A" if token[-1] != "A" else "B"))
    remove_method(worker=method.worker, method_id=method.pk, now=NOW)
    with pytest.raises(LinkStale):
        method_of_token(token)
    with pytest.raises(LinkStale):
        confirm_method(method=method, now=NOW)


def test_confirming_twice_is_once_and_the_journal_has_no_numbers() -> None:
    method = added(earner())
    for _ in range(2):
        confirm_method(method=method, now=NOW)
    names = [event.name for event in history(method.worker.public_id) if "Method" in event.name]
    assert names == ["PayoutMethodAdded", "PayoutMethodConfirmed"]
    assert not [event for event in Event.objects.all() if BKASH["number"] in str(event.facts)]


def test_the_same_place_twice_is_one_place() -> None:
    worker = earner()
    first = added(worker)
    assert added(worker, "+88 01712-345678") == first
    assert add_method(worker=worker, kind="nagad", details=BKASH, now=NOW) != first
    assert PayoutMethod.objects.count() == 2


def test_an_earlier_place_with_an_address_is_told_of_a_new_one() -> None:
    worker = earner()
    paypal = make.payout_method(of=worker, kind="paypal", details={"email": "old@example.org"})
    method = added(worker)
    event = Event.objects.get(name="PayoutMethodJoined")
    assert (event.facts["method"], event.facts["told"]) == (method.pk, paypal.pk)
    assert "old@example.org" not in str(event.facts)


def test_the_mail_that_asks_to_confirm_is_sent_again_but_not_at_once_nor_when_it_is_confirmed() -> None:
    worker, mails = earner(), Event.objects.filter(name="PayoutMethodAskedAgain")
    method, later = added(worker), NOW + ASKED_EVERY
    with pytest.raises(AskedJustNow) as refused:
        ask_again(worker=worker, method_id=method.pk, now=later - timedelta(seconds=1))
    assert refused.value.facts == {"again_at": later}
    ask_again(worker=worker, method_id=method.pk, now=later)
    assert [event.facts["method"] for event in mails.all()] == [method.pk]
    add_method(worker=worker, kind="bkash", details=BKASH, now=later)  # told once more a moment later
    assert mails.count() == 1
    add_method(worker=worker, kind="bkash", details=BKASH, now=later + ASKED_EVERY)  # and the day after
    assert mails.count() == 2
    confirm_method(method=method, now=later)
    ask_again(worker=worker, method_id=method.pk, now=later + timedelta(days=1))
    add_method(worker=worker, kind="bkash", details=BKASH, now=later + timedelta(days=1))
    assert mails.count() == 2
    with pytest.raises(NotFound):
        ask_again(worker=cast.tanvir(), method_id=method.pk, now=later)


# --- one identity, one worker ---------------------------------------------------------------------


def test_a_place_of_one_worker_is_refused_to_another_and_staff_see_it() -> None:
    rahima, tanvir = earner(), cast.tanvir()
    added(rahima)
    for kind, number in (("bkash", "+8801712345678"), ("nagad", "০১৭১২৩৪৫৬৭৮")):
        with pytest.raises(IdentityTaken) as caught:
            add_method(worker=tanvir, kind=kind, details={"number": number}, now=NOW)  # type: ignore[arg-type]  # each kind by its name
        assert caught.value.facts == {}  # not whose it is
    assert not PayoutMethod.objects.filter(worker=tanvir).exists()
    signals = PayoutSignal.objects.filter(kind="identity")
    assert {(one.worker, one.other) for one in signals} == {(tanvir, rahima)}
    assert [event.name for event in history(tanvir.public_id)] == ["PayoutIdentityRefused"] * 2


def test_identities_lie_there_as_keyed_hashes() -> None:
    method = added(earner())
    digest = PayoutIdentity.objects.get().digest
    assert bytes(digest) == bytes(PayoutMethod.objects.get(pk=method.pk).digest or b"")
    assert len(bytes(digest)) == 32
    assert BKASH["number"].encode() not in bytes(digest)


def test_a_place_that_no_money_went_to_is_free_again_when_it_is_removed() -> None:
    rahima, tanvir = earner(), cast.tanvir()
    method = added(rahima)
    remove_method(worker=rahima, method_id=method.pk, now=NOW)
    other = added(tanvir)
    remove_method(worker=tanvir, method_id=other.pk, now=NOW)
    used = confirm_method(method=added(rahima), now=NOW)
    ask(used, hours=80)
    remove_method(worker=rahima, method_id=used.pk, now=NOW)
    with pytest.raises(IdentityTaken):
        added(tanvir)


@pytest.mark.parametrize(("state", "free"), [("active", True), ("suspended", False)])
def test_who_leaves_in_good_standing_frees_the_place_who_was_barred_does_not(state: str, free: bool) -> None:
    rahima = earner()
    added(rahima)
    rahima.state = state
    forget_methods(rahima)
    assert PayoutMethod.objects.count() == 0
    assert PayoutIdentity.objects.exists() is not free


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_give_one_number_at_once_get_it_once() -> None:
    workers = [make.worker() for _ in range(4)]
    results = together(*(partial(added, worker) for worker in workers))
    assert outcomes(results) == {"done": 1, "IdentityTaken": 3}
    assert PayoutSignal.objects.count() == 3


# --- terms ----------------------------------------------------------------------------------------


def test_the_terms_of_a_kind_hold_beside_those_of_the_house() -> None:
    method = confirm_method(method=added(earner("100.00")), now=NOW)
    terms(
        minimum=Money.parse("5.00"),
        maximum=Money.parse("20.00"),
        daily_maximum=Money.parse("30.00"),
        fee=Money.parse("0.50"),
        approved_up_to=Money.parse("15.00"),
    )
    with pytest.raises(AboveMaximum):
        ask(method, hours=80, amount=Money.parse("20.01"))
    small = ask(method, hours=80, amount=Money.parse("5.00"))
    assert (small.state, str(small.fee), small.approved_by) == ("approved", "0.50", "house")
    assert ask(method, hours=81, amount=Money.parse("20.00")).state == "requested"
    with pytest.raises(OverDailyLimit) as caught:
        ask(method, hours=82, amount=Money.parse("5.01"))
    assert caught.value.facts["left"] == Money.parse("5.00")
    payouts.cancel_payout(worker=method.worker, payout_id=small.public_id, now=NOW)
    assert ask(method, hours=82, amount=TEN)
    assert ask(method, hours=107, amount=Money.parse("20.00"))


def test_a_kind_that_is_not_offered_takes_no_new_places_and_pays_out_who_leaves() -> None:
    method = confirm_method(method=added(earner()), now=NOW)
    terms(offered=False)
    with pytest.raises(KindNotOffered):
        added(method.worker, "01812345678")
    with pytest.raises(KindNotOffered):
        ask(method, hours=80)
    last = request_payout(
        worker=method.worker,
        method_id=method.pk,
        amount=Money.parse("0.05"),
        closing=True,
        now=NOW + timedelta(hours=80),
    )
    assert last.state == "requested"


@pytest.mark.parametrize(
    "said",
    [
        {"minimum": Money(10_001)},
        {"maximum": Money.parse("9.99")},
        {"daily_maximum": Money.parse("1.00")},
        {"maximum": Money(20_001_000)},
        {"daily_maximum": Money(20_001_000)},
        {"fee": Money.parse("10.00")},
        {"approved_up_to": Money(-1)},
    ],
)
def test_terms_that_contradict_each_other_are_refused(said: dict[str, Money]) -> None:
    with pytest.raises(BadPolicy) as caught:
        terms(**said)
    assert caught.value.facts == {"fields": list(said)}


def test_without_a_word_of_the_operator_the_house_rules_hold() -> None:
    usual = terms_of("cheque")
    assert (str(usual.minimum), usual.maximum, str(usual.fee)) == ("10.00", None, "0.00")
    assert (usual.offered, usual.arrives_from, usual.arrives_to) == (True, 14, 21)


# --- by itself -------------------------------------------------------------------------------------


def test_a_schedule_withdraws_what_is_above_the_minimum_when_its_days_are_over() -> None:
    method = make.payout_method(of=earner("25.50"))
    set_schedule(worker=method.worker, every_days=7, method_id=method.pk, now=NOW)
    assert not withdraw_on_schedule(now=NOW + timedelta(days=6))
    assert withdraw_on_schedule(now=NOW + timedelta(days=7))
    [payout] = Payout.objects.all()
    assert (str(payout.amount), payout.state) == ("25.50", "requested")
    assert not withdraw_on_schedule(now=NOW + timedelta(days=7))
    assert withdraw_on_schedule(now=NOW + timedelta(days=14))  # nothing is left: its turn passes
    assert Payout.objects.count() == 1


def test_a_turn_that_fails_holds_up_no_other_and_comes_again_in_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd, good = earner(), make.with_earnings(cast.tanvir(), "25.00")
    for worker in (odd, good):
        method = make.payout_method(of=worker)
        set_schedule(worker=worker, every_days=3, method_id=method.pk, now=NOW - timedelta(days=3))

    def fails_for_one(*, worker: Worker, **told: Any) -> Payout:
        if worker == odd:
            raise ConnectionError("the power went out")
        return request_payout(worker=worker, **told)

    monkeypatch.setattr(schedules, "request_payout", fails_for_one)
    assert withdraw_on_schedules(NOW) == 2
    assert Payout.objects.get().worker == good
    monkeypatch.undo()
    assert withdraw_on_schedules(NOW + timedelta(minutes=59)) == 0
    assert withdraw_on_schedules(NOW + timedelta(hours=1)) == 1
    assert Payout.objects.filter(worker=odd).count() == 1


def test_a_schedule_keeps_to_the_limits_of_its_kind() -> None:
    method = make.payout_method(of=earner("100.00"))
    terms(maximum=Money.parse("30.00"), daily_maximum=Money.parse("45.00"))
    set_schedule(worker=method.worker, every_days=3, method_id=method.pk, now=NOW - timedelta(days=3))
    ask(method, hours=0, amount=Money.parse("20.00"))
    withdraw_on_schedule(now=NOW)
    assert [str(one.amount) for one in Payout.objects.order_by("id")] == ["20.00", "25.00"]


def test_what_is_left_out_says_why_until_it_goes_and_is_new_once() -> None:
    method = make.payout_method(of=earner("25.50"))
    set_schedule(worker=method.worker, every_days=7, method_id=method.pk, now=NOW)

    def turn(days: int, *, offered: bool) -> str:
        PayoutTerms.objects.update_or_create(kind="bkash", defaults={"offered": offered})
        withdraw_on_schedule(now=NOW + timedelta(days=days))
        return PayoutSchedule.objects.get().left_out_for

    assert [turn(7, offered=False), turn(14, offered=False)] == ["KindNotOffered"] * 2
    assert turn(21, offered=True) == ""
    skipped = history(method.worker.public_id).filter(name="PayoutScheduleSkipped")
    assert [event.facts for event in skipped] == [
        {"why": "KindNotOffered", "again": False},
        {"why": "KindNotOffered", "again": True},
    ]


def test_a_new_choice_forgets_why_the_last_turn_was_left_out() -> None:
    method = make.payout_method(of=earner())
    for left_out_for in ("KindNotOffered", ""):
        set_schedule(worker=method.worker, every_days=7, method_id=method.pk, now=NOW)
        assert PayoutSchedule.objects.get().left_out_for == ""
        PayoutSchedule.objects.update(left_out_for=left_out_for)


def test_a_schedule_ends_with_its_place_or_when_it_is_taken_back() -> None:
    method = make.payout_method(of=earner())
    set_schedule(worker=method.worker, every_days=30, method_id=method.pk, now=NOW)
    set_schedule(worker=method.worker, every_days=0, method_id=0, now=NOW)
    set_schedule(worker=method.worker, every_days=14, method_id=method.pk, now=NOW)
    remove_method(worker=method.worker, method_id=method.pk, now=NOW)
    assert not withdraw_on_schedule(now=NOW + timedelta(days=60))
    with pytest.raises(BadSchedule):
        set_schedule(worker=method.worker, every_days=5, method_id=method.pk, now=NOW)


def test_a_place_that_waits_cannot_be_put_on_a_schedule() -> None:
    method = added(earner())
    with pytest.raises(MethodNotReady):
        set_schedule(worker=method.worker, every_days=3, method_id=method.pk, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_take_a_turn_once() -> None:
    method = make.payout_method(of=earner())
    set_schedule(worker=method.worker, every_days=3, method_id=method.pk, now=NOW - timedelta(days=3))
    together(*[partial(withdraw_on_schedule, now=NOW)] * 4)
    assert Payout.objects.count() == 1
