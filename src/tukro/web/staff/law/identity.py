"""Checks of identity that wait for staff: look at photos with a reason, verify or refuse; and the rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.errors import NotFound, Refused, WordsMissing
from tukro.kernel.money import Money
from tukro.money.providers.identity import PROVIDERS
from tukro.vetting.actions.identity import change_identity_policy, conclude_check, open_photos
from tukro.vetting.models import CheckMoment, CheckState, IdentityPhoto
from tukro.vetting.queries.identity import identity_policy, waiting_checks
from tukro.web.alike.acts import act, again
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.forms.amounts import AmountField
from tukro.web.refusals import refusal_message

SHOWN = 50
_TICKET, _TICKET_LIVES = "identity photo", timedelta(minutes=10)
MOMENTS: dict[str, Promise] = {
    CheckMoment.NEVER: _("never"),
    CheckMoment.FIRST: _("before the first withdrawal"),
    CheckMoment.ABOVE: _("above an amount paid in a tax year"),
}
PROVIDER_NAMES: dict[str, Promise | str] = {"manual": _("our staff, by photos"), "stripe": "Stripe Identity"}


class IdentityPolicyForm(forms.Form):
    moment = forms.ChoiceField(
        label=_("Workers prove who they are"), choices=MOMENTS.items(), widget=forms.RadioSelect
    )
    above = AmountField(label=_("That amount, in US dollars"))
    provider = forms.ChoiceField(label=_("Checked by"), widget=forms.RadioSelect)
    photo_days = forms.IntegerField(
        label=_("Photos that nobody decided on are deleted after so many days"), min_value=1, max_value=365
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)
        ready = ["manual", *(name for name, one in PROVIDERS.items() if one.is_set_up())]
        provider.choices = [(name, PROVIDER_NAMES[name]) for name in ready]


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required
def checks(request: StaffRequest) -> HttpResponse:
    """What waits. A post with a reason shows one check's photos for ten minutes, and is journalled."""
    now, opened = timezone.now(), ""
    if request.method == "POST":
        try:
            asked, reason = request.POST.get("check", ""), request.POST.get("reason", "")
            opened = open_photos(by=request.user.actor, check_id=asked, reason=reason, now=now).public_id
        except WordsMissing as refusal:
            return again(request, request.path, refusal_message(refusal), refusal.asked)
        except Refused as refusal:
            messages.error(request, refusal_message(refusal))
    house = identity_policy()
    context = {
        "checks": [
            {
                "row": check,
                "contact": getattr(check.worker.user, "contact", None),
                "provider": PROVIDER_NAMES.get(check.provider, check.provider),
                "photos": [_ticket(request, photo) for photo in check.photos.all()]
                if check.public_id == opened
                else [],
                "has_photos": bool(check.photos.all()),
            }
            for check in waiting_checks()[:SHOWN]
        ],
        "form": IdentityPolicyForm(
            initial={
                "moment": house.moment,
                "above": Money(house.above_units),
                "provider": house.provider,
                "photo_days": house.photo_days,
            }
        ),
    }
    return render(request, "staff/law/identity.html", context)


def _ticket(request: StaffRequest, photo: IdentityPhoto) -> str:
    signed = signing.dumps([photo.public_id, request.user.pk], salt=_TICKET)
    return reverse("staff:identity_photo", args=[signed])


@require_GET
@staff_required
def photo(request: StaffRequest, ticket: str) -> HttpResponse:
    """One photo, to the member of staff who said why, for ten minutes."""
    try:
        public_id, user = signing.loads(ticket, salt=_TICKET, max_age=_TICKET_LIVES)
    except signing.BadSignature:
        raise Http404 from None
    found = IdentityPhoto.objects.filter(public_id=public_id).first()
    if found is None or user != request.user.pk:
        raise Http404
    answer = HttpResponse(found.content(), content_type=found.media_type)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@require_POST
@staff_required
def decide(request: StaffRequest, check_id: str) -> HttpResponse:
    now, why, verdict = timezone.now(), request.POST.get("why", ""), request.POST.get("verdict", "")
    states = {"verified": CheckState.VERIFIED, "refused": CheckState.REFUSED}
    if verdict not in states:
        raise NotFound(verdict=verdict)
    return act(
        request,
        lambda: conclude_check(
            by=request.user.actor, check_id=check_id, state=states[verdict], why=why, now=now
        ),
        done=_("Decided; the photos are deleted."),
        back=reverse("staff:identity"),
    )


@require_POST
@staff_required
def policy(request: StaffRequest) -> HttpResponse:
    form, now = IdentityPolicyForm(request.POST), timezone.now()
    if not form.is_valid():
        messages.error(request, _("This rule cannot be kept: check the amount and the days."))
        return redirect("staff:identity")
    said = form.cleaned_data
    return act(
        request,
        lambda: change_identity_policy(
            by=request.user.actor,
            moment=said["moment"],
            above_units=said["above"].units,
            provider=said["provider"],
            photo_days=said["photo_days"],
            now=now,
        ),
        done=_("Saved."),
        back=reverse("staff:identity"),
    )


urlpatterns = [
    path("identity", checks, name="identity"),
    path("identity/policy", policy, name="identity_policy"),
    path("identity/photos/<str:ticket>", photo, name="identity_photo"),
    path("identity/<str:check_id>/decide", decide, name="identity_decide"),
]
