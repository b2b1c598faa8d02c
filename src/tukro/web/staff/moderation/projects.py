"""Projects in moderated categories: staff look before they may be published."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.campaigns.actions.projects import approve_project, refuse_project
from tukro.campaigns.queries.posting import projects_waiting
from tukro.web.alike.acts import act
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.words.categories import category_name

SHOWN = 50


@require_GET
@staff_required
def projects(request: StaffRequest) -> HttpResponse:
    """What waits, the longest waiting first, with everything a worker would read."""
    waiting = [{"row": one, "category": category_name(one.category_id)} for one in projects_waiting(SHOWN)]
    return render(request, "staff/moderation/projects.html", {"projects": waiting})


@require_POST
@staff_required
def approve(request: StaffRequest, project_id: str) -> HttpResponse:
    now = timezone.now()
    return act(
        request,
        lambda: approve_project(by=request.user.actor, project_id=project_id, now=now),
        done=_("The project may be published."),
        back="staff:projects",
    )


@require_POST
@staff_required
def refuse(request: StaffRequest, project_id: str) -> HttpResponse:
    now, reason = timezone.now(), request.POST.get("reason", "")
    return act(
        request,
        lambda: refuse_project(by=request.user.actor, project_id=project_id, reason=reason, now=now),
        done=_("The project was refused; the requester reads why."),
        back="staff:projects",
    )
