"""Walk every page that a person can reach by links: to picture each one, and to test each one."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

SEEDS = {
    "public": ["/", "/offline/bn"],
    "worker": ["/dashboard", "/projects", "/tasks", "/history", "/earnings", "/account/contact"],
    "requester": ["/requester/", "/account/contact"],
    "staff": ["/staff/"],
}
# Links that are files, or that end the walk.
_NOT_PAGES = ("download", "export", "logout", "file", "sample", "frame", "image", "csv")
_PER_VIEW = 1


def walk(page: Page, seeds: list[str], *, limit: int = 80, known: Collection[str] = ()) -> Iterator[str]:
    """Open the seeds and what they link to, breadth first, one page per view; yields the view's name.

    Views that are ``known`` are left out. The page stands on the view when its name is yielded.
    """
    waiting, seen = deque(seeds), dict.fromkeys(known, _PER_VIEW)
    while waiting and limit:
        path = waiting.popleft()
        view = view_name(path)
        if view is None or seen.get(view, 0) >= _PER_VIEW:
            continue
        seen[view] = seen.get(view, 0) + 1
        limit -= 1
        page.goto(path)
        yield view
        waiting.extend(links(page))


def view_name(path: str) -> str | None:
    """The name of the view that answers ``path``; None for what is not a page of ours."""
    try:
        name = resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None
    return None if any(word in name for word in _NOT_PAGES) else name


def links(page: Page) -> list[str]:
    """The addresses on this site that the page links to."""
    found: list[str] = page.eval_on_selector_all(
        "a[href]:not([download])",
        "(all) => all.filter(a => a.origin === location.origin).map(a => a.pathname + a.search)",
    )
    return found
