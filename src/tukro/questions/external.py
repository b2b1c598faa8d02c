"""ExternalQuestion: a page on somebody's own server, shown in a frame (mturk-api 8.4, 12.1)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tukro.questions.refusals import BadQuestion
from tukro.questions.schema import Document, whole

TASK_LABEL: Final = "[a-z2-7]{32}"  # what stands for {label} in a task host's name
_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})


@dataclass(frozen=True, slots=True)
class OwnNames:
    """The host names of this installation: a page under one of them would share cookies with the site.

    ``site``: names of the site; one with a dot before it stands for all below, too. ``task_host``: the name
    of the task host with ``{label}`` in it, or as it is where the label stands in the path. Ports do not
    count.
    """

    site: frozenset[str]
    task_host: str

    @classmethod
    def of(cls, *, site_url: str, allowed_hosts: Iterable[str], task_url: str) -> OwnNames:
        """From the settings. Names of one's own machine always reach a site: only its own one counts."""
        listed = {name for name in allowed_hosts if name not in _LOOPBACK_NAMES and name != "*"}
        return cls(frozenset(listed | {_host_of(site_url)}), urlsplit(task_url).hostname or "")

    def has(self, url: str) -> bool:
        """Whether the page at ``url`` is under one of them."""
        name = _host_of(url)
        before, pattern, domain = self.task_host.partition("{label}")
        if name and (name == self.task_host or any(_is_under(name, one) for one in self.site)):
            return True
        return bool(pattern) and bool(re.fullmatch(f"{before}{TASK_LABEL}{re.escape(domain)}", name))


@dataclass(frozen=True, slots=True)
class ExternalQuestion:
    url: str
    frame_height: int  # px; 0 = fit the window


def read_external(document: Document, *, open_hosts: Collection[str] = ()) -> ExternalQuestion:
    """The question of a valid document. Raises BadQuestion when the address may not be shown in a frame.

    ``open_hosts`` are the host names that the operator lets pages come from without https.
    """
    url, height = (element.text or "" for element in document.root)
    address = url.strip()
    problem = address_problem(address, open_hosts=open_hosts)
    if problem:
        raise BadQuestion(
            code="bad_external_url",
            details=f'The value "{address[:300]}" is not valid for the parameter ExternalURL. {problem}',
            url=address,
        )
    return ExternalQuestion(address, frame_height(height))


def frame_height(text: str) -> int:
    """A FrameHeight that a window can have. Raises BadQuestion."""
    height = whole(text)
    if not 0 <= height <= 100_000:
        raise BadQuestion(
            code="bad_frame_height",
            details=f'The value "{height}" is not valid for the parameter FrameHeight.',
            height=height,
        )
    return height


def address_problem(url: str, *, open_hosts: Collection[str] = ()) -> str:
    """Why a page at ``url`` may not be shown in a frame; '' when it may."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "It is not a URL."
    if not host or any(sign.isspace() or ord(sign) < 32 for sign in url):
        return "It is not a URL with a host."
    if parts.username is not None or parts.password is not None:
        return "It must not hold a user name."
    if parts.scheme == "https":
        return ""
    if parts.scheme == "http" and (is_loopback(host) or host.lower() in {one.lower() for one in open_hosts}):
        return ""
    return "It must begin with https://."


def _host_of(url: str) -> str:
    """As browsers look it up; '' when the address has none."""
    try:
        return (urlsplit(url.strip()).hostname or "").encode("idna").decode().rstrip(".")
    except ValueError:
        return ""


def _is_under(name: str, one: str) -> bool:
    return name == one.removeprefix(".") or (one.startswith(".") and name.endswith(one))


def is_loopback(host: str) -> bool:
    """Whether ``host`` is the reader's own machine, which browsers treat as secure without https."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
