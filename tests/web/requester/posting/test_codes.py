"""Codes through the pages: the requester's lines make what the worker hands in; a wrong one is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from tests import make
from tests.web.market import address, signed_in
from tukro.campaigns.actions.projects import create_project
from tukro.campaigns.actions.publishing import publish, publish_chunk
from tukro.campaigns.actions.uploads import prepare_without_file
from tukro.campaigns.models import Project
from tukro.people.aliases import alias
from tukro.people.models import Requester
from tukro.questions.codes import MOST_TRIES, proof_code
from tukro.web.requester.programs.code_lines import code_lines
from tukro.work.actions.doing.assigning import Accepted, accept_next
from tukro.work.models import Assignment, Batch

pytestmark = pytest.mark.django_db


def project_with(of: Requester, *kinds: str) -> Project:
    fields: list[dict[str, object]] = [
        {"kind": kind, "label": f"Code {no}", "name": f"code{no}", "required": True}
        for no, kind in enumerate(kinds, 1)
    ]
    plan = make.plan(
        kind="proof",
        instructions="https://example.org/?c={{CAMP_ID}}&w={{MW_ID}}&k={{RAND_KEY}} and show {{PROOF_CODE}}",
        template="",
        proof=fields,
        places=3,
    )
    return create_project(requester=of, plan=plan, now=timezone.now())


def published(project: Project) -> Batch:
    now = timezone.now()
    upload = prepare_without_file(project=project, now=now)
    batch = publish(requester=project.requester, upload_id=upload.public_id, now=now)
    while publish_chunk(batch_id=batch.public_id, now=now):
        pass
    return batch


def code_made_by(project: Project, language: str, **ids: str) -> str:
    """What the lines that the page shows make, run as they stand."""
    lines = code_lines(project)
    assert lines is not None
    house: dict[str, Any] = {}
    exec(dict(lines.lines)[language], house)
    return str(house["code"](**ids))


@pytest.fixture
def held() -> tuple[Project, Accepted]:
    project = project_with(make.requester(aliases=True), "code", "mw_code")
    batch, rahima = published(project), make.worker()
    return project, accept_next(worker=rahima, group_id=batch.task_type.group_id, now=timezone.now())


def test_the_lines_of_the_page_make_codes_that_are_right(held: tuple[Project, Accepted]) -> None:
    project, accepted = held
    worker = Assignment.objects.get(public_id=accepted.assignment_id).worker
    client = signed_in(worker)
    page = client.get(address(accepted)).content.decode()
    known_as = alias(worker, project.requester)
    assert f"w={known_as}&amp;k={accepted.assignment_id}" in page
    assert proof_code(settings.SECRET_KEY, accepted.assignment_id) in page
    ids = {"campaign": project.public_id, "worker": alias(worker, project.requester)}
    answer = {
        "code1": code_made_by(project, "Python", **ids, key=accepted.assignment_id),
        "code2": code_made_by(project, "Python, VCODE", **ids),
    }
    assert client.post(address(accepted, "submit"), answer).status_code == 302
    shown = signed_in(project.requester.user)
    assert "Secret of this project" in shown.get(f"/requester/projects/{project.public_id}").content.decode()
    review = shown.get(f"/requester/assignments/{accepted.assignment_id}").content.decode()
    assert proof_code(settings.SECRET_KEY, accepted.assignment_id) in review
    batch = Batch.objects.get(project_id=project.public_id)
    grid = shown.get(f"/requester/batches/{batch.public_id}/review").content.decode()
    assert proof_code(settings.SECRET_KEY, accepted.assignment_id) in grid


def test_a_wrong_code_is_told_and_counted_and_after_the_last_try_none_is_taken(
    held: tuple[Project, Accepted],
) -> None:
    project, accepted = held
    worker = Assignment.objects.get(public_id=accepted.assignment_id).worker
    client = signed_in(worker)
    ids = {"campaign": project.public_id, "worker": alias(worker, project.requester)}
    right = {
        "code1": code_made_by(project, "Python", **ids, key=accepted.assignment_id),
        "code2": code_made_by(project, "Python, VCODE", **ids),
    }
    first = client.post(address(accepted, "submit"), right | {"code1": "tk-0"})
    assert first.status_code == 422
    assert f"wrong codes left: {MOST_TRIES - 1}" in first.content.decode()
    for _ in range(MOST_TRIES - 1):
        last = client.post(address(accepted, "submit"), right | {"code1": "tk-0"})
    assert "Too many wrong codes." in last.content.decode()
    assert client.post(address(accepted, "submit"), right).status_code == 422
    made = Assignment.objects.get(public_id=accepted.assignment_id)
    assert (made.state, made.code_tries) == ("accepted", MOST_TRIES)


def test_before_accepting_nobody_sees_a_code_and_a_project_without_codes_has_no_lines() -> None:
    project = project_with(make.requester(), "text")
    batch = published(project)
    page = signed_in(make.worker()).get(f"/projects/{batch.task_type.group_id}/tasks").content.decode()
    assert "and show …" in page
    assert code_lines(project) is None
