"""What a requester fills in while reviewing: filters, verdicts with reasons, bonus."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.campaigns.queries.reviewing import ONCE_HANDED_IN, Filters
from tukro.kernel.money import CENT, Money
from tukro.web.forms.amounts import AmountField
from tukro.web.forms.numbers import WholeNumberField
from tukro.web.words import reasons
from tukro.work.models import AssignmentState
from tukro.work.rules import REVISION_SECONDS

ALL = "all"
STATES = [
    (AssignmentState.SUBMITTED, _("To review")),
    (AssignmentState.APPROVED, _("Approved")),
    (AssignmentState.REJECTED, _("Rejected")),
    (AssignmentState.REVISING, _("Sent back")),
    (ALL, _("All")),
]


class FilterForm(forms.Form):
    """The filters of the review page; they stand in its address. What cannot be read filters nothing."""

    state = forms.ChoiceField(choices=STATES, required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Words in the answer"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    worker = forms.CharField(label=_("Worker id"), max_length=20, required=False)
    task = forms.CharField(label=_("Task id"), max_length=64, required=False)
    shortest = WholeNumberField(label=_("At least (seconds)"), required=False)
    longest = WholeNumberField(label=_("At most (seconds)"), required=False)

    @property
    def filters(self) -> Filters:
        self.is_valid()
        given = self.cleaned_data
        state = given.get("state") or AssignmentState.SUBMITTED
        return Filters(
            state="" if state == ALL else str(state),
            worker_id=(given.get("worker") or "").strip().upper(),
            task_id=(given.get("task") or "").strip().upper(),
            words=(given.get("words") or "").strip().replace("\x00", ""),
            shortest_seconds=given.get("shortest"),
            longest_seconds=given.get("longest"),
        )


def filter_query(filters: Filters, *, state: str | None = None) -> str:
    """The filters as they stand in an address, optionally for another state."""
    wanted = filters.state or ALL if state is None else state
    given = {
        "state": "" if wanted == AssignmentState.SUBMITTED else wanted,
        "words": filters.words,
        "worker": filters.worker_id,
        "task": filters.task_id,
        "shortest": filters.shortest_seconds,
        "longest": filters.longest_seconds,
    }
    return urlencode({name: value for name, value in given.items() if value not in ("", None)})


DAY = REVISION_SECONDS
REPAIR_DAYS = (
    (1, _("1 day")),
    (2, _("2 days")),
    (3, _("3 days")),
    (7, _("7 days")),
    (14, _("14 days")),
    (30, _("30 days")),
)


def _reason(known: Mapping[str, str | Promise]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose")), *known.items()])


class ReasonForm(forms.Form):
    """A reason that the worker sees: a code and, always, words."""

    reason_code = forms.ChoiceField()  # each form has reasons of its own
    feedback = forms.CharField(
        label=_("Your words to the worker"),
        help_text=_("The worker sees them. Say what was missing, so that the next answer is better."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RejectForm(ReasonForm):
    reason_code = _reason(reasons.REJECTION)
    reopen = forms.BooleanField(label=_("Offer the place to another worker"), required=False)


class ReviseForm(ReasonForm):
    reason_code = _reason(reasons.REVISION)
    seconds = forms.ChoiceField(
        label=_("Time for the repair"),
        help_text=_("The worker has at least the task's own time."),
        choices=[(days * DAY, label) for days, label in REPAIR_DAYS],
        required=False,
    )

    def clean_seconds(self) -> int:
        return int(self.cleaned_data["seconds"] or DAY)


class ApproveForm(forms.Form):
    feedback = forms.CharField(
        label=_("A word to the worker"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class BonusForm(forms.Form):
    amount = AmountField(label=_("Bonus in US dollars"), minimum=Money(CENT))
    reason = forms.CharField(
        label=_("What it is for"),
        help_text=_("The worker sees it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)


assert set(ONCE_HANDED_IN) == {state for state, _label in STATES if state != ALL}
