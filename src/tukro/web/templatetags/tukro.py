"""Filters and tags of every template: ``{% load i18n tukro %}``."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from secrets import token_hex
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_urlconf, reverse
from django.utils.html import escape, format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe

from tukro.kernel.formats import Reader, iso
from tukro.kernel.money import Money
from tukro.kernel.typed import in_one_line as without_line_breaks
from tukro.people.aliases import alias
from tukro.people.models import Requester, Worker
from tukro.web import formats
from tukro.web.words import reasons
from tukro.web.words.payouts import LEFT_OUT
from tukro.web.words.requirements import country as country_name
from tukro.web.words.transfers import TRANSFERS

register = template.Library()


@register.filter
def money(amount: Money | None) -> str:
    """``$1.25`` or ``US$ ১.২৫``; nothing for nothing."""
    return "" if amount is None else formats.money(amount)


@register.filter
def in_one_line(text: str) -> str:
    """For what must be one line, whatever somebody named their work: the subject of a mail."""
    return without_line_breaks(text)


@register.filter
def known_to(worker: Worker, requester: Requester) -> str:
    """The id under which this requester knows this worker."""
    return alias(worker, requester)


@register.filter
def left_out(why: str) -> str:
    """Why a regular withdrawal was left out, by the name of the refusal."""
    return str(LEFT_OUT.get(why, ""))


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
    return "" if when is None else _time(when, shown=formats.ago)


@register.filter
def exact(when: datetime | None) -> SafeString | str:
    """Date and time of day in full."""
    return "" if when is None else _time(when, shown=formats.moment)


@register.filter
def day(when: date | datetime | None) -> str:
    return "" if when is None else formats.day(when)


@register.filter
def rejection_reason(code: str) -> str:
    """Why work was rejected, in words; nothing for the reason that says nothing."""
    return "" if code == "other" else str(reasons.REJECTION.get(code, ""))


@register.filter
def revision_reason(code: str) -> str:
    """Why work was sent back, in the same way."""
    return "" if code == "other" else str(reasons.REVISION.get(code, ""))


@register.filter
def report_reason(code: str) -> str:
    """What a worker reported of a task, in the same way."""
    return "" if code == "other" else str(reasons.REPORT.get(code, ""))


@register.filter
def transfer_kind(code: str) -> str:
    """What a movement in the ledger is called. (docs/money.md)"""
    return str(TRANSFERS[code])


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
def recorded(seconds: float) -> str:
    """How long a recording lasts."""
    return formats.duration(max(1, round(seconds)))


@register.filter
def filesize(count: int | None) -> str:
    return "" if count is None else formats.filesize(count)


@register.filter
def digits(text: object) -> str:
    """Any text with its digits as the reader writes them. Not for ids and phone numbers."""
    return formats.digits(str(text))


@register.filter
def address(email: str) -> SafeString:
    """An e-mail address that breaks after its ``@``, if it must, and not within a word."""
    return format_html_join(mark_safe("@<wbr>"), "{}", ((part,) for part in email.split("@")))


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
def nav_link(
    context: template.Context,
    view_name: str,
    icon_name: str,
    label: str,
    section: bool = False,
    also: str = "",
) -> SafeString:
    """A link of a navigation list, marked when it is the page or, for a ``section``, holds it.

    ``also``: the folders beside it, by name, whose pages are of this section.
    """
    url = _address(view_name, get_urlconf())
    folders = _folders(url, also) if section else ()
    return _link(url, icon_name, label, current=_current(context.get("request"), url, folders))


@lru_cache(400)
def _address(view_name: str, addresses: str | None) -> str:
    return reverse(view_name, addresses)


@lru_cache(400)
def _folders(url: str, also: str) -> tuple[str, ...]:
    beside = url[: url.rindex("/")]
    return (f"{url}/", *(f"{beside}/{name}/" for name in also.split()))


@lru_cache(400)  # every page has ten of them
def _link(url: str, icon_name: str, label: str, *, current: str) -> SafeString:
    mark = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<li><a href="{}"{}>{}<span>{}</span></a></li>', url, mark, _picture(icon_name), label)


@register.simple_tag
def field(bound: BoundField, optional: bool = False) -> SafeString:
    """One field of a form with label, help and error, joined for screen readers."""
    widget = bound.field.widget
    plain = _PLAIN_FIELDS.get(type(widget))
    if plain is None or optional or bound.help_text or bound.errors:
        return render_to_string("parts/field.html", {"field": bound, "optional": optional})
    return format_html(plain, id=bound.id_for_label, label=bound.label, control=str(bound))


# What the template draws of these; the open list has a dozen.
_LABELLED = '<div class="field">\n  <label for="{id}">{label}</label>\n  \n  {control}\n  \n</div>'
_PLAIN_FIELDS: dict[type, str] = {
    forms.TextInput: _LABELLED,
    forms.Select: _LABELLED,
    forms.CheckboxInput: (
        '<div class="field">\n  <label class="choice" for="{id}">{control}<span>{label}</span></label>\n'
        "  \n</div>"
    ),
}


@register.tag
def remembered(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """``{% remembered facts … %}…{% endremembered %}``: drawn once for these facts, and then known.

    The facts are hashable and all that the piece shows, beside the reader and the token against forged posts.
    """
    _name, *facts = token.split_contents()
    inner = parser.parse(("endremembered",))
    parser.delete_first_token()
    return Remembered([parser.compile_filter(fact) for fact in facts], inner)


class Remembered(template.Node):
    """A piece of a page with the facts that it shows."""

    def __init__(self, facts: list[template.base.FilterExpression], nodelist: template.NodeList) -> None:
        self.facts: list[Any] = facts  # what looks them up: folding.py puts in what is quicker
        self.nodelist = nodelist
        self.known: OrderedDict[Hashable, str] = OrderedDict()

    def render(self, context: template.Context) -> str:
        of_page = context.render_context  # a list has many pieces, and one reader
        reader = of_page.get(_READER)
        if reader is None:
            reader = of_page[_READER] = formats.current_reader()
        key = (reader, *[fact.resolve(context) for fact in self.facts])
        drawn = self.known.get(key)
        if drawn is None:
            with context.push(csrf_token=_TOKEN):
                drawn = self.known[key] = self.nodelist.render(context)
            while len(self.known) > _REMEMBERED:
                self.known.popitem(last=False)
        return mark_safe(drawn.replace(_TOKEN, str(context.get("csrf_token", ""))))


_READER = "tukro_reader"
_TOKEN = token_hex()  # stands where the reader's token against forged posts is put in
_REMEMBERED = 2000  # pieces of one kind in one process


def _current(request: object, url: str, folders: tuple[str, ...]) -> str:
    """The word for ``aria-current``; empty when the link is elsewhere."""
    if not isinstance(request, HttpRequest):
        return ""
    if request.path == url:
        return "page"
    return "true" if folders and f"{request.path}/".startswith(folders) else ""


def _time(when: datetime, *, shown: Callable[[datetime, Reader], str]) -> SafeString:
    reader = formats.current_reader()
    return mark_safe(f"{_time_tag(when, reader)}{escape(shown(when, reader))}</time>")


@lru_cache(4096)  # a list shows the same moments to everybody, and what is said of them alone goes on
def _time_tag(when: datetime, reader: Reader) -> SafeString:
    return format_html('<time datetime="{}" title="{}">', iso(when), formats.moment(when, reader))
