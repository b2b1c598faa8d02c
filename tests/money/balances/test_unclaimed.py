"""A balance in silence: its owner is told first, it is set apart, and comes back whenever it is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.web.market import signed_in
from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.money.actions.balances.unclaimed import NOTICE, NothingUnclaimed, claim_balance
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.policy import BadPolicy, change_policy
from tukro.money.jobs import look_for_unclaimed
from tukro.money.models import UnclaimedBalance
from tukro.money.queries import requester_available, worker_balance
from tukro.money.queries.unclaimed import unclaimed_of
from tukro.notices.actions.tellers import TELLERS
from tukro.people.jobs import purge_sessions
from tukro.people.models import Session, User, Worker
from tukro.privacy.queries import still_open

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=360)
FIVE = Money.parse("5.00")


@pytest.fixture
def silent() -> Worker:
    """Rahima, who has money and was last heard of at NOW."""
    rahima = cast.rahima()
    correct_balance(by=SHIRIN, person=rahima, amount=FIVE, reason="test", now=NOW)
    User.objects.update(joined_at=NOW, last_login=None)
    change_policy(by=SHIRIN, unclaimed_after_months=12, now=NOW)
    return rahima


def test_nothing_is_set_apart_before_its_owner_was_told_and_had_time(silent: Worker) -> None:
    assert look_for_unclaimed(NOW + YEAR) == 0
    late = NOW + YEAR + timedelta(days=1)
    assert (look_for_unclaimed(late), look_for_unclaimed(late)) == (1, 0)  # told, once
    assert look_for_unclaimed(late + NOTICE - timedelta(seconds=1)) == 0
    assert (look_for_unclaimed(late + NOTICE), unclaimed_of(silent)) == (1, FIVE)
    assert worker_balance(silent)[0] == Money.zero()
    unclaimed = Event.objects.filter(name__contains="Unclaimed", name__in=TELLERS)
    told = {event.name: TELLERS[event.name](event) for event in unclaimed}
    assert {name: one.template for name, one in told.items() if one} == {
        "BalanceUnclaimed": "balance_unclaimed"
    }  # the earlier letter would have nothing to say any more
    assert claim_balance(person=silent, now=late + 9 * YEAR) == FIVE
    assert worker_balance(silent)[0] == FIVE
    with pytest.raises(NothingUnclaimed):
        claim_balance(person=silent, now=late + 9 * YEAR)


@pytest.mark.parametrize("sign", ["sign-in", "visit", "visit long over", "movement", "policy"])
def test_a_sign_of_life_in_time_ends_it(silent: Worker, sign: str) -> None:
    late = NOW + YEAR + timedelta(days=1)
    look_for_unclaimed(late)
    after = late + timedelta(days=9)
    match sign:
        case "sign-in":
            User.objects.update(last_login=after)
        case "visit" | "visit long over":
            Session.objects.create(key="k", user=silent.user, expires_at=after, seen_at=after)
            if sign == "visit long over":
                purge_sessions(after)
        case "movement":
            correct_balance(by=SHIRIN, person=silent, amount=FIVE, reason="test", now=after)
        case "policy":
            change_policy(by=SHIRIN, unclaimed_after_months=0, now=after)
    assert look_for_unclaimed(late + NOTICE) == 0
    assert UnclaimedBalance.objects.get().ended_at == late + NOTICE
    assert unclaimed_of(silent) == Money.zero()


def test_the_letter_says_how_much_and_until_when(silent: Worker) -> None:
    late = NOW + YEAR + timedelta(days=1)
    look_for_unclaimed(late)
    event = Event.objects.get(name="BalanceSoonUnclaimed")
    told = TELLERS[event.name](event)
    assert told is not None
    assert (told.user, told.kind, told.facts["amount"]) == (silent.user, "account", FIVE)
    assert told.facts["until"] == late + NOTICE


def test_people_take_it_back_on_their_own_pages(silent: Worker) -> None:
    karim = make.requester(funds="7.00")
    User.objects.filter(pk=karim.user.pk).update(joined_at=NOW)
    for days in (1, 61):
        look_for_unclaimed(NOW + YEAR + timedelta(days=days))
    assert [one.code for one in still_open(silent.user)] == ["balance"]
    cache.clear()
    for user, page, action in [
        (silent.user, "/earnings", "/earnings/claim"),
        (karim.user, "/requester/balance", "/requester/balance/claim"),
    ]:
        client: Client = signed_in(user)
        assert "was set apart because" in client.get(page).content.decode()
        for _ in range(2):
            client.post(action)
        assert "was set apart because" not in client.get(page).content.decode()
    assert (worker_balance(silent)[0], str(requester_available(karim))) == (FIVE, "7.00")


def test_months_are_none_or_at_least_six() -> None:
    with pytest.raises(BadPolicy):
        change_policy(by=SHIRIN, unclaimed_after_months=5, now=NOW)
