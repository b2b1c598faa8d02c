"""External questions: the frame around a page on a requester's own server, and what it hands in."""

from __future__ import annotations

from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests import cast, make
from tests.web.market import address, signed_in, taken
from tests.web.reading import frame_source, policy_of
from tukro.people.aliases import alias
from tukro.people.models import Requester, Worker
from tukro.web.taskhost import foreign, frames, names
from tukro.work.actions.doing.assigning import Accepted
from tukro.work.models import Assignment, AssignmentState, Batch

STUDY = "https://study.example.org/start?condition=2&lang=bn#begin"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = "http://localhost:8080"
    settings.TASK_URL = "http://{label}.localhost:8080"
    settings.ALLOWED_HOSTS = ["market.example.org", "localhost", "127.0.0.1", "testserver"]


@pytest.fixture
def rahima() -> Worker:
    return cast.rahima()


def external_batch(url: str = STUDY) -> Batch:
    """An open job whose page lies on its requester's own server."""
    of = make.requester(aliases=True)
    return make.batch(of=of, question_kind="external", question_body=url, now=timezone.now())


@pytest.fixture
def accepted(rahima: Worker) -> Accepted:
    return taken(rahima, external_batch())


@pytest.fixture
def assignment(accepted: Accepted) -> Assignment:
    return Assignment.objects.get(public_id=accepted.assignment_id)


def task_origin(worker: Worker, accepted: Accepted) -> str:
    label = names.label_for(task_id=accepted.task_id, viewer_id=worker.public_id)
    return f"http://{label}.localhost:8080"


# --- the frame ---


def test_the_work_page_opens_the_page_with_the_four_parameters(
    rahima: Worker, accepted: Accepted, assignment: Assignment
) -> None:
    page = signed_in(rahima).get(address(accepted))
    src = urlsplit(frame_source(page))
    assert (src.scheme, src.netloc, src.path, src.fragment) == (
        "https",
        "study.example.org",
        "/start",
        "begin",
    )
    assert parse_qsl(src.query) == [
        ("condition", "2"),
        ("lang", "bn"),
        ("assignmentId", accepted.assignment_id),
        ("hitId", accepted.task_id),
        ("workerId", alias(rahima, Requester.objects.get(pk=assignment.requester_id))),
        ("turkSubmitTo", task_origin(rahima, accepted)),
    ]


def test_a_preview_names_neither_assignment_nor_worker(rahima: Worker) -> None:
    batch = external_batch()
    page = signed_in(rahima).get(f"/projects/{batch.task_type.group_id}/tasks")
    parameters = dict(parse_qsl(urlsplit(frame_source(page)).query))
    task = batch.tasks.get()
    label = names.label_for(task_id=task.public_id, viewer_id=rahima.public_id)
    assert parameters == {
        "condition": "2",
        "lang": "bn",
        "assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE",
        "hitId": task.public_id,
        "turkSubmitTo": f"http://{label}.localhost:8080",
    }


@pytest.mark.parametrize(
    ("url", "before"),
    [
        ("https://a.example/x", "https://a.example/x?assignmentId=A"),
        ("https://a.example", "https://a.example?assignmentId=A"),
        ("https://a.example/x?", "https://a.example/x?assignmentId=A"),
        ("https://a.example/x?y=1", "https://a.example/x?y=1&assignmentId=A"),
        ("https://a.example/x?y=1&", "https://a.example/x?y=1&assignmentId=A"),
        (" https://a.example/x?q=%E0%A6%AC ", "https://a.example/x?q=%E0%A6%AC&assignmentId=A"),
    ],
)
def test_parameters_follow_what_the_address_has(url: str, before: str) -> None:
    made = foreign.work_address(url, assignment_id="A", task_id="T", viewer_id="V", worker_id="W")
    assert made.startswith(f"{before}&hitId=T&workerId=W&turkSubmitTo=http%3A%2F%2F")


def test_where_to_hand_in_is_written_without_a_slash_at_the_end(rahima: Worker, accepted: Accepted) -> None:
    src = frame_source(signed_in(rahima).get(address(accepted)))
    assert dict(parse_qsl(urlsplit(src).query))["turkSubmitTo"].count("/") == 2


def test_the_page_around_it_may_frame_that_host_and_where_it_hands_in_and_nothing_else(
    rahima: Worker, accepted: Accepted
) -> None:
    page = signed_in(rahima).get(address(accepted), headers={"host": "localhost:8080"})
    policy = policy_of(page)
    assert policy["frame-src"].split() == [
        "https://study.example.org",
        f"{task_origin(rahima, accepted)}/",
        "http://localhost:8080/mturk/externalSubmit",
        "http://localhost:8080//mturk/externalSubmit",
    ]
    assert policy["default-src"] == "'self'"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"


def test_other_pages_keep_their_policy(rahima: Worker, accepted: Accepted) -> None:
    client = signed_in(rahima)
    client.get(address(accepted))
    page = client.get("/tasks")
    assert "study.example.org" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_frame_is_as_high_as_was_asked(rahima: Worker) -> None:
    batch = external_batch()
    batch.question.frame_height = 450
    batch.question.save()
    page = signed_in(rahima).get(address(taken(rahima, batch))).content.decode()
    assert 'height="450"' in page


@pytest.mark.parametrize(
    "url",
    [
        "http://testserver/account/",
        "http://testserver:9000/elsewhere",
        "https://LOCALHOST./x",
        "https://market.example.org/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://a.example;script-src *",
        "https://[::1",
        "https:///x",
    ],
)
def test_a_page_under_one_of_our_names_or_of_no_name_is_not_opened(rahima: Worker, url: str) -> None:
    page = signed_in(rahima).get(address(taken(rahima, external_batch(url))))
    shown = page.content.decode()
    assert "<iframe" not in shown
    assert "is one that we do not open" in unescape(shown)
    assert policy_of(page)["frame-src"] == "http://*.localhost:8080"


def test_a_task_host_of_ours_is_not_opened() -> None:
    label = names.label_for(task_id="T", viewer_id="W")
    assert foreign.is_ours(f"http://{label}.localhost:8080/frame/x", visited="localhost")
    assert not foreign.is_ours("http://study.localhost:9000/", visited="localhost:8080")


def test_ones_own_machine_is_foreign_while_the_site_is_visited_under_another_name() -> None:
    assert not foreign.is_ours("http://127.0.0.1:5000/", visited="localhost:8080")
    assert foreign.is_ours("http://127.0.0.1:5000/", visited="127.0.0.1:8080")


def test_names_in_other_scripts_reach_the_policy_as_plain_letters() -> None:
    assert foreign.origin_of("https://বাংলা.example/x") == "https://xn--54b7fta0cc.example"


# --- handing in ---


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "market.example.org", "www.mturk.com"])
@pytest.mark.parametrize("path", ["/mturk/externalSubmit", "//mturk/externalSubmit"])
def test_every_name_of_ours_takes_what_is_handed_in(assignment: Assignment, host: str, path: str) -> None:
    # jsPsych's way: the id in the address, the data in the body
    client = Client(headers={"host": host}, enforce_csrf_checks=True)
    response = client.generic(
        "POST",
        f"http://testserver{path}?assignmentId={assignment.public_id}",
        "rt=350&choice=left&choice=right&hitId=X&workerId=Y&turkSubmitTo=Z&note=",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 200
    assert frames.receipt(assignment.public_id) in response.content.decode()
    assert not response.cookies
    kept = Assignment.objects.get(pk=assignment.pk).handed_in
    assert kept == {"fields": [["rt", "350"], ["choice", "left|right"], ["note", ""]]}


def test_the_name_in_turk_submit_to_takes_it_too(
    rahima: Worker, accepted: Accepted, assignment: Assignment
) -> None:
    host = urlsplit(task_origin(rahima, accepted)).netloc
    client = Client(headers={"host": host})
    # mmturkey's way: one form, everything in the body
    response = client.post("/mturk/externalSubmit", {"assignmentId": assignment.public_id, "data": '{"a":1}'})
    assert response.status_code == 200
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.SUBMITTED


def test_many_parts_are_read_as_well(assignment: Assignment) -> None:
    # Mephisto's way: FormData, with the worker's id beside the data
    client = Client(headers={"host": "localhost"})
    boundary = "x"
    parts = {"assignmentId": assignment.public_id, "workerId": "W", "USED_AGENT_ID": "7"}
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    client.generic(
        "POST",
        "/mturk/externalSubmit",
        f"{body}--{boundary}--\r\n",
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert Assignment.objects.get(pk=assignment.pk).handed_in == {"fields": [["USED_AGENT_ID", "7"]]}


def test_only_the_worker_may_be_signed_in_where_somebody_is(rahima: Worker, assignment: Assignment) -> None:
    answer = {"assignmentId": assignment.public_id, "digit": "7"}
    refused = signed_in(cast.tanvir()).post("/mturk/externalSubmit", answer)
    assert refused.status_code == 404
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.ACCEPTED
    assert signed_in(rahima).post("/mturk/externalSubmit", answer).status_code == 200


def test_handing_in_twice_keeps_the_first_answer(assignment: Assignment) -> None:
    client = Client(headers={"host": "localhost"})
    for digit in ("7", "8"):
        response = client.post(
            "/mturk/externalSubmit", {"assignmentId": assignment.public_id, "digit": digit}
        )
        assert response.status_code == 200
    assert Assignment.objects.get().handed_in == {"fields": [["digit", "7"]]}


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({"assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE", "digit": "7"}, 409),
        ({"assignmentId": "3NOTTHERE", "digit": "7"}, 404),
        ({"digit": "7"}, 404),
        ({"assignmentId": "\x00'\"<", "digit": "7"}, 404),
    ],
)
def test_what_belongs_to_no_accepted_task_is_refused(posted: dict[str, str], status: int) -> None:
    client = Client(headers={"host": "localhost"})
    assert client.post("/mturk/externalSubmit", posted).status_code == status


def test_nothing_is_not_an_answer(assignment: Assignment) -> None:
    client = Client(headers={"host": "localhost"})
    response = client.post("/mturk/externalSubmit", {"assignmentId": assignment.public_id, "hitId": "x"})
    assert response.status_code == 422
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.ACCEPTED


def test_our_own_forms_cannot_be_handed_in_from_outside(rahima: Worker) -> None:
    from_form = taken(rahima, make.batch(question_kind="proof", question_body=_form(), now=timezone.now()))
    client = Client(headers={"host": "localhost"})
    answer = {"assignmentId": from_form.assignment_id, "word": "x"}
    assert client.post("/mturk/externalSubmit", answer).status_code == 404


def test_reading_an_address_hands_nothing_in_and_offers_a_button(
    rahima: Worker, accepted: Accepted, assignment: Assignment
) -> None:
    client = Client(headers={"host": "localhost"})
    response = client.get(f"/mturk/externalSubmit?assignmentId={assignment.public_id}&rt=%3C3&hitId=x")
    assert response.status_code == 405
    shown = response.content.decode()
    assert '<input type="hidden" name="rt" value="&lt;3">' in shown
    assert shown.count("hidden") == 1
    action = f"{task_origin(rahima, accepted)}/mturk/externalSubmit?assignmentId={assignment.public_id}"
    assert f'action="{action}"' in shown
    assert policy_of(response)["form-action"] == f"{task_origin(rahima, accepted)}/"
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.ACCEPTED


def test_a_page_made_on_the_wire_keeps_what_only_looks_like_a_variable(rahima: Worker) -> None:
    page = "<!doctype html><form><input name=a></form><script>const t = `${row} ${a.b}`</script>"
    batch = make.batch(question_body=page, rows=[{}], now=timezone.now())
    src = frame_source(signed_in(rahima).get(address(taken(rahima, batch))))
    shown = Client(headers={"host": urlsplit(src).netloc}).get(f"{urlsplit(src).path}?{urlsplit(src).query}")
    assert "`${row} ${a.b}`" in shown.content.decode()


def _form() -> str:
    return '{"instructions": "", "fields": [{"name": "word", "kind": "text", "label": "Word"}]}'
