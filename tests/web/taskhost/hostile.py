"""Hostile pages in a browser: when one runs, and one that gains something, to see that gains are seen."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Page

_SAID = "the page runs"
RUNS = f"<script>console.log('{_SAID}')</script>"  # before what a page tries
GAIN = "fetch(location.href).finally(() => setTimeout(() => { gained = 'late' }, 100))"
GAINS = f"<body><script>{GAIN}</script>"


def running(page: Page) -> list[str]:
    """What gathers here from now on says that a page in a frame of ``page`` runs."""
    ran: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.text == _SAID:
            ran.append(message.text)

    page.on("console", note)
    return ran
