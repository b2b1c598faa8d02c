"""Real Chromium against the live site: sign somebody in, look at a page, let axe-core judge it.

A test asks for the fixture ``visit`` (tests/web/conftest.py) and opens pages as a person would:

    page = visit(user=rahima.user, width=360, language="bn")
    page.goto("/projects")
    assert faults(page) == []
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Page, Playwright

from tests.web.axe import AXE, axe_address
from tukro.people.models import User

PHONE, DESKTOP = 360, 1440
Theme = Literal["light", "dark"]
_COLOURS = ("color-contrast", "link-in-text-block")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
]


def chromium_path() -> str | None:
    """Where Chromium is installed, if it is."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def launch(playwright: Playwright, executable: str) -> Browser:
    return playwright.chromium.launch(executable_path=executable, args=_FLAGS)


@dataclass
class Visits:
    """Opens pages of one live site; every visit is a browser of its own with its own cookies."""

    browser: Browser
    base_url: str
    _contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        *,
        user: User | None = None,
        width: int = PHONE,
        language: Literal["bn", "en"] = "en",
        theme: Theme = "light",
        javascript: bool = True,
        installed: bool = True,
        strict: bool = False,
    ) -> Page:
        """A page of a new browser, signed in as ``user``; ``installed``: with a service worker.

        ``strict``: under the site's own policy, which would refuse axe's script.
        """
        context = self.browser.new_context(
            base_url=self.base_url,
            viewport={"width": width, "height": _height(width)},
            locale="bn-BD" if language == "bn" else "en-GB",
            color_scheme=theme,
            reduced_motion="reduce",
            java_script_enabled=javascript,
            service_workers="allow" if installed else "block",  # one hides requests from ``page.route``
            bypass_csp=not strict,
        )
        if user is not None:
            sign_in(context, user, self.base_url)
        context.set_default_timeout(30_000)
        self._contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def sign_in(context: BrowserContext, user: User, base_url: str) -> None:
    """Give the browser a session of ``user`` without walking through the sign-in form."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base_url}])


def faults(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """What axe-core finds wrong with the page as it stands: one line per fault, naming the element.

    ``rules``: look at these alone.
    """
    page.wait_for_load_state("domcontentloaded")  # a click returns when the next page begins to arrive
    if not page.evaluate("() => 'axe' in window"):
        _bring_axe(page)
    only = {"runOnly": list(rules)} if rules else {}
    result: dict[str, Any] = page.evaluate(
        # Of what axe would load beforehand, style sheets are for experimental rules alone.
        "(only) => axe.run(document, {...only, resultTypes: ['violations'], iframes: false,"
        " preload: {assets: ['media']}})",
        only,
    )
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))} ({node['failureSummary']})"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def until(page: Page, holds: Callable[[], bool], *, seconds: float = 30) -> None:
    """Let the page go on until this holds."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, page.url
        page.wait_for_timeout(50)


def staying(page: Page) -> list[str]:
    """From now on the person stays whenever the browser asks; the kinds of what it asked gather here."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def _bring_axe(page: Page) -> None:
    try:
        page.add_script_tag(url=axe_address())
    except Error:  # without a network; handing it over as text takes three times as long
        page.add_script_tag(path=AXE)


def faults_in_other_looks(page: Page, *, width: int, theme: Theme) -> list[str]:
    """The same page, which stands in this width and theme, in the other width and the other theme.

    A theme changes colours alone; a width changes what is shown. The page stands as before afterwards.
    """
    other_width, other_theme = DESKTOP if width == PHONE else PHONE, "dark" if theme == "light" else "light"
    found = []
    for at, colours, rules in (
        (width, other_theme, _COLOURS),
        (other_width, other_theme, _COLOURS),
        (other_width, theme, ()),
    ):
        _stand(page, at, colours)  # type: ignore[arg-type]  # a theme, though mypy reads a str
        wrong = faults(page, rules=rules)
        if wider := overflow(page):
            wrong.append(f"the page is {wider} px wider than the window")
        found += [f"at {at} px, {colours}: {one}" for one in wrong]
    _stand(page, width, theme)
    return found


def _stand(page: Page, width: int, theme: Theme) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": _height(width)})


def _height(width: int) -> int:
    return 780 if width < 800 else 900


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window; a phone page must not scroll sideways."""
    page.wait_for_load_state("domcontentloaded")
    wider: int = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wider


def photograph(page: Page, folder: Path, name: str) -> Path:
    """A picture of the whole page."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.png"
    page.screenshot(path=target, full_page=True)
    return target
