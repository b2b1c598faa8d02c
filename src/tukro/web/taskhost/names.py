"""Host names of the task host: one name per task and worker, never the site's own name.

``settings.TASK_URL`` is a pattern with ``{label}``. Where the label stands in the host name (the rule), every
task of every worker has a web origin of its own. Where an installation has only one name, the label stands
in the path; then the sandbox's opaque origin alone keeps a task page away from the site
(docs/decisions/0004-a-site-with-one-name.md).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from tukro.questions.external import TASK_LABEL

NOBODY = "a" * 32  # a label that belongs to no task, for what is said to requests without one


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the task host a request arrived; a label of None is a name that belongs to no task."""

    label: str | None
    path: str


def label_for(*, task_id: str, viewer_id: str) -> str:
    """The name under which this person sees this task: secret to others, the same at every visit."""
    text = f"task-host:{task_id}:{viewer_id}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode().lower()


def origin_of(label: str) -> str:
    """What goes before a path on the task host, without a slash at the end; also the frame's turkSubmitTo."""
    return str(settings.TASK_URL).format(label=label).rstrip("/")


def place_of(*, host: str, path: str) -> Place | None:
    """Where on the task host a request arrived, or None when it is meant for the site."""
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    pattern_name, pattern_path = _pattern(str(settings.TASK_URL))
    if "{label}" in pattern_name:
        return _place_by_name(name.lower().rstrip("."), path, pattern_name)
    return _place_by_path(path, pattern_path)


@lru_cache(maxsize=4)
def _pattern(task_url: str) -> tuple[str, str]:
    """Host name and path of the pattern; taken apart once, because every request asks."""
    parts = urlsplit(task_url)
    return parts.hostname or "", parts.path


def is_submit_address(path: str) -> bool:
    """Whether this is the path to which pages made for MTurk hand in; some write too many slashes."""
    return path.strip("/") == "mturk/externalSubmit"


def faults() -> list[str]:
    """What is wrong with the names of site and task host; the start refuses while this is not empty.

    A task page that shares the site's name shares its cookies, whatever the port. Only a site that has no
    second name may put ``{label}`` in the path instead.
    """
    site = (urlsplit(str(settings.SITE_URL)).hostname or "").lower()
    pattern = urlsplit(str(settings.TASK_URL))
    task = (pattern.hostname or "").lower()
    if pattern.scheme not in ("http", "https") or not task:
        return ["TUKRO_TASK_URL is not an address: it needs http:// or https:// and a host name."]
    if "{label}" not in task:
        if "{label}" in pattern.path.split("/"):
            return []
        return ["TUKRO_TASK_URL needs {label} in its host name, or as one part of its path."]
    if not task.startswith("{label}.") or "{label}" in pattern.path:
        return ["TUKRO_TASK_URL: {label} must be the first part of the host name, followed by a dot."]
    domain = task.removeprefix("{label}.")
    if site == task or site.endswith("." + domain):
        return [
            f"The site's own name {site} lies under the task host {domain}: task pages need another domain."
        ]
    if site == domain and domain != "localhost":
        # Below `localhost` browsers treat every name as a site of its own; below a real name they do not.
        return [
            f"Task pages under {domain} would count as the same site as {site}: give them another domain."
        ]
    return []


def sources() -> str:
    """The task host as a source for the site's Content-Security-Policy (``frame-src``)."""
    pattern = urlsplit(str(settings.TASK_URL))
    return f"{pattern.scheme}://{pattern.netloc.format(label='*')}"


def site_origin() -> str:
    """Scheme, name and port of the site."""
    site = urlsplit(str(settings.SITE_URL))
    return f"{site.scheme}://{site.netloc}"


def _place_by_name(name: str, path: str, pattern: str) -> Place | None:
    domain = pattern.removeprefix("{label}")
    if not name.endswith(domain):
        return None
    label = name.removesuffix(domain)
    return Place(label if re.fullmatch(TASK_LABEL, label) else None, path)


def _place_by_path(path: str, pattern: str) -> Place | None:
    before, _, after = pattern.rstrip("/").partition("{label}")
    if not path.startswith(before) or before in ("", "/"):
        return None
    found = re.fullmatch(f"({TASK_LABEL}){re.escape(after)}(/.*)?", path.removeprefix(before), re.DOTALL)
    return Place(found[1], found[2] or "/") if found else Place(None, path)
