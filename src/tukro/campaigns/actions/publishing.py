"""Publishing: money is set aside at once, then the staged rows become tasks chunk by chunk."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.campaigns.actions.projects import BadPlan, ProjectArchived
from tukro.campaigns.models import Moderation, Project, Upload, UploadRow
from tukro.campaigns.queries import posting as queries
from tukro.campaigns.queries.posting import plan_of
from tukro.campaigns.rules import plans
from tukro.campaigns.rules.names import numbered
from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id
from tukro.kernel.money import Money
from tukro.people.models import Requester
from tukro.qualifications.rules import read
from tukro.questions.proof import Form, read_fields
from tukro.work.actions import publishing as work
from tukro.work.models import Batch, BatchState

CHUNK = 1_000


class UploadFaulty(Refused):
    """The file has faults. ``count``."""


class ColumnsMissing(Refused):
    """The project was changed since the file was read and now wants columns that it lacks. ``columns``."""


class CostChanged(Refused):
    """The reward, the answers per task or the fee changed since the cost was ``shown``; ``total``: now."""


def publish(*, requester: Requester, upload_id: str, shown: Money | None = None, now: datetime) -> Batch:
    """Turn a good upload into a batch: money is set aside, tasks are made from here on. Twice is once.

    ``shown``: what it was said to cost to whoever agrees to it now; a program need not say.
    Refuses UploadFaulty, ProjectArchived, ColumnsMissing, BadPlan (limits have changed), CostChanged and,
    with ``work.start_batch``, CategoryRefused, ModerationNeeded, InsufficientFunds. Then nothing is written.
    """
    with transaction.atomic():
        upload = _lock(requester, upload_id)
        if upload.batch_id:
            return Batch.objects.get(public_id=upload.batch_id)
        project = upload.project
        _refuse(upload, project)
        if shown is not None:
            _refuse_another_cost(shown, queries.cost_of(project, upload.row_count).total)
        batch = work.start_batch(
            requester=requester,
            terms=_terms(project),
            question_kind="proof" if project.kind == "proof" else "html",
            question_body=_question_body(project),
            frame_height=project.frame_height,
            name=_batch_name(project),
            project_id=project.public_id,
            places=project.places,
            row_count=upload.row_count,
            input_columns=upload.columns,
            lifetime_seconds=project.lifetime_seconds,
            moderated=project.moderation == Moderation.APPROVED,
            now=now,
        )
        upload.batch_id = batch.public_id
        upload.save(update_fields=["batch_id"])
        record(
            name="BatchOrdered",
            actor=requester.actor,
            subject=batch.public_id,
            at=now,
            facts={"project": project.public_id, "upload": upload.public_id, "rows": upload.row_count},
        )
    return batch


def publish_chunk(*, batch_id: str, now: datetime) -> int:
    """Make the next thousand tasks of a batch that is being published; after the last, open it to workers.

    One transaction: a crash loses at most the chunk in hand, and the next call takes it up where the
    batch stands. Answers how many tasks were made; 0 when there is nothing to do here, or when somebody
    else is at it.
    """
    with transaction.atomic():
        batch = (
            Batch.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(public_id=batch_id, state=BatchState.PUBLISHING)
            .first()
        )
        if batch is None:
            return 0
        first_no = batch.published_count + 1
        staged = UploadRow.objects.filter(upload__batch_id=batch_id)
        rows = list(staged.filter(no__gte=first_no).order_by("no").values_list("input", flat=True)[:CHUNK])
        if rows:
            work.publish_rows(batch_id=batch_id, first_no=first_no, rows=rows, now=now)
        if batch.published_count + len(rows) >= batch.row_count:
            work.finish_publishing(batch_id=batch_id, now=now)
            staged.delete()  # the tasks carry their values now
    return len(rows)


def _lock(requester: Requester, upload_id: str) -> Upload:
    found = Upload.objects.filter(project__requester=requester, public_id=upload_id)
    upload = (
        found.select_related("project__category", "project__requester").select_for_update(of=["self"]).first()
        if looks_like_id(upload_id)
        else None
    )
    if upload is None:
        raise NotFound(upload=upload_id)
    return upload


def _refuse(upload: Upload, project: Project) -> None:
    if upload.fault_count:
        raise UploadFaulty(count=upload.fault_count)
    if project.archived_at is not None:
        raise ProjectArchived
    missing = [name for name in queries.columns_needed(project) if name not in upload.columns]
    if missing:
        raise ColumnsMissing(columns=missing)
    if problems := plans.problems_of(plan_of(project), queries.reward_limits()):
        raise BadPlan(problems)


def _refuse_another_cost(shown: Money, total: Money) -> None:
    if shown != total:
        raise CostChanged(shown=shown, total=total)


def _terms(project: Project) -> work.Terms:
    return work.Terms(
        title=project.title,
        description=project.description,
        keywords=project.keywords,
        category=project.category_id,
        reward=project.reward,
        duration_seconds=project.duration_seconds,
        auto_approve_seconds=project.auto_approve_seconds,
        estimate_seconds=project.estimate_seconds,
        extensions=project.extensions,
        extension_seconds=project.extension_seconds,
        requirements=tuple(read(project.requirements)),
        language=project.language,
        on_phone=project.on_phone,
    )


def _question_body(project: Project) -> str:
    if project.kind == "template":
        return project.template
    return Form(project.instructions, read_fields(project.proof)).dump()


def _batch_name(project: Project) -> str:
    earlier = Upload.objects.filter(project=project).exclude(batch_id="").count()
    return numbered(project.name, earlier + 1)
