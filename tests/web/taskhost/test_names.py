"""Host names and tokens of the task host (no browser; test_taskhost_browser.py drives Chromium)."""

from __future__ import annotations

import pytest
from django.core import signing
from pytest_django import Settings

from tukro.web.taskhost import frames, names

LABEL = "a" * 32


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = "http://localhost:8080"
    settings.TASK_URL = "http://{label}.localhost:8080"


def test_a_label_belongs_to_one_task_and_one_worker() -> None:
    labels = {
        names.label_for(task_id=task, viewer_id=worker)
        for task in ("3TASK", "3OTHER")
        for worker in ("A1", "A2")
    }
    assert len(labels) == 4
    assert names.label_for(task_id="3TASK", viewer_id="A1") == names.label_for(
        task_id="3TASK", viewer_id="A1"
    )


@pytest.mark.parametrize(
    ("host", "place"),
    [
        (f"{LABEL}.localhost:8080", names.Place(LABEL, "/x")),
        (f"{LABEL.upper()}.LOCALHOST.", names.Place(LABEL, "/x")),
        ("short.localhost:8080", names.Place(None, "/x")),
        (f"deep.{LABEL}.localhost", names.Place(None, "/x")),
        ("localhost:8080", None),
        ("127.0.0.1:8080", None),
        ("[::1]:8080", None),
        ("", None),
        (f"{LABEL}.localhost.example.org", None),
    ],
)
def test_names_below_the_task_host_never_reach_the_site(host: str, place: names.Place | None) -> None:
    assert names.place_of(host=host, path="/x") == place


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (f"/task-pages/{LABEL}/frame/t", names.Place(LABEL, "/frame/t")),
        (f"/task-pages/{LABEL}", names.Place(LABEL, "/")),
        ("/task-pages/short/frame/t", names.Place(None, "/task-pages/short/frame/t")),
        ("/projects", None),
    ],
)
def test_a_site_with_one_name_puts_the_label_in_the_path(
    settings: Settings, path: str, place: names.Place | None
) -> None:
    settings.TASK_URL = "https://work.example.org/task-pages/{label}"
    assert names.place_of(host="work.example.org", path=path) == place


@pytest.mark.parametrize(
    ("site", "task", "fault_count"),
    [
        ("http://localhost:8080", "http://{label}.localhost:8080", 0),
        ("http://127.0.0.1:8080", "http://{label}.localhost:8080", 0),
        ("https://tukro.example", "https://{label}.tukro-tasks.example", 0),
        ("https://tukro.example", "https://tukro.example/task-pages/{label}", 0),
        ("http://localhost:8080", "http://localhost:8081", 1),
        ("https://tukro.example", "https://{label}.tukro.example", 1),
        ("https://site.tasks.example", "https://{label}.tasks.example", 1),
        ("https://tukro.example", "https://tasks-{label}.example", 1),
        ("https://tukro.example", "https://{label}.tasks.example/{label}", 1),
        ("https://tukro.example", "nonsense", 1),
    ],
)
def test_the_start_refuses_names_that_site_and_task_pages_share(
    settings: Settings, site: str, task: str, fault_count: int
) -> None:
    settings.SITE_URL, settings.TASK_URL = site, task
    assert len(names.faults()) == fault_count


def test_the_site_lets_frames_come_from_the_task_host_only() -> None:
    assert names.sources() == "http://*.localhost:8080"


def test_a_token_opens_only_on_its_own_name() -> None:
    url = frames.row_preview_url(project_id="3PROJECT", viewer_id="A1", upload_id="3UPLOAD", row_no=7)
    label = names.label_for(task_id="3PROJECT", viewer_id="A1")
    token = url.split("/frame/")[1].split("?")[0]

    assert frames.read_token(token, label=label) == frames.Shown("row", "3PROJECT", "3UPLOAD", 7, "en")
    with pytest.raises(frames.BadToken):
        frames.read_token(token, label=LABEL)


def test_a_forged_token_is_refused() -> None:
    forged = signing.dumps(
        {"kind": "assignment", "id": "3X", "label": LABEL}, key="guess", salt="tukro.taskhost.frame"
    )
    with pytest.raises(frames.BadToken):
        frames.read_token(forged, label=LABEL)


def test_a_token_ends_after_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    label = names.label_for(task_id="3PROJECT", viewer_id="A1")
    token = frames.row_preview_url(project_id="3PROJECT", viewer_id="A1").split("/frame/")[1].split("?")[0]
    monkeypatch.setattr(frames, "LIFETIME_SECONDS", -1)
    with pytest.raises(frames.BadToken):
        frames.read_token(token, label=label)


def test_a_preview_says_that_nothing_is_accepted() -> None:
    url = frames.row_preview_url(project_id="3PROJECT", viewer_id="A1")
    label = names.label_for(task_id="3PROJECT", viewer_id="A1")
    assert url.startswith(f"http://{label}.localhost:8080/frame/")
    assert url.endswith(
        "?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId=3PROJECT"
        f"&turkSubmitTo=http%3A%2F%2F{label}.localhost%3A8080"
    )
