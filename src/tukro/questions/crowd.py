"""Crowd HTML elements: the names that come to life here, and what a page says about them.

The elements themselves are scripts of the task host (web/taskhost/crowd); docs/crowd describes each.
"""

from __future__ import annotations

import re
from typing import Final

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
        "crowd-radio-button",
        "crowd-radio-group",
        "crowd-rekognition-detect-moderation-labels",
        "crowd-semantic-segmentation",
        "crowd-slider",
        "crowd-slider-label",
        "crowd-tab",
        "crowd-tabs",
        "crowd-text-area",
        "crowd-textract-analyze-document",
        "crowd-toast",
        "crowd-toggle-button",
    }
)
# These hand in by themselves: a page with one of them needs no other form.
FORMS: Final = frozenset({"crowd-form", "crowd-entity-annotation"})

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
