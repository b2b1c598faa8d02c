"""Files of work that was never handed in go, some days after it was given up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tests import cast, make
from tests.make import NOW
from tukro.people.models import Requester
from tukro.web.jobs import forget_unused_files
from tukro.work.actions.doing.assigning import return_assignment
from tukro.work.actions.reviewing import ask_revision
from tukro.work.jobs import expire_late
from tukro.work.models import Assignment, ProofFile
from tukro.work.rules import UNUSED_FILE_DAYS

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)  # every deadline of these tests is over


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path
    return tmp_path


def add_photo(assignment: Assignment, folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"a photo")
    ProofFile.objects.create(
        public_id=name,
        assignment=assignment,
        field="shot",
        name=name,
        media_type="image/jpeg",
        size=7,
        sha256="",
        path=name,
        uploaded_at=NOW,
    )


def names(folder: Path) -> list[str]:
    assert sorted(ProofFile.objects.values_list("path", flat=True)) == sorted(
        file.name for file in folder.iterdir()
    )
    return sorted(file.name for file in folder.iterdir())


def test_files_of_returned_and_late_work_are_forgotten_a_week_after_and_no_others(folder: Path) -> None:
    batch = make.batch(rows=3)
    returned, late = make.accepted(by=cast.rahima(), of=batch), make.accepted(by=cast.tanvir(), of=batch)
    add_photo(returned, folder, "returned")
    add_photo(late, folder, "late")
    return_assignment(worker=returned.worker, assignment_id=returned.public_id, reason_code="other", now=NOW)
    expire_late(LATER)
    add_photo(make.accepted(of=batch, now=LATER), folder, "being-done")
    week = timedelta(days=UNUSED_FILE_DAYS)
    assert forget_unused_files(NOW + week) == 0
    assert forget_unused_files(NOW + week + timedelta(seconds=1)) == 1
    assert names(folder) == ["being-done", "late"]
    assert forget_unused_files(LATER + week + timedelta(seconds=1)) == 1
    assert names(folder) == ["being-done"]


def test_an_answer_that_was_handed_in_keeps_its_files_though_its_repair_did_not_come(folder: Path) -> None:
    handed_in = make.submitted()
    add_photo(handed_in, folder, "handed-in")
    ask_revision(
        requester=Requester.objects.get(pk=handed_in.requester_id),
        assignment_id=handed_in.public_id,
        reason_code="unclear",
        feedback="Once more, please",
        now=NOW,
    )
    expire_late(LATER)
    handed_in.refresh_from_db()
    assert handed_in.state == "submitted"
    assert forget_unused_files(LATER + timedelta(days=UNUSED_FILE_DAYS + 1)) == 0
    assert names(folder) == ["handed-in"]
