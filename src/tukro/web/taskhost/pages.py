"""The task host's few pages: a requester's page in its cage, what it hands in, and the answer to that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tukro.campaigns.models import Project, ProjectKind, UploadRow
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id
from tukro.people.queries.visiting import visit
from tukro.questions.answers import RESERVED_NAMES
from tukro.questions.crowd import ELEMENTS, names_in
from tukro.questions.html import fill, rewrite_addresses, with_form, with_links_outside
from tukro.web.alike.handing_in import hand_in_from_frame
from tukro.web.entry.sessions import hashed
from tukro.web.refusals import refusal_message, refusal_status
from tukro.web.taskhost import crowd, drawn, frames, names
from tukro.web.transport.compression import compressed
from tukro.work.models import BEING_DONE, HANDED_IN, Assignment, Task

# Inside the cage scripts may do what they like, eval included: the wall is the opaque origin. Pictures,
# scripts, fetches, films in frames, dialogs and links to other sites are what templates for MTurk are made of
# (docs/decisions/0023). Forms go to us alone, and nothing leads the page around it elsewhere.
# ``{own}`` stands for this label's own addresses, not for 'self': with one name, that is the site, too.
_CAGE: Final = (
    "sandbox allow-scripts allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; "
    "script-src {own} https: 'unsafe-inline' 'unsafe-eval'; style-src {own} https: 'unsafe-inline'; "
    "font-src https: data:; img-src {own} https: data: blob:; media-src {own} https: data: blob:; "
    "connect-src {own} https: wss: data: blob:; frame-src https:; worker-src blob: data:; "
    "form-action {own}; base-uri 'none'; webrtc 'block'; frame-ancestors {site}"
)
_OWN: Final = (
    "sandbox allow-scripts; default-src 'none'; script-src {own}; style-src {own}; "
    "form-action 'none'; base-uri 'none'; frame-ancestors {site}"
)
_OWN_WITH_FORM: Final = _OWN.replace("allow-scripts", "allow-scripts allow-forms").replace(
    "form-action 'none'", "form-action {own}"
)
# What was drawn: a page of ours around pictures of others.
_DRAWN: Final = _OWN.replace("style-src {own};", "style-src {own}; img-src https: data:;")
_NO_FEATURES: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "clipboard-read", "clipboard-write", "display-capture",
        "geolocation", "gyroscope", "hid", "identity-credentials-get", "magnetometer",
        "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "serial",
        "storage-access", "usb", "web-share",
    )
)  # fmt: skip
_ASSETS: Final = Path(__file__).parent / "assets"
_ASSET_TYPES: Final = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_REQUESTERS_PAGES: Final = ("html", "external")


def frame(request: HttpRequest, label: str, token: str) -> HttpResponse:
    """A task's page. Forms without an address of their own post back to here: that hands in, too."""
    if request.method == "POST":
        return external_submit(request, label)
    if request.headers.get("Sec-Fetch-Dest", "iframe") != "iframe":
        # Outside the work page nothing would say that this page is a stranger's.
        return _message(label, _("This page is part of a task. Open it from your list of tasks."), status=403)
    try:
        shown = frames.read_token(token, label=label)
        if shown.kind == "answer":
            return _drawn(request, shown, label)
        with translation.override(shown.language or translation.get_language()):
            page = _page_of(shown, label)
    except frames.BadToken:
        return _message(label, _("This page was open for too long. Load the task again."), status=403)
    except NotFound:
        return _message(label, _("This task is no longer open to you."), status=404)
    return _caged(page, label)


def _drawn(request: HttpRequest, shown: frames.Shown, label: str) -> HttpResponse:
    """What a worker drew, for whoever may read the answer: the holder of the token."""
    with translation.override(shown.language or translation.get_language()):
        page = drawn.answer_page(shown, label, in_grid=request.GET.get("look") == "grid")
    response = HttpResponse(page)
    response.headers["Content-Security-Policy"] = _policy(_DRAWN, label)
    return response


def external_submit(request: HttpRequest, label: str | None) -> HttpResponse:
    """Take what a task page handed in, from query and body alike (mturk-api 12.2).

    ``label`` is None where the request came to the site's own name: there the id alone is the right to hand
    in, unless somebody else is signed in.
    """
    try:
        fields = _posted_fields(request)
    except (RequestDataTooBig, TooManyFieldsSent):
        return _message(label, _("The answer is too large."), status=413)
    except MultiPartParserError:
        return _message(label, _("The answer could not be read."), status=400)
    assignment_id = next((value for name, value in fields if name == "assignmentId" and value), "")
    if assignment_id == frames.PREVIEW:
        return _message(label, _("This is a preview. Accept the task to hand in an answer."), status=409)
    assignment = _assignment_of(assignment_id, label)
    if assignment is None or (label is None and not _may_be_the_worker(request, assignment)):
        return _message(label, _("This task is no longer open to you."), status=404)
    with translation.override(assignment.worker.user.language or translation.get_language()):
        if request.method != "POST":
            return _ask_to_post(assignment, fields)
        return _hand_in(assignment, fields)


def asset(_request: HttpRequest, _label: str, name: str) -> HttpResponse:
    """A script or style sheet of the house that task pages load."""
    file = _ASSETS / name
    return HttpResponse(file.read_bytes(), content_type=_ASSET_TYPES[file.suffix])


def crowd_script(request: HttpRequest, _label: str) -> HttpResponse:
    """The Crowd HTML elements that the address asks for; all of them where it names none."""
    elements = frozenset(request.GET.get("elements", "").split(".")) & ELEMENTS or ELEMENTS
    asked = request.GET.get("language", "")
    # Only languages of the house: each that is activated once stays in memory.
    with translation.override(asked if asked in dict(settings.LANGUAGES) else translation.get_language()):
        return compressed(request, crowd.script(elements), _ASSET_TYPES[".js"])


def crowd_icon(_request: HttpRequest, label: str, name: str) -> HttpResponse:
    """One icon of the elements' set. The page's origin is opaque, and masks are read across origins."""
    drawing = crowd.icon(name)
    if drawing is None:
        return not_found(label)
    response = HttpResponse(drawing, content_type="image/svg+xml")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def not_found(label: str | None) -> HttpResponse:
    return _message(label, _("There is nothing here."), status=404)


def guarded(response: HttpResponse) -> HttpResponse:
    """What every answer of the task host carries."""
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Permissions-Policy"] = _NO_FEATURES
    headers["Cache-Control"] = "no-store"
    headers["X-Robots-Tag"] = "noindex"
    assert not response.cookies, "the task host sets no cookie"
    return response


def _page_of(shown: frames.Shown, label: str) -> str:
    """The filled page behind a token. Raises NotFound."""
    if shown.kind == "row":
        page = _prepared(*_staged(shown), label, assignment_id=frames.PREVIEW)
        return page + _scripts(label, ["fit-frame"])
    if shown.kind == "task":
        task = Task.objects.select_related("question").filter(public_id=shown.id).first()
        assignment_id = frames.PREVIEW
    else:
        assignment = _assignment_of(shown.id, label)
        if assignment is None or assignment.state not in BEING_DONE:
            raise NotFound
        if assignment.deadline_at < timezone.now():
            raise NotFound
        task, assignment_id = assignment.task, assignment.public_id
    if task is None or task.question.kind != "html":
        raise NotFound
    page = _prepared(task.question.body, task.input, label, assignment_id=assignment_id)
    # Crowd elements tell what they hold by themselves, and two that keep one draft would undo each other.
    keeps_itself = bool(names_in(task.question.body))
    keeps_draft = not keeps_itself and assignment_id != frames.PREVIEW
    scripts = ["fit-frame"]
    if assignment_id != frames.PREVIEW:
        scripts.append("tell-answer")
    return page + _scripts(label, [*scripts, "keep-draft"] if keeps_draft else scripts)


def _scripts(label: str, which: Iterable[str]) -> str:
    """What tells the site around the page how tall it is and what is typed, behind everything else."""
    origin = names.origin_of(label)
    return "".join(f'\n<script src="{origin}/{name}.js"></script>' for name in which) + "\n"


def _staged(shown: frames.Shown) -> tuple[str, dict[str, str]]:
    """Template and values of a row that waits to be published; no values when no file is there yet."""
    project = Project.objects.filter(public_id=shown.id, kind=ProjectKind.TEMPLATE).first()
    if project is None:
        raise NotFound
    if not shown.upload_id:
        return project.template, {}
    row = UploadRow.objects.filter(
        upload__public_id=shown.upload_id, upload__project=project, no=shown.row_no
    ).first()
    if row is None:
        raise NotFound
    return project.template, row.input


def _prepared(template: str, values: dict[str, str], label: str, *, assignment_id: str) -> str:
    """The page with its variables filled, MTurk's own addresses turned to us, and a form where it has none.

    The id stands in the address that the form posts to: pages without a script of their own hand it in, too.
    """
    origin = names.origin_of(label)
    submit_url = f"{origin}/mturk/externalSubmit?assignmentId={assignment_id}"
    filled = with_links_outside(fill(template, values))
    page = rewrite_addresses(
        filled,
        submit_url=submit_url,
        helper_url=f"{origin}/externalHIT_v1.js",
        crowd_url=f"{origin}/{crowd.address(filled)}",
    )
    return with_form(page, submit_url=submit_url, assignment_id=assignment_id, submit_label=_("Submit"))


def _assignment_of(assignment_id: str, label: str | None) -> Assignment | None:
    """The assignment of a requester's page, when it is the one whose worker sees it under this label.

    Our own forms are handed in on the site alone.
    """
    if not looks_like_id(assignment_id):
        return None
    assignment = (
        Assignment.objects.select_related("task__question", "worker__user")
        .filter(public_id=assignment_id, task__question__kind__in=_REQUESTERS_PAGES)
        .first()
    )
    if assignment is None:
        return None
    return assignment if label in (None, _label_of(assignment)) else None


def _label_of(assignment: Assignment) -> str:
    return names.label_for(task_id=assignment.task.public_id, viewer_id=assignment.worker.public_id)


def _may_be_the_worker(request: HttpRequest, assignment: Assignment) -> bool:
    """False when another person's session came along. Mostly none does: the post is cross-site."""
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    found = visit(hashed(cookie), timezone.now()) if cookie else None
    return found is None or found.user is None or found.user.pk == assignment.worker.user_id


def _hand_in(assignment: Assignment, fields: list[tuple[str, str]]) -> HttpResponse:
    label = _label_of(assignment)
    if assignment.state in HANDED_IN:  # a second press of the button; the first one counted
        return _handed_in(assignment, label)
    if not _answers(fields):
        return _message(
            label, _("The page handed in nothing. Fill in the answer and submit again."), status=422
        )
    try:
        hand_in_from_frame(assignment_id=assignment.public_id, fields=fields, now=timezone.now())
    except Refused as refusal:
        return _message(label, refusal_message(refusal), status=refusal_status(refusal))
    return _handed_in(assignment, label)


def _ask_to_post(assignment: Assignment, fields: list[tuple[str, str]]) -> HttpResponse:
    """An answer that came by GET, as very old pages send it: nothing is taken by reading an address.

    The worker's own press of a button hands the same answer in.
    """
    label = _label_of(assignment)
    text = _("This page sent its answer in an old way. Press the button to hand it in.")
    again = {
        "action": f"{names.origin_of(label)}/mturk/externalSubmit?assignmentId={assignment.public_id}",
        "fields": _answers(fields),
    }
    return _message(label, text, status=405, again=again if again["fields"] else None)


def _answers(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if name and name not in RESERVED_NAMES]


def _handed_in(assignment: Assignment, label: str) -> HttpResponse:
    receipt = frames.receipt(assignment.public_id)
    text = _("Your work is handed in. Go on with the button beside this page.")
    return _message(label, text, status=200, receipt=receipt)


def _posted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Query and body in posted order. A name that the query repeats from the body counts once; an empty
    assignmentId of the body, which a page's script was to fill in, does not count."""
    body = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    posted = {name for name, value in body if value or name != "assignmentId"}
    query = [
        (name, str(value)) for name, values in request.GET.lists() for value in values if name not in posted
    ]
    return [*query, *body]


def _caged(page: str, label: str) -> HttpResponse:
    response = HttpResponse(page)
    response.headers["Content-Security-Policy"] = _policy(_CAGE, label)
    return response


def _message(
    label: str | None, text: str, *, status: int, receipt: str = "", again: Mapping[str, object] | None = None
) -> HttpResponse:
    """One of our own short messages. ``again``: a form that hands in what came by GET."""
    origin = names.origin_of(label or names.NOBODY)
    facts = {"text": text, "receipt": receipt, "origin": origin, "again": again}
    response = HttpResponse(render_to_string("taskhost/message.html", facts), status=status)
    policy = _OWN_WITH_FORM if again else _OWN
    response.headers["Content-Security-Policy"] = _policy(policy, label or names.NOBODY)
    return response


def _policy(pattern: str, label: str) -> str:
    return pattern.format(own=f"{names.origin_of(label)}/", site=_ancestors())


def _ancestors() -> str:
    """Only the site may hold a frame. On one's own machine the site answers to two names."""
    origin = names.site_origin()
    site = urlsplit(origin)
    if site.hostname not in ("localhost", "127.0.0.1"):
        return origin
    port = f":{site.port}" if site.port else ""
    return f"{site.scheme}://localhost{port} {site.scheme}://127.0.0.1{port}"
