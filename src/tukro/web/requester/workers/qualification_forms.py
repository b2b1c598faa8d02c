"""Forms about qualifications: a type, a grant, a block. The verbs decide what is right; it is said here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import Refused
from tukro.qualifications.actions.types import BadType, TypeChange, TypeNameTaken, TypePlan
from tukro.qualifications.models import QualificationType
from tukro.qualifications.rules import INT_MAX, INT_MIN, TYPE_LIMITS
from tukro.questions.refusals import BadQuestion
from tukro.questions.xml import read_test
from tukro.web.forms.numbers import LengthField
from tukro.web.refusals import refusal_message

_HOW: list[tuple[str, str | Promise]] = [
    ("ask", _("Workers ask, and I decide")),
    ("gift", _("At once, to everybody who asks")),
    ("test", _("By a test")),
]
_FORM_NAMES = {  # properties that have another name on the form
    "test_duration_seconds": "test_duration",
    "retry_delay_seconds": "retry_delay",
    "auto_granted_value": "gift_value",
    "auto_granted": "how",
}


def _document(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "code", "spellcheck": "false", "wrap": "off"})


class TypeForm(forms.Form):
    """A qualification type. Name and keywords stand for good once it is made."""

    name = forms.CharField(label=_("Name"), max_length=TYPE_LIMITS["name"][1])
    description = forms.CharField(
        label=_("Description"),
        help_text=_("What it says about a worker, and what it is needed for. Workers read it."),
        max_length=TYPE_LIMITS["description"][1],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    keywords = forms.CharField(label=_("Keywords"), max_length=TYPE_LIMITS["keywords"][1], required=False)
    how = forms.ChoiceField(label=_("How it is given"), choices=_HOW, widget=forms.RadioSelect, initial="ask")
    gift_value = forms.IntegerField(
        label=_("Value that is given at once"), required=False, min_value=INT_MIN, max_value=INT_MAX
    )
    test = forms.CharField(
        label=_("Test"),
        help_text=_("A QuestionForm in XML, as on Mechanical Turk."),
        required=False,
        strip=False,
        widget=_document(12),
    )
    answer_key = forms.CharField(
        label=_("Answer key"),
        help_text=_(
            "An AnswerKey in XML: the test is scored at once, and the score is the value. Without a key you "
            "read the answers and decide."
        ),
        required=False,
        strip=False,
        widget=_document(8),
    )
    test_duration = LengthField(label=_("Time for the test"), required=False)
    may_retry = forms.BooleanField(label=_("Workers may ask again"), required=False)
    retry_delay = LengthField(
        label=_("Time between two requests"),
        help_text=_("Leave it empty for no wait."),
        required=False,
    )
    is_active = forms.BooleanField(
        label=_("Active"),
        help_text=_("Workers can ask for it, and new work can require it."),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, of: QualificationType | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = of
        if of is not None:
            del self.fields["name"], self.fields["keywords"]
        if of is not None and of.test:  # what has a test keeps one
            how = self.fields["how"]
            assert isinstance(how, forms.ChoiceField)
            how.choices = [one for one in _HOW if one[0] == "test"]
        if of is not None and of.retry_delay_seconds is not None:  # retries are never forbidden again
            del self.fields["may_retry"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("how") == "test":
            for name in ("test", "test_duration"):
                if name in typed and not str(typed[name] or "").strip():
                    self.add_error(name, _("A test needs this."))
        return typed

    def plan(self) -> TypePlan:
        """A new type from a form that is valid."""
        typed = self.cleaned_data
        return TypePlan(
            name=typed["name"],
            description=typed["description"],
            keywords=typed["keywords"],
            is_active=typed["is_active"],
            retry_delay_seconds=self._retry_delay(),
            auto_granted=typed["how"] == "gift",
            auto_granted_value=typed["gift_value"] if typed["how"] == "gift" else None,
            **self._test(),
        )

    def change(self) -> TypeChange:
        """What a valid form makes of the type."""
        typed = self.cleaned_data
        test = self._test() if typed["how"] == "test" else {}
        return TypeChange(
            description=typed["description"],
            is_active=typed["is_active"],
            retry_delay_seconds=self._retry_delay(),
            auto_granted=typed["how"] == "gift",
            auto_granted_value=typed["gift_value"] if typed["how"] == "gift" else None,
            **test,
        )

    def say(self, refusal: Refused) -> None:
        """Put what the verb refused beside the field that it is about."""
        match refusal:
            case TypeNameTaken():
                where = "name"
            case BadType():
                where = str(refusal.facts["field"])
            case BadQuestion():
                where = "answer_key" if self._is_of_key() else "test"
            case _:
                where = ""
        where = _FORM_NAMES.get(where, where)
        self.add_error(where if where in self.fields else None, refusal_message(refusal))

    def _is_of_key(self) -> bool:
        """A refused document is the test, unless the test alone can be read."""
        try:
            read_test(self.cleaned_data["test"])
        except BadQuestion:
            return False
        return True

    def _test(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed["how"] != "test":
            return {"test": "", "answer_key": "", "test_duration_seconds": None}
        return {
            "test": typed["test"].replace("\r\n", "\n"),  # browsers change line ends
            "answer_key": typed["answer_key"].replace("\r\n", "\n"),
            "test_duration_seconds": typed["test_duration"],
        }

    def _retry_delay(self) -> int | None:
        typed = self.cleaned_data
        allowed = "may_retry" not in self.fields or typed["may_retry"]
        return (typed["retry_delay"] or 0) if allowed else None


class GrantForm(forms.Form):
    """Give a worker the qualification, or another value."""

    worker = forms.CharField(label=_("Worker ID"), max_length=20)
    value = forms.IntegerField(label=_("Value"), initial=1, min_value=INT_MIN, max_value=INT_MAX)


class BlockForm(forms.Form):
    """A worker whom the requester does not want."""

    worker = forms.CharField(label=_("Worker ID"), max_length=20)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Only you see it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def typed_from_type(kind: QualificationType) -> Mapping[str, Any]:
    """What the form shows of a kept type."""
    return {
        "description": kind.description,
        "how": "test" if kind.test else "gift" if kind.auto_granted else "ask",
        "gift_value": kind.auto_granted_value,
        "test": kind.test,
        "answer_key": kind.answer_key,
        "test_duration": kind.test_duration_seconds,
        "may_retry": kind.retry_delay_seconds is not None,
        "retry_delay": kind.retry_delay_seconds,
        "is_active": kind.is_active,
    }
