"""Uploads: rows wait in the database, or nothing but the report does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import cast, make
from tests.make import NOW
from tukro.campaigns.actions.projects import ProjectArchived, archive_project
from tukro.campaigns.actions.publishing import publish
from tukro.campaigns.actions.uploads import (
    AlreadyPublished,
    CsvTooLarge,
    FileNeeded,
    FileNotNeeded,
    discard_upload,
    prepare_without_file,
    read_upload,
)
from tukro.campaigns.jobs import discard_unpublished
from tukro.campaigns.models import Upload, UploadRow
from tukro.campaigns.queries.posting import staged_rows, upload_of
from tukro.kernel.errors import NotFound
from tukro.work.models import Batch

pytestmark = pytest.mark.django_db


def test_good_rows_are_staged_in_order() -> None:
    upload = make.upload(content="id,image\n7,ক.png\n8,😀.png\n")
    assert (upload.row_count, upload.fault_count, upload.columns) == (2, 0, ["id", "image"])
    assert [row.input for row in staged_rows(upload, after=0, limit=10)] == [
        {"id": "7", "image": "ক.png"},
        {"id": "8", "image": "😀.png"},
    ]


def test_what_is_worth_knowing_is_kept_with_the_upload() -> None:
    upload = make.upload(content="id;image\n1;a.png\n")
    assert (upload.encoding, upload.file_name) == ("utf-8", "digits.csv")
    assert upload.notes == [
        {"code": "extra_columns", "facts": {"columns": ["id"]}},
        {"code": "separated_by", "facts": {"delimiter": "semicolon"}},
    ]


@pytest.mark.parametrize(
    "content", ["image\na\nb,c\n", "imgae\na\n", b"image\n\xff\xfe\xfd\n", b"PK\x03\x04"]
)
def test_a_faulty_file_leaves_its_report_and_no_row(content: str | bytes) -> None:
    upload = Upload.objects.get(pk=make.upload(content=content).pk)
    assert upload.fault_count == len(upload.faults) == 1
    assert UploadRow.objects.count() == 0


def test_a_report_carries_line_column_code_and_facts() -> None:
    upload = make.upload(content="id,image\n1,a\n2\n")
    assert upload.faults == [
        {"line": 3, "column": "image", "code": "too_few_cells", "facts": {"expected": 2, "found": 1}}
    ]


def test_many_rows_are_staged_in_one_go() -> None:
    upload = make.upload(rows=20_000)
    assert upload.row_count == UploadRow.objects.count() == 20_000


def test_a_file_that_is_too_large_is_not_even_read() -> None:
    file = make.csv_file("image\na\n")
    file.size = 25 * 1024 * 1024 + 1
    with pytest.raises(CsvTooLarge):
        read_upload(file=file, project=make.project(), now=NOW)
    assert Upload.objects.count() == 0


def test_a_file_is_for_projects_with_variables_only() -> None:
    plain = make.project(template='<input name="a">')
    with pytest.raises(FileNotNeeded):
        read_upload(file=make.csv_file("a\n1\n"), project=plain, now=NOW)
    assert prepare_without_file(project=plain, now=NOW).row_count == 1
    with pytest.raises(FileNeeded) as refused:
        prepare_without_file(project=make.project(), now=NOW)
    assert refused.value.facts == {"columns": ["image"]}


def test_an_archived_project_takes_no_file() -> None:
    karim = cast.karim()
    project = make.project(of=karim)
    project = archive_project(requester=karim, project_id=project.public_id, now=NOW)
    with pytest.raises(ProjectArchived):
        make.upload(of=project)


def test_a_discarded_upload_is_gone_with_its_rows() -> None:
    karim = cast.karim()
    upload = make.upload(of=make.project(of=karim))
    discard_upload(requester=karim, upload_id=upload.public_id, now=NOW)
    assert (Upload.objects.count(), UploadRow.objects.count()) == (0, 0)


def test_a_published_upload_cannot_be_discarded() -> None:
    karim = cast.karim()
    upload = make.upload(of=make.project(of=karim))
    publish(requester=karim, upload_id=upload.public_id, now=NOW)
    with pytest.raises(AlreadyPublished):
        discard_upload(requester=karim, upload_id=upload.public_id, now=NOW)
    assert Batch.objects.count() == 1


def test_a_file_that_nobody_publishes_goes_after_a_month() -> None:
    karim = cast.karim()
    project = make.project(of=karim)
    published, waiting = make.upload(of=project), make.upload(of=project)
    publish(requester=karim, upload_id=published.public_id, now=NOW)
    assert discard_unpublished(NOW + timedelta(days=30)) == 0
    assert discard_unpublished(NOW + timedelta(days=31)) == 1
    assert Upload.objects.get() == published
    assert not UploadRow.objects.filter(upload_id=waiting.pk).exists()


def test_other_peoples_uploads_look_absent() -> None:
    upload, stranger = make.upload(), cast.karim()
    with pytest.raises(NotFound):
        upload_of(stranger, upload.public_id)
    with pytest.raises(NotFound):
        discard_upload(requester=stranger, upload_id=upload.public_id, now=NOW)


def test_a_path_in_a_file_name_is_only_a_label() -> None:
    file = make.csv_file("image\na\n", name="x.csv")
    file.name = "../../etc/digits.csv"
    assert read_upload(file=file, project=make.project(), now=NOW).file_name == "digits.csv"
