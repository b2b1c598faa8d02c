"""Hire groups on the pages of both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import cast, make
from tests.web.market import signed_in
from tukro.people.models import Worker
from tukro.qualifications.actions.groups import answer_invitation, create_group, invite
from tukro.qualifications.models import QualificationType
from tukro.qualifications.rules import Requirement
from tukro.web.requester.posting.requirement_fields import requirements_of, typed_from_requirements
from tukro.work.actions.reviewing import approve_assignments

pytestmark = pytest.mark.django_db


def test_the_open_list_marks_work_of_groups_and_says_what_a_pause_leaves() -> None:
    karim, rahima, now = cast.karim(), cast.rahima(), timezone.now()
    group = create_group(requester=karim, name="Writers", description="", now=now)
    invite(requester=karim, group_id=group.public_id, worker_ids=[rahima.public_id], now=now)
    answer_invitation(worker=rahima, group_id=group.public_id, accept=True, now=now)
    asked = (Requirement(group.public_id, "Exists", guards="DiscoverPreviewAndAccept"),)
    of_group = make.batch(of=karim, of_terms=make.terms(title="For writers", requirements=asked), now=now)
    for_all = make.batch(of=karim, now=now)
    worker = signed_in(rahima)
    page = worker.get("/projects").content.decode()
    assert page.count("only for a hire group") == 1
    assert page.count("tasks/accept_random") == 2
    filtered = worker.get("/projects?groups=on&format=json").json()["results"]
    assert [(row["title"], row["for_hire_group"]) for row in filtered] == [("For writers", True)]
    Worker.objects.update(paused_until=now + timedelta(days=3))
    page = worker.get("/projects").content.decode()
    assert "Work of hire groups goes on." in page
    assert "After your pause" in page
    assert f"/projects/{of_group.task_type.group_id}/tasks/accept_random" in page
    assert f"/projects/{for_all.task_type.group_id}/tasks/accept_random" not in page
    words = "You take a pause until"
    assert words not in worker.get(f"/projects/{of_group.task_type.group_id}/tasks").content.decode()
    assert words in worker.get(f"/projects/{for_all.task_type.group_id}/tasks").content.decode()


def test_a_group_is_made_a_worker_invited_from_past_work_joins_and_leaves() -> None:
    karim, rahima, now = cast.karim(), cast.rahima(), timezone.now()
    one = make.submitted(by=rahima, of=make.batch(of=karim, now=now), now=now)
    approve_assignments(requester=karim, assignment_ids=[one.public_id], now=now)
    requester, worker = signed_in(karim.user), signed_in(rahima)
    assert requester.post("/requester/groups", {"name": ""}).status_code == 422
    made = requester.post("/requester/groups", {"name": "Writers", "description": "Stories"})
    group = QualificationType.objects.get(kind="group")
    page = f"/requester/groups/{group.public_id}"
    assert made.headers["Location"] == page
    assert requester.post("/requester/groups", {"name": "writers"}).status_code == 422
    assert rahima.public_id in requester.get(f"{page}/past").content.decode()
    assert rahima.public_id not in requester.get(f"{page}/past?least_approved=2").content.decode()
    assert requester.post(f"{page}/invite", {"workers": ""}).status_code == 422
    asked = requester.post(
        f"{page}/invite", {"worker": rahima.public_id, "workers": "A0NOBODY", "note": "Hi"}, follow=True
    ).content.decode()
    assert "Invited: 1" in asked
    assert "No such worker: A0NOBODY" in asked

    assert "Hi" in worker.get("/groups").content.decode()
    joined = worker.post(f"/groups/{group.public_id}/answer", {"do": "accept"}, follow=True).content.decode()
    assert "Groups that you are in" in joined
    hidden = requirements_of(
        dict.fromkeys(("level", "percent_approved", "number_approved", "countries", "own_type", "guard"))
        | {"hire_group": group.public_id}
    )
    assert typed_from_requirements(hidden) == {"hire_group": group.public_id}
    assert "in the group" in requester.get(page).content.decode()
    left = worker.post(f"/groups/{group.public_id}/leave", follow=True).content.decode()
    assert "You have left the group" in left
    assert "left the group" in requester.get(page).content.decode()
    again = requester.post(f"{page}/invite", {"workers": rahima.public_id}, follow=True).content.decode()
    assert "not asked again yet" in again

    assert requester.post(f"{page}/edit", {"name": "Best writers"}).status_code == 302
    assert "Best writers" in requester.get("/requester/groups").content.decode()
    assert requester.get(f"{page}/close").status_code == 200
    assert requester.post(f"{page}/close").status_code == 302
    assert requester.get(page).status_code == 404


def test_members_are_removed_and_invitations_withdrawn() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    requester = signed_in(karim.user)
    requester.post("/requester/groups", {"name": "Writers"})
    group = QualificationType.objects.get(kind="group")
    page = f"/requester/groups/{group.public_id}"
    drop = f"{page}/drop/{rahima.public_id}"
    requester.post(f"{page}/invite", {"workers": rahima.public_id})
    assert "not in the group" in requester.post(drop, {"do": "remove"}, follow=True).content.decode()
    requester.post(drop, {"do": "withdraw"})
    assert "invitation withdrawn" in requester.get(page).content.decode()
    gone = signed_in(rahima).post(f"/groups/{group.public_id}/answer", {"do": "accept"}, follow=True)
    assert "taken this invitation back" in gone.content.decode()
    assert signed_in(make.requester().user).get(page).status_code == 404
