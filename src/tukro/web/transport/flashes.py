"""Messages between two pages, read only when a page asks for them.

Django's own middleware makes their storage on every request; the hot JSON doors never look at it.
"""

from __future__ import annotations

from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty


class LazyMessageMiddleware(MessageMiddleware):
    """Django's messages, with a storage that comes into being when it is first used."""

    def process_request(self, request: HttpRequest) -> None:
        request._messages = SimpleLazyObject(lambda: default_storage(request))  # type: ignore[attr-defined]  # where Django keeps them

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        kept = getattr(request, "_messages", None)
        if isinstance(kept, SimpleLazyObject) and kept._wrapped is empty:
            return response
        return super().process_response(request, response)
