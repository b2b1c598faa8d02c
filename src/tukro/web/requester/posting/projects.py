"""Projects: the list, choosing a beginning, writing one, looking at it, putting it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.campaigns.actions.projects import (
    AsksForSecrets,
    BadPlan,
    archive_project,
    ask_moderation,
    change_project,
    copy_project,
    create_project,
    restore_project,
)
from tukro.campaigns.models import Project, ProjectKind
from tukro.campaigns.queries.posting import (
    batch_counts,
    columns_needed,
    open_uploads_of,
    plan_of,
    project_of,
    projects_of,
    reward_limits,
)
from tukro.campaigns.rules.plans import Plan
from tukro.qualifications.rules import read
from tukro.questions.proof import Form, Kind, read_fields
from tukro.questions.variables import variables_in
from tukro.web.alike.paging import one_page
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.forms.proof_forms import rows as proof_rows
from tukro.web.requester.posting import proof_builder
from tukro.web.requester.posting.layouts import python_lines
from tukro.web.requester.posting.project_forms import ProjectForm, typed_from_plan
from tukro.web.requester.posting.project_forms import ProjectKind as Kinds
from tukro.web.requester.posting.proof_builder import Row
from tukro.web.requester.posting.starters import ELEMENTS, PAGES, PROOFS, starter
from tukro.web.requester.posting.words import BATCH_STATES, KINDS
from tukro.web.requester.programs.code_lines import code_lines
from tukro.web.taskhost.frames import row_preview_url
from tukro.web.words.categories import category_name
from tukro.web.words.requirements import sentences
from tukro.work.actions.publishing import CategoryRefused
from tukro.work.queries import batches_of

_PER_PAGE = 20


@require_GET
@requester_required
def projects(request: RequesterRequest) -> HttpResponse:
    """The requester's projects, or those put away (``?archived=1``)."""
    archived = request.GET.get("archived") == "1"
    found = projects_of(request.requester, archived=archived, after=_cursor(request), limit=_PER_PAGE + 1)
    shown, next_cursor = one_page(found, _PER_PAGE, lambda one: one.changed_at.isoformat())
    counts = batch_counts(shown)
    lines = [ProjectLine(one, counts.get(one.public_id, 0)) for one in shown]
    context = {"lines": lines, "archived": archived, "next_cursor": next_cursor}
    return render(request, "requester/posting/projects.html", context)


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project on the list."""

    project: Project
    batches: int

    @property
    def category(self) -> str:
        return str(category_name(self.project.category_id))


@require_GET
@requester_required
def choose_starter(request: RequesterRequest) -> HttpResponse:
    """What shall the new project begin with?"""
    context = {
        "page_starters": PAGES,
        "element_starters": ELEMENTS,
        "proof_starters": PROOFS,
    }
    return render(request, "requester/posting/project_starters.html", context)


@require_http_methods(["GET", "POST"])
@requester_required
def new_project(request: RequesterRequest, code: str) -> HttpResponse:
    """Write a project that begins with a starter."""
    begun = starter(code)
    if begun is None:
        raise Http404
    if request.method == "GET":
        form = ProjectForm(kind=begun.kind, of=request.requester, initial=begun.typed())
        return _form_page(request, form, begun.rows())
    return _save(request, begun.kind, project=None)


@require_http_methods(["GET", "POST"])
@requester_required
def edit_project(request: RequesterRequest, project_id: str) -> HttpResponse:
    """Change a project; batches already published keep their terms."""
    project = project_of(request.requester, project_id)
    kind: Kinds = "proof" if project.kind == ProjectKind.PROOF else "template"
    if request.method == "GET":
        initial = typed_from_plan(plan_of(project))
        form = ProjectForm(kind=kind, of=request.requester, kept=project.requirements, initial=initial)
        return _form_page(request, form, [proof_builder.row_from_spec(one) for one in project.proof], project)
    return _save(request, kind, project=project)


@require_GET
@requester_required
def project(request: RequesterRequest, project_id: str) -> HttpResponse:
    """One project: its terms, how it looks, its files and its batches, and the way to publish."""
    shown = project_of(request.requester, project_id)
    columns = columns_needed(shown)
    rows = batches_of(request.requester, project_id=shown.public_id, limit=10).rows
    context = {
        "project": shown,
        "category": category_name(shown.category_id),
        "columns": columns,
        "python": python_lines(shown, columns),
        "codes": code_lines(shown),
        "requirements": sentences(read(shown.requirements)),
        "uploads": open_uploads_of(shown),
        "batches": [(row, *BATCH_STATES[row.batch.shown_state]) for row in rows],
        **preview_context(shown),
    }
    return render(request, "requester/posting/project.html", context)


def preview_context(shown: Project, *, upload_id: str = "", row_no: int = 0) -> dict[str, Any]:
    """For ``requester/parts/project_preview.html``: the page as it stands, or filled from a staged row."""
    if shown.kind == ProjectKind.PROOF:
        return {"form": Form(shown.instructions, read_fields(shown.proof)), "rows": _rows_of(shown)}
    viewer = shown.requester.public_id
    url = row_preview_url(project_id=shown.public_id, viewer_id=viewer, upload_id=upload_id, row_no=row_no)
    return {"frame_url": url, "frame_height": shown.frame_height}


@require_POST
@requester_required
def copy(request: RequesterRequest, project_id: str) -> HttpResponse:
    """Another project with the same plan, ready to be changed."""
    first = project_of(request.requester, project_id)
    made = copy_project(
        requester=request.requester,
        project_id=project_id,
        name=_("Copy of %(name)s") % {"name": first.name},
        now=timezone.now(),
    )
    messages.success(request, _("Copied. Change what shall be different."))
    return redirect("requester:project_edit", made.public_id)


@require_POST
@requester_required
def archive(request: RequesterRequest, project_id: str) -> HttpResponse:
    archive_project(requester=request.requester, project_id=project_id, now=timezone.now())
    messages.success(request, _("The project is archived. Its batches go on."))
    return redirect("requester:projects")


@require_POST
@requester_required
def restore(request: RequesterRequest, project_id: str) -> HttpResponse:
    restore_project(requester=request.requester, project_id=project_id, now=timezone.now())
    return redirect("requester:project", project_id)


@require_POST
@requester_required
def ask_staff(request: RequesterRequest, project_id: str) -> HttpResponse:
    """Ask the staff to look at a project of a moderated kind."""
    ask_moderation(requester=request.requester, project_id=project_id, now=timezone.now())
    messages.success(request, _("Our staff will look at your project and tell you here and by e-mail."))
    return redirect("requester:project", project_id)


def _save(request: RequesterRequest, kind: Kinds, *, project: Project | None) -> HttpResponse:
    """Keep what was typed, or show the form again: changed, checked, or with what is wrong."""
    rows = proof_builder.posted_rows(request.POST.dict()) if kind == "proof" else []
    kept = project.requirements if project else []
    pressed = request.POST.get("do", "save")
    if pressed == "qualification" or proof_builder.is_change(pressed):
        # Nothing is judged yet: the form comes back as it was typed, with its rows changed.
        more = int(pressed == "qualification")
        form = ProjectForm(
            kind=kind, of=request.requester, kept=kept, initial=_as_typed(request), more_qualifications=more
        )
        rows = rows if more else proof_builder.changed(rows, pressed)
        return _form_page(request, form, rows, project)
    form = ProjectForm(request.POST, kind=kind, of=request.requester, kept=kept)
    proof = [row.as_spec() for row in rows]
    if not form.is_valid():
        form.say_what_else(proof, reward_limits())
    else:
        plan = form.plan(proof)
        saved = _try_to_save(request, form, plan, project)
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect("requester:project", saved.public_id)
    return _form_page(request, form, rows, project, status=422)


def _try_to_save(
    request: RequesterRequest, form: ProjectForm, plan: Plan, project: Project | None
) -> Project | None:
    """The kept project, or None and the form says why."""
    now = timezone.now()
    try:
        if project is None:
            return create_project(requester=request.requester, plan=plan, now=now)
        return change_project(requester=request.requester, project_id=project.public_id, plan=plan, now=now)
    except BadPlan as refused:
        form.say_problems(refused.problems)
    except CategoryRefused as refused:
        form.say_category_refused(refused)
    except AsksForSecrets as refused:
        form.say_secret(refused)
    return None


def _form_page(
    request: RequesterRequest,
    form: ProjectForm,
    rows: list[Row],
    project: Project | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    text = form["template"].value() if form.kind == "template" else form["instructions"].value()
    context = {
        "form": form,
        "project": project,
        "builder_rows": proof_builder.with_faults(rows, form.row_faults),
        "kinds": [(str(kind), KINDS[kind]) for kind in Kind],
        "variables": variables_in(str(text or "")),
    }
    return render(request, "requester/posting/project_form.html", context, status=status)


def _as_typed(request: RequesterRequest) -> dict[str, Any]:
    """Posted values as initial ones, so that nothing is judged; lengths of time in their two parts."""
    typed: dict[str, Any] = dict(request.POST.dict())
    for name in ("estimate", "duration", "extension", "lifetime", "auto_approve"):
        typed[name] = [typed.get(f"{name}_0"), typed.get(f"{name}_1")]
    typed["countries"] = request.POST.getlist("countries")
    return typed


def _rows_of(shown: Project) -> object:
    return proof_rows(Form(shown.instructions, read_fields(shown.proof)))


def _cursor(request: RequesterRequest) -> datetime | None:
    try:
        found = parse_datetime(request.GET.get("after", "").replace(" ", "+"))
    except ValueError:
        return None
    return found if found and found.tzinfo else None
