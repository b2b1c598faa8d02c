"""The country where a worker works: asked for by the worker, changed by staff, with reasons."""

from __future__ import annotations

import pytest

from tests import cast, make
from tests.make import NOW
from tests.notices.telling import tell_at_once
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.law.taxes import change_tax_rule
from tukro.money.queries.taxes import withholding_of
from tukro.notices.models import Mail
from tukro.people.actions.country import SameCountry, ask_country, change_country, keep_country
from tukro.people.actions.joining import ReasonNeeded
from tukro.people.models import CountryRequest, Worker
from tukro.people.queries import country_request_of, country_requests
from tukro.qualifications.rules import LOCALE, Requirement
from tukro.work.actions.doing.assigning import NotEligible, accept_task

pytestmark = pytest.mark.django_db


def asked(worker: Worker, country: str = "IN") -> CountryRequest:
    return ask_country(worker=worker, country=country, said="I moved to Kolkata in May.", now=NOW)


def test_asking_changes_nothing_and_waits_for_staff() -> None:
    rahima = cast.rahima()
    request = asked(rahima)
    rahima.refresh_from_db()
    assert (rahima.country, request.country, request.said) == ("BD", "IN", "I moved to Kolkata in May.")
    assert list(country_requests()) == [request]
    [event] = history(rahima.public_id)
    assert (event.name, event.actor, event.facts) == ("CountryAsked", str(rahima.actor), {"country": "IN"})


def test_a_later_request_takes_the_place_of_the_earlier_one() -> None:
    rahima = cast.rahima()
    asked(rahima, "IN")
    assert [one.country for one in (asked(rahima, "NP"), *country_requests())] == ["NP", "NP"]


def test_what_is_no_other_country_or_has_no_reason_is_refused() -> None:
    rahima = cast.rahima()
    with pytest.raises(SameCountry):
        asked(rahima, "BD")
    with pytest.raises(NotFound):
        asked(rahima, "XX")
    with pytest.raises(ReasonNeeded):
        ask_country(worker=rahima, country="IN", said=" ", now=NOW)
    assert (country_request_of(rahima), list(history(rahima.public_id))) == (None, [])


def test_staff_change_it_and_the_worker_is_told_why() -> None:
    rahima, shirin = cast.rahima(), cast.shirin()
    asked(rahima)
    change_country(
        by=shirin.actor, worker_id=rahima.public_id, country="IN", reason="Your bill shows it.", now=NOW
    )
    rahima.refresh_from_db()
    assert (rahima.country, country_request_of(rahima)) == ("IN", None)
    event = list(history(rahima.public_id))[-1]
    facts = {"from": "BD", "to": "IN", "reason": "Your bill shows it."}
    assert (event.name, event.actor, event.facts) == ("CountryChanged", str(shirin.actor), facts)
    tell_at_once()
    mail = Mail.objects.get(to=rahima.user.email)
    assert mail.subject == "The country where you work is now India"
    assert "Your bill shows it." in mail.text


def test_work_and_tax_follow_the_country_and_a_state_is_forgotten() -> None:
    rahima, shirin = cast.rahima(), cast.shirin()
    Worker.objects.filter(pk=rahima.pk).update(country="US", subdivision="CA")
    here = make.task(of_terms=make.terms(requirements=[Requirement(LOCALE, "EqualTo", locales=("IN",))]))
    change_tax_rule(by=shirin.actor, country="IN", basis_points=1_000, authority="ITD", now=NOW)
    rahima.refresh_from_db()
    with pytest.raises(NotEligible):
        accept_task(worker=rahima, task_id=here.public_id, now=NOW)
    assert withholding_of(rahima, Money.parse("20.00")).tax == Money.zero()

    moved = change_country(by=shirin.actor, worker_id=rahima.public_id, country="IN", reason="Moved", now=NOW)

    assert moved.locale == "IN"
    assert accept_task(worker=moved, task_id=here.public_id, now=NOW).task_id == here.public_id
    assert withholding_of(moved, Money.parse("20.00")).tax == Money.parse("2.00")


def test_staff_decline_with_a_reason_and_the_worker_may_ask_again() -> None:
    rahima, shirin = cast.rahima(), cast.shirin()
    asked(rahima)
    keep_country(by=shirin.actor, worker_id=rahima.public_id, reason="Your letter came back.", now=NOW)
    rahima.refresh_from_db()
    assert (rahima.country, country_request_of(rahima)) == ("BD", None)
    event = list(history(rahima.public_id))[-1]
    facts = {"country": "IN", "reason": "Your letter came back."}
    assert (event.name, event.actor, event.facts) == ("CountryKept", str(shirin.actor), facts)
    tell_at_once()
    assert "Your letter came back." in Mail.objects.get(to=rahima.user.email).text
    assert asked(rahima).country == "IN"


def test_staff_give_a_reason_and_answer_only_what_is_asked() -> None:
    rahima, by = cast.rahima(), cast.shirin().actor
    with pytest.raises(ReasonNeeded):
        change_country(by=by, worker_id=rahima.public_id, country="IN", reason=" ", now=NOW)
    with pytest.raises(SameCountry):
        change_country(by=by, worker_id=rahima.public_id, country="BD", reason="Moved", now=NOW)
    with pytest.raises(NotFound):
        change_country(by=by, worker_id="A1", country="IN", reason="Moved", now=NOW)
    with pytest.raises(NotFound):
        keep_country(by=by, worker_id=rahima.public_id, reason="No", now=NOW)
    rahima.refresh_from_db()
    assert (rahima.country, list(history(rahima.public_id))) == ("BD", [])
