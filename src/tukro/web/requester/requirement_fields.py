"""What a project asks of workers, as fields of its form: record, country, an own qualification."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.qualifications.rules import (
    LEVEL,
    LOCALE,
    NUMBER_APPROVED,
    PERCENT_APPROVED,
    Requirement,
    plain,
    read,
)
from tukro.qualifications.rules.levels import LEVELS
from tukro.web.places import country_choices
from tukro.web.requester.fields import WholeNumberField

NAMES = (
    "percent_approved",
    "number_approved",
    "level",
    "countries",
    "own_type",
    "own_rule",
    "own_value",
    "guard",
)
_RULES: list[tuple[str, str | Promise]] = [
    ("Exists", _("they must hold it")),
    ("GreaterThanOrEqualTo", _("their value must be at least this:")),
    ("DoesNotExist", _("they must not hold it")),
]
_GUARDS: list[tuple[str, str | Promise]] = [
    ("Accept", _("Others can look at the work, but not take it")),
    ("PreviewAndAccept", _("Others see only its terms")),
    ("DiscoverPreviewAndAccept", _("Others do not find it")),
]


def requirement_fields(own_types: Iterable[tuple[str, str]]) -> dict[str, forms.Field]:
    """The fields in their order; ``own_types`` are ids and names."""
    countries = [one for one in country_choices() if one[0]]
    return {
        "percent_approved": WholeNumberField(
            label=_("At least this share of work approved, in percent"),
            help_text=_("Counted as 100 until a worker has handed in a hundred tasks."),
            required=False,
        ),
        "number_approved": WholeNumberField(label=_("At least this many tasks approved"), required=False),
        "level": forms.TypedChoiceField(
            label=_("Level of the worker, at least"),
            help_text=_("Levels say how much good work a worker's latest decided work proves."),
            choices=[("", _("None")), *((one.no, one.no) for one in LEVELS)],
            coerce=int,
            empty_value=None,
            required=False,
        ),
        "countries": forms.MultipleChoiceField(
            label=_("Countries in which they live"),
            help_text=_("Choose none for everywhere."),
            choices=countries,
            required=False,
            widget=forms.SelectMultiple(attrs={"size": "6"}),
        ),
        "own_type": forms.ChoiceField(
            label=_("One of your qualifications"),
            choices=[("", _("None")), *own_types],
            required=False,
        ),
        "own_rule": forms.ChoiceField(label=_("Of that qualification"), choices=_RULES, required=False),
        "own_value": forms.IntegerField(label=_("Least value"), required=False),
        "guard": forms.ChoiceField(
            label=_("Workers who do not have all this"), choices=_GUARDS, required=False
        ),
    }


def requirements_of(typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a valid form asks of workers, as a plan keeps it."""
    guard = typed["guard"] or "Accept"
    asked: list[Requirement] = []
    if typed["percent_approved"]:
        least = (typed["percent_approved"],)
        asked.append(Requirement(PERCENT_APPROVED, "GreaterThanOrEqualTo", least, guards=guard))
    if typed["number_approved"]:
        least = (typed["number_approved"],)
        asked.append(Requirement(NUMBER_APPROVED, "GreaterThanOrEqualTo", least, guards=guard))
    if typed["level"]:
        asked.append(Requirement(LEVEL, "GreaterThanOrEqualTo", (typed["level"],), guards=guard))
    if typed["countries"]:
        asked.append(Requirement(LOCALE, "In", locales=tuple(typed["countries"]), guards=guard))
    if typed["own_type"]:
        rule = typed["own_rule"] or "Exists"
        values = (typed["own_value"] or 0,) if rule == "GreaterThanOrEqualTo" else ()
        asked.append(Requirement(typed["own_type"], rule, values, guards=guard))
    return plain(asked)


def typed_from_requirements(kept: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the fields show of kept requirements."""
    typed: dict[str, Any] = {}
    for one in read(kept):
        fill = _FILL.get(one.type_id, _own)
        typed |= {**fill(one), "guard": one.guards}
    return typed


def _own(one: Requirement) -> dict[str, Any]:
    value = one.integers[0] if one.integers else None
    return {"own_type": one.type_id, "own_rule": one.comparator, "own_value": value}


_FILL: dict[str, Callable[[Requirement], dict[str, Any]]] = {
    PERCENT_APPROVED: lambda one: {"percent_approved": one.integers[0]},
    NUMBER_APPROVED: lambda one: {"number_approved": one.integers[0]},
    LEVEL: lambda one: {"level": one.integers[0]},
    LOCALE: lambda one: {"countries": list(one.locales)},
}
