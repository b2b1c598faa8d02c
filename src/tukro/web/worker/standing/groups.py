"""Hire groups that a worker is in, and invitations to others."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.qualifications.actions.groups import answer_invitation, leave_group
from tukro.qualifications.models import InvitationState
from tukro.qualifications.queries import invitations_of
from tukro.web.alike.acts import act
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.work.queries.of_worker.decided import open_for_groups


@require_GET
@worker_required
def groups(request: WorkerRequest) -> HttpResponse:
    """Invitations first: they wait for an answer. Then the groups with what is open in each."""
    mine = invitations_of(request.worker, InvitationState.ACCEPTED)
    offers = open_for_groups([one.group.public_id for one in mine])
    context = {
        "invitations": [
            one
            for one in invitations_of(request.worker, InvitationState.INVITED)
            if one.group.deleted_at is None
        ],
        "groups": [(one, offers.get(one.group.public_id, [])) for one in mine],
    }
    return render(request, "worker/standing/groups.html", context)


@require_POST
@worker_required
def answer(request: WorkerRequest, group_id: str) -> HttpResponse:
    """Accept or decline, as the pressed button says."""
    accept, now = request.POST.get("do") == "accept", timezone.now()
    joined = _("You are in the group. Its work appears in your list.")
    return act(
        request,
        lambda: answer_invitation(worker=request.worker, group_id=group_id, accept=accept, now=now),
        done=joined if accept else _("You said no. The requester sees that."),
        back="worker:groups",
    )


@require_POST
@worker_required
def leave(request: WorkerRequest, group_id: str) -> HttpResponse:
    """Leave a group; work in hand stays."""
    now = timezone.now()
    return act(
        request,
        lambda: leave_group(worker=request.worker, group_id=group_id, now=now),
        done=_("You have left the group. Work that you have taken stays yours."),
        back="worker:groups",
    )
