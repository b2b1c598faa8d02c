"""The form of a project: reads what was typed; what is right is decided by the verb, and said here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from django import forms
from django.utils.translation import gettext_lazy as _

from tukro.campaigns.actions.projects import AsksForSecrets
from tukro.campaigns.queries.posting import categories
from tukro.campaigns.rules import plans
from tukro.campaigns.rules.plans import Plan
from tukro.people.models import Requester
from tukro.questions.proof import Problem
from tukro.web.forms.amounts import AmountField
from tukro.web.forms.numbers import LengthField, WholeNumberField
from tukro.web.refusals import refusal_message
from tukro.web.requester.posting.proof_builder import RowFault
from tukro.web.requester.posting.requirement_fields import (
    MOST_OWN,
    offered,
    own_asked,
    requirement_fields,
    requirements_of,
    typed_from_requirements,
)
from tukro.web.requester.posting.words import problem_words
from tukro.web.words.categories import ALTERNATIVES, category_name
from tukro.work.actions.publishing import CategoryRefused
from tukro.work.models import Category

ProjectKind = Literal["template", "proof"]
_GROUPS = (
    ("open", _("Kinds of work")),
    ("moderated", _("Staff look at these before they are published")),
    ("refused", _("Not taken here")),
)
_DESCRIBE = ("name", "title", "description", "category")
_FINDING = ("keywords", "language", "on_phone")
_SET_UP = ("reward", "places", "estimate", "duration", "lifetime", "auto_approve")
_MORE_TIME = ("extensions", "extension")
_FORM_NAMES = {  # fields of Plan that have another name on the form
    "duration_seconds": "duration",
    "lifetime_seconds": "lifetime",
    "auto_approve_seconds": "auto_approve",
    "estimate_seconds": "estimate",
    "extension_seconds": "extension",
}

# For what could not be read, values that nothing is said about.
_STAND_INS: dict[str, Any] = {
    "places": 1,
    "duration": plans.DURATIONS[1],
    "lifetime": plans.LIFETIMES[0],
    "auto_approve": plans.AUTO_APPROVALS[0],
    "estimate": None,
}


class ProjectForm(forms.Form):
    """Properties in sections; what few projects need is folded away until it is filled in or wrong."""

    name = forms.CharField(
        label=_("Name of the project"), help_text=_("Only you see it."), max_length=plans.MAX_NAME
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("The line that workers see in the list: say what is to be done."),
        max_length=plans.MAX_TITLE,
    )
    description = forms.CharField(
        label=_("Description"),
        help_text=_("Two or three sentences that help a worker to decide. Workers search in this text too."),
        max_length=plans.MAX_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    keywords = forms.CharField(
        label=_("Keywords"),
        help_text=_("Separated by commas, in each language that your workers search in."),
        max_length=plans.MAX_KEYWORDS,
        required=False,
    )
    category = forms.ChoiceField(label=_("Kind of work"))
    language = forms.ChoiceField(
        label=_("Language of the work"),
        help_text=_("Workers filter by it."),
        choices=[
            ("", _("As the title and description are written")),
            ("bn", _("Bengali")),
            ("en", _("English")),
        ],
        required=False,
    )
    on_phone = forms.BooleanField(
        label=_("Can be done on a phone"),
        help_text=_("Try it on one first: workers filter by it."),
        required=False,
    )
    reward = AmountField(
        label=_("Reward for one answer, in US dollars"),
        help_text=_(
            "What a worker gets for each approved answer. The fee comes on top; workers pay nothing."
        ),
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short", "size": "9"}
        ),
    )
    places = WholeNumberField(
        label=_("Answers per task"),
        help_text=_("How many different people do each task. Each person does it once."),
    )
    estimate = LengthField(
        label=_("How long one task takes"),
        help_text=_("Your honest estimate; workers see it before they start."),
        required=False,
    )
    duration = LengthField(
        label=_("Time allotted"),
        help_text=_("Be generous: after this time the task goes to somebody else and the work is lost."),
    )
    extensions = WholeNumberField(
        label=_("Times that a worker may take more time"),
        help_text=_("With one tap, before the time is over. Empty: never."),
        required=False,
    )
    extension = LengthField(
        label=_("More time, each time"),
        help_text=_("It is granted at once, without asking you."),
        required=False,
    )
    lifetime = LengthField(
        label=_("Open for"),
        help_text=_("After this nobody can start. Those who have started may finish, and are paid."),
    )
    auto_approve = LengthField(
        label=_("Approve and pay by itself after"),
        help_text=_("What you have not reviewed by then is approved."),
    )
    instructions = forms.CharField(
        label=_("What to do"),
        help_text=_("Step by step, one on each line. A ${variable} takes its value from your CSV file."),
        max_length=plans.MAX_INSTRUCTIONS,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    template = forms.CharField(
        label=_("HTML of the page"),
        help_text=_("Each ${variable} takes its value from the column of that name in your CSV file."),
        widget=forms.Textarea(attrs={"rows": 22, "class": "code", "spellcheck": "false", "wrap": "off"}),
        strip=False,
    )
    frame_height = WholeNumberField(
        label=_("Height of the page in pixels"),
        help_text=_("Leave it empty to fill the window."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        kind: ProjectKind,
        of: Requester,
        kept: Sequence[Mapping[str, Any]] = (),
        more_qualifications: int = 0,
        **kwargs: Any,
    ) -> None:
        """``kept``: what the project asks of workers already, which stays offered whatever became of it."""
        super().__init__(*args, **kwargs)
        self.row_faults: list[RowFault] = []
        own, groups = offered(of, kept)
        asked = min(own_asked(self.data or self.initial or ()) + more_qualifications, MOST_OWN)
        self.may_ask_more = asked < min(MOST_OWN, len(own))
        asking = requirement_fields(own, asked, groups)
        self._asking = tuple(asking)
        self._more_asked = more_qualifications > 0
        self.fields.update(asking)
        self.kind = kind
        # Our own proof forms suit a phone; of a page only its maker knows.
        unasked = ("template", "frame_height", "on_phone") if kind == "proof" else ("instructions",)
        for name in unasked:
            del self.fields[name]
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = _choices(categories())

    @property
    def describe(self) -> list[forms.BoundField]:
        return self._bound(_DESCRIBE)

    @property
    def finding(self) -> list[forms.BoundField]:
        return self._bound(_FINDING)

    @property
    def finding_is_open(self) -> bool:
        return self._is_used(_FINDING)

    @property
    def set_up(self) -> list[forms.BoundField]:
        return self._bound(_SET_UP)

    @property
    def more_time(self) -> list[forms.BoundField]:
        return self._bound(_MORE_TIME)

    @property
    def more_time_is_open(self) -> bool:
        return self._is_used(_MORE_TIME)

    @property
    def content(self) -> list[forms.BoundField]:
        elsewhere = {*_DESCRIBE, *_FINDING, *_SET_UP, *_MORE_TIME, *self._asking}
        return self._bound(name for name in self.fields if name not in elsewhere)

    @property
    def requirements(self) -> list[forms.BoundField]:
        return self._bound(self._asking)

    @property
    def requirements_are_open(self) -> bool:
        # What is always chosen says nothing alone: how a qualification is compared, what others see.
        return self._more_asked or self._is_used(
            name for name in self._asking if not name.startswith(("own_rule", "guard"))
        )

    @property
    def faulty(self) -> list[forms.BoundField]:
        """The fields in which something is wrong, in the order of the page."""
        in_order = (self.describe, self.finding, self.content, self.set_up, self.more_time, self.requirements)
        return [bound for part in in_order for bound in part if bound.errors]

    def _bound(self, names: Iterable[str]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def _is_used(self, names: Iterable[str]) -> bool:
        """Something is filled in there, or wrong."""
        return any(bound.errors or not _is_empty(bound.value()) for bound in self._bound(names))

    def plan(self, proof: list[dict[str, object]]) -> Plan:
        """The plan of a form that is valid."""
        typed = self.cleaned_data
        return Plan(
            kind=self.kind,
            name=typed["name"],
            title=typed["title"],
            description=typed["description"],
            keywords=typed["keywords"],
            category=typed["category"],
            reward=typed["reward"],
            places=typed["places"],
            duration_seconds=typed["duration"],
            lifetime_seconds=typed["lifetime"],
            auto_approve_seconds=typed["auto_approve"],
            estimate_seconds=typed["estimate"],
            extensions=typed["extensions"] or 0,
            extension_seconds=typed["extension"] or 0,
            instructions=typed.get("instructions", ""),
            template=typed.get("template", ""),
            proof=proof,
            frame_height=typed.get("frame_height") or 0,
            requirements=requirements_of(typed),
            language=typed["language"],
            on_phone=typed.get("on_phone") or None,
        )

    def say_problems(self, problems: Iterable[Problem]) -> None:
        """Put what the verb refused beside the fields it is about."""
        for problem in problems:
            if problem.facts.get("position", "0") != "0":
                self.row_faults.append(RowFault.of(problem))
            else:
                self._say(_FORM_NAMES.get(problem.field, problem.field), problem_words(problem))

    def say_what_else(self, proof: list[dict[str, object]], limits: plans.RewardLimits) -> None:
        """Of a form with fields that could not be read: what would be refused in the others, said at once."""
        read = self.cleaned_data
        stand_ins = dict.fromkeys(self.fields, "") | _STAND_INS | {"reward": limits.minimum}
        self.cleaned_data = stand_ins | read
        plan = self.plan(proof)
        self.cleaned_data = read
        unread = [name for name in self.fields if name not in read]
        found = plans.problems_of(plan, limits)
        self.say_problems([one for one in found if _FORM_NAMES.get(one.field, one.field) not in unread])

    def say_category_refused(self, refusal: CategoryRefused) -> None:
        """Name the rule and the honest alternative."""
        alternative = ALTERNATIVES.get(str(refusal.facts["category"]))
        self._say("category", refusal_message(refusal))
        if alternative:
            self._say("category", str(alternative))

    def say_secret(self, refusal: AsksForSecrets) -> None:
        self._say(str(refusal.facts["where"]), refusal_message(refusal))

    def _say(self, name: str, sentence: str) -> None:
        # What has no field of its own, such as a proof form without rows, is said above the form.
        self.add_error(name if name in self.fields else None, sentence)


def typed_from_plan(plan: Plan) -> Mapping[str, Any]:
    """What the form shows of a kept plan."""
    return {
        "name": plan.name,
        "title": plan.title,
        "description": plan.description,
        "keywords": plan.keywords,
        "category": plan.category,
        "reward": plan.reward,
        "places": plan.places,
        "duration": plan.duration_seconds,
        "lifetime": plan.lifetime_seconds,
        "auto_approve": plan.auto_approve_seconds,
        "estimate": plan.estimate_seconds,
        "extensions": plan.extensions or None,
        "extension": plan.extension_seconds or None,
        "instructions": plan.instructions,
        "template": plan.template,
        "frame_height": plan.frame_height or None,
        "language": plan.language,
        "on_phone": plan.on_phone,
        **typed_from_requirements(plan.requirements),
    }


def _is_empty(value: Any) -> bool:
    """Nothing typed or chosen; a length of time is a number and a unit, of which the unit is always there."""
    number = value[0] if isinstance(value, list) and value else value
    return number in ("", None, False, [])


def _choices(found: list[Category]) -> list[tuple[Any, Any]]:
    grouped = [
        (label, [(one.code, category_name(one.code)) for one in found if one.policy == policy])
        for policy, label in _GROUPS
    ]
    return [("", _("Choose…")), *[(label, choices) for label, choices in grouped if choices]]
