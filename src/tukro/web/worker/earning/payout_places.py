"""Where earnings go: add a place, confirm it by the mail's link, take it away; and a gift card's code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.errors import Refused
from tukro.money.actions.paying_out.codes import STAYS, fetch_code, open_code
from tukro.money.actions.paying_out.methods import (
    add_method,
    ask_again,
    confirm_method,
    method_of_token,
    remove_method,
)
from tukro.money.queries import is_usable, payout_methods_of, policy, schedule_of
from tukro.money.rules import PAYOUT_FIELDS, PayoutField, PayoutKindName, check_payout_details
from tukro.web import formats
from tukro.web.alike.acts import act
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.fresh import password_first
from tukro.web.refusals import refusal_message
from tukro.web.words.payouts import FIELD_HELP, FIELD_LABELS, KINDS, PROBLEMS, method_label, payout_line


class MethodForm(forms.Form):
    """The fields that one kind of payment needs; money's rules say which and what is wrong with them."""

    def __init__(self, kind: PayoutKindName, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for one in PAYOUT_FIELDS[kind]:
            self.fields[one.name] = _method_field(kind, one)

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        _details, problems = check_payout_details(
            self.kind, {name: self.data.get(name, "") for name in self.fields}
        )
        for problem in problems:
            if problem.code != "missing":  # the field itself has said that
                params = {"limit": formats.number(problem.limit)}
                self.add_error(problem.field, ValidationError(PROBLEMS[problem.code], params=params))
        return cleaned


def _method_field(kind: PayoutKindName, one: PayoutField) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 4}) if one.shape == "long_text" else forms.TextInput()
    if one.shape not in ("text", "long_text"):
        widget.attrs["inputmode"] = (
            "numeric" if one.shape in ("mobile", "rocket_number", "routing_number") else "text"
        )
        widget.attrs["autocomplete"] = "off"
    if one.shape == "email":
        widget.attrs["inputmode"] = "email"
    return forms.CharField(
        label=FIELD_LABELS[kind, one.name],
        help_text=FIELD_HELP.get((kind, one.name), ""),
        required=one.required,
        error_messages={"required": PROBLEMS["missing"]},
        widget=widget,
    )


@require_http_methods(["GET", "POST"])
@worker_required
def add(request: WorkerRequest, kind: str) -> HttpResponse:
    """Tell where the money shall go. A mail asks to confirm it."""
    known = _known_kind(kind)
    form = MethodForm(known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_method(worker=request.worker, kind=known, details=form.cleaned_data, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal_message(refusal))
        else:
            messages.success(request, _("Added. We have sent you a mail: confirm there that it is yours."))
            return redirect("worker:withdraw")
    context = {
        "form": form,
        "kind": known,
        "kind_label": KINDS[known],
        "cooling_days": _cooling_days(),
    }
    return render(request, "worker/earning/method.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@worker_required
def remove(request: WorkerRequest, method_id: int) -> HttpResponse:
    """Ask once, because adding it again takes days; then forget it. What was asked for keeps its own copy."""
    if request.method == "POST":
        remove_method(worker=request.worker, method_id=method_id, now=timezone.now())
        messages.success(request, _("The payment method was removed."))
        return redirect("worker:withdraw")
    method = get_object_or_404(payout_methods_of(request.worker), pk=method_id)
    schedule = schedule_of(request.worker)
    context = {
        "method": method_label(method),
        "cooling_days": _cooling_days(),
        "goes_by_itself": schedule is not None and schedule.method_id == method.pk,
    }
    return render(request, "worker/earning/method_remove.html", context)


@require_POST
@worker_required
def ask(request: WorkerRequest, method_id: int) -> HttpResponse:
    """The mail that asks to confirm a place did not come, or is too old: send another one."""
    return act(
        request,
        lambda: ask_again(worker=request.worker, method_id=method_id, now=timezone.now()),
        done=_("We have sent you a mail: confirm there that it is yours."),
        back=reverse("worker:withdraw"),
    )


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, token: str) -> HttpResponse:
    """What the mail's link opens, signed in or not: whoever has it reads the worker's mail.

    It changes nothing by being opened: mail programs open links by themselves.
    """
    method, now = method_of_token(token), timezone.now()
    if request.method == "POST":
        if request.POST.get("answer") == "mine":
            method = confirm_method(method=method, now=now)
        else:
            remove_method(worker=method.worker, method_id=method.pk, now=now)
            return render(request, "worker/earning/place_gone.html", {"method": method_label(method)})
    context = {
        "method": method_label(method),
        "row": method,
        "usable": is_usable(method, now),
        "token": token,
    }
    return render(request, "worker/earning/place.html", context)


@require_GET
@worker_required
@password_first
@never_cache
def code(request: WorkerRequest, payout_id: str) -> HttpResponse:
    """A gift card's code, to its worker only, who has just shown who they are. Each look is written down."""
    payout, shown = open_code(worker=request.worker, payout_id=payout_id, now=timezone.now())
    assert payout.code_shown_at is not None
    context = {"payout": payout_line(payout), "code": shown, "until": payout.code_shown_at + STAYS}
    return render(request, "worker/earning/code.html", context)


@require_POST
@worker_required
def code_again(request: WorkerRequest, payout_id: str) -> HttpResponse:
    """A code that was seen and erased is fetched from who made the card."""
    now = timezone.now()
    return act(
        request,
        lambda: fetch_code(worker=request.worker, payout_id=payout_id, now=now),
        done=_("We have asked for it. “Show the code” is here again in a minute."),
        back=reverse("worker:withdraw"),
    )


def _cooling_days() -> int:
    """How long a new place waits before money goes there, in whole days."""
    return -(-policy().payout_cooling_hours // 24)


def _known_kind(kind: str) -> PayoutKindName:
    for known in PAYOUT_FIELDS:
        if kind == known:
            return known
    raise Http404


urlpatterns = [
    path("earnings/methods/add/<str:kind>", add, name="payout_method_add"),
    path("earnings/methods/<int:method_id>/ask", ask, name="payout_method_ask"),
    path("earnings/methods/<int:method_id>/remove", remove, name="payout_method_remove"),
    path("earnings/places/<str:token>", place, name="payout_place"),
    path("earnings/withdrawals/<str:payout_id>/code", code, name="withdraw_code"),
    path("earnings/withdrawals/<str:payout_id>/code/again", code_again, name="withdraw_code_again"),
]
