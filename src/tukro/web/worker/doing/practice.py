"""Practice for the first day: one small task of each common kind, answered at once and not paid."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from tukro.people.models import Worker
from tukro.people.queries import contact_of
from tukro.qualifications.actions.practising import answer_lesson
from tukro.qualifications.queries import lessons_passed
from tukro.qualifications.rules.practice import LESSONS, practice_code
from tukro.web.entry.access import WorkerRequest, worker_required


@dataclass(frozen=True, slots=True)
class Lesson:
    """``choices`` are (value, words); without them the answer is typed."""

    kind: Promise
    title: Promise
    task: Promise
    label: Promise
    hint: Promise
    learned: Promise
    choices: tuple[tuple[str, Promise], ...] = ()


LESSON_WORDS: dict[str, Lesson] = {
    "counting": Lesson(
        kind=_("Looking at pictures"),
        title=_("How many fish are there?"),
        task=_("Count the fish in the picture and write the number. Do not count the leaves."),
        label=_("Number of fish"),
        hint=_("Count slowly, line by line. Leaves have no eye."),
        learned=_("Look at the whole picture first. Bengali digits are as good as English ones."),
    ),
    "typing": Lesson(
        kind=_("Data entry"),
        title=_("Type the phone number from a card"),
        task=_(
            "The card says: “Mahmud Store, Station Road, Bogura. Phone 01712-345678.” Type the phone number."
        ),
        label=_("Phone number"),
        hint=_("Only the number, digit by digit. It has eleven digits."),
        learned=_("Type exactly what stands there, and only what was asked for."),
    ),
    "feeling": Lesson(
        kind=_("Judging texts"),
        title=_("Is the customer happy?"),
        task=_("“The parcel came two weeks late, and the box was torn. I will not order again.”"),
        label=_("What does the customer feel?"),
        hint=_("Read the last sentence again. Would this customer come back?"),
        learned=_("Judge what the text says, not what you would feel yourself."),
        choices=(("positive", _("Pleased")), ("neutral", _("Neither")), ("negative", _("Displeased"))),
    ),
    "comparing": Lesson(
        kind=_("Checking information"),
        title=_("Is it the same shop?"),
        task=_("A: Rahman Pharmacy, 12 Lake Road, Khulna. B: Rahman Pharmacy, 21 Lake Road, Khulna."),
        label=_("Do A and B mean the same place?"),
        hint=_("Compare the numbers one by one."),
        learned=_("Small differences decide. When you are not sure, look twice rather than guess."),
        choices=(("same", _("The same")), ("different", _("Not the same"))),
    ),
    "proof": Lesson(
        kind=_("Giving a proof"),
        title=_("Bring the code from a page"),
        task=_(
            "Many tasks end with a code that proves your work. Open the practice page, find the code at its "
            "end, and come back with it."
        ),
        label=_("Code"),
        hint=_("The code begins with TK. It stands in the last line of the practice page."),
        learned=_(
            "Keep what you are asked to bring: a code, a screenshot or an address. Without it nobody can "
            "approve your work."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the first day's list."""

    words: Promise
    is_done: bool
    url: str


def first_day(worker: Worker, *, submitted: int, paid: int) -> list[Step]:
    """What a newcomer does until the first paid task; nothing once a task was paid, and no query then."""
    if paid:
        return []
    passed = lessons_passed(worker)
    return [
        Step(_("Confirm your e-mail address"), True, "account:overview"),
        Step(_("Give your contact details"), contact_of(worker.user) is not None, "account:contact"),
        Step(_("Practise: five short tasks"), set(LESSONS) <= passed, "worker:practice"),
        Step(_("Do your first paid task"), submitted > 0, "worker:projects"),
        Step(_("It is approved and paid"), False, "worker:history"),
    ]


@require_GET
@worker_required
def practice(request: WorkerRequest) -> HttpResponse:
    """All practice tasks, done and to do."""
    passed = lessons_passed(request.worker)
    rows = [(code, LESSON_WORDS[code], code in passed) for code in LESSONS]
    return render(
        request, "worker/doing/practice.html", {"rows": rows, "done": len(passed), "of": len(LESSONS)}
    )


@require_http_methods(["GET", "POST"])
@worker_required
def lesson(request: WorkerRequest, code: str) -> HttpResponseBase:
    """One practice task: do it, and hear at once whether it is right."""
    if code not in LESSON_WORDS:
        raise Http404
    context: dict[str, object] = {"code": code, "lesson": LESSON_WORDS[code]}
    if request.method == "POST":
        answer = request.POST.get("answer", "")[:200]
        right = answer_lesson(worker=request.worker, lesson=code, answer=answer, now=timezone.now())
        context |= {"answer": answer, "right": right, "next": _first_left(request.worker)}
        return render(request, "worker/doing/lesson.html", context, status=200 if right else 422)
    return render(request, "worker/doing/lesson.html", context)


@require_GET
@worker_required
def practice_page(request: WorkerRequest) -> HttpResponseBase:
    """The page that the lesson about proofs sends people to."""
    return render(
        request, "worker/doing/practice_page.html", {"code": practice_code(request.worker.public_id)}
    )


@require_GET
@worker_required
def next_lesson(request: WorkerRequest) -> HttpResponseBase:
    """The first practice task that is not done yet."""
    left = _first_left(request.worker)
    return redirect("worker:lesson", left) if left else redirect("worker:practice")


def _first_left(worker: Worker) -> str:
    """The code of the first lesson that is not done yet; '' when all are."""
    passed = lessons_passed(worker)
    return next((code for code in LESSONS if code not in passed), "")


urlpatterns = [
    path("practice", practice, name="practice"),
    path("practice/next", next_lesson, name="practice_next"),
    path("practice/page", practice_page, name="practice_page"),
    path("practice/<str:code>", lesson, name="lesson"),
]
