"""Picture every page of a running site in both languages, both sizes and both themes: `./tukro screenshots`.

Signs in with the demo market's sign-ins. The pictures go to var/screenshots/<language>-<width>/.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tukro.settings")
django.setup()

from django.conf import settings

from tests.web import browser as chromium
from tools.walk import SEEDS, walk

LOOKS = [("bn", 360, "light"), ("en", 1440, "light"), ("en", 360, "dark"), ("bn", 1440, "dark")]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default=settings.SITE_URL, help="address of the running site")
    parser.add_argument("--out", type=Path, default=settings.DATA / "screenshots")
    parser.add_argument("--role", choices=SEEDS, action="append", help="only this role's pages")
    options = parser.parse_args()
    sign_ins = json.loads((settings.DATA / "secrets" / "demo.json").read_text())
    executable = chromium.chromium_path()
    if executable is None:
        sys.stderr.write("Chromium is not installed: apt-get install chromium\n")
        return 1
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright, executable)
        for language, width, theme in LOOKS:
            for role in options.role or SEEDS:
                page = _open(browser, options.url, language, width, theme)
                if role != "public":
                    _sign_in(page, next(s for s in sign_ins if s["role"] == role))
                for view in walk(page, SEEDS[role]):
                    name = f"{role}-{view.replace(':', '-')}"
                    print(chromium.photograph(page, options.out / f"{language}-{width}-{theme}", name))
                page.context.close()
    return 0


def _open(browser: Browser, url: str, language: str, width: int, theme: str) -> Page:
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": 780 if width < 800 else 900},
        locale="bn-BD" if language == "bn" else "en-GB",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    return context.new_page()


def _sign_in(page: Page, sign_in: dict[str, str]) -> None:
    page.goto("/account/login/")
    page.fill("input[name=login]", sign_in["email"])
    page.fill("input[name=password]", sign_in["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()


if __name__ == "__main__":
    sys.exit(main())
