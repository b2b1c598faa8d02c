"""What is typed to offer a batch, or one of its tasks, to more workers or for longer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tukro.kernel.ids import new_id
from tukro.web.formats import number
from tukro.web.forms.numbers import LengthField, WholeNumberField


class MoreForm(forms.Form):
    """More answers, more time, or both. Pressed twice, a button extends once: the page has a token."""

    places = WholeNumberField(label=gettext_lazy("More answers"), required=False, initial=0)
    time = LengthField(label=gettext_lazy("Keep it open longer by"), required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64, initial=new_id)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if not self.errors and not typed.get("places") and not typed.get("time"):
            raise ValidationError(_("Write how many answers or how much time to add."))
        return typed


def at_most(answers: int) -> str:
    """How many answers a task can have, for who typed more."""
    words = _("A task can have at most %(answers)s answers, counting those that it has.")
    return words % {"answers": number(answers)}
