"""What the task host answers (no browser; test_taskhost_browser.py drives Chromium)."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests import cast, make
from tukro.campaigns.models import Project, Upload, UploadRow
from tukro.people.models import Worker
from tukro.questions.html import columns_needed
from tukro.web.requester.posting.starters import PAGES, starter
from tukro.web.taskhost import frames, names
from tukro.work.models import Assignment, AssignmentState

PAGE = (
    '<form action="https://www.mturk.com/mturk/externalSubmit" method="post">'
    '<input name="digit">${image}</form>'
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = "http://localhost:8080"
    settings.TASK_URL = "http://{label}.localhost:8080"


@pytest.fixture
def rahima() -> Worker:
    return cast.rahima()


@pytest.fixture
def taken(rahima: Worker) -> Assignment:
    """Rahima's accepted assignment of an HTML task."""
    return make.accepted(by=rahima, of=make.batch(question_body=PAGE, now=timezone.now()), now=timezone.now())


def host_of(assignment: Assignment) -> str:
    label = names.label_for(task_id=assignment.task.public_id, viewer_id=assignment.worker.public_id)
    return f"{label}.localhost:8080"


def opened(url: str) -> Client:
    """A browser-like client and nothing else: no session, no cookies."""
    parts = urlsplit(url)
    client = Client(headers={"host": parts.netloc})
    return client


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_the_frame_shows_the_filled_page_with_its_form_turned_to_us(taken: Assignment) -> None:
    url = frames.frame_url(taken)
    response = opened(url).get(path_of(url))

    assert response.status_code == 200
    origin = f"http://{host_of(taken)}"
    assert response.content.decode() == (
        f'<form action="{origin}/mturk/externalSubmit?assignmentId={taken.public_id}" method="post">'
        '<input name="digit">1.png</form>'
        f'\n<script src="{origin}/fit-frame.js"></script>'
        f'\n<script src="{origin}/tell-answer.js"></script>'
        f'\n<script src="{origin}/keep-draft.js"></script>\n'
    )


@pytest.mark.parametrize("code", [one.code for one in PAGES])
def test_work_on_the_page_of_every_starter_can_be_handed_in(rahima: Worker, code: str) -> None:
    begun = starter(code)
    assert begun is not None
    page = begun.page()
    batch = make.batch(
        question_body=page,
        rows=[dict.fromkeys(columns_needed(page), "x") or {"x": "x"}],
        now=timezone.now(),
    )
    held = make.accepted(by=rahima, of=batch, now=timezone.now())
    client = opened(frames.frame_url(held))
    shown = client.get(path_of(frames.frame_url(held))).content.decode()
    (address,) = re.findall(r'<form method="post" action="([^"]+)"', shown)
    assert client.post(path_of(address), {"some_field": "some value"}).status_code == 200
    held.refresh_from_db()
    assert held.state == AssignmentState.SUBMITTED


def test_the_frame_carries_the_cage_in_its_headers(taken: Assignment) -> None:
    url = frames.frame_url(taken)
    response = opened(url).get(path_of(url))

    directives = dict(
        part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";")
    )
    own = f"http://{host_of(taken)}/"
    assert directives == {
        "sandbox": "allow-scripts allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox",
        "default-src": "'none'",
        "script-src": f"{own} https: 'unsafe-inline' 'unsafe-eval'",
        "style-src": f"{own} https: 'unsafe-inline'",
        "font-src": "https: data:",
        "img-src": f"{own} https: data: blob:",
        "media-src": f"{own} https: data: blob:",
        "connect-src": f"{own} https: wss: data: blob:",
        "frame-src": "https:",
        "worker-src": "blob: data:",
        "form-action": own,
        "base-uri": "'none'",
        "webrtc": "'block'",
        "frame-ancestors": "http://localhost:8080 http://127.0.0.1:8080",
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert not response.cookies


def test_a_frame_costs_one_query(
    taken: Assignment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = frames.frame_url(taken)
    with django_assert_num_queries(1):
        opened(url).get(path_of(url))


def test_a_frame_outside_the_work_page_is_refused(taken: Assignment) -> None:
    url = frames.frame_url(taken)
    response = opened(url).get(path_of(url), headers={"sec-fetch-dest": "document"})
    assert response.status_code == 403


def test_a_token_of_one_worker_shows_nothing_under_the_name_of_another(taken: Assignment) -> None:
    url = frames.frame_url(taken)
    other = names.label_for(task_id=taken.task.public_id, viewer_id=cast.tanvir().public_id)
    client = Client(headers={"host": f"{other}.localhost:8080"})
    assert client.get(path_of(url)).status_code == 403


@pytest.mark.parametrize("slashes", ["/", "//", "///"])
@pytest.mark.parametrize("end", ["", "/"])
def test_an_answer_comes_in_by_any_way_that_old_pages_write_the_address(
    taken: Assignment, slashes: str, end: str
) -> None:
    client = Client(headers={"host": host_of(taken)})
    response = client.generic(
        "POST",
        f"http://testserver{slashes}mturk/externalSubmit{end}?assignmentId={taken.public_id}",
        "digit=7&digit=8&hitId=X&note=%E0%A6%AC",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 200
    taken.refresh_from_db()
    assert taken.state == AssignmentState.SUBMITTED
    assert taken.handed_in == {"fields": [["digit", "7|8"], ["note", "ব"]]}
    assert frames.receipt(taken.public_id) in response.content.decode()


def test_query_and_body_are_one_answer(taken: Assignment) -> None:
    client = Client(headers={"host": host_of(taken)})
    client.post(
        f"/mturk/externalSubmit?assignmentId={taken.public_id}&experiment=3&digit=1",
        {"assignmentId": "", "digit": "7"},
    )
    taken.refresh_from_db()
    assert taken.handed_in == {"fields": [["experiment", "3"], ["digit", "7"]]}


def test_a_form_without_an_address_posts_to_its_frame_and_is_handed_in(taken: Assignment) -> None:
    url = frames.frame_url(taken)
    response = opened(url).post(path_of(url), {"digit": "7"})
    assert response.status_code == 200
    taken.refresh_from_db()
    assert taken.state == AssignmentState.SUBMITTED


def test_pressing_twice_hands_in_once_and_keeps_the_first_answer(taken: Assignment) -> None:
    client = Client(headers={"host": host_of(taken)})
    for digit in ("7", "8"):
        response = client.post("/mturk/externalSubmit", {"assignmentId": taken.public_id, "digit": digit})
        assert response.status_code == 200
    taken.refresh_from_db()
    assert taken.handed_in == {"fields": [["digit", "7"]]}


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({"assignmentId": frames.PREVIEW, "digit": "7"}, 409),
        ({"assignmentId": "", "digit": "7"}, 404),
        ({"assignmentId": "3NOTTHERE", "digit": "7"}, 404),
        ({"assignmentId": "<script>", "digit": "7"}, 404),
        ({}, 404),
    ],
)
def test_an_answer_to_nothing_is_refused(taken: Assignment, posted: dict[str, str], status: int) -> None:
    client = Client(headers={"host": host_of(taken)})
    assert client.post("/mturk/externalSubmit", posted).status_code == status


def test_an_empty_answer_is_refused_and_the_task_stays(taken: Assignment) -> None:
    client = Client(headers={"host": host_of(taken)})
    response = client.post("/mturk/externalSubmit", {"assignmentId": taken.public_id, "hitId": "X"})
    assert response.status_code == 422
    taken.refresh_from_db()
    assert taken.state == AssignmentState.ACCEPTED


def test_an_assignment_is_handed_in_only_under_its_own_name(taken: Assignment) -> None:
    label = names.label_for(task_id=taken.task.public_id, viewer_id=cast.tanvir().public_id)
    client = Client(headers={"host": f"{label}.localhost:8080"})
    response = client.post("/mturk/externalSubmit", {"assignmentId": taken.public_id, "digit": "7"})
    assert response.status_code == 404
    taken.refresh_from_db()
    assert taken.state == AssignmentState.ACCEPTED


def test_after_the_deadline_neither_page_nor_answer_passes(taken: Assignment) -> None:
    Assignment.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    url = frames.frame_url(taken)
    assert opened(url).get(path_of(url)).status_code == 404
    response = opened(url).post("/mturk/externalSubmit", {"assignmentId": taken.public_id, "digit": "7"})
    assert response.status_code in (409, 422)
    taken.refresh_from_db()
    assert taken.state == AssignmentState.ACCEPTED


def test_an_answer_that_is_too_large_is_refused(taken: Assignment) -> None:
    client = Client(headers={"host": host_of(taken)})
    response = client.post(
        "/mturk/externalSubmit",
        f"assignmentId={taken.public_id}&digit=" + "7" * 3_000_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 413


def test_answers_come_by_post_only(taken: Assignment) -> None:
    client = Client(headers={"host": host_of(taken)})
    assert client.get(f"/mturk/externalSubmit?assignmentId={taken.public_id}&digit=7").status_code == 405


def test_a_preview_shows_the_page_and_takes_no_answer(rahima: Worker) -> None:
    task = make.batch(question_body=PAGE).tasks.get()
    url = frames.task_preview_url(task_id=task.public_id, viewer_id=rahima.public_id)
    response = opened(url).get(path_of(url))
    assert response.status_code == 200
    assert "assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE" in response.content.decode()


def test_a_row_that_waits_to_be_published_is_shown() -> None:
    karim = cast.karim()
    project = Project.objects.create(
        public_id="3PROJECT",
        requester=karim,
        kind="template",
        name="Digits",
        title="Digits",
        description="",
        category_id="image",
        reward=make.terms().reward,
        template="<p>${word}</p>",
        created_at=make.NOW,
        changed_at=make.NOW,
    )
    upload = Upload.objects.create(
        public_id="3UPLOAD", project=project, file_name="x.csv", uploaded_at=make.NOW
    )
    UploadRow.objects.create(upload=upload, no=2, input={"word": "বই"})

    filled = frames.row_preview_url(
        project_id="3PROJECT", viewer_id=karim.public_id, upload_id="3UPLOAD", row_no=2
    )
    bare = frames.row_preview_url(project_id="3PROJECT", viewer_id=karim.public_id)
    gone = frames.row_preview_url(
        project_id="3PROJECT", viewer_id=karim.public_id, upload_id="3UPLOAD", row_no=3
    )

    page = opened(filled).get(path_of(filled)).content.decode()
    assert "<p>বই</p>" in page
    assert "/fit-frame.js" in page, "its frame is as tall as it will be for workers"
    assert "<p>${word}</p>" in opened(bare).get(path_of(bare)).content.decode()
    assert opened(gone).get(path_of(gone)).status_code == 404


@pytest.mark.parametrize("path", ["/", "/projects", "/account/login/", "/static/css/tukro.css", "/healthz"])
def test_site_pages_are_never_served_on_a_task_host(taken: Assignment, path: str) -> None:
    client = Client(headers={"host": host_of(taken)})
    client.cookies["sessionid"] = "x"
    response = client.get(path)
    assert response.status_code == 404
    assert not response.cookies


@pytest.mark.parametrize("path", ["/frame/x", "/mturk/externalSubmit", "/externalHIT_v1.js"])
def test_task_pages_are_never_served_on_the_site(path: str) -> None:
    assert Client(headers={"host": "localhost"}).get(path).status_code == 404


def test_a_name_below_the_task_host_that_is_no_label_has_nothing() -> None:
    assert Client(headers={"host": "www.localhost:8080"}).get("/").status_code == 404


def test_the_helper_script_of_mturk_is_served_here(taken: Assignment) -> None:
    response = Client(headers={"host": host_of(taken)}).get("/externalHIT_v1.js")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "function turkSetAssignmentID" in response.content.decode()


def test_messages_speak_the_workers_language(taken: Assignment, rahima: Worker) -> None:
    rahima.user.language = "bn"
    rahima.user.save()
    client = Client(headers={"host": host_of(taken), "accept-language": "en"})
    response = client.post("/mturk/externalSubmit", {"assignmentId": taken.public_id, "digit": "7"})
    assert '<html lang="bn">' in response.content.decode()


def test_the_same_works_where_the_label_stands_in_the_path(taken: Assignment, settings: Settings) -> None:
    settings.SITE_URL, settings.TASK_URL = "http://localhost", "http://localhost/task-pages/{label}"
    url = frames.frame_url(taken)
    client = opened(url)
    page = client.get(path_of(url))
    assert page.status_code == 200
    submit = page.content.decode().split('action="')[1].split('"')[0]
    response = client.post(path_of(submit), {"digit": "7"})
    assert response.status_code == 200
    assert client.get("/task-pages/short/frame/x").status_code == 404
