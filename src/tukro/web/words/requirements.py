"""Requirements as sentences: what a task asks of workers, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.people.rules import US_SUBDIVISIONS
from tukro.qualifications.models import QualificationType
from tukro.qualifications.rules import (
    ADULT,
    LEVEL,
    LOCALE,
    MASTERS,
    MASTERS_SANDBOX,
    NUMBER_APPROVED,
    PERCENT_ABANDONED,
    PERCENT_APPROVED,
    PERCENT_REJECTED,
    PERCENT_RETURNED,
    PERCENT_SUBMITTED,
    PERCENTS,
    Requirement,
)
from tukro.web import formats

_SYSTEM_NAMES: dict[str, str | Promise] = {
    PERCENT_APPROVED: _("Share of work approved"),
    NUMBER_APPROVED: _("Tasks approved"),
    LOCALE: _("Country"),
    LEVEL: _("Level"),
    ADULT: _("Takes work with adult content"),
    PERCENT_SUBMITTED: _("Share of work handed in"),
    PERCENT_ABANDONED: _("Share of work whose time ran out"),
    PERCENT_RETURNED: _("Share of work given back"),
    PERCENT_REJECTED: _("Share of work rejected"),
    MASTERS: _("Masters"),
    MASTERS_SANDBOX: _("Masters (sandbox)"),
}
_SENTENCES: dict[str, str | Promise] = {
    "LessThan": _("%(name)s: less than %(values)s"),
    "LessThanOrEqualTo": _("%(name)s: at most %(values)s"),
    "GreaterThan": _("%(name)s: more than %(values)s"),
    "GreaterThanOrEqualTo": _("%(name)s: at least %(values)s"),
    "EqualTo": _("%(name)s: %(values)s"),
    "NotEqualTo": _("%(name)s: not %(values)s"),
    "In": _("%(name)s: one of %(values)s"),
    "NotIn": _("%(name)s: none of %(values)s"),
    "Exists": _("%(name)s: needed"),
    "DoesNotExist": _("%(name)s: must not be held"),
}


def sentence(requirement: Requirement, *, name: str = "") -> str:
    """``Share of work approved: at least 95%``. ``name``: of a qualification that is not the house's own."""
    shown = [country(code) for code in requirement.locales] or [
        _figure(requirement, value) for value in requirement.integers
    ]
    return str(_SENTENCES[requirement.comparator]) % {
        "name": type_name(requirement.type_id, name),
        "values": ", ".join(shown),
    }


def sentences(requirements: Iterable[Requirement]) -> list[str]:
    """The requirements as sentences, with the names of requesters' types."""
    asked = list(requirements)
    types = QualificationType.objects.filter(public_id__in={one.type_id for one in asked})
    names = dict(types.exclude(requester=None).values_list("public_id", "name"))
    return [sentence(one, name=names.get(one.type_id, "")) for one in asked]


def type_name(type_id: str, name: str = "") -> str:
    """What a type is called: the house's own in the reader's language, others by the name they were given."""
    return str(_SYSTEM_NAMES.get(type_id, name or type_id))


def value_words(type_id: str, value: int) -> str:
    """A value as people read it: shares of a hundred carry their sign."""
    figure = formats.number(value)
    return f"{figure}%" if type_id in PERCENTS else figure


def country(code: str) -> str:
    """The name of a country in the reader's language, and of a state of the United States with it."""
    territory, _dash, part = code.partition("-")
    name = str(Locale(formats.current_reader().language).territories.get(territory, territory))
    return f"{name}, {US_SUBDIVISIONS.get(part, part)}" if part else name


def _figure(requirement: Requirement, value: int) -> str:
    return value_words(requirement.type_id, value)
