"""Requirements as sentences: what a task asks of workers, in the reader's words."""

from __future__ import annotations

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.qualifications.rules import LOCALE, NUMBER_APPROVED, PERCENT_APPROVED, Requirement
from tukro.web import formats

_SYSTEM_NAMES: dict[str, str | Promise] = {
    PERCENT_APPROVED: _("Share of work approved"),
    NUMBER_APPROVED: _("Tasks approved"),
    LOCALE: _("Country"),
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
        "name": name or str(_SYSTEM_NAMES.get(requirement.type_id, requirement.type_id)),
        "values": ", ".join(shown),
    }


def country(code: str) -> str:
    """The name of a country in the reader's language; a part of a country keeps its code."""
    territories = Locale(formats.current_reader().language).territories
    return str(territories.get(code, code))


def _figure(requirement: Requirement, value: int) -> str:
    figure = formats.number(value)
    return f"{figure}%" if requirement.type_id == PERCENT_APPROVED else figure
