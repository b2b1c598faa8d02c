"""Proving who one is: at a provider's page, or by photos that staff look at and that are deleted after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tukro.kernel.errors import Refused
from tukro.money.providers.identity.desk import begin, look
from tukro.vetting.actions.identity import MOST_PHOTOS, hand_in_photos
from tukro.vetting.queries.identity import identity_policy, is_identified, latest_check
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.senders import takes_files
from tukro.web.refusals import refusal_message
from tukro.web.uploads import FileKindRefused, Received, receive


class PhotosForm(forms.Form):
    """Up to three pictures: the sides of a document, and oneself holding it."""

    front = forms.ImageField(label=_("Front of your identity card or passport"))
    back = forms.ImageField(label=_("Back, if it has one"), required=False)
    holding = forms.ImageField(label=_("You, holding it beside your face"))


@takes_files
@require_http_methods(["GET", "POST"])
@worker_required
def identity(request: WorkerRequest) -> HttpResponse:
    """How far the check is, and the one thing that can be done next. A post does it."""
    now = timezone.now()
    house, check = identity_policy(), latest_check(request.worker)
    if check is not None:
        check = look(check, now=now)
    goes_on = check is not None and check.state == "started"
    by_staff = (check.provider if check and goes_on else house.provider) == "manual"
    form = PhotosForm(request.POST, request.FILES) if request.method == "POST" else PhotosForm()
    if request.method == "POST":
        try:
            if answer := _hand_in(request, form, now) if by_staff else _go_to_provider(request, now):
                return answer
        except Refused as refusal:
            form.add_error(None, refusal_message(refusal))
    context = {
        "form": form,
        "check": check,
        "proved": is_identified(request.worker),
        "asked": house.moment != "never",
        "by_staff": by_staff,
        "days": house.photo_days,
        "most": MOST_PHOTOS,
    }
    return render(request, "worker/proving/identity.html", context, status=422 if form.errors else 200)


def _go_to_provider(request: WorkerRequest, now: datetime) -> HttpResponse:
    """On to the provider's own page; back to ours when it cannot be reached."""
    back = request.build_absolute_uri(reverse("worker:identity"))
    begun = begin(worker=request.worker, back=back, now=now)
    if begun.url:
        return redirect(begun.url)
    messages.error(request, _("The check cannot be reached just now. Try again in some minutes."))
    return redirect("worker:identity")


def _hand_in(request: WorkerRequest, form: PhotosForm, now: datetime) -> HttpResponse | None:
    """The photos for our staff; None when the form has a fault. Refuses BadFile and as the verb does."""
    if not form.is_valid():
        return None
    hand_in_photos(worker=request.worker, photos=_pictures(form.cleaned_data.values()), now=now)
    messages.success(request, _("Thank you. Our staff look at it; then the photos are deleted."))
    return redirect("worker:identity")


def _pictures(files: Iterable[object]) -> list[tuple[str, bytes]]:
    """Each decoded and written anew, without what a camera adds. Raises BadFile."""
    return [_picture(receive(file)) for file in files if isinstance(file, UploadedFile)]


def _picture(received: Received) -> tuple[str, bytes]:
    if not received.media_type.startswith("image/"):
        raise FileKindRefused
    return received.media_type, received.content


urlpatterns = [path("earnings/identity", identity, name="identity")]
