"""Pages of Crowd HTML elements in Chromium without a server: the examples of docs/crowd in the cage.

The script is the task host's own answer; what a page hands in is caught and kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tukro.questions.html import rewrite_addresses
from tukro.web.taskhost import crowd, pages

DOCS: Final = Path(__file__).parents[4] / "docs" / "crowd"
ORIGIN: Final = "http://task.test"
# The checker takes every page without a colour of its own for white.
_PAGE: Final = """<!doctype html><html lang="en"><head><title>Elements</title>
<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">
<style>body { background: Canvas; color: CanvasText }</style>
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script></head>
<body><main><h1>Elements</h1>PARTS</main></body></html>"""
_SCRIPTS: Final = re.compile(r"<script.*?</script>", re.S)
_BLOCK: Final = re.compile(r"^```(html|json)\n(.*?)^```$", re.M | re.S)
# As in web/taskhost/pages.py; the name of this test's host stands for the label's.
_CAGE: Final = pages._CAGE.format(own=f"{ORIGIN}/", site="*")


@dataclass(frozen=True, slots=True)
class Example:
    """A page from the docs and the answer that the docs promise."""

    page: str
    answer: Any


def examples() -> dict[str, Example]:
    """The example of each element's page in docs/crowd, by the element's name."""
    return {
        file.stem: Example(blocks["html"], json.loads(blocks["json"]) if "json" in blocks else None)
        for file in sorted(DOCS.glob("crowd-*.md"))
        if (blocks := dict(_BLOCK.findall(file.read_text())))
    }


@dataclass
class CrowdPages:
    """Shows pages of elements, one after the other, in one browser context."""

    context: BrowserContext
    language: str
    handed_in: list[dict[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _shown: str = ""

    def __post_init__(self) -> None:
        self.context.set_default_timeout(30_000)
        self.context.route(re.compile("^http"), self._answer)

    def open(self, page: Page, source: str, *, assignment_id: str = "3ASSIGNMENT") -> None:
        """Show ``source`` as the task host would show it to a worker who has accepted."""
        self.handed_in.clear()
        with translation.override(self.language):
            self._shown = rewrite_addresses(
                source,
                submit_url=f"{ORIGIN}/mturk/externalSubmit",
                helper_url=f"{ORIGIN}/externalHIT_v1.js",
                crowd_url=f"{ORIGIN}/{crowd.address(source)}",
            )
        page.goto(f"{ORIGIN}/frame/token?assignmentId={assignment_id}&turkSubmitTo={ORIGIN}")

    def answer(self, page: Page) -> Any:
        """What was handed in: the one object of taskAnswers."""
        page.get_by_text("handed in", exact=True).wait_for()
        (sent,) = self.handed_in
        assert sent["assignmentId"] == "3ASSIGNMENT"
        (answer,) = json.loads(sent["taskAnswers"])
        return answer

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def _answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        if f"{parts.scheme}://{parts.netloc}" != ORIGIN:
            route.abort()
        elif parts.path == "/crowd-html-elements.js":
            answer = pages.crowd_script(RequestFactory().get(route.request.url), "")
            route.fulfill(body=answer.content, content_type=answer.headers["Content-Type"])
        elif parts.path.startswith("/crowd-icons/"):
            drawing = crowd.icon(unquote(parts.path).removeprefix("/crowd-icons/").removesuffix(".svg"))
            headers = {"Access-Control-Allow-Origin": "*"}
            route.fulfill(body=drawing or "", content_type="image/svg+xml", headers=headers)
        elif parts.path == "/mturk/externalSubmit":
            posted = parse_qs(route.request.post_data or "", keep_blank_values=True)
            self.handed_in.append({name: values[-1] for name, values in posted.items()})
            route.fulfill(body="<!doctype html><p>handed in</p>", content_type="text/html")
        else:
            headers = {"Content-Security-Policy": _CAGE}
            route.fulfill(body=self._shown, content_type="text/html; charset=utf-8", headers=headers)


def crowd_pages(
    browser: Browser, *, language: str = "en", width: int = 800, touch: bool = False, dark: bool = False
) -> CrowdPages:
    """A browser context for pages of elements; whoever asks for it closes it."""
    context = browser.new_context(
        viewport={"width": width, "height": 780},
        has_touch=touch,
        reduced_motion="reduce",
        color_scheme="dark" if dark else "light",
        bypass_csp=False,
    )
    return CrowdPages(context, language)


def all_on_one_page(examples: Mapping[str, Example]) -> str:
    """Every example under its own heading, without its scripts, on a page that knows both themes."""
    parts = [f"<h2>{name}</h2>{_SCRIPTS.sub('', example.page)}" for name, example in examples.items()]
    return _PAGE.replace("PARTS", "".join(parts))
