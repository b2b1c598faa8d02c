"""``{% load journal %}``: events of the journal in the reader's words, on any page of staff."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from tukro.journal.models import Event
from tukro.web.staff.journal.lines import Line, lines_of

register = template.Library()


@register.filter
def in_words(events: Iterable[Event]) -> list[Line]:
    """When, what, who and with which facts."""
    return lines_of(events)
