"""What a project asks of workers, as fields of its form: record, country, own qualifications one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.people.models import Requester
from tukro.qualifications.models import QualificationType, TypeKind
from tukro.qualifications.queries import groups_among, groups_of, types_named, types_of
from tukro.qualifications.rules import (
    LEVEL,
    LOCALE,
    MOST_REQUIREMENTS,
    NUMBER_APPROVED,
    PERCENT_APPROVED,
    Requirement,
    plain,
    read,
)
from tukro.qualifications.rules.levels import LEVELS
from tukro.web.forms.numbers import WholeNumberField
from tukro.web.words.places import country_choices

Choice = tuple[str, str | Promise]  # an id and a name

MOST_OWN = MOST_REQUIREMENTS - 5  # beside group, record, level and country
_RULES: list[tuple[str, str | Promise]] = [
    ("Exists", _("they must hold it")),
    ("GreaterThanOrEqualTo", _("their value must be at least this:")),
    ("DoesNotExist", _("they must not hold it")),
]
_GUARDS: list[tuple[str, str | Promise]] = [
    ("Accept", _("can look at it, not take it")),
    ("PreviewAndAccept", _("see only its terms")),
    ("DiscoverPreviewAndAccept", _("do not find it")),
]
HIDDEN = "DiscoverPreviewAndAccept"  # work of a hire group is found by its members alone


def offered(of: Requester, kept: Iterable[Mapping[str, Any]]) -> tuple[list[Choice], list[Choice]]:
    """Own types and hire groups that can be asked for, and those that are asked for already (``kept``).

    What was closed, deleted or switched off stays chosen until somebody chooses otherwise: a form without it
    would open the work to everybody with the next change of a word.
    """
    types: list[Choice] = [(one.public_id, one.name) for one in types_of(of).filter(is_active=True)]
    groups: list[Choice] = [(one.public_id, one.name) for one in groups_of(of)]
    known = {public_id for public_id, _name in (*types, *groups)}
    if gone := {one.type_id for one in read(kept)} - known - set(_FILL):
        for one in types_named(gone):
            among = groups if one.kind == TypeKind.GROUP else types
            among.append((one.public_id, _name_of_gone(one)))
    return types, groups


def _name_of_gone(one: QualificationType) -> str:
    """Its name, with what has become of it."""
    if one.deleted_at is not None:
        words = _("%(name)s (closed)") if one.kind == TypeKind.GROUP else _("%(name)s (deleted)")
    else:
        words = _("%(name)s (switched off)")
    return words % {"name": one.name}


def requirement_fields(
    own_types: Iterable[Choice], own: int, groups: Iterable[Choice] = ()
) -> dict[str, forms.Field]:
    """The fields in their order; ``own_types`` and hire ``groups`` are ids and names, ``own`` says how many
    own types can be asked for."""
    types: list[Choice] = [("", _("None")), *own_types]
    countries = [one for one in country_choices() if one[0]]
    return {
        "hire_group": forms.ChoiceField(
            label=_("Who finds this work"),
            help_text=_("Work of a hire group is seen by its members alone."),
            choices=[("", _("Everyone")), *groups],
            required=False,
        ),
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
        **{name: one for no in range(1, own + 1) for name, one in _own_fields(no, types).items()},
        "guard": forms.ChoiceField(
            label=_("Workers who do not have all this"), choices=_GUARDS, required=False
        ),
    }


def own_asked(names: Iterable[str]) -> int:
    """For how many own qualifications there are fields among these names; one at least."""
    given = set(names)
    return max((no for no in range(1, MOST_OWN + 1) if _name("own_type", no) in given), default=1)


def _own_fields(no: int, types: list[Choice]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        "own_type": forms.ChoiceField(label=_("One of your qualifications"), choices=types, required=False),
        "own_rule": forms.ChoiceField(label=_("Of that qualification"), choices=_RULES, required=False),
        "own_value": forms.IntegerField(label=_("Least value"), required=False),
    }
    return {_name(name, no): one for name, one in fields.items()}


def _name(name: str, no: int) -> str:
    """The first has the plain name."""
    return name if no == 1 else f"{name}_{no}"


def requirements_of(typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a valid form asks of workers, as a plan keeps it."""
    guard = typed["guard"] or "Accept"
    asked: list[Requirement] = []
    if typed["hire_group"]:
        asked.append(Requirement(typed["hire_group"], "Exists", guards=HIDDEN))
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
    for no in range(1, own_asked(typed) + 1):
        if type_id := typed[_name("own_type", no)]:
            rule = typed[_name("own_rule", no)] or "Exists"
            values = (typed[_name("own_value", no)] or 0,) if rule == "GreaterThanOrEqualTo" else ()
            asked.append(Requirement(type_id, rule, values, guards=guard))
    return plain(asked)


def typed_from_requirements(kept: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the fields show of kept requirements."""
    typed: dict[str, Any] = {}
    asked = read(kept)
    theirs = [one for one in asked if one.type_id not in _FILL]
    groups = groups_among(one.type_id for one in theirs) if theirs else set()
    own = 0
    for one in asked:
        if one.type_id in groups:
            typed["hire_group"] = one.type_id
            continue
        fill = _FILL.get(one.type_id)
        own += fill is None
        typed |= {**(fill(one) if fill else _own(one, own)), "guard": one.guards}
    return typed


def _own(one: Requirement, no: int) -> dict[str, Any]:
    value = one.integers[0] if one.integers else None
    return {
        _name("own_type", no): one.type_id,
        _name("own_rule", no): one.comparator,
        _name("own_value", no): value,
    }


_FILL: dict[str, Callable[[Requirement], dict[str, Any]]] = {
    PERCENT_APPROVED: lambda one: {"percent_approved": one.integers[0]},
    NUMBER_APPROVED: lambda one: {"number_approved": one.integers[0]},
    LEVEL: lambda one: {"level": one.integers[0]},
    LOCALE: lambda one: {"countries": list(one.locales)},
}
