"""A worker's qualifications: held, found, asked for, tested, and what opens work."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from http import HTTPStatus
from typing import Any

import pytest
from django.utils import timezone

from tests import cast, make, quiz
from tests.web.market import signed_in
from tukro.people.models import Worker
from tukro.qualifications.actions.blocking import block_worker
from tukro.qualifications.actions.granting import grant, revoke
from tukro.qualifications.actions.requesting import request_qualification
from tukro.qualifications.actions.types import TypePlan, create_type, create_type_as
from tukro.qualifications.models import Qualification, QualificationRequest, QualificationType
from tukro.qualifications.queries import facts_of, held_page
from tukro.qualifications.rules import ADULT, Requirement

pytestmark = pytest.mark.django_db


def kind(**decided: Any) -> QualificationType:
    usual: dict[str, Any] = {"name": "Reads Bengali", "description": "Can read Bengali text."}
    plan = TypePlan(**(usual | decided))
    return create_type_as(requester=cast.karim(), plan=plan, now=timezone.now())


def scored(**decided: Any) -> QualificationType:
    return kind(**{"test": quiz.TEST, "answer_key": quiz.KEY, "test_duration_seconds": 300} | decided)


def test_a_gift_is_there_at_once() -> None:
    rahima, type_id = cast.rahima(), kind(auto_granted=True, auto_granted_value=5).public_id
    client = signed_in(rahima)
    assert "Get it" in client.get(f"/qualifications/{type_id}").content.decode()
    answer = client.post(f"/qualifications/{type_id}/request", follow=True)
    assert "You have the qualification now." in answer.content.decode()
    assert facts_of(rahima).values[type_id] == 5
    held = client.get("/qualifications/assigned").content.decode()
    assert "Reads Bengali" in held
    assert "Karim Studio" in held


def test_without_a_test_the_requester_decides() -> None:
    client, type_id = signed_in(cast.rahima()), kind().public_id
    answer = client.post(f"/qualifications/{type_id}/request", follow=True)
    assert "Asked. The requester decides." in answer.content.decode()
    assert "You asked for it already." in answer.content.decode()
    assert "Waits for the requester" in client.get("/qualifications/pending").content.decode()


def test_a_test_is_shown_with_its_time_handed_in_and_scored() -> None:
    rahima, type_id = cast.rahima(), scored().public_id
    client = signed_in(rahima)
    assert "Start the test" in client.get(f"/qualifications/{type_id}").content.decode()
    page = client.post(f"/qualifications/{type_id}/request", follow=True)
    shown = page.content.decode()
    assert "What colour is the sky?" in shown
    assert "data-deadline=" in shown
    address = page.request["PATH_INFO"]

    half = client.post(address, {"answer-1": "1"})
    assert half.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Nothing was handed in yet." in half.content.decode()
    assert "checked" in half.content.decode()

    done = client.post(address, {"answer-1": "1", "answer-2": "1"}, follow=True)
    assert "Your score: 50." in unescape(done.content.decode())
    assert Qualification.objects.get(type__public_id=type_id).value == 50
    assert client.get(address).status_code == HTTPStatus.FOUND  # what is handed in is not shown again


def test_a_test_whose_time_is_over_cannot_be_handed_in() -> None:
    rahima, type_id = cast.rahima(), scored(retry_delay_seconds=0).public_id
    begun = request_qualification(worker=rahima, type_id=type_id, now=timezone.now() - timedelta(seconds=400))
    client, address = signed_in(rahima), f"/qualifications/requests/{begun.public_id}"
    assert client.get(address).status_code == HTTPStatus.FOUND
    late = client.post(address, {"answer-1": "1", "answer-2": "2"})
    assert late.status_code == HTTPStatus.CONFLICT
    assert "The time for the test ended" in late.content.decode()
    again = client.post(f"/qualifications/{type_id}/request", follow=True)
    assert "What colour is the sky?" in again.content.decode()
    assert QualificationRequest.objects.filter(state="lapsed").count() == 1


def test_asking_too_early_says_when() -> None:
    rahima, type_id = cast.rahima(), scored(retry_delay_seconds=86400).public_id
    begun = request_qualification(worker=rahima, type_id=type_id, now=timezone.now())
    client = signed_in(rahima)
    client.post(f"/qualifications/requests/{begun.public_id}", {"answer-1": "1", "answer-2": "2"})
    page = client.get(f"/qualifications/{type_id}").content.decode()
    assert "You can ask again from" in page
    assert "Start the test" not in page
    assert client.post(f"/qualifications/{type_id}/request").status_code == HTTPStatus.CONFLICT


def test_somebody_elses_test_is_not_there() -> None:
    begun = request_qualification(worker=cast.tanvir(), type_id=scored().public_id, now=timezone.now())
    client = signed_in(cast.rahima())
    address = f"/qualifications/requests/{begun.public_id}"
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    assert client.post(address, {"answer-1": "1"}).status_code == HTTPStatus.NOT_FOUND


def test_types_are_found_by_their_words_page_by_page() -> None:
    karim = cast.karim()
    for no in range(25):
        plan = TypePlan(name=f"Type {no:02}", description="any" if no else "special")
        create_type_as(requester=karim, plan=plan, now=timezone.now())
    client = signed_in(cast.rahima())
    first = client.get("/qualifications").content.decode()
    assert "Type 19" in first
    assert "Type 20" not in first
    [after] = {one for one in first.split('href="') if one.startswith("?after=")} or {""}
    second = client.get("/qualifications" + after.partition('"')[0]).content.decode()
    assert "Type 19" not in second
    assert "Type 24" in second
    found = client.get("/qualifications?search=SPEC").content.decode()
    assert "Type 00" in found
    assert "Type 01" not in found
    assert (
        "Masters" not in client.get("/qualifications?search=masters").content.decode().partition("</form>")[2]
    )


def test_what_was_taken_back_is_shown_with_the_reason() -> None:
    rahima, one = cast.rahima(), kind()
    assert one.requester is not None
    grant(requester=one.requester, type_id=one.public_id, worker=rahima, now=make.NOW)
    revoke(
        requester=one.requester, type_id=one.public_id, worker=rahima, reason="Too many slips", now=make.NOW
    )
    assert "Too many slips" in signed_in(rahima).get("/qualifications/assigned").content.decode()


def test_adult_content_is_the_workers_own_choice() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima)
    assert facts_of(rahima).values[ADULT] == 0
    client.post("/qualifications/adult", {"accepts": "1"})
    assert facts_of(rahima).values[ADULT] == 1
    client.post("/qualifications/adult")
    assert facts_of(rahima).values[ADULT] == 0


def test_a_state_is_asked_of_workers_in_the_united_states_only() -> None:
    there, here = make.worker(country="US"), cast.rahima()
    client = signed_in(there)
    assert "State in which you live" in client.get("/qualifications/assigned").content.decode()
    client.post("/qualifications/state", {"subdivision": "CA"})
    assert facts_of(Worker.objects.get(pk=there.pk)).locale == "US-CA"
    client.post("/qualifications/state", {"subdivision": "XX"})
    assert facts_of(Worker.objects.get(pk=there.pk)).locale == "US-CA"
    other = signed_in(here)
    assert "State in which you live" not in other.get("/qualifications/assigned").content.decode()
    other.post("/qualifications/state", {"subdivision": "CA"})
    assert facts_of(Worker.objects.get(pk=here.pk)).locale == "BD"


# --- how work and qualifications meet --------------------------------------------------------------------


def test_the_page_of_work_says_what_is_missing_and_where_to_get_it() -> None:
    one = kind(auto_granted=True)
    assert one.requester is not None
    terms = make.terms(requirements=[Requirement(one.public_id, "Exists")])
    batch = make.batch(of=one.requester, of_terms=terms, now=timezone.now())
    client, address = signed_in(cast.rahima()), f"/projects/{batch.task_type.group_id}/tasks"
    before = client.get(address).content.decode()
    assert f'href="/qualifications/{one.public_id}"' in before
    assert "/tasks/accept_random" not in before
    assert "iframe" in before  # accepting is guarded, looking is not
    client.post(f"/qualifications/{one.public_id}/request")
    after = client.get(address).content.decode()
    assert "/tasks/accept_random" in after
    assert f'href="/qualifications/{one.public_id}"' not in after


@pytest.mark.parametrize(
    ("guard", "listed", "terms_shown", "task_shown"),
    [
        ("Accept", True, True, True),
        ("PreviewAndAccept", True, True, False),
        ("DiscoverPreviewAndAccept", False, False, False),
    ],
)
def test_each_guard_stands_before_its_own_act(
    guard: str, listed: bool, terms_shown: bool, task_shown: bool
) -> None:
    one = kind()
    assert one.requester is not None
    terms = make.terms(requirements=[Requirement(one.public_id, "Exists", guards=guard)])
    batch = make.batch(of=one.requester, of_terms=terms, now=timezone.now())
    rahima = cast.rahima()
    client, address = signed_in(rahima), f"/projects/{batch.task_type.group_id}/tasks"

    def seen() -> tuple[bool, bool, bool]:
        page = client.get(address)
        shown = page.content.decode()
        found = "Which digit is this?" in client.get("/projects").content.decode()
        return found, page.status_code == HTTPStatus.OK, "iframe" in shown

    assert seen() == (listed, terms_shown, task_shown)
    refused = client.post(f"{address}/accept_random?format=json")
    assert refused.json()["error"] == "not_eligible"
    grant(requester=one.requester, type_id=one.public_id, worker=rahima, now=timezone.now())
    assert seen() == (True, True, True)
    assert client.post(f"{address}/accept_random").status_code == HTTPStatus.FOUND


def test_a_blocked_worker_sees_no_task_of_that_requester_and_cannot_ask() -> None:
    one, rahima = kind(), cast.rahima()
    assert one.requester is not None
    batch = make.batch(of=one.requester, now=timezone.now())
    block_worker(requester=one.requester, worker=rahima, reason="copied", now=make.NOW)
    client = signed_in(rahima)
    page = client.get(f"/projects/{batch.task_type.group_id}/tasks").content.decode()
    assert "This requester does not offer work to you." in page
    assert "iframe" not in page
    assert "copied" not in page
    asked = client.post(f"/qualifications/{one.public_id}/request")
    assert "This requester does not offer work to you." in asked.content.decode()
    assert not QualificationRequest.objects.exists()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Maps", "Bengali", "Digits"]),
        ("sort=name", ["Bengali", "Digits", "Maps"]),
        ("sort=value", ["Digits", "Maps", "Bengali"]),
        ("search=ben", ["Bengali"]),
        ("search=karim&sort=name", ["Bengali", "Digits", "Maps"]),
        ("search=nothing", []),
    ],
)
def test_what_one_holds_is_searched_and_sorted_page_by_page(query: str, names: list[str]) -> None:
    rahima, karim = cast.rahima(), cast.karim()
    for no, (name, value) in enumerate((("Digits", 90), ("Bengali", 5), ("Maps", 50))):
        type_id = create_type(requester=karim, name=name, now=make.NOW).public_id
        at = make.NOW + timedelta(minutes=no)
        grant(requester=karim, type_id=type_id, worker=rahima, value=value, now=at)
    page = signed_in(rahima).get(f"/qualifications/assigned?{query}").content.decode()
    found = sorted((name for name in ("Digits", "Bengali", "Maps") if f">{name}<" in page), key=page.index)
    assert found == names
    given = dict(part.split("=") for part in query.split("&") if part)
    asked = {"query": given.get("search", ""), "sort": given.get("sort", "")}
    by_one, after = [], 0
    while rows := held_page(rahima, after=after, limit=1, **asked):
        by_one.append(rows[0].type.name)
        after = rows[0].pk
    assert by_one == names
