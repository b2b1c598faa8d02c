"""Uploads: a CSV file is read, checked and staged in one pass, or found faulty and nothing of it kept."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import BinaryIO, cast

from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from tukro.campaigns.actions.projects import ProjectArchived
from tukro.campaigns.models import Project, Upload, UploadRow
from tukro.campaigns.queries import posting as queries
from tukro.campaigns.rules.faults import Fault, Unreadable
from tukro.campaigns.rules.tables import MAX_FILE_BYTES, Row, Table, open_table
from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.people.models import Requester
from tukro.work.models import Batch, BatchState

MEGABYTE = 1024 * 1024
_MAX_FILE_NAME = 200
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


class CsvTooLarge(Refused):
    """The file is larger than one batch may be. ``limit``: in megabytes."""


class FileNotNeeded(Refused):
    """The project has no variables, so there is nothing that a file could fill."""


class FileNeeded(Refused):
    """The project has variables, which only a file can fill. ``columns``: their names."""


class AlreadyPublished(Refused):
    """The upload became a batch. ``batch_id``."""


def read_upload(*, file: File[bytes], project: Project, now: datetime) -> Upload:
    """Read a CSV for ``project`` and stage its rows; a faulty file leaves only its report.

    Memory stays flat: rows stream into the database while they are checked, and a fault takes them out
    again. Refuses CsvTooLarge, FileNotNeeded and ProjectArchived before reading anything.
    """
    if project.archived_at is not None:
        raise ProjectArchived
    if file.size > MAX_FILE_BYTES:
        raise CsvTooLarge(limit=MAX_FILE_BYTES // MEGABYTE)
    needed = queries.columns_needed(project)
    if not needed:
        raise FileNotNeeded
    upload = Upload(public_id=new_id(), project=project, file_name=_label(file.name or ""), uploaded_at=now)
    with transaction.atomic():
        try:
            table = open_table(cast(BinaryIO, file.file), needed)
        except Unreadable as unreadable:
            _keep_report(upload, unreadable.faults, len(unreadable.faults))
        else:
            _stage(upload, table)
        record(
            name="FileRead",
            actor=project.requester.actor,
            subject=upload.public_id,
            at=now,
            facts={"project": project.public_id, "rows": upload.row_count, "faults": upload.fault_count},
        )
    return upload


def prepare_without_file(*, project: Project, now: datetime) -> Upload:
    """The upload of a project without variables: one task, no file. Refuses FileNeeded, ProjectArchived."""
    if project.archived_at is not None:
        raise ProjectArchived
    if needed := queries.columns_needed(project):
        raise FileNeeded(columns=list(needed))
    with transaction.atomic():
        upload = Upload.objects.create(public_id=new_id(), project=project, row_count=1, uploaded_at=now)
        UploadRow.objects.create(upload=upload, no=1, input={})
    return upload


def discard_upload(*, requester: Requester, upload_id: str, now: datetime) -> None:
    """Throw an upload and its rows away. Refuses NotFound, AlreadyPublished."""
    with transaction.atomic():
        found = Upload.objects.filter(project__requester=requester, public_id=upload_id)
        upload = found.select_for_update(of=["self"]).first() if looks_like_id(upload_id) else None
        if upload is None:
            raise NotFound(upload=upload_id)
        if upload.batch_id:
            raise AlreadyPublished(batch_id=upload.batch_id)
        upload.delete()
        record(name="FileDiscarded", actor=requester.actor, subject=upload_id, at=now)


def discard_old_uploads(*, before: datetime, limit: int, now: datetime) -> int:
    """Throw away uploads from before a moment that nobody published, a few at a time. Answers how many."""
    with transaction.atomic():
        waiting = Upload.objects.filter(batch_id="", uploaded_at__lt=before).order_by("id")
        old = list(waiting.select_for_update(skip_locked=True)[:limit])
        for upload in old:
            upload.delete()
            record(name="FileDiscarded", actor=HOUSE, subject=upload.public_id, at=now)
    return len(old)


def discard_rows_of_cancelled(*, limit: int) -> int:
    """Throw away staged rows whose batch was cancelled before they were tasks: none will be made of them.

    Of ``limit`` files at once; the files themselves stay with their batches. Answers of how many.
    """
    cancelled = Batch.objects.filter(public_id=OuterRef("batch_id"), state=BatchState.CANCELLED)
    staged = UploadRow.objects.filter(upload=OuterRef("pk"))
    left = list(Upload.objects.filter(Exists(cancelled), Exists(staged)).order_by("id")[:limit])
    UploadRow.objects.filter(upload__in=left).delete()
    return len(left)


def _stage(upload: Upload, table: Table) -> None:
    upload.encoding = table.encoding.name.removesuffix("-sig")
    upload.columns = list(table.columns)
    upload.save()
    with transaction.atomic():
        _copy_rows(upload.pk, table.rows())
        if table.faults.count:
            transaction.set_rollback(True)  # the rows only; the report stays
    if table.faults.count:
        _keep_report(upload, table.faults.first, table.faults.count)
        return
    upload.row_count = table.row_count
    upload.notes = [
        *[note.as_json() for note in table.notes()],
        {"code": "separated_by", "facts": {"delimiter": _DELIMITERS.get(table.delimiter, table.delimiter)}},
    ]
    upload.save()


def _copy_rows(upload_key: int, rows: Iterable[Row]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy("copy campaigns_uploadrow (upload_id, no, input) from stdin") as copy,
    ):
        for row in rows:
            copy.write_row((upload_key, row.no, json.dumps(row.values, ensure_ascii=False)))


def _keep_report(upload: Upload, faults: Iterable[Fault], count: int) -> None:
    upload.faults = [fault.as_json() for fault in faults]
    upload.fault_count = count
    upload.save()


def _label(name: str) -> str:
    """The file's name as its owner knows it, for showing only."""
    return unicodedata.normalize("NFC", PurePath(name.replace("\x00", "")).name)[-_MAX_FILE_NAME:]
