"""Hire groups (S1-51 to S1-56): the requester asks, the worker says yes, and nobody else finds their work."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests import cast, make
from tests.notices.telling import tell_at_once
from tests.together import outcomes, together
from tukro.kernel.errors import NotFound
from tukro.notices.models import Mail
from tukro.people.models import Requester, Worker
from tukro.qualifications.actions.granting import grant
from tukro.qualifications.actions.groups import (
    BadGroup,
    InvitationClosed,
    Invited,
    NotAMember,
    answer_invitation,
    change_group,
    close_group,
    create_group,
    invite,
    leave_group,
    remove_member,
    withdraw_invitation,
)
from tukro.qualifications.actions.requirements import UnknownRequiredType
from tukro.qualifications.actions.types import TypeNameTaken
from tukro.qualifications.models import Invitation, QualificationType
from tukro.qualifications.queries import find_types, groups_of, held_by, types_of
from tukro.qualifications.rules import Requirement
from tukro.work.actions.doing.assigning import NotEligible, accept_next
from tukro.work.actions.reviewing import approve_assignments
from tukro.work.models import Batch
from tukro.work.queries import open_groups
from tukro.work.queries.of_worker.decided import open_for_groups, past_workers

pytestmark = pytest.mark.django_db


def writers(of: Requester) -> QualificationType:
    return create_group(requester=of, name=" Good  writers ", description="Stories", now=make.NOW)


def ask(group: QualificationType, *workers: Worker, **more: Any) -> Invited:
    assert group.requester is not None
    given: dict[str, Any] = {"now": make.NOW, **more}
    ids = [one.public_id for one in workers]
    return invite(requester=group.requester, group_id=group.public_id, worker_ids=ids, **given)


def join(group: QualificationType, worker: Worker) -> None:
    ask(group, worker)
    answer_invitation(worker=worker, group_id=group.public_id, accept=True, now=make.NOW)


def work_of(group: QualificationType) -> Batch:
    hidden = (Requirement(group.public_id, "Exists", guards="DiscoverPreviewAndAccept"),)
    assert group.requester is not None
    return make.batch(of=group.requester, of_terms=make.terms(requirements=hidden))


def test_s1_55_members_alone_find_and_take_the_groups_work() -> None:
    karim, rahima, tanvir = cast.karim(), cast.rahima(), cast.tanvir()
    group = writers(karim)
    batch = work_of(group)
    ask(group, rahima)
    for one in (rahima, tanvir, None):
        assert open_groups(one, now=make.NOW).rows == [], "an invitation alone opens nothing"
    answer_invitation(worker=rahima, group_id=group.public_id, accept=True, now=make.NOW)
    assert [row.title for row in open_groups(rahima, now=make.NOW).rows] == [batch.task_type.title]
    assert open_groups(tanvir, now=make.NOW).rows == []
    with pytest.raises(NotEligible):
        accept_next(worker=tanvir, group_id=batch.task_type.group_id, now=make.NOW)
    accept_next(worker=rahima, group_id=batch.task_type.group_id, now=make.NOW)
    listing = (batch.task_type.group_id, batch.task_type.title, batch.task_type.reward)
    assert open_for_groups([group.public_id]) == {group.public_id: [listing]}


def test_a_pause_does_not_touch_work_of_a_group() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    group = writers(karim)
    join(group, rahima)
    rahima.paused_until = make.NOW + timedelta(days=30)
    rahima.save()
    accept_next(worker=rahima, group_id=work_of(group).task_type.group_id, now=make.NOW)


def test_a_worker_leaves_and_a_requester_removes_and_the_work_is_gone() -> None:
    karim, rahima, tanvir = cast.karim(), cast.rahima(), cast.tanvir()
    group = writers(karim)
    work_of(group)
    for one in (rahima, tanvir):
        join(group, one)
    leave_group(worker=rahima, group_id=group.public_id, now=make.NOW)
    remove_member(requester=karim, group_id=group.public_id, worker=tanvir, now=make.NOW)
    for one in (rahima, tanvir):
        assert open_groups(one, now=make.NOW).rows == []
        with pytest.raises(NotAMember):
            leave_group(worker=one, group_id=group.public_id, now=make.NOW)
    states = dict(Invitation.objects.values_list("worker", "state"))
    assert states == {rahima.pk: "left", tanvir.pk: "removed"}


def test_who_said_no_is_left_alone_for_a_while_and_others_are_told_apart() -> None:
    karim, rahima, tanvir, third = cast.karim(), cast.rahima(), cast.tanvir(), make.worker()
    group = writers(karim)
    join(group, tanvir)
    ask(group, rahima)
    for _ in range(2):
        answer_invitation(worker=rahima, group_id=group.public_id, accept=False, now=make.NOW)
    with pytest.raises(InvitationClosed):
        answer_invitation(worker=rahima, group_id=group.public_id, accept=True, now=make.NOW)
    outcome = invite(
        requester=karim,
        group_id=group.public_id,
        worker_ids=[rahima.public_id, tanvir.public_id, third.public_id.lower(), "A0NOBODY"],
        now=make.NOW,
    )
    assert outcome == Invited([third.public_id], [tanvir.public_id], [rahima.public_id], ["A0NOBODY"])
    assert ask(group, rahima, now=make.NOW + timedelta(days=31)).invited == [rahima.public_id]
    withdraw_invitation(requester=karim, group_id=group.public_id, worker=third, now=make.NOW)
    with pytest.raises(InvitationClosed):
        answer_invitation(worker=third, group_id=group.public_id, accept=True, now=make.NOW)
    with pytest.raises(NotFound):
        answer_invitation(worker=make.worker(), group_id=group.public_id, accept=True, now=make.NOW)


def test_groups_are_their_requesters_own_and_no_qualification_that_is_granted() -> None:
    karim, other, rahima = cast.karim(), make.requester(), cast.rahima()
    group = writers(karim)
    assert group.name == "Good writers"
    with pytest.raises(TypeNameTaken):
        create_group(requester=karim, name="GOOD WRITERS", description="", now=make.NOW)
    with pytest.raises(NotFound):
        invite(requester=other, group_id=group.public_id, worker_ids=[rahima.public_id], now=make.NOW)
    with pytest.raises(NotFound):
        grant(requester=karim, type_id=group.public_id, worker=rahima, now=make.NOW)
    for name, field in (("", "name"), ("x" * 101, "name")):
        with pytest.raises(BadGroup) as refused:
            change_group(requester=karim, group_id=group.public_id, name=name, description="", now=make.NOW)
        assert refused.value.facts["field"] == field
    with pytest.raises(BadGroup):
        invite(requester=karim, group_id=group.public_id, worker_ids=[" "], now=make.NOW)
    join(group, rahima)
    assert not types_of(karim).exists()
    assert not find_types(of=karim).exists()
    assert held_by(rahima) == []
    [shown] = groups_of(karim)
    assert (shown.members, shown.invited) == (1, 0)  # type: ignore[attr-defined]  # counted by the query


def test_a_closed_group_takes_no_new_work_and_its_name_is_free() -> None:
    karim, rahima, tanvir = cast.karim(), cast.rahima(), cast.tanvir()
    group = writers(karim)
    join(group, rahima)
    ask(group, tanvir)
    work_of(group)
    close_group(requester=karim, group_id=group.public_id, now=make.NOW)
    assert len(open_groups(rahima, now=make.NOW).rows) == 1, "what is out stays"
    with pytest.raises(InvitationClosed):
        answer_invitation(worker=tanvir, group_id=group.public_id, accept=True, now=make.NOW)
    with pytest.raises(UnknownRequiredType):
        work_of(group)
    writers(karim)
    leave_group(worker=rahima, group_id=group.public_id, now=make.NOW)


def test_past_work_says_whom_to_invite() -> None:
    karim, rahima, tanvir = cast.karim(), cast.rahima(), cast.tanvir()
    batch = make.batch(of=karim, rows=3)
    made = [make.submitted(by=one, of=batch) for one in (rahima, rahima, tanvir)]
    approve_assignments(requester=karim, assignment_ids=[one.public_id for one in made], now=make.NOW)
    found = past_workers(karim)
    assert [(one.worker_id, one.approved, one.share) for one in found] == [
        (rahima.public_id, 2, 1.0),
        (tanvir.public_id, 1, 1.0),
    ]
    assert [one.worker_id for one in past_workers(karim, least_approved=2)] == [rahima.public_id]
    assert past_workers(make.requester()) == []


def test_an_invitation_is_told_by_mail_while_it_waits() -> None:
    karim, rahima, tanvir = cast.karim(), cast.rahima(), cast.tanvir()
    group = writers(karim)
    ask(group, rahima, note="I liked your story")
    ask(group, tanvir)
    withdraw_invitation(requester=karim, group_id=group.public_id, worker=tanvir, now=make.NOW)
    tell_at_once()
    [mail] = Mail.objects.exclude(to=karim.user.email)
    assert mail.to == rahima.user.email
    assert mail.subject == "Karim Studio invites you to a hire group: Good writers"
    assert "I liked your story" in mail.text


@pytest.mark.django_db(transaction=True)
def test_accepting_and_withdrawing_at_the_same_moment_leave_one_truth() -> None:
    karim = cast.karim()
    group = writers(karim)
    for _ in range(4):
        worker = make.worker()
        ask(group, worker)
        mine: dict[str, Any] = {"worker": worker, "group_id": group.public_id, "now": make.NOW}
        results = together(
            partial(answer_invitation, accept=True, **mine),
            partial(answer_invitation, accept=False, **mine),
            partial(
                withdraw_invitation, requester=karim, group_id=group.public_id, worker=worker, now=make.NOW
            ),
        )
        assert outcomes(results) == {"done": 1, "InvitationClosed": 2}
        state = Invitation.objects.get(worker=worker).state
        assert worker.qualifications.filter(revoked_at=None).exists() == (state == "accepted")
