"""What a person says of themselves: languages, skills, devices."""

from __future__ import annotations

from babel import Locale
from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tukro.people.actions.contact import save_profile
from tukro.people.queries import profile_of
from tukro.people.rules import DEVICES, LANGUAGES, SKILLS
from tukro.web.entry.access import UserRequest, user_required

SKILL_WORDS = {
    "typing": gettext_lazy("Typing fast"),
    "translating": gettext_lazy("Translating"),
    "transcribing": gettext_lazy("Writing down what is said"),
    "writing": gettext_lazy("Writing texts"),
    "research": gettext_lazy("Finding things on the web"),
    "data_entry": gettext_lazy("Data entry"),
    "labelling": gettext_lazy("Labelling pictures"),
    "speaking": gettext_lazy("Speaking and reading aloud"),
    "photos": gettext_lazy("Taking photos"),
    "design": gettext_lazy("Design"),
    "programming": gettext_lazy("Programming"),
}
DEVICE_WORDS = {
    "phone": gettext_lazy("Smartphone"),
    "computer": gettext_lazy("Computer"),
    "tablet": gettext_lazy("Tablet"),
    "camera": gettext_lazy("Camera"),
    "microphone": gettext_lazy("Microphone"),
    "headphones": gettext_lazy("Headphones"),
    "scanner": gettext_lazy("Scanner"),
}


class ProfileForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages that you read and write well"),
        choices=lambda: [(code, language_name(code)) for code in LANGUAGES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("What you are good at"),
        choices=[(code, SKILL_WORDS[code]) for code in SKILLS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    devices = forms.MultipleChoiceField(
        label=gettext_lazy("What you have at hand"),
        choices=[(code, DEVICE_WORDS[code]) for code in DEVICES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def language_name(code: str) -> str:
    """A language as the reader calls it."""
    locale = Locale.parse(translation.get_language() or "en")
    return str(locale.languages.get(code, code))


@require_http_methods(["GET", "POST"])
@user_required
def profile(request: UserRequest) -> HttpResponseBase:
    known = profile_of(request.user)
    names = ("languages", "skills", "devices")
    initial = {name: getattr(known, name) for name in names} if known else {}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        save_profile(
            user=request.user,
            languages=said["languages"],
            skills=said["skills"],
            devices=said["devices"],
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("account:profile")
    return render(request, "account/profile.html", {"form": form}, status=422 if form.is_bound else 200)


urlpatterns = [path("profile", profile, name="profile")]
