"""Who may send a large body, and where: asked before it is received."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from tukro.web.entry.sessions import SessionStore, person_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def takes_files(view: View) -> View:
    """Mark a view that takes more than a form of words has. It must be for people who are signed in."""
    vars(view)["takes_files"] = True
    return view


def do_take_files(view: Callable[..., Any]) -> bool:
    return getattr(view, "takes_files", False)


def is_signed_in(request: HttpRequest) -> bool:
    """Whether its cookie is of a session that holds. The request has passed no middleware yet."""
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return person_of(request).is_authenticated
