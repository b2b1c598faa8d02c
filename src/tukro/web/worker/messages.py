"""A worker's messages with requesters."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.notices.actions.talking import begin_as_worker, topic_for_worker
from tukro.notices.queries.conversations import conversation_of
from tukro.web.alike import talking
from tukro.web.alike.talking import Party
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.work.queries import titles_of


def party(request: WorkerRequest) -> Party:
    return Party("worker", request.worker)


@require_GET
@worker_required
def inbox(request: WorkerRequest) -> HttpResponse:
    return talking.inbox(request, party(request))


@require_http_methods(["GET", "POST"])
@worker_required
def conversation(request: WorkerRequest, conversation_id: str) -> HttpResponse:
    return talking.conversation(request, party(request), conversation_id)


@require_http_methods(["GET", "POST"])
@worker_required
def begin(request: WorkerRequest, about: str) -> HttpResponse:
    """Write to the requester of an assignment or a group, or to a requester, by public id."""
    return talking.begin(
        request,
        party(request),
        about,
        topic_for_worker(request.worker, about),
        lambda text: begin_as_worker(worker=request.worker, about=about, text=text, now=timezone.now()),
    )


@require_GET
@worker_required
def topic(request: WorkerRequest, conversation_id: str) -> HttpResponse:
    """To what the conversation is about: one's own work, or a group."""
    about = conversation_of("worker", request.worker, conversation_id).about
    topic_for_worker(request.worker, about)  # refuses what is not found any more
    is_own = titles_of([about])
    return redirect("worker:record" if is_own else "worker:preview", about)


@require_POST
@worker_required
def mute(request: WorkerRequest, conversation_id: str) -> HttpResponse:
    return talking.choose(request, party(request), conversation_id, "mute")


@require_POST
@worker_required
def unmute(request: WorkerRequest, conversation_id: str) -> HttpResponse:
    return talking.choose(request, party(request), conversation_id, "unmute")


@require_POST
@worker_required
def report(request: WorkerRequest, conversation_id: str) -> HttpResponse:
    return talking.report(request, party(request), conversation_id)
