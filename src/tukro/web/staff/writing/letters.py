"""The print queue of letters with a PIN: print a run, say that it is posted, note what came back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound
from tukro.people.actions.letter_service import hand_letters, take_letter_back
from tukro.people.actions.letters import post_letters, print_letters, return_letter, vouch_for
from tukro.people.models import LetterState
from tukro.people.providers.registry import letter_provider
from tukro.people.queries import letters_in, letters_of_run, open_runs
from tukro.people.queries.named import worker_named
from tukro.web.alike.acts import act
from tukro.web.alike.downloads import whole_file
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.paper.address_letter import letters_pdf

AT_SERVICE = (LetterState.SENDING.value, LetterState.UNKNOWN.value, LetterState.HANDED.value)
STATES = {
    LetterState.ASKED.value: gettext_lazy("To print"),
    "service": gettext_lazy("At the letter service"),
    LetterState.PRINTED.value: gettext_lazy("To post"),
    LetterState.POSTED.value: gettext_lazy("On their way"),
    LetterState.RETURNED.value: gettext_lazy("Came back"),
    LetterState.ENTERED.value: gettext_lazy("Proved"),
}
SERVICE_STATES = {
    LetterState.SENDING.value: (gettext_lazy("goes there"), "badge"),
    LetterState.UNKNOWN.value: (gettext_lazy("unknown"), "badge badge-warn"),
    LetterState.HANDED.value: (gettext_lazy("being printed"), "badge badge-ok"),
}


@require_GET
@staff_required
def letters(request: StaffRequest) -> HttpResponse:
    """The letters in one state, and the runs that wait for the post."""
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else LetterState.ASKED.value
    provider = letter_provider()
    context = {
        "state": state,
        "states": STATES.items(),
        "letters": [
            {"row": one, "service": SERVICE_STATES.get(one.state)}
            for one in letters_in(*(AT_SERVICE if state == "service" else (state,)))
        ],
        "provider": provider.name.capitalize() if provider else "",
        "runs": open_runs(),
    }
    return render(request, "staff/writing/letters.html", context)


@require_POST
@staff_required
def print_run(request: StaffRequest) -> HttpResponse:
    """Take what waits into a run; its PDF is then on the page."""
    now = timezone.now()
    return act(
        request,
        lambda: print_letters(by=request.user.actor, now=now),
        done=_("The letters are ready to be printed: open the PDF, then post them."),
        back="staff:letters",
    )


@require_POST
@staff_required
def hand_over(request: StaffRequest) -> HttpResponse:
    """Let the letter service print and post what waits."""
    provider = letter_provider()
    if provider is None:
        raise NotFound(provider="")
    now, name = timezone.now(), provider.name
    return act(
        request,
        lambda: hand_letters(by=request.user.actor, provider=name, now=now),
        done=_("The letters go to the letter service. It says here how far they are."),
        back=f"{reverse('staff:letters')}?state=service",
    )


@require_POST
@staff_required
def take_back(request: StaffRequest, letter_id: str) -> HttpResponse:
    now = timezone.now()
    return act(
        request,
        lambda: take_letter_back(by=request.user.actor, letter_id=letter_id, now=now),
        done=_("The letter waits for your own printer again."),
        back=f"{reverse('staff:letters')}?state=service",
    )


@require_GET
@staff_required
def run_pdf(request: StaffRequest, run_id: str) -> HttpResponse:
    """All letters of a run that is not posted. They hold PINs, so who opened them is written down."""
    found = letters_of_run(run_id)
    if not found:
        raise NotFound(run=run_id)
    record(
        name="LettersOpened",
        actor=request.user.actor,
        subject=run_id,
        at=timezone.now(),
        facts={"letters": len(found)},
    )
    return whole_file(letters_pdf(found), name=f"letters-{run_id[:8]}.pdf")


@require_POST
@staff_required
def post_run(request: StaffRequest, run_id: str) -> HttpResponse:
    now = timezone.now()
    return act(
        request,
        lambda: post_letters(by=request.user.actor, run_id=run_id, now=now),
        done=_("Written down as posted. The PINs can no longer be printed."),
        back=reverse("staff:letters"),
    )


@require_POST
@staff_required
def came_back(request: StaffRequest, letter_id: str) -> HttpResponse:
    now, reason = timezone.now(), request.POST.get("reason", "")
    return act(
        request,
        lambda: return_letter(by=request.user.actor, letter_id=letter_id, reason=reason, now=now),
        done=_("Written down: the worker may ask for another letter."),
        back=f"{reverse('staff:letters')}?state=posted",
    )


@require_POST
@staff_required
def vouch(request: StaffRequest, worker_id: str) -> HttpResponse:
    """Staff saw another proof of the address."""
    worker = worker_named(worker_id)
    now, reason = timezone.now(), request.POST.get("reason", "")
    return act(
        request,
        lambda: vouch_for(by=request.user.actor, worker=worker, reason=reason, now=now),
        done=_("The address counts as verified."),
        back=reverse("staff:worker", args=[worker_id]),
    )


urlpatterns = [
    path("letters", letters, name="letters"),
    path("letters/print", print_run, name="letters_print"),
    path("letters/hand-over", hand_over, name="letters_hand_over"),
    path("letters/<str:letter_id>/take-back", take_back, name="letter_take_back"),
    path("letters/runs/<str:run_id>.pdf", run_pdf, name="letters_pdf"),
    path("letters/runs/<str:run_id>/posted", post_run, name="letters_posted"),
    path("letters/<str:letter_id>/came-back", came_back, name="letter_came_back"),
    path("workers/<str:worker_id>/vouch", vouch, name="worker_vouch"),
]
