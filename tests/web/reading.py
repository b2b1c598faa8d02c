"""Reading answers of the site: the address of the frame on a page, and the parts of its policy."""

from __future__ import annotations

import re
from html import unescape
from typing import Protocol

from django.http.response import ResponseHeaders


class Answered(Protocol):
    """A response of Django's test client, as far as it is read here."""

    content: bytes
    headers: ResponseHeaders


def frame_source(page: Answered) -> str:
    """The address that the page's only frame opens."""
    [src] = re.findall(r'<iframe[^>]* src="([^"]*)"', page.content.decode())
    return unescape(str(src))


def policy_of(page: Answered) -> dict[str, str]:
    """The page's Content-Security-Policy by directive."""
    policy = page.headers["Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
