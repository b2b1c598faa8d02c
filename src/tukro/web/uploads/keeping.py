"""From bytes that came in to a file that a row names: looked at, made harmless, stored, recorded."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from tukro.kernel.errors import Refused
from tukro.people.models import Worker
from tukro.web import uploads
from tukro.work.actions.doing.proof_files import StoredFile, add_file


def keep_file(
    *, worker: Worker, assignment_id: str, field: str, file: UploadedFile[bytes], now: datetime
) -> str:
    """The public id of the kept file. Refuses BadFile, and as ``add_file`` does; nothing is stored then."""
    stored = stored_file(file)
    try:
        kept = add_file(worker=worker, assignment_id=assignment_id, field=field, stored=stored, now=now)
    except Refused:
        uploads.discard(stored.path)
        raise
    if not kept.is_new:
        uploads.discard(stored.path)
    return kept.public_id


def stored_file(file: UploadedFile[bytes]) -> StoredFile:
    """Look at a posted file and store its bytes. The caller discards them when their row is refused.

    Refuses BadFile; nothing is stored then.
    """
    received = uploads.receive(file)
    return StoredFile(
        name=received.name,
        media_type=received.media_type,
        size=len(received.content),
        sha256=received.sha256,
        path=uploads.store(received),
        seconds=received.seconds,
    )
