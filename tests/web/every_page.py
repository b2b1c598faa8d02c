"""Every page that can be reached by links, as each kind of person: walked, and judged page by page.

No accessibility fault, no sideways scrolling, no script or policy error, no word left in the other language.
The tests stand in several files, so that processes side by side share them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page

from tests.web.browser import Theme, Visits, faults, faults_in_other_looks, overflow
from tests.web.names import unnamed
from tools.walk import SEEDS, walk
from tukro.demo.market import load
from tukro.people.models import User

# A run of three or more English words: names and codes are shorter.
_ENGLISH = re.compile(r"\b(?:the|of|and|is|are|your|you|with|for|this|not)\b", re.I)


def demo_people() -> dict[str, User | None]:
    """The demo market's first worker, requester and member of staff; None is a stranger."""
    sign_ins = load(timezone.now())
    return {"public": None} | {one.role: User.objects.get(email=one.email) for one in reversed(sign_ins)}


def judge(
    visit: Visits,
    role: str,
    user: User | None,
    *,
    language: Literal["bn", "en"],
    width: int,
    theme: Theme,
    known: Collection[str] = (),
) -> tuple[list[str], set[str]]:
    """What is wrong with the pages that this person reaches, one line per fault, and the views seen.

    Views that are ``known`` are left out.
    """
    found: list[str] = []
    seen: set[str] = set()
    page = visit(user=user, width=width, language=language, theme=theme)
    said = _listen(page)
    for view in walk(page, SEEDS[role], known=known):
        seen.add(view)
        wrong = [*faults(page), *_own_faults(page, language), *said]
        if role == "worker":  # the phone's side: every look, and what a screen reader says
            wrong += faults_in_other_looks(page, width=width, theme=theme)
            wrong += unnamed(page, language=language)
        said.clear()
        found += [f"{role} {view} {page.url}: {one}" for one in wrong]
    return found, seen


def _own_faults(page: Page, language: str) -> list[str]:
    wrong = []
    if wider := overflow(page):
        wrong.append(f"the page is {wider} px wider than the window")
    if page.title().strip() in {"", "Tukro"} and page.url.count("/") > 3:
        wrong.append("the page has no title of its own")
    if language == "bn" and (left := _english_left(page)):
        wrong.append(f"English on a Bengali page: {left}")
    return wrong


def _english_left(page: Page) -> list[str]:
    """Our own sentences that are not in Bengali; what people wrote carries translate="no"."""
    texts: list[str] = page.evaluate(
        """() => {
            const texts = [];
            const theirs = 'script, style, template, pre, code, textarea, [translate="no"]';
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const parent = walker.currentNode.parentElement;
                if (!parent.closest(theirs)) texts.push(walker.currentNode.nodeValue.trim());
            }
            return texts.filter(Boolean);
        }"""
    )
    return [text for text in texts if len(_ENGLISH.findall(text)) >= 2]


def _listen(page: Page) -> list[str]:
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(f"console: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    return said
