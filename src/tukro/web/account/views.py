"""Account pages: the second step of joining, contact details, becoming a worker or a requester."""

from __future__ import annotations

from typing import cast

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tukro.people.actions.contact import save_contact, save_reading
from tukro.people.actions.joining import become_requester, request_worker_account, review_mode
from tukro.people.models import ReviewMode, WorkerState
from tukro.people.queries import contact_of
from tukro.web.account.forms import (
    MAIL_WENT_TO,
    BecomeRequesterForm,
    ContactForm,
    RequestWorkerForm,
    VerifyAgainForm,
)
from tukro.web.account.guessing import country_guess
from tukro.web.account.wanted import then, wanted_page
from tukro.web.entry.access import UserRequest, requester_of, user_required, worker_of
from tukro.web.words.places import country_name

WORKER_HOME, REQUESTER_HOME, STAFF_HOME = "worker:projects", "requester:home", "staff:home"
UNPROCESSABLE = 422


@user_required
def start(request: UserRequest) -> HttpResponseBase:
    """Where someone lands after signing in: on the side that is theirs."""
    if request.user.is_staff:
        return redirect(STAFF_HOME)
    worker = worker_of(request.user)
    if worker is not None:
        return redirect(WORKER_HOME if worker.state == WorkerState.ACTIVE else "account:request_worker")
    if requester_of(request.user) is not None:
        return redirect(REQUESTER_HOME)
    return redirect("account:choose" if contact_of(request.user) else "account:welcome")


@user_required
def overview(request: UserRequest) -> HttpResponseBase:
    """The account: everything about oneself in one list."""
    details = contact_of(request.user)
    page = {"contact": details, "country": country_name(details.country) if details else ""}
    return render(request, "account/overview.html", page)


@user_required
@require_http_methods(["GET", "POST"])
def welcome(request: UserRequest) -> HttpResponseBase:
    """The second step of registration: the profile is active, now say where you live (S1-36, S1-37)."""
    return _contact_page(request, "account/welcome.html", _after_welcome(request))


@user_required
@require_http_methods(["GET", "POST"])
def contact(request: UserRequest) -> HttpResponseBase:
    """Account, Contact details, Save (S1-38)."""
    return _contact_page(request, "account/contact.html", reverse("account:contact"))


@user_required
def choose(request: UserRequest) -> HttpResponseBase:
    """Create tasks or make money (S0-30)."""
    return render(request, "account/choose.html")


@user_required
@require_http_methods(["GET", "POST"])
def request_worker(request: UserRequest) -> HttpResponseBase:
    """Ask for a worker account, or read where the request stands (S0-31, S0-36)."""
    worker = worker_of(request.user)
    if worker is not None and (worker.state != WorkerState.REFUSED or "again" not in request.GET):
        return render(request, "account/worker_state.html", {"worker": worker})
    details = contact_of(request.user)
    if details is None:
        return _contact_first(request)
    form = RequestWorkerForm(request.POST or None, initial={"country": details.country})
    if request.method == "POST" and form.is_valid():
        country = form.cleaned_data["country"]
        worker = request_worker_account(user=request.user, country=country, now=timezone.now())
        if worker.state != WorkerState.ACTIVE:
            return redirect("account:request_worker")
        messages.success(request, _("You can start working at once."))
        return redirect(_first_page(request))
    looked_at_first = review_mode() == ReviewMode.BEFORE_FIRST_TASK or worker is not None
    page = {"form": form, "looked_at_first": looked_at_first}
    return render(request, "account/request_worker.html", page, status=_status(form.is_bound))


@user_required
@require_http_methods(["GET", "POST"])
def join_as_requester(request: UserRequest) -> HttpResponseBase:
    """Take the requester's side: a name that workers see."""
    if requester_of(request.user) is not None:
        return redirect(REQUESTER_HOME)
    details = contact_of(request.user)
    if details is None:
        return _contact_first(request)
    form = BecomeRequesterForm(request.POST or None, initial={"name": details.full_name})
    if request.method == "POST" and form.is_valid():
        become_requester(user=request.user, name=form.cleaned_data["name"], now=timezone.now())
        messages.success(request, _("You can now create tasks."))
        return redirect(wanted_page(request) or REQUESTER_HOME)
    return render(request, "account/become_requester.html", {"form": form}, status=_status(form.is_bound))


@rate_limit(action="verify_again")  # type: ignore[no-untyped-call,untyped-decorator]  # allauth has no types there
@require_http_methods(["GET", "POST"])
def verify_again(request: HttpRequest) -> HttpResponseBase:
    """Send another verification mail. The answer is the same whether or not the address is known."""
    form = VerifyAgainForm(request.POST or None, initial={"email": request.session.get(MAIL_WENT_TO, "")})
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        request.session[MAIL_WENT_TO] = email
        waiting = (
            EmailAddress.objects.filter(email__iexact=email, verified=False).select_related("user").first()
        )
        if waiting is not None:
            send_verification_email_to_address(request, waiting)
        messages.info(
            request,
            _("If %(email)s waits to be confirmed, a new link is on its way to it.") % {"email": email},
        )
        return redirect("account_email_verification_sent")
    return render(request, "account/verify_again.html", {"form": form}, status=_status(form.is_bound))


def _contact_page(request: UserRequest, template: str, after: str) -> HttpResponse:
    user = request.user
    form = ContactForm(request.POST) if request.method == "POST" else _contact_form(request)
    if form.is_bound and form.is_valid():
        save_contact(user=user, contact=form.contact, now=timezone.now())
        chosen = form.cleaned_data
        save_reading(
            user=user,
            language=chosen["language"],
            digits=chosen["digits"],
            time_zone=chosen["time_zone"],
        )
        with translation.override(chosen["language"]):
            messages.success(request, _("Your contact details are saved."))
        return cast(HttpResponse, redirect(after))
    page = {"form": form, "next": after}
    return render(request, template, page, status=_status(form.is_bound))


def _contact_form(request: UserRequest) -> ContactForm:
    """What is known of the person; of somebody new, the likely country."""
    known, language = contact_of(request.user), translation.get_language() or ""
    guess = "" if known else country_guess(request, language)
    return ContactForm.of(request.user, known, language, guess)


def _contact_first(request: HttpRequest) -> HttpResponseBase:
    """Letters and payments need an address: it is asked for once, then the way goes on."""
    return redirect(then(reverse("account:welcome"), request.get_full_path()))


def _first_page(request: HttpRequest) -> str:
    """Where a new worker wanted to go. The dashboard of somebody new is empty: the open tasks say more."""
    wanted = wanted_page(request)
    return wanted if wanted and wanted != reverse("worker:dashboard") else reverse(WORKER_HOME)


def _after_welcome(request: HttpRequest) -> str:
    return wanted_page(request) or reverse("account:choose")


def _status(refused: bool) -> int:
    """A form that comes back with faults was not processed."""
    return UNPROCESSABLE if refused else 200
