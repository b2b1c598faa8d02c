"""From bytes that came in to a proof file of an open answer: looked at, made harmless, stored, recorded."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from tukro.kernel.errors import Refused
from tukro.people.models import Worker
from tukro.web import uploads
from tukro.work.actions.proof_files import StoredFile, add_file


def keep_file(
    *, worker: Worker, assignment_id: str, field: str, file: UploadedFile[bytes], now: datetime
) -> str:
    """The public id of the kept file. Refuses BadFile, and as ``add_file`` does; nothing is stored then."""
    received = uploads.receive(file)
    path = uploads.store(received)
    stored = StoredFile(
        name=received.name,
        media_type=received.media_type,
        size=len(received.content),
        sha256=received.sha256,
        path=path,
        seconds=received.seconds,
    )
    try:
        kept = add_file(worker=worker, assignment_id=assignment_id, field=field, stored=stored, now=now)
    except Refused:
        uploads.discard(path)
        raise
    if not kept.is_new:
        uploads.discard(path)
    return kept.public_id
