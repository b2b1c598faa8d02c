"""Projects: create, change, copy, archive; and the staff's word where the operator wants one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tukro.campaigns.models import Moderation, Project
from tukro.campaigns.queries import posting as queries
from tukro.campaigns.queries.posting import plan_of
from tukro.campaigns.rules import plans
from tukro.campaigns.rules.plans import MAX_NAME, Plan
from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused, WordsMissing
from tukro.kernel.ids import looks_like_id, new_id
from tukro.people.models import Requester
from tukro.people.rules import tidy_text
from tukro.questions.proof import BadSpec, Problem, read_fields
from tukro.work.actions.categories import change_category_policy
from tukro.work.actions.publishing import CategoryRefused
from tukro.work.models import Category, CategoryPolicy

MAX_MODERATION_REASON = 2000


class BadPlan(Refused):
    """The plan breaks limits. ``problems``: list of Problem, whose ``field`` is a field of Plan."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems=problems)
        self.problems = problems


class AsksForSecrets(Refused):
    """The text asks for what no task may ask. ``rule``, ``word`` as found, ``where``: field of the plan."""


class ProjectArchived(Refused):
    """The project was put away; restore it first."""


class ModerationNotNeeded(Refused):
    """Nobody needs to look at this project. ``state``: where its moderation stands."""


class RefusalReasonMissing(WordsMissing):
    """A refusal needs a reason that its reader can act on. ``limit``: the most characters."""


def create_project(*, requester: Requester, plan: Plan, now: datetime) -> Project:
    """Keep a new project. Refuses BadPlan, CategoryRefused and AsksForSecrets."""
    plan = _tidy(plan)
    with transaction.atomic():
        _check(plan)
        project = Project(public_id=new_id(), requester=requester, created_at=now)
        _save(project, plan, now)
        record(name="ProjectCreated", actor=requester.actor, subject=project.public_id, at=now)
    return project


def change_project(*, requester: Requester, project_id: str, plan: Plan, now: datetime) -> Project:
    """Change a project; batches already published keep their terms.

    A change of what workers see ends an earlier word of the staff. Refuses as ``create_project`` does, and
    ProjectArchived.
    """
    plan = _tidy(plan)
    with transaction.atomic():
        project = _lock(requester, project_id)
        if project.archived_at is not None:
            raise ProjectArchived
        _check(plan)
        before = plan_of(project)
        if plans.content_changed(before, plan):
            project.moderation = Moderation.NOT_NEEDED
            project.moderation_reason = ""
        _save(project, plan, now)
        changed = [one.name for one in fields(plan) if getattr(before, one.name) != getattr(plan, one.name)]
        record(
            name="ProjectChanged",
            actor=requester.actor,
            subject=project.public_id,
            at=now,
            facts={"changed": changed},
        )
    return project


def copy_project(*, requester: Requester, project_id: str, name: str, now: datetime) -> Project:
    """A new project with the same plan under another name. Refuses as ``create_project`` does."""
    plan = plan_of(queries.project_of(requester, project_id))
    return create_project(requester=requester, plan=replace(plan, name=name[:MAX_NAME]), now=now)


def archive_project(*, requester: Requester, project_id: str, now: datetime) -> Project:
    """Put a project away: off the list, not to be published. Its batches go on. Doing it twice is once."""
    with transaction.atomic():
        project = _lock(requester, project_id)
        if project.archived_at is None:
            project.archived_at = now
            project.save(update_fields=["archived_at"])
            record(name="ProjectArchived", actor=requester.actor, subject=project.public_id, at=now)
    return project


def restore_project(*, requester: Requester, project_id: str, now: datetime) -> Project:
    """Take an archived project back. Doing it twice is once."""
    with transaction.atomic():
        project = _lock(requester, project_id)
        if project.archived_at is not None:
            project.archived_at = None
            project.changed_at = now
            project.save(update_fields=["archived_at", "changed_at"])
            record(name="ProjectRestored", actor=requester.actor, subject=project.public_id, at=now)
    return project


def ask_moderation(*, requester: Requester, project_id: str, now: datetime) -> Project:
    """Ask the staff to look at a project whose category is moderated now; asking twice is asking once.

    Refuses ModerationNotNeeded and ProjectArchived.
    """
    with transaction.atomic():
        project = _lock(requester, project_id)
        if project.archived_at is not None:
            raise ProjectArchived
        stands = project.moderation_now
        if stands == Moderation.WAITING:
            return project
        if stands not in {Moderation.NEEDED, Moderation.REFUSED}:
            raise ModerationNotNeeded(state=stands)
        project.moderation = Moderation.WAITING
        project.changed_at = now
        project.save(update_fields=["moderation", "changed_at"])
        record(name="ModerationAsked", actor=requester.actor, subject=project.public_id, at=now)
    return project


def approve_project(*, by: Actor, project_id: str, now: datetime) -> Project:
    """The staff's yes: the project as it stands may be published. Refuses ModerationNotNeeded."""
    return _decide(by=by, project_id=project_id, state=Moderation.APPROVED, reason="", now=now)


def refuse_project(*, by: Actor, project_id: str, reason: str, now: datetime) -> Project:
    """The staff's no, with a reason that the requester reads.

    Refuses RefusalReasonMissing and ModerationNotNeeded.
    """
    reason = unicodedata.normalize("NFC", reason).strip()
    if not reason or len(reason) > MAX_MODERATION_REASON:
        raise RefusalReasonMissing(limit=MAX_MODERATION_REASON)
    return _decide(by=by, project_id=project_id, state=Moderation.REFUSED, reason=reason, now=now)


@transaction.atomic
def change_kind_of_work(*, by: Actor, code: str, policy: CategoryPolicy, now: datetime) -> None:
    """The operator's word on a category: what is published already goes on.

    Projects that wait for the staff are free when it opens; their requesters are told. Refuses NotFound.
    """
    change_category_policy(by=by, code=code, policy=policy, now=now)
    if policy != CategoryPolicy.OPEN:
        return
    waiting = Project.objects.filter(category=code, moderation=Moderation.WAITING, archived_at__isnull=True)
    for project in waiting.select_for_update(of=["self"]).select_related("requester").order_by("pk"):
        project.moderation = Moderation.NOT_NEEDED
        project.save(update_fields=["moderation"])
        record(
            name="ModerationLifted",
            actor=by,
            subject=project.public_id,
            at=now,
            facts={"requester": project.requester.public_id, "name": project.name},
        )


def _decide(*, by: Actor, project_id: str, state: Moderation, reason: str, now: datetime) -> Project:
    with transaction.atomic():
        project = _locked(Project.objects.filter(public_id=project_id), project_id)
        stands = project.moderation_now
        if stands == state:
            return project
        if stands != Moderation.WAITING:
            raise ModerationNotNeeded(state=stands)
        project.moderation = state
        project.moderation_reason = reason
        project.save(update_fields=["moderation", "moderation_reason"])
        record(
            name="ProjectApproved" if state == Moderation.APPROVED else "ProjectRefused",
            actor=by,
            subject=project.public_id,
            at=now,
            facts={
                "requester": project.requester.public_id,
                "name": project.name,
                "reason": reason,
            },
        )
    return project


def _tidy(plan: Plan) -> Plan:
    """Texts in Unicode form C without blanks around them, names in one line; proof fields as they will be
    stored."""

    def tidy(text: str) -> str:
        return unicodedata.normalize("NFC", text).replace("\x00", "").strip()

    try:
        form = [one.as_spec() for one in read_fields(plan.proof)]
    except BadSpec:
        form = plan.proof  # told by problems_of
    return replace(
        plan,
        name=tidy_text(plan.name),
        title=tidy_text(plan.title),
        description=tidy(plan.description),
        keywords=tidy_text(plan.keywords),
        instructions=tidy(plan.instructions),
        template=tidy(plan.template) if plan.kind == "template" else "",
        proof=form if plan.kind == "proof" else [],
        extension_seconds=plan.extension_seconds if plan.extensions else 0,
    )


def refuse_secrets(*, words: Mapping[str, str], kind: str = "", body: str = "") -> None:
    """What no task may ask for, for tasks that programs make without a project. Refuses AsksForSecrets."""
    if forbidden := plans.forbidden_in_task(words=words, kind=kind, body=body):
        where, found = forbidden
        raise AsksForSecrets(rule=found.rule, word=found.word, where=where)


def _check(plan: Plan) -> None:
    category = Category.objects.filter(code=plan.category).first()
    if category is None:
        raise BadPlan([Problem("category", "required")])
    if category.policy == CategoryPolicy.REFUSED:
        raise CategoryRefused(category=category.code)
    if problems := plans.problems_of(plan, queries.reward_limits()):
        raise BadPlan(problems)
    if forbidden := plans.forbidden_in(plan):
        where, found = forbidden
        raise AsksForSecrets(rule=found.rule, word=found.word, where=where)


def _save(project: Project, plan: Plan, now: datetime) -> None:
    for one in fields(plan):
        setattr(project, "category_id" if one.name == "category" else one.name, getattr(plan, one.name))
    project.changed_at = now
    project.save()


def _lock(requester: Requester, project_id: str) -> Project:
    return _locked(Project.objects.filter(requester=requester, public_id=project_id), project_id)


def _locked(found: QuerySet[Project], project_id: str) -> Project:
    project = found.select_for_update().first() if looks_like_id(project_id) else None
    if project is None:
        raise NotFound(project=project_id)
    return project
