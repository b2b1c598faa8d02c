"""Pages of the live site in the browser, and the requester whom pages of requesters are shown to."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client, override_settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests import cast
from tests.web.browser import Visits
from tests.web.joining import signed_in
from tukro.people.models import Requester


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Visits]:
    """Open pages of the live site as a person; strangers' task pages live at its task host; no news."""
    port = urlsplit(live_server.url).port
    task_url = f"http://{{label}}.localhost:{port}"
    with override_settings(SITE_URL=live_server.url, TASK_URL=task_url, NEWS_URL=""):
        visits = Visits(chromium, live_server.url)
        yield visits
        visits.close()


@pytest.fixture
def karim() -> Requester:
    return cast.karim()


@pytest.fixture
def as_karim(karim: Requester) -> Client:
    """A browser in which Karim has signed in."""
    return signed_in(karim.user)
