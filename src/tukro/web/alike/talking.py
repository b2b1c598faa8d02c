"""Conversations as both sides see them: what the pages show, and what their buttons do.

The audiences guard the pages and say who is there; everything else is the same for workers and requesters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.errors import NotFound, Refused
from tukro.notices.actions import talking
from tukro.notices.models import Conversation, Message
from tukro.notices.queries.conversations import (
    conversation_about,
    conversation_of,
    conversation_on,
    conversations_of,
    messages_of,
    mutes_of,
)
from tukro.notices.rules.relay import LONGEST_MESSAGE, Side
from tukro.people.models import Requester, Worker
from tukro.web.alike.paging import one_page
from tukro.web.refusals import refusal_message

INBOX = 30
THREAD = 50

View = Callable[..., HttpResponseBase]
Page = Callable[..., HttpResponse]  # of a request, a party, and what the address names


@dataclass(frozen=True, slots=True)
class Party:
    """Who looks at their messages, and where the pages of their side are."""

    side: Side
    person: Worker | Requester

    @property
    def other(self) -> Side:
        return "requester" if self.side == "worker" else "worker"


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages about one thing, for the page of that thing."""

    about: str
    conversation: Conversation | None
    messages: list[Message]


def addresses(guarded: Callable[[Page], View], *, begin: View, topic: View) -> list[URLPattern]:
    """Where the messages of one side are. ``guarded`` lets only that side see a page, and tells it who looks;
    ``begin`` and ``topic`` are the side's own views, because each side writes about other things."""
    one = "messages/<str:conversation_id>"
    answers = require_http_methods(["GET", "POST"])
    return [
        path("messages", require_GET(guarded(inbox)), name="messages"),
        path("messages/about/<str:about>", answers(begin), name="message_begin"),
        path(one, answers(guarded(conversation)), name="conversation"),
        path(f"{one}/topic", require_GET(topic), name="message_topic"),
        path(f"{one}/mute", require_POST(guarded(mute)), name="message_mute"),
        path(f"{one}/unmute", require_POST(guarded(unmute)), name="message_unmute"),
        path(f"{one}/report", require_POST(guarded(report)), name="message_report"),
    ]


def inbox(request: HttpRequest, who: Party) -> HttpResponse:
    """Conversations, the one with the latest message first."""
    known = conversations_of(who.side, who.person, after=request.GET.get("after", ""))
    found, next_cursor = one_page(known, INBOX, lambda one: one.public_id)
    rows = [(one, _unread(one, who.side)) for one in found]
    return render(request, f"{who.side}/messages.html", {"rows": rows, "next_cursor": next_cursor})


def conversation(request: HttpRequest, who: Party, conversation_id: str) -> HttpResponse:
    """One conversation; a POST answers in it."""
    if request.method != "POST":
        return _page(request, who, conversation_id)
    text = request.POST.get("text", "")
    try:
        sent = talking.reply(
            side=who.side, person=who.person, conversation_id=conversation_id, text=text, now=timezone.now()
        )
    except NotFound:
        raise
    except Refused as refusal:
        return _page(request, who, conversation_id, said=text, wrong=refusal_message(refusal), status=422)
    _say_sent(request, sent)
    return redirect(f"{who.side}:conversation", conversation_id)


def begin(
    request: HttpRequest,
    who: Party,
    about: str,
    topic: talking.Topic,
    send: Callable[[str], Message],
) -> HttpResponse:
    """Write about something. What was said about it before is answered where it stands."""
    if request.method != "POST":
        if there := conversation_on(topic.worker, topic.requester, topic.about):
            return redirect(f"{who.side}:conversation", there.public_id)
        return _form(request, who, about, topic)
    text = request.POST.get("text", "")
    try:
        sent = send(text)
    except NotFound:
        raise
    except Refused as refusal:
        return _form(request, who, about, topic, said=text, wrong=refusal_message(refusal), status=422)
    _say_sent(request, sent)
    return redirect(f"{who.side}:conversation", sent.conversation.public_id)


def mute(request: HttpRequest, who: Party, conversation_id: str) -> HttpResponse:
    """Nothing more from the other side, about anything."""
    talking.mute(side=who.side, person=who.person, conversation_id=conversation_id, now=timezone.now())
    messages.success(request, _("You get no more messages from this sender."))
    return redirect(f"{who.side}:conversation", conversation_id)


def unmute(request: HttpRequest, who: Party, conversation_id: str) -> HttpResponse:
    """Listen to the other side again."""
    talking.unmute(side=who.side, person=who.person, conversation_id=conversation_id, now=timezone.now())
    messages.success(request, _("This sender can write to you again."))
    return redirect(f"{who.side}:conversation", conversation_id)


def report(request: HttpRequest, who: Party, conversation_id: str) -> HttpResponse:
    """Tell staff about a message."""
    try:
        talking.report_message(
            side=who.side,
            person=who.person,
            message_id=request.POST.get("message", ""),
            note=request.POST.get("note", ""),
            now=timezone.now(),
        )
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
    else:
        messages.success(request, _("Thank you. Staff will look at this message."))
    return redirect(f"{who.side}:conversation", conversation_id)


def thread_about(who: Party, about: str) -> Thread:
    """What was written about an assignment, for its own page."""
    found = conversation_about(who.side, who.person, about)
    if found is not None:
        _mark_read(found, who.side)
    return Thread(about, found, messages_of(found, limit=THREAD) if found else [])


def _page(
    request: HttpRequest,
    who: Party,
    conversation_id: str,
    *,
    said: str = "",
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    found = conversation_of(who.side, who.person, conversation_id)
    shown = messages_of(found, before=request.GET.get("before", ""), limit=THREAD + 1)
    _mark_read(found, who.side)
    muted = mutes_of(found)
    context = {
        "talk": found,
        "said_by": shown[-THREAD:],
        "earlier": shown[1].public_id if len(shown) > THREAD else "",
        "side": who.side,
        "muted_by_me": who.side in muted,
        "muted_by_them": who.other in muted,
        "said": said,
        "wrong": wrong,
        "longest": LONGEST_MESSAGE,
    }
    return render(request, f"{who.side}/conversation.html", context, status=status)


def _form(
    request: HttpRequest,
    who: Party,
    about: str,
    topic: talking.Topic,
    *,
    said: str = "",
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"topic": topic, "about": about, "said": said, "wrong": wrong, "longest": LONGEST_MESSAGE}
    return render(request, f"{who.side}/message_new.html", context, status=status)


def _mark_read(found: Conversation, side: Side) -> None:
    if _unread(found, side):
        talking.mark_read(side=side, conversation=found)


def _unread(found: Conversation, side: Side) -> int:
    return found.worker_unread if side == "worker" else found.requester_unread


def _say_sent(request: HttpRequest, sent: Message) -> None:
    if sent.masked:
        messages.warning(
            request,
            _("Sent. Addresses or numbers were taken out: everything stays on Tukro for your safety."),
        )
    else:
        messages.success(request, _("Your message is sent."))
