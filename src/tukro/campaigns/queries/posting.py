"""Reading projects, uploads and what they cost. Permission is the lookup: other people's look absent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from django.db.models import Count, QuerySet

from tukro.campaigns.models import Moderation, Project, Upload, UploadRow
from tukro.campaigns.rules import plans
from tukro.campaigns.rules.plans import Plan, RewardLimits
from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.kernel.money import Money
from tukro.money import queries as money
from tukro.money.rules import fee_for
from tukro.people.models import Requester
from tukro.qualifications.rules import ask_for_masters, read
from tukro.work.models import Batch, Category, CategoryPolicy
from tukro.work.queries import Hourly, hourly_of


@dataclass(frozen=True, slots=True)
class Cost:
    """What publishing sets aside; ``reward`` and ``fee`` are per place."""

    tasks: int
    places: int  # per task
    reward: Money
    fee: Money

    @property
    def rewards(self) -> Money:
        return self.reward * (self.tasks * self.places)

    @property
    def fees(self) -> Money:
        return self.fee * (self.tasks * self.places)

    @property
    def total(self) -> Money:
        return self.rewards + self.fees


def cost_of(project: Project, rows: int) -> Cost:
    """What publishing ``rows`` tasks of ``project`` sets aside under today's policy."""
    masters = ask_for_masters(read(project.requirements))
    fee = fee_for(project.reward, money.policy(), places=project.places, masters=masters)
    return Cost(rows, project.places, project.reward, fee)


def hourly_of_project(project: Project) -> Hourly | None:
    """What the reward brings in an hour: as measured on the latest batch, else by the project's estimate."""
    batches = Batch.objects.filter(requester=project.requester, project_id=project.public_id)
    latest = batches.select_related("task_type").order_by("-pk").first()
    return hourly_of(
        project.reward,
        like=latest.task_type if latest else None,
        estimate_seconds=project.estimate_seconds,
    )


def reward_limits() -> RewardLimits:
    policy = money.policy()
    return RewardLimits(policy.minimum_reward, policy.maximum_reward)


def project_of(requester: Requester, project_id: str) -> Project:
    """One of the requester's own projects. Raises NotFound."""
    found = looks_like_id(project_id) and (
        Project.objects.select_related("category").filter(requester=requester, public_id=project_id).first()
    )
    if not found:
        raise NotFound(project=project_id)
    return found


def upload_of(requester: Requester, upload_id: str) -> Upload:
    """One of the uploads of the requester's own projects. Raises NotFound."""
    found = looks_like_id(upload_id) and (
        Upload.objects.select_related("project__category", "project__requester")
        .filter(project__requester=requester, public_id=upload_id)
        .first()
    )
    if not found:
        raise NotFound(upload=upload_id)
    return found


def staged_rows(upload: Upload, *, after: int, limit: int) -> list[UploadRow]:
    return list(UploadRow.objects.filter(upload=upload, no__gt=after).order_by("no")[:limit])


def projects_of(
    requester: Requester, *, archived: bool, after: datetime | None = None, limit: int = 20
) -> list[Project]:
    """The requester's projects, last changed first; ``after`` is the ``changed_at`` of the last one seen."""
    found: QuerySet[Project] = Project.objects.filter(
        requester=requester, archived_at__isnull=not archived
    ).select_related("category")
    if after is not None:
        found = found.filter(changed_at__lt=after)
    return list(found.order_by("-changed_at")[:limit])


def batch_counts(projects: Sequence[Project]) -> dict[str, int]:
    """How many batches were published of each project, by the project's public id."""
    ids = [project.public_id for project in projects]
    rows = Batch.objects.filter(project_id__in=ids, requester__in={p.requester_id for p in projects})
    return dict(rows.values_list("project_id").annotate(Count("id")))


def open_uploads_of(project: Project, *, limit: int = 10) -> list[Upload]:
    """Files of the project that were not published, newest first."""
    return list(project.uploads.filter(batch_id="").order_by("-id")[:limit])


def projects_waiting(limit: int = 100) -> list[Project]:
    """Projects that wait for the staff's word, the longest first."""
    waiting = Project.objects.filter(
        moderation=Moderation.WAITING, category__policy=CategoryPolicy.MODERATED, archived_at__isnull=True
    )
    return list(waiting.select_related("category", "requester").order_by("changed_at")[:limit])


def categories() -> list[Category]:
    return list(Category.objects.order_by("position"))


def plan_of(project: Project) -> Plan:
    """The project as its requester decided it."""
    return Plan(
        kind=cast("Literal['template', 'proof']", project.kind),
        name=project.name,
        title=project.title,
        description=project.description,
        category=project.category_id,
        reward=project.reward,
        keywords=project.keywords,
        places=project.places,
        duration_seconds=project.duration_seconds,
        lifetime_seconds=project.lifetime_seconds,
        auto_approve_seconds=project.auto_approve_seconds,
        estimate_seconds=project.estimate_seconds,
        extensions=project.extensions,
        extension_seconds=project.extension_seconds,
        instructions=project.instructions,
        template=project.template,
        proof=project.proof,
        frame_height=project.frame_height,
        requirements=project.requirements,
        language=project.language,
        on_phone=project.on_phone,
    )


def columns_needed(project: Project) -> tuple[str, ...]:
    """The CSV columns that the project's ``${variables}`` call for; none = it needs no file."""
    return plans.columns_needed(plan_of(project))
