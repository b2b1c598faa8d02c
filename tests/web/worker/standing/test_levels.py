"""The page of one's level, and what staff ask of workers' records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import cast, make
from tests.notices.telling import tell_at_once
from tests.web.market import signed_in
from tukro.money.queries import policy
from tukro.notices.models import Mail
from tukro.qualifications.actions.standing import pause_unsuccessful, push_standings, success_rule
from tukro.qualifications.rules import LEVEL, Requirement
from tukro.qualifications.rules.levels import weigh
from tukro.web.requester.posting.requirement_fields import requirements_of, typed_from_requirements

pytestmark = pytest.mark.django_db

COUNTS = dict.fromkeys(("submitted", "approved", "rejected", "returned", "abandoned"), 0)


def test_the_page_says_where_one_stands_and_what_the_next_level_needs() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima)
    newcomer = client.get("/level").content.decode()
    assert "What you need for level 1" in newcomer
    assert "10 more decisions, to have 10" in newcomer
    asked = (Requirement(LEVEL, "GreaterThanOrEqualTo", (2,)),)
    batch = make.batch(of_terms=make.terms(reward="2.00", requirements=asked), now=timezone.now())
    lonely = {rahima.pk: weigh([True] * 20, [1] * 18 + [2] * 2)}
    push_standings(counts={rahima.pk: COUNTS}, weighed=lonely, now=timezone.now())
    page = client.get("/level").content.decode()
    assert "1 more decisions of other requesters than the one you worked most for, to have 3" in page
    assert client.get("/level?format=json").json()["others"] == 2
    push_standings(counts={rahima.pk: COUNTS}, weighed={rahima.pk: weigh([True] * 20)}, now=timezone.now())
    page = client.get("/level").content.decode()
    assert "What you need for level 2" in page
    assert "30 more decisions, to have 50" in page
    assert "open now: 1, up to $2.00" in page
    assert "13 decisions or more of other requesters" in page
    data = client.get("/level?format=json").json()
    assert (data["level"], data["decided"]) == (1, 20)
    preview = client.get(f"/projects/{batch.task_type.group_id}/tasks").content.decode()
    assert "Level: at least 2" in preview
    assert f"/qualifications/{LEVEL}" in preview
    assert client.get(f"/qualifications/{LEVEL}").headers["Location"] == "/level"
    tell_at_once()
    [mail] = Mail.objects.filter(to=rahima.user.email)
    assert mail.subject == "You have reached level 1"


def test_staff_ask_levels_for_dear_work_and_switch_the_success_rate_on() -> None:
    client = signed_in(cast.shirin())
    assert client.get("/staff/policy/levels").status_code == 200
    wrong = client.post("/staff/policy/levels/rewards", {"level_1": "5", "level_2": "2"})
    assert wrong.status_code == 422
    client.post("/staff/policy/levels/rewards", {"level_1": "", "level_2": "5", "level_3": "১০.০০"})
    assert policy().level_rewards == [0, 5_000_000, 10_000_000, 0, 0]
    rule = {"is_on": "on", "least_percent": "75", "window_days": "60", "minimum": "2", "pause_days": "30"}
    assert client.post("/staff/policy/levels/success", rule | {"minimum": "0"}).status_code == 422
    assert client.post("/staff/policy/levels/success", rule).status_code == 302
    assert success_rule().is_on
    page = signed_in(cast.rahima()).get("/level").content.decode()
    assert "work from $5.00 a task" in page
    assert "Success rate" in page


def test_a_paused_worker_reads_why_and_until_when_and_staff_can_end_it() -> None:
    rahima, staff = cast.rahima(), signed_in(cast.shirin())
    rule = {"is_on": "on", "least_percent": "75", "window_days": "60", "minimum": "2", "pause_days": "30"}
    staff.post("/staff/policy/levels/success", rule)
    now = timezone.now()
    assert pause_unsuccessful(decisions={rahima.pk: (1, 3)}, rule=success_rule(), now=now) == [rahima.pk]
    client = signed_in(rahima)
    batch = make.batch(now=now)
    refused = client.post(f"/projects/{batch.task_type.group_id}/tasks/accept_random", follow=True)
    assert "you can take no new work until" in refused.content.decode()
    assert "you can take no new work until" in client.get("/level").content.decode()
    tell_at_once()
    mail = Mail.objects.get(to=rahima.user.email)
    assert "Of your latest 4 decided tasks 1 were approved" in mail.text
    page = f"/staff/workers/{rahima.public_id}"
    assert "End the pause" in staff.get(page).content.decode()
    staff.post(f"{page}/go_on")
    rahima.refresh_from_db()
    assert rahima.paused_until is not None
    assert rahima.paused_until < now + timedelta(minutes=5)
    assert "End the pause" not in staff.get(page).content.decode()


def test_requesters_ask_for_a_level_in_their_project() -> None:
    others = ("hire_group", "percent_approved", "number_approved", "countries", "own_type", "guard")
    empty = dict.fromkeys(others)
    asked = requirements_of(empty | {"level": 3})
    assert [(one["type_id"], one["integers"]) for one in asked] == [(LEVEL, [3])]
    assert typed_from_requirements(asked)["level"] == 3
