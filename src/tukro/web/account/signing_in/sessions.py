"""Where someone is signed in, and signing out there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.people.actions.sessions import end_other_sessions, end_session_of
from tukro.people.queries import sessions_of
from tukro.web.account.signing_in.adapter import DEVICE
from tukro.web.entry.access import UserRequest, user_required
from tukro.web.entry.sessions import hashed


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One line of the list. ``mark`` names the session without being its cookie."""

    mark: str
    device: str
    started_at: datetime | None
    seen_at: datetime | None
    is_this: bool


@require_GET
@user_required
def sessions(request: UserRequest) -> HttpResponse:
    """All that are signed in as this person, this one first."""
    here = hashed(request.session.session_key)
    rows = [
        SignedIn(
            mark=session.mark,
            device=str(session.data.get(DEVICE, "")),
            started_at=session.started_at,
            seen_at=session.seen_at,
            is_this=session.key == here,
        )
        for session in sessions_of(request.user, timezone.now())
    ]
    rows.sort(key=lambda row: not row.is_this)
    return render(request, "account/sessions.html", {"rows": rows})


@require_POST
@user_required
def sign_out(request: UserRequest) -> HttpResponseBase:
    """Sign out one device, or all but this one."""
    here, mark = hashed(request.session.session_key), request.POST.get("mark", "")
    if mark == "others":
        end_other_sessions(user_id=request.user.pk, keep=here)
        messages.success(request, _("All other devices are signed out."))
    else:
        end_session_of(user_id=request.user.pk, mark=mark, keep=here)
        messages.success(request, _("That device is signed out."))
    return redirect("account:sessions")


urlpatterns = [
    path("sessions", sessions, name="sessions"),
    path("sessions/end", sign_out, name="session_end"),
]
