"""Filters and tags of every template: ``{% load i18n tukro %}``."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe

from tukro.kernel.formats import iso
from tukro.kernel.money import Money
from tukro.web import formats
from tukro.web.requirements import country as country_name

register = template.Library()


@register.filter
def money(amount: Money | None) -> str:
    """``$1.25`` or ``US$ ১.২৫``; nothing for nothing."""
    return "" if amount is None else formats.money(amount)


@register.filter
def number(value: int | Decimal | None) -> str:
    return "" if value is None else formats.number(value)


@register.filter
def percent(share: float | Decimal | None) -> str:
    """A share of one: ``0.975|percent`` is ``97%``."""
    return "" if share is None else formats.percent(share)


@register.filter
def moment(when: datetime | None) -> SafeString | str:
    """How long ago or ahead, with the full date and time in the title."""
    return "" if when is None else _time(when, shown=formats.ago(when))


@register.filter
def exact(when: datetime | None) -> SafeString | str:
    """Date and time of day in full."""
    return "" if when is None else _time(when, shown=formats.moment(when))


@register.filter
def day(when: date | datetime | None) -> str:
    return "" if when is None else formats.day(when)


@register.filter
def time_of_day(when: datetime) -> str:
    return formats.time_of_day(when)


@register.filter
def utc(when: datetime) -> str:
    """For scripts: ``2026-02-05T09:07:00Z``."""
    return iso(when)


@register.filter
def duration(length: int | timedelta | None) -> str:
    """Seconds as ``1 hour 30 min``."""
    return "" if length is None else formats.duration(length)


@register.filter
def filesize(count: int | None) -> str:
    return "" if count is None else formats.filesize(count)


@register.filter
def digits(text: object) -> str:
    """Any text with its digits as the reader writes them. Not for ids, phone numbers or input values."""
    return formats.digits(str(text))


@register.filter
def task_text(text: str) -> SafeString:
    """What a requester wrote, with its web addresses made into links that open beside the task."""
    # Quotes of the text itself are escaped, so the marker can only be urlize's own.
    linked = urlize(text, nofollow=True, autoescape=True)
    return mark_safe(linked.replace('rel="nofollow"', 'rel="nofollow noopener noreferrer" target="_blank"'))


@register.filter
def country(code: str) -> str:
    """The name of a country from its two letters."""
    return country_name(code)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture from ``img/icons.svg``, for the eye only: the words stand beside it."""
    return _picture(name)


@cache  # a page has a hundred of them, and the house has forty
def _picture(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, view_name: str, icon_name: str, label: str) -> SafeString:
    """A link of a navigation list, marked when it is the page itself."""
    url = reverse(view_name)
    return _link(url, icon_name, label, current=_is_current(context.get("request"), url))


@lru_cache(400)  # every page has ten of them
def _link(url: str, icon_name: str, label: str, *, current: bool) -> SafeString:
    mark = mark_safe(' aria-current="page"') if current else ""
    return format_html('<li><a href="{}"{}>{}<span>{}</span></a></li>', url, mark, _picture(icon_name), label)


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, optional: bool = False) -> dict[str, object]:
    """One field of a form with label, help and error, joined for screen readers."""
    return {"field": bound, "optional": optional}


def _is_current(request: object, url: str) -> bool:
    return isinstance(request, HttpRequest) and request.path == url


def _time(when: datetime, *, shown: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', iso(when), formats.moment(when), shown)
