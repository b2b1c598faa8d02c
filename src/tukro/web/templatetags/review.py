"""How values that strangers wrote are shown beside each other while reviewing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_BARE_PNG = re.compile(r"iVBORw0KGgo[A-Za-z0-9+/]+={0,2}")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_BOX = {"left", "top", "width", "height"}
_MOST_MARKS = 200
_LONG = 2000  # characters shown at once


@register.filter
def is_picture(media_type: str) -> bool:
    return media_type in PICTURES


@register.simple_tag
def shown(value: str, inputs: Iterable[tuple[str, str]] = ()) -> SafeString | str:
    """Text as text; a picture in the value as a picture; an address as a link that keeps its origin.

    A list of marks, as crowd elements hand it in, is shown with one of them in a line; ``inputs``, what the
    task was filled with, tells the words that a mark in a text stands for.
    """
    if _PICTURE.fullmatch(value):
        return format_html('<img class="proof" src="{}" alt="">', value)
    if _BARE_PNG.fullmatch(value):  # as crowd elements that paint hand it in
        return format_html('<img class="proof" src="data:image/png;base64,{}" alt="">', value)
    if _ADDRESS.fullmatch(value):
        return format_html(
            '<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>', value, _short(value, 80)
        )
    if marks := _marks(value):
        text = _marked_text(marks, inputs)
        return format_html('<ol class="marks">{}</ol>', _lines([_said(mark, text) for mark in marks]))
    return _short(value, _LONG)


def _marks(value: str) -> list[dict[str, object]]:
    """The marks in a value, when it is a list of nothing else."""
    if not value.startswith("[{") or len(value) > _MOST_MARKS * 100:
        return []
    try:
        marks = json.loads(value)
    except ValueError:
        return []
    return marks if len(marks) <= _MOST_MARKS and all(isinstance(mark, dict) for mark in marks) else []


def _marked_text(marks: list[dict[str, object]], inputs: Iterable[tuple[str, str]]) -> str:
    """The one text among the inputs that all marks fit into; '' when there are several."""
    ends = [end for mark in marks if isinstance(end := mark.get("endOffset"), int)]
    fitting = [
        text for _, text in inputs if not _PICTURE.fullmatch(text) and len(text) >= max(ends, default=0)
    ]
    return fitting[0] if ends and len(fitting) == 1 else ""


def _said(mark: dict[str, object], text: str) -> str:
    """One mark in words and numbers: its label first."""
    rest = {name: value for name, value in mark.items() if name != "label"}
    start, end = rest.get("startOffset"), rest.get("endOffset")
    if text and isinstance(start, int) and isinstance(end, int):
        said = f"“{text[start:end]}”"
    elif rest.keys() == _BOX:
        said = "{left}, {top}; {width} × {height}".format(**rest)
    else:
        said = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in rest.items())
    return f"{mark['label']}: {said}" if "label" in mark else said


def _lines(said: list[str]) -> SafeString:
    return format_html_join("", "<li>{}</li>", ((_short(one, _LONG),) for one in said))


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
