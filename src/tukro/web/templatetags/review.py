"""How values that strangers wrote are shown beside each other while reviewing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tukro.questions import codes
from tukro.questions.drawings import BARE_PNG, belongs_to, drawn_names
from tukro.web.taskhost.frames import drawn_url
from tukro.work.models import EarlierFile, ProofFile

register = template.Library()

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_BOX = {"left", "top", "width", "height"}
_MOST_LABELLED = 200
_LONG = 2000  # characters shown at once


@register.filter
def is_picture(media_type: str) -> bool:
    return media_type in PICTURES


@register.filter
def proof_code(assignment_id: str) -> str:
    """The code that the worker of this assignment saw in the task."""
    return codes.proof_code(settings.SECRET_KEY, assignment_id)


@register.simple_tag
def shown(value: str, inputs: Iterable[tuple[str, str]] = ()) -> SafeString | str:
    """Text as text; a picture in the value as a picture; an address as a link that keeps its origin.

    A list of labelled things, as crowd elements hand it in, is shown with one of them in a line; ``inputs``,
    what the task was filled with, tells which words of a text are meant.
    """
    if _PICTURE.fullmatch(value):
        return format_html('<img class="proof" src="{}" alt="">', value)
    if BARE_PNG.fullmatch(value):  # as crowd elements that paint hand it in
        return format_html('<img class="proof" src="data:image/png;base64,{}" alt="">', value)
    if _ADDRESS.fullmatch(value):
        return format_html(
            '<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>', value, _short(value, 80)
        )
    if things := _labelled(value):
        text = _labelled_text(things, inputs)
        return format_html('<ol class="labelled">{}</ol>', _lines([_said(thing, text) for thing in things]))
    return _short(value, _LONG)


@register.simple_tag
def asked(name: str, labels: Mapping[str, str] | str = "") -> str:
    """What a field of a proof form asked; other fields are shown by their name."""
    return labels.get(name, name) if isinstance(labels, Mapping) else name


@dataclass(frozen=True, slots=True)
class Given:
    """What a worker gave for one field: text, or a file."""

    name: str
    value: str = ""
    file: ProofFile | EarlierFile | None = None


@register.simple_tag
def in_order(
    answers: Iterable[tuple[str, str]],
    files: Iterable[ProofFile | EarlierFile],
    labels: Mapping[str, str] | str = "",
) -> list[Given]:
    """Answers and files as the form of a proof asks for them; then the others, as they were handed in."""
    order = {name: no for no, name in enumerate(labels or ())}
    given = [Given(*pair) for pair in answers] + [Given(file.field, file=file) for file in files]
    return sorted(given, key=lambda one: order.get(one.name, len(order)))


@register.filter
def drawn_in(answers: Iterable[tuple[str, str]]) -> list[str]:
    """Names of the elements whose drawings are among these answers."""
    return drawn_names(answers)


@register.filter
def among(answers: Iterable[tuple[str, str]], drawn: list[str]) -> list[tuple[str, str]]:
    """The answers that are part of these drawings: what the picture shows, as data."""
    return [pair for pair in answers if belongs_to(pair[0], drawn)]


@register.filter
def beside(answers: Iterable[tuple[str, str]], drawn: list[str]) -> list[tuple[str, str]]:
    """The answers that are part of none of these drawings."""
    return [pair for pair in answers if not belongs_to(pair[0], drawn)]


@register.simple_tag(takes_context=True)
def drawn_address(context: template.Context, assignment_id: str, version: int = 0, look: str = "") -> str:
    """Where the frame of an answer's drawings finds its page."""
    viewer = str(context["request"].user.pk)
    return drawn_url(assignment_id, viewer=viewer, version=version, in_grid=look == "grid")


def _labelled(value: str) -> list[dict[str, object]]:
    """The labelled things in a value, when it is a list of nothing else."""
    if not value.startswith("[{") or len(value) > _MOST_LABELLED * 100:
        return []
    try:
        things = json.loads(value)
        json.dumps(things)  # what a stranger nested too deep is found here, and shown as text
    except (ValueError, RecursionError):
        return []
    return (
        things if len(things) <= _MOST_LABELLED and all(isinstance(thing, dict) for thing in things) else []
    )


def _labelled_text(things: list[dict[str, object]], inputs: Iterable[tuple[str, str]]) -> str:
    """The one text among the inputs that all things fit into; '' when there are several."""
    ends = [end for thing in things if isinstance(end := thing.get("endOffset"), int)]
    fitting = [
        text for _, text in inputs if not _PICTURE.fullmatch(text) and len(text) >= max(ends, default=0)
    ]
    return fitting[0] if ends and len(fitting) == 1 else ""


def _said(thing: dict[str, object], text: str) -> str:
    """One thing in words and numbers: its label first."""
    rest = {name: value for name, value in thing.items() if name != "label"}
    start, end = rest.get("startOffset"), rest.get("endOffset")
    if text and isinstance(start, int) and isinstance(end, int):
        said = f"“{text[start:end]}”"
    elif rest.keys() == _BOX:
        said = "{left}, {top}; {width} × {height}".format(**rest)
    else:
        said = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in rest.items())
    return f"{thing['label']}: {said}" if "label" in thing else said


def _lines(said: list[str]) -> SafeString:
    return format_html_join("", "<li>{}</li>", ((_short(one, _LONG),) for one in said))


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
