"""A requester's messages with workers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from tukro.notices.actions.talking import begin_as_requester, topic_for_requester
from tukro.notices.queries.conversations import conversation_of
from tukro.web.alike import talking
from tukro.web.alike.talking import Page, Party, View
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.work.queries import titles_of


def party(request: RequesterRequest) -> Party:
    return Party("requester", request.requester)


def for_requesters(page: Page) -> View:
    """The page for requesters alone, who look at it as themselves."""

    @requester_required
    def guarded(request: RequesterRequest, /, **named: str) -> HttpResponse:
        return page(request, party(request), **named)

    return guarded


@requester_required
def begin(request: RequesterRequest, about: str) -> HttpResponse:
    """Write to the worker of an assignment, or to a worker who worked for this requester, by public id."""
    return talking.begin(
        request,
        party(request),
        about,
        topic_for_requester(request.requester, about),
        lambda text: begin_as_requester(
            requester=request.requester, about=about, text=text, now=timezone.now()
        ),
    )


@requester_required
def topic(request: RequesterRequest, conversation_id: str) -> HttpResponse:
    """To what the conversation is about: an answer, or a group as its batch."""
    about = conversation_of("requester", request.requester, conversation_id).about
    if titles_of([about]):
        return redirect("requester:assignment", about)
    return redirect("requester:batches")


urlpatterns = talking.addresses(for_requesters, begin=begin, topic=topic)
