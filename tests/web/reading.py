"""Reading answers of the site: the address of the frame on a page, and the parts of its policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Protocol
from typing import cast as typed

from django.http.response import ResponseHeaders, StreamingHttpResponse


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


def streamed(answer: object) -> bytes:
    """A file that was sent piece by piece, as the client's answer holds it."""
    assert isinstance(answer, StreamingHttpResponse)
    return b"".join(typed(Iterator[bytes], answer.streaming_content))
