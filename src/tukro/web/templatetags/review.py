"""How values that strangers wrote are shown beside each other while reviewing."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_BARE_PNG = re.compile(r"iVBORw0KGgo[A-Za-z0-9+/]+={0,2}")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_LONG = 2000  # characters shown at once


@register.filter
def is_picture(media_type: str) -> bool:
    return media_type in PICTURES


@register.simple_tag
def shown(value: str) -> SafeString | str:
    """Text as text; a picture in the value as a picture; an address as a link that keeps its origin."""
    if _PICTURE.fullmatch(value):
        return format_html('<img class="proof" src="{}" alt="">', value)
    if _BARE_PNG.fullmatch(value):  # as crowd elements that paint hand it in
        return format_html('<img class="proof" src="data:image/png;base64,{}" alt="">', value)
    if _ADDRESS.fullmatch(value):
        return format_html(
            '<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>', value, _short(value, 80)
        )
    return _short(value, _LONG)


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
