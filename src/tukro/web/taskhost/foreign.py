"""Requesters' pages on their own servers: the address that a frame opens, and which ones it may not open.

The page of an external question is as much a stranger's as one that we serve, but it lies on another web
origin, so the browser itself keeps it away from the site: its frame may have scripts, storage and cookies of
its own. That holds only while its name is not one of ours.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from django.conf import settings

from tukro.questions.external import OwnNames
from tukro.web.taskhost import names
from tukro.web.taskhost.frames import PREVIEW


def work_address(url: str, *, assignment_id: str, task_id: str, viewer_id: str, worker_id: str) -> str:
    """The address for the worker who has accepted the task (mturk-api 12.1).

    ``worker_id`` is what the stranger learns: the id under which its requester knows the worker.
    """
    return _with_parameters(
        url,
        assignmentId=assignment_id,
        hitId=task_id,
        workerId=worker_id,
        turkSubmitTo=submit_origin(task_id=task_id, viewer_id=viewer_id),
    )


def preview_address(url: str, *, task_id: str, viewer_id: str) -> str:
    """The address before anybody accepted: the stranger does not learn who looks."""
    submit_to = submit_origin(task_id=task_id, viewer_id=viewer_id)
    return _with_parameters(url, assignmentId=PREVIEW, hitId=task_id, turkSubmitTo=submit_to)


def submit_origin(*, task_id: str, viewer_id: str) -> str:
    """Where such a page hands in: the name on the task host that belongs to this task and this person."""
    return names.origin_of(names.label_for(task_id=task_id, viewer_id=viewer_id))


def origin_of(url: str) -> str:
    """Scheme, host and port of a page, as a source for a Content-Security-Policy.

    Empty for what is no address of a page: nothing else may reach the text of a policy.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not _is_plain(host):
        return ""
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}:{port}" if port else f"{parts.scheme}://{named}"


def is_ours(url: str, *, visited: str) -> bool:
    """Whether the page would share a name, and with it cookies, with the site or with a task page.

    ``visited`` is the host under which the reader sees the site. Ports do not separate cookies, so they do
    not count. Names of one's own machine always reach a site; they are ours when it is visited under them.
    """
    own = OwnNames.of(
        site_url=settings.SITE_URL,
        allowed_hosts=settings.ALLOWED_HOSTS,
        task_url=settings.TASK_URL,
    )
    origin = origin_of(url)
    return own.has(origin) or _name_of(origin) == _name_of(f"//{visited}")


def _with_parameters(url: str, **parameters: str) -> str:
    """``url`` with more parameters behind its own; a fragment stays last."""
    before, hash_sign, fragment = url.strip().partition("#")
    joint = "" if before.endswith(("?", "&")) else "&" if "?" in before else "?"
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    return f"{before}{joint}{query}{hash_sign}{fragment}"


def _is_plain(host: str) -> bool:
    return bool(host) and all(c.isascii() and (c.isalnum() or c in "-._:") for c in host)


def _name_of(address: str) -> str:
    return (urlsplit(address).hostname or "").rstrip(".")
