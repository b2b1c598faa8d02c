"""What other doors need to show a task page: its address, and the proof that work was handed in.

The address carries a token that names one assignment (or one preview) and ends after an hour; a page that is
shown again gets a new one. Handing in needs the assignment's id on the host name that belongs to this task
and this worker, so a token that was read in a log opens nothing afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.utils import translation

from tukro.people.aliases import alias
from tukro.web.taskhost.names import label_for, origin_of
from tukro.work.models import Assignment

PREVIEW = "ASSIGNMENT_ID_NOT_AVAILABLE"
LIFETIME_SECONDS = 3600
_SALT = "tukro.taskhost.frame"


class BadToken(Exception):
    """The token was forged, changed, is older than an hour, or came on another host name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a frame shows: an assignment, a task in preview, a row not yet published, or what was drawn."""

    kind: Literal["assignment", "task", "row", "answer"]
    id: str  # public id of the assignment, the task, or the project
    upload_id: str = ""
    row_no: int = 0
    language: str = ""  # the reader's, for the words of our own that the page shows
    version: int = 0  # of the answer; 0: the one that counts


def frame_url(assignment: Assignment) -> str:
    """The address of the page of an assignment that its worker may now do."""
    return work_url(
        assignment_id=assignment.public_id,
        task_id=assignment.task.public_id,
        viewer_id=assignment.worker.public_id,
        worker_id=alias(assignment.worker, assignment.task.task_type.requester),
    )


def work_url(*, assignment_id: str, task_id: str, viewer_id: str, worker_id: str) -> str:
    """The same from the public ids; ``worker_id`` is what the page learns, the id that its requester knows.

    The caller has made sure that the assignment is this worker's.
    """
    return _address(
        label_for(task_id=task_id, viewer_id=viewer_id),
        Shown("assignment", assignment_id),
        assignmentId=assignment_id,
        hitId=task_id,
        workerId=worker_id,
    )


def task_preview_url(*, task_id: str, viewer_id: str) -> str:
    """The address of a task's page before it is accepted. ``viewer_id``: who looks, or ``""``."""
    label = label_for(task_id=task_id, viewer_id=viewer_id)
    return _address(label, Shown("task", task_id), assignmentId=PREVIEW, hitId=task_id)


def row_preview_url(*, project_id: str, viewer_id: str, upload_id: str = "", row_no: int = 0) -> str:
    """The address of a project's page filled from a staged row; without an upload the names stand in it.

    The caller has made sure that the project and the upload are the viewer's own.
    """
    label = label_for(task_id=project_id, viewer_id=viewer_id)
    shown = Shown("row", project_id, upload_id, row_no)
    return _address(label, shown, assignmentId=PREVIEW, hitId=project_id)


def drawn_url(assignment_id: str, *, viewer: str, version: int = 0, in_grid: bool = False) -> str:
    """The address of what was drawn in an answer (drawn.py). ``viewer`` tells readers apart, and no more.

    The caller has made sure that the viewer may read the answer.
    """
    label = label_for(task_id=f"answer:{assignment_id}", viewer_id=f"reader:{viewer}")
    shown = Shown("answer", assignment_id, version=version)
    return _address(label, shown, **({"look": "grid"} if in_grid else {}))


def receipt(assignment_id: str) -> str:
    """What the answer page tells the site's page when work was handed in.

    The task page cannot know it before, so it cannot pretend that it handed in.
    """
    text = f"handed-in:{assignment_id}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()


def read_token(token: str, *, label: str) -> Shown:
    """What the token lets this host name show. Raises BadToken."""
    try:
        kept: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=LIFETIME_SECONDS)
    except signing.BadSignature:
        raise BadToken from None
    if not hmac.compare_digest(kept.pop("label"), label):
        raise BadToken
    return Shown(**kept)


def _address(label: str, shown: Shown, **parameters: str) -> str:
    language = translation.get_language() or ""
    kept: dict[str, str | int] = {
        "kind": shown.kind,
        "id": shown.id,
        "label": label,
        "language": language,
    }
    if shown.upload_id:
        kept |= {"upload_id": shown.upload_id, "row_no": shown.row_no}
    if shown.version:
        kept["version"] = shown.version
    origin = origin_of(label)
    if shown.kind != "answer":  # that one is a page of the house and hands nothing in
        parameters["turkSubmitTo"] = origin
    query = urlencode(parameters)
    return f"{origin}/frame/{signing.dumps(kept, salt=_SALT)}{f'?{query}' if query else ''}"
