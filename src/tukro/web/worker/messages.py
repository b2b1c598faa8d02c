"""A worker's messages with requesters."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from tukro.notices.actions.talking import begin_as_worker, topic_for_worker
from tukro.notices.queries.conversations import conversation_of
from tukro.web.alike import talking
from tukro.web.alike.talking import Page, Party, View
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.work.queries import titles_of


def party(request: WorkerRequest) -> Party:
    return Party("worker", request.worker)


def for_workers(page: Page) -> View:
    """The page for workers alone, who look at it as themselves."""

    @worker_required
    def guarded(request: WorkerRequest, /, **named: str) -> HttpResponse:
        return page(request, party(request), **named)

    return guarded


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


@worker_required
def topic(request: WorkerRequest, conversation_id: str) -> HttpResponse:
    """To what the conversation is about: one's own work, or a group."""
    about = conversation_of("worker", request.worker, conversation_id).about
    topic_for_worker(request.worker, about)  # refuses what is not found any more
    is_own = titles_of([about])
    return redirect("worker:record" if is_own else "worker:preview", about)


urlpatterns = talking.addresses(for_workers, begin=begin, topic=topic)
