"""Proving a phone before the first withdrawal: ask for a code, and enter what the message brought."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tukro.kernel.errors import Refused
from tukro.money.queries import phone_counts_from
from tukro.people.actions.phones import ask_for_code, enter_code
from tukro.people.models import OPEN_CODES, CodeState, PhoneCode
from tukro.people.queries.phones import code_of, is_vouched, phone_of
from tukro.people.rules.phones import CODE_DIGITS, spelled
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.refusals import refusal_message


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Mobile number"),
        help_text=gettext_lazy("In Bengali or English figures. From another country: with + and its code."),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "size": 20}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of the message"),
        help_text=gettext_lazy("Six digits, in Bengali or English figures."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": CODE_DIGITS + 2}
        ),
    )


@require_GET
@worker_required
def phone(request: WorkerRequest) -> HttpResponse:
    """How far the proof is, and the one thing that can be done next."""
    return _page(request)


@require_POST
@worker_required
def ask(request: WorkerRequest) -> HttpResponse:
    """Have a code sent to the number."""
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _page(request, number_form=form)
    try:
        ask_for_code(
            worker=request.worker,
            number=form.cleaned_data["number"],
            from_address=get_adapter().get_client_ip(request),
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error("number", refusal_message(refusal))
        return _page(request, number_form=form)
    messages.success(request, _("A message with a code is on its way to your phone."))
    return redirect("worker:phone")


@require_POST
@worker_required
def enter(request: WorkerRequest) -> HttpResponse:
    """Try the code."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, code_form=form)
    try:
        enter_code(worker=request.worker, code=form.cleaned_data["code"], now=timezone.now())
    except Refused as refusal:
        form.add_error("code", refusal_message(refusal))
        return _page(request, code_form=form)
    messages.success(request, _("Your phone is verified."))
    return redirect("worker:phone")


def _page(
    request: WorkerRequest, *, number_form: NumberForm | None = None, code_form: CodeForm | None = None
) -> HttpResponse:
    worker, now = request.worker, timezone.now()
    code, proved, counts_from = code_of(worker), phone_of(worker), phone_counts_from(worker)
    context = {
        "number_form": number_form or NumberForm(initial=_number_asked(code)),
        "code_form": code_form or CodeForm(),
        "proved": proved,
        "vouched": is_vouched(worker),
        "counts_from": counts_from if counts_from and counts_from > now else None,
        "code": code if code and _is_open(code) and code.expires_at > now else None,
        "failed": code if code and code.state == CodeState.FAILED else None,
        "may_enter": code is not None and _is_open(code) and code.tries_left > 0,
        "taken": code is not None and code.state == CodeState.TAKEN,
    }
    wrong = any(form is not None and form.errors for form in (number_form, code_form))
    return render(request, "worker/proving/phone.html", context, status=422 if wrong else 200)


def _number_asked(code: PhoneCode | None) -> dict[str, str]:
    """The number to which a code is on its way: who asks again mostly means the same one."""
    content = code.content() if code is not None and _is_open(code) else None
    return {"number": spelled(content[0])} if content else {}


def _is_open(code: PhoneCode) -> bool:
    return code.state in OPEN_CODES


urlpatterns = [
    path("earnings/phone", phone, name="phone"),
    path("earnings/phone/ask", ask, name="phone_ask"),
    path("earnings/phone/code", enter, name="phone_code"),
]
