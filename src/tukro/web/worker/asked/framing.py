"""The frame in which a worker sees a requester's page: one that we keep, or one on their own server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from tukro.web.taskhost import foreign
from tukro.web.taskhost.frames import task_preview_url, work_url
from tukro.web.taskhost.names import site_origin
from tukro.web.transport.policy import HEADER, policy_with
from tukro.work.queries import Preview, WorkPage


@dataclass(frozen=True, slots=True)
class Frame:
    """What the page around a frame must know; ``src`` is empty when the page may not be shown."""

    src: str
    height: int  # px; 0 = fit the window
    is_foreign: bool = False
    sources: tuple[str, ...] = ()  # who else may be framed, beside the task host

    @property
    def headers(self) -> Mapping[str, str]:
        """What lets the page around a foreign page frame that one host, and windows know who opened them.

        Such pages often do their work in a window of its own and go on in the frame when it is done.
        """
        if not self.sources:
            return {}
        return {
            HEADER: policy_with({"frame-src": self.sources}),
            "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
        }


def work_frame(request: HttpRequest, page: WorkPage, *, viewer_id: str) -> Frame:
    """The frame of a task that this worker has accepted."""
    ids = {
        "assignment_id": page.assignment_id,
        "task_id": page.task_id,
        "viewer_id": viewer_id,
        "worker_id": page.known_as,
    }
    if page.question.kind == "external":
        address = foreign.work_address(page.question.body, **ids)
        return _foreign(request, address, page.question.frame_height, page.task_id, viewer_id)
    return Frame(work_url(**ids), page.question.frame_height)


def preview_frame(request: HttpRequest, shown: Preview, *, viewer_id: str) -> Frame:
    """The frame of a task before it is accepted."""
    if shown.question.kind == "external":
        address = foreign.preview_address(shown.question.body, task_id=shown.task_id, viewer_id=viewer_id)
        return _foreign(request, address, shown.question.frame_height, shown.task_id, viewer_id)
    src = task_preview_url(task_id=shown.task_id, viewer_id=viewer_id)
    return Frame(src, shown.question.frame_height)


def _foreign(request: HttpRequest, address: str, height: int, task_id: str, viewer_id: str) -> Frame:
    origin = foreign.origin_of(address)
    if not origin or foreign.is_ours(address, visited=request.get_host()):
        return Frame("", height, is_foreign=True)
    # What it hands in goes to the task host, or to an address of ours that is written into the page.
    here = f"{request.scheme}://{request.get_host()}"
    submit_places = dict.fromkeys(
        f"{at}{slashes}mturk/externalSubmit" for at in (here, site_origin()) for slashes in ("/", "//")
    )
    task_host = foreign.submit_origin(task_id=task_id, viewer_id=viewer_id)
    return Frame(address, height, is_foreign=True, sources=(origin, f"{task_host}/", *submit_places))
