"""Crowd HTML elements: the names that come to life here, and what a page says about them.

The elements themselves are scripts of the task host (web/taskhost/crowd); docs/crowd describes each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

ELEMENTS: Final = frozenset(
    {
        "crowd-alert",
        "crowd-badge",
        "crowd-bounding-box",
        "crowd-button",
        "crowd-card",
        "crowd-checkbox",
        "crowd-classifier",
        "crowd-classifier-multi-select",
        "crowd-entity-annotation",
        "crowd-fab",
        "crowd-form",
        "crowd-icon-button",
        "crowd-image-classifier",
        "crowd-image-classifier-multi-select",
        "crowd-input",
        "crowd-instance-segmentation",
        "crowd-instructions",
        "crowd-keypoint",
        "crowd-line",
        "crowd-modal",
        "crowd-polygon",
        "crowd-polyline",
        "crowd-question-answer-generation",
        "crowd-radio-button",
        "crowd-radio-group",
        "crowd-rekognition-detect-moderation-labels",
        "crowd-semantic-segmentation",
        "crowd-slider",
        "crowd-slider-label",
        "crowd-tab",
        "crowd-tabs",
        "crowd-text-area",
        "crowd-text-ranking",
        "crowd-textract-analyze-document",
        "crowd-toast",
        "crowd-toggle-button",
    }
)
# Elements to draw and mark with: they need many times the script that others need.
LARGE: Final = frozenset(
    {
        "crowd-bounding-box",
        "crowd-entity-annotation",
        "crowd-instance-segmentation",
        "crowd-keypoint",
        "crowd-line",
        "crowd-polygon",
        "crowd-polyline",
        "crowd-question-answer-generation",
        "crowd-semantic-segmentation",
        "crowd-text-ranking",
        "crowd-textract-analyze-document",
    }
)
# These hand in by themselves: a page with one of them needs no other form.
FORMS: Final = frozenset({"crowd-form", "crowd-entity-annotation"})
TASK_ANSWERS: Final = "taskAnswers"  # the field under which their answers are handed in

_DEEPEST: Final = 20  # no element's answer is half as deep; a stranger's may be
_SCRIPT: Final = re.compile(r"(?:https?:)?//assets\.crowd\.aws/crowd-html-elements(?:-v2)?\.js", re.I)
_ANY_SCRIPT: Final = re.compile(r"<script\b[^>]*\bsrc\s*=\s*([^\s>]+)", re.I)
_NAME: Final = re.compile(r"\bcrowd-[a-z]+(?:-[a-z]+)*\b", re.I)


def names_in(page: str) -> list[str]:
    """The elements that ``page`` names anywhere, its scripts included, sorted."""
    return sorted({name.lower() for name in _NAME.findall(page)} & ELEMENTS)


def loads_script(page: str) -> bool:
    """Whether the page loads the script that brings the elements to life."""
    return _SCRIPT.search(page) is not None


def loads_other_scripts(page: str) -> bool:
    """Whether the page loads a script that is not ours: it may make elements that the page does not name."""
    return any(not _SCRIPT.search(address) for address in _ANY_SCRIPT.findall(page))


def with_script_at(page: str, url: str) -> str:
    """The page with the script's address replaced."""
    return _SCRIPT.sub(lambda _: url, page)


def spread(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Answers in the older of MTurk's two shapes: ``taskAnswers`` as one field per value.

    ``[{"a": {"label": "x", "boxes": [{…}]}}]`` becomes ``a.label`` = ``x`` and ``a.boxes`` = ``[{…}]``:
    objects are taken apart, lists stay JSON. Anything else than such a list of one object stays as it is.
    """
    found: list[tuple[str, str]] = []
    for name, value in fields:
        whole = _one_object(value) if name == TASK_ANSWERS else None
        found += [(name, value)] if whole is None else _spread(whole, "")
    return found


def _one_object(text: str) -> dict[str, Any] | None:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read[0] if isinstance(read, list) and len(read) == 1 and isinstance(read[0], dict) else None


def _spread(value: dict[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        name = f"{prefix}{key}"
        if isinstance(inner, dict) and inner and name.count(".") < _DEEPEST:
            yield from _spread(inner, f"{name}.")
        elif isinstance(inner, str):
            yield name, inner
        else:
            yield name, json.dumps(inner, ensure_ascii=False)
