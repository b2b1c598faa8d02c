"""Form controls, written out directly: Django's own way renders three templates for one text field.

The HTML is the same as Django's but for white space (test_templating.py), and but for numbers,
which are fields of text: browsers let nobody type Bengali digits into theirs. Controls that the house uses
seldom go Django's way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from tukro.web.formats import digits

Widget = Mapping[str, Any]  # as Django's widgets describe themselves to their templates

_FOLDER = "django/forms/widgets/"
_LIMITS = ("min", "max", "step")


class Renderer(DjangoTemplates):
    """What ``FORM_RENDERER`` names."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> Any:
        write = _WRITERS.get(template_name)
        return write(context["widget"]) if write else super().render(template_name, context, request)


def _input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
    start = f'<input type="{conditional_escape(widget["type"])}" name="{conditional_escape(widget["name"])}"'
    return mark_safe(f"{start}{value}{_attributes(widget)}>")


def _number(widget: Widget) -> SafeString:
    """In the reader's digits, with the keys of numbers on a phone; the field's own check knows the limits."""
    attrs = {name: value for name, value in widget["attrs"].items() if name not in _LIMITS}
    value = None if widget["value"] is None else digits(str(widget["value"]))
    return _input(
        {
            "type": "text",
            "name": widget["name"],
            "value": value,
            "attrs": {"inputmode": "numeric", "autocomplete": "off"} | attrs,
        }
    )


def _textarea(widget: Widget) -> SafeString:
    start = f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>'
    return mark_safe(f"{start}\n{conditional_escape(widget['value'] or '')}</textarea>")


def _select(widget: Widget) -> SafeString:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>']
    for name, options, _ in widget["optgroups"]:
        if name:
            parts.append(f'<optgroup label="{conditional_escape(name)}">')
        parts += map(_option, options)
        if name:
            parts.append("</optgroup>")
    return mark_safe("".join([*parts, "</select>"]))


def _option(widget: Widget) -> str:
    value = conditional_escape(str(widget["value"]))
    return f'<option value="{value}"{_attributes(widget)}>{conditional_escape(str(widget["label"]))}</option>'


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


_WRITERS: dict[str, Callable[[Widget], SafeString]] = {
    **{
        f"{_FOLDER}{name}.html": _input
        for name in ("input", "text", "email", "url", "password", "hidden", "checkbox")
    },
    f"{_FOLDER}number.html": _number,
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
}
