"""Files of an unfinished answer: hand one in, take one back. The door keeps the bytes (web/uploads)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.people.models import Worker
from tukro.questions import proof
from tukro.questions.xml import stored_form
from tukro.work.actions.doing.assigning import lock_assignment, own_live_assignment
from tukro.work.models import Assignment, AssignmentState, EarlierFile, ProofFile
from tukro.work.rules import RECORDING_GRACE, UNUSED_FILE_DAYS, file_fields


class TooManyFiles(Refused):
    """The field has as many files as it takes. ``limit``."""


class WrongKindOfFile(Refused):
    """The field asks for files of another kind. ``kind``: image or audio."""


class RecordingLength(Refused):
    """The recording is ``code`` (too_short, too_long). ``seconds``; ``least`` and ``most`` of the field."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was looked at and is kept: ``path`` lies below the folder for files."""

    name: str
    media_type: str
    size: int
    sha256: str
    path: str
    seconds: float | None = None  # of a recording, when it says


@dataclass(frozen=True, slots=True)
class KeptFile:
    public_id: str
    is_new: bool  # False: the same bytes were there already, and the new copy is litter


def add_file(
    *, worker: Worker, assignment_id: str, field: str, stored: StoredFile, now: datetime
) -> KeptFile:
    """Put a kept file into a file field of the worker's open assignment; ``field`` is its name on the page.

    The same bytes in the same field twice are one file. Refuses NotFound (also of the field), WrongState,
    TooLate, WrongKindOfFile, RecordingLength, TooManyFiles.
    """
    with transaction.atomic():
        assignment = locked(worker, assignment_id, now)
        room = room_for(assignment, field)
        field, limit = room.field, room.limit
        media_type = room.check(stored.media_type)
        room.check_length(stored.seconds)
        present = ProofFile.objects.filter(assignment=assignment, field=field)
        if same := present.filter(sha256=stored.sha256, size=stored.size).first():
            return KeptFile(same.public_id, is_new=False)
        if present.count() >= limit:
            raise TooManyFiles(limit=limit)
        made = ProofFile.objects.create(
            public_id=new_id(),
            assignment=assignment,
            field=field,
            name=stored.name,
            media_type=media_type,
            size=stored.size,
            sha256=stored.sha256,
            path=stored.path,
            seconds=stored.seconds,
            uploaded_at=now,
        )
    return KeptFile(made.public_id, is_new=True)


def remove_file(*, worker: Worker, assignment_id: str, file_id: str, now: datetime) -> str:
    """Take a file back. Returns its path, for the door to discard; '' when the bytes stay, because the file
    is part of an answer that was handed in before. Refuses NotFound, WrongState, TooLate."""
    with transaction.atomic():
        assignment = locked(worker, assignment_id, now)
        file = ProofFile.objects.filter(public_id=file_id, assignment=assignment).first()
        if file is None:
            raise NotFound()
        is_earlier = assignment.submitted_at is not None and file.uploaded_at <= assignment.submitted_at
        if is_earlier:
            _keep_earlier(file, now)
        file.delete()
    return "" if is_earlier else file.path


def unused_files(*, now: datetime, limit: int) -> list[ProofFile]:
    """Files of work that was returned or ran out of time days ago without ever having been handed in. An
    answer that was handed in keeps its files, whatever became of its repair."""
    given_up = (AssignmentState.RETURNED, AssignmentState.ABANDONED)
    return list(
        ProofFile.objects.filter(
            assignment__state__in=given_up,
            assignment__submitted_at=None,
            assignment__decided_at__lt=now - timedelta(days=UNUSED_FILE_DAYS),
        )[:limit]
    )


def forget_files(files: Sequence[ProofFile]) -> int:
    """Forget files whose bytes the door has discarded."""
    return ProofFile.objects.filter(pk__in=[file.pk for file in files]).delete()[0]


def _keep_earlier(file: ProofFile, now: datetime) -> None:
    copied = ("public_id", "field", "name", "media_type", "size", "path", "seconds", "uploaded_at")
    EarlierFile.objects.create(
        assignment=file.assignment, removed_at=now, **{name: getattr(file, name) for name in copied}
    )


def locked(worker: Worker, assignment_id: str, now: datetime) -> Assignment:
    """The open assignment, locked against a submission that counts its files at this moment."""
    lock_assignment(worker=worker, assignment_id=assignment_id)
    return own_live_assignment(worker=worker, assignment_id=assignment_id, now=now)


@dataclass(frozen=True, slots=True)
class Room:
    """A field that takes files: under which name they are kept, and how many; ``asked``, of our own forms."""

    field: str
    limit: int
    asked: proof.Field | None = None

    def check(self, media_type: str) -> str:
        """The type under which the file is kept: what was asked for as sound is played as sound.

        Refuses WrongKindOfFile.
        """
        if self.asked and not self.asked.takes(media_type):
            raise WrongKindOfFile(kind=str(self.asked.kind))
        if self.asked and self.asked.kind is proof.Kind.AUDIO:
            return media_type.replace("video/", "audio/")
        return media_type

    def check_length(self, seconds: float | None) -> None:
        """Recorders stop a moment early or late, and a file that does not say is for the reviewer to hear.

        Refuses RecordingLength.
        """
        if seconds is None or self.asked is None or self.asked.kind is not proof.Kind.AUDIO:
            return
        least, most = int(self.asked.minimum or 0), int(self.asked.maximum or proof.MAX_SECONDS)
        if not least - RECORDING_GRACE <= seconds <= most + RECORDING_GRACE:
            code = "too_short" if seconds < least else "too_long"
            took = timedelta(seconds=round(seconds))
            raise RecordingLength(
                code=code, seconds=took, least=timedelta(seconds=least), most=timedelta(seconds=most)
            )


def room_for(assignment: Assignment, name: str) -> Room:
    """The field of this name on the page. Refuses NotFound."""
    question = assignment.task.question
    if question.kind == "form" and (field := file_fields(stored_form(question.body)).get(name)):
        return Room(field, 1)
    asked = proof.load(question.body).fields if question.kind == "proof" else ()
    for one in asked:
        if one.name == name and one.kind in proof.FILE_TYPES:
            return Room(name, one.most_files, one)
    raise NotFound()
