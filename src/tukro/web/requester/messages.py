"""A requester's messages with workers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.notices.actions.talking import begin_as_requester, topic_for_requester
from tukro.notices.queries.conversations import conversation_of
from tukro.web.alike import talking
from tukro.web.alike.talking import Party
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.work.queries import titles_of


def party(request: RequesterRequest) -> Party:
    return Party("requester", request.requester)


@require_GET
@requester_required
def inbox(request: RequesterRequest) -> HttpResponse:
    return talking.inbox(request, party(request))


@require_http_methods(["GET", "POST"])
@requester_required
def conversation(request: RequesterRequest, conversation_id: str) -> HttpResponse:
    return talking.conversation(request, party(request), conversation_id)


@require_http_methods(["GET", "POST"])
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


@require_GET
@requester_required
def topic(request: RequesterRequest, conversation_id: str) -> HttpResponse:
    """To what the conversation is about: an answer, or a group as its batch."""
    about = conversation_of("requester", request.requester, conversation_id).about
    if titles_of([about]):
        return redirect("requester:assignment", about)
    return redirect("requester:batches")


@require_POST
@requester_required
def mute(request: RequesterRequest, conversation_id: str) -> HttpResponse:
    return talking.choose(request, party(request), conversation_id, "mute")


@require_POST
@requester_required
def unmute(request: RequesterRequest, conversation_id: str) -> HttpResponse:
    return talking.choose(request, party(request), conversation_id, "unmute")


@require_POST
@requester_required
def report(request: RequesterRequest, conversation_id: str) -> HttpResponse:
    return talking.report(request, party(request), conversation_id)
