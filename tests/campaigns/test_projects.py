"""Projects: what is kept, what is refused, and when the staff must look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests import cast, make
from tests.make import NOW
from tukro.campaigns.actions.projects import (
    AsksForSecrets,
    BadPlan,
    ModerationNotNeeded,
    ProjectArchived,
    RefusalReasonMissing,
    approve_project,
    archive_project,
    ask_moderation,
    change_kind_of_work,
    change_project,
    copy_project,
    create_project,
    refuse_project,
    restore_project,
)
from tukro.campaigns.models import Project
from tukro.campaigns.queries.posting import columns_needed, plan_of, projects_of, projects_waiting
from tukro.journal.queries import history
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.work.actions.publishing import CategoryRefused
from tukro.work.models import Category, CategoryPolicy

pytestmark = pytest.mark.django_db

SHIRIN = Actor("staff", "7")
PROOF: list[dict[str, object]] = [{"kind": "text", "label": "Name of the shop"}]


def test_a_project_is_kept_as_planned() -> None:
    plan = make.plan(name=" Digits ", title="কোন সংখ্যা?", estimate_seconds=60)
    project = create_project(requester=cast.karim(), plan=plan, now=NOW)
    assert plan_of(Project.objects.get(pk=project.pk)) == replace(plan, name="Digits")
    assert [event.name for event in history(project.public_id)] == ["ProjectCreated"]


def test_names_are_one_line_because_mails_have_them_for_a_subject() -> None:
    plan = make.plan(name="Digits\r of 2026", title="Which digit\r\nis  this?", keywords="a,\nb")
    project = create_project(requester=cast.karim(), plan=plan, now=NOW)
    assert (project.name, project.title, project.keywords) == (
        "Digits of 2026",
        "Which digit is this?",
        "a, b",
    )


@pytest.mark.parametrize(
    ("decided", "field", "code"),
    [
        ({"name": " "}, "name", "required"),
        ({"title": "x" * 129}, "title", "too_long"),
        ({"title": ""}, "title", "required"),
        ({"description": "x" * 2001}, "description", "too_long"),
        ({"keywords": "x" * 1001}, "keywords", "too_long"),
        ({"category": "cooking"}, "category", "required"),
        ({"reward": Money(0)}, "reward", "reward_too_small"),
        ({"reward": Money.parse("-1")}, "reward", "reward_too_small"),
        ({"reward": Money.parse("1000.01")}, "reward", "reward_too_large"),
        ({"places": 0}, "places", "number_out_of_bounds"),
        ({"places": 100_001}, "places", "number_out_of_bounds"),
        ({"duration_seconds": 29}, "duration_seconds", "time_out_of_bounds"),
        ({"lifetime_seconds": 366 * 86400}, "lifetime_seconds", "time_out_of_bounds"),
        ({"auto_approve_seconds": 31 * 86400}, "auto_approve_seconds", "time_out_of_bounds"),
        ({"estimate_seconds": 0}, "estimate_seconds", "time_out_of_bounds"),
        ({"estimate_seconds": 3601}, "estimate_seconds", "estimate_over_duration"),
        ({"template": ""}, "template", "page_empty"),
        ({"template": "<p>nothing</p>"}, "template", "nothing_to_answer"),
        ({"kind": "proof", "proof": PROOF}, "instructions", "required"),
        ({"kind": "proof", "instructions": "Go"}, "proof", "no_fields"),
    ],
)
def test_a_plan_outside_its_limits_is_refused_with_its_field(
    decided: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(BadPlan) as refused:
        make.project(**decided)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [(field, code)]
    assert Project.objects.count() == 0


@pytest.mark.parametrize("code", ["fake_engagement", "credentials"])
def test_a_refused_category_is_refused(code: str) -> None:
    with pytest.raises(CategoryRefused) as refused:
        make.project(category=code)
    assert refused.value.facts == {"category": code}


@pytest.mark.parametrize(
    ("decided", "where"),
    [
        ({"title": "Give us your password"}, "title"),
        ({"description": "আপনার পাসওয়ার্ড লিখুন"}, "description"),
        ({"template": "<p>Enter the OTP</p><input name=a>"}, "template"),
        ({"template": '<input name="a" placeholder="Card number">'}, "template"),
        ({"template": '<label>NID <input name="a"></label>'}, "template"),
        ({"template": '<input type="password" name="a">'}, "template"),
        (
            {"kind": "proof", "instructions": "Go", "proof": [{"kind": "text", "label": "Your PIN code"}]},
            "proof",
        ),
    ],
)
def test_asking_for_secrets_is_refused_with_the_word(decided: dict[str, Any], where: str) -> None:
    with pytest.raises(AsksForSecrets) as refused:
        make.project(**decided)
    assert refused.value.facts["where"] == where
    assert refused.value.facts["word"]


def test_a_changed_project_is_another_plan_for_the_next_batch() -> None:
    karim = cast.karim()
    project = make.project(of=karim)
    plan = make.plan(title="Which letter is this?")
    change_project(requester=karim, project_id=project.public_id, plan=plan, now=NOW + timedelta(hours=1))
    assert plan_of(Project.objects.get()) == plan
    assert [event.facts for event in history(project.public_id)] == [{}, {"changed": ["title"]}]


def test_a_copy_has_its_own_name_and_nothing_of_the_first_changes() -> None:
    karim = cast.karim()
    project = make.project(of=karim)
    copy = copy_project(requester=karim, project_id=project.public_id, name="Digits again", now=NOW)
    assert plan_of(copy) == replace(plan_of(project), name="Digits again")
    assert Project.objects.count() == 2


def test_an_archived_project_is_off_the_list_and_stays_as_it_is_until_restored() -> None:
    karim = cast.karim()
    project = make.project(of=karim)
    for _ in range(2):
        archive_project(requester=karim, project_id=project.public_id, now=NOW)
    assert projects_of(karim, archived=False) == []
    assert projects_of(karim, archived=True) == [project]
    with pytest.raises(ProjectArchived):
        change_project(requester=karim, project_id=project.public_id, plan=make.plan(), now=NOW)
    restore_project(requester=karim, project_id=project.public_id, now=NOW)
    assert projects_of(karim, archived=False) == [project]


def test_other_peoples_projects_look_absent() -> None:
    project = make.project()
    stranger = cast.karim()
    with pytest.raises(NotFound):
        change_project(requester=stranger, project_id=project.public_id, plan=make.plan(), now=NOW)
    with pytest.raises(NotFound):
        copy_project(requester=stranger, project_id=project.public_id, name="x", now=NOW)
    with pytest.raises(NotFound):
        archive_project(requester=stranger, project_id=project.public_id, now=NOW)


def test_variables_of_page_and_proof_form_are_the_wanted_columns() -> None:
    assert columns_needed(make.project(template='<img src="${url}">${name}<input name="a">')) == (
        "url",
        "name",
    )
    proof = [{"kind": "text", "label": "Phone of ${shop}"}]
    assert columns_needed(make.project(kind="proof", instructions="Find ${shop}", proof=proof)) == ("shop",)
    assert columns_needed(make.project(kind="proof", instructions="Find one", proof=PROOF)) == ()


def test_a_project_of_a_moderated_category_waits_for_the_staff() -> None:
    karim, staff = cast.karim(), cast.shirin().actor
    project = make.project(of=karim, category="sign_up")
    assert project.moderation_now == "needed"
    for _ in range(2):
        assert ask_moderation(requester=karim, project_id=project.public_id, now=NOW).moderation == "waiting"
    assert projects_waiting() == [project]
    refused = refuse_project(by=staff, project_id=project.public_id, reason=" Say what for. ", now=NOW)
    assert (refused.moderation, refused.moderation_reason) == ("refused", "Say what for.")
    ask_moderation(requester=karim, project_id=project.public_id, now=NOW)
    assert approve_project(by=staff, project_id=project.public_id, now=NOW).moderation == "approved"
    assert [event.name for event in history(project.public_id)] == [
        "ProjectCreated",
        "ModerationAsked",
        "ProjectRefused",
        "ModerationAsked",
        "ProjectApproved",
    ]


def test_the_staffs_word_ends_when_what_workers_see_changes() -> None:
    karim = cast.karim()
    project = make.project(of=karim, category="sign_up")
    ask_moderation(requester=karim, project_id=project.public_id, now=NOW)
    approve_project(by=cast.shirin().actor, project_id=project.public_id, now=NOW)
    cheaper = make.plan(category="sign_up", reward=Money.parse("0.02"))
    other = replace(cheaper, description="Open an account there.")
    kept = change_project(requester=karim, project_id=project.public_id, plan=cheaper, now=NOW)
    assert kept.moderation == "approved"
    changed = change_project(requester=karim, project_id=project.public_id, plan=other, now=NOW)
    assert changed.moderation_now == "needed"


def rule(policy: str) -> None:
    """The operator's word on the kind of work of the projects here."""
    change_kind_of_work(by=SHIRIN, code="image", policy=CategoryPolicy(policy), now=NOW)


@pytest.mark.parametrize(
    ("decided", "policy", "stands"),
    [
        ("not_needed", "open", "not_needed"),
        ("needed", "open", "not_needed"),
        ("waiting", "open", "not_needed"),
        ("approved", "open", "not_needed"),
        ("refused", "open", "not_needed"),
        ("not_needed", "moderated", "needed"),
        ("needed", "moderated", "needed"),
        ("waiting", "moderated", "waiting"),
        ("approved", "moderated", "approved"),
        ("refused", "moderated", "refused"),
        ("not_needed", "refused", "not_needed"),
        ("waiting", "refused", "not_needed"),
    ],
)
def test_where_a_project_stands_follows_from_its_category_and_what_was_decided(
    decided: str, policy: str, stands: str
) -> None:
    project = Project(moderation=decided, category=Category(code="x", policy=policy))
    assert project.moderation_now == stands


def test_a_project_whose_kind_of_work_becomes_moderated_can_be_asked_for() -> None:
    karim = cast.karim()
    project = make.project(of=karim, category="image")
    rule("moderated")
    assert ask_moderation(requester=karim, project_id=project.public_id, now=NOW).moderation == "waiting"
    assert projects_waiting() == [project]
    assert approve_project(by=SHIRIN, project_id=project.public_id, now=NOW).moderation_now == "approved"


def test_a_project_that_waits_is_free_when_its_kind_of_work_opens() -> None:
    karim = cast.karim()
    rule("moderated")
    project, other = (make.project(of=karim, category="image") for _ in range(2))
    ask_moderation(requester=karim, project_id=project.public_id, now=NOW)
    for _ in range(2):
        rule("open")
    assert projects_waiting() == []
    with pytest.raises(ModerationNotNeeded):
        approve_project(by=SHIRIN, project_id=project.public_id, now=NOW)
    assert [event.name for event in history(project.public_id)][-2:] == [
        "ModerationAsked",
        "ModerationLifted",
    ]
    assert [event.name for event in history(other.public_id)] == ["ProjectCreated"]


def test_a_kind_of_work_that_is_refused_leaves_nothing_to_read() -> None:
    karim = cast.karim()
    rule("moderated")
    project = make.project(of=karim, category="image")
    ask_moderation(requester=karim, project_id=project.public_id, now=NOW)
    rule("refused")
    assert projects_waiting() == []
    rule("moderated")
    assert projects_waiting() == [project]


def test_staff_decide_only_what_waits_and_say_why_not() -> None:
    karim, staff = cast.karim(), cast.shirin().actor
    open_project = make.project(of=karim)
    with pytest.raises(ModerationNotNeeded):
        ask_moderation(requester=karim, project_id=open_project.public_id, now=NOW)
    with pytest.raises(ModerationNotNeeded):
        approve_project(by=staff, project_id=open_project.public_id, now=NOW)
    with pytest.raises(RefusalReasonMissing):
        refuse_project(by=staff, project_id=open_project.public_id, reason=" ", now=NOW)
