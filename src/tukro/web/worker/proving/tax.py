"""The worker's tax form: what is asked and why, the form itself, and every version that was given."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.actions.law.tax import give_tax_form
from tukro.money.queries.tax import tax_standing, waits_for_form
from tukro.people.queries import contact_of
from tukro.vetting.queries.tax import current_form, forms_of
from tukro.vetting.rules.tax import TAX_FIELDS, FormName, TaxField, check_tax_form, masked_form
from tukro.web import formats
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.refusals import refusal_message
from tukro.web.words.places import country_choices
from tukro.web.words.taxes import AGREED, FAULTS, FORMS, HELP, LABELS, US_KINDS, in_words

_VERSIONS = 20


class TaxDetailsForm(forms.Form):
    """The fields of one tax form; the rules of vetting say which, and what is wrong with them."""

    def __init__(self, name: FormName, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        for one in TAX_FIELDS[name]:
            self.fields[one.name] = _control(name, one)

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        typed = {name: self.data.get(name, "") for name in self.fields}
        _details, problems = check_tax_form(self.name, typed, today=timezone.now().date())
        for problem in problems:
            if problem.field not in self.errors:
                params = {"limit": formats.number(problem.limit)}
                self.add_error(problem.field, ValidationError(FAULTS[problem.code], params=params))
        return cleaned


def _control(form: FormName, one: TaxField) -> forms.Field:
    label, help_text = LABELS[one.name], HELP.get(one.name, "")
    match one.shape:
        case "yes":
            said = AGREED[form] if one.name == "agreed" else label
            return forms.BooleanField(
                label=said, required=one.required, error_messages={"required": FAULTS["not_agreed"]}
            )
        case "country":
            return forms.ChoiceField(
                label=label, help_text=help_text, required=one.required, choices=country_choices
            )
        case "kind":
            return forms.ChoiceField(label=label, choices=US_KINDS.items())
    widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off"})
    if one.shape == "long_text":
        widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"})
    elif one.shape == "date":
        widget = forms.DateInput(attrs={"type": "date", "autocomplete": "bday"})
    elif one.shape == "us_tin":
        widget.attrs["inputmode"] = "numeric"
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=one.required,
        error_messages={"required": FAULTS["missing"]},
        widget=widget,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@worker_required
def tax(request: WorkerRequest) -> HttpResponse:
    """What is asked of this worker; a post gives the form. Numbers are shown by their end alone."""
    worker, now = request.worker, timezone.now()
    standing, current = tax_standing(worker, now), current_form(worker)
    form = None
    if standing is not None:
        name = cast(FormName, standing.rule.form)
        form = TaxDetailsForm(name, request.POST or None, initial=_known(request))
        if request.method == "POST" and form.is_valid():
            try:
                give_tax_form(
                    worker=worker,
                    form=name,
                    details={field: str(value) for field, value in form.cleaned_data.items()},
                    language=get_language() or "en",
                    now=now,
                )
            except Refused as refusal:
                form.add_error(None, refusal_message(refusal))
            else:
                messages.success(request, _("Thank you: your tax form is kept, encrypted."))
                return redirect("worker:tax")
    shown = [
        {"row": one, "name": FORMS[one.form], "is_current": one.replaced_at is None}
        for one in forms_of(worker)[:_VERSIONS]
    ]
    context = {
        "standing": standing,
        "due": standing is not None and standing.asks(Money.zero()),
        "waits": waits_for_form(worker),
        "form_name": FORMS[standing.rule.form] if standing else "",
        "form": form,
        "form_open": bool(form and form.errors) or (standing is not None and not standing.given),
        "current": current,
        "current_name": FORMS[current.form] if current else "",
        "lines": in_words(current.form, masked_form(current.details)) if current else [],
        "versions": shown,
    }
    return render(request, "worker/proving/tax.html", context, status=422 if form and form.errors else 200)


def _known(request: WorkerRequest) -> dict[str, str]:
    """What contact details say already. Numbers are typed anew each time."""
    contact = contact_of(request.user)
    if contact is None:
        return {}
    return {
        "name": contact.full_name,
        "address": f"{contact.address}\n{contact.city} {contact.postal_code}",
        "country": contact.country,
        "citizenship": contact.country,
    }


urlpatterns = [path("earnings/tax", tax, name="tax")]
