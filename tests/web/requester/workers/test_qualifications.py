"""A requester's qualifications, requests, blocks and what a project asks of workers; staff's own types."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.utils import timezone

from tests import cast, make, quiz
from tests.web.joining import signed_in
from tukro.campaigns.models import Project
from tukro.people.models import Requester, Worker
from tukro.qualifications.actions.granting import grant
from tukro.qualifications.actions.groups import close_group, create_group
from tukro.qualifications.actions.requesting import request_qualification, submit_test
from tukro.qualifications.actions.types import TypePlan, create_type_as, delete_type
from tukro.qualifications.models import Block, Qualification, QualificationRequest, QualificationType
from tukro.qualifications.queries import facts_of
from tukro.qualifications.rules import LOCALE, MASTERS, NUMBER_APPROVED, PERCENT_APPROVED
from tukro.web.requester.posting.project_forms import ProjectForm
from tukro.web.requester.posting.requirement_fields import requirements_of

pytestmark = pytest.mark.django_db

WRITTEN = {
    "name": "Reads Bengali", "description": "Can read it.", "keywords": "", "how": "ask", "gift_value": "",
    "test": "", "answer_key": "", "test_duration_0": "", "test_duration_1": "60", "retry_delay_0": "",
    "retry_delay_1": "60", "is_active": "on",
}  # fmt: skip
TEST = {"how": "test", "test": quiz.TEST, "answer_key": quiz.KEY, "test_duration_0": "5"}


def kind(of: Requester, **decided: Any) -> QualificationType:
    usual: dict[str, Any] = {"name": "Reads Bengali", "description": "Can read it."}
    return create_type_as(
        requester=of,
        plan=TypePlan(**(usual | decided)),
        now=timezone.now(),
    )


def test_a_type_is_made_with_a_test_as_it_was_pasted() -> None:
    karim = cast.karim()
    client = signed_in(karim.user)
    pasted = {**WRITTEN, **TEST, "test": quiz.TEST.replace("\n", "\r\n"), "may_retry": "on"}
    answer = client.post("/requester/qualifications/new", pasted, follow=True)
    assert answer.status_code == HTTPStatus.OK
    made = QualificationType.objects.get(requester=karim)
    assert (made.test, made.answer_key) == (quiz.TEST, quiz.KEY)
    assert (made.test_duration_seconds, made.retry_delay_seconds) == (300, 0)
    assert "by a test that is scored at once" in answer.content.decode()
    assert "Reads Bengali" in client.get("/requester/qualifications").content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"how": "test"}, "A test needs this."),
        (TEST | {"test": "<QuestionForm>"}, "This is not the XML that is needed here"),
        (TEST | {"answer_key": "<AnswerKey/>"}, "This is not the XML that is needed here"),
        (TEST | {"test": quiz.ESSAY}, "cannot be scored by an AnswerKey"),
    ],
)
def test_what_a_type_cannot_be_is_said_on_the_form(typed: dict[str, str], said: str) -> None:
    client = signed_in(cast.karim().user)
    answer = client.post("/requester/qualifications/new", WRITTEN | typed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in answer.content.decode()
    assert not QualificationType.objects.exclude(requester=None).exists()


def test_a_name_twice_is_refused_beside_its_field() -> None:
    karim = cast.karim()
    kind(karim)
    answer = signed_in(karim.user).post("/requester/qualifications/new", WRITTEN)
    assert "You already have a qualification of this name." in answer.content.decode()


def test_a_type_is_changed_and_a_test_stays_a_test() -> None:
    karim = cast.karim()
    made = kind(karim, test=quiz.TEST, test_duration_seconds=60)
    client, address = signed_in(karim.user), f"/requester/qualifications/{made.public_id}/edit"
    assert 'value="gift"' not in client.get(address).content.decode()
    answer = client.post(address, {**WRITTEN, **TEST, "description": "Reads it well."})
    assert answer.status_code == HTTPStatus.FOUND
    made.refresh_from_db()
    assert (made.description, made.answer_key, made.name) == ("Reads it well.", quiz.KEY, "Reads Bengali")


def test_a_gift_can_be_stopped() -> None:
    karim = cast.karim()
    made = kind(karim, auto_granted=True, auto_granted_value=4)
    signed_in(karim.user).post(f"/requester/qualifications/{made.public_id}/edit", WRITTEN)
    made.refresh_from_db()
    assert (made.auto_granted, made.auto_granted_value) == (False, None)


def test_workers_are_given_it_and_it_is_taken_back() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    made = kind(karim)
    client, address = signed_in(karim.user), f"/requester/qualifications/{made.public_id}"
    client.post(f"{address}/grant", {"worker": rahima.public_id.lower(), "value": "42"})
    assert Qualification.objects.get().value == 42
    assert rahima.public_id in client.get(address).content.decode()
    client.post(f"{address}/revoke/{rahima.public_id}", {"reason": "slips"})
    assert Qualification.objects.get().revoke_reason == "slips"
    unknown = client.post(f"{address}/grant", {"worker": "A1NOBODY", "value": "1"}, follow=True)
    assert (
        "You know no worker by the ID A1NOBODY. Copy it from one of their answers."
        in unknown.content.decode()
    )


def test_holders_are_shown_page_by_page() -> None:
    karim = cast.karim()
    made = kind(karim)
    for no in range(51):
        grant(requester=karim, type_id=made.public_id, worker=make.worker(), value=no, now=make.NOW)
    client, address = signed_in(karim.user), f"/requester/qualifications/{made.public_id}"
    first = client.get(address)
    assert len(first.context["rows"]) == 50
    second = client.get(f"{address}?after={first.context['next_cursor']}")
    assert [held.value for held in second.context["rows"]] == [0]


def test_a_type_is_deleted_after_a_question() -> None:
    karim = cast.karim()
    address = f"/requester/qualifications/{kind(karim).public_id}/delete"
    client = signed_in(karim.user)
    assert "Delete the qualification?" in client.get(address).content.decode()
    client.post(address)
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(make.requester().user).get(address).status_code == HTTPStatus.NOT_FOUND


def test_requests_are_decided_with_a_value_or_a_reason() -> None:
    karim, rahima, tanvir = cast.karim(), cast.rahima(), cast.tanvir()
    made = kind(karim, test=quiz.ESSAY, test_duration_seconds=60)
    now = timezone.now()
    asked = {}
    for worker in (rahima, tanvir):
        begun = request_qualification(worker=worker, type_id=made.public_id, now=now)
        submit_test(worker=worker, request_id=begun.public_id, fields=[("answer-1", "I like it")], now=now)
        asked[worker.pk] = begun.public_id
    client = signed_in(karim.user)
    page = client.get("/requester/qualifications/requests").content.decode()
    assert page.count("I like it") == 2

    def decide(worker: Worker, **typed: str) -> None:
        client.post(f"/requester/qualifications/requests/{asked[worker.pk]}/decide", typed)

    theirs = f"/requester/qualifications/requests/{asked[rahima.pk]}/decide"
    other = signed_in(make.requester().user).post(theirs, {"do": "accept"})
    assert other.status_code == HTTPStatus.NOT_FOUND
    decide(rahima, do="accept", value="x")
    assert QualificationRequest.objects.filter(state="pending").count() == 2
    decide(rahima, do="accept", value="77")
    decide(tanvir, do="reject", reason="Too short")
    assert Qualification.objects.get().value == 77
    assert QualificationRequest.objects.get(worker=tanvir).reason == "Too short"
    assert "Nothing waits for you" in client.get("/requester/qualifications/requests").content.decode()


def test_workers_are_blocked_with_a_reason_and_let_in_again() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    client = signed_in(karim.user)
    for typed in ({"worker": rahima.public_id, "reason": ""}, {"worker": "A1NOBODY", "reason": "x"}):
        assert client.post("/requester/blocks", typed).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    client.post("/requester/blocks", {"worker": rahima.public_id, "reason": "copied"})
    assert Block.objects.get().reason == "copied"
    assert rahima.public_id in client.get("/requester/blocks").content.decode()
    client.post(f"/requester/blocks/{rahima.public_id}/lift")
    assert not Block.objects.exists()


def typed_as_shown(form: ProjectForm) -> dict[str, Any]:
    """What the browser sends when nothing but lengths of time was touched."""
    typed = {
        name: form[name].value() or ""
        for name in form.fields
        if name not in ("estimate", "duration", "lifetime", "auto_approve", "countries")
    }
    return typed | {
        "estimate_0": "", "estimate_1": "60", "duration_0": "1", "duration_1": "3600", "lifetime_0": "7",
        "lifetime_1": "86400", "auto_approve_0": "3", "auto_approve_1": "86400", "reward": "0.05",
        "do": "save",
    }  # fmt: skip


def test_what_a_project_asks_for_stays_chosen_when_it_is_closed_or_switched_off() -> None:
    karim, now = cast.karim(), timezone.now()
    group = create_group(requester=karim, name="Writers", description="", now=now)
    off, deleted = kind(karim), make.qualification_type(of=karim, name="Types fast")
    asked = requirements_of(
        dict.fromkeys(("level", "percent_approved", "number_approved", "countries"))
        | {"guard": "Accept", "hire_group": group.public_id}
        | {"own_type": off.public_id, "own_rule": "GreaterThanOrEqualTo", "own_value": 80}
        | {"own_type_2": deleted.public_id, "own_rule_2": "Exists", "own_value_2": None}
    )
    project = make.project(of=karim, requirements=asked)
    close_group(requester=karim, group_id=group.public_id, now=now)
    QualificationType.objects.filter(pk=off.pk).update(is_active=False)
    delete_type(requester=karim, type_id=deleted.public_id, now=now)
    client, address = signed_in(karim.user), f"/requester/projects/{project.public_id}/edit"

    page = client.get(address)

    html = page.content.decode()
    for name in ("Writers (closed)", "Reads Bengali (switched off)", "Types fast (deleted)"):
        assert name in html
    typed = typed_as_shown(page.context["form"]) | {"title": "Another title"}
    changed_rows = client.post(address, typed | {"do": "qualification"})
    assert "Writers (closed)" in changed_rows.content.decode()
    assert client.post(address, typed).status_code == HTTPStatus.FOUND
    project.refresh_from_db()
    assert (project.title, project.requirements) == ("Another title", asked)

    assert client.post(address, typed | {"hire_group": ""}).status_code == HTTPStatus.FOUND
    project.refresh_from_db()
    assert group.public_id not in {one["type_id"] for one in project.requirements}
    assert "Writers" not in client.get(address).content.decode()


def test_a_project_asks_for_record_country_and_an_own_qualification() -> None:
    karim = cast.karim()
    made = kind(karim)
    project = make.project(of=karim)
    client, address = signed_in(karim.user), f"/requester/projects/{project.public_id}/edit"
    typed = typed_as_shown(client.get(address).context["form"]) | {
        "percent_approved": "95", "number_approved": "১০", "countries": ["BD", "IN"],
        "own_type": made.public_id, "own_rule": "GreaterThanOrEqualTo", "own_value": "80",
        "guard": "PreviewAndAccept",
    }  # fmt: skip
    answer = client.post(address, typed)
    assert answer.status_code == HTTPStatus.FOUND, answer.context["form"].errors
    kept = {one["type_id"]: one for one in Project.objects.get().requirements}
    assert {one["guards"] for one in kept.values()} == {"PreviewAndAccept"}
    assert kept[PERCENT_APPROVED]["integers"] == [95]
    assert kept[NUMBER_APPROVED]["integers"] == [10]
    assert kept[LOCALE]["locales"] == ["BD", "IN"]
    assert kept[made.public_id]["integers"] == [80]
    shown = client.get(f"/requester/projects/{project.public_id}").content.decode()
    assert "Share of work approved: at least 95%" in shown
    assert "Reads Bengali: at least 80" in shown
    again = client.get(address).context["form"]
    assert again["countries"].value() == ["BD", "IN"]
    assert again["own_value"].value() == 80
    assert "Ask for one more qualification" not in client.get(address).content.decode()

    # With a second type there is something more to ask for: nothing that was typed is lost meanwhile.
    other = make.qualification_type(of=karim, name="Types fast")
    more = client.post(address, typed | {"do": "qualification"}).context["form"]
    assert (more["own_value"].value(), more["countries"].value()) == ("80", ["BD", "IN"])
    assert not more.may_ask_more
    typed |= {"own_type_2": other.public_id, "own_rule_2": "DoesNotExist", "own_value_2": ""}
    assert client.post(address, typed).status_code == HTTPStatus.FOUND
    rules = {one["type_id"]: one["comparator"] for one in Project.objects.get().requirements}
    assert (rules[made.public_id], rules[other.public_id]) == ("GreaterThanOrEqualTo", "DoesNotExist")
    again = client.get(address).context["form"]
    shown_types = {again[name].value() for name in ("own_type", "own_type_2")}
    assert shown_types == {made.public_id, other.public_id}


def test_staff_grant_masters_and_make_premium_types() -> None:
    shirin, rahima = cast.shirin(), cast.rahima()
    client = signed_in(shirin)
    page = f"/staff/workers/{rahima.public_id}"
    assert "Masters" in client.get(page).content.decode()
    client.post(f"{page}/grant", {"type_id": MASTERS})
    assert facts_of(rahima).values[MASTERS] is None
    assert MASTERS in facts_of(rahima).values
    client.post(f"{page}/revoke", {"type_id": MASTERS})
    assert MASTERS not in facts_of(rahima).values

    client.post(
        "/staff/qualifications", {"name": "Drives a car", "description": "Has a licence", "type_id": "3CAR"}
    )
    assert QualificationType.objects.get(public_id="3CAR").kind == "granted"
    twice = client.post("/staff/qualifications", {"name": "Other", "description": "x", "type_id": "3CAR"})
    assert twice.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    own = kind(cast.karim())
    client.post(f"{page}/grant", {"type_id": own.public_id})
    assert own.public_id not in facts_of(rahima).values  # a requester's own is not the staff's to give


def test_pages_of_others_are_not_there() -> None:
    made = kind(cast.karim())
    stranger = signed_in(make.requester().user)
    for part in ("", "/edit", "/delete"):
        address = f"/requester/qualifications/{made.public_id}{part}"
        assert stranger.get(address).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(cast.rahima().user).get("/staff/qualifications").status_code == HTTPStatus.NOT_FOUND
