"""What a field of a task takes, said before somebody fills it in; both our kinds of form say it alike."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.web import formats

_NUMBER: dict[tuple[str, ...], str | Promise] = {
    (): _("A number."),
    ("minimum",): _("A number, at least %(minimum)s."),
    ("maximum",): _("A number, at most %(maximum)s."),
    ("minimum", "maximum"): _("A number from %(minimum)s to %(maximum)s."),
}
_LENGTH: dict[tuple[str, ...], str | Promise] = {
    (): "",
    ("minimum",): _("At least %(minimum)s characters."),
    ("maximum",): _("At most %(maximum)s characters."),
    ("minimum", "maximum"): _("From %(minimum)s to %(maximum)s characters."),
}
_TICKED: dict[tuple[str, ...], str | Promise] = {
    (): "",
    ("minimum",): _("Choose at least %(minimum)s."),
    ("maximum",): _("Choose at most %(maximum)s."),
    ("minimum", "maximum"): _("Choose from %(minimum)s to %(maximum)s."),
}

Limit = int | Decimal | None


def number_words(minimum: Limit, maximum: Limit) -> str:
    """Between which values a number lies."""
    return _words(_NUMBER, minimum, maximum)


def length_words(minimum: Limit, maximum: Limit) -> str:
    """How long a text has to be, and so may be; nothing when nothing asks for a length.

    A most alone is not in anybody's way before it is near: ``most_words`` says it then.
    """
    return _words(_LENGTH, minimum, maximum) if minimum is not None else ""


def most_words(minimum: Limit, maximum: Limit) -> str:
    """How long a text may be, where that is all that bounds it."""
    return _words(_LENGTH, None, maximum) if minimum is None else ""


def ticked_words(minimum: Limit, maximum: Limit) -> str:
    """How many options are chosen; nothing when that is free."""
    return _words(_TICKED, minimum, maximum)


def _words(by_limits: dict[tuple[str, ...], str | Promise], minimum: Limit, maximum: Limit) -> str:
    limits = {"minimum": minimum, "maximum": maximum}
    facts = {name: formats.fact(limit) for name, limit in limits.items() if limit is not None}
    return str(by_limits[tuple(facts)]) % facts
